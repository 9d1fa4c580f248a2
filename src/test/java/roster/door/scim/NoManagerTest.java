package roster.door.scim;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.door.scim.UserClient.ok;
import static roster.door.scim.UserClient.person;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.support.TestRoster;

/// The manager of a person, in the forms in which directories say that there is none: the contract's section 8.
class NoManagerTest {
    private static final String ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static UserClient directory() {
        return UserClient.of(roster.newOrg("acme"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT \"manager\":\"\"", "PUT \"manager\":{\"value\":\"\"}", "PUT \"manager.value\":\"\"",
        "PUT \"$urn\":{\"manager\":{\"value\":\"\",\"displayName\":\"Boss\"}}", "PUT \"$urn\":{\"manager.value\":\"\"}",
        "PUT \"$urn:manager.value\":\"\"", "PUT \"$urn:manager.value\":[\"\"]", "PUT \"manager\":[{\"value\":\"\"}]",
        "{\"op\":\"replace\",\"path\":\"manager.value\",\"value\":\"\"}",
        "{\"op\":\"Add\",\"path\":\"manager.value\",\"value\":\"\"}",
        "{\"op\":\"Replace\",\"path\":\"$urn:manager.value\",\"value\":\"\"}",
        "{\"op\":\"replace\",\"path\":\"manager.value\",\"value\":[{\"value\":\"\"}]}",
        "{\"op\":\"replace\",\"path\":\"manager.value\",\"value\":null}",
        "{\"op\":\"replace\",\"value\":{\"manager.value\":\"\"}}",
        "{\"op\":\"add\",\"value\":{\"$urn\":{\"manager.value\":\"\"}}}",
        "{\"op\":\"replace\",\"path\":\"$urn\",\"value\":{\"manager\":{\"value\":\"\"}}}",
        "{\"op\":\"add\",\"path\":\"manager\",\"value\":{\"value\":\"\"}}"})
    void a_manager_of_no_value_is_none(String form) {
        var directory = directory();
        var boss = directory.created(person("boss@acme.test", ""));
        var sent = form.replace("$urn", ENTERPRISE);
        var id =
            directory.created(person("ann@acme.test", "\"department\":\"Ops\",\"manager\":\"%s\"".formatted(boss)));
        assertThat(directory.get(id).text("/" + ENTERPRISE + "/manager/value")).isEqualTo(boss);

        var changed = ok(sent.startsWith("PUT ")
            ? directory.put(id, person("ann@acme.test", "\"department\":\"Ops\"," + sent.substring(4)))
            : directory.patch(id, sent), 200);

        assertThat(changed.at("/" + ENTERPRISE).toString()).isEqualTo("{\"department\":\"Ops\"}");
        assertThat(roster.sqlValue("SELECT attributes::text FROM scim_users WHERE org_id = ? AND user_id = ?::uuid",
            directory.org().id().value(), id).toString()).contains("Ops").doesNotContain("manager");
    }

    @Test
    void a_person_who_is_created_with_a_manager_of_no_value_has_none() {
        for (var sent : List.of("\"manager.value\":\"\"", "\"%s\":{\"manager.value\":\"\"}".formatted(ENTERPRISE))) {
            var made = ok(directory().post(person("ann@acme.test", sent)), 201);
            assertThat(made.at("/" + ENTERPRISE).isMissingNode()).as(made.text()).isTrue();
        }
    }
}
