package roster.door.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.base.source.Ids;
import roster.support.Answer;
import roster.support.Await;
import roster.support.SignedIn;
import roster.support.TestRoster;
import roster.support.TestUser;

/// Pages about a person: what they show, to whom, and that they show nobody else's.
@Timeout(120)
class PersonPagesTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static final List<String> PAGES =
        List.of("", "/permissions", "/permissions/user_access_manage", "/invitations", "/access", "/history");

    private static String path(TestUser user) {
        return "/console/people/" + user.id();
    }

    /// An administrator by a call of the API, so that the trail names them.
    private static Answer gives(TestUser admin, String role, TestUser user) {
        return admin.post("/api/v2/roles/" + role + "/users",
            "{\"data\":{\"type\":\"users\",\"id\":\"" + user.id() + "\"}}");
    }

    @Test
    void a_profile_tells_who_they_are_and_who_gave_them_roles() {
        var org = roster.newOrg("acme");
        var ada = org.newAdmin("ada-profile@acme.test");
        var bob = org.newUser("bob-profile@acme.test");
        var support = org.newRole("Support lead", List.of("audit_logs_read", "cases_write"));
        assertThat(gives(ada, support.toString(), bob).status()).isEqualTo(200);

        var page = SignedIn.in(ada).page(path(bob));

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.text()).contains("<h1><bdi>bob-profile@acme.test</bdi></h1>", "Active", bob.id(),
            "Support lead", "Given by ada-profile@acme.test on ", "2 permissions",
            "All of it comes from Support lead.", "All 2 permissions, and why", "gave them the role ",
            "Show them as they were at", "The trail begins");
        assertThat(page.text()).contains(path(bob) + "/edit", path(bob) + "/roles/edit", path(bob) + "/disable");
    }

    @Test
    void permissions_name_all_roles_they_come_from() {
        var org = roster.newOrg("acme");
        var ada = SignedIn.in(org.newAdmin("ada-perms@acme.test"));
        var one = org.newRole("One", List.of("audit_logs_read", "cases_write"));
        var two = org.newRole("Two", List.of("audit_logs_read"));
        var bob = org.newUserWith("bob-perms@acme.test", List.of(one.toString(), two.toString()));

        var all = ada.page(path(bob) + "/permissions").text();
        var some = ada.page(path(bob) + "/permissions?q=audit").text();
        var ofTwo = ada.page(path(bob) + "/permissions?role=" + two).text();
        var missing = ada.page(path(bob) + "/permissions?show=missing").text();

        assertThat(all).contains("2 permissions in ", "audit_logs_read", "cases_write", "Show the ");
        assertThat(some).contains("1 permission in 1 group").contains("audit_logs_read").doesNotContain("cases_write");
        assertThat(ofTwo).contains("1 permission in 1 group").doesNotContain("cases_write");
        assertThat(missing).contains("Not held", "user_access_manage", "Datadog Admin Role");
        assertThat(ada.page(path(bob)).text()).contains("1 permission comes from");
    }

    @Test
    void why_tells_who_gave_the_role_and_what_is_left_without_it() {
        var org = roster.newOrg("acme");
        var admin = org.newAdmin("ada-why@acme.test");
        var ada = SignedIn.in(admin);
        var one = org.newRole("One", List.of("audit_logs_read"));
        var bob = org.newUser("bob-why@acme.test");
        gives(admin, one.toString(), bob);

        var why = ada.page(path(bob) + "/permissions/audit_logs_read");
        assertThat(why.text()).contains("href=\"/console/audit/" + org.version() + ".1\"");
        assertThat(ConsoleUser.read(why)).contains("Why they hold ", " gave them the role ",
            " added the permission to that role", "( entry ", "Without that role they lose it.");
        var two = org.newRole("Two", List.of("audit_logs_read"));
        gives(admin, two.toString(), bob);
        assertThat(ada.page(path(bob) + "/permissions/audit_logs_read").text())
            .contains("Without that role they keep it from ");
        assertThat(ada.page(path(bob) + "/permissions/user_access_manage").text()).contains("They do not hold ",
            "This role would give it: Datadog Admin Role.");
        assertThat(ada.page(path(bob) + "/permissions/no_such_permission").status()).isEqualTo(404);
    }

    @Test
    void a_past_moment_is_shown_as_it_was() {
        var org = roster.newOrg("acme");
        var ada = SignedIn.in(org.newAdmin("ada-asof@acme.test"));
        var bob = org.newUser("bob-asof@acme.test");
        var before = Await.read(roster.db(), tx -> tx.databaseTime());
        assertThat(ada.call("PATCH", "/api/v2/users/" + bob.id(), """
            {"data":{"type":"users","id":"%s","attributes":{"name":"Bob Renamed"}}}""".formatted(bob.id())).status())
            .isBetween(200, 204);

        assertThat(ada.page(path(bob)).text()).contains("<h1><bdi>Bob Renamed</bdi></h1>");
        assertThat(ada.page(path(bob) + "?as_of=" + before).text())
            .contains("<h1><bdi>bob-asof@acme.test</bdi></h1>", "As they were on ", "Back to now",
                "Permissions are shown for now only.")
            .doesNotContain("Bob Renamed", path(bob) + "/edit");
        assertThat(ada.page(path(bob) + "?as_of=2001-02-03T04:05").text())
            .contains("They were not here yet on 3 Feb 2001, 04:05.");
        assertThat(ada.page(path(bob) + "?as_of=yesterday").status()).isEqualTo(400);
    }

    @Test
    void history_is_about_them_and_by_them_page_by_page() {
        var org = roster.newOrg("acme");
        var admin = org.newAdmin("ada-hist@acme.test");
        var bob = org.newAdmin("bob-hist@acme.test");
        var ada = SignedIn.in(admin);
        assertThat(bob.post("/api/v2/roles", """
            {"data":{"type":"roles","attributes":{"name":"By Bob"}}}""").status()).isEqualTo(200);
        for (var i = 0; i < 60; i++) {
            org.write(tx -> roster.program().user.users.update(tx, bob.id(), new roster.core.user.Users.Edit(
                java.util.Optional.of("Bob " + tx.version()), java.util.Optional.empty(), java.util.Optional.empty(),
                java.util.Optional.empty())));
        }

        var first = ada.page(path(bob) + "/history").text();
        var older = first.replaceAll("(?s).*href=\"([^\"]*\\?before=[^\"]*)\">Older.*", "$1");
        var second = ada.page(older).text();

        assertThat(first).contains("changed name", "operator test", "Command line").doesNotContain("created the role");
        assertThat(second).contains("created the role ", "By Bob", "Latest");
        assertThat(first).contains("as_of=");
    }

    @Test
    void sessions_are_ended_one_by_one_and_all_at_once() {
        var org = roster.newOrg("acme");
        var ada = SignedIn.in(org.newAdmin("ada-access@acme.test"));
        var bob = org.newUser("bob-access@acme.test");
        var first = SignedIn.in(bob);
        var second = SignedIn.in(bob);

        assertThat(ada.page(path(bob) + "/access").text()).contains("Firefox on Linux", "End all sessions",
            "1 application key", "0 access tokens", "Everything the owner may do");
        assertThat(ada.form(path(bob) + "/access", Map.of("session", first.session().toString())).status())
            .isEqualTo(303);
        assertThat(first.page("/me/security").status()).isEqualTo(303);
        assertThat(second.page("/me/security").status()).isEqualTo(200);
        assertThat(ada.form(path(bob) + "/access", Map.of("session", "all")).status()).isEqualTo(303);
        assertThat(second.page("/me/security").status()).isEqualTo(303);
        assertThat(ada.form(path(bob) + "/access", Map.of("session", first.session().toString())).status())
            .isEqualTo(404);
    }

    @Test
    void invitations_show_how_far_they_got() {
        var org = roster.newOrg("acme");
        var admin = org.newAdmin("ada-inv@acme.test");
        var bob = org.newPending("bob-inv@acme.test");
        assertThat(admin.post("/api/v2/user_invitations", """
            {"data":[{"type":"user_invitations","relationships":{"user":{"data":{"type":"users","id":"%s"}}}}]}"""
            .formatted(bob.id())).status()).isEqualTo(201);

        assertThat(SignedIn.in(admin).page("/console/people/" + bob.id() + "/invitations").text())
            .contains("1 invitation", "bob-inv@acme.test", "ada-inv@acme.test").containsAnyOf("Queued", "Sent");
    }

    @Test
    void nobody_sees_people_of_another_organisation() {
        var ada = SignedIn.in(roster.newOrg("acme").newAdmin("ada-walls@acme.test"));
        var eve = roster.newOrg("other").newUser("eve-walls@other.test");

        for (var page : PAGES) {
            var theirs = ada.page(path(eve) + page);
            var unknown = ada.page("/console/people/" + new Ids().next() + page);
            assertThat(List.of(theirs.status(), unknown.status())).as(page).containsExactly(404, 404);
            assertThat(theirs.text()).doesNotContain("eve-walls");
        }
        assertThat(ada.form(path(eve) + "/access", Map.of("session", "all")).status()).isEqualTo(404);
    }

    @Test
    void each_page_needs_its_permission_and_is_not_offered_without() {
        var org = roster.newOrg("acme");
        var bob = org.newUser("bob-needs@acme.test");
        var reader = SignedIn.in(org.newUser("reader-needs@acme.test"));

        var shown = reader.page(path(bob));

        assertThat(shown.status()).isEqualTo(200);
        assertThat(shown.text()).contains("/permissions").doesNotContain("/history", "/access", "/invitations", "/edit",
            "as_of", "Latest changes", "Given by");
        assertThat(reader.page(path(bob) + "/permissions").status()).isEqualTo(200);
        for (var page : List.of("/permissions/user_access_manage", "/invitations", "/access", "/history",
            "?as_of=2026-01-01T00:00")) {
            assertThat(reader.page(path(bob) + page).status()).as(page).isEqualTo(403);
        }
    }

    @Test
    void service_accounts_have_pages_of_their_own() {
        var org = roster.newOrg("acme");
        var ada = SignedIn.in(org.newAdmin("ada-bot@acme.test"));
        var bot = org.newServiceAccount("bot@acme.test", List.of());

        for (var page : List.of("", "/permissions", "/history", "/invitations", "/access")) {
            var answer = ada.page("/console/people/" + bot.id() + page);
            assertThat(answer.status()).isEqualTo(303);
            assertThat(answer.header("Location")).hasValue("/console/service-accounts/" + bot.id());
        }
        for (var act : List.of("/edit", "/roles/edit", "/disable", "/enable")) {
            assertThat(ada.page("/console/people/" + bot.id() + act).text()).as(act).contains("bot@acme.test",
                "href=\"/console/service-accounts/" + bot.id() + "\"");
        }
    }

    @Test
    void names_are_data() {
        var org = roster.newOrg("acme");
        var ada = SignedIn.in(org.newAdmin("ada-script@acme.test"));
        var bob = org.newUser("bob-script@acme.test");
        var role = org.newRole("<script>alert(1)</script>", List.of("audit_logs_read"));
        assertThat(ada.call("PATCH", "/api/v2/users/" + bob.id(), """
            {"data":{"type":"users","id":"%s","attributes":{"title":"<script>alert(2)</script>"}}}"""
            .formatted(bob.id())).status()).isBetween(200, 204);
        org.write(tx -> {
            roster.program().user.members.add(tx, roster.program().role.roles.named(tx, tx.org(), role.toString()),
                roster.program().user.users.named(tx, tx.org(), bob.id()));
            return null;
        });

        for (var page : PAGES) {
            assertThat(ada.page(path(bob) + page).text()).as(page).doesNotContain("<script>alert");
        }
        assertThat(ada.page(path(bob)).text()).contains("&lt;script");
    }

    @Test
    void what_one_may_do_oneself_is_shown_to_oneself() {
        var org = roster.newOrg("Northwind");
        var bob = SignedIn.in(org.newUserWith("bob-may@northwind.example",
            List.of(org.newRole("Support", List.of("user_access_invite", "cases_read")).toString())));
        var page = bob.page("/console/me/permissions");
        assertThat(page.status()).isEqualTo(200);
        assertThat(ConsoleUser.read(page)).contains("user_access_invite", "cases_read", "you do not hold")
            .doesNotContain("api_keys_write");
        assertThat(ConsoleUser.read(bob.page("/console/me/permissions?show=missing"))).contains("api_keys_write");
        assertThat(ConsoleUser.read(bob.page("/console/me/permissions?q=cases"))).contains("cases_read")
            .doesNotContain("user_access_invite");
        assertThat(bob.page("/console/me").text()).contains("href=\"/console/me/permissions\"");
    }
}
