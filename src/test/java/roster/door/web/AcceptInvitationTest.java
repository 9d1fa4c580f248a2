package roster.door.web;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.support.Inviting.invited;
import static roster.support.Inviting.link;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.model.User;
import roster.support.Answer;
import roster.support.Inviting;
import roster.support.Recipe;
import roster.support.Recipe.Call;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// The page of an invitation, and its button.
class AcceptInvitationTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    static final List<Recipe> RECIPES = List.of(
        new Recipe("POST /invitations/{token}", org -> new Call(Inviting.link(org, Inviting.newInvitation(org)),
            Inviting.form("Bob Miller", Inviting.PASSWORD), Inviting.FORM)),
        new Recipe("POST /invitations/{token}/ask", org -> {
            var expired = Inviting.newInvitation(org);
            Inviting.expire(org, expired);
            return new Call(Inviting.link(org, expired) + "/ask", null, Inviting.FORM);
        }));

    @Test
    void the_page_names_organisation_inviter_address_and_expiry() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var page = page(link(ada.org(), invited(ada, ada.org().newPending("bob@acme.test").id())));

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.text()).contains("acme", "ada@acme.test", "bob@acme.test", " UTC", "<form method=\"post\"",
            "Accept the invitation");
    }

    @Test
    void fetching_the_page_changes_nothing_however_often_and_the_button_makes_the_user_active() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var bob = ada.org().newPending("bob@acme.test");
        var link = link(ada.org(), invited(ada, bob.id()));
        var before = version(ada.org());
        for (int i = 0; i < 3; i++) {
            assertThat(roster.send("HEAD", link, null).status()).isEqualTo(200);
            assertThat(page(link).status()).isEqualTo(200);
        }

        assertThat(version(ada.org())).isEqualTo(before);
        assertThat(status(ada, bob)).isEqualTo("Pending");

        var accepted = press(link);
        assertThat(accepted.status()).isEqualTo(200);
        assertThat(accepted.text()).contains("You have joined acme", "acme");
        assertThat(status(ada, bob)).isEqualTo("Active");
        assertThat(ada.get("/api/v2/users/" + bob.id()).at("/data/attributes/verified").asBoolean()).isTrue();
        assertThat(version(ada.org())).isEqualTo(before + 1);
    }

    @Test
    void it_works_once_and_ends_all_others_of_the_user() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var bob = ada.org().newPending("bob@acme.test").id();
        var first = link(ada.org(), invited(ada, bob));
        var second = link(ada.org(), invited(ada, bob));
        press(second);

        for (var link : List.of(first, second)) {
            assertThat(press(link).status()).isEqualTo(410);
            assertThat(page(link).text()).contains("This invitation has been used").doesNotContain("<form");
        }
    }

    @Test
    void with_a_bad_name_the_password_is_not_judged() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var link = link(ada.org(), invited(ada, ada.org().newPending("bob@acme.test").id()));
        var answer = Inviting.accept(roster, link, "<b>", "passwordpassword");

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.text()).contains("A name may have at most 55 characters, and must not contain &lt; or &gt;.")
            .doesNotContain("too easy to guess");
    }

    @Test
    void an_expired_one_says_so_and_is_not_accepted() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var bob = ada.org().newPending("bob@acme.test");
        var id = invited(ada, bob.id());
        var link = link(ada.org(), id);
        Inviting.expire(ada.org(), id);

        assertClosed(link, "has expired");
        assertThat(page(link).text()).contains("ada@acme.test sent it, and can send a new one.");
        assertThat(status(ada, bob)).isEqualTo("Pending");
    }

    @Test
    void a_disabled_users_invitation_does_not_work_until_they_are_enabled() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var bob = ada.org().newPending("bob@acme.test");
        var link = link(ada.org(), invited(ada, bob.id()));
        ada.delete("/api/v2/users/" + bob.id());

        assertClosed(link, "no longer works");
        assertThat(status(ada, bob)).isEqualTo("Disabled");

        edit(ada, bob, "\"disabled\": false");
        assertThat(press(link).status()).isEqualTo(200);
        assertThat(status(ada, bob)).isEqualTo("Active");
    }

    @Test
    void a_new_address_ends_what_went_to_the_old_one_for_good() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var bob = ada.org().newPending("bob@acme.test");
        var link = link(ada.org(), invited(ada, bob.id()));
        edit(ada, bob, "\"email\": \"robert@acme.test\"");

        assertClosed(link, "went to an old address");

        edit(ada, bob, "\"email\": \"bob@acme.test\"");
        assertClosed(link, "was cancelled");
        assertThat(press(link(ada.org(), invited(ada, bob.id()))).status()).isEqualTo(200);
        assertThat(actions(ada.org(), "invitation.cancelled")).hasSize(1);
    }

    @Test
    void a_disabled_organisation_cannot_be_joined() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var link = link(ada.org(), invited(ada, ada.org().newPending("bob@acme.test").id()));
        roster.sql("UPDATE orgs SET disabled = true WHERE id = ?", ada.org().id().value());

        assertClosed(link, "cannot be joined");
    }

    @Test
    void a_token_that_is_altered_short_long_or_absent_is_unknown() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var link = link(ada.org(), invited(ada, ada.org().newPending("bob@acme.test").id()));
        var altered = link.substring(0, link.length() - 2) + (link.charAt(link.length() - 2) == 'A' ? "B" : "A")
            + link.charAt(link.length() - 1);

        for (var wrong : List.of(altered, link + "A", link.substring(0, link.length() - 1), "/invitations/x",
            "/invitations/%F0%9F%98%80", link + "%20")) {
            assertThat(page(wrong).status()).as(wrong).isEqualTo(404);
            assertThat(press(wrong).status()).as(wrong).isEqualTo(404);
            assertThat(page(wrong).text()).contains("Invitation not found");
        }
    }

    @Test
    void accepting_is_audited_as_the_invitees_doing_and_proves_the_address() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var bob = ada.org().newPending("bob@acme.test");
        press(link(ada.org(), invited(ada, bob.id())));

        assertThat(roster.sql("""
            SELECT action, actor_kind, actor_name, actor_id FROM audit_entries
             WHERE org_id = ? AND actor_kind = 'INVITEE' ORDER BY entry
            """, ada.org().id().value())).containsExactly(
            List.of("invitation.accepted", "INVITEE", "invitee", bob.id().value()),
            List.of("user.verified", "INVITEE", "invitee", bob.id().value()),
            List.of("user.password_set", "INVITEE", "invitee", bob.id().value()));
        assertThat(roster.sqlValue("SELECT email_proved FROM users WHERE org_id = ? AND id = ?",
            ada.org().id().value(), bob.id().value())).isEqualTo(true);
    }

    @Test
    void what_the_giver_of_a_role_could_no_longer_give_is_left_out() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var org = ada.org();
        var inviters = org.newRole("Inviters", List.of("user_access_invite"));
        var readers = org.newRole("Readers", List.of("audit_logs_read"));
        var more = org.newRole("More", List.of("api_keys_write"));
        var eve = org.newUserWith("eve@acme.test", texts(inviters, readers, more));
        var kept = created(eve, "kept@acme.test", readers, inviters);
        var left = created(eve, "left@acme.test", readers, inviters, more);
        var byAdmin = created(ada, "admins@acme.test", more);
        var keptLink = link(org, invited(ada, kept));
        var leftLink = link(org, invited(ada, left));
        var byAdminLink = link(org, invited(ada, byAdmin));

        press(keptLink);
        assertThat(roles(ada, kept)).containsExactlyInAnyOrder(inviters.toString(), readers.toString());

        // Eve loses two of her roles: neither could she give any more.
        for (var role : List.of(readers, more)) {
            ada.delete("/api/v2/roles/" + role + "/users", """
                {"data": {"type": "users", "id": "%s"}}""".formatted(eve.id()));
        }
        press(leftLink);
        assertThat(roles(ada, left)).containsExactly(inviters.toString());
        assertThat(status(ada, left)).isEqualTo("Active");
        assertThat(roster.sql("""
            SELECT subject_id FROM audit_entries
             WHERE org_id = ? AND action = 'role.member_removed' AND actor_kind = 'INVITEE'
            """, org.id().value()).stream().map(List::getFirst).toList())
            .containsExactlyInAnyOrder(readers.value(), more.value());

        press(byAdminLink);
        assertThat(roles(ada, byAdmin)).containsExactly(more.toString());
    }

    @Test
    void roles_given_by_a_user_who_is_disabled_now_are_left_out_and_the_command_lines_stay() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var org = ada.org();
        var one = org.newRole("One", List.of("audit_logs_read"));
        var two = org.newRole("Two", List.of("api_keys_write"));
        var eve = org.newAdmin("eve@acme.test");
        var program = roster.program();
        var bob = org.write(tx -> program.user.newUsers.create(tx, "bob@acme.test", Optional.empty(), Optional.empty(),
            texts(one))).id().toString();
        eve.post("/api/v2/roles/" + two + "/users", "{\"data\": {\"type\": \"users\", \"id\": \"%s\"}}".formatted(bob));
        var link = link(org, invited(ada, bob));
        assertThat(roles(ada, bob)).containsExactlyInAnyOrder(one.toString(), two.toString());
        ada.delete("/api/v2/users/" + eve.id());
        press(link);

        assertThat(roles(ada, bob)).containsExactly(one.toString());
    }

    @Test
    void another_site_cannot_press_the_button() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var bob = ada.org().newPending("bob@acme.test");
        var link = link(ada.org(), invited(ada, bob.id()));
        var form = Inviting.form("Bob", Inviting.PASSWORD);

        for (var foreign : List.of(Map.of("Sec-Fetch-Site", "cross-site"), Map.of("Sec-Fetch-Site", "same-site"),
            Map.of("Origin", "https://evil.test"))) {
            var headers = new HashMap<>(foreign);
            headers.put("Content-Type", Inviting.FORM);
            assertThat(roster.send("POST", link, form, headers).status()).isEqualTo(403);
            assertThat(roster.send("POST", link + "/ask", "", headers).status()).isEqualTo(403);
            assertThat(status(ada, bob)).isEqualTo("Pending");
        }
        assertThat(roster.send("POST", link, form, Map.of("Sec-Fetch-Site", "same-origin", "Origin", "null",
            "Content-Type", Inviting.FORM)).status()).isEqualTo(200);
    }

    @Test
    void a_browser_may_only_show_the_page() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var link = link(ada.org(), invited(ada, ada.org().newPending("bob@acme.test").id()));

        for (var page : List.of(page(link), page("/invitations/x"), press(link), press(link))) {
            assertThat(page.header("Content-Security-Policy").orElseThrow()).contains("default-src 'none'",
                "frame-ancestors 'none'", "form-action 'self'").doesNotContain("unsafe", "script");
            assertThat(page.header("Referrer-Policy")).contains("no-referrer");
            assertThat(page.header("Cache-Control")).contains("no-store");
            assertThat(page.header("X-Content-Type-Options")).contains("nosniff");
            assertThat(page.header("Content-Type")).contains("text/html; charset=utf-8");
            assertThat(page.text()).doesNotContain("<script", "http://", "https://", " style=");
        }
    }

    @Test
    void markup_in_names_is_shown_as_text() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        roster.sql("UPDATE orgs SET name = '<b>acme</b>' WHERE id = ?", ada.org().id().value());
        roster.sql("UPDATE users SET name = ? WHERE org_id = ? AND id = ?", "Ada <script>\r\n\"x\" \uD83D\uDE00",
            ada.org().id().value(), ada.user().id().value());
        var page = page(link(ada.org(), invited(ada, ada.org().newPending("bob@acme.test").id())));

        assertThat(page.text()).contains("&lt;b&gt;acme&lt;/b&gt;", "Ada &lt;script&gt; \"x\" \uD83D\uDE00")
            .doesNotContain("<b>", "<script");
    }

    private static Answer page(String link) {
        return roster.send("GET", link, null);
    }

    private static Answer press(String link) {
        return Inviting.accept(roster, link);
    }

    private static void assertClosed(String link, String why) {
        assertThat(page(link).status()).isEqualTo(410);
        assertThat(page(link).text()).contains(why).doesNotContain("name=\"password\"");
        assertThat(press(link).status()).isEqualTo(410);
    }

    private static String status(TestUser reader, User user) {
        return status(reader, user.id().toString());
    }

    private static String status(TestUser reader, String id) {
        return reader.get("/api/v2/users/" + id).text("/data/attributes/status");
    }

    private static List<String> roles(TestUser reader, String id) {
        return reader.get("/api/v2/users/" + id).each("/data/relationships/roles/data", "/id");
    }

    private static void edit(TestUser editor, User user, String attributes) {
        assertThat(editor.patch("/api/v2/users/" + user.id(), """
            {"data": {"type": "users", "id": "%s", "attributes": {%s}}}""".formatted(user.id(), attributes)).status())
            .isEqualTo(200);
    }

    private static String created(TestUser by, String email, Object... roles) {
        var references = texts(roles).stream().map("{\"type\": \"roles\", \"id\": \"%s\"}"::formatted).toList();
        var answer = by.post("/api/v2/users", """
            {"data": {"type": "users", "attributes": {"email": "%s"}, "relationships": {"roles": {"data": [%s]}}}}
            """.formatted(email, String.join(", ", references)));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        return answer.id();
    }

    private static List<String> texts(Object... ids) {
        return java.util.Arrays.stream(ids).map(Object::toString).toList();
    }

    private static long version(TestOrg org) {
        return (Long) roster.sqlValue("SELECT version FROM orgs WHERE id = ?", org.id().value());
    }

    static List<List<Object>> actions(TestOrg org, String action) {
        return org.roster().sql("SELECT subject_id FROM audit_entries WHERE org_id = ? AND action = ?",
            org.id().value(), action);
    }
}
