package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.promise.Linking.asksForLetter;
import static roster.promise.Linking.identities;
import static roster.promise.Linking.letter;
import static roster.promise.Linking.proved;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.core.identity.LinkSignIn;
import roster.model.Role;
import roster.model.User;
import roster.support.Answer;
import roster.support.Await;
import roster.support.BrowserUser;
import roster.support.Emails;
import roster.support.FakeProvider;
import roster.support.TestRoster;

/// Attacks on whose account an identity is: class L but for addresses.
@Timeout(300)
class LinkingAttackTest {
    private static final String PASSWORD = "four unrelated words here 7";

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    @RegisterExtension
    static final FakeProvider provider = new FakeProvider();

    @BeforeEach
    void allIsRight() {
        provider.reset();
    }

    private static BrowserUser browser() {
        return new BrowserUser(roster);
    }

    @Test
    void L4_a_provider_proves_nothing_outside_of_its_organisation() {
        var a = roster.newOrg("a");
        var b = roster.newOrg("b");
        var ofB = b.newUser("bob@acme.test");
        a.newPending("bob@acme.test");
        var id = provider.configured(a, "generic", "link", "automatic", "addresses", "trusted", "create_users", true);
        var browser = browser();

        provider.signIn(browser, id, FakeProvider.person("bob", "bob@acme.test", true));
        assertThat(browser.isSignedIn()).isTrue();
        assertThat(proved(a, "bob@acme.test")).as("A's own provider proves no address").isFalse();
        provider.signIn(browser(), id, FakeProvider.person("carl", "carl@acme.test", true));
        assertThat(proved(a, "carl@acme.test")).isFalse();

        assertThat(identities(b)).isZero();
        assertThat(roster.sqlValue("SELECT count(*) FROM sessions WHERE org_id = ?", b.id().value())).isEqualTo(0L);
        assertThat(roster.sqlValue("SELECT count(*) FROM address_pointers WHERE org_id = ?", a.id().value()))
            .isEqualTo(0L);
        assertThat(ofB.get("/api/v2/users/%s/orgs".formatted(ofB.user().id())).text()).doesNotContain("\"a\"");
    }

    /// Two people at the provider ask for an e-mail to the same account; each is good for the one who asked only.
    @Test
    void L5_an_e_mail_is_good_for_its_browser_identity_and_account_only() {
        var org = roster.newOrg("acme");
        var bob = org.newUser("bob@acme.test");
        var id = provider.configured(org, "okta", "link", "automatic");
        var evil = browser();
        provider.signIn(evil, id, FakeProvider.person("eve", "bob@acme.test", true));
        asksForLetter(evil);
        var ofEve = letter(org).orElseThrow();
        var own = browser();
        provider.signIn(own, id, FakeProvider.person("bob", "bob@acme.test", true));

        var elsewhere = own.submit("/sign-in/link", ofEve, Map.of());
        assertThat(elsewhere.status()).as("Bob opens Eve's e-mail, as it came to him").isEqualTo(410);
        assertThat(own.get(ofEve).status()).isEqualTo(410);
        assertThat(identities(org)).isZero();
        asksForLetter(own);
        var ofBob = letter(org).orElseThrow();
        assertThat(evil.submit("/sign-in/link", ofBob, Map.of()).status()).isEqualTo(410);
        assertThat(evil.submit("/sign-in/link", ofEve, Map.of()).status()).as("a newer one ended it").isEqualTo(410);
        provider.signIn(own, id, FakeProvider.person("other-bob", "bob@acme.test", true));
        assertThat(own.submit("/sign-in/link", ofBob, Map.of()).status()).as("another identity now").isEqualTo(410);
        provider.signIn(own, id, FakeProvider.person("bob", "bob@acme.test", true));
        assertThat(own.submit(ofBob, ofBob, Map.of()).status()).isEqualTo(303);
        assertThat(own.isSignedIn()).isTrue();
        assertThat(own.submit("/sign-in/find", ofBob, Map.of()).status()).as("once").isEqualTo(410);

        // After unlinking, nothing that was sent before is good.
        evil.forgetCookies();
        provider.signIn(evil, id, FakeProvider.person("eve", "bob@acme.test", true));
        var linked = roster.sqlValue("SELECT id FROM identities WHERE org_id = ?", org.id().value());
        assertThat(asksForLetter(evil).status()).isNotEqualTo(500);
        org.write(tx -> {
            roster.program().identity.identities.unlink(tx, bob.user(), linked.toString());
            return null;
        });
        assertThat(own.isSignedIn()).as("its session ended").isFalse();
        assertThat(Emails.of(org, LinkSignIn.LETTER)).isEmpty();
    }

