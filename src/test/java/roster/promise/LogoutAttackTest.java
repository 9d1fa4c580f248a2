package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.Answer;
import roster.support.BrowserUser;
import roster.support.FakeProvider;
import roster.support.FakeProvider.Signing;
import roster.support.Inviting;
import roster.support.OpenId;
import roster.support.SignedIn;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// Attack O11, and signing out at providers.
@Timeout(300)
class LogoutAttackTest {
    private static final String EVENT = "http://schemas.openid.net/event/backchannel-logout";

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    @RegisterExtension
    static final FakeProvider provider = new FakeProvider();

    @BeforeEach
    void allIsRight() {
        provider.reset();
    }

    /// Bob, signed in by the provider twice, under two sessions there.
    private record Scene(TestOrg org, String id, String client, BrowserUser first, BrowserUser second) {}

    private static Scene scene() {
        var org = roster.newOrg("acme");
        org.newUser("bob@acme.test");
        var attributes = OpenId.with(provider.configuration("generic", "acme.test"), "link", "automatic");
        var id = OpenId.configured(org, attributes);
        return new Scene(org, id, attributes.get("client_id").toString(), signedIn(id, "one"), signedIn(id, "two"));
    }

    private static BrowserUser signedIn(String id, String sid) {
        var browser = new BrowserUser(roster);
        provider.signIn(browser, id, claims -> {
            claims.put("sid", sid);
            return FakeProvider.person("bob", "bob@acme.test", true).apply(claims);
        });
        assertThat(browser.isSignedIn()).isTrue();
        return browser;
    }

    private static Map<String, Object> token(Scene scene) {
        var claims = new LinkedHashMap<String, Object>();
        var now = Instant.now().getEpochSecond();
        claims.put("iss", provider.issuer());
        claims.put("aud", scene.client());
        claims.put("iat", now);
        claims.put("exp", now + 120);
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("sub", "bob");
        claims.put("sid", "one");
        claims.put("events", Map.of(EVENT, Map.of()));
        return claims;
    }

    private static Answer sent(String id, String token) {
        return roster.send("POST", "/sign-in/logout/" + id, SignedIn.encoded(Map.of("logout_token", token)),
            Map.of("Content-Type", Inviting.FORM));
    }

    private static String signed(Map<String, Object> claims) {
        return provider.signed(claims, new JOSEObjectType("logout+jwt"));
    }

    @Test
    void a_logout_token_ends_the_session_that_it_names() {
        var scene = scene();
        var answer = sent(scene.id(), signed(token(scene)));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Cache-Control")).contains("no-store");
        assertThat(scene.first().isSignedIn()).isFalse();
        assertThat(scene.second().isSignedIn()).isTrue();
    }

    @Test
    void without_a_session_it_ends_all_of_the_identity_and_without_a_subject_that_session() {
        var scene = scene();
        var bySid = token(scene);
        bySid.remove("sub");
        assertThat(sent(scene.id(), signed(bySid)).status()).isEqualTo(200);
        assertThat(scene.first().isSignedIn()).isFalse();
        assertThat(scene.second().isSignedIn()).isTrue();
        var bySub = token(scene);
        bySub.remove("sid");
        assertThat(sent(scene.id(), signed(bySub)).status()).isEqualTo(200);
        assertThat(scene.second().isSignedIn()).isFalse();
    }

    @Test
    void O11_tokens_that_are_not_good() {
        var scene = scene();
        var now = Instant.now().getEpochSecond();
        Map<String, UnaryOperator<Map<String, Object>>> wrong = new LinkedHashMap<>();
        wrong.put("nonce", with("nonce", "n"));
        wrong.put("no event", with("events", null));
        wrong.put("another event", with("events", Map.of("http://schemas.openid.net/event/other", Map.of())));
        wrong.put("event no object", with("events", Map.of(EVENT, "yes")));
        wrong.put("other client", with("aud", "another"));
        wrong.put("two clients", with("aud", List.of(scene.client(), "another")));
        wrong.put("other issuer", with("iss", "https://evil.example"));
        wrong.put("old", claims -> with("iat", now - 1200).apply(with("exp", now + 60).apply(claims)));
        wrong.put("expired", with("exp", now - 120));
        wrong.put("no exp", with("exp", null));
        wrong.put("no jti", with("jti", null));
        wrong.put("neither sub nor sid", claims -> with("sub", null).apply(with("sid", null).apply(claims)));
        wrong.forEach(
            (name, change) -> assertThat(sent(scene.id(), signed(change.apply(token(scene)))).status()).as(name)
                .isEqualTo(400));
        for (var signing : List.of(Signing.NONE, Signing.HS256_PUBLIC_KEY, Signing.OTHER_KEY_SAME_ID,
            Signing.KEY_IN_HEADER)) {
            provider.signing = signing;
            assertThat(sent(scene.id(), signed(token(scene))).status()).as(signing.toString()).isEqualTo(400);
        }
        provider.signing = Signing.RS256;
        assertThat(sent(scene.id(), "").status()).isEqualTo(400);
        assertThat(sent(scene.id(), "a.b.c").status()).isEqualTo(400);
        assertThat(sent(UUID.randomUUID().toString(), signed(token(scene))).status()).isEqualTo(400);
        assertThat(scene.first().isSignedIn()).isTrue();
        assertThat(scene.second().isSignedIn()).isTrue();
    }

