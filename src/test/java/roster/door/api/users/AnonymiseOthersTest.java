package roster.door.api.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.model.LoginMethod;
import roster.model.Role;
import roster.model.User;
import roster.support.Answer;
import roster.support.Await;
import roster.support.Inviting;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// Anonymising one user takes nothing from another, and the checks afterwards say so.
@Timeout(120)
class AnonymiseOthersTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static String create(TestUser caller, String email, String name) {
        var answer = caller.post("/api/v2/users", """
            {"data":{"type":"users","attributes":{"email":"%s","name":"%s"}}}
            """.formatted(email, name));
        assertThat(answer.status()).isEqualTo(201);
        return answer.id();
    }

    private static void edit(TestUser caller, String id, String attributes) {
        assertThat(caller.patch("/api/v2/users/" + id,
            "{\"data\":{\"type\":\"users\",\"id\":\"%s\",\"attributes\":{%s}}}".formatted(id, attributes)).status())
            .isEqualTo(200);
    }

    private static void move(TestUser caller, String id, String email) {
        edit(caller, id, "\"email\":\"%s\"".formatted(email));
    }

    private static void anonymise(TestUser caller, String... ids) {
        assertThat(caller.send("PUT", "/api/v2/anonymize_users", """
            {"data":{"type":"anonymize_users_request","attributes":{"user_ids":[%s]}}}
            """.formatted(String.join(",", List.of(ids).stream().map(id -> '"' + id + '"').toList())))
            .texts("/data/attributes/anonymized_user_ids")).containsExactly(ids);
    }

    private static List<String> left(TestOrg org, String id, String email) {
        return roster.program().anonymisation.leftovers.of(org.id(), new User.Id(UUID.fromString(id)), email).places();
    }

    private static Answer asOf(TestUser caller, String id, Instant moment) {
        return caller.get("/api/v2/roster/users/%s?as_of=%s".formatted(id,
            URLEncoder.encode(moment.toString(), StandardCharsets.UTF_8)));
    }

    private static Instant now(TestOrg org) {
        return Await.read(roster.db(), tx -> tx.query("SELECT written_at FROM orgs WHERE id = ?", org.id())
            .one(row -> row.instant("written_at")));
    }

    /// The entries about someone, or by them, as they can be read.
    private static List<List<Object>> entries(TestOrg org, String id) {
        return roster.sql("""
            SELECT version, entry, actor_name, subject_name, before::text, after::text, salt IS NULL, erased::text
              FROM audit_entries
             WHERE org_id = ? AND (COALESCE(about, subject_id) = ? OR actor_id = ? AND action <> 'user.anonymized')
             ORDER BY version, entry
            """, org.id().value(), UUID.fromString(id), UUID.fromString(id));
    }

    private static void trailHolds(TestOrg org) {
        assertThat(roster.program().audit().trail.verify(org.id(), Optional.empty()).faults()).isEmpty();
    }

    @Test
    void an_address_within_another_is_another() {
        var org = roster.newOrg("acme");
        var ada = org.founder();
        var lee = create(ada, "lee@example.com", "Lee");
        var ann = create(ada, "ann.lee@example.com", "Ann Lee");
        var abroad = create(ada, "lee@example.com.au", "Lee Abroad");
        var then = now(org);
        move(ada, ann, "ann@example.com");
        var ofAnn = entries(org, ann);
        var ofAbroad = entries(org, abroad);

        anonymise(ada, lee);

        assertThat(entries(org, ann)).isEqualTo(ofAnn);
        assertThat(entries(org, abroad)).isEqualTo(ofAbroad);
        assertThat(asOf(ada, ann, then).text("/data/attributes/email")).isEqualTo("ann.lee@example.com");
        assertThat(asOf(ada, ann, then).text("/data/attributes/name")).isEqualTo("Ann Lee");
        assertThat(asOf(ada, abroad, then).text("/data/attributes/email")).isEqualTo("lee@example.com.au");
        assertThat(left(org, lee, "lee@example.com")).isEmpty();
        assertThat(left(org, ann, "ann.lee@example.com")).contains("audit_entries: 2 rows with ann.lee@example.com");
        trailHolds(org);
    }

    @ParameterizedTest
    @ValueSource(strings = {"r@acme.te", "founder@acme.te", "er@acme.test", "r@acme.test.example"})
    void who_acts_keeps_their_name_whatever_address_is_part_of_theirs(String email) {
        var org = roster.newOrg("acme");
        var ada = org.founder();
        var short1 = create(ada, email, "N");
        create(ada, "x" + email, "Prefixed");
        ada.post("/api/v2/roles", "{\"data\":{\"type\":\"roles\",\"attributes\":{\"name\":\"Ops\"}}}");
        var byAda = entries(org, ada.id()).stream().filter(row -> !row.toString().contains("\"" + email + "\""))
            .toList();
        assertThat(byAda).hasSizeGreaterThan(2);

        anonymise(ada, short1);

        assertThat(entries(org, ada.id())).containsAll(byAda);
        assertThat(roster.sqlValue("SELECT count(*) FROM audit_entries WHERE org_id = ? AND actor_name = 'anonymized'",
            org.id().value())).isEqualTo(0L);
        assertThat(left(org, short1, email)).isEmpty();
        trailHolds(org);
    }

    @Test
    void a_former_address_belongs_to_who_has_it_now() {
        var org = roster.newOrg("acme");
        var ada = org.founder();
        var lee = create(ada, "lee@example.com", "Lee");
        move(ada, lee, "desk@example.com");
        move(ada, lee, "lee2@example.com");
        var kim = create(ada, "desk@example.com", "Kim");
        Inviting.invited(ada, kim);
        roster.sql("""
            INSERT INTO role_members (org_id, user_id, role_id, version)
            SELECT org_id, id, ?, version FROM users WHERE org_id = ? AND id = ?
            """, org.managed(Role.Managed.ADMIN).value(), org.id().value(), UUID.fromString(kim));
        var user = org.write(tx -> roster.program().user.users.verify(tx,
            roster.program().user.users.named(tx, org.id(), kim), "user.verified", true));
        var caller = new TestUser(org, user, org.apiKey(), org.newApplicationKey(user, Optional.empty()));
        var role = caller.post("/api/v2/roles", """
            {"data":{"type":"roles","attributes":{"name":"Desk of desk@example.com"}}}
            """).id();
        var ofKim = entries(org, kim);

        anonymise(ada, lee);

        assertThat(entries(org, kim)).isEqualTo(ofKim);
        assertThat(roster.sql("SELECT recipient, state FROM letters WHERE org_id = ?", org.id().value()))
            .containsExactly(List.of("desk@example.com", "queued"));
        assertThat(ada.get("/api/v2/roles/" + role).text("/data/attributes/created_by_handle"))
            .isEqualTo("desk@example.com");
        assertThat(ada.get("/api/v2/roles/" + role).text("/data/attributes/modified_by_handle"))
            .isEqualTo("desk@example.com");
        for (var address : List.of("lee@example.com", "desk@example.com", "lee2@example.com")) {
            assertThat(left(org, lee, address)).as(address).isEmpty();
        }
        assertThat(left(org, kim, "desk@example.com")).isNotEmpty();
        trailHolds(org);

        anonymise(ada, kim);

        assertThat(ada.get("/api/v2/roles/" + role).text("/data/attributes/created_by_handle"))
            .isEqualTo("anonymized-%s@anonymized.invalid".formatted(kim));
        assertThat(roster.sql("SELECT 1 FROM letters WHERE org_id = ?", org.id().value())).isEmpty();
        assertThat(left(org, kim, "desk@example.com")).containsExactly("roles: 1 row with desk@example.com");
        trailHolds(org);
    }

    @Test
    void letters_that_were_sent_and_came_back_go_with_their_user_only() {
        var org = roster.newOrg("acme");
        var ada = org.founder();
        var lee = create(ada, "lee@example.com", "Lee");
        var ann = create(ada, "ann@example.com", "Ann");
        for (var id : List.of(lee, ann)) {
            var invitation = Inviting.invited(ada, id);
            Inviting.sent(org, invitation);
            assertThat(ada.post(Inviting.OWN_PATH + "/" + invitation + "/bounce",
                Inviting.bounce("no mailbox of " + id)).status()).isEqualTo(200);
        }
        var ofAnn = entries(org, ann);
        assertThat(ofAnn).anyMatch(row -> row.toString().contains("no mailbox of " + ann));

        anonymise(ada, lee);

        assertThat(entries(org, ann)).isEqualTo(ofAnn);
        assertThat(left(org, lee, "lee@example.com")).isEmpty();
        assertThat(roster.sql("SELECT recipient FROM letters WHERE org_id = ?", org.id().value()))
            .containsExactly(List.of("ann@example.com"));
        trailHolds(org);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Lee x@anonymized.invalid", "anonymized", "@anonymized.invalid"})
    void a_name_that_looks_erased_is_erased_all_the_same(String name) {
        var org = roster.newOrg("acme");
        var ada = org.founder();
        var lee = create(ada, "lee@example.com", name);

        anonymise(ada, lee);

        assertThat(roster.sqlValue("SELECT after->>'name' FROM audit_entries WHERE org_id = ? AND subject_id = ? "
            + "AND action = 'user.created'", org.id().value(), UUID.fromString(lee))).isEqualTo("anonymized");
        assertThat(roster.sqlValue("SELECT jsonb_exists(erased->'digests', 'after.name') AND salt IS NULL "
            + "FROM audit_entries WHERE org_id = ? AND subject_id = ? AND action = 'user.created'",
            org.id().value(), UUID.fromString(lee))).isEqualTo(true);
        assertThat(left(org, lee, "lee@example.com")).isEmpty();
        trailHolds(org);
    }

    @Test
    void answers_kept_for_a_retry_go_by_whom_they_tell_of() {
        var org = roster.newOrg("acme");
        var ada = org.founder();
        var body = "{\"data\":{\"type\":\"users\",\"attributes\":{\"email\":\"%s\"}}}";
        var lee = ada.send("POST", "/api/v2/users", body.formatted("lee@example.com"),
            Map.of("Idempotency-Key", "lee")).id();
        var ann = ada.send("POST", "/api/v2/users", body.formatted("ann.lee@example.com"),
            Map.of("Idempotency-Key", "ann")).id();

        anonymise(ada, lee);

        var again = ada.send("POST", "/api/v2/users", body.formatted("ann.lee@example.com"),
            Map.of("Idempotency-Key", "ann"));
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.id()).isEqualTo(ann);
        assertThat(again.header("Idempotency-Replayed")).contains("true");
        assertThat(left(org, lee, "lee@example.com")).isEmpty();
        assertThat(roster.sqlValue("SELECT count(*) FROM idempotency_keys WHERE org_id = ? AND length(body) > 0",
            org.id().value())).isEqualTo(1L);
    }

    @Test
    void of_a_text_that_names_several_only_one_goes() {
        var org = roster.newOrg("acme");
        var ada = org.founder();
        var lee = create(ada, "lee@example.com", "Lee");
        var ann = create(ada, "ann.lee@example.com", "Ann");
        contacts(ada, "\"Lee@example.com\",\"ann.lee@example.com\"");
        contacts(ada, "");
        var role = ada.post("/api/v2/roles", """
            {"data":{"type":"roles","attributes":{"name":"For lee@example.com, not lee@example.com.au."}}}
            """).id();
        ada.delete("/api/v2/roles/" + role);
        edit(ada, ann, "\"title\":\"Deputy of lee@example.com\"");
        var ofAnn = entries(org, ann);

        anonymise(ada, lee);

        assertThat(roster.sqlValue("SELECT before->>'security_contacts' FROM audit_entries WHERE org_id = ? "
            + "AND action = 'org_config.updated' AND after->>'security_contacts' = '[]'", org.id().value()))
            .isEqualTo("[\"anonymized\", \"ann.lee@example.com\"]");
        assertThat(
            roster.sqlValue("SELECT DISTINCT subject_name FROM audit_entries WHERE org_id = ? AND subject_id = ?",
                org.id().value(), UUID.fromString(role)))
            .isEqualTo("For anonymized, not lee@example.com.au.");
        assertThat(entries(org, ann)).isEqualTo(ofAnn);
        assertThat(left(org, lee, "lee@example.com")).isEmpty();
        trailHolds(org);

        anonymise(ada, ann);

        assertThat(roster.sqlValue("SELECT before->>'security_contacts' FROM audit_entries WHERE org_id = ? "
            + "AND action = 'org_config.updated' AND after->>'security_contacts' = '[]'", org.id().value()))
            .isEqualTo("[\"anonymized\", \"anonymized\"]");
        assertThat(left(org, ann, "ann.lee@example.com")).isEmpty();
        trailHolds(org);

        roster.sql("""
            UPDATE audit_entries SET subject_name = 'For anonymized, not eve.'
             WHERE org_id = ? AND subject_id = ? AND action = 'role.deleted' RETURNING 1
            """, org.id().value(), UUID.fromString(role));
        assertThat(roster.program().audit().trail.verify(org.id(), Optional.empty()).faults()).singleElement()
            .asString().contains("lost details, and not by an anonymisation");
    }

    private static void contacts(TestUser ada, String addresses) {
        assertThat(ada.patch("/api/v2/org_configs/security_contacts", """
            {"data":{"type":"org_configs","attributes":{"value":[%s]}}}
            """.formatted(addresses)).status()).isEqualTo(200);
    }

    @Test
    void an_address_is_someones_for_the_time_they_had_it() {
        var org = roster.newOrg("acme");
        var ada = org.founder();
        var before = role(ada, "before lee@example.com");
        var lee = create(ada, "lee@example.com", "Lee");
        move(ada, lee, "desk@example.com");
        var during = role(ada, "during desk@example.com");
        move(ada, lee, "lee2@example.com");
        var after = role(ada, "after desk@example.com");
        var kim = create(ada, "desk@example.com", "Kim");
        var others = role(ada, "while desk@example.com is Kim's");
        List.of(before, during, after, others).forEach(id -> ada.delete("/api/v2/roles/" + id));

        anonymise(ada, lee);

        assertThat(created(org, during)).isEqualTo("during anonymized");
        assertThat(created(org, before)).isEqualTo("before lee@example.com");
        assertThat(created(org, after)).isEqualTo("after desk@example.com");
        assertThat(created(org, others)).isEqualTo("while desk@example.com is Kim's");
        assertThat(left(org, kim, "desk@example.com")).isNotEmpty();
        trailHolds(org);
    }

    private static String role(TestUser caller, String name) {
        return caller.post("/api/v2/roles",
            "{\"data\":{\"type\":\"roles\",\"attributes\":{\"name\":\"%s\"}}}".formatted(name)).id();
    }

    private static Object created(TestOrg org, String role) {
        return roster.sqlValue("SELECT subject_name FROM audit_entries WHERE org_id = ? AND subject_id = ? "
            + "AND action = 'role.created'", org.id().value(), UUID.fromString(role));
    }

    @Test
    void a_service_account_may_have_the_same_address_and_keeps_it() {
        var org = roster.newOrg("acme");
        var ada = org.founder();
        var lee = create(ada, "lee@example.com", "Lee");
        var robot = org.newServiceAccount("lee@example.com", List.of()).id().toString();
        var ofRobot = entries(org, robot);

        anonymise(ada, lee);

        assertThat(entries(org, robot)).isEqualTo(ofRobot);
        assertThat(ada.get("/api/v2/users/" + robot).text("/data/attributes/email")).isEqualTo("lee@example.com");
        assertThat(left(org, lee, "lee@example.com")).isEmpty();
        trailHolds(org);
    }

    @Test
    void how_someone_may_sign_in_is_theirs() {
        var org = roster.newOrg("acme");
        var ada = org.founder();
        var lee = create(ada, "lee@example.com", "Lee");
        var ann = create(ada, "ann.lee@example.com", "Ann");
        var standard = LoginMethod.STANDARD.id(org.id()).value().toString();
        for (var id : List.of(lee, ann)) {
            org.write(tx -> {
                roster.program().saml.loginMethods.override(tx, id, List.of(standard));
                return null;
            });
        }
        move(ada, lee, "lee2@example.com");

        anonymise(ada, lee);

        assertThat(roster.sql("SELECT subject_name FROM audit_entries WHERE org_id = ? "
            + "AND action = 'identity_provider.override_updated' ORDER BY version", org.id().value()))
            .containsExactly(List.of("anonymized"), List.of("ann.lee@example.com"));
        trailHolds(org);
    }
}
