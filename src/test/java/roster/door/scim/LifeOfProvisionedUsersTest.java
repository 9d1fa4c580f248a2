package roster.door.scim;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.door.scim.UserClient.ok;
import static roster.door.scim.UserClient.person;
import static roster.door.scim.UserClient.refused;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.base.db.TenantTable;
import roster.model.Role;
import roster.model.User;
import roster.support.Answer;
import roster.support.Inviting;
import roster.support.Logged;
import roster.support.TestRoster;
import roster.support.TestUser;

/// From being created by a directory to being deleted, and back: the contract's section 6.
class LifeOfProvisionedUsersTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static UserClient directory() {
        return UserClient.of(roster.newOrg("acme"));
    }

    private static void set(UserClient directory, String config, String value) {
        ok(directory.admin().patch("/api/v2/org_configs/" + config,
            "{\"data\":{\"type\":\"org_configs\",\"attributes\":{\"value\":%s}}}".formatted(value)), 200);
    }

    @Test
    void a_created_person_is_pending_and_sent_nothing() {
        var directory = directory();
        var version = directory.org().version();
        var id = directory.created(person("ann@acme.test", ""));
        var disabled = directory.created(person("bob@acme.test", "\"active\":false"));

        assertThat(directory.status(id)).isEqualTo("Pending");
        assertThat(directory.status(disabled)).isEqualTo("Disabled");
        assertThat(directory.user(id).at("/data/attributes/verified").asBoolean(true)).isFalse();
        assertThat(directory.user(id).at("/data/relationships/roles/data")).isEmpty();
        assertThat(roster.sqlValue("SELECT count(*) FROM letters WHERE org_id = ?", directory.org().id().value()))
            .isEqualTo(0L);
        assertThat(directory.entriesSince(version)).containsExactly("user.created", "user.created");
        assertThat(directory.org().version()).isEqualTo(version + 2);
    }

    @Test
    void an_organisation_may_have_them_invited_and_given_a_role() {
        var directory = directory();
        var role = directory.org().newRole("Newcomers", List.of());
        var own = directory.org().newRole("Ops", List.of());
        set(directory, "roster_scim_invitations", "true");
        set(directory, "roster_scim_default_role", "\"%s\"".formatted(role));
        var version = directory.org().version();

        var id = directory.created(person("ann@acme.test", ""));
        assertThat(directory.get(id).each("/roles", "/value")).containsExactly(role.toString());
        assertThat(directory.entriesSince(version)).containsExactly("user.created", "role.member_added",
            "invitation.sent");
        assertThat(directory.org().version()).isEqualTo(version + 1);
        var other = directory.created(person("bob@acme.test", "\"active\":false,\"roles\":[\"ops\"]"));
        assertThat(directory.get(other).each("/roles", "/value")).containsExactly(own.toString());
        assertThat(roster.sqlValue("SELECT count(*) FROM invitations WHERE org_id = ?", directory.org().id().value()))
            .isEqualTo(1L);

        ok(directory.admin().delete("/api/v2/roles/" + role), 204);
        assertThat(directory.get(directory.created(person("carl@acme.test", ""))).at("/roles").isMissingNode())
            .isTrue();
    }

    @Test
    void the_default_role_is_one_that_who_chooses_it_may_give() {
        var directory = directory();
        var org = directory.org();
        var manager =
            org.newUserWith("m@acme.test", List.of(org.newRole("Managers", List.of("org_management")).toString()));
        var body = "{\"data\":{\"type\":\"org_configs\",\"attributes\":{\"value\":\"%s\"}}}";
        var path = "/api/v2/org_configs/roster_scim_default_role";

        ok(manager.patch(path, body.formatted(org.managed(Role.Managed.ADMIN))), 403);
        ok(manager.patch(path, body.formatted(org.newRole("Nothing", List.of()))), 200);
        ok(directory.admin().patch(path, body.formatted(roster.newOrg("other").managed(Role.Managed.ADMIN))), 400);
        ok(directory.admin().patch(path, body.formatted("none")), 400);
        ok(directory.admin().patch(path, "{\"data\":{\"type\":\"org_configs\",\"attributes\":{\"value\":null}}}"), 200);
    }

    @Test
    void disabling_and_enabling_keep_roles_and_tell_of_themselves() {
        var directory = directory();
        var role = directory.org().newRole("Ops", List.of());
        var id = directory.created(person("ann@acme.test", "\"roles\":[\"Ops\"]"));
        var version = directory.org().version();

        ok(directory.patch(id, "{\"op\":\"replace\",\"path\":\"active\",\"value\":false}"), 200);
        ok(directory.put(id, person("ann@acme.test", "\"active\":true")), 200);

        assertThat(directory.entriesSince(version)).containsExactly("user.disabled", "user.enabled");
        assertThat(directory.get(id).each("/roles", "/value")).containsExactly(role.toString());
        refused(directory.patch(id, "{\"op\":\"remove\",\"path\":\"active\"}"), 400, "invalidValue");
    }

    @Test
    void a_deleted_person_is_gone_for_directories_and_stays_disabled_here() {
        var directory = directory();
        var id = directory.created(person("ann@acme.test", "\"externalId\":\"x1\",\"nickName\":\"A\",\"roles\":[\"%s\"]"
            .formatted(directory.org().newRole("Ops", List.of()))));
        var version = directory.org().version();
        ok(directory.delete(id), 204);
        assertThat(directory.entriesSince(version)).containsExactly("user.deprovisioned");

        ok(directory.get(id), 404);
        ok(directory.delete(id), 404);
        ok(directory.put(id, person("ann@acme.test", "")), 404);
        ok(directory.patch(id, "{\"op\":\"replace\",\"path\":\"active\",\"value\":true}"), 404);
        for (var filter : List.of("userName eq \"ann@acme.test\"", "externalId eq \"x1\"", "id eq \"%s\"".formatted(id),
            "emails eq \"ann@acme.test\"", "nickName eq \"a\"")) {
            assertThat(directory.filtered(filter).at("/totalResults").asInt()).as(filter).isZero();
        }
        assertThat(directory.send("GET", "/Users", null).at("/totalResults").asInt()).isEqualTo(1);
        assertThat(directory.status(id)).isEqualTo("Disabled");
        assertThat(directory.user(id).at("/data/relationships/roles/data")).isEmpty();

        var other = directory.created("{\"userName\":\"ann@acme.test\",\"emails\":[{\"value\":\"b@acme.test\"}]}");
        refused(
            directory.patch(other,
                "{\"op\":\"replace\",\"path\":\"emails\",\"value\":[{\"value\":\"ann@acme.test\"}]}"),
            409, "uniqueness");
    }

    @Test
    void a_disabled_person_is_restored_by_their_address_too_but_not_with_that_of_another() {
        var directory = directory();
        var bob = directory.org().newUser("bob@acme.test").id();
        var ann = directory.created(person("ann@acme.test", "\"active\":false"));
        ok(directory.patch(bob, "{\"op\":\"replace\",\"path\":\"active\",\"value\":false}"), 200);
        var version = directory.org().version();

        refused(directory.post("{\"userName\":\"ann@acme.test\",\"emails\":[{\"value\":\"bob@acme.test\"}]}"), 409,
            "uniqueness");
        assertThat(directory.org().version()).isEqualTo(version);
        var back = ok(directory.post("{\"userName\":\"corp\\\\bob\",\"emails\":[{\"value\":\"Bob@acme.test\"}]}"), 201);

        assertThat(back.text("/id")).isEqualTo(bob);
        assertThat(back.text("/userName")).isEqualTo("corp\\bob");
        assertThat(directory.status(bob)).isEqualTo("Active");
        assertThat(directory.status(ann)).isEqualTo("Disabled");
    }

    /// With all that lets a user in: a password, keys, a proved address, a role.
    private static TestUser atHome(UserClient directory, String id) {
        Inviting.accept(roster, Inviting.link(directory.org(), Inviting.invited(directory.admin(), id)));
        assertThat(roster.sqlValue("SELECT count(*) FROM passwords WHERE org_id = ? AND user_id = ?::uuid",
            directory.org().id().value(), id)).isEqualTo(1L);
        return directory.joined(id, List.of(directory.org().managed(Role.Managed.ADMIN).toString()));
    }

    @Test
    void who_gets_a_used_address_inherits_nothing() {
        var directory = directory();
        var id = directory.created(person("ann@acme.test", "\"externalId\":\"x1\",\"title\":\"CEO\""));
        var ann = atHome(directory, id);
        ok(directory.delete(id), 204);
        var org = directory.org();
        ok(directory.admin().post("/api/v2/roles/%s/users".formatted(org.newRole("Ops", List.of())),
            "{\"data\":{\"type\":\"users\",\"id\":\"%s\"}}".formatted(id)), 200);

        var again = ok(directory.post("{\"userName\":\"ann@acme.test\",\"externalId\":\"x2\"}"), 201);

        assertThat(again.text("/id")).isEqualTo(id);
        assertThat(again.at("/active").asBoolean(false)).isTrue();
        assertThat(again.at("/roles").isMissingNode() && again.at("/title").isMissingNode()).isTrue();
        assertThat(again.text("/displayName")).isEqualTo("ann");
        assertThat(directory.status(id)).isEqualTo("Pending");
        assertThat(directory.user(id).at("/data/relationships/roles/data")).isEmpty();
        assertThat(roster.sqlValue("SELECT count(*) FROM passwords WHERE org_id = ? AND user_id = ?::uuid",
            org.id().value(), id)).isEqualTo(0L);
        assertThat(roster.sqlValue("SELECT email_proved OR verified FROM users WHERE org_id = ? AND id = ?::uuid",
            org.id().value(), id)).isEqualTo(false);
        assertThat(ann.get("/api/v2/users").status()).isEqualTo(403);
        assertThat(directory.entriesSince(0)).contains("user.restored");
    }

    @Test
    void enabled_by_another_door_a_deleted_person_is_visible_again() {
        var directory = directory();
        var id = directory.created(person("ann@acme.test", ""));
        ok(directory.delete(id), 204);
        ok(directory.admin().patch("/api/v2/users/" + id,
            "{\"data\":{\"type\":\"users\",\"id\":\"%s\",\"attributes\":{\"disabled\":false}}}".formatted(id)), 200);

        assertThat(ok(directory.get(id), 200).text("/userName")).isEqualTo("ann@acme.test");
        refused(directory.post(person("ann@acme.test", "")), 409, "uniqueness");
    }

    @Test
    void anonymising_leaves_nothing_of_what_directories_said() {
        var directory = directory();
        var id = directory.created(person("ann@acme.test", """
            "externalId":"x-secret","nickName":"Annie-secret","phoneNumbers":[{"value":"0049-secret"}]"""));
        ok(directory.patch(id, "{\"op\":\"replace\",\"path\":\"nickName\",\"value\":\"Anna-secret\"}"), 200);
        ok(directory.admin().send("PUT", "/api/v2/anonymize_users", """
            {"data":{"type":"anonymize_users_request","attributes":{"user_ids":["%s"]}}}""".formatted(id)), 200);

        ok(directory.get(id), 404);
        assertThat(directory.filtered("userName sw \"anonymized\"").at("/totalResults").asInt()).isZero();
        assertThat(roster.sqlValue("SELECT count(*) FROM scim_users WHERE org_id = ?", directory.org().id().value()))
            .isEqualTo(0L);
        assertThat(roster.sqlValue(
            "SELECT count(*) FROM audit_entries e WHERE org_id = ? AND to_jsonb(e)::text LIKE '%secret%'",
            directory.org().id().value())).isEqualTo(0L);
        assertThat(roster.program().anonymisation.leftovers.of(directory.org().id(), new User.Id(UUID.fromString(id)),
            "ann@acme.test").places()).isEmpty();
        assertThat(directory.created(person("ann@acme.test", ""))).isNotEqualTo(id);
    }

    /// Texts that stand for roles may say anything of a person.
    @Test
    void anonymising_erases_the_texts_that_were_sent_as_roles_and_those_of_no_one_else() {
        var directory = directory();
        var ann = directory.created(person("ann@acme.test", "\"roles\":[\"sister of Eve Lee\"]"));
        directory.created(person("bob@acme.test", "\"roles\":[\"porter\"]"));
        ok(directory.put(ann, person("ann@acme.test", "\"roles\":[{\"value\":\"born in 1970\"}]")), 200);
        ok(directory.patch(ann, """
            {"op":"add","path":"roles","value":[{"value":"often ill"},{"value":"x1234"}]},
            {"op":"add","path":"title","value":"CEO"}"""), 200);
        assertThat(skipped(directory)).containsExactly("[\"sister of Eve Lee\"]", "[\"porter\"]",
            "[\"born in 1970\"]", "[\"often ill\", \"x1234\"]");

        ok(directory.admin().send("PUT", "/api/v2/anonymize_users", """
            {"data":{"type":"anonymize_users_request","attributes":{"user_ids":["%s"]}}}""".formatted(ann)), 200);

        assertThat(skipped(directory)).containsExactly("\"anonymized\"", "[\"porter\"]", "\"anonymized\"",
            "\"anonymized\"");
        assertThat(roster.program().anonymisation.leftovers.of(directory.org().id(), new User.Id(UUID.fromString(ann)),
            "ann@acme.test").places()).isEmpty();
        assertThat(roster.program().audit().trail.verify(directory.org().id(), Optional.empty()).faults()).isEmpty();
    }

    private static List<String> skipped(UserClient directory) {
        return roster.sql("SELECT (after->'skipped')::text FROM audit_entries WHERE org_id = ? "
            + "AND action = 'scim.roles_skipped' ORDER BY version, entry", directory.org().id().value()).stream()
            .map(row -> (String) row.getFirst()).toList();
    }

    /// The tables in which a text of the organisation is.
    private static List<String> tablesWith(UserClient directory, String text) {
        var count = "SELECT count(*) FROM %s t WHERE t.%s = ? AND strpos(t::text, ?) > 0";
        return roster.program().features().stream().flatMap(feature -> feature.tables().stream())
            .filter(table -> (long) roster.sqlValue(count.formatted(table.name(), table.org()),
                directory.org().id().value(), text) > 0)
            .map(TenantTable::name).toList();
    }

    @Test
    void nothing_of_a_password_is_kept() {
        var directory = directory();
        var sent = "\"password\":\"hunter2-secret\",\"nickName\":\"Annie-%s\"";
        var answers = new ArrayList<Answer>();
        try (var logged = new Logged()) {
            var made = ok(directory.post(person("ann@acme.test", sent.formatted("made"))), 201);
            var id = made.text("/id");
            answers.add(made);
            answers.add(ok(directory.put(id, person("ann@acme.test", sent.formatted("put"))), 200));
            answers.add(ok(directory.patch(id, "{\"op\":\"replace\",\"value\":{%s}}".formatted(
                sent.formatted("patch"))), 200));
            answers.add(ok(directory.patch(id, """
                {"op":"add","path":"password","value":"hunter2-secret"},
                {"op":"replace","path":"active","value":false}"""), 200));
            answers.add(ok(directory.post(person("ann@acme.test", sent.formatted("back"))), 201));
            answers.add(ok(directory.send("POST", "/Bulk", BulkClient.body(BulkClient.change("PUT", "/Users/" + id,
                person("ann@acme.test", sent.formatted("bulk"))), "")), 200));
            answers.add(refused(directory.put(id, "{%s}".formatted(sent.formatted("no name"))), 400, "invalidValue"));
            answers.add(directory.get(id));
            assertThat(directory.get(id).text("/nickName")).isEqualTo("Annie-bulk");

            assertThat(logged.lines()).as("the log is heard").anyMatch(line -> line.contains("PUT /scim/v2/Users/{id}"))
                .noneMatch(line -> line.contains("hunter2"));
        }
        assertThat(answers).noneMatch(answer -> answer.text().toLowerCase(Locale.ROOT).contains("password")
            || answer.text().contains("hunter2"));
        assertThat(tablesWith(directory, "Annie-")).as("what is kept is found")
            .containsExactlyInAnyOrder("scim_users", "audit_entries");
        assertThat(tablesWith(directory, "hunter2")).isEmpty();
        assertThat(roster.sqlValue("SELECT count(*) FROM passwords WHERE org_id = ?", directory.org().id().value()))
            .isEqualTo(0L);
    }

    @Test
    void two_nodes_show_the_same_with_the_commit() {
        var directory = directory();
        try (var other = roster.anotherNode(Map.of())) {
            var there = directory.at(other.address());
            var id = directory.created(person("ann@acme.test", ""));
            for (var i = 0; i < 20; i++) {
                var writer = i % 2 == 0 ? directory : there;
                var reader = i % 2 == 0 ? there : directory;
                ok(writer.patch(id, "{\"op\":\"replace\",\"path\":\"nickName\",\"value\":\"n%d\"}".formatted(i)), 200);
                assertThat(reader.get(id).text("/nickName")).isEqualTo("n" + i);
            }
        }
    }
}
