package roster.base.scim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import roster.base.scim.AttributePath.Target;
import roster.model.ScimType;

/// Paths of patches, and the names in them.
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AttributePathTest {
    private static final String URN = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    private static Target target(String typed) {
        return AttributePath.parse(ResourceType.USER, typed);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        userName                                              | userName
        USERNAME                                              | userName
        name.GIVENNAME                                        | name.givenName
        emails[type eq "work"]                                | emails
        Emails[Type EQ "work"].Value                          | emails.value
        emails[type eq work].value                            | emails.value
        emails[primary eq "True"].value                       | emails.value
        emails.display                                        | emails.display
        addresses[type eq "work"].formatted                   | addresses.formatted
        externalId                                            | externalId
        department                                            | %s:department
        manager.value                                         | %s:manager.value
        %s:department                                         | %s:department
        %s.department                                         | %s:department
        %s:manager.value                                      | %s:manager.value
        %s.manager.value                                      | %s:manager.value
        URN:IETF:params:scim:schemas:extension:Enterprise:2.0:user:DEPARTMENT | %s:department
        urn:ietf:params:scim:schemas:core:2.0:User:userName   | userName
        urn:ietf:params:scim:schemas:core:2.0:User.name.givenName | name.givenName
        urn:ietf:params:scim:schemas:core:2.0:User:emails[type eq "work"].value | emails.value
        urn:ietf:params:scim:schemas:core:2.0:User:department | %s:department
        groups.$ref                                           | groups.$ref
        """)
    void names_are_found_in_any_form(String typed, String name) {
        assertThat(target(typed.replace("%s", URN))).isInstanceOfSatisfying(Target.Known.class, known -> {
            assertThat(known.path().name().text()).isEqualTo(name.replace("%s", URN));
            assertThat(known.path().filter().isPresent()).isEqualTo(typed.contains("["));
        });
    }

    @Test
    void a_urn_alone_is_all_of_it() {
        assertThat(target(URN)).isInstanceOfSatisfying(Target.Whole.class,
            whole -> assertThat(whole.extension()).contains(Schemas.ENTERPRISE_USER));
        assertThat(target("urn:ietf:params:scim:schemas:core:2.0:User")).isInstanceOfSatisfying(Target.Whole.class,
            whole -> assertThat(whole.extension()).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"password", "x509Certificates", "ims[type eq \"xmpp\"].value", "PHOTOS.value",
        "entitlements",
        "urn:example:params:scim:schemas:Foo:2.0:User:bar", "urn:example:2.0:User:list[a eq \"b\" and not (c pr)].d",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0User"})
    void what_is_not_kept_is_known(String typed) {
        assertThat(target(typed)).isInstanceOf(Target.NotKept.class);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"actve", "name.first", "emails[foo eq \"x\"]", "emails[type eq \"x\"].foo", "userName.value",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:userName", "members", "foo[a eq \"b\"].c"})
    void others_are_unknown(String typed) {
        assertThat(target(typed)).isInstanceOf(Target.Unknown.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "emails[type eq", "emails[type eq \"work\"", "emails[]", "emails[type eq 'work']",
        "a b", ".x", "x.",
        "x..y", "a.b.c", "emails[type eq \"work\"]value", "emails[type eq \"work\"].",
        "emails[type eq \"work\"].value.x", "/active",
        "name[givenName eq \"x\"]", "userName[value eq \"x\"]", "emails[primary gt true]", "emails[emails[type pr]]",
        "é",
        "urn:foo bar:x", "urn:example:a[b", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User[a eq \"b\"]",
        "foo[a eq]"})
    void what_does_not_parse_is_refused(String typed) {
        Wire.refused(ScimType.INVALID_PATH, () -> target(typed));
    }

    @Test
    void what_is_read_only_is_told() {
        for (var typed : new String[] {"id", "groups", "meta.created", "schemas", "roles.display",
            "manager.displayName",
            "groups[value eq \"x\"].display"}) {
            assertThat(target(typed)).isInstanceOfSatisfying(Target.Known.class,
                known -> assertThat(known.path().readOnly()).as(typed).isTrue());
        }
        assertThat(AttributePath.parse(ResourceType.GROUP, "members.value")).isInstanceOfSatisfying(Target.Known.class,
            known -> assertThat(known.path().readOnly()).isTrue());
        assertThat(target("emails.display")).isInstanceOfSatisfying(Target.Known.class,
            known -> assertThat(known.path().readOnly()).isFalse());
    }
}
