package roster.door.web.console;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.door.web.console.PersonForms.fields;
import static roster.door.web.console.PersonForms.told;
import static roster.door.web.console.PersonForms.undone;
import static roster.door.web.console.PersonForms.with;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.core.user.Users;
import roster.support.Await;
import roster.support.Inviting;
import roster.support.SignedIn;
import roster.support.TestRoster;
import roster.support.TestUser;

/// Acts on a person: each is asked for first, says what it did, can be taken back, and never undoes what others did meanwhile.
@Timeout(120)
class PersonActsTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static String path(TestUser user) {
        return "/console/people/" + user.id();
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
