package roster.door.api.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.model.Permission;
import roster.support.Answer;
import roster.support.Await;
import roster.support.Recipe;
import roster.support.Recipe.Call;
import roster.support.TestRoster;
import roster.support.TestUser;

/// How users were, and why they hold a permission: read from the trail.
class HistoryTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    static final List<Recipe> RECIPES = List.of(
        new Recipe("GET /api/v2/roster/users/{user_id}", org -> new Call(
            "/api/v2/roster/users/%s?as_of=2999-01-01T00:00:00Z".formatted(org.newPending("was@acme.test").id()))),
        new Recipe("GET /api/v2/roster/users/{user_id}/permissions/{permission}", org -> new Call(
            "/api/v2/roster/users/%s/permissions/user_access_manage".formatted(org.founder().id()))));

    private static Answer then(TestUser caller, String id, Instant moment) {
        return caller.get("/api/v2/roster/users/%s?as_of=%s".formatted(id,
            URLEncoder.encode(moment.toString(), StandardCharsets.UTF_8)));
    }

    private static Instant now(TestUser caller) {
        return Await.read(roster.db(), tx -> tx.query("SELECT written_at FROM orgs WHERE id = ?", caller.org().id())
            .one(row -> row.instant("written_at")));
    }

    private static String member(String id) {
        return "{\"data\":{\"type\":\"users\",\"id\":\"%s\"}}".formatted(id);
    }

    @Test
    void a_user_is_shown_as_they_were_at_each_moment() {
        var ada = roster.newOrg("acme").founder();
        var early = now(ada);
        var role = ada.post("/api/v2/roles", "{\"data\":{\"type\":\"roles\",\"attributes\":{\"name\":\"Ops\"}}}").id();
        var bob = ada.post("/api/v2/users", """
            {"data":{"type":"users","attributes":{"email":"bob@acme.test","name":"Bob"},
             "relationships":{"roles":{"data":[{"type":"roles","id":"%s"}]}}}}
            """.formatted(role)).id();
        var created = now(ada);
        var renaming = ada.patch("/api/v2/users/" + bob, """
            {"data":{"type":"users","id":"%s","attributes":{"name":"Robert","email":"rob@acme.test"}}}
            """.formatted(bob));
        ada.delete("/api/v2/roles/%s/users".formatted(role), member(bob));
        var removed = now(ada);
        ada.post("/api/v2/roles/%s/users".formatted(role), member(bob));
        var added = now(ada);
        ada.delete("/api/v2/roles/" + role);
        ada.delete("/api/v2/users/" + bob);
        var gone = now(ada);

        assertThat(then(ada, bob, early).status()).isEqualTo(404);
        var first = then(ada, bob, created);
        assertThat(first.text("/data/attributes/name")).isEqualTo("Bob");
        assertThat(first.text("/data/attributes/email")).isEqualTo("bob@acme.test");
        assertThat(first.each("/data/relationships/roles/data", "/id")).containsExactly(role);
        assertThat(first.text("/data/attributes/changed/by")).isEqualTo("founder@acme.test");
        var second = then(ada, bob, removed);
        assertThat(second.text("/data/attributes/name")).isEqualTo("Robert");
        assertThat(second.text("/data/attributes/handle")).isEqualTo("bob@acme.test");
        assertThat(second.at("/data/relationships/roles/data")).isEmpty();
        assertThat(second.at("/data/attributes/disabled").asBoolean()).isFalse();
        assertThat(then(ada, bob, added).each("/data/relationships/roles/data", "/id")).containsExactly(role);
        var last = then(ada, bob, gone);
        assertThat(last.at("/data/relationships/roles/data")).isEmpty();
        assertThat(last.at("/data/attributes/disabled").asBoolean()).isTrue();
        assertThat(renaming.header("X-Request-Id")).isPresent();
    }

    @Test
    void an_anonymised_user_is_shown_without_what_tells_who_they_were() {
        var ada = roster.newOrg("acme").founder();
        var bob = ada.org().newPending("bob@acme.test").id().toString();
        var before = now(ada);
        ada.send("PUT", "/api/v2/anonymize_users", """
            {"data":{"type":"anonymize_users_request","attributes":{"user_ids":["%s"]}}}
            """.formatted(bob));

        assertThat(then(ada, bob, before).text("/data/attributes/email")).isEqualTo("anonymized");
        assertThat(then(ada, bob, now(ada)).text("/data/attributes/email"))
            .isEqualTo("anonymized-%s@anonymized.invalid".formatted(bob));
    }

    @Test
    void a_bad_or_missing_moment_is_400() {
        var ada = roster.newOrg("acme").founder();

        for (var query : new String[] {"", "?as_of=yesterday", "?as_of=2026-01-01",
            "?as_of=%2B999999999-12-31T23:59:59Z"}) {
            assertThat(ada.get("/api/v2/roster/users/" + ada.id() + query).status()).as(query).isEqualTo(400);
        }
    }

    @Test
    void a_permission_is_explained_by_the_roles_that_bring_it() {
        var ada = roster.newOrg("acme").founder();
        var role = ada.post("/api/v2/roles", "{\"data\":{\"type\":\"roles\",\"attributes\":{\"name\":\"Ops\"}}}").id();
        var bob = ada.org().newPending("bob@acme.test").id().toString();
        var why = "/api/v2/roster/users/%s/permissions/api_keys_read".formatted(bob);
        assertThat(ada.get(why).at("/data/attributes/held").asBoolean()).isFalse();
        var adding = ada.post("/api/v2/roles/%s/users".formatted(role), member(bob));
        var id = roster.program().kernel().catalogue().find(new Permission("api_keys_read")).orElseThrow().id();
        var granting = ada.post("/api/v2/roles/%s/permissions".formatted(role),
            "{\"data\":{\"type\":\"permissions\",\"id\":\"%s\"}}".formatted(id));

        var answer = ada.get(why);

        assertThat(answer.at("/data/attributes/held").asBoolean()).isTrue();
        assertThat(answer.at("/data/attributes/roles")).hasSize(1);
        assertThat(answer.text("/data/attributes/roles/0/name")).isEqualTo("Ops");
        assertThat(answer.text("/data/attributes/roles/0/member_since/by_id")).isEqualTo(ada.id());
        assertThat(answer.text("/data/attributes/roles/0/member_since/request_id"))
            .isEqualTo(adding.header("X-Request-Id").orElseThrow());
        assertThat(answer.text("/data/attributes/roles/0/granted/request_id"))
            .isEqualTo(granting.header("X-Request-Id").orElseThrow());
        assertThat(ada.get(why.replace("api_keys_read", id.toString())).bytes()).isEqualTo(answer.bytes());
        var founder = ada.get("/api/v2/roster/users/%s/permissions/user_access_manage".formatted(ada.id()));
        assertThat(founder.at("/data/attributes/roles/0/managed").asBoolean()).isTrue();
        assertThat(founder.at("/data/attributes/roles/0/granted").isNull()).isTrue();
        assertThat(founder.text("/data/attributes/roles/0/member_since/by")).isNotEmpty();
        assertThat(ada.get("/api/v2/roster/users/%s/permissions/user_access_read".formatted(bob))
            .at("/data/attributes/everyone").asBoolean()).isTrue();
        ada.delete("/api/v2/users/" + bob);
        assertThat(ada.get(why).at("/data/attributes/held").asBoolean()).isFalse();
    }

    @Test
    void an_unknown_user_or_permission_is_404() {
        var ada = roster.newOrg("acme").founder();

        assertThat(ada.get("/api/v2/roster/users/%s/permissions/fly".formatted(ada.id())).errors())
            .containsExactly("fly not found");
        var unknown = UUID.randomUUID().toString();
        assertThat(ada.get("/api/v2/roster/users/%s/permissions/user_access_read".formatted(unknown)).errors())
            .containsExactly(unknown + " not found");
        assertThat(then(ada, unknown, Instant.now()).errors()).containsExactly(unknown + " not found");
    }
}
