package roster.door.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.core.key.ApplicationKeys;
import roster.core.user.Users;
import roster.model.User;
import roster.support.SignedIn;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// Whose keys a caller sees, makes, changes and revokes in the console: exactly those that the API lets them.
@Timeout(120)
class KeyRightsTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static TestOrg org;
    private static SignedIn ada;
    private static TestUser bob;
    private static SignedIn own;
    private static SignedIn keeper;
    private static User robot;

    @BeforeAll
    static void seed() {
        org = roster.newOrg("rights");
        ada = SignedIn.in(org.founder());
        bob = with("bob", "user_app_keys");
        own = SignedIn.in(bob);
        keeper = SignedIn.in(with("keeper", "service_account_write", "audit_logs_read"));
        robot = org.newServiceAccount("robot@rights.test", List.of());
    }

    private static TestUser with(String name, String... permissions) {
        var role = org.newRole(name, List.of(permissions));
        return org.newUserWith(name + "@rights.test", List.of(role.toString()));
    }

    private static UUID key(User owner, String name) {
        return org.write(tx -> roster.program().key.applicationKeys.issue(tx, owner,
            new ApplicationKeys.Wish(name, Optional.empty()))).id();
    }

    private static Map<String, String> form(SignedIn caller, String path, String... pairs) {
        var fields = new HashMap<>(Map.of("key", ConsoleUser.hidden(caller.page(path), "key")));
        for (var i = 0; i < pairs.length; i += 2) {
            fields.put(pairs[i], pairs[i + 1]);
        }
        return fields;
    }

    @Test
    void those_with_keys_of_their_own_change_these_and_no_others() {
        var mine = key(bob.user(), "mine");
        var other = key(org.founder().user(), "not mine");

        var page = own.page("/console/me/keys");
        assertThat(page.text()).contains("mine", "/console/keys/application/" + mine + "/revoke?at=me",
            "/console/keys/application/new?at=me", "/console/keys/tokens/new?at=me").doesNotContain("not mine");
        assertThat(own.page("/console/keys/application").status()).isEqualTo(403);
        for (var act : List.of("/edit", "/revoke")) {
            assertThat(own.page("/console/keys/application/" + mine + act).status()).isEqualTo(200);
            assertThat(own.page("/console/keys/application/" + other + act).status()).as(act).isEqualTo(404);
            assertThat(own.form("/console/keys/application/" + other + act, Map.of("name", "x", "may", "all")).status())
                .as(act).isEqualTo(404);
        }
        assertThat(own.form("/console/keys/application/new",
            form(own, "/console/keys/application/new", "name", "for robot", "may", "all", "owner",
                robot.id().toString()))
            .text()).contains("It needs the permission service_account_write");
        assertThat(own.form("/console/keys/application/" + mine + "/revoke", Map.of("at", "me")).header("Location"))
            .hasValue("/console/me/keys");
    }

    /// The owner's page of a key says what those do who look after all of them.
    @Test
    void the_page_of_a_key_says_what_it_may_do_and_when_and_where_it_was_used() {
        var wide = key(bob.user(), "wide");
        var narrow = org.write(tx -> roster.program().key.applicationKeys.issue(tx, bob.user(),
            new ApplicationKeys.Wish("narrow", Optional.of(List.of("user_app_keys", "user_access_read"))))).id();
        roster.sql("UPDATE application_keys SET last_used_at = '2026-11-03T09:05:00Z' WHERE id = ?", narrow);
        var trail = "href=\"/console/audit?q=%s&amp;when=30d\"";

        var mine = own.page("/console/keys/application/" + wide + "/edit?at=me");
        assertThat(ConsoleUser.read(mine)).contains("It may Everything you may do What that is", "Last used Never",
            "Created ");
        assertThat(mine.text()).contains("href=\"/console/me/permissions\"").doesNotContain("/console/audit?q=");
        var used = own.page("/console/keys/application/" + narrow + "/edit?at=me");
        assertThat(ConsoleUser.read(used)).contains("Last used 3 Nov 2026, 09:05")
            .containsPattern("It may (user_access_read, user_app_keys|user_app_keys, user_access_read) Last used");

        var theirs = ada.page("/console/keys/application/" + wide + "/edit");
        assertThat(ConsoleUser.read(theirs)).contains("It may Everything the owner may do What that is");
        assertThat(theirs.text()).contains("href=\"/console/people/" + bob.id() + "/permissions\"",
            trail.formatted(wide));
        assertThat(own.page("/console/keys/application/new").text()).doesNotContain("Last used");
    }

    @Test
    void no_scope_is_offered_or_given_that_the_caller_does_not_hold() {
        var path = "/console/keys/tokens/new";
        assertThat(own.page(path).text()).contains("value=\"user_app_keys\"", "value=\"user_access_read\"")
            .doesNotContain("value=\"audit_logs_read\"");

        var refused = own.form(path, form(own, path, "name", "wide", "scope", "audit_logs_read", "ends", "2999-12-31"));
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text()).contains("It needs the permission audit_logs_read");
    }

    @Test
    void those_who_look_after_service_accounts_change_their_keys_and_no_persons() {
        var persons = key(bob.user(), "a person's");
        var path = "/console/keys/application/new";
        var keys = "/console/service-accounts/" + robot.id() + "/keys";
        assertThat(keeper.page(keys).text()).contains("New application key", "New access token");
        assertThat(keeper.page(path).text()).contains("robot@rights.test").doesNotContain(">You<");

        var made = keeper.form(path, form(keeper, path, "name", "deploy", "may", "all", "owner", robot.id().toString(),
            "at", "account"));
        assertThat(made.text()).contains("Key “deploy” created", "href=\"" + keys + "\"", "${DD_API_KEY:?is not set}");
        var id = roster.sqlValue("SELECT id FROM application_keys WHERE org_id = ? AND name = 'deploy'",
            org.id().value());
        assertThat(keeper.page(keys).text()).contains("/console/keys/application/" + id + "/revoke?at=account");
        assertThat(keeper.page("/console/keys/application/" + persons + "/revoke").status()).isEqualTo(404);
        assertThat(keeper.form(path, form(keeper, path, "name", "own", "may", "all")).text())
            .contains("It needs the permission user_app_keys");
        assertThat(keeper.form("/console/keys/application/" + id + "/revoke", Map.of("at", "account"))
            .header("Location")).hasValue(keys);
    }

    @Test
    void they_edit_and_disable_service_accounts_and_no_persons() {
        var account = org.newServiceAccount("worker@rights.test", List.of());
        var path = "/console/people/" + account.id();
        var page = keeper.page("/console/service-accounts/" + account.id());
        assertThat(page.text()).contains(path + "/edit", path + "/disable").doesNotContain("/roles/edit");
        key(account, "its key");

        assertThat(keeper.page(path + "/disable").text()).contains("Disable worker@rights.test?",
            "Nothing can be done in its name until it is enabled again.", "1 application key is revoked: its key");
        assertThat(keeper.form(path + "/disable", Map.of()).header("Location"))
            .hasValue("/console/service-accounts/" + account.id());
        assertThat(keeper.page("/console/service-accounts/" + account.id()).text()).contains("Disabled",
            path + "/enable");
        assertThat(keeper.page("/console/service-accounts/" + account.id() + "/keys").text())
            .contains("0 application keys").doesNotContain("New application key");
        assertThat(keeper.form(path + "/enable", Map.of()).status()).isEqualTo(303);

        for (var act : List.of("/edit", "/disable", "/enable")) {
            assertThat(keeper.page("/console/people/" + bob.id() + act).status()).as(act).isEqualTo(403);
            assertThat(keeper.form("/console/people/" + bob.id() + act, Map.of()).status()).as(act).isEqualTo(403);
        }
        assertThat(keeper.page("/console/people/" + bob.id()).text()).doesNotContain("/disable", "/edit");
    }

    @Test
    void without_the_permission_ones_own_page_says_what_it_needs() {
        var none = SignedIn.in(org.newUser("none@rights.test"));
        assertThat(none.page("/console/me/keys").text()).contains("You may not have keys",
            "It needs the permission user_app_keys").doesNotContain("/new");
        assertThat(none.page("/console/keys/application/new").status()).isEqualTo(403);
    }

    @Test
    void a_key_made_here_is_dead_once_its_owner_is_disabled() {
        var path = "/console/keys/application/new";
        var fields = form(ada, path, "name", "soon dead", "may", "all", "owner", robot.id().toString());
        var made = ada.form(path, fields);
        var secret = made.text().replaceAll("(?s).*id=\"secret\" type=\"text\" value=\"([0-9a-f]{40})\".*", "$1");
        var program = new TestUser(org, robot, org.apiKey(), secret);
        assertThat(program.get("/api/v2/current_user").status()).isEqualTo(200);

        assertThat(ada.form("/console/people/" + robot.id() + "/disable", Map.of()).status()).isEqualTo(303);
        assertThat(program.get("/api/v2/current_user").status()).isEqualTo(403);
        assertThat(ada.form("/console/people/" + robot.id() + "/enable", Map.of()).status()).isEqualTo(303);
        assertThat(program.get("/api/v2/current_user").status()).as("it stays dead").isEqualTo(403);
        assertThat(roster.db().read(tx -> roster.program().user.users.find(tx, org.id(), robot.id())).orElseThrow()
            .disabled()).isFalse();
        assertThat(ada.form(path, fields).text()).contains("Its secret can't be shown again.").doesNotContain(secret);
    }

    @Test
    void a_disabled_account_gets_no_key() {
        var account = org.newServiceAccount("off@rights.test", List.of());
        org.write(tx -> roster.program().user.users.update(tx, account.id().toString(),
            new Users.Edit(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(true))));
        var path = "/console/keys/tokens/new";
        var refused = ada.form(path, form(ada, path, "name", "t", "scope", "audit_logs_read", "ends", "", "owner",
            account.id().toString()));
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text()).contains("is disabled.");
    }
}
