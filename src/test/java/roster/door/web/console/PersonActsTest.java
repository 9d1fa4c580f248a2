package roster.door.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.core.user.Users;
import roster.model.Role;
import roster.support.Answer;
import roster.support.Await;
import roster.support.Inviting;
import roster.support.SignedIn;
import roster.support.TestRoster;
import roster.support.TestUser;

/// Acts on a person: each is asked for first, says what it did, can be taken back, and never undoes what others did meanwhile.
@Timeout(120)
class PersonActsTest {
    private static final Pattern HIDDEN =
        Pattern.compile("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"");
    private static final Pattern FIELD =
        Pattern.compile("<input class=\"input\" id=\"([a-z]+)\" name=\"[a-z]+\" type=\"[a-z]+\" value=\"([^\"]*)\"");
    private static final Pattern NOTICE = Pattern.compile("(?s)<div class=\"notices\".*?</main>");

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static String path(TestUser user) {
        return "/console/people/" + user.id();
    }

    private static String text(String html) {
        return html.replace("&#34;", "\"").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&");
    }

    /// The hidden fields and the fields of the form on a page, without its csrf, which the session has.
    private static Map<String, String> fields(Answer page) {
        var main = page.text().substring(page.text().indexOf("<h1"));
        var fields = new LinkedHashMap<String, String>();
        HIDDEN.matcher(main).results().forEach(found -> fields.put(found.group(1), text(found.group(2))));
        FIELD.matcher(main).results().forEach(found -> fields.put(found.group(1), text(found.group(2))));
        fields.remove("csrf");
        return fields;
    }

    private static Map<String, String> with(Map<String, String> fields, String... pairs) {
        var all = new HashMap<>(fields);
        for (var i = 0; i < pairs.length; i += 2) {
            all.put(pairs[i], pairs[i + 1]);
        }
        return all;
    }

    /// Follows the answer to a form to the page that tells what was done.
    private static String told(SignedIn session, Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(303);
        var cookie = answer.header("Set-Cookie").orElseThrow().replaceAll(";.*", "");
        var page = roster.send("GET", answer.header("Location").orElseThrow(), null,
            Map.of("Cookie", session.cookie().get("Cookie") + "; " + cookie));
        var found = NOTICE.matcher(page.text());
        assertThat(found.find()).isTrue();
        return found.group();
    }

    /// The form of a notice.
    private static Answer undone(SignedIn session, String notice) {
        var action = notice.replaceAll("(?s).*?<form method=\"post\" action=\"([^\"]+)\".*", "$1");
        var fields = new LinkedHashMap<String, String>();
        HIDDEN.matcher(notice.substring(0, notice.indexOf("</form>"))).results()
            .forEach(found -> fields.put(found.group(1), text(found.group(2))));
        fields.remove("csrf");
        return session.form(action, fields);
    }

    private static String status(TestUser user) {
        return Await.read(roster.db(), tx -> roster.program().user.users.find(tx, user.org().id(), user.user().id()))
            .orElseThrow().status().text();
    }

    private static void rename(TestUser by, TestUser user, String name) {
        assertThat(by.patch("/api/v2/users/" + user.id(), """
            {"data":{"type":"users","id":"%s","attributes":{"name":"%s"}}}""".formatted(user.id(), name)).status())
            .isEqualTo(200);
    }

    private static Users.Edit disabled(boolean disabled) {
        return new Users.Edit(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(disabled));
    }

    @Test
    void disabling_is_asked_told_and_taken_back() {
        var org = roster.newOrg("acme");
        var ada = SignedIn.in(org.newAdmin("ada-dis@acme.test"));
        var bob = org.newStandard("bob-dis@acme.test");
        SignedIn.in(bob);
        SignedIn.in(bob);

        var question = ada.page(path(bob) + "/disable");
        assertThat(question.status()).isEqualTo(200);
        assertThat(question.text()).contains("Disable bob-dis@acme.test?", "2 sessions end",
            "1 application key is revoked: a key", "permanent",
            "1 role is kept and applies again when they are enabled", "Cancel");
        assertThat(status(bob)).isEqualTo("Active");

        var notice = told(ada, ada.form(path(bob) + "/disable", fields(question)));
        assertThat(notice).contains("bob-dis@acme.test is disabled. 2 sessions ended, 1 key was revoked.",
            "Enable again", "Dismiss", "disabled them", "ended 2 sessions", "Firefox on Linux, Firefox on Linux");
        assertThat(status(bob)).isEqualTo("Disabled");

        assertThat(told(ada, undone(ada, notice))).contains("bob-dis@acme.test is enabled.", "Disable again");
        assertThat(status(bob)).isEqualTo("Active");
        assertThat(ada.page(path(bob) + "/enable").text()).contains("They are enabled already.");
    }

    @Test
    void an_undo_does_not_take_back_what_others_did_meanwhile() {
        var org = roster.newOrg("acme");
        var admin = org.newAdmin("ada-undo@acme.test");
        var ada = SignedIn.in(admin);
        var bob = org.newStandard("bob-undo@acme.test");
        var notice = told(ada, ada.form(path(bob) + "/disable", Map.of()));
        rename(admin, bob, "Bob Renamed");

        var refused = undone(ada, notice);

        assertThat(refused.status()).isEqualTo(412);
        assertThat(refused.text()).contains("This was changed while you were editing",
            "ada-undo@acme.test changed Bob Renamed at ", "Your changes are not saved yet. Choose what to keep.",
            "Save this version", "Discard mine");
        assertThat(status(bob)).isEqualTo("Disabled");
        var kept = fields(refused);
        assertThat(told(ada, ada.form(path(bob) + "/enable", kept))).contains("Nothing was changed.");
        assertThat(told(ada, ada.form(path(bob) + "/enable", with(kept, "take_status", "yes"))))
            .contains("Bob Renamed is enabled.");
        assertThat(status(bob)).isEqualTo("Active");
    }

    @Test
    void the_last_administrator_is_not_disabled_and_the_reason_stands_in_the_place_of_the_button() {
        var org = roster.newOrg("acme");
        var admin = org.founder();
        var ada = SignedIn.in(admin);

        var asked = ada.page(path(admin) + "/disable");
        var tried = ada.form(path(admin) + "/disable", Map.of());

        assertThat(asked.text()).contains("This is the last active administrator. Give another person "
            + "user_access_manage first.").doesNotContain("<button class=\"button danger sure\">");
        assertThat(tried.status()).isEqualTo(422);
        assertThat(tried.text()).contains("This is the last active administrator.");
        assertThat(status(admin)).isEqualTo("Active");
        assertThat(ada.page(path(admin) + "/anonymise").text())

            .contains("You can't anonymise yourself.");
    }

    @Test
    void a_profile_is_edited_and_faults_keep_what_was_typed() {
        var org = roster.newOrg("acme");
        var ada = SignedIn.in(org.newAdmin("ada-edit@acme.test"));
        var bob = org.newUser("bob-edit@acme.test");
        var ann = org.newUser("ann-edit@acme.test");
        org.write(tx -> roster.program().user.users.update(tx, ann.id(), disabled(true)));
        var form = fields(ada.page(path(bob) + "/edit"));
        assertThat(form).containsEntry("email", "bob-edit@acme.test").containsEntry("name", "");

        var long_ = ada.form(path(bob) + "/edit", with(form, "name", "W".repeat(61), "title", "Chief"));
        assertThat(long_.status()).isEqualTo(422);
        assertThat(long_.text()).contains("<title>Error: ", "role=\"alert\"",
            "Use at most 55 characters; this has 61.", "W".repeat(61), "value=\"Chief\"");
        assertThat(ada.form(path(bob) + "/edit", with(form, "email", "bob at acme")).text())
            .contains("Enter an email address, like ann@example.com.", "value=\"bob at acme\"");
        var taken = ada.form(path(bob) + "/edit", with(form, "email", "Ann-Edit@acme.test"));
        assertThat(taken.status()).isEqualTo(422);
        assertThat(taken.text()).contains("belongs to ann-edit@acme.test, who is disabled.",
            "Open ann-edit@acme.test", path(ann));

        assertThat(told(ada, ada.form(path(bob) + "/edit",
            with(fields(taken), "email", "bob2-edit@acme.test", "name", "Bob", "title", "Chief"))))
            .contains("The changes are saved.", "<h1><bdi>Bob</bdi></h1>", "bob2-edit@acme.test", "Chief");
    }

    @Test
    void two_edit_one_and_the_second_chooses() {
        var org = roster.newOrg("acme");
        var admin = org.newAdmin("ada-two@acme.test");
        var ada = SignedIn.in(admin);
        var bob = org.newUser("bob-two@acme.test");
        var form = fields(ada.page(path(bob) + "/edit"));
        rename(admin, bob, "Theirs");

        var refused = ada.form(path(bob) + "/edit", with(form, "name", "Mine", "title", "Chief"));

        assertThat(refused.status()).isEqualTo(412);
        assertThat(refused.text()).contains("<title>Error: ", "When you began", "ada-two@acme.test changed ",
            "name=\"take_name\" value=\"\" checked", "name=\"take_name\" value=\"yes\"",
            "type=\"checkbox\" name=\"take_title\" value=\"yes\" checked").doesNotContain("take_email");
        var again = with(fields(refused), "take_name", "yes", "take_title", "yes");
        assertThat(told(ada, ada.form(path(bob) + "/edit", again))).contains("<h1><bdi>Mine</bdi></h1>", "Chief");
    }

    @Test
    void a_sign_in_meanwhile_disturbs_nobody() {
        var org = roster.newOrg("acme");
        var ada = SignedIn.in(org.newAdmin("ada-calm@acme.test"));
        var bob = org.newUser("bob-calm@acme.test");
        var form = fields(ada.page(path(bob) + "/edit"));
        SignedIn.in(bob);

        assertThat(told(ada, ada.form(path(bob) + "/edit", with(form, "name", "Bob"))))
            .contains("The changes are saved.");
    }

    @Test
    void a_person_who_was_anonymised_meanwhile_is_told_with_what_was_typed() {
        var org = roster.newOrg("acme");
        var ada = SignedIn.in(org.newAdmin("ada-gone@acme.test"));
        var bob = org.newUser("bob-gone@acme.test");
        var form = fields(ada.page(path(bob) + "/edit"));
        assertThat(ada.form(path(bob) + "/anonymise", Map.of("typed", "bob-gone@acme.test")).status()).isEqualTo(303);

        var refused = ada.form(path(bob) + "/edit", with(form, "name", "Never Saved"));

        assertThat(refused.status()).isEqualTo(412);
        assertThat(refused.text()).contains("bob-gone@acme.test was anonymised at ", "Never Saved");
    }

    @Test
    void roles_are_given_and_taken_and_that_is_taken_back() {
        var org = roster.newOrg("acme");
        var ada = SignedIn.in(org.newAdmin("ada-roles@acme.test"));
        var one = org.newRole("One", List.of("audit_logs_read"));
        var two = org.newRole("Two", List.of("cases_write"));
        var bob = org.newUserWith("bob-roles@acme.test", List.of(one.toString()));
        var page = ada.page(path(bob) + "/roles/edit");
        assertThat(page.text()).contains("value=\"" + one + "\" checked", "value=\"" + two + "\">");

        var notice = told(ada, sent(ada, path(bob) + "/roles/edit", fields(page), one, two));
        assertThat(notice).contains("bob-roles@acme.test has the role Two now.", "Undo");
        assertThat(roles(bob)).containsExactlyInAnyOrder(one, two);
        assertThat(told(ada, undone(ada, notice))).contains("bob-roles@acme.test no longer has the role Two.");
        assertThat(roles(bob)).containsExactly(one);

        var swapped = told(ada, sent(ada, path(bob) + "/roles/edit", fields(ada.page(path(bob) + "/roles/edit")), two));
        assertThat(swapped).contains("bob-roles@acme.test: 1 role given and 1 role taken.");
        undone(ada, swapped);
        assertThat(roles(bob)).containsExactly(one);
    }

    private static Answer sent(SignedIn session, String action, Map<String, String> fields, Role.Id... ticked) {
        var all = new HashMap<>(fields);
        all.put("csrf", session.csrf());
        var headers = new HashMap<>(session.cookie());
        headers.put("Sec-Fetch-Site", "same-origin");
        headers.put("Content-Type", Inviting.FORM);
        var body = new StringBuilder(SignedIn.encoded(all));
        for (var role : ticked) {
            body.append("&role=").append(role);
        }
        return roster.send("POST", action, body.toString(), headers);
    }

    private static List<Role.Id> roles(TestUser user) {
        return Await.read(roster.db(), tx -> roster.program().user.users.find(tx, user.org().id(), user.user().id()))
            .orElseThrow().roles();
    }

    @Test
    void roles_changed_meanwhile_are_chosen_one_by_one() {
        var org = roster.newOrg("acme");
        var admin = org.newAdmin("ada-rmean@acme.test");
        var ada = SignedIn.in(admin);
        var one = org.newRole("One", List.of("audit_logs_read"));
        var two = org.newRole("Two", List.of("cases_write"));
        var bob = org.newUser("bob-rmean@acme.test");
        var form = fields(ada.page(path(bob) + "/roles/edit"));
        assertThat(admin.post("/api/v2/roles/" + two + "/users",
            "{\"data\":{\"type\":\"users\",\"id\":\"" + bob.id() + "\"}}").status()).isEqualTo(200);

        var refused = sent(ada, path(bob) + "/roles/edit", form, one);

        assertThat(refused.status()).isEqualTo(412);
        assertThat(refused.text()).contains("Role One", "Role Two", "take_" + one).doesNotContain("take_" + two);
        assertThat(roles(bob)).containsExactly(two);
        told(ada, ada.form(path(bob) + "/roles/edit", with(fields(refused), "take_" + one, "yes")));
        assertThat(roles(bob)).containsExactlyInAnyOrder(one, two);
    }

    @Test
    void the_last_administrator_keeps_the_role_and_the_boxes_stay_as_ticked() {
        var org = roster.newOrg("acme");
        var admin = org.founder();
        var ada = SignedIn.in(admin);
        var one = org.newRole("One", List.of("audit_logs_read"));

        var refused = sent(ada, path(admin) + "/roles/edit", fields(ada.page(path(admin) + "/roles/edit")), one);

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text()).contains("This is the last active administrator.", "value=\"" + one + "\" checked");
        assertThat(roles(admin)).containsExactly(org.managed(Role.Managed.ADMIN));
    }

