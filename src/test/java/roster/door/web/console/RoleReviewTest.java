package roster.door.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.core.permission.Catalogue;
import roster.core.user.Users;
import roster.model.Permission;
import roster.model.Role;
import roster.support.Answer;
import roster.support.Await;
import roster.support.BrowserUser;
import roster.support.Inviting;
import roster.support.SignedIn;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// Roles are made, changed and deleted, and what that would do is shown before.
@Timeout(120)
class RoleReviewTest {
    private static final Pattern HIDDEN =
        Pattern.compile("<input type=\"hidden\" name=\"([a-z]+)\" value=\"([^\"]*)\">");
    private static final Pattern BOX =
        Pattern.compile("<input type=\"checkbox\" name=\"permission\" value=\"([a-z_]+)\"( checked)?( disabled)?");
    private static final Pattern ACTION = Pattern.compile("<form method=\"post\" action=\"([^\"]+)\"");

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private TestOrg org;
    private BrowserUser browser;
    private Role.Id lead;
    private Role.Id other;

    @BeforeEach
    void seed() {
        org = roster.newOrg("review");
        browser = signedIn(org);
        lead = org.newRole("Support lead", List.of("audit_logs_read", "cases_read", "dashboards_read"));
        other = org.newRole("Other", List.of("audit_logs_read", "api_keys_write"));
        org.newUserWith("ann@review.test", List.of(lead.toString()));
        org.newUserWith("bob@review.test", List.of(lead.toString(), other.toString()));
        org.newServiceAccount("robot@review.test", List.of(lead.toString()));
    }

    private static BrowserUser signedIn(TestOrg org) {
        var browser = new BrowserUser(roster);
        browser.put("roster_session", SignedIn.in(org.founder()).token());
        return browser;
    }

    private Role role(Role.Id id) {
        return Await.read(roster.db(), tx -> roster.program().role.roles.find(tx, org.id(), id)).orElseThrow();
    }

    private static String text(Answer page) {
        return page.text().replaceAll("<[^>]*>", " ").replaceAll("\\s+", " ");
    }

    private static String path(Answer redirect) {
        assertThat(redirect.status()).as(redirect.toString()).isEqualTo(303);
        return redirect.header("Location").orElseThrow().replaceAll("^https?://[^/]+", "");
    }

    /// The body of the form of a page, as a browser sends it with other boxes and another name.
    private static String form(Answer page, String name, List<String> tick, List<String> untick) {
        var fields = new ArrayList<String>();
        HIDDEN.matcher(page.text()).results()
            .forEach(found -> fields.add(field(found.group(1), found.group(2))));
        fields.add(field("name", name));
        BOX.matcher(page.text()).results().filter(found -> found.group(3) == null)
            .filter(
                found -> tick.contains(found.group(1)) || found.group(2) != null && !untick.contains(found.group(1)))
            .forEach(found -> fields.add(field("permission", found.group(1))));
        return String.join("&", fields);
    }

    private static String field(String name, String value) {
        return SignedIn.encoded(Map.of(name, value));
    }

    /// Fills in the form of a role, and goes on to its review.
    private String reviewed(String page, String name, List<String> tick, List<String> untick) {
        return path(browser.postRaw(page, form(browser.get(page), name, tick, untick)));
    }

    /// Presses the button of a review.
    private Answer pressed(String review) {
        return pressed(browser.get(review));
    }

    private Answer pressed(Answer page) {
        var action = ACTION.matcher(page.text());
        assertThat(action.find()).as(page.text()).isTrue();
        var fields = new HashMap<String, String>();
        HIDDEN.matcher(page.text()).results().forEach(found -> fields.put(found.group(1), found.group(2)));
        return browser.post(action.group(1), BrowserUser.csrf(page), fields, Map.of());
    }

    private String edit() {
        return "/console/roles/" + lead + "/edit";
    }

    @Test
    void a_review_tells_what_a_change_would_do_and_saving_does_it() {
        var before = org.version();
        var review = reviewed(edit(), "Support lead", List.of("api_keys_write"), List.of("audit_logs_read"));
        assertThat(review)
            .startsWith("/console/roles/" + lead + "/review?add=api_keys_write&drop=audit_logs_read&tag=");
        var page = browser.get(review);

        assertThat(page.status()).isEqualTo(200);
        assertThat(text(page)).contains("Permissions: 3 now, 3 after", "2 people hold this role",
            "1 service account holds it, too", "1 of them gains API Keys Write, which they hold from no other role",
            "1 loses Audit Trail Read; 1 keeps it from another role", "1 active administrator stays");
        assertThat(org.version()).as("nothing is done yet").isEqualTo(before);

        var done = pressed(review);
        assertThat(path(done)).isEqualTo("/console/roles/" + lead);
        assertThat(names(role(lead))).containsExactlyInAnyOrder("api_keys_write", "cases_read", "dashboards_read");
        assertThat(text(browser.get("/console/roles/" + lead)))
            .contains("Support lead is changed: 1 permission more, 1 fewer.", "Undo");
        assertThat(text(browser.get("/console/roles/" + lead))).as("told once").doesNotContain("is changed");
    }

