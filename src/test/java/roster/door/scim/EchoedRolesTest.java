package roster.door.scim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.support.Answer;
import roster.support.TestRoster;

/// What directories send back that they read, and values that say nothing: contract sections 5.1, 6.2, 6.5, 7 and 8.
@Timeout(120)
class EchoedRolesTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static Answer ok(Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isIn(200, 204);
        return answer;
    }

    @Test
    void who_has_many_roles_can_be_changed_and_disabled() {
        var org = roster.newOrg("many");
        var roles = IntStream.range(0, 400)
            .mapToObj(i -> org.newRole("W".repeat(40) + i, List.of("dashboards_read")).toString()).toList();
        var id = org.newUserWith("lee@many.test", roles).user().id().toString();
        var directory = UserClient.of(org);

        var read = ok(directory.get(id));
        assertThat(ok(directory.put(id, read.text())).at("/roles").size()).isEqualTo(400);
        ok(directory.patch(id, "{\"op\":\"replace\",\"path\":\"active\",\"value\":false}"));
        assertThat(directory.get(id).at("/active").booleanValue()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "[null]", "[{\"value\":\"\"}]", "{}", "null"})
    void roles_that_say_nothing_take_none_away(String roles) {
        var org = roster.newOrg("silent");
        var ops = org.newRole("Ops", List.of("dashboards_read")).toString();
        var id = org.newUserWith("lee@silent.test", List.of(ops)).user().id().toString();
        var directory = UserClient.of(org);

        ok(directory.put(id, UserClient.person("lee@silent.test", "\"roles\":" + roles)));
        assertThat(directory.get(id).each("/roles", "/value")).containsExactly(ops);
        ok(directory.put(id, UserClient.person("lee@silent.test", "\"roles\":[]")));
        assertThat(directory.get(id).at("/roles").size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "[null]", "[{\"value\":\"\"}]", "{}"})
    void nor_do_they_in_a_patch(String roles) {
        var org = roster.newOrg("silent");
        var ops = org.newRole("Ops", List.of("dashboards_read")).toString();
        var id = org.newUserWith("lee@silent.test", List.of(ops)).user().id().toString();
        var directory = UserClient.of(org);

        for (var op : List.of("add", "replace", "remove")) {
            ok(directory.patch(id, "{\"op\":\"%s\",\"path\":\"roles\",\"value\":%s}".formatted(op, roles)));
            assertThat(directory.get(id).each("/roles", "/value")).as(op).containsExactly(ops);
        }
        ok(directory.patch(id, "{\"op\":\"replace\",\"path\":\"roles\",\"value\":[]}"));
        assertThat(directory.get(id).at("/roles").size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[null]", "{}"})
    void members_that_say_nothing_take_none_away_in_a_patch(String members) {
        var org = roster.newOrg("silent");
        var directory = GroupClient.of(org.founder());
        var lee = org.newUser("lee@silent.test").id();
        var group = directory.create("Ops", lee);

        for (var op : List.of("add", "replace", "remove")) {
            ok(directory.patch(group, "{\"op\":\"%s\",\"path\":\"members\",\"value\":%s}".formatted(op, members)));
            assertThat(directory.membersOf(group)).as(op).containsExactly(lee);
        }
        ok(directory.patch(group, "{\"op\":\"replace\",\"path\":\"members\",\"value\":[]}"));
        assertThat(directory.membersOf(group)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[null]", "{}", "null"})
    void members_that_say_nothing_take_none_away(String members) {
        var org = roster.newOrg("silent");
        var directory = GroupClient.of(org.founder());
        var lee = org.newUser("lee@silent.test").id();
        var group = directory.create("Ops", lee);

        ok(directory.put(group, "{\"displayName\":\"Ops\",\"members\":%s}".formatted(members)));
        assertThat(directory.get("/Groups/" + group).each("/members", "/value")).containsExactly(lee);
        ok(directory.put(group, "{\"displayName\":\"Ops\",\"members\":[]}"));
        assertThat(directory.get("/Groups/" + group).at("/members").size()).isZero();
    }
}
