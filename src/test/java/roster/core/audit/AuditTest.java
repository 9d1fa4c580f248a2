package roster.core.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.base.json.Json;
import roster.model.Role;
import roster.support.Answer;
import roster.support.TestOrg;
import roster.support.TestRoster;
import tools.jackson.databind.JsonNode;

/// Each change has its entry: who, what, before and after, by which request.
class AuditTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private record Entry(String action, String kind, String subject, String name, String actorKind, String actor,
        String actorName, String requestId, JsonNode before, JsonNode after) {}

    /// The entries of the organisation's last write.
    private static List<Entry> last(TestOrg org) {
        return roster.sql("""
            SELECT action, subject_kind, subject_id::text, subject_name, actor_kind, actor_id::text, actor_name,
                   request_id, before::text, after::text
              FROM audit_entries WHERE org_id = ? AND version = (SELECT version FROM orgs WHERE id = ?) ORDER BY entry
            """, org.id().value(), org.id().value()).stream()
            .map(row -> new Entry((String) row.get(0), (String) row.get(1), (String) row.get(2), (String) row.get(3),
                (String) row.get(4), (String) row.get(5), (String) row.get(6), (String) row.get(7),
                facts(row.get(8)), facts(row.get(9))))
            .toList();
    }

    private static JsonNode facts(Object json) {
        return Json.parse(Optional.ofNullable((String) json).orElse("{}").getBytes(StandardCharsets.UTF_8));
    }

    private static Entry only(TestOrg org) {
        assertThat(last(org)).hasSize(1);
        return last(org).getFirst();
    }

    private static String id(Answer answer) {
        return answer.header("X-Request-Id").orElseThrow();
    }

    @Test
    void a_new_user_is_recorded_with_their_attributes() {
        var ada = roster.newOrg("acme").founder();

        var answer = ada.post("/api/v2/users", """
            {"data":{"type":"users","attributes":{"email":"ann@acme.test","name":"Ann"}}}
            """);

        var entry = only(ada.org());
        assertThat(entry.action()).isEqualTo("user.created");
        assertThat(entry.kind()).isEqualTo("user");
        assertThat(entry.subject()).isEqualTo(answer.id());
        assertThat(entry.name()).isEqualTo("ann@acme.test");
        assertThat(entry.actorKind()).isEqualTo("USER");
        assertThat(entry.actor()).isEqualTo(ada.id());
        assertThat(entry.actorName()).isEqualTo("founder@acme.test");
        assertThat(entry.requestId()).isEqualTo(id(answer));
        assertThat(entry.before()).isEmpty();
        assertThat(entry.after().get("email").asString()).isEqualTo("ann@acme.test");
        assertThat(entry.after().get("name").asString()).isEqualTo("Ann");
    }

    @Test
    void an_update_is_recorded_with_what_differs_and_nothing_else() {
        var ada = roster.newOrg("acme").founder();
        var bob = ada.org().newUser("bob@acme.test");

        var answer = ada.patch("/api/v2/users/" + bob.id(), """
            {"data":{"type":"users","id":"%s","attributes":{"name":"Bob","email":"bob@acme.test"}}}
            """.formatted(bob.id()));

        var entry = only(ada.org());
        assertThat(entry.action()).isEqualTo("user.updated");
        assertThat(entry.subject()).isEqualTo(bob.id());
        assertThat(entry.requestId()).isEqualTo(id(answer));
        assertThat(entry.before().toString()).isEqualTo("{\"name\":null}");
        assertThat(entry.after().toString()).isEqualTo("{\"name\":\"Bob\"}");
    }

    @Test
    void disabling_is_recorded_with_the_keys_that_ended_by_either_door() {
        var ada = roster.newOrg("acme").founder();
        var bob = ada.org().newUser("bob@acme.test");
        var eve = ada.org().newUser("eve@acme.test");

        ada.delete("/api/v2/users/" + bob.id());
        var deleted = last(ada.org());
        ada.patch("/api/v2/users/" + eve.id(), """
            {"data":{"type":"users","id":"%s","attributes":{"disabled":true}}}
            """.formatted(eve.id()));
        var patched = last(ada.org());

        for (var entries : List.of(deleted, patched)) {
            assertThat(entries).extracting(Entry::action).containsExactly("application_key.revoked", "user.disabled");
            assertThat(entries.getFirst().before().get("last4").asString()).hasSize(4);
            var entry = entries.getLast();
            assertThat(entry.action()).isEqualTo("user.disabled");
            assertThat(entry.before().get("disabled").asBoolean()).isFalse();
            assertThat(entry.after().get("disabled").asBoolean()).isTrue();
            assertThat(entry.before().get("application_keys")).hasSize(1);
        }
        ada.patch("/api/v2/users/" + eve.id(), """
            {"data":{"type":"users","id":"%s","attributes":{"disabled":false}}}
            """.formatted(eve.id()));
        assertThat(only(ada.org()).action()).isEqualTo("user.enabled");
    }

    @Test
    void roles_and_their_members_are_recorded() {
        var ada = roster.newOrg("acme").founder();

        var created = ada.post("/api/v2/roles", "{\"data\":{\"attributes\":{\"name\":\"ops\"}}}");
        var entry = only(ada.org());
        assertThat(entry.action()).isEqualTo("role.created");
        assertThat(entry.subject()).isEqualTo(created.id());
        assertThat(entry.after().get("permissions")).hasSize(10);

        var member = "{\"data\":{\"type\":\"users\",\"id\":\"%s\"}}".formatted(ada.id());
        var added = ada.post("/api/v2/roles/%s/users".formatted(created.id()), member);
        entry = only(ada.org());
        assertThat(entry.action()).isEqualTo("role.member_added");
        assertThat(entry.name()).isEqualTo("ops");
        assertThat(entry.after().get("user").asString()).isEqualTo(ada.id());
        assertThat(entry.requestId()).isEqualTo(id(added));

        ada.delete("/api/v2/roles/%s/users".formatted(created.id()), member);
        entry = only(ada.org());
        assertThat(entry.action()).isEqualTo("role.member_removed");
        assertThat(entry.before().get("user").asString()).isEqualTo(ada.id());

        ada.delete("/api/v2/roles/" + created.id());
        entry = only(ada.org());
        assertThat(entry.action()).isEqualTo("role.deleted");
        assertThat(entry.before().get("name").asString()).isEqualTo("ops");
        assertThat(entry.after()).isEmpty();
    }

    @Test
    void a_service_account_is_recorded_as_one() {
        var org = roster.newOrg("acme");
        var bot = org.newServiceAccount("bot@acme.test", List.of(org.managed(Role.Managed.ADMIN).toString()));
        new roster.support.TestUser(org, bot, org.apiKey(), org.newApplicationKey(bot, Optional.empty()))
            .post("/api/v2/roles", "{\"data\":{\"attributes\":{\"name\":\"ops\"}}}");

        assertThat(only(org).actorKind()).isEqualTo("SERVICE_ACCOUNT");
        assertThat(only(org).actor()).isEqualTo(bot.id().toString());
    }

    @Test
    void the_founding_is_recorded_part_by_part() {
        var org = roster.newOrg("acme");

        assertThat(last(org)).extracting(Entry::action).contains("org.created", "role.created", "user.created",
            "user.verified", "api_key.issued", "application_key.issued");
        assertThat(last(org)).extracting(Entry::actorName).containsOnly("cli:test");
    }

    @Test
    void each_request_that_was_refused_leaves_no_entry() {
        var ada = roster.newOrg("acme").founder();
        var before = entries(ada.org());

        ada.post("/api/v2/users", "{\"data\":{\"type\":\"users\",\"attributes\":{\"email\":\"founder@acme.test\"}}}");
        ada.delete("/api/v2/users/" + ada.id());
        ada.delete("/api/v2/roles/" + ada.org().managed(Role.Managed.ADMIN));

        assertThat(entries(ada.org())).isEqualTo(before);
    }

    private static long entries(TestOrg org) {
        return (long) roster.sqlValue("SELECT count(*) FROM audit_entries WHERE org_id = ?", org.id().value());
    }

    @Test
    void no_entry_holds_a_secret() {
        var org = roster.newOrg("acme");
        var bob = org.newUser("bob@acme.test");
        bob.scopedTo("user_access_read");
        org.founder().delete("/api/v2/users/" + bob.id());

        var all = roster.sql("SELECT audit_entries::text FROM audit_entries WHERE org_id = ?", org.id().value())
            .toString();

        assertThat(all).contains("application_key.issued", "user.disabled").doesNotContain(org.apiKey(),
            bob.applicationKey(), org.founder().applicationKey());
    }

    @Test
    void each_version_has_its_entry_and_the_last_bears_the_stamp() {
        var ada = roster.newOrg("acme").founder();
        ada.delete("/api/v2/users/" + ada.org().newUser("bob@acme.test").id());
        var org = ada.org().id().value();

        assertThat(roster.sql("""
            SELECT v FROM generate_series(1, (SELECT version FROM orgs WHERE id = ?)) v
             WHERE NOT EXISTS (SELECT 1 FROM audit_entries WHERE org_id = ? AND version = v)
            """, org, org)).isEmpty();
        assertThat(roster.sqlValue("""
            SELECT count(DISTINCT a.version) FROM orgs o JOIN audit_entries a ON a.org_id = o.id AND a.version = o.version
             WHERE o.id = ? AND a.stamp = o.stamp
            """, org)).isEqualTo(1L);
    }
}
