package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.core.notice.Notices;
import roster.model.LoginMethod;
import roster.support.Answer;
import roster.support.BrowserUser;
import roster.support.Emails;
import roster.support.Inviting;
import roster.support.Resetting;
import roster.support.SignedIn;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// Attacks on links that are sent by e-mail: R3 to R7 and S4. A proxy says where each browser is.
@Timeout(300)
class MailedLinkAttackTest {
    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_TRUSTED_PROXIES", "127.0.0.1"));

    private static BrowserUser stranger() {
        return Resetting.stranger(roster);
    }

    private static TestUser withPassword(TestOrg org, String email) {
        var user = org.newUser(email);
        BrowserUser.setPassword(user, Inviting.PASSWORD);
        return user;
    }

    @Test
    void r3_a_link_works_once_and_of_fifty_at_once_one() throws Exception {
        var org = roster.newOrg("acme");
        var ada = withPassword(org, "ada@r3.test");
        var link = Resetting.asked(ada);
        var browsers = new ArrayList<BrowserUser>();
        var csrfs = new ArrayList<String>();
        for (int i = 0; i < 50; i++) {
            browsers.add(stranger());
            csrfs.add(BrowserUser.csrf(browsers.getLast().get(link)));
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new ArrayList<Future<Answer>>();
            for (int i = 0; i < 50; i++) {
                var number = i;
                all.add(threads.submit(() -> browsers.get(number).post(link, csrfs.get(number),
                    Map.of("password", Resetting.PASSWORD), Map.of())));
            }
            var set = 0;
            for (var one : all) {
                var status = one.get().status();
                assertThat(status).isIn(303, 410, 503);
                set += status == 303 ? 1 : 0;
            }
            assertThat(set).isEqualTo(1);
        }
        assertThat(stranger().get(link).status()).isEqualTo(410);
        assertThat(stranger().get(link).text()).contains("This link was used or has expired. Ask for a new one.",
            "/sign-in/forgot");
        assertThat(roster.sql("SELECT 1 FROM audit_entries WHERE org_id = ? AND action = 'password.reset'",
            org.id().value())).hasSize(1);
    }

    @Test
    void r3_what_ends_a_link() {
        var org = roster.newOrg("acme");
        var ada = withPassword(org, "ada@r3end.test");
        var older = Resetting.asked(ada);
        var newer = Resetting.asked(ada);
        assertThat(stranger().get(older).status()).as("a newer one").isEqualTo(410);
        assertThat(stranger().get(newer).status()).isEqualTo(200);

        var browser = stranger();
        browser.signIn(org, ada.email(), Inviting.PASSWORD);
        browser.submit("/me/security", "/me/security/password",
            Map.of("current", Inviting.PASSWORD, "password", Resetting.PASSWORD));
        assertThat(stranger().get(newer).status()).as("a changed password").isEqualTo(410);

        var late = Resetting.asked(ada);
        assertThat((boolean) roster.sqlValue("SELECT expires_at = created_at + interval '30 minutes' FROM mail_links "
            + "WHERE org_id = ? AND cancelled_at IS NULL", org.id().value())).isTrue();
        roster.sql("UPDATE mail_links SET expires_at = clock_timestamp() WHERE org_id = ?", org.id().value());
        assertThat(stranger().get(late).status()).as("time").isEqualTo(410);

        for (var how : List.of("disabled", "address", "method", "org", "anonymised")) {
            var bob = withPassword(org, "bob-%s@r3end.test".formatted(how));
            var link = Resetting.asked(bob);
            end(org, bob, how);
            assertThat(stranger().get(link).status()).as(how).isEqualTo(410);
            assertThat(stranger().post(link, "", Map.of("password", Resetting.PASSWORD), Map.of()).status()).as(how)
                .isIn(403, 410);
            if (how.equals("org")) {
                roster.sql("UPDATE orgs SET disabled = false WHERE id = ?", org.id().value());
            }
        }
    }

    private static void end(TestOrg org, TestUser user, String how) {
        switch (how) {
            case "disabled" -> {
                org.founder().delete("/api/v2/users/" + user.id());
                org.founder().patch("/api/v2/users/" + user.id(), """
                    {"data":{"type":"users","id":"%s","attributes":{"disabled":false}}}""".formatted(user.id()));
            }
            case "address" -> org.founder().patch("/api/v2/users/" + user.id(), """
                {"data":{"type":"users","id":"%s","attributes":{"email":"moved@r3end.test"}}}""".formatted(user.id()));
            case "method" -> org.write(tx -> {
                roster.program().saml.loginMethods.override(tx, user.id(),
                    List.of(LoginMethod.GOOGLE_OIDC.id(org.id()).value().toString()));
                return null;
            });
            case "org" -> roster.sql("UPDATE orgs SET disabled = true WHERE id = ?", org.id().value());
            default -> org.founder().send("PUT", "/api/v2/anonymize_users", """
                {"data":{"type":"anonymize_users_request","attributes":{"user_ids":["%s"]}}}""".formatted(user.id()));
        }
    }