    @Test
    void L6_nothing_is_linked_without_proof_of_the_account() {
        var org = roster.newOrg("acme");
        var bob = org.newUser("bob@acme.test");
        var eve = org.newUser("eve@acme.test");
        BrowserUser.setPassword(bob, PASSWORD);
        BrowserUser.setPassword(eve, PASSWORD + " of Eve");
        var id = provider.configured(org, "generic");
        var browser = browser();

        assertThat(provider.signIn(browser, id, FakeProvider.person("x", "bob@acme.test", true)).header("Location"))
            .contains("/sign-in/link");
        for (var fields : List.of(Map.of("password", PASSWORD + " of Eve"), Map.of("password", ""),
            Map.of("password", PASSWORD + " of Eve", "user", eve.user().id().toString(), "address", "eve@acme.test",
                "sub", "y", "provider", id))) {
            var answer = browser.submit("/sign-in/link", "/sign-in/link", fields);
            assertThat(answer.status()).isEqualTo(422);
            assertThat(identities(org)).isZero();
        }
        assertThat(browser.submit("/sign-in/link", "/sign-in/link", Map.of("password", PASSWORD)).status())
            .isEqualTo(303);
        assertThat(browser.isSignedIn()).isTrue();
        assertThat(roster.sqlValue("SELECT subject || ' ' || how FROM identities WHERE user_id = ?",
            bob.user().id().value())).isEqualTo("x password");
        assertThat(Emails.of(org, "notice").stream().map(one -> one.letter().subject()))
            .contains("Another way to sign in was added");
        assertThat(browser.get("/sign-in/link").status()).as("it is used up").isEqualTo(303);
    }

    @Test
    void L6_guessing_there_is_counted() {
        var org = roster.newOrg("acme");
        BrowserUser.setPassword(org.newUser("guessed@acme.test"), PASSWORD);
        var browser = browser();
        provider.signIn(browser, provider.configured(org, "generic"),
            FakeProvider.person("x", "guessed@acme.test", true));
        Answer last = null;
        for (int i = 0; i < 11; i++) {
            last = browser.submit("/sign-in/link", "/sign-in/link", Map.of("password", "wrong " + i));
        }
        assertThat(last.status()).isEqualTo(429);
    }

    @Test
    void L6_administrators_are_never_linked_without_proof() {
        var org = roster.newOrg("acme");
        org.newAdmin("root@acme.test");
        var browser = browser();
        var answer =
            provider.signIn(browser, provider.configured(org, "generic", "link", "automatic", "addresses", "trusted"),
                FakeProvider.person("x", "root@acme.test", true));
        assertThat(answer.header("Location")).contains("/sign-in/link");
        assertThat(identities(org)).isZero();
    }

    @Test
    void L6_a_second_identity_of_the_same_provider_is_refused() {
        var org = roster.newOrg("acme");
        org.newUser("bob@acme.test");
        var id = provider.configured(org, "generic", "link", "automatic");
        provider.signIn(browser(), id, FakeProvider.person("bob", "bob@acme.test", true));
        var browser = browser();
        var answer = provider.signIn(browser, id, FakeProvider.person("evil-bob", "bob@acme.test", true));
        assertThat(answer.status()).isEqualTo(403);
        assertThat(browser.session()).isNull();
        assertThat(identities(org)).isEqualTo(1);
    }

    @Test
    void L7_a_pending_invitation_is_not_accepted_by_an_address_that_nobody_vouches_for() {
        var org = roster.newOrg("acme");
        var carl = org.newPending("carl@acme.test");
        var id = provider.configured(org, "generic", "link", "automatic");
        var browser = browser();
        provider.signIn(browser, id, FakeProvider.person("carl", "carl@acme.test", false));
        assertThat(browser.session()).isNull();
        assertThat(status(carl)).isEqualTo(User.Status.PENDING);
        assertThat(identities(org)).isZero();
        asksForLetter(browser);
        var link = letter(org).orElseThrow();
        assertThat(browser.submit(link, link, Map.of()).status()).isEqualTo(303);
        assertThat(status(carl)).isEqualTo(User.Status.ACTIVE);
        assertThat(proved(org, "carl@acme.test")).isTrue();
    }