    private static List<String> names(Role role) {
        return role.permissions().stream().map(Permission::name).toList();
    }

    @Test
    void a_change_is_undone_unless_others_changed_the_role_since() {
        path(pressed(reviewed(edit(), "Support", List.of("api_keys_write"), List.of("audit_logs_read"))));
        assertThat(role(lead).name()).isEqualTo("Support");
        var told = browser.get("/console/roles/" + lead);
        var undo = undo(told);
        path(browser.post("/console/roles/" + lead + "/review", BrowserUser.csrf(told), undo, Map.of()));
        assertThat(role(lead).name()).isEqualTo("Support lead");
        assertThat(names(role(lead))).containsExactlyInAnyOrder("audit_logs_read", "cases_read", "dashboards_read");

        var again = browser.post("/console/roles/" + lead + "/review", BrowserUser.csrf(told), undo, Map.of());
        assertThat(again.status()).isEqualTo(412);
        assertThat(text(again)).contains("This was changed while you were editing");
    }

    private static Map<String, String> undo(Answer page) {
        var notice = page.text().substring(page.text().indexOf("class=\"notice "));
        var fields = new HashMap<String, String>();
        HIDDEN.matcher(notice.substring(0, notice.indexOf("</form>"))).results()
            .forEach(found -> fields.put(found.group(1), found.group(2)));
        fields.remove("csrf");
        return fields;
    }

    @Test
    void the_second_save_does_not_win_silently() {
        var mine = reviewed(edit(), "Mine", List.of("api_keys_write"), List.of("audit_logs_read"));
        var theirs = reviewed(edit(), "Theirs", List.of("monitors_write"), List.of("audit_logs_read"));
        var page = browser.get(mine);
        browser.get(path(pressed(theirs))); // where it is told
        var saved = role(lead);

        var late = pressed(page);
        assertThat(late.status()).isEqualTo(412);
        assertThat(role(lead)).isEqualTo(saved);
        assertThat(text(late)).contains("This was changed while you were editing", "Your changes are not saved yet",
            "When you began", "Now", "Yours", "Review this version", "Discard mine");
        assertThat(late.text()).contains("<input type=\"radio\" name=\"name\" value=\"\" checked>",
            "<input type=\"radio\" name=\"name\" value=\"Mine\">",
            "<input type=\"checkbox\" name=\"add\" value=\"api_keys_write\" checked>")
            .as("they took the same one away").doesNotContain("name=\"drop\"");
        assertThat(browser.get(mine).status()).as("the review says it, too").isEqualTo(412);

        var tag = HIDDEN.matcher(late.text()).results().filter(found -> found.group(1).equals("tag")).findFirst()
            .orElseThrow().group(2);
        path(pressed("/console/roles/" + lead + "/review?name=Mine&add=api_keys_write&tag=" + tag));
        assertThat(names(role(lead))).contains("api_keys_write", "monitors_write").doesNotContain("audit_logs_read");
        assertThat(role(lead).name()).isEqualTo("Mine");
    }

    @Test
    void a_role_that_was_deleted_meanwhile_leaves_what_was_typed() {
        var page = browser.get(reviewed(edit(), "Support lead", List.of("api_keys_write"), List.of()));
        org.write(tx -> {
            roster.program().role.roles.delete(tx, lead.toString());
            return null;
        });
        var late = pressed(page);
        assertThat(late.status()).isEqualTo(412);
        assertThat(text(late)).contains("This role was deleted while you were editing", "Add API Keys Write");
    }