    @Test
    void r4_without_the_link_nothing_is_set() {
        var org = roster.newOrg("acme");
        var ada = withPassword(org, "ada@r4.test");
        var link = Resetting.asked(ada);
        for (var path : List.of("/sign-in/reset/", "/sign-in/reset/x", link.substring(0, link.length() - 1),
            link + "A")) {
            var browser = stranger();
            var csrf = BrowserUser.csrf(browser.get("/sign-in/forgot"));
            assertThat(browser.post(path, csrf, Map.of("password", Resetting.PASSWORD, "email", ada.email()), Map.of())
                .status()).as(path).isIn(404, 410);
        }
        assertThat(stranger().post(link, "", Map.of("password", Resetting.PASSWORD), Map.of()).status()).isEqualTo(403);
        assertThat(stranger().signIn(org, ada.email(), Inviting.PASSWORD).status()).isEqualTo(303);
    }

    @Test
    void r6_a_link_is_no_other_token_and_no_other_token_is_a_link() {
        var org = roster.newOrg("acme");
        var ada = withPassword(org, "ada@r6.test");
        var token = Resetting.asked(ada).substring("/sign-in/reset/".length());
        for (var path : List.of("/sign-in/once/" + token, "/invitations/" + token)) {
            assertThat(stranger().get(path).status()).as(path).isIn(404, 410);
        }
        for (var session : List.of("rst_" + token, token)) {
            var browser = stranger();
            browser.put("roster_session", session);
            assertThat(browser.isSignedIn()).isFalse();
        }
        var invitation = Inviting.link(org, Inviting.newInvitation(org));
        var session = SignedIn.in(ada).token();
        for (var other : List.of(invitation.substring(invitation.lastIndexOf('/') + 1), session,
            session.substring(4))) {
            assertThat(stranger().get("/sign-in/reset/" + other).status()).as(other).isEqualTo(410);
        }
        assertThat(stranger().get("/sign-in/reset/" + token).status()).isEqualTo(200);
    }

    @Test
    void r7_looking_at_a_link_does_not_use_it_up() {
        var org = roster.newOrg("acme");
        var link = Resetting.asked(withPassword(org, "ada@r7.test"));
        var before = org.version();
        for (int i = 0; i < 10; i++) {
            assertThat(roster.send("HEAD", link, null).status()).isEqualTo(200);
            assertThat(roster.send("GET", link, null, Map.of("Sec-Purpose", "prefetch")).status()).isEqualTo(200);
        }
        assertThat(org.version()).isEqualTo(before);
        assertThat(Resetting.reset(stranger(), link).status()).isEqualTo(303);
    }

    @Test
    void s4_a_reset_ends_all_sessions_signs_nobody_in_and_tells_the_user() {
        var org = roster.newOrg("acme");
        var ada = withPassword(org, "ada@s4.test");
        var here = stranger();
        here.signIn(org, ada.email(), Inviting.PASSWORD);
        var there = SignedIn.in(ada);
        var link = Resetting.asked(ada);
        var short0 = stranger();
        assertThat(short0.submit(link, link, Map.of("password", "short")).status()).isEqualTo(422);
        var browser = stranger();

        var answer = Resetting.reset(browser, link);

        assertThat(answer.header("Location")).contains(BrowserUser.page(org) + "?told=reset");
        assertThat(browser.get(BrowserUser.page(org) + "?told=reset").text()).contains("Your password was changed");
        assertThat(browser.session()).isNull();
        assertThat(browser.device()).isNotNull();
        assertThat(here.isSignedIn()).isFalse();
        assertThat(there.call("GET", "/api/v2/current_user", null).status()).isEqualTo(403);
        assertThat(stranger().signIn(org, ada.email(), Inviting.PASSWORD).status()).isEqualTo(422);
        assertThat(browser.signIn(org, ada.email(), Resetting.PASSWORD).status()).isEqualTo(303);
        assertThat(Emails.of(org, Notices.LETTER)).extracting(one -> one.letter().subject())
            .contains("Your password was changed");
        assertThat(roster.sql("SELECT text FROM (SELECT t::text AS text FROM mail_links t WHERE org_id = ? UNION ALL "
            + "SELECT t::text FROM audit_entries t WHERE org_id = ? UNION ALL SELECT t::text FROM letters t WHERE org_id = ?) a",
            org.id().value(), org.id().value(), org.id().value()).stream().map(row -> row.getFirst().toString()))
            .noneMatch(row -> row.contains(link.substring("/sign-in/reset/".length())));
    }

    /// Guessing from everywhere does not keep an owner out who reads their e-mail.
    @Test
    void g5_after_a_reset_the_browser_is_known() {
        var org = roster.newOrg("acme");
        var ada = withPassword(org, "ada@g5mail.test");
        for (int i = 0; i < 12; i++) {
            stranger().signIn(org, ada.email(), "Qf7mZr2LtWx9KvHe");
        }
        var browser = stranger();
        assertThat(browser.signIn(org, ada.email(), Inviting.PASSWORD).status()).isEqualTo(429);
        Resetting.reset(browser, Resetting.asked(ada));
        assertThat(browser.signIn(org, ada.email(), Resetting.PASSWORD).status()).isEqualTo(303);
    }
}