    @Test
    void among_many_roles_one_is_found_by_name_and_ticks_stay() {
        var org = roster.newOrg("acme");
        var ada = SignedIn.in(org.newAdmin("ada-many@acme.test"));
        var first = org.newRole("Role 00", List.of());
        for (var i = 1; i < 60; i++) {
            org.newRole("Role %02d".formatted(i), List.of());
        }
        var bob = org.newUser("bob-many@acme.test");
        var page = ada.page(path(bob) + "/roles/edit");
        assertThat(page.text()).contains("The first 50 of 63 roles. Search for the others by name.")
            .doesNotContain("Role 59");

        var found = sent(ada, path(bob) + "/roles/edit", with(fields(page), "q", "role 59", "find", "yes"), first);

        assertThat(found.status()).isEqualTo(200);
        assertThat(found.text()).contains("Role 59", "value=\"" + first + "\" checked").doesNotContain("Role 33");
        assertThat(roles(bob)).isEmpty();
    }

    @Test
    void anonymising_wants_the_address_typed() {
        var org = roster.newOrg("acme");
        var ada = SignedIn.in(org.newAdmin("ada-anon@acme.test"));
        var bob = org.newStandard("bob-anon@acme.test");
        assertThat(ada.page(path(bob) + "/anonymise").text()).contains("Anonymise bob-anon@acme.test?", "permanent",
            "Type bob-anon@acme.test to go on", "1 role is taken");

        var wrong = ada.form(path(bob) + "/anonymise", Map.of("typed", "bob@acme.test"));
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.text()).contains("Type bob-anon@acme.test to go on.", "value=\"bob@acme.test\"");
        assertThat(status(bob)).isEqualTo("Active");