    @Test
    void the_last_administrators_role_keeps_what_makes_them_one() {
        var admins = org.newRole("Admins", List.of("user_access_manage", "cases_read"));
        var ann = org.newUserWith("admin@review.test", List.of(admins.toString()));
        org.write(tx -> roster.program().user.users.update(tx, org.founder().id(), new Users.Edit(
            java.util.Optional.empty(), java.util.Optional.empty(), java.util.Optional.empty(),
            java.util.Optional.of(true))));
        browser.put("roster_session", SignedIn.in(ann).token());
        var edit = "/console/roles/" + admins + "/edit";
        var review = reviewed(edit, "Admins", List.of(), List.of("user_access_manage"));
        var page = browser.get(review);

        assertThat(text(page)).contains("This is the last active administrator. Give another person user_access_manage "
            + "first.", "0 active administrators stay");
        assertThat(ACTION.matcher(page.text()).find()).as("the reason in the place of the button").isFalse();
        var before = org.version();
        var tried = browser.post("/console/roles/" + admins + "/review", BrowserUser.csrf(browser.get(edit)),
            Map.of("drop", "user_access_manage", "tag", review.substring(review.indexOf("tag=") + 4)), Map.of());
        assertThat(tried.status()).isEqualTo(422);
        assertThat(org.version()).isEqualTo(before);
        assertThat(text(browser.get("/console/roles/" + admins + "/delete"))).contains("This can't be done",
            "This is the last active administrator").doesNotContain("Type the name");
    }

