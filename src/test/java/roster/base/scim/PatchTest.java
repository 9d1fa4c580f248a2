package roster.base.scim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import roster.model.ScimType;

/// PATCH of a user: section 8 of the contract, row by row.
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PatchTest {
    /// What a patch finds, and what the rows below name.
    private static final String BEFORE = """
        {'userName': 'ann', 'active': true, 'title': 'T', 'name': {'givenName': 'Ann', 'familyName': 'Lee'},
         'emails': [{'value': 'w@x', 'type': 'work', 'primary': true}, {'value': 'h@x', 'type': 'home'}],
         'roles': [{'value': 'r1', 'primary': true}],
         '%s': {'department': 'Ops', 'manager': {'value': 'm1', '$ref': 'u/m1'}}}
        """.formatted(Wire.ENTERPRISE);

    private static final String WORK = "{'value': 'w@x', 'type': 'work', 'primary': true}";
    private static final String HOME = "{'value': 'h@x', 'type': 'home'}";

    private static Attributes before() {
        return Wire.user(BEFORE);
    }

    private static Attributes after(String operations) {
        return Wire.patch(operations).apply(before());
    }

    private static String filled(String text) {
        return text.replace("%s", Wire.ENTERPRISE).replace("WORK", WORK).replace("HOME", HOME).replace("`", "\\\"");
    }

    /// Each row: the operation, the attribute, and what it is afterwards.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        'op': 'replace', 'value': {'title': 'x'}                                  | title  | 'x'
        'op': 'replace', 'path': null, 'value': {'title': 'x'}                    | title  | 'x'
        'op': 'replace', 'path': '', 'value': {'title': 'x'}                      | title  | 'x'
        'op': 'replace', 'path': 'None', 'value': {'title': 'x'}                  | title  | 'x'
        'OP': 'Replace', 'Path': 'TITLE', 'VALUE': 'x'                            | title  | 'x'
        'op': 'ADD', 'path': 'title', 'value': 'x'                                | title  | 'x'
        'op': 'Remove', 'path': 'title'                                           | title  |
        'op': 'remove', 'path': 'title', 'value': 'x'                             | title  |
        'op': 'replace', 'path': 'title', 'value': null                           | title  |
        'op': 'replace', 'path': 'title', 'value': []                             | title  |
        'op': 'replace', 'value': {'title': null}                                 | title  |
        'op': 'add', 'path': 'title', 'value': null                               | title  | 'T'
        'op': 'add', 'path': 'title', 'value': [{'value': 'x'}]                   | title  | 'x'
        'op': 'add', 'path': 'title', 'value': {'value': 'x'}                     | title  | 'x'
        'op': 'replace', 'value': {'name.givenName': 'x'}                         | name   | {'givenName': 'x', 'familyName': 'Lee'}
        'op': 'replace', 'value': {'NAME': {'GIVENNAME': 'x'}}                    | name   | {'givenName': 'x', 'familyName': 'Lee'}
        'op': 'add', 'path': 'name', 'value': {'givenName': 'x', 'foo': 1}        | name   | {'givenName': 'x', 'familyName': 'Lee'}
        'op': 'replace', 'path': 'name', 'value': {'givenName': null}             | name   | {'familyName': 'Lee'}
        'op': 'remove', 'path': 'name.givenName'                                  | name   | {'familyName': 'Lee'}
        'op': 'remove', 'path': 'name'                                            | name   |
        'op': 'replace', 'path': 'name', 'value': null                            | name   |
        'op': 'add', 'path': 'name', 'value': []                                  | name   | {'givenName': 'Ann', 'familyName': 'Lee'}
        'op': 'Replace', 'path': 'active', 'value': 'False'                       | active | false
        'op': 'Add', 'path': 'active', 'value': 'False'                           | active | false
        'op': 'Add', 'path': 'active', 'value': [{'value': 'false'}]              | active | false
        'op': 'Replace', 'value': {'active': 'False'}                             | active | false
        'op': 'replace', 'path': 'urn:ietf:params:scim:schemas:core:2.0:User:active', 'value': false | active | false
        'op': 'replace', 'path': 'urn:ietf:params:scim:schemas:core:2.0:User', 'value': {'active': false} | active | false
        'op': 'replace', 'path': 'department', 'value': 'x'                       | %s | {'department': 'x', 'manager': {'value': 'm1', '$ref': 'u/m1'}}
        'op': 'replace', 'path': '%s:department', 'value': 'x'                    | %s | {'department': 'x', 'manager': {'value': 'm1', '$ref': 'u/m1'}}
        'op': 'replace', 'path': '%s.department', 'value': 'x'                    | %s | {'department': 'x', 'manager': {'value': 'm1', '$ref': 'u/m1'}}
        'op': 'replace', 'value': {'%s:department': 'x'}                          | %s | {'department': 'x', 'manager': {'value': 'm1', '$ref': 'u/m1'}}
        'op': 'replace', 'value': {'%s': {'department': 'x'}}                     | %s | {'department': 'x', 'manager': {'value': 'm1', '$ref': 'u/m1'}}
        'op': 'add', 'path': '%s', 'value': {'division': 'x', 'manager': null}    | %s | {'department': 'Ops', 'division': 'x', 'manager': {'value': 'm1', '$ref': 'u/m1'}}
        'op': 'remove', 'path': '%s'                                              | %s |
        'op': 'replace', 'path': '%s', 'value': null                              | %s |
        'op': 'add', 'path': 'manager', 'value': 'm2'                             | %s | {'department': 'Ops', 'manager': {'value': 'm2'}}
        'op': 'add', 'path': 'manager', 'value': [{'value': 'm2', '$ref': 'u/m2'}] | %s | {'department': 'Ops', 'manager': {'value': 'm2', '$ref': 'u/m2'}}
        'op': 'replace', 'path': 'manager', 'value': {'value': 'm2', 'displayName': 'M'} | %s | {'department': 'Ops', 'manager': {'value': 'm2'}}
        'op': 'replace', 'path': 'manager.value', 'value': 'm2'                   | %s | {'department': 'Ops', 'manager': {'value': 'm2'}}
        'op': 'add', 'path': 'manager', 'value': ''                               | %s | {'department': 'Ops'}
        'op': 'add', 'path': 'manager', 'value': {}                               | %s | {'department': 'Ops'}
        'op': 'replace', 'path': 'manager', 'value': {'value': ''}                | %s | {'department': 'Ops'}
        'op': 'remove', 'path': 'manager.value'                                   | %s | {'department': 'Ops'}
        'op': 'add', 'path': 'emails', 'value': [{'value': 'o@x', 'type': 'other'}] | emails | [WORK, HOME, {'value': 'o@x', 'type': 'other'}]
        'op': 'add', 'path': 'emails', 'value': {'value': 'H@X', 'type': 'home'}  | emails | [WORK, {'value': 'H@X', 'type': 'home'}]
        'op': 'add', 'path': 'emails', 'value': [WORK, HOME]                      | emails | [WORK, HOME]
        'op': 'add', 'path': 'emails', 'value': 'o@x'                             | emails | [WORK, HOME, {'value': 'o@x'}]
        'op': 'add', 'path': 'emails', 'value': []                                | emails | [WORK, HOME]
        'op': 'add', 'value': {'emails': [{'value': 'h@x', 'type': 'home', 'primary': true}]} | emails | [{'value': 'w@x', 'type': 'work', 'primary': false}, {'value': 'h@x', 'type': 'home', 'primary': true}]
        'op': 'replace', 'path': 'emails[type eq `home`].primary', 'value': 'True' | emails | [{'value': 'w@x', 'type': 'work', 'primary': false}, {'value': 'h@x', 'type': 'home', 'primary': true}]
        'op': 'replace', 'path': 'emails', 'value': {'value': 'n@x'}              | emails | [{'value': 'n@x'}]
        'op': 'replace', 'path': 'emails[type eq `work`].value', 'value': 'n@x'   | emails | [{'value': 'n@x', 'type': 'work', 'primary': true}, HOME]
        'op': 'replace', 'value': {'emails[type eq `work`].value': 'n@x'}         | emails | [{'value': 'n@x', 'type': 'work', 'primary': true}, HOME]
        'op': 'replace', 'path': 'emails[primary eq `True`].value', 'value': 'n@x' | emails | [{'value': 'n@x', 'type': 'work', 'primary': true}, HOME]
        'op': 'replace', 'path': 'emails[type eq `work`]', 'value': {'value': 'n@x'} | emails | [{'value': 'n@x', 'type': 'work'}, HOME]
        'op': 'replace', 'path': 'emails[type eq `work`]', 'value': [{'value': 'n@x', 'type': 'other'}] | emails | [{'value': 'n@x', 'type': 'other'}, HOME]
        'op': 'add', 'path': 'emails[type eq `work`]', 'value': {'display': 'D'}  | emails | [{'value': 'w@x', 'type': 'work', 'primary': true, 'display': 'D'}, HOME]
        'op': 'add', 'path': 'emails[type eq `other`].value', 'value': 'n@x'      | emails | [WORK, HOME, {'value': 'n@x', 'type': 'other'}]
        'op': 'replace', 'path': 'emails[type eq `other`].value', 'value': 'n@x'  | emails | [WORK, HOME, {'value': 'n@x', 'type': 'other'}]
        'op': 'replace', 'path': 'phoneNumbers[type eq `work`].value', 'value': '1' | phoneNumbers | [{'value': '1', 'type': 'work'}]
        'op': 'replace', 'path': 'phoneNumbers[primary eq true].value', 'value': '1' | phoneNumbers | [{'value': '1', 'primary': true}]
        'op': 'add', 'path': 'phoneNumbers.value', 'value': '1'                   | phoneNumbers | [{'value': '1'}]
        'op': 'add', 'path': 'addresses[type eq `work`].locality', 'value': 'X'   | addresses | [{'locality': 'X', 'type': 'work'}]
        'op': 'remove', 'path': 'emails[type eq `home`]'                          | emails | [WORK]
        'op': 'remove', 'path': 'emails[value eq `h@x` or value eq `z@x`]'        | emails | [WORK]
        'op': 'remove', 'path': 'emails[type eq `home`].value'                    | emails | [WORK]
        'op': 'replace', 'path': 'emails[type eq `home`].value', 'value': ''      | emails | [WORK]
        'op': 'replace', 'path': 'emails[type eq `home`].value', 'value': null    | emails | [WORK]
        'op': 'remove', 'path': 'emails[type eq `home`].type'                     | emails | [WORK, {'value': 'h@x'}]
        'op': 'remove', 'path': 'emails[type eq `other`]'                         | emails | [WORK, HOME]
        'op': 'remove', 'path': 'emails[type eq `other`].value'                   | emails | [WORK, HOME]
        'op': 'remove', 'path': 'emails', 'value': [{'value': 'H@x'}]             | emails | [WORK]
        'op': 'remove', 'path': 'emails', 'value': {'emails': [{'value': 'h@x'}]} | emails | [WORK]
        'op': 'remove', 'path': 'emails', 'value': ['h@x', 'z@x']                 | emails | [WORK]
        'op': 'remove', 'path': 'emails', 'value': 'h@x'                          | emails | [WORK]
        'op': 'remove', 'path': 'emails', 'value': [{'value': 'h@x', 'type': 'work'}] | emails | [WORK, HOME]
        'op': 'remove', 'path': 'emails', 'value': []                             | emails | [WORK, HOME]
        'op': 'remove', 'path': 'roles', 'value': [{'value': 'r2'}]               | roles  | [{'value': 'r1', 'primary': true}]
        'op': 'remove', 'path': 'roles'                                           | roles  |
        'op': 'remove', 'path': 'roles', 'value': null                            | roles  |
        'op': 'replace', 'path': 'roles', 'value': []                             | roles  |
        'op': 'replace', 'path': 'roles', 'value': [{'foo': 'x'}]                 | roles  | [{'value': 'r1', 'primary': true}]
        'op': 'replace', 'path': 'roles[primary eq `True`].value', 'value': 'r2'  | roles  | [{'value': 'r2', 'primary': true}]
        'op': 'add', 'path': 'roles', 'value': 'r2'                               | roles  | [{'value': 'r1', 'primary': true}, {'value': 'r2'}]
        'op': 'add', 'path': 'externalId', 'value': '29'                          | externalId | '29'
        """)
    void has_the_meaning_of_the_table(String operation, String attribute, String value) {
        var expected = before().without(filled(attribute));
        if (value != null) {
            var one = Wire.json("{'%s': %s}".formatted(filled(attribute), filled(value)));
            expected = expected.with(filled(attribute), Attributes.of(one).values().get(filled(attribute)));
        }
        assertThat(after("{" + filled(operation) + "}")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        'op': 'move', 'path': 'title'                                       | INVALID_SYNTAX
        'op': 7, 'path': 'title'                                            | INVALID_SYNTAX
        'path': 'title', 'value': 'x'                                       | INVALID_SYNTAX
        'op': 'add', 'path': 7, 'value': 'x'                                | INVALID_SYNTAX
        'op': 'add', 'value': 'x'                                           | INVALID_SYNTAX
        'op': 'add', 'path': 'title', 'value': 7                            | INVALID_SYNTAX
        'op': 'add', 'path': 'title'                                        | INVALID_VALUE
        'op': 'replace'                                                     | INVALID_VALUE
        'op': 'replace', 'path': 'active', 'value': 'x'                     | INVALID_VALUE
        'op': 'remove'                                                      | NO_TARGET
        'op': 'remove', 'path': '', 'value': {'title': 'x'}                 | NO_TARGET
        'op': 'remove', 'path': 'userName'                                  | INVALID_VALUE
        'op': 'replace', 'path': 'userName', 'value': null                  | INVALID_VALUE
        'op': 'replace', 'path': 'userName', 'value': ' '                   | INVALID_VALUE
        'op': 'remove', 'path': 'emails'                                    | INVALID_VALUE
        'op': 'replace', 'path': 'emails', 'value': []                      | INVALID_VALUE
        'op': 'replace', 'value': {'emails': null}                          | INVALID_VALUE
        'op': 'remove', 'path': 'emails[value pr]'                          | INVALID_VALUE
        'op': 'remove', 'path': 'emails', 'value': ['w@x', 'h@x']           | INVALID_VALUE
        'op': 'remove', 'path': 'active'                                    | INVALID_VALUE
        'op': 'replace', 'path': 'active', 'value': null                    | INVALID_VALUE
        'op': 'replace', 'path': 'emails[value eq `z`].type', 'value': 'x'  | NO_TARGET
        'op': 'replace', 'path': 'emails[type eq `a` or type eq `b`].value', 'value': 'x' | NO_TARGET
        'op': 'add', 'path': 'emails[type ne `work` and value eq `z`].value', 'value': 'x' | NO_TARGET
        'op': 'replace', 'path': 'emails[value pr].primary', 'value': true  | INVALID_VALUE
        'op': 'add', 'path': 'emails', 'value': [{'value': 'a', 'primary': true}, {'value': 'b', 'primary': true}] | INVALID_VALUE
        'op': 'replace', 'path': 'emails[type eq `work`]', 'value': []      | INVALID_VALUE
        'op': 'replace', 'path': 'emails[type eq', 'value': 'x'             | INVALID_PATH
        'op': 'replace', 'path': 'actve', 'value': false                    | INVALID_PATH
        'op': 'replace', 'value': {'actve': false}                          | INVALID_PATH
        'op': 'replace', 'value': {'no path': 1, 'id': 'x'}                 | INVALID_PATH
        'op': 'replace', 'path': 'name', 'value': {'first': 'x'}            | INVALID_PATH
        'op': 'replace', 'path': 'id', 'value': 'x'                         | MUTABILITY
        'op': 'add', 'path': 'groups', 'value': [{'value': 'g'}]            | MUTABILITY
        'op': 'replace', 'value': {'id': 'x', 'meta': {'version': 'y'}}     | MUTABILITY
        'op': 'replace', 'path': 'manager', 'value': {'displayName': 'x'}   | MUTABILITY
        """)
    void is_refused(String operation, ScimType type) {
        Wire.refused(type, () -> after("{" + filled(operation) + "}"));
    }

    @Test
    void what_is_unknown_is_skipped_beside_what_is_known() {
        var patch = Wire.patch("""
            {'op': 'replace', 'path': 'actve', 'value': 1}, {'op': 'add', 'path': 'groups', 'value': 'x'},
            {'op': 'replace', 'value': {'foo': {'bar': 1}, 'active': 'False', 'password': 'x'}}""");
        assertThat(patch.apply(before())).isEqualTo(before().with("active", false));
        assertThat(patch.skipped()).containsExactly("actve", "groups", "foo");
        assertThat(patch.active()).contains(false);
        assertThat(Wire.refused(ScimType.INVALID_PATH, () -> after("{'op': 'replace', 'path': 'actve', 'value': 1}")))
            .contains("Did you mean active?");
        Wire.refused(ScimType.INVALID_PATH,
            () -> after(
                "{'op': 'replace', 'path': 'a b', 'value': 1}, {'op': 'replace', 'path': 'title', 'value': 'x'}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"'path': 'urn:x:y:Foo:bar', 'value': 1", "'value': {'urn:x:y:Foo': {'bar': 1}}",
        "'path': 'password', 'value': 'x'", "'value': {'photos': []}", "'value': {}", "'path': 'title', 'value': 'T'"})
    void what_is_not_kept_is_no_error(String operation) {
        assertThat(after("{'op': 'replace', %s}".formatted(operation))).isEqualTo(before());
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{}", "{'Operations': []}", "{'Operations': {}}", "{'Operations': null}",
        "{'Operations': [7]}", "7"})
    void operations_are_needed(String body) {
        Wire.refused(ScimType.INVALID_SYNTAX, () -> Patch.read(ResourceType.USER, Wire.json(body)));
    }

    @Test
    void operations_see_what_the_ones_before_left() {
        assertThat(after("""
            {'op': 'remove', 'path': 'emails[type eq `home`]'}, {'op': 'add', 'path': 'emails[type eq `home`].value', 'value': 'n@x'},
            {'op': 'replace', 'path': 'emails[value eq `n@x`].primary', 'value': true},
            {'op': 'remove', 'path': 'emails', 'value': 'w@x'}""".replace("`", "\\\"")))
            .isEqualTo(before().with("emails",
                Wire.user("{'e': [{'value': 'n@x', 'type': 'home', 'primary': true}]}").values().get("e")));
        assertThat(before()).isEqualTo(Wire.user(BEFORE));
    }

    /// The element is made in whatever order its parts come.
    @Test
    void an_element_may_be_without_value_between_operations() {
        assertThat(after("""
            {'op': 'add', 'path': 'phoneNumbers[type eq `work`].primary', 'value': 'True'},
            {'op': 'add', 'path': 'phoneNumbers[type eq `work`].value', 'value': '1'}""".replace("`", "\\\""))
            .elements("phoneNumbers")).containsExactly(Wire.user("{'type': 'work', 'primary': true, 'value': '1'}"));
        assertThat(after(
            "{'op': 'add', 'path': 'phoneNumbers[type eq `work`].primary', 'value': 'True'}".replace("`", "\\\"")))
            .isEqualTo(before());
    }

    @Test
    void limits_hold_for_what_comes_out() {
        var many = new StringBuilder("{'op': 'add', 'path': 'emails', 'value': '0@y'}");
        for (int i = 1; i < 98; i++) {
            many.append(", {'op': 'add', 'path': 'emails', 'value': '%d@y'}".formatted(i));
        }
        assertThat(after(many.toString()).elements("emails")).hasSize(100);
        assertThat(Wire.refused(ScimType.INVALID_VALUE,
            () -> after(many + ", {'op': 'add', 'path': 'emails', 'value': '98@y'}")))
            .startsWith("emails");
        Wire.refused(ScimType.INVALID_VALUE, () -> after(many.toString().replace("@y", "@" + "y".repeat(700))));
    }

    @Test
    void names_of_roles_become_ids() {
        var patch = Wire.patch("""
            {'op': 'add', 'path': 'roles', 'value': ['Dev', 'unknown', {'value': 'DEV', 'type': 'x'}]},
            {'op': 'replace', 'path': 'roles', 'value': ['unknown']},
            {'op': 'remove', 'path': 'roles[value eq `Ops`]'}, {'op': 'remove', 'path': 'roles', 'value': ['unknown']},
            {'op': 'replace', 'path': 'roles[primary eq true].value', 'value': 'Unknown'}""".replace("`", "\\\""));
        var ids = patch.translated("roles", name -> switch (name) {
            case "Dev", "DEV" -> Optional.of("r2");
            case "Ops" -> Optional.of("r1");
            default -> Optional.empty();
        });
        assertThat(ids.apply(before()).elements("roles"))
            .containsExactly(Wire.user("{'value': 'r2'}"), Wire.user("{'value': 'r2', 'type': 'x'}"));
        assertThat(patch.without("roles").apply(before())).isEqualTo(before());
        assertThat(patch.touches("roles", "active")).isTrue();
        assertThat(patch.touches("active")).isFalse();
    }
}
