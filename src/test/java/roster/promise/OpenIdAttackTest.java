package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.promise.ProviderOrg.assertRefused;
import static roster.promise.ProviderOrg.bob;
import static roster.promise.ProviderOrg.reason;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import roster.model.LoginMethod;
import roster.support.Await;
import roster.support.BrowserUser;
import roster.support.FakeProvider;
import roster.support.OpenId;
import roster.support.TestRoster;
import roster.support.Threads;

/// Attacks on the flow of OpenID Connect: class O but for tokens, and L9, C2 and C4 where they concern it.
@Timeout(300)
class OpenIdAttackTest {
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

    @Test
    void a_user_signs_in_by_a_provider() {
        var scene = scene();
        var browser = scene.browser();

        var answer = provider.signIn(browser, scene.id(), bob());

        assertThat(answer.status()).as(answer.text()).isEqualTo(303);
        assertThat(browser.isSignedIn()).isTrue();
        assertThat(roster.sqlValue("SELECT method FROM sessions WHERE org_id = ?", scene.org().id().value()))
            .isEqualTo("oidc");
    }

    @Test
    void the_button_is_on_the_page_whose_policy_names_where_it_leads() {
        var scene = scene();
        var page = scene.browser().get(BrowserUser.page(scene.org()));
        assertThat(page.text()).contains("Continue with Example", "/sign-in/with/" + scene.id());
        assertThat(page.header("Content-Security-Policy").orElseThrow())
            .contains("form-action 'self' " + provider.origin() + ";");
    }

    @Test
    void O1_state_that_is_not_this_browsers_is_refused_and_each_callback_works_once() {
        var scene = scene();
        var browser = scene.browser();
        var back = provider.back(FakeProvider.begin(browser, scene.id()), bob());

        assertRefused(scene.browser().get(back), scene.browser());
        var victim = scene.browser();
        FakeProvider.begin(victim, scene.id());
        assertRefused(victim.get(back), victim);
        for (var wrong : List.of(back.replaceAll("&state=[^&]*", ""), back.replaceAll("state=[^&]*", "state="),
            back.replaceAll("state=[^&]*", "state=x"), back + "&state=x", back + "&code=x", back + "&x=1&x=2")) {
            assertRefused(browser.get(wrong), browser);
        }
        assertThat(browser.get(back).status()).as("none of it used the flow up").isEqualTo(303);
        var second = scene.browser();
        second.put("roster_flow", "A".repeat(43));
        assertRefused(second.get(back), second);
        browser.forgetCookies();
        assertRefused(browser.get(back), browser);
    }

    @Test
    void O1_a_code_and_a_flow_work_once() {
        var scene = scene();
        var browser = scene.browser();
        var location = FakeProvider.begin(browser, scene.id());
        var back = provider.back(location, bob());
        var cookie = browser.cookie("roster_flow").orElseThrow();
        assertThat(browser.get(back).status()).isEqualTo(303);
        browser.forgetCookies();
        browser.put("roster_flow", cookie);
        assertRefused(browser.get(back), browser);
        assertRefused(browser.get(provider.back(location, bob())), browser);
        var other = FakeProvider.begin(browser, scene.id());
        var used = back.replaceAll(".*[?&]code=([^&]*).*", "$1");
        assertRefused(browser.get(provider.back(other, bob()).replaceAll("code=[^&]*", "code=" + used)), browser);
        assertThat(reason(scene.org())).contains("refused the code");
    }

    @Test
    void O1_head_does_not_use_the_callback_up() {
        var scene = scene();
        var browser = scene.browser();
        var back = provider.back(FakeProvider.begin(browser, scene.id()), bob());
        roster.send("HEAD", back, null, Map.of("Cookie", "roster_flow=" + browser.cookie("roster_flow").orElseThrow()));
        assertThat(browser.get(back).status()).isEqualTo(303);
    }

    @Test
    void O2_an_answer_of_another_provider_is_refused() {
        var scene = scene();
        var second = OpenId.configured(scene.org(), OpenId.with(provider.configuration("generic", "acme.test"), "link",
            "automatic"));
        var browser = scene.browser();
        var atSecond = provider.back(FakeProvider.begin(browser, second), bob());

        assertRefused(browser.get(atSecond.replace(second, scene.id())), browser);
        assertThat(browser.get(atSecond + "&iss=https%3A%2F%2Fevil.example").status()).isEqualTo(400);
        var again = provider.back(FakeProvider.begin(browser, second), bob());
        assertThat(browser.get(again + "&iss=" + URLEncoder.encode(provider.issuer(), StandardCharsets.UTF_8)).status())
            .isEqualTo(303);
    }

