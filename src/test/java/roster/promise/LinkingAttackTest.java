package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.core.identity.LinkSignIn;
import roster.model.Role;
import roster.model.User;
import roster.support.Answer;
import roster.support.BrowserUser;
import roster.support.Emails;
import roster.support.FakeProvider;
import roster.support.OpenId;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// Attacks on whose account an identity is: class L.
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
        provider.path = "";
    }

    private static String configured(TestOrg org, String profile, Object... more) {
        var attributes = provider.configuration(profile, "acme.test");
        for (int i = 0; i < more.length; i += 2) {
            attributes = OpenId.with(attributes, more[i].toString(), more[i + 1]);
        }
        return OpenId.configured(org, attributes);
    }

    /// Google, as far as it can be here: our provider under its profile.
    private static String google(TestOrg org, Object... more) {
        Map<String, Object> attributes = new HashMap<>(provider.configuration("google", "acme.test"));
        attributes.remove("issuer");
        for (int i = 0; i < more.length; i += 2) {
            attributes.put(more[i].toString(), more[i + 1]);
        }
        var id = OpenId.configured(org, attributes);
        roster.sql("UPDATE oidc_providers SET issuer = ? WHERE id = ?::uuid RETURNING id", provider.issuer(), id);
        return id;
    }

    private static BrowserUser browser() {
        return new BrowserUser(roster);
    }

    private static long identities(TestOrg org) {
        return (long) roster.sqlValue("SELECT count(*) FROM identities WHERE org_id = ?", org.id().value());
    }

    private static boolean proved(TestOrg org, String email) {
        return (boolean) roster.sqlValue("SELECT email_proved FROM users WHERE org_id = ? AND email = ?",
            org.id().value(), email);
    }

    private static Optional<String> letter(TestOrg org) {
        var all = Emails.of(org, LinkSignIn.LETTER);
        return all.isEmpty() ? Optional.empty()
            : Optional.of(all.getLast().letter().text().replaceAll("(?s).*(/sign-in/confirm/[A-Za-z0-9_-]+).*", "$1"));
    }

    private static Answer asksForLetter(BrowserUser browser) {
        return browser.submit("/sign-in/link", "/sign-in/link/letter", Map.of());
    }

    @Test
    void L1_an_address_that_is_not_verified_needs_an_e_mail() {
        int number = 0;
        for (var verified : Arrays.<Object>asList(false, null, "false", 0, "yes", List.of(true))) {
            var org = roster.newOrg("acme");
            var address = "bob-%d@acme.test".formatted(number++); // so many e-mails to one are not sent
            org.newUser(address);
            var id = configured(org, "generic", "link", "automatic");
            var browser = browser();

            var answer = provider.signIn(browser, id, FakeProvider.person("bob", address, verified));

            assertThat(answer.header("Location")).as("%s", verified).contains("/sign-in/link");
            assertThat(browser.session()).isNull();
            assertThat(browser.get("/sign-in/link").text()).contains(address)
                .doesNotContain("type=\"password\"");
            assertThat(browser.submit("/sign-in/link", "/sign-in/link", Map.of("password", PASSWORD)).status())
                .isEqualTo(303);
            assertThat(identities(org)).isZero();
            assertThat(asksForLetter(browser).status()).isEqualTo(200);
            var link = letter(org).orElseThrow();
            assertThat(browser.get(link).status()).isEqualTo(200);
            assertThat(identities(org)).as("looking changes nothing").isZero();
            assertThat(browser.submit(link, link, Map.of()).status()).isEqualTo(303);
            assertThat(browser.isSignedIn()).isTrue();
            assertThat(proved(org, address)).isTrue();
        }
    }

    @Test
    void L1_forms_of_true_that_products_send_count_but_not_for_Google() {
        for (var verified : List.<Object>of(true, "true", 1)) {
            var org = roster.newOrg("acme");
            org.newUser("bob@acme.test");
            var browser = browser();
            provider.signIn(browser, configured(org, "generic", "link", "automatic"),
                FakeProvider.person("bob", "bob@acme.test", verified));
            assertThat(browser.isSignedIn()).as(verified.toString()).isTrue();
            if (!verified.equals(true)) {
                var other = browser();
                var answer = provider.signIn(other, google(org, "link", "automatic"), claims -> {
                    claims.put("hd", "acme.test");
                    return FakeProvider.person("bob-google", "bob@acme.test", verified).apply(claims);
                });
                assertThat(answer.header("Location")).contains("/sign-in/link");
                assertThat(other.session()).isNull();
            }
        }
    }

    @Test
    void L1_Google_speaks_of_gmail_and_of_its_own_domains_only() {
        var org = roster.newOrg("acme");
        org.newUser("bob@acme.test");
        org.newUser("bob@gmail.com");
        var id = google(org, "link", "automatic", "domains", List.of());
        for (var hosted : Arrays.asList(null, "evil.test", "acme.test.evil.test")) {
            var answer = provider.signIn(browser(), id, claims -> {
                claims.put("hd", hosted);
                return FakeProvider.person("bob", "bob@acme.test", true).apply(claims);
            });
            assertThat(answer.status()).as(hosted).isEqualTo(403);
            assertThat(answer.text()).contains("does not confirm");
        }
        assertThat(identities(org)).isZero();
        var browser = browser();
        provider.signIn(browser, id, FakeProvider.person("bob-gmail", "bob@gmail.com", true));
        assertThat(browser.isSignedIn()).isTrue();
        assertThat(roster.sqlValue("SELECT method FROM sessions WHERE org_id = ?", org.id().value()))
            .isEqualTo("google_oidc");
    }

    @Test
    void L1_a_domain_that_is_not_listed_is_nothing_a_provider_may_speak_of() {
        var org = roster.newOrg("acme");
        org.newUser("bob@other.test");
        for (var addresses : List.of("claim", "trusted", "letter")) {
            var id = configured(org, "generic", "link", "automatic", "addresses", addresses);
            var answer = provider.signIn(browser(), id, FakeProvider.person("bob", "bob@other.test", true));
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.text()).contains("does not confirm");
            assertThat(org.founder().delete(OpenId.PATH + "/" + id).status()).isEqualTo(204);
        }
        assertThat(identities(org)).isZero();
    }

    @Test
    void L1_a_verified_address_in_userinfo_does_not_verify_another_in_the_token() {
        var org = roster.newOrg("acme");
        org.newUser("victim@acme.test");
        org.newUser("bob@acme.test");
        var id = configured(org, "generic", "link", "automatic");
        provider.userInfo = Map.of("sub", "bob", "email", "bob@acme.test", "email_verified", true);
        provider.signIn(browser(), id, FakeProvider.person("bob", "victim@acme.test", null));
        assertThat(
            roster.sqlValue("SELECT u.email FROM identities i JOIN users u ON u.id = i.user_id WHERE i.org_id = ?",
                org.id().value()))
            .isEqualTo("bob@acme.test");
        provider.userInfo = Map.of("sub", "another", "email", "victim@acme.test", "email_verified", true);
        assertThat(provider.signIn(browser(), id, FakeProvider.person("eve", null, null)).status())
            .as("userinfo of another user").isEqualTo(400);
    }

    @Test
    void L2_the_mail_attribute_of_Entra_is_free_text() {
        provider.path = "/%s/v2.0".formatted(UUID.randomUUID());
        var org = roster.newOrg("acme");
        var admin = org.founder().email();
        var id = configured(org, "entra", "link", "automatic", "domains", List.of(admin.replaceAll(".*@", "")));
        for (var verified : Arrays.<Object>asList(null, false, "false")) {
            var browser = browser();
            var answer = provider.signIn(browser, id, claims -> {
                claims.put("xms_edov", verified);
                return FakeProvider.person("eve", admin, true).apply(claims);
            });
            assertThat(answer.header("Location")).contains("/sign-in/link");
            assertThat(browser.session()).isNull();
        }
        assertThat(identities(org)).isZero();
    }

    @Test
    void L3_names_and_handles_are_nobodys_account() {
        var org = roster.newOrg("acme");
        var bob = org.newUser("bob@acme.test");
        org.founder().patch("/api/v2/users/" + bob.user().id(), """
            {"data":{"type":"users","id":"%s","attributes":{"email":"robert@acme.test"}}}"""
            .formatted(bob.user().id()));
        var id = configured(org, "generic", "link", "automatic");
        var answer = provider.signIn(browser(), id, claims -> {
            claims.put("preferred_username", "robert@acme.test");
            claims.put("name", "robert@acme.test");
            claims.put("upn", "robert@acme.test");
            claims.put("login", "robert@acme.test");
            return FakeProvider.person("eve", "bob@acme.test", true).apply(claims); // his handle, not his address now
        });
        assertThat(answer.status()).isEqualTo(403);
        assertThat(identities(org)).isZero();
    }

    @Test
    void L4_a_provider_proves_nothing_outside_of_its_organisation() {
        var a = roster.newOrg("a");
        var b = roster.newOrg("b");
        var ofB = b.newUser("bob@acme.test");
        a.newPending("bob@acme.test");
        var id = configured(a, "generic", "link", "automatic", "addresses", "trusted", "create_users", true);
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
        var id = configured(org, "okta", "link", "automatic");
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
        var id = configured(org, "generic");
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
        BrowserUser.setPassword(org.newUser("bob@acme.test"), PASSWORD);
        var browser = browser();
        provider.signIn(browser, configured(org, "generic"), FakeProvider.person("x", "bob@acme.test", true));
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
        var answer = provider.signIn(browser, configured(org, "generic", "link", "automatic", "addresses", "trusted"),
            FakeProvider.person("x", "root@acme.test", true));
        assertThat(answer.header("Location")).contains("/sign-in/link");
        assertThat(identities(org)).isZero();
    }

    @Test
    void L6_a_second_identity_of_the_same_provider_is_refused() {
        var org = roster.newOrg("acme");
        org.newUser("bob@acme.test");
        var id = configured(org, "generic", "link", "automatic");
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
        var id = configured(org, "generic", "link", "automatic");
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
        return roster.db().read(tx -> roster.program().user.users.find(tx, user.org(), user.id())).orElseThrow()
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
        provider.signIn(browser, configured(org, "generic"), FakeProvider.person("carl", "carl@acme.test", true));

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
        var id = configured(org, "generic", "link", "automatic", "create_users", true);
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
        var id = configured(org, "generic", "create_users", true);
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
        var plain = configured(org, "generic");
        assertThat(provider.signIn(browser(), plain, FakeProvider.person("a", "a@acme.test", true)).status())
            .isEqualTo(403);
        var creating = configured(org, "generic", "create_users", true);
        for (var person : List.of(FakeProvider.person("a", "a@acme.test", false),
            FakeProvider.person("a", "a@other.test", true), FakeProvider.person("a", null, true),
            FakeProvider.person("a", "not an address", true))) {
            assertThat(provider.signIn(browser(), creating, person).status()).isEqualTo(403);
        }
        assertThat(roster.sqlValue("SELECT count(*) FROM users WHERE org_id = ?", org.id().value())).isEqualTo(before);
    }
}