    @Test
    void a_new_role_starts_from_what_every_role_has_or_from_another_one() {
        var form = browser.get("/console/roles/new");
        assertThat(BOX.matcher(form.text()).results().filter(found -> found.group(3) != null)).hasSize(10);
        assertThat(form.text()).contains("Every role has this");
        var review = reviewed("/console/roles/new", " Café ", List.of("cases_read"), List.of());
        assertThat(review).startsWith("/console/roles/new/review?name=Caf%C3%A9&add=cases_read");
        assertThat(text(browser.get(review))).contains("Review the new role Café",
            "Permissions: 11, 10 of which every role has", "No one holds it yet");
        var made = path(pressed(review));
        assertThat(text(browser.get(made))).contains("The role Café is created. No one holds it yet.",
            "11 permissions · 0 people");

        var clone = browser.get("/console/roles/" + lead + "/clone").header("Location").orElseThrow();
        assertThat(clone).isEqualTo("/console/roles/new?from=" + lead);
        var copy =
            path(pressed(reviewed(clone, "Support lead copy", List.of("monitors_write"), List.of("cases_read"))));
        var id = new Role.Id(java.util.UUID.fromString(copy.substring(copy.lastIndexOf('/') + 1)));
        assertThat(names(role(id))).containsExactlyInAnyOrder("audit_logs_read", "dashboards_read", "monitors_write");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "sUPPORT lead", "long"})
    void a_name_that_will_not_do_is_told_at_its_field(String typed) {
        var name = typed.equals("long") ? "W".repeat(256) : typed;
        for (var page : List.of("/console/roles/new", "/console/roles/" + other + "/edit")) {
            var answer = browser.postRaw(page, form(browser.get(page), name, List.of("cases_read"), List.of()));
            assertThat(answer.status()).isEqualTo(422);
            assertThat(answer.text()).contains("<title>Error: ", "id=\"name-fault\"", "aria-invalid=\"true\"",
                "value=\"" + name + "\"", "value=\"cases_read\" checked");
            assertThat(text(answer)).contains(switch (typed) {
                case "long" -> "Use at most 255 characters; this has 256.";
                case "sUPPORT lead" -> "A role called Support lead exists already.";
                default -> "Enter a name.";
            });
        }
    }

    @Test
    void a_name_that_was_taken_after_the_review_is_told_there() {
        var review = reviewed("/console/roles/new", "Taken", List.of(), List.of());
        var page = browser.get(review);
        org.newRole("Taken", List.of());
        var answer = pressed(page);
        assertThat(answer.status()).isEqualTo(422);
        assertThat(text(answer)).contains("A role called Taken exists already.");
    }

    @Test
    void hundreds_of_permissions_fit_into_an_address() {
        var catalogue = Catalogue.load();
        var all = catalogue.listed().stream().map(entry -> entry.permission().name()).toList();
        var review = reviewed("/console/roles/new", "Nearly all", all.subList(0, 300), List.of());
        assertThat(review).hasSizeLessThan(4000).contains("add=all%2C-");
        path(pressed(review));
        var made = Await.read(roster.db(), tx -> roster.program().role.roles.withName(tx, org.id(), "Nearly all"))
            .orElseThrow();
        assertThat(names(made)).containsAll(all.subList(0, 300));
        assertThat(made.permissions()).hasSize((int) Stream.concat(all.subList(0, 300).stream(),
            catalogue.defaults().stream().map(Permission::name)).distinct().count());
    }

    @Test
    void a_role_that_users_have_is_deleted_once_its_name_is_typed() {
        var delete = "/console/roles/" + lead + "/delete";
        var page = browser.get(delete);
        assertThat(text(page)).contains("Delete Support lead ?", "2 people lose the role",
            "1 service account loses it, too", "1 loses Audit Trail Read; 1 keeps it from another role",
            "1 active administrator stays", "This can't be undone");
        var tag = HIDDEN.matcher(page.text()).results().filter(found -> found.group(1).equals("tag")).findFirst()
            .orElseThrow().group(2);
        var csrf = BrowserUser.csrf(page);

        for (var wrong : List.of("", "support lead", "Support")) {
            var answer = browser.post(delete, csrf, Map.of("tag", tag, "typed", wrong), Map.of());
            assertThat(answer.status()).isEqualTo(422);
            assertThat(text(answer)).contains("Type Support lead to go on.");
        }
        var stale = browser.post(delete, csrf, Map.of("tag", "1", "typed", "Support lead"), Map.of());
        assertThat(stale.status()).isEqualTo(412);
        assertThat(text(stale)).contains("Support lead was changed while you looked.");
        assertThat(role(lead)).isNotNull();

        assertThat(path(browser.post(delete, csrf, Map.of("tag", tag, "typed", " Support lead "), Map.of())))
            .isEqualTo("/console/roles");
        assertThat(text(browser.get("/console/roles"))).contains("Support lead is deleted. 2 people lost it.");
        assertThat(browser.get("/console/roles/" + lead).status()).isEqualTo(404);

        var empty = org.newRole("Empty", List.of());
        assertThat(browser.get("/console/roles/" + empty + "/delete").text()).doesNotContain("name=\"typed\"");
    }

    @Test
    void a_managed_role_is_neither_changed_nor_deleted() {
        var managed = "/console/roles/" + org.managed(Role.Managed.STANDARD);
        var before = org.version();
        var csrf = BrowserUser.csrf(browser.get(edit()));
        assertThat(browser.get(managed + "/edit").status()).isEqualTo(400);
        assertThat(browser.post(managed + "/review", csrf, Map.of("add", "cases_read"), Map.of()).status())
            .isBetween(400, 499);
        assertThat(text(browser.get(managed + "/delete"))).contains("Managed roles cannot be deleted.");
        assertThat(browser.post(managed + "/delete", csrf, Map.of("typed", "Datadog Standard Role"), Map.of()).status())
            .isBetween(400, 499);
        assertThat(org.version()).isEqualTo(before);
    }

    @Test
    void a_session_that_is_not_fresh_is_asked_again_and_the_draft_is_still_there() {
        var ann = org.newAdmin("fresh@review.test");
        BrowserUser.setPassword(ann, Inviting.PASSWORD);
        browser.forgetCookies();
        browser.signIn(org, ann.email(), Inviting.PASSWORD);
        var review = reviewed(edit(), "Support lead", List.of("api_keys_write"), List.of());
        var page = browser.get(review);
        roster.sql("UPDATE sessions SET fresh_until = roster_now() WHERE org_id = ?", org.id().value());
        var before = org.version();

        var kept = pressed(page);
        assertThat(text(kept)).contains("Sign in again to do this", "Nothing was saved.");
        assertThat(org.version()).isEqualTo(before);
        assertThat(kept.text()).contains("/console/kept");

        var again = path(browser.get(review));
        assertThat(again).startsWith("/sign-in/again?then=%2Fconsole%2Froles%2F");
        var then = HIDDEN.matcher(browser.get(again).text()).results()
            .filter(found -> found.group(1).equals("then")).findFirst().orElseThrow().group(2).replace("&amp;", "&");
        var back = path(browser.submit(again, "/sign-in/again",
            Map.of("by", "password", "password", Inviting.PASSWORD, "then", then)));
        assertThat(back).isEqualTo(review);
        assertThat(names(role(lead))).doesNotContain("api_keys_write");
        path(pressed(back));
        assertThat(names(role(lead))).contains("api_keys_write");
    }

    @Test
    void forms_of_others_change_nothing() {
        var before = org.version();
        for (var path : List.of("/console/roles/" + lead + "/review", "/console/roles/new/review",
            "/console/roles/" + other + "/delete")) {
            assertThat(browser.post(path, "forged", Map.of("typed", "Other", "name", "X", "drop", "cases_read"),
                Map.of()).status()).as(path).isEqualTo(403);
        }
        assertThat(org.version()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"add=no_such", "add=all,cases_read", "drop=-cases_read", "from=x", "add=user_access_read"})
    void a_damaged_draft_says_so(String query) {
        assertThat(browser.get("/console/roles/" + lead + "/review?" + query).status()).isEqualTo(400);
        assertThat(browser.get("/console/roles/new?" + query).status()).isEqualTo(400);
    }
}
