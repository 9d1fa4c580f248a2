package roster.base.scim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import roster.model.ScimType;

/// Bodies of POST and PUT, in the forms in which directories send them.
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ResourceBodyTest {
    private static ResourceBody read(String members) {
        return ResourceBody.read(ResourceType.USER, Wire.json("{'userName': 'ann'%s}".formatted(members)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        'TITLE': 'a', 'title': 'b', 'Title': 'c'        | 'title': 'c'
        'active': 'False'                               | 'active': false
        'active': 'True'                                | 'active': true
        'active': [{'value': 'FALSE'}]                  | 'active': false
        'title': [{'value': 'x'}]                       | 'title': 'x'
        'title': {'VALUE': 'x'}                         | 'title': 'x'
        'title': ['x']                                  | 'title': 'x'
        'title': null, 'nickName': [], 'locale': {}     |
        'name': {'GIVENNAME': 'x', 'givenname': 'y'}    | 'name': {'givenName': 'y'}
        'name.givenName': 'x', 'name': {'familyName': 'y'} | 'name': {'givenName': 'x', 'familyName': 'y'}
        'name': [{'givenName': 'x'}]                    | 'name': {'givenName': 'x'}
        'name': {'foo': 'x', 'givenName': null}         |
        'emails': {'value': 'a@b'}                      | 'emails': [{'value': 'a@b'}]
        'emails': 'a@b'                                 | 'emails': [{'value': 'a@b'}]
        'emails': ['a@b', 'c@d']                        | 'emails': [{'value': 'a@b'}, {'value': 'c@d'}]
        'emails': [{'value': 'a@b', 'Primary': 'true', 'display': 'A', 'x': 1}] | 'emails': [{'value': 'a@b', 'primary': true, 'display': 'A'}]
        'emails': [{'value': 'a@b'}, {'value': 'a@b'}]  | 'emails': [{'value': 'a@b'}]
        'emails': [{'value': '', 'type': 'work'}, {'type': 'home', 'value': null}, null] |
        'emails[type eq \\"work\\"].value': 'a@b'       | 'emails': [{'value': 'a@b', 'type': 'work'}]
        'department': 'x'                               | '%s': {'department': 'x'}
        '%s': {'DEPARTMENT': 'x', 'manager': 'm'}       | '%s': {'department': 'x', 'manager': {'value': 'm'}}
        '%s:department': 'x'                            | '%s': {'department': 'x'}
        '%s.department': 'x'                            | '%s': {'department': 'x'}
        'manager': {'value': 'm', 'displayName': 'M', '$ref': null} | '%s': {'manager': {'value': 'm'}}
        'manager': [{'value': 'm'}]                     | '%s': {'manager': {'value': 'm'}}
        'manager': ''                                   |
        'manager': {}                                   |
        'manager': {'value': '', 'displayName': 'x'}    |
        'urn:ietf:params:scim:schemas:core:2.0:User': {'title': 'x'} | 'title': 'x'
        'roles': 'Dev'                                  | 'roles': [{'value': 'Dev'}]
        'roles': ['Dev', {'value': 'Ops', 'type': 'x', 'display': 'y'}] | 'roles': [{'value': 'Dev'}, {'value': 'Ops', 'type': 'x'}]
        'roles': [{'display': 'Dev'}]                   | 'roles': [{'value': 'Dev'}]
        'password': 'x9', 'ims': [{}], 'id': 'x', 'groups': [{'value': 'g'}], 'meta': {}, 'foo bar': 1, 'urn:x:y': {'z': 1} |
        'externalId': '29'                              | 'externalId': '29'
        'addresses': [{'formatted': '1 A St\\nB', 'type': 'work'}, {'type': 'home', 'primary': true}] | 'addresses': [{'formatted': '1 A St\\nB', 'type': 'work'}]
        """)
    void is_read_into_one_form(String sent, String kept) {
        var urn = Wire.ENTERPRISE;
        assertThat(read(", " + sent.replace("%s", urn)).attributes()).isEqualTo(
            Wire.user("{'userName': 'ann'%s}".formatted(kept == null ? "" : ", " + kept.replace("%s", urn))));
    }

    @Test
    void a_role_may_be_json_in_a_text() {
        var role = "{\\\"id\\\":\\\"06b0\\\",\\\"value\\\":\\\"Dev\\\",\\\"displayName\\\":\\\"Developers\\\"}";
        assertThat(read(", 'roles': [{'value': '%s'}]".formatted(role)).attributes().elements("roles"))
            .containsExactly(Wire.user("{'value': 'Dev'}"));
        assertThat(read(", 'roles': '%s'".formatted(role.replace("Dev\\", "\\"))).attributes().elements("roles"))
            .containsExactly(Wire.user("{'value': 'Developers'}"));
        assertThat(read(", 'roles': ['{curly']").attributes().elements("roles"))
            .containsExactly(Wire.user("{'value': '{curly'}"));
    }

    @Test
    void what_is_absent_null_or_empty_can_be_told_apart() {
        var body =
            read(", 'title': null, 'roles': [], 'emails': null, 'externalId': null, 'active': 'true', 'manager': null,"
                + "'name': {}, 'phoneNumbers': [{'type': 'x'}], 'nickName.x': 1, 'meta': {'Version': 'W/1'}");

        assertThat(body.how("title")).isEqualTo(Sent.NULL);
        assertThat(body.how("roles")).isEqualTo(Sent.EMPTY);
        assertThat(body.how("emails")).isEqualTo(Sent.NULL);
        assertThat(body.how("externalId")).isEqualTo(Sent.NULL);
        assertThat(body.how("active")).isEqualTo(Sent.VALUE);
        assertThat(body.how(Wire.ENTERPRISE + ":manager")).isEqualTo(Sent.NULL);
        assertThat(body.how("name")).isEqualTo(Sent.EMPTY);
        assertThat(body.how("phoneNumbers")).isEqualTo(Sent.VALUE);
        assertThat(body.how("displayName")).isEqualTo(Sent.ABSENT);
        assertThat(body.skipped()).containsExactlyInAnyOrder("nickName.x", "meta");
        assertThat(body.version()).contains("W/1");
        assertThat(body.attributes()).isEqualTo(Wire.user("{'userName': 'ann', 'active': true}"));
        assertThat(read("").version()).isEmpty();
    }

    @Test
    void members_are_ids_of_any_number() {
        var ids = new StringBuilder("'u0'");
        for (int i = 1; i < 10_000; i++) {
            ids.append(i % 2 == 0 ? ", 'u%d'".formatted(i)
                : ", {'value': 'u%d', '$ref': null, 'display': 'x', 'type': 'User'}".formatted(i));
        }
        var body = ResourceBody.read(ResourceType.GROUP,
            Wire.json("{'displayName': 'Ops', 'members': [%s, 'u5']}".formatted(ids)));
        assertThat(body.attributes().elements("members")).hasSize(10_000).endsWith(Wire.user("{'value': 'u9999'}"));
        assertThat(
            ResourceBody.read(ResourceType.GROUP, Wire.json("{'displayName': 'Ops', 'members': 'u1'}")).attributes()
                .elements("members"))
            .containsExactly(Wire.user("{'value': 'u1'}"));
        var empty = ResourceBody.read(ResourceType.GROUP, Wire.json("{'displayName': 'Ops', 'members': []}"));
        assertThat(empty.how("members")).isEqualTo(Sent.EMPTY);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        'title': 5                    | INVALID_SYNTAX | title
        'title': true                 | INVALID_SYNTAX | title
        'title': {'foo': 'x'}         | INVALID_SYNTAX | title
        'title': ['x', 'y']           | INVALID_SYNTAX | title
        'active': 1                   | INVALID_SYNTAX | active
        'active': 'yes'               | INVALID_VALUE  | active
        'name': 'Ann Lee'             | INVALID_SYNTAX | name
        'emails': 7                   | INVALID_SYNTAX | emails
        'emails': [['a@b']]           | INVALID_SYNTAX | emails
        'emails': [{'value': 7}]      | INVALID_SYNTAX | emails.value
        'addresses': ['x']            | INVALID_SYNTAX | addresses
        '%s': 'x'                     | INVALID_SYNTAX | %s
        'emails': [{'value': 'a@b', 'primary': true}, {'value': 'c@d', 'primary': 'True'}] | INVALID_VALUE | emails
        'title': 'a\\u0000b'          | INVALID_VALUE  | title
        'title': 'a\\nb'              | INVALID_VALUE  | title
        'title': '\\ud800'            | INVALID_VALUE  | title
        'addresses': [{'locality': 'a\\nb'}] | INVALID_VALUE | addresses.locality
        'userName': '  '              | INVALID_VALUE  | userName
        'userName': null              | INVALID_VALUE  | userName
        """)
    void what_cannot_be_is_refused_by_its_name(String sent, ScimType type, String name) {
        var json = sent.startsWith("'userName'") ? "{%s}" : "{'userName': 'ann', %s}";
        assertThat(Wire.refused(type, () -> ResourceBody.read(ResourceType.USER,
            Wire.json(json.formatted(sent.replace("%s", Wire.ENTERPRISE))))))
            .startsWith(name.replace("%s", Wire.ENTERPRISE));
    }

    @ParameterizedTest
    @CsvSource({"userName, 254", "title, 255", "profileUrl, 2048", "nickName, 1000", "externalId, 1000",
        "department, 1000"})
    void text_has_limits_in_characters(String name, int characters) {
        var longest = "😀".repeat(characters);
        assertThat(
            ResourceBody.read(ResourceType.USER, Wire.json("{'userName': 'ann', '%s': '%s'}".formatted(name, longest)))
                .skipped())
            .isEmpty();
        assertThat(Wire.refused(ScimType.INVALID_VALUE, () -> ResourceBody.read(ResourceType.USER,
            Wire.json("{'userName': 'ann', '%s': '%sx'}".formatted(name, longest))))).contains(name);
    }

    @Test
    void elements_and_bytes_have_limits() {
        assertThat(read(", 'emails': ['0@b'%s]".formatted(numbered(99))).attributes().elements("emails")).hasSize(100);
        assertThat(Wire.refused(ScimType.INVALID_VALUE, () -> read(", 'emails': ['0@b'%s]".formatted(numbered(100)))))
            .startsWith("emails");
        Wire.refused(ScimType.INVALID_VALUE,
            () -> read(", 'emails': ['0@b'%s]".formatted(numbered(99).replace("@", "@" + "x".repeat(700)))));
        assertThat(read(", 'emails': ['0@b'%s]".formatted(numbered(99).replace("@", "@" + "x".repeat(500)))).skipped())
            .isEmpty();
    }

    private static String numbered(int last) {
        var text = new StringBuilder();
        for (int i = 1; i <= last; i++) {
            text.append(", '").append(i).append("@b'");
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "'x'", "7", "null"})
    void a_body_is_an_object(String body) {
        Wire.refused(ScimType.INVALID_SYNTAX, () -> ResourceBody.read(ResourceType.USER, Wire.json(body)));
    }

    @Test
    void a_group_needs_its_name() {
        assertThat(Wire.refused(ScimType.INVALID_VALUE,
            () -> ResourceBody.read(ResourceType.GROUP, Wire.json("{'members': []}")))).startsWith("displayName");
        assertThat(Wire.refused(ScimType.INVALID_VALUE,
            () -> ResourceBody.read(ResourceType.GROUP,
                Wire.json("{'displayName': 'x', 'members': [{'display': 'y'}]}"))))
            .startsWith("members");
    }
}
