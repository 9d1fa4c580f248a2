package roster.door.web.console;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.door.web.console.PersonForms.fields;
import static roster.door.web.console.PersonForms.text;
import static roster.door.web.console.PersonForms.told;
import static roster.door.web.console.PersonForms.undone;
import static roster.door.web.console.PersonForms.with;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.model.Role;
import roster.support.Answer;
import roster.support.Await;
import roster.support.Inviting;
import roster.support.SignedIn;
import roster.support.TestRoster;
import roster.support.TestUser;

/// Roles of a person are changed: reviewed first, told, taken back, and never over what others did meanwhile.
@Timeout(120)
class PersonRoleActsTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static String path(TestUser user) {
        return "/console/people/" + user.id();
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

        var notice = told(ada, saved(ada, bob, reviewed(ada, bob, fields(page), one, two)));
        assertThat(notice).contains("bob-roles@acme.test has the role Two now.", "Undo");
        assertThat(roles(bob)).containsExactlyInAnyOrder(one, two);
        assertThat(told(ada, undone(ada, notice))).contains("bob-roles@acme.test no longer has the role Two.");
        assertThat(roles(bob)).containsExactly(one);

        var swapped = told(ada,
            saved(ada, bob, reviewed(ada, bob, fields(ada.page(path(bob) + "/roles/edit")), two)));
        assertThat(swapped).contains("bob-roles@acme.test: 1 role given and 1 role taken.");
        undone(ada, swapped);
        assertThat(roles(bob)).containsExactly(one);
    }

    /// Sends the form of the roles, and opens the review that it leads to.
    private static Answer reviewed(SignedIn session, TestUser user, Map<String, String> fields, Role.Id... ticked) {
        var draft = sent(session, path(user) + "/roles/edit", fields, ticked);
        assertThat(draft.status()).as(draft.text()).isEqualTo(303);
        return session.page(draft.header("Location").orElseThrow());
    }

    /// Presses the button of a review.
    private static Answer saved(SignedIn session, TestUser user, Answer review) {
        return session.form(path(user) + "/roles/edit", fields(review));
    }

    @Test
    void other_roles_are_reviewed_before_they_are_saved() {
        var org = roster.newOrg("acme");
        var ada = SignedIn.in(org.newAdmin("ada-review@acme.test"));
        var one = org.newRole("One", List.of("audit_logs_read", "cases_read"));
        var two = org.newRole("Two", List.of("cases_read", "dashboards_read"));
        var bob = org.newUserWith("bob-review@acme.test", List.of(one.toString()));
        var before = org.version();

        var review = reviewed(ada, bob, fields(ada.page(path(bob) + "/roles/edit")), two);

        assertThat(review.status()).isEqualTo(200);
        assertThat(ConsoleUser.read(review)).contains("Review the roles of bob-review@acme.test",
            "2 permissions now, 2 after", "Gained: ", "dashboards_read Comes with Two", "Lost: ",
            "audit_logs_read Came with One alone", "Given: Two 2 permissions", "Taken: One 2 permissions",
            "stays, as another role of theirs holds it.", "This counts at once", "Save the roles")
            .doesNotContain("cases_read Came", "cases_read Comes");
        assertThat(org.version()).as("nothing is done yet").isEqualTo(before);
        assertThat(roles(bob)).containsExactly(one);
        var again = Pattern.compile("class=\"back\" href=\"([^\"]+)\"").matcher(review.text());
        assertThat(again.find()).isTrue();
        assertThat(ada.page(text(again.group(1))).text()).contains("value=\"" + two + "\" checked",
            "value=\"" + one + "\">");
        assertThat(told(ada, saved(ada, bob, review))).contains("1 role given and 1 role taken.");
        assertThat(roles(bob)).containsExactly(two);
    }

    /// More than an address holds.
    @Test
    void a_hundred_roles_are_reviewed_too() {
        var org = roster.newOrg("acme");
        var ada = SignedIn.in(org.newAdmin("ada-hundred@acme.test"));
        var all = IntStream.range(0, 120).mapToObj(i -> org.newRole("Role " + i, List.of("dashboards_read")))
            .toArray(Role.Id[]::new);
        var bob = org.newUser("bob-hundred@acme.test");

        var review = sent(ada, path(bob) + "/roles/edit", fields(ada.page(path(bob) + "/roles/edit")), all);

        assertThat(review.status()).isEqualTo(200);
        assertThat(ConsoleUser.read(review)).contains("Review the roles of bob-hundred@acme.test", "Given: Role 119");
        assertThat(roles(bob)).isEmpty();
        assertThat(told(ada, saved(ada, bob, review))).contains("120 roles given.");
        assertThat(roles(bob)).hasSize(120);
    }

    @Test
    void what_cannot_be_saved_has_no_button_in_its_review_and_nothing_to_review_leads_to_the_form() {
        var org = roster.newOrg("acme");
        var admin = org.founder();
        var ada = SignedIn.in(admin);
        var page = fields(ada.page(path(admin) + "/roles/edit"));
        var path = path(admin) + "/roles/review?take=" + org.managed(Role.Managed.ADMIN) + "&stamp="
            + page.get("stamp");
        var review = ada.page(path);
        assertThat(review.status()).isEqualTo(200);
        assertThat(ConsoleUser.read(review)).contains("This can't be done", "This is the last active administrator.",
            "another administrator must give back").doesNotContain("Save the roles");

        assertThat(ada.page(path(admin) + "/roles/review").header("Location").orElseThrow())
            .endsWith(path(admin) + "/roles/edit");
        var one = org.newRole("One", List.of("audit_logs_read"));
        var bob = org.newUser("bob-stale@acme.test");
        var draft = reviewed(ada, bob, fields(ada.page(path(bob) + "/roles/edit")), one);
        admin.post("/api/v2/roles/" + org.newRole("Two", List.of()) + "/users",
            "{\"data\":{\"type\":\"users\",\"id\":\"" + bob.id() + "\"}}");
        assertThat(saved(ada, bob, draft).status()).as("changed since").isEqualTo(412);
        var stale = ada.page(path(bob) + "/roles/review?give=" + one + "&stamp=" + fields(draft).get("stamp"));
        assertThat(stale.status()).isEqualTo(412);
        assertThat(stale.text()).contains("This was changed while you were editing", "Role One");
        var gone = org.newRole("Gone", List.of());
        assertThat(admin.delete("/api/v2/roles/" + gone).status()).isEqualTo(204);
        var missing = ada.page(path(bob) + "/roles/review?give=" + gone + "&stamp="
            + fields(ada.page(path(bob) + "/roles/edit")).get("stamp"));
        assertThat(missing.status()).isEqualTo(200);
        assertThat(ConsoleUser.read(missing)).contains("A role you chose is gone meanwhile.")
            .doesNotContain("Save the roles");
        var eve = SignedIn.in(org.newStandard("eve-review@acme.test"));
        assertThat(eve.page(path(bob) + "/roles/review?give=" + one).status()).isEqualTo(403);
        assertThat(SignedIn.in(roster.newOrg("other").founder()).page(path(bob) + "/roles/review?give=" + one).status())
            .isEqualTo(404);
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
}
