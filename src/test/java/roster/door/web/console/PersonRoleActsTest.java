package roster.door.web.console;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.door.web.console.PersonForms.fields;
import static roster.door.web.console.PersonForms.text;
import static roster.door.web.console.PersonForms.told;
import static roster.door.web.console.PersonForms.undone;
import static roster.door.web.console.PersonForms.with;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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
        assertThat(ticked(ada.page(back(review)))).containsExactly(two.toString());
        assertThat(told(ada, saved(ada, bob, review))).contains("1 role given and 1 role taken.");
        assertThat(roles(bob)).containsExactly(two);
    }

    /// More than would have room in an address by their ids.
    @Test
    void as_many_roles_as_are_given_together_are_reviewed_at_an_address_that_keeps_them_and_taken_back() {
        var org = roster.newOrg("acme");
        var ada = SignedIn.in(org.newAdmin("ada-hundred@acme.test"));
        var all = IntStream.range(0, 100).mapToObj(i -> org.newRole("Role " + i, List.of("dashboards_read")))
            .toArray(Role.Id[]::new);
        var bob = org.newUser("bob-hundred@acme.test");
        var given = Arrays.copyOf(all, 50);

        var sent = sent(ada, path(bob) + "/roles/edit", fields(ada.page(path(bob) + "/roles/edit")), given);

        assertThat(sent.status()).isEqualTo(303);
        var address = sent.header("Location").orElseThrow();
        assertThat(address.length()).isLessThan(2000);
        var review = ada.page(address);
        assertThat(review.status()).isEqualTo(200);
        assertThat(ConsoleUser.read(review)).contains("Review the roles of bob-hundred@acme.test", "Given: Role 0 ",
            "Given: Role 49 ").doesNotContain("Role 50");
        assertThat(ticked(ada.page(back(review)))).containsExactlyInAnyOrder(texts(given));
        assertThat(roles(bob)).isEmpty();
        org.newRole("Newer", List.of());
        assertThat(ConsoleUser.read(ada.page(address))).as("newer roles change nothing").contains("Save the roles")
            .doesNotContain("Newer");
        var notice = told(ada, saved(ada, bob, review));
        assertThat(notice).contains("50 roles given.", "Undo");
        assertThat(roles(bob)).containsExactlyInAnyOrder(given);
        assertThat(told(ada, undone(ada, notice))).contains("50 roles taken.");
        assertThat(roles(bob)).isEmpty();
    }

    @Test
    void more_roles_than_are_given_and_taken_together_are_refused_in_plain_words() {
        var org = roster.newOrg("acme");
        var ada = SignedIn.in(org.newAdmin("ada-beyond@acme.test"));
        var all = IntStream.range(0, 51).mapToObj(i -> org.newRole("Role " + i, List.of())).toArray(Role.Id[]::new);
        var bob = org.newUserWith("bob-beyond@acme.test", List.of(all[50].toString()));
        var page = fields(ada.page(path(bob) + "/roles/edit"));
        var given = Arrays.copyOf(all, 50);

        var refused = sent(ada, path(bob) + "/roles/edit", page, given);

        var why = "At most 50 roles are given and taken together; these are 51.";
        assertThat(refused.status()).isEqualTo(422);
        assertThat(ConsoleUser.read(refused)).contains(why);
        assertThat(ticked(refused)).containsExactlyInAnyOrder(texts(given));
        var review = ada.page(path(bob) + "/roles/review?take=" + all[50] + "&give="
            + Arrays.stream(given).map(Role.Id::toString).collect(Collectors.joining(",")) + "&stamp="
            + page.get("stamp"));
        assertThat(review.status()).isEqualTo(200);
        assertThat(ConsoleUser.read(review)).contains("This can't be done", why).doesNotContain("Save the roles");
        assertThat(roles(bob)).containsExactly(all[50]);
    }

    @Test
    void roles_that_are_counted_are_never_others_than_were_chosen() {
        var org = roster.newOrg("acme");
        var admin = org.newAdmin("ada-counted@acme.test");
        var ada = SignedIn.in(admin);
        var all = IntStream.range(0, 42).mapToObj(i -> org.newRole("Role " + i, List.of())).toArray(Role.Id[]::new);
        var given = Arrays.copyOfRange(all, 1, 41);
        var bob = org.newUser("bob-counted@acme.test");
        var draft = sent(ada, path(bob) + "/roles/edit", fields(ada.page(path(bob) + "/roles/edit")), given);
        var address = draft.header("Location").orElseThrow();
        var notice = told(ada, saved(ada, bob, ada.page(address)));
        assertThat(admin.delete("/api/v2/roles/" + all[0]).status()).isEqualTo(204);

        for (var late : List.of(ada.page(address), ada.page(address.replace("/review", "/edit")),
            undone(ada, notice))) {
            assertThat(late.status()).isEqualTo(412);
            assertThat(ConsoleUser.read(late)).contains("Nothing was saved",
                "Roles were deleted since you chose. Choose again.", "Review");
            assertThat(ticked(late)).containsExactlyInAnyOrder(texts(given));
        }
        assertThat(roles(bob)).containsExactlyInAnyOrder(given);
        for (var damaged : List.of("give=nonsense", "take=" + all[1] + ",x")) {
            var answer = ada.page(path(bob) + "/roles/review?" + damaged);
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.text()).contains("This address is damaged");
        }
        assertThat(ada.page(path(bob) + "/roles/edit?give=.@@").status()).isEqualTo(412);
    }

    private static String[] texts(Role.Id... ids) {
        return Arrays.stream(ids).map(Role.Id::toString).toArray(String[]::new);
    }

    /// The values of the boxes that are ticked.
    private static List<String> ticked(Answer page) {
        return Pattern.compile("name=\"role\" value=\"([^\"]+)\" checked").matcher(page.text()).results()
            .map(found -> found.group(1)).toList();
    }

    /// Where a review leads back to.
    private static String back(Answer review) {
        var found = Pattern.compile("class=\"back\" href=\"([^\"]+)\"").matcher(review.text());
        assertThat(found.find()).isTrue();
        return text(found.group(1));
    }

    @Test
    void a_review_that_is_refused_when_it_is_sent_leads_to_a_form_that_can_be_sent() {
        var org = roster.newOrg("acme");
        var admin = org.founder();
        var ada = SignedIn.in(admin);
        var carl = org.newAdmin("carl-refused@acme.test");
        var one = org.newRole("One", List.of("audit_logs_read"));
        var review = reviewed(ada, admin, fields(ada.page(path(admin) + "/roles/edit")), one);
        assertThat(ConsoleUser.read(review)).contains("Save the roles");
        assertThat(admin.delete("/api/v2/users/" + carl.id()).status()).isEqualTo(204);

        var refused = saved(ada, admin, review);

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text()).contains("This is the last active administrator.");
        assertThat(ticked(refused)).containsExactly(one.toString());
        var both = reviewed(ada, admin, fields(refused), one, org.managed(Role.Managed.ADMIN));
        assertThat(told(ada, saved(ada, admin, both))).contains("has the role One now.");
        assertThat(roles(admin)).containsExactlyInAnyOrder(one, org.managed(Role.Managed.ADMIN));
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
            "another administrator must give back", "for your sessions and keys").doesNotContain("Save the roles");

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
    void the_directory_that_looks_after_a_person_is_called_as_it_is() {
        var org = roster.newOrg("acme");
        var admin = org.founder();
        var bob = org.newUser("bob-directory@acme.test");
        assertThat(roster.send("PATCH", "/scim/v2/Users/" + bob.id(), """
            {"Operations": [{"op": "add", "path": "nickName", "value": "Bob"}]}""",
            Map.of("Authorization", "Bearer " + admin.applicationKey())).status()).isEqualTo(200);

        assertThat(ConsoleUser.read(SignedIn.in(admin).page(path(bob) + "/roles/edit")))
            .contains(" " + admin.user().email() + " looks after this person");
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
