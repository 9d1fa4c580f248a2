package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.promise.Linking.asksForLetter;
import static roster.promise.Linking.identities;
import static roster.promise.Linking.letter;
import static roster.promise.Linking.proved;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.BrowserUser;
import roster.support.FakeProvider;
import roster.support.OpenId;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// Attacks by addresses that a provider does not vouch for, or may not: L1 to L3.
@Timeout(300)
class AddressClaimAttackTest {
    private static final String PASSWORD = "four unrelated words here 7";

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    @RegisterExtension
    static final FakeProvider provider = new FakeProvider();

    @BeforeEach
    void allIsRight() {
        provider.reset();
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

    @Test
    void L1_an_address_that_is_not_verified_needs_an_e_mail() {
        int number = 0;
        for (var verified : Arrays.<Object>asList(false, null, "false", 0, "yes", List.of(true))) {
            var org = roster.newOrg("acme");
            var address = "bob-%d@acme.test".formatted(number++); // so many e-mails to one are not sent
            org.newUser(address);
            var id = provider.configured(org, "generic", "link", "automatic");
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
            provider.signIn(browser, provider.configured(org, "generic", "link", "automatic"),
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
            var id = provider.configured(org, "generic", "link", "automatic", "addresses", addresses);
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
        var id = provider.configured(org, "generic", "link", "automatic");
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
        var id =
            provider.configured(org, "entra", "link", "automatic", "domains", List.of(admin.replaceAll(".*@", "")));
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
    void L3_names_and_handles_name_no_account() {
        var org = roster.newOrg("acme");
        var bob = org.newUser("bob@acme.test");
        org.founder().patch("/api/v2/users/" + bob.user().id(), """
            {"data":{"type":"users","id":"%s","attributes":{"email":"robert@acme.test"}}}"""
            .formatted(bob.user().id()));
        var id = provider.configured(org, "generic", "link", "automatic");
        var answer = provider.signIn(browser(), id, claims -> {
            claims.put("preferred_username", "robert@acme.test");
            claims.put("name", "robert@acme.test");
            claims.put("upn", "robert@acme.test");
            claims.put("login", "robert@acme.test");
            return FakeProvider.person("eve", "bob@acme.test", true).apply(claims); // their handle, not their address now
        });
        assertThat(answer.status()).isEqualTo(403);
        assertThat(identities(org)).isZero();
    }
}
