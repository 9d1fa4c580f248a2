package roster.base.scim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `attributes` and `excludedAttributes`: section 9.3 of the contract.
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SelectionTest {
    private static final Attributes ANN = Wire.user("""
        {'schemas': ['s'], 'id': 'i', 'userName': 'ann', 'name': {'givenName': 'A', 'familyName': 'L'},
         'emails': [{'value': 'w@x', 'type': 'work'}, {'type': 'home'}], 'meta': {'version': 'v'},
         '%s': {'department': 'D', 'manager': {'value': 'm', 'displayName': 'M'}}}
        """.formatted(Wire.ENTERPRISE));

    private static Selection selection(String attributes, String excluded) {
        return Selection.of(ResourceType.USER, Stream.ofNullable(attributes).toList(),
            Stream.ofNullable(excluded).toList());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        userName                        |           | 'userName': 'ann'
        USERNAME,name.givenname         |           | 'userName': 'ann', 'name': {'givenName': 'A'}
        name  name.givenName , id       |           | 'name': {'givenName': 'A', 'familyName': 'L'}
        emails.value                    |           | 'emails': [{'value': 'w@x'}]
        emails[type eq "work"].value,userName |     | 'emails': [{'value': 'w@x'}], 'userName': 'ann'
        emails[type eq "work"]          |           | 'emails': [{'value': 'w@x', 'type': 'work'}, {'type': 'home'}]
        %s                              |           | '%s': {'department': 'D', 'manager': {'value': 'm', 'displayName': 'M'}}
        %s:department                   |           | '%s': {'department': 'D'}
        department                      |           | '%s': {'department': 'D'}
        manager                         |           | '%s': {'manager': {'value': 'm', 'displayName': 'M'}}
        %s:manager.value                |           | '%s': {'manager': {'value': 'm'}}
        manager.value,manager           |           | '%s': {'manager': {'value': 'm', 'displayName': 'M'}}
        foo                             |           |
        userName                        | userName  | 'userName': 'ann'
        urn:ietf:params:scim:schemas:core:2.0:User | | 'userName': 'ann', 'name': {'givenName': 'A', 'familyName': 'L'}, 'emails': [{'value': 'w@x', 'type': 'work'}, {'type': 'home'}]
        | name,emails,%s,meta                       | 'userName': 'ann'
        | name.givenName,emails.type,%s:department,manager.displayName,META,id,schemas | 'userName': 'ann', 'name': {'familyName': 'L'}, 'emails': [{'value': 'w@x'}], '%s': {'manager': {'value': 'm'}}
        ~ , ~                           | name,emails,manager,department,meta,foo | 'userName': 'ann'
        """)
    void shows_what_was_asked_for(String attributes, String excluded, String shown) {
        var selection = selection(filled(attributes), filled(excluded));
        assertThat(selection.isGiven()).isTrue();
        assertThat(Attributes.of(selection.applied(ANN.values()))).isEqualTo(
            Wire.user("{'schemas': ['s'], 'id': 'i'%s}".formatted(shown == null ? "" : ", " + filled(shown))));
    }

    private static String filled(String text) {
        return text == null ? null : text.replace("%s", Wire.ENTERPRISE);
    }

    @Test
    void without_names_it_is_all() {
        assertThat(selection("", " ").isGiven()).isFalse();
        assertThat(selection(null, null).applied(ANN.values())).isEqualTo(ANN.values());
    }

    @Test
    void tells_whether_members_must_be_read() {
        assertThat(group(List.of(), List.of("members"))).isFalse();
        assertThat(group(List.of(), List.of("externalId", "MEMBERS"))).isFalse();
        assertThat(group(List.of(), List.of("members.display"))).isTrue();
        assertThat(group(List.of("displayName"), List.of())).isFalse();
        assertThat(group(List.of("displayName", "members.value"), List.of())).isTrue();
        assertThat(group(List.of("displayName"), List.of("displayName"))).isFalse();
        assertThat(group(List.of(), List.of())).isTrue();
    }

    private static boolean group(List<String> attributes, List<String> excluded) {
        return Selection.of(ResourceType.GROUP, attributes, excluded).wants("members");
    }
}