    @Test
    void O2_an_issuer_that_is_promised_is_required() {
        provider.metadata = all -> {
            all.put("authorization_response_iss_parameter_supported", true);
            return all;
        };
        var scene = scene();
        var browser = scene.browser();
        assertRefused(provider.signIn(browser, scene.id(), bob()), browser);
        var back = provider.back(FakeProvider.begin(browser, scene.id()), bob());
        assertThat(browser.get(back + "&iss=" + URLEncoder.encode(provider.issuer(), StandardCharsets.UTF_8)).status())
            .isEqualTo(303);
    }

    @Test
    void O5_metadata_of_another_issuer() {
        provider.metadata = all -> {
            all.put("issuer", "https://evil.example");
            return all;
        };
        var scene = scene();
        assertThat(FakeProvider.begun(scene.browser(), scene.id()).status()).isEqualTo(400);
        assertThat(reason(scene.org())).contains("another issuer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint",
        "end_session_endpoint"})
    void O5_endpoints_that_lead_elsewhere(String endpoint) {
        for (var address : List.of("http://idp.example/x", "javascript:alert(1)", "ftp://idp.example/x")) {
            provider.metadata = all -> {
                all.put(endpoint, address);
                return all;
            };
            var scene = scene();
            assertThat(FakeProvider.begun(scene.browser(), scene.id()).status()).as(address).isEqualTo(400);
        }
    }

    @Test
    void O7_S256_whatever_the_metadata_say_and_no_code_without_our_verifier() {
        provider.metadata = all -> {
            all.put("code_challenge_methods_supported", List.of("plain"));
            return all;
        };
        var scene = scene();
        var browser = scene.browser();
        var location = FakeProvider.begin(browser, scene.id());
        var asked = FakeProvider.asked(location);
        assertThat(asked).containsEntry("code_challenge_method", "S256").containsEntry("response_type", "code");
        assertThat(asked.get("nonce")).hasSizeGreaterThan(40).isNotEqualTo(asked.get("state"));

        // The attacker's code, made for their own challenge, put into the victim's callback.
        var attacker = scene.browser();
        var stolen = provider.back(FakeProvider.begin(attacker, scene.id()), bob())
            .replaceAll(".*[?&]code=([^&]*).*", "$1");
        assertRefused(browser.get(provider.back(location, bob()).replaceAll("code=[^&]*", "code=" + stolen)), browser);
        assertThat(provider.verifierFaults).isNotEmpty();
    }

    @Test
    void O9_an_issuer_on_the_machines_around_is_not_called() {
        var org = roster.newOrg("acme");
        for (var issuer : List.of("https://169.254.169.254", "https://10.0.0.1:9", "https://[fd00:ec2::254]",
            "https://127.0.0.1.nip.invalid")) {
            var id = OpenId.configured(org, OpenId.with(OpenId.okta(), "issuer", issuer));
            assertThat(FakeProvider.begun(new BrowserUser(roster), id).status()).isEqualTo(400);
            assertThat(org.founder().delete(OpenId.PATH + "/" + id).status()).isEqualTo(204);
        }
        assertThat(reason(org)).contains("neither public nor in a network");
    }

