package roster.door.api.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.core.user.LeftoverSearch;
import roster.model.Role;
import roster.model.User;
import roster.support.Answer;
import roster.support.Recipe;
import roster.support.Recipe.Call;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// `PUT /api/v2/anonymize_users`.
class AnonymiseTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    static final List<Recipe> RECIPES = List.of(new Recipe("PUT /api/v2/anonymize_users",
        org -> new Call("/api/v2/anonymize_users", """
            {"data":{"type":"anonymize_users_request","attributes":{"user_ids":["%s"]}}}
            """.formatted(org.newPending("bob@acme.test").id()))));

    private static Answer anonymise(TestUser caller, String... ids) {
        return caller.send("PUT", "/api/v2/anonymize_users", """
            {"data":{"type":"anonymize_users_request","attributes":{"user_ids":[%s]}}}
            """.formatted(String.join(",", List.of(ids).stream().map(id -> '"' + id + '"').toList())));
    }

    private static String address(String id) {
        return "anonymized-%s@anonymized.invalid".formatted(id);
    }

    private static LeftoverSearch.Found traces(TestOrg org, String id, String email) {
        return roster.program().anonymisation.leftovers.of(org.id(), new User.Id(UUID.fromString(id)), email);
    }

    /// A user who left their name in as many places as there are.
    private static TestUser wellKnown(TestOrg org) {
        var ada = org.founder();
        var bob = org.newUserWith("bob@acme.test", List.of(org.managed(Role.Managed.ADMIN).toString()));
        ada.patch("/api/v2/users/" + bob.id(), """
            {"data":{"type":"users","id":"%s","attributes":{"name":"Bob","title":"Boss","email":"rob@acme.test"}}}
            """.formatted(bob.id()));
        bob.post("/api/v2/roles", """
            {"data":{"type":"roles","attributes":{"name":"Of Bob"}}}
            """);
        bob.send("POST", "/api/v2/users", """
            {"data":{"type":"users","attributes":{"email":"carl@acme.test"}}}
            """, Map.of("Idempotency-Key", "once"));
        ada.send("POST", "/api/v2/user_invitations", """
            {"data":[{"type":"user_invitations","relationships":{"user":{"data":{"type":"users","id":"%s"}}}}]}
            """.formatted(org.newPending("dan@acme.test").id()), Map.of("Idempotency-Key", "twice"));
        return bob;
    }

    @Test
    void nothing_tells_who_it_was_and_the_id_stays_good() {
        var org = roster.newOrg("acme");
        var ada = org.founder();
        var bob = wellKnown(org);
        assertThat(traces(org, bob.id(), "bob@acme.test").places())
            .contains("users: their e-mail address", "role_members: 1 row of theirs",
                "application_keys: 1 row of theirs");
        assertThat(traces(org, bob.id(), "bob@acme.test").places())
            .anyMatch(place -> place.matches("audit_entries: [0-9]+ rows with bob@acme.test"));
        var entries = roster.sqlValue("SELECT count(*) FROM audit_entries WHERE org_id = ?", org.id().value());

        var answer = anonymise(ada, bob.id());

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("/data/type")).isEqualTo("anonymize_users_response");
        assertThat(answer.texts("/data/attributes/anonymized_user_ids")).containsExactly(bob.id());
        assertThat(answer.at("/data/attributes/anonymize_errors")).isEmpty();
        var user = ada.get("/api/v2/users/" + bob.id());
        assertThat(user.text("/data/attributes/email")).isEqualTo(address(bob.id()));
        assertThat(user.text("/data/attributes/handle")).isEqualTo(address(bob.id()));
        assertThat(user.at("/data/attributes/name").isNull()).isTrue();
        assertThat(user.at("/data/attributes/title").isNull()).isTrue();
        assertThat(user.text("/data/attributes/status")).isEqualTo("Disabled");
        assertThat(user.at("/data/relationships/roles/data")).isEmpty();
        assertThat(bob.get("/api/v2/users").status()).isEqualTo(403);
        assertThat(ada.get("/api/v2/users?filter=bob").at("/data")).isEmpty();
        for (var old : List.of("bob@acme.test", "rob@acme.test")) {
            assertThat(traces(org, bob.id(), old).places()).as(old).isEmpty();
        }
        assertThat(roster.sqlValue("SELECT count(*) FROM audit_entries WHERE org_id = ?", org.id().value()))
            .as("the user and their key").isEqualTo((long) entries + 2);
        var verdict = roster.program().audit().trail.verify(org.id(), Optional.empty());
        assertThat(verdict.faults()).isEmpty();
        assertThat(verdict.erased()).isPositive();
    }

    @Test
    void the_history_keeps_its_shape() {
        var org = roster.newOrg("acme");
        var bob = wellKnown(org);

        anonymise(org.founder(), bob.id());

        assertThat(roster.sql("""
            SELECT action, actor_name, subject_name, after->>'email', after->>'verified' FROM audit_entries
             WHERE org_id = ? AND subject_id = ? AND action IN ('user.created', 'user.verified') ORDER BY version, entry
            """, org.id().value(), UUID.fromString(bob.id())))
            .containsExactly(List.of("user.created", "cli:test", "anonymized", "anonymized", "false"),
                Arrays.asList("user.verified", "cli:test", "anonymized", null, "true"));
        assertThat(roster.sql("""
            SELECT actor_name, address, subject_name FROM audit_entries
             WHERE org_id = ? AND actor_id = ? AND action = 'role.created'
            """, org.id().value(), UUID.fromString(bob.id())))
            .containsExactly(Arrays.asList("anonymized", null, "Of Bob"));
    }

    @Test
    void an_altered_entry_shows_also_after_some_of_it_was_erased() {
        var org = roster.newOrg("acme");
        var bob = wellKnown(org);
        anonymise(org.founder(), bob.id());

        roster.sql("""
            UPDATE audit_entries SET after = after || '{"verified":true}'
             WHERE org_id = ? AND subject_id = ? AND action = 'user.created' RETURNING 1
            """, org.id().value(), UUID.fromString(bob.id()));

        assertThat(roster.program().audit().trail.verify(org.id(), Optional.empty()).faults()).singleElement()
            .asString()
            .contains("user.created of anonymized").contains("was altered");
    }

    @Test
    void each_id_is_in_one_of_two_lists() {
        var org = roster.newOrg("acme");
        var ada = org.founder();
        var bob = org.newPending("bob@acme.test").id().toString();
        var robot = org.newServiceAccount("robot@acme.test", List.of()).id().toString();
        var unknown = UUID.randomUUID().toString();
        var stranger = roster.newOrg("other").founder().id();

        var answer = anonymise(ada, bob, robot, unknown, stranger, ada.id(), "no id");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.texts("/data/attributes/anonymized_user_ids")).containsExactly(bob);
        assertThat(answer.each("/data/attributes/anonymize_errors", "/user_id"))
            .containsExactly(robot, unknown, stranger, ada.id(), "no id");
        assertThat(answer.each("/data/attributes/anonymize_errors", "/error")).containsExactly(
            "user is a service account", "user not found", "user not found", "users cannot anonymize themselves",
            "user not found");
    }

    @Test
    void an_id_in_two_spellings_is_one() {
        var org = roster.newOrg("acme");
        var bob = org.newUser("bob@acme.test").id();
        var unknown = "A18F2C1E-7D1B-7C3A-9A35-6F1F6C1D2E3F";

        var answer =
            anonymise(org.founder(), bob, bob.toUpperCase(Locale.ROOT), unknown, unknown.toLowerCase(Locale.ROOT));

        assertThat(answer.texts("/data/attributes/anonymized_user_ids")).containsExactly(bob);
        assertThat(answer.each("/data/attributes/anonymize_errors", "/user_id"))
            .containsExactly(unknown.toLowerCase(Locale.ROOT));
    }

    @Test
    void a_second_time_is_a_success_and_changes_nothing() {
        var org = roster.newOrg("acme");
        var bob = org.newPending("bob@acme.test").id().toString();
        anonymise(org.founder(), bob);
        var version = org.version();

        assertThat(anonymise(org.founder(), bob).texts("/data/attributes/anonymized_user_ids")).containsExactly(bob);

        assertThat(org.version()).isEqualTo(version);
    }

    @Test
    void an_empty_or_malformed_list_is_400() {
        var ada = roster.newOrg("acme").founder();

        assertThat(anonymise(ada).status()).isEqualTo(400);
        assertThat(ada.send("PUT", "/api/v2/anonymize_users", """
            {"data":{"type":"anonymize_users_request","attributes":{"user_ids":"all"}}}
            """).status()).isEqualTo(400);
        assertThat(ada.send("PUT", "/api/v2/anonymize_users", """
            {"data":{"type":"anonymize_users_request"}}
            """).status()).isEqualTo(400);
    }

    @Test
    void the_last_administrator_stays_also_where_a_machine_asks() {
        var org = roster.newOrg("acme");
        var robot = org.newServiceAccount("robot@acme.test", List.of(org.managed(Role.Managed.ADMIN).toString()));
        var caller = new TestUser(org, robot, org.apiKey(), org.newApplicationKey(robot, Optional.empty()));

        var answer = anonymise(caller, org.founder().id());

        assertThat(answer.at("/data/attributes/anonymized_user_ids")).isEmpty();
        assertThat(answer.each("/data/attributes/anonymize_errors", "/error"))
            .containsExactly("An organization must keep at least one active administrator");
        assertThat(org.founder().get("/api/v2/users/" + org.founder().id()).text("/data/attributes/email"))
            .isEqualTo("founder@acme.test");
    }

    @Test
    void an_open_invitation_ends_with_its_letter() {
        var org = roster.newOrg("acme");
        var ada = org.founder();
        var bob = org.newPending("bob@acme.test").id().toString();
        var invitation = ada.post("/api/v2/user_invitations", """
            {"data":[{"type":"user_invitations","relationships":{"user":{"data":{"type":"users","id":"%s"}}}}]}
            """.formatted(bob)).text("/data/0/id");

        anonymise(ada, bob);

        assertThat(ada.get("/api/v2/user_invitations/" + invitation).status()).isEqualTo(404);
        assertThat(roster.sqlValue("SELECT count(*) FROM letters WHERE org_id = ?", org.id().value())).isEqualTo(0L);
        assertThat(traces(org, bob, "bob@acme.test").places()).isEmpty();
    }

    @Test
    void no_other_user_can_have_an_address_there() {
        var org = roster.newOrg("acme");
        var ada = org.founder();
        var bob = org.newPending("bob@acme.test").id().toString();
        var carl = org.newPending("carl@acme.test").id().toString();
        var attributes = "\"attributes\":{\"email\":\"%s\"}".formatted(address(bob));

        assertThat(ada.post("/api/v2/users", "{\"data\":{\"type\":\"users\",%s}}".formatted(attributes)).status())
            .isEqualTo(400);
        assertThat(ada.patch("/api/v2/users/" + carl,
            "{\"data\":{\"type\":\"users\",\"id\":\"%s\",%s}}".formatted(carl, attributes)).status()).isEqualTo(400);
        assertThat(anonymise(ada, bob).texts("/data/attributes/anonymized_user_ids")).containsExactly(bob);
        assertThat(ada.patch("/api/v2/users/" + bob,
            "{\"data\":{\"type\":\"users\",\"id\":\"%s\",%s}}".formatted(bob, attributes)).status()).isEqualTo(200);
    }

    @Test
    void without_user_access_manage_it_is_refused() {
        var org = roster.newOrg("acme");
        var bob = org.newStandard("bob@acme.test");

        assertThat(anonymise(bob, org.founder().id()).status()).isEqualTo(403);
    }
}
