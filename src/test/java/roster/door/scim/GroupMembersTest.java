package roster.door.scim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.model.Role;
import roster.model.User;
import roster.support.Answer;
import roster.support.TestRoster;

/// The members of groups as a set: the contract's sections 7, 8, 10 and 14.
class GroupMembersTest {
    private static final String NO_ADMINISTRATOR = "An organization must keep at least one active administrator";

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private final GroupClient client = GroupClient.of(roster.newOrg("acme").newAdmin("ada@acme.test"));

    private static String add(Object... members) {
        return "{\"op\":\"add\",\"path\":\"members\",\"value\":%s}".formatted(GroupClient.members(List.of(members)));
    }

    private static void assertRefused(Answer answer, int status, String detail) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.text("/detail")).isEqualTo(detail);
    }

    @Test
    void who_cannot_be_a_member_is_skipped_and_the_audit_trail_says_so() {
        var bob = client.org().newUser("bob@acme.test");
        var bot = client.org().newServiceAccount("bot@acme.test", List.of());
        var unknown = UUID.randomUUID().toString();
        var ops = client.create("Ops");
        var before = client.org().version();

        client.patched(ops, add(bob, bot, unknown, "bob@acme.test"));

        assertThat(client.rowsOf(ops)).containsExactly(bob.id());
        var named = List.of(bot.id().toString(), unknown).stream().sorted().toList();
        assertThat(roster.sql("SELECT after::text FROM audit_entries WHERE org_id = ? AND version > ? "
            + "AND action = 'scim.members_skipped' AND subject_id = ?::uuid", client.org().id().value(), before, ops))
            .containsExactly(List.of("{\"users\": [\"%s\", \"%s\"], \"skipped\": 3}".formatted(named.getFirst(),
                named.getLast())));
        assertThat(client.entriesSince(before)).isEqualTo(Map.of("role.member_added", 1L, "scim.members_skipped", 1L));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "add", "replace", "POST"})
    void none_who_can_be_one_is_refused(String form) {
        var bob = client.org().newUser("bob@acme.test");
        var bot = client.org().newServiceAccount("bot@acme.test", List.of());
        var gone = client.org().newUser("gone@acme.test");
        assertThat(client.admin().send("PUT", "/api/v2/anonymize_users", """
            {"data":{"type":"anonymize_users_request","attributes":{"user_ids":["%s"]}}}""".formatted(gone.id()))
            .status()).isEqualTo(200);
        var ops = client.create("Ops", bob);
        var before = client.org().version();

        for (var id : List.of(bot.id().toString(), gone.id(), UUID.randomUUID().toString(), "bob@acme.test")) {
            assertRefused(sent(form, ops, id), 400, "members: none of these is a user");
        }
        assertRefused(sent(form, ops, client.org().managed(Role.Managed.STANDARD).toString()), 400,
            "members: a group cannot be a member");
        assertThat(client.org().version()).isEqualTo(before);
        assertThat(client.rowsOf(ops)).containsExactly(bob.id());
    }

    private Answer sent(String form, String group, String member) {
        var members = GroupClient.members(List.of(member));
        return switch (form) {
            case "PUT" -> client.put(group, "{\"displayName\":\"Ops\",\"members\":%s}".formatted(members));
            case "POST" ->
                client.send("POST", "/Groups", "{\"displayName\":\"Dev\",\"members\":%s}".formatted(members));
            default ->
                client.patch(group, "{\"op\":\"%s\",\"path\":\"members\",\"value\":%s}".formatted(form, members));
        };
    }

    @Test
    void a_group_among_users_is_refused_as_a_member_too() {
        var bob = client.org().newUser("bob@acme.test");
        var ops = client.create("Ops");

        assertRefused(client.patch(ops, add(bob, ops)), 400, "members: a group cannot be a member");
        assertThat(client.rowsOf(ops)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"op\":\"replace\",\"path\":\"members\",\"value\":[]}",
        "{\"op\":\"remove\",\"path\":\"members\"}", "{\"op\":\"remove\",\"path\":\"members[type eq \\\"User\\\"]\"}",
        "{\"op\":\"remove\",\"path\":\"members[value pr]\"}",
        "{\"op\":\"remove\",\"path\":\"members\",\"value\":[\"$bot\",\"$bob\"]}",
        "{\"op\":\"remove\",\"path\":\"members[value eq \\\"$bot\\\" or value eq \\\"$bob\\\"]\"}",
        "{\"op\":\"replace\",\"value\":{\"members\":[{\"value\":\"$ada\"},{\"value\":\"$bot\"}]}},"
            + "{\"op\":\"remove\",\"path\":\"members\"}",
        "PUT"})
    void service_accounts_are_neither_shown_nor_removed(String operations) {
        var bob = client.org().newUser("bob@acme.test");
        var ops = client.create("Ops", bob);
        var bot = client.org().newServiceAccount("bot@acme.test", List.of(ops)).id().toString();
        assertThat(client.membersOf(ops)).containsExactly(bob.id());

        if (operations.equals("PUT")) {
            assertThat(client.put(ops, "{\"displayName\":\"Ops\",\"members\":[]}").status()).isEqualTo(200);
        } else {
            client.patched(ops, operations.replace("$bot", bot).replace("$bob", bob.id()).replace("$ada",
                client.admin().id()));
        }

        assertThat(client.rowsOf(ops)).containsExactly(bot);
        assertThat(client.membersOf(ops)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"op\":\"replace\",\"path\":\"members\",\"value\":[]}",
        "{\"op\":\"remove\",\"path\":\"members\"}",
        "{\"op\":\"remove\",\"path\":\"members\",\"value\":[\"$ada\",\"$founder\"]}",
        "{\"op\":\"remove\",\"path\":\"members[value eq \\\"$ada\\\"]\"},"
            + "{\"op\":\"remove\",\"path\":\"members[value eq \\\"$founder\\\"]\"}",
        "{\"op\":\"remove\",\"path\":\"members[display pr]\"}",
        "{\"op\":\"replace\",\"path\":\"members\",\"value\":[\"$pending\"]}", "PUT", "PUT $pending"})
    void the_last_administrators_stay_by_every_form(String form) {
        var org = client.org();
        var admin = org.managed(Role.Managed.ADMIN).toString();
        var pending = org.newPending("new@acme.test");
        var members = client.rowsOf(admin);
        assertThat(members).containsExactlyInAnyOrder(client.admin().id(), org.founder().id());
        var before = org.version();

        var answer = form.startsWith("PUT")
            ? client.put(admin, "{\"displayName\":\"%s\",\"members\":[%s]}".formatted(Role.Managed.ADMIN.roleName(),
                form.equals("PUT") ? "" : "\"%s\"".formatted(pending.id())))
            : client.patch(admin, form.replace("$ada", client.admin().id()).replace("$founder", org.founder().id())
                .replace("$pending", pending.id().toString()));

        assertRefused(answer, 403, NO_ADMINISTRATOR);
        assertThat(client.rowsOf(admin)).isEqualTo(members);
        assertThat(org.version()).isEqualTo(before);
    }

    @Test
    void administrators_may_be_put_in_the_place_of_others() {
        var org = client.org();
        var bob = org.newUser("bob@acme.test");
        var admin = org.managed(Role.Managed.ADMIN).toString();

        var answer = client.put(admin, "{\"displayName\":\"%s\",\"members\":[\"%s\"]}".formatted(
            Role.Managed.ADMIN.roleName(), bob.id()));

        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.each("/members", "/value")).containsExactly(bob.id());
        assertThat(GroupClient.of(bob).membersOf(admin)).containsExactly(bob.id());
        assertThat(client.get("/Groups/" + admin).status()).as("the caller is none any more").isEqualTo(403);
        assertThat(client.rowsOf(admin)).containsExactly(bob.id());
    }

    @Test
    void ids_of_members_are_taken_in_any_case() {
        var bob = client.org().newUser("bob@acme.test");
        var upper = bob.id().toUpperCase(Locale.ROOT);
        var ops = client.create("Ops", upper);
        assertThat(client.rowsOf(ops)).containsExactly(bob.id());

        client.patched(ops, "{\"op\":\"remove\",\"path\":\"members[value eq \\\"%s\\\"]\"}".formatted(upper));
        assertThat(client.rowsOf(ops)).isEmpty();
        client.patched(ops, add(upper));
        assertThat(client.rowsOf(ops)).containsExactly(bob.id());
        client.patched(ops, "{\"op\":\"remove\",\"path\":\"members\",\"value\":[\"%s\"]}".formatted(upper));
        assertThat(client.rowsOf(ops)).isEmpty();
        var answer =
            client.put(ops, "{\"displayName\":\"Ops\",\"members\":[\"%s\",\"%s\"]}".formatted(upper, bob.id()));
        assertThat(answer.each("/members", "/value")).containsExactly(bob.id());
    }

    @Test
    void a_deleted_group_that_made_the_last_administrators_stays() {
        var org = client.org();
        var bob = org.newUser("bob@acme.test");
        var role = org.newRole("managers", List.of("user_access_manage", "user_access_invite")).toString();
        client.put(role, "{\"displayName\":\"managers\",\"members\":[\"%s\"]}".formatted(bob.id()));
        var theirs = GroupClient.of(bob);
        theirs.patched(org.managed(Role.Managed.ADMIN).toString(), "{\"op\":\"remove\",\"path\":\"members\"}");

        assertRefused(theirs.send("DELETE", "/Groups/" + role, null), 403, NO_ADMINISTRATOR);
        assertRefused(theirs.put(role, "{\"displayName\":\"managers\",\"members\":[]}"), 403, NO_ADMINISTRATOR);
    }

    @Test
    void a_member_is_given_the_role_by_the_caller_and_their_versions_tell_caches() {
        var org = client.org();
        var bob = org.newUser("bob@acme.test");
        var ops = client.create("Ops");
        client.patched(ops, add(bob));

        assertThat(roster.sql(
            "SELECT added_by::text, source, version FROM role_members WHERE org_id = ? AND role_id = ?::uuid",
            org.id().value(), ops)).containsExactly(List.of(client.admin().id(), "hand", org.version()));
        assertThat(roster.sqlValue("SELECT version FROM users WHERE org_id = ? AND id = ?::uuid", org.id().value(),
            bob.id())).isEqualTo(org.version());
        assertThat(roster.sql("SELECT subject_id::text, about::text, after::text FROM audit_entries "
            + "WHERE org_id = ? AND version = ? AND action = 'role.member_added'", org.id().value(), org.version()))
            .containsExactly(List.of(ops, bob.id(),
                "{\"user\": \"%s\", \"handle\": \"bob@acme.test\"}".formatted(bob.id())));
    }

    @Test
    void people_whom_a_directory_deleted_are_no_members() {
        var org = client.org();
        var bob = org.newUser("bob@acme.test");
        var ops = client.create("Ops", bob);
        hide(bob.user());

        assertThat(client.membersOf(ops)).isEmpty();
        assertThat(client.filtered("members eq \"%s\"".formatted(bob.id())).at("/totalResults").asInt()).isZero();
        client.put(ops, "{\"displayName\":\"Ops\",\"members\":[]}");
        assertThat(client.rowsOf(ops)).containsExactly(bob.id());
        assertRefused(client.patch(ops, add(bob)), 400, "members: none of these is a user");
    }

    private void hide(User user) {
        roster.sql("INSERT INTO scim_users (org_id, user_id, attributes, changed_at, hidden, version) "
            + "SELECT org_id, id, '{}', now(), true, version FROM users WHERE org_id = ? AND id = ?",
            user.org().value(), user.id().value());
        roster.sql("SELECT roster_touch(?, 'hidden')", user.org().value());
    }

    @Test
    void names_of_members_follow_their_users() {
        var bob = client.org().newUser("bob@acme.test");
        var ops = client.create("Ops", bob);
        client.admin().patch("/api/v2/users/" + bob.id(), """
            {"data":{"type":"users","id":"%s","attributes":{"name":"Bob Ray"}}}""".formatted(bob.id()));

        assertThat(client.get("/Groups/" + ops).text("/members/0/display")).isEqualTo("Bob Ray");
        client.patched(ops, "{\"op\":\"remove\",\"path\":\"members[display co \\\"ray\\\"]\"}");
        assertThat(client.rowsOf(ops)).isEmpty();
    }

    @Test
    void a_group_of_many_members_is_answered_whole() {
        var org = client.org();
        var ops = client.create("Ops");
        roster.sql("""
            WITH made AS (INSERT INTO users (org_id, id, email, handle, verified, created_at, modified_at, version)
                SELECT ?, gen_random_uuid(), 'n' || i || '@acme.test', 'n' || i || '@acme.test', false, now(), now(),
                       (SELECT version + 1 FROM orgs WHERE id = ?)
                  FROM generate_series(1, 21000) AS i RETURNING org_id, id, version)
            INSERT INTO role_members (org_id, user_id, role_id, version) SELECT org_id, id, ?::uuid, version FROM made
            """, org.id().value(), org.id().value(), ops);
        roster.sql("SELECT roster_touch(?, 'many')", org.id().value());

        var answer = client.get("/Groups/" + ops);

        assertThat(answer.header("ETag")).contains(client.etag(ops));
        assertThat(answer.header("Content-Type")).contains("application/scim+json");
        assertThat(answer.each("/members", "/value")).hasSize(21_000).isEqualTo(client.rowsOf(ops));
        assertThat(client.get("/Groups").at("/Resources").valueStream()
            .collect(Collectors.summingInt(group -> group.at("/members").size()))).isEqualTo(21_002);

        roster.sql("UPDATE role_member_sums SET members = 1000001 WHERE org_id = ? AND role_id = ?::uuid",
            org.id().value(), ops); // as if there were so many
        assertThat(client.get("/Groups/" + ops).text("/scimType")).isEqualTo("tooMany");
        assertThat(client.get("/Groups").text("/scimType")).isEqualTo("tooMany");
        assertThat(client.get("/Groups?excludedAttributes=members").status()).isEqualTo(200);
        assertThat(client.get("/Groups?count=3").status()).isEqualTo(200);
    }
}