    private static User.Status status(User user) {
        return Await.read(roster.db(), tx -> roster.program().user.users.find(tx, user.org(), user.id())).orElseThrow()
            .status();
    }

    @Test
    void a_pending_user_who_is_vouched_for_becomes_active_and_keeps_only_roles_that_may_be_given() {
        var org = roster.newOrg("acme");
        var giver = org.newAdmin("giver@acme.test");
        var carl = giver.post("/api/v2/users", """
            {"data":{"type":"users","attributes":{"email":"carl@acme.test"},"relationships":{"roles":{"data":[
             {"type":"roles","id":"%s"}]}}}}""".formatted(org.managed(Role.Managed.ADMIN))).id();
        var invited = giver.post("/api/v2/user_invitations", """
            {"data":[{"type":"user_invitations","relationships":{"user":{"data":{"type":"users","id":"%s"}}}}]}"""
            .formatted(carl));
        assertThat(invited.status()).isEqualTo(201);
        assertThat(org.founder().delete("/api/v2/users/" + giver.user().id()).status()).isEqualTo(204);
        var browser = browser();
        provider.signIn(browser, provider.configured(org, "generic"),
            FakeProvider.person("carl", "carl@acme.test", true));

        assertThat(browser.isSignedIn()).isTrue();
        assertThat(org.founder().get("/api/v2/users/" + carl).at("/data/relationships/roles/data").size()).isZero();
        assertThat(roster.sqlValue("SELECT count(*) FROM invitations WHERE org_id = ? AND accepted_at IS NOT NULL",
            org.id().value())).isEqualTo(1L);
    }

    @Test
    void L8_a_disabled_user_stays_disabled() {
        var org = roster.newOrg("acme");
        var bob = org.newUser("bob@acme.test");
        var dora = org.newUser("dora@acme.test");
        var id = provider.configured(org, "generic", "link", "automatic", "create_users", true);
        provider.signIn(browser(), id, FakeProvider.person("bob", "bob@acme.test", true));
        for (var user : List.of(bob, dora)) {
            assertThat(org.founder().delete("/api/v2/users/" + user.user().id()).status()).isEqualTo(204);
        }
        for (var who : Map.of("bob", "bob@acme.test", "dora", "dora@acme.test").entrySet()) {
            var browser = browser();
            var answer = provider.signIn(browser, id, FakeProvider.person(who.getKey(), who.getValue(), true));
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.text()).contains("has ended");
            assertThat(browser.session()).isNull();
        }
        assertThat(status(bob.user())).isEqualTo(User.Status.DISABLED);
        assertThat(status(dora.user())).isEqualTo(User.Status.DISABLED);
        assertThat(identities(org)).isEqualTo(1);
    }

    @Test
    void L10_a_user_that_a_provider_made_has_no_password() {
        var org = roster.newOrg("acme");
        var id = provider.configured(org, "generic", "create_users", true);
        var browser = browser();
        provider.signIn(browser, id, claims -> {
            claims.put("name", "Carla C.");
            return FakeProvider.person("carla", "carla@acme.test", true).apply(claims);
        });
        assertThat(browser.isSignedIn()).isTrue();
        assertThat(roster.sqlValue("SELECT name FROM users WHERE org_id = ? AND email = 'carla@acme.test'",
            org.id().value())).isEqualTo("Carla C.");
        for (var guess : List.of("", " ", "null", "password", "carla@acme.test", "carla")) {
            var other = browser();
            assertThat(other.signIn(org, "carla@acme.test", guess).status()).isEqualTo(422);
        }
    }

    @Test
    void nobody_is_created_unless_all_of_it_is_wished() {
        var org = roster.newOrg("acme");
        var before = roster.sqlValue("SELECT count(*) FROM users WHERE org_id = ?", org.id().value());
        var plain = provider.configured(org, "generic");
        assertThat(provider.signIn(browser(), plain, FakeProvider.person("a", "a@acme.test", true)).status())
            .isEqualTo(403);
        var creating = provider.configured(org, "generic", "create_users", true);
        for (var person : List.of(FakeProvider.person("a", "a@acme.test", false),
            FakeProvider.person("a", "a@other.test", true), FakeProvider.person("a", null, true),
            FakeProvider.person("a", "not an address", true))) {
            assertThat(provider.signIn(browser(), creating, person).status()).isEqualTo(403);
        }
        assertThat(roster.sqlValue("SELECT count(*) FROM users WHERE org_id = ?", org.id().value())).isEqualTo(before);
    }
}