    private static UnaryOperator<Map<String, Object>> with(String name, Object value) {
        return claims -> {
            claims.put(name, value);
            claims.values().removeIf(java.util.Objects::isNull);
            return claims;
        };
    }

    @Test
    void O11_an_ID_token_is_no_logout_token_and_no_token_works_twice() {
        var scene = scene();
        var idToken = token(scene);
        idToken.remove("events");
        idToken.put("nonce", "n");
        assertThat(sent(scene.id(), provider.signed(idToken)).status()).isEqualTo(400);
        assertThat(scene.first().isSignedIn()).isTrue();

        var token = signed(token(scene));
        assertThat(sent(scene.id(), token).status()).isEqualTo(200);
        var again = signedIn(scene.id(), "one");
        assertThat(sent(scene.id(), token).status()).isEqualTo(400);
        assertThat(again.isSignedIn()).isTrue();
    }

    @Test
    void O11_a_foreign_subject_ends_nobodys_session() {
        var scene = scene();
        var foreign = with("sub", "eve").apply(token(scene));
        assertThat(sent(scene.id(), signed(foreign)).status()).isEqualTo(200);
        assertThat(scene.first().isSignedIn()).isTrue();

        // Another organisation's provider says it of the same subject and session.
        var other = roster.newOrg("other");
        var attributes = provider.configuration("generic", "acme.test");
        var otherId = OpenId.configured(other, attributes);
        var theirs = with("aud", attributes.get("client_id")).apply(token(scene));
        assertThat(sent(otherId, signed(theirs)).status()).isEqualTo(200);
        assertThat(sent(scene.id(), signed(with("aud", attributes.get("client_id")).apply(token(scene)))).status())
            .isEqualTo(400);
        assertThat(scene.first().isSignedIn()).isTrue();
        assertThat(scene.second().isSignedIn()).isTrue();
    }

    @Test
    void after_signing_out_here_a_user_may_sign_out_there() {
        var scene = scene();
        var browser = scene.first();
        assertThat(browser.submit("/sign-out", "/sign-out", Map.of()).status()).isEqualTo(303);
        assertThat(roster.sqlValue("SELECT count(*) FROM sessions WHERE org_id = ? AND ended_at IS NOT NULL "
            + "AND id_token_sealed IS NOT NULL", scene.org().id().value())).as("erased when it ends").isEqualTo(0L);
        var page = browser.get("/sign-in/signed-out");
        assertThat(page.text()).contains("You are signed out.", "Sign out of Example too");
        assertThat(page.header("Content-Security-Policy").orElseThrow()).contains(provider.origin());

        var there = browser.submit("/sign-in/signed-out", "/sign-in/signed-out", Map.of()).header("Location")
            .orElseThrow();
        assertThat(there).startsWith(provider.issuer() + "/logout?");
        var asked = FakeProvider.asked(there);
        assertThat(asked.get("id_token_hint")).startsWith("eyJ");
        assertThat(asked.get("post_logout_redirect_uri")).endsWith("/sign-in/signed-out");
        assertThat(asked).containsKeys("state", "client_id");
        assertThat(browser.get("/sign-in/signed-out?state=" + asked.get("state")).text())
            .doesNotContain("Sign out of Example");
        assertThat(roster.sql("SELECT id_token_sealed FROM sessions WHERE org_id = ?", scene.org().id().value())
            .toString()).doesNotContain("eyJ");
    }
}
