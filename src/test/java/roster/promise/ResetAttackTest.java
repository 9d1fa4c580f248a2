package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.core.signin.Links;
import roster.model.Refused;
import roster.support.Answer;
import roster.support.BrowserUser;
import roster.support.Inviting;
import roster.support.SignedIn;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// Attacks on links that let users in, R3 to R8.
@Timeout(180)
class ResetAttackTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static String link(TestUser user) {
        return Links.path(user.org().write(
            tx -> roster.program().signIn.links.make(tx, user.user(), Duration.ofMinutes(15))));
    }

    private static Answer use(String link) {
        return new BrowserUser(roster).submit(link, link, Map.of());
    }

    @Test
    void a_link_lets_in_for_an_hour_and_there_a_password_is_chosen() {
        var org = roster.newOrg("acme");
        var ada = org.newUser("ada@acme.test");
        var browser = new BrowserUser(roster);
        var link = link(ada);
        assertThat(browser.get(link).text()).contains("Sign in to acme", "ada@acme.test", " UTC");

        assertThat(browser.submit(link, link, Map.of()).header("Location")).contains("/me/security");
        assertThat(roster.sqlValue("SELECT ends_at <= created_at + interval '1 hour' FROM sessions WHERE org_id = ?",
            org.id().value())).isEqualTo(true);
        var before = browser.session();
        var changed = browser.submit("/me/security", "/me/security/password", Map.of("password", Inviting.PASSWORD));
        assertThat(changed.status()).as(changed.toString()).isEqualTo(303);
        assertThat(browser.session()).isNotEqualTo(before);
        assertThat(browser.isSignedIn()).isTrue();
        assertThat(new BrowserUser(roster).signIn(org, "ada@acme.test", Inviting.PASSWORD).status()).isEqualTo(303);
        assertThat(roster.sql("SELECT action FROM audit_entries WHERE org_id = ? AND actor_kind = 'VISITOR' "
            + "ORDER BY version", org.id().value())).containsOnly(List.of("sign_in.succeeded"));
    }

    @Test
    void r3_a_link_works_once_and_of_fifty_at_once_one() throws Exception {
        var org = roster.newOrg("acme");
        var ada = org.newUser("ada@acme.test");
        var once = link(ada);
        assertThat(use(once).status()).isEqualTo(303);
        assertThat(use(once).status()).isIn(403, 410);
        assertThat(new BrowserUser(roster).get(once).status()).isEqualTo(410);

        var raced = link(ada);
        var browsers = new ArrayList<BrowserUser>();
        var csrfs = new ArrayList<String>();
        for (int i = 0; i < 50; i++) {
            browsers.add(new BrowserUser(roster));
            csrfs.add(BrowserUser.csrf(browsers.getLast().get(raced)));
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new ArrayList<Future<Answer>>();
            for (int i = 0; i < 50; i++) {
                var number = i;
                all.add(threads.submit(() -> browsers.get(number).post(raced, csrfs.get(number), Map.of(), Map.of())));
            }
            var in = 0;
            for (var one : all) {
                var status = one.get().status();
                assertThat(status).isIn(303, 410);
                in += status == 303 ? 1 : 0;
            }
            assertThat(in).isEqualTo(1);
        }
    }

    @Test
    void r3_a_newer_link_another_address_disabling_and_time_end_it() {
        var org = roster.newOrg("acme");
        var ada = org.newUser("ada@acme.test");
        var older = link(ada);
        var newer = link(ada);
        assertThat(new BrowserUser(roster).get(older).status()).isEqualTo(410);
        assertThat(new BrowserUser(roster).get(newer).status()).isEqualTo(200);
        org.founder().patch("/api/v2/users/" + ada.id(), """
            {"data":{"type":"users","id":"%s","attributes":{"email":"ada2@acme.test"}}}""".formatted(ada.id()));
        assertThat(new BrowserUser(roster).get(newer).status()).isEqualTo(410);

        var late = link(ada);
        roster.sql("UPDATE mail_links SET expires_at = clock_timestamp() WHERE org_id = ?", org.id().value());
        assertThat(new BrowserUser(roster).get(late).status()).isEqualTo(410);

        var bob = org.newUser("bob@acme.test");
        var ofBob = link(bob);
        org.founder().delete("/api/v2/users/" + bob.id());
        org.founder().patch("/api/v2/users/" + bob.id(), """
            {"data":{"type":"users","id":"%s","attributes":{"disabled":false}}}""".formatted(bob.id()));
        assertThat(new BrowserUser(roster).get(ofBob).status()).isEqualTo(410);
    }

    @Test
    void r4_the_password_page_needs_a_session() {
        var browser = new BrowserUser(roster);
        assertThat(browser.get("/me/security").header("Location").orElseThrow()).startsWith("/sign-in?then=");
        assertThat(browser.post("/me/security/password", "", Map.of("password", Inviting.PASSWORD), Map.of())
            .header("Location").orElseThrow()).startsWith("/sign-in");
    }

    @Test
    void r6_one_kind_of_token_is_none_of_another() {
        var org = roster.newOrg("acme");
        var ada = org.newUser("ada@acme.test");
        var session = SignedIn.in(ada).token();
        var invitation = Inviting.link(org, Inviting.newInvitation(org));
        var token = invitation.substring(invitation.lastIndexOf('/') + 1);
        var once = link(ada);
        for (var path : List.of("/sign-in/once/" + token, "/sign-in/once/" + session, "/sign-in/once/"
            + session.substring(4))) {
            assertThat(new BrowserUser(roster).get(path).status()).as(path).isEqualTo(410);
        }
        assertThat(new BrowserUser(roster).get("/invitations/" + once.substring(once.lastIndexOf('/') + 1)).status())
            .isEqualTo(404);
        var browser = new BrowserUser(roster);
        browser.put("roster_session", "rst_" + once.substring(once.lastIndexOf('/') + 1));
        assertThat(browser.isSignedIn()).isFalse();
        var self = new BrowserUser(roster);
        self.put("roster_session", session);
        assertThat(self.isSignedIn()).isTrue();
    }

    @Test
    void r7_looking_at_a_link_does_not_use_it_up() {
        var org = roster.newOrg("acme");
        var link = link(org.newUser("ada@acme.test"));
        var before = org.version();
        for (int i = 0; i < 10; i++) {
            assertThat(roster.send("HEAD", link, null).status()).isEqualTo(200);
            assertThat(roster.send("GET", link, null, Map.of("Sec-Purpose", "prefetch")).status()).isEqualTo(200);
        }
        assertThat(org.version()).isEqualTo(before);
        assertThat(use(link).status()).isEqualTo(303);
    }

    @Test
    void r8_a_copy_of_the_database_has_no_link() {
        var org = roster.newOrg("acme");
        var link = link(org.newUser("ada@acme.test"));
        var token = link.substring(link.lastIndexOf('/') + 1);
        assertThat(dump(org)).noneMatch(row -> row.contains(token));
        assertThat(roster.sql("SELECT 1 FROM link_pointers WHERE org_id = ?", org.id().value())).hasSize(1);
        use(link);
        assertThat(roster.sql("SELECT 1 FROM link_pointers WHERE org_id = ?", org.id().value())).isEmpty();
    }

    private static List<String> dump(TestOrg org) {
        return List.of("mail_links", "link_pointers", "audit_entries").stream()
            .flatMap(table -> roster.sql("SELECT t::text FROM %s t WHERE org_id = ?".formatted(table), org.id().value())
                .stream())
            .map(row -> row.getFirst().toString()).toList();
    }

    @Test
    void links_are_made_for_active_people_only() {
        var org = roster.newOrg("acme");
        for (var user : List.of(org.newPending("pending@acme.test"),
            org.newServiceAccount("robot@acme.test", List.of()))) {
            assertThat(org.<Boolean>write(tx -> {
                try {
                    roster.program().signIn.links.make(tx, user, Duration.ofMinutes(15));
                    return true;
                } catch (Refused e) {
                    return false;
                }
            })).isFalse();
        }
    }
}