        assertThat(told(ada, ada.form(path(bob) + "/anonymise", Map.of("typed", " Bob-Anon@acme.test "))))
            .contains("A person was anonymised.", "A person who was anonymised").doesNotContain("bob-anon", "/edit");
        assertThat(ada.page(path(bob) + "/anonymise").text()).contains("They are anonymised already.");
    }

    @Test
    void acts_need_user_access_manage_a_fresh_session_and_a_form_of_ours() {
        var org = roster.newOrg("acme");
        var ada = SignedIn.in(org.newAdmin("ada-guard@acme.test"));
        var bob = org.newUser("bob-guard@acme.test");
        var eve = SignedIn.in(org.newStandard("eve-guard@acme.test"));
        var other = SignedIn.in(roster.newOrg("other").newAdmin("mal-guard@other.test"));
        var before = org.version();
        for (var act : List.of("/edit", "/roles/edit", "/disable", "/enable", "/anonymise")) {
            assertThat(eve.page(path(bob) + act).status()).as(act).isEqualTo(403);
            assertThat(eve.form(path(bob) + act, Map.of("typed", bob.email())).status()).as(act).isEqualTo(403);
            assertThat(other.page(path(bob) + act).status()).as(act).isEqualTo(404);
            assertThat(other.form(path(bob) + act, Map.of("typed", bob.email())).status()).as(act).isEqualTo(404);
            assertThat(roster.send("POST", path(bob) + act, "typed=" + bob.email(),
                with(ada.cookie(), "Content-Type", Inviting.FORM, "Sec-Fetch-Site", "same-origin")).status()).as(act)
                .isEqualTo(403);
        }
        roster.sql("UPDATE sessions SET fresh_until = roster_now() - interval '1 second' WHERE id = ?", ada.session());
        for (var act : List.of("/edit", "/roles/edit", "/disable", "/enable", "/anonymise")) {
            assertThat(ada.form(path(bob) + act, Map.of("typed", bob.email())).header("Location").orElseThrow())
                .as(act).contains("/sign-in/again");
        }
        assertThat(ada.page(path(bob) + "/anonymise").header("Location").orElseThrow()).contains("/sign-in/again");
        assertThat(ada.page(path(bob) + "/disable").status()).isEqualTo(200);
        assertThat(status(bob)).isEqualTo("Active");
        assertThat(org.version()).isEqualTo(before);
    }

    @Test
    void disabling_oneself_ends_ones_own_session() {
        var org = roster.newOrg("acme");
        org.newAdmin("ada-self@acme.test");
        var cy = org.newAdmin("cy-self@acme.test");
        var session = SignedIn.in(cy);

        assertThat(session.form(path(cy) + "/disable", Map.of()).status()).isEqualTo(303);

        assertThat(session.page("/console/").header("Location").orElseThrow()).contains("/sign-in");
    }
}
