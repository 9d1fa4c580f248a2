package roster.door.api.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.support.Answer;
import roster.support.TestRoster;
import roster.support.TestUser;

class ConditionalTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private final TestUser ada = roster.newOrg("acme").founder();

    private static String path(Object id) {
        return "/api/v2/users/" + id;
    }

    private static String tag(Answer answer) {
        return answer.header("ETag").orElseThrow();
    }

    private Answer unless(String path, String tags) {
        return ada.send("GET", path, null, Map.of("If-None-Match", tags));
    }

    private Answer rename(Object id, String name, Map<String, String> headers) {
        return ada.send("PATCH", path(id), """
            {"data":{"type":"users","id":"%s","attributes":{"name":"%s"}}}
            """.formatted(id, name), headers);
    }

    @Test
    void a_user_the_client_has_already_is_not_sent_again() {
        var id = ada.org().newPending("bob@acme.test").id();
        var first = ada.get(path(id));
        var again = unless(path(id), tag(first));

        assertThat(tag(first)).matches("\"[0-9A-Za-z_-]{22}\"");
        assertThat(again.status()).isEqualTo(304);
        assertThat(again.bytes()).isEmpty();
        assertThat(tag(again)).isEqualTo(tag(first));
        assertThat(again.header("X-RateLimit-Remaining")).isPresent();
    }

    @Test
    void tags_come_in_lists_weak_ones_too() {
        var id = ada.org().newPending("bob@acme.test").id();
        var tag = tag(ada.get(path(id)));

        for (var sent : List.of("*", "W/" + tag, "\"a, b\", " + tag, "\"\",W/" + tag + " , \"z\"")) {
            assertThat(unless(path(id), sent).status()).as(sent).isEqualTo(304);
        }
        for (var sent : List.of("\"other\"", "W/\"*\"", tag.replace("\"", ""), ",", "\"", tag.substring(1))) {
            assertThat(unless(path(id), sent).status()).as(sent).isEqualTo(200);
        }
    }

    @Test
    void whatever_is_shown_of_a_user_changes_their_tag() {
        var org = ada.org();
        var role = org.newRole("ops", List.of("dashboards_read")).toString();
        var bob = org.newUserWith("bob@acme.test", List.of(role));
        var tag = tag(ada.get(path(bob.id())));

        rename(bob.id(), "Bob", Map.of());
        var renamed = tag(ada.get(path(bob.id())));
        ada.delete("/api/v2/roles/" + role);
        var without = tag(ada.get(path(bob.id())));
        ada.delete(path(bob.id()));
        var disabled = tag(ada.get(path(bob.id())));

        assertThat(List.of(tag, renamed, without, disabled)).doesNotHaveDuplicates();
    }

    @Test
    void other_peoples_changes_leave_a_users_tag_alone_but_not_the_lists() {
        var id = ada.org().newPending("bob@acme.test").id();
        var user = tag(ada.get(path(id)));
        var list = tag(ada.get("/api/v2/users"));

        assertThat(unless("/api/v2/users", list).status()).isEqualTo(304);
        ada.org().newPending("eve@acme.test");

        assertThat(unless(path(id), user).status()).isEqualTo(304);
        assertThat(unless("/api/v2/users", list).status()).isEqualTo(200);
    }

    @Test
    void each_list_has_a_tag_of_its_own_and_the_same_list_the_same_bytes() {
        ada.org().newPending("bob@acme.test");
        var queries = List.of("", "?page[size]=1", "?page[size]=1&page[number]=1", "?sort=-name", "?sort=email",
            "?filter=bob", "?filter=acme", "?filter[status]=Pending", "?filter[status]=Pending,Active");

        assertThat(queries.stream().map(query -> tag(ada.get("/api/v2/users" + query)))).doesNotHaveDuplicates();
        assertThat(ada.get("/api/v2/users?page[size]=1").text())
            .isEqualTo(ada.get("/api/v2/users?page[size]=1").text());
    }

    @Test
    void tags_are_the_same_on_another_node_and_differ_between_organisations() {
        var id = ada.org().newPending("bob@acme.test").id();
        var eve = roster.newOrg("other").founder();
        try (var node = roster.anotherNode(Map.of())) {
            for (var path : List.of(path(id), "/api/v2/users")) {
                var there = ada.sendTo(node.address(), "GET", path, null, Map.of("If-None-Match", tag(ada.get(path))));
                assertThat(there.status()).isEqualTo(304);
            }
        }

        assertThat(eve.send("GET", path(id), null, Map.of("If-None-Match", tag(ada.get(path(id))))).status())
            .isEqualTo(404);
        assertThat(eve.send("GET", path(id), null, Map.of("If-None-Match", "*")).status()).isEqualTo(404);
        assertThat(tag(eve.get("/api/v2/users"))).isNotEqualTo(tag(ada.get("/api/v2/users")));
    }

    @Test
    void the_condition_is_looked_at_after_the_permission() {
        var tag = tag(ada.get("/api/v2/users"));
        var blind = ada.scopedTo("user_access_invite");

        assertThat(blind.send("GET", "/api/v2/users", null, Map.of("If-None-Match", tag)).status()).isEqualTo(403);
    }

    @Test
    void a_change_to_a_stale_user_is_refused_and_does_nothing() {
        var id = ada.org().newPending("bob@acme.test").id();
        var tag = tag(ada.get(path(id)));
        rename(id, "Bob", Map.of());
        var version = ada.org().version();
        var refused = rename(id, "Robert", Map.of("If-Match", tag));

        assertThat(refused.status()).isEqualTo(412);
        assertThat(refused.errors()).containsExactly("Precondition Failed");
        assertThat(ada.get(path(id)).text("/data/attributes/name")).isEqualTo("Bob");
        assertThat(ada.org().version()).isEqualTo(version);
    }

    @Test
    void every_answer_about_a_user_has_the_tag_for_the_next_change() {
        var org = ada.org();
        var roles = List.of(org.newRole("zeta", List.of("dashboards_read")), org.newRole("Alpha", List.of()));
        var created = ada.post("/api/v2/users", """
            {"data":{"type":"users","attributes":{"email":"bob@acme.test"},"relationships":{"roles":{"data":[
             {"type":"roles","id":"%s"},{"type":"roles","id":"%s"}]}}}}
            """.formatted(roles.getFirst(), roles.getLast()));
        var id = created.id();
        assertThat(tag(ada.get(path(id)))).isEqualTo(tag(created));

        var first = rename(id, "Bob", Map.of("If-Match", tag(created), "Accept", "application/json"));
        var second = rename(id, "Bobby", Map.of("If-Match", "\"x\", " + tag(first)));
        var nothing = rename(id, "Bobby", Map.of("If-Match", tag(second)));

        assertThat(first.status()).isEqualTo(200);
        assertThat(second.status()).isEqualTo(204);
        assertThat(nothing.status()).isEqualTo(204);
        assertThat(tag(nothing)).isEqualTo(tag(second)).isEqualTo(tag(ada.get(path(id))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"other\"", "W/%s", "not quoted", ","})
    void only_a_strong_tag_of_the_user_lets_a_change_through(String sent) {
        var id = ada.org().newPending("bob@acme.test").id();
        var tag = tag(ada.get(path(id)));

        assertThat(rename(id, "Bob", Map.of("If-Match", sent.formatted(tag))).status()).isEqualTo(412);
        assertThat(rename(id, "Bob", Map.of("If-Match", "*")).status()).isEqualTo(204);
    }

    @Test
    void unknown_users_and_bad_bodies_come_before_the_condition() {
        var other = roster.newOrg("other").founder();
        var condition = Map.of("If-Match", "\"x\"");

        assertThat(rename(other.id(), "Bob", condition).status()).isEqualTo(404);
        assertThat(rename(other.id(), "Bob", Map.of("If-Match", "*")).status()).isEqualTo(404);
        assertThat(rename(ada.id(), "<>", condition).status()).isEqualTo(400);
        assertThat(rename(ada.org().newUser("bob@acme.test").id(), "Bob", condition).status()).isEqualTo(412);
    }
}