    @ParameterizedTest
    @EnumSource(value = FakeProvider.Fault.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void O12_a_provider_that_does_not_answer_well_ends_in_a_page(FakeProvider.Fault fault) {
        var scene = scene();
        var browser = scene.browser();
        var back = provider.back(FakeProvider.begin(browser, scene.id()), bob());
        provider.fault = fault;
        assertRefused(browser.get(back), browser); // the longest takes the 10 s of all calls outward
        assertThat(reason(scene.org())).contains("tokens: ");
    }

    /// More browsers than this node reads for at a time.
    @Test
    void O12_a_provider_that_does_not_answer_stops_nobody_else() throws Exception {
        var scene = scene();
        var other = roster.newOrg("bystander");
        var browsers = Stream.generate(scene::browser).limit(40).toList();
        var backs = browsers.stream().map(browser -> provider.back(FakeProvider.begin(browser, scene.id()), bob()))
            .toList();
        provider.fault = FakeProvider.Fault.SILENT;
        var asked = provider.tokensAsked.get();
        try (var threads = new Threads()) {
            var waiting = IntStream.range(0, backs.size())
                .mapToObj(i -> threads.submit(() -> browsers.get(i).get(backs.get(i)))).toList();
            Await.until("the provider was asked by several", () -> provider.tokensAsked.get() - asked >= 10);

            assertThat(other.founder().get("/api/v2/users").status()).isEqualTo(200);
            assertThat(new BrowserUser(roster).get("/sign-in").status()).isEqualTo(200);

            assertThat(waiting).as("before it was given up").noneMatch(Future::isDone);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"//evil.example", "/\\evil.example", "javascript:alert(1)", "/a\r\nSet-Cookie: a=b",
        "https://evil.example/", "/%0d%0aLocation:x\n", ""})
    void O10_where_to_go_on_stays_here(String then) {
        var scene = scene();
        var browser = scene.browser();
        var path = "/sign-in/with/" + scene.id();
        var location = browser.submit(path, path, Map.of("then", then)).header("Location").orElseThrow();
        var answer = browser.get(provider.back(location, bob()));
        assertThat(answer.header("Location").orElseThrow()).isEqualTo("/console/");
    }

    @Test
    void O10_and_a_page_of_ours_is_gone_on_to() {
        var scene = scene();
        var browser = scene.browser();
        var path = "/sign-in/with/" + scene.id();
        var location = browser.submit(path, path, Map.of("then", "/docs?a=b")).header("Location").orElseThrow();
        assertThat(browser.get(provider.back(location, bob())).header("Location").orElseThrow()).isEqualTo("/docs?a=b");
    }

    @Test
    void L9_a_provider_that_was_disabled_or_removed_lets_nobody_in() {
        var scene = scene();
        var admin = scene.org().founder();
        var browser = scene.browser();
        provider.signIn(browser, scene.id(), bob());
        assertThat(browser.isSignedIn()).isTrue();
        var other = scene.browser();
        var inFlight = provider.back(FakeProvider.begin(other, scene.id()), bob());

        assertThat(admin.patch("/api/v2/identity_providers/" + scene.id(), """
            {"data":{"type":"identity_providers","id":"%s","attributes":{"enabled":false}}}""".formatted(scene.id()))
            .status()).isEqualTo(200);

        assertThat(browser.isSignedIn()).as("its sessions ended").isFalse();
        assertRefused(other.get(inFlight), other);
        assertThat(other.get("/sign-in/with/" + scene.id()).status()).isEqualTo(404);
        assertThat(other.get(BrowserUser.page(scene.org())).text()).doesNotContain("Continue with Example");
        assertThat(admin.delete(OpenId.PATH + "/" + scene.id()).status()).isEqualTo(204);
        assertThat(other.get("/sign-in/with/" + scene.id()).status()).isEqualTo(404);
    }

    @Test
    void L9_a_method_that_is_not_the_users_lets_them_in_by_no_provider() {
        var scene = scene();
        var standard = LoginMethod.STANDARD.id(scene.org().id()).value();
        var bob = roster.sqlValue("SELECT id FROM users WHERE org_id = ? AND email = 'bob@acme.test'",
            scene.org().id().value());
        var browser = scene.browser();
        var inFlight = provider.back(FakeProvider.begin(browser, scene.id()), bob());
        assertThat(scene.org().founder().patch("/api/v2/users/%s/relationships/identity_providers".formatted(bob),
            "{\"data\":[{\"type\":\"identity_providers\",\"id\":\"%s\"}]}".formatted(standard)).status())
            .isEqualTo(204);
        var answer = browser.get(inFlight);
        assertThat(answer.status()).isEqualTo(403);
        assertThat(browser.session()).isNull();
        assertThat(roster.sqlValue("SELECT count(*) FROM identities WHERE org_id = ?", scene.org().id().value()))
            .isEqualTo(0L);
    }

    /// The attacker signs in at the provider, and has the victim's browser open the way back.
    @Test
    void C2_a_browser_is_not_signed_in_with_the_code_of_another() {
        var scene = scene();
        var attacker = scene.browser();
        var back = provider.back(FakeProvider.begin(attacker, scene.id()), bob());
        for (var victim : List.of(scene.browser(), scene.browser())) {
            FakeProvider.begin(victim, scene.id());
            assertRefused(victim.get(back), victim);
        }
        var path = "/sign-in/with/" + scene.id();
        var victim = scene.browser();
        var csrf = BrowserUser.csrf(victim.get(path));
        assertThat(victim.post(path, csrf, Map.of(), Map.of("Sec-Fetch-Site", "cross-site")).status()).isEqualTo(403);
    }

    @Test
    void C4_the_providers_own_text_is_shown_nowhere() {
        var scene = scene();
        var browser = scene.browser();
        var state = FakeProvider.asked(FakeProvider.begin(browser, scene.id())).get("state");
        var text = "<script>alert('theirs')</script>";
        var answer = browser.get("/sign-in/callback/%s?state=%s&error=%s&error_description=%s".formatted(scene.id(),
            URLEncoder.encode(state, StandardCharsets.UTF_8), URLEncoder.encode(text, StandardCharsets.UTF_8),
            URLEncoder.encode(text, StandardCharsets.UTF_8)));
        assertRefused(answer, browser);
        assertThat(answer.text()).doesNotContain("theirs");
        assertThat(reason(scene.org())).contains("an unknown error").doesNotContain("theirs");
    }

    @Test
    void C4_names_of_providers_are_escaped() {
        var org = roster.newOrg("acme");
        OpenId.configured(org, OpenId.with(provider.configuration("generic"), "name", "A & \"B\""));
        assertThat(new BrowserUser(roster).get(BrowserUser.page(org)).text()).contains("Continue with A &amp; ")
            .doesNotContain("A & \"B\"");
    }
}
