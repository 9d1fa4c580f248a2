package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.promise.ProviderOrg.assertRefused;
import static roster.promise.ProviderOrg.bob;
import static roster.promise.ProviderOrg.reason;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import roster.support.FakeProvider;
import roster.support.FakeProvider.Signing;
import roster.support.TestRoster;

/// Attacks on the ID tokens of OpenID Connect and the keys they are signed with: O3 to O6 and O8.
@Timeout(300)
class IdTokenAttackTest {
    /// All that the contract names with `-Droster.full=true`, which takes minutes.
    private static final int UNKNOWN_KEYS = Boolean.getBoolean("roster.full") ? 10_000 : 200;

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    @RegisterExtension
    static final FakeProvider provider = new FakeProvider();

    @BeforeEach
    void allIsRight() {
        provider.reset();
    }

    private static ProviderOrg scene() {
        return ProviderOrg.of(roster, provider);
    }

    @ParameterizedTest
    @EnumSource(value = Signing.class, names = {"RS256", "ES256", "PS256"})
    void tokens_signed_by_these_algorithms_are_good(Signing signing) {
        var scene = scene();
        provider.signing = signing;
        var browser = scene.browser();
        provider.signIn(browser, scene.id(), bob());
        assertThat(browser.isSignedIn()).isTrue();
    }

    /// What is wrong with the claims of a token, and the row it stands for.
    static Stream<Map.Entry<String, UnaryOperator<Map<String, Object>>>> wrongClaims() {
        var now = Instant.now().getEpochSecond();
        Map<String, UnaryOperator<Map<String, Object>>> all = new HashMap<>();
        all.put("O3 nonce absent", without("nonce"));
        all.put("O3 nonce other", with("nonce", "another"));
        all.put("O3 nonce a list", with("nonce", List.of("another")));
        all.put("O4 aud other", with("aud", "another"));
        all.put("O4 aud two", claims -> with("aud", List.of(claims.get("aud"), "another")).apply(claims));
        all.put("O4 aud two with azp", claims -> with("azp", claims.get("aud")).apply(
            with("aud", List.of(claims.get("aud"), "another")).apply(claims)));
        all.put("O4 azp foreign", with("azp", "another"));
        all.put("O4 azp a list", with("azp", List.of("another")));
        all.put("O5 iss other", with("iss", "https://evil.example"));
        all.put("O5 iss with a slash", claims -> with("iss", claims.get("iss") + "/").apply(claims));
        all.put("O6 expired", claims -> with("exp", now - 120).apply(claims));
        all.put("O6 of the future", claims -> with("iat", now + 600).apply(with("exp", now + 900).apply(claims)));
        all.put("O6 not yet", claims -> with("nbf", now + 600).apply(claims));
        all.put("O6 old", claims -> with("iat", now - 2 * 24 * 3600).apply(claims));
        all.put("O6 no iat", without("iat"));
        all.put("O6 no exp", without("exp"));
        all.put("sub absent", without("sub"));
        all.put("sub empty", with("sub", ""));
        all.put("sub long", with("sub", "x".repeat(256)));
        all.put("at_hash of another", with("at_hash", "AAAAAAAAAAAAAAAAAAAAAA"));
        return all.entrySet().stream();
    }

    private static UnaryOperator<Map<String, Object>> with(String name, Object value) {
        return claims -> {
            claims.put(name, value);
            return claims;
        };
    }

    private static UnaryOperator<Map<String, Object>> without(String name) {
        return claims -> {
            claims.remove(name);
            return claims;
        };
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrongClaims")
    void O3_O4_O5_O6_claims_that_are_wrong(Map.Entry<String, UnaryOperator<Map<String, Object>>> wrong) {
        var scene = scene();
        var browser = scene.browser();
        assertRefused(provider.signIn(browser, scene.id(), bob(wrong.getValue())), browser);
        assertThat(reason(scene.org())).contains("token").doesNotContain("eyJ");
    }

    @Test
    void the_longest_subject_and_a_list_of_one_audience_are_good() {
        var scene = scene();
        var browser = scene.browser();
        provider.signIn(browser, scene.id(), bob(claims -> with("sub", "x".repeat(255)).apply(
            with("aud", List.of(claims.get("aud"))).apply(with("azp", claims.get("aud")).apply(claims)))));
        assertThat(browser.isSignedIn()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(value = Signing.class,
        names = {"NONE", "HS256_PUBLIC_KEY", "OTHER_KEY_SAME_ID", "KEY_IN_HEADER", "RS512"})
    void O5_O6_signatures_that_are_not_the_providers(Signing signing) {
        var scene = scene();
        provider.signing = signing;
        var browser = scene.browser();
        assertRefused(provider.signIn(browser, scene.id(), bob()), browser);
    }

    @Test
    void O8_keys_that_were_rotated_are_found_and_unknown_ones_fetch_once() {
        var scene = scene();
        provider.signIn(scene.browser(), scene.id(), bob());
        provider.rotate("two-" + UUID.randomUUID());
        var browser = scene.browser();
        provider.signIn(browser, scene.id(), bob());
        assertThat(browser.isSignedIn()).isTrue();

        var before = provider.keysFetched.get();
        var token = provider.signed(new HashMap<>(Map.of("iss", provider.issuer())));
        var unknown = List.of(token.split("\\.", -1));
        IntStream.range(0, UNKNOWN_KEYS).parallel().forEach(i -> {
            var header = java.util.Base64.getUrlEncoder().withoutPadding().encodeToString(
                "{\"alg\":\"RS256\",\"kid\":\"k%d\"}".formatted(i).getBytes(StandardCharsets.UTF_8));
            var answer = provider.signIn(scene.browser(), scene.id(), bob(claims -> {
                provider.tokenAnswer = all -> {
                    all.put("id_token", header + "." + unknown.get(1) + "." + unknown.get(2));
                    return all;
                };
                return claims;
            }));
            assertThat(answer.status()).isEqualTo(400);
        });
        assertThat(provider.keysFetched.get() - before).isLessThanOrEqualTo(1);
    }
}
