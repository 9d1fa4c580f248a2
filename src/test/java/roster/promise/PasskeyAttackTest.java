package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.api.Named;
import roster.Node;
import roster.core.org.OrgConfig;
import roster.support.Answer;
import roster.support.App;
import roster.support.BrowserUser;
import roster.support.Device;
import roster.support.Inviting;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// Attacks on passkeys, F7.
@Timeout(300)
class PasskeyAttackTest {
    private static final String NEW = "/me/security/passkeys/new";
    private static final String ENTER = "/sign-in/passkey";
    private static final String ANYWHERE = "/sign-in?all=true";

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static Node nodeB;

    @BeforeAll
    static void anotherNode() {
        nodeB = roster.anotherNode(Map.of());
    }

    @AfterAll
    static void stop() {
        nodeB.close();
    }

    /// Passkeys are for names of hosts.
    private static String origin() {
        return roster.address().replace("127.0.0.1", "localhost");
    }

    private static BrowserUser browser() {
        return new BrowserUser(origin());
    }

    private static TestUser user(TestOrg org, String name) {
        var user = org.newUser(name + "@passkey.test");
        BrowserUser.setPassword(user, Inviting.PASSWORD);
        return user;
    }

    private static BrowserUser signedIn(TestUser user) {
        var browser = browser();
        assertThat(browser.signIn(user.org(), user.email(), Inviting.PASSWORD).header("Location"))
            .contains("/console/");
        return browser;
    }

    private static Device made(TestUser user) {
        return Device.of(signedIn(user), origin());
    }

    private static Answer enter(BrowserUser browser, Device device) {
        return browser.submitAsIs(ANYWHERE, ENTER, device::show);
    }

    private static long passkeys(TestOrg org) {
        return (long) roster.sqlValue("SELECT count(*) FROM passkeys WHERE org_id = ?", org.id().value());
    }

    private static void refused(BrowserUser browser, Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(422);
        assertThat(browser.isSignedIn()).isFalse();
    }

    @Test
    void a_passkey_is_made_and_signs_in_without_address_and_password() {
        var org = roster.newOrg("acme");
        var ada = user(org, "ada");
        var first = signedIn(ada);
        var options = Device.options(first.get(NEW));
        assertThat(options.at("/authenticatorSelection/userVerification").asString()).isEqualTo("required");
        assertThat(options.at("/authenticatorSelection/residentKey").asString()).isEqualTo("required");
        assertThat(options.at("/attestation").asString()).isEqualTo("none");
        assertThat(options.at("/rp/id").asString()).isEqualTo("localhost");
        assertThat(options.at("/pubKeyCredParams").toString()).contains("-7", "-257", "-8").doesNotContain("-35");
        var device = new Device(origin());
        var made = first.submitAsIs(NEW, page -> {
            var form = new HashMap<>(device.make(page));
            form.put("name", "Ada's telephone <b>");
            return form;
        });
        assertThat(made.header("Location")).contains("/me/security/codes");
        assertThat(first.get("/me/security").text()).contains("telephone &lt;b&gt;").doesNotContain("telephone <b>");
        assertThat(Device.options(first.get(NEW)).at("/excludeCredentials").size()).isEqualTo(1);
        assertThat(ada.get("/api/v2/current_user").json().at("/data/attributes/mfa_enabled").asBoolean()).isTrue();

        var browser = browser();
        assertThat(Device.options(browser.get(ANYWHERE)).at("/allowCredentials").size()).isZero();
        assertThat(enter(browser, device).header("Location")).contains("/console/");
        assertThat(browser.isSignedIn()).isTrue();
        assertThat(roster.sql("SELECT method, factors::text FROM sessions WHERE org_id = ? AND ended_at IS NULL "
            + "ORDER BY created_at DESC LIMIT 1", org.id().value())).containsExactly(List.of("standard", "{passkey}"));
        assertThat(roster.sqlValue("SELECT sign_count FROM passkeys WHERE org_id = ?", org.id().value())).isEqualTo(1L);
        assertThat(roster.program().audit().trail.verify(org.id(), Optional.empty()).faults()).isEmpty();

        var id = roster.sqlValue("SELECT id FROM passkeys WHERE org_id = ?", org.id().value());
        browser.submit("/me/security", "/me/security/passkeys/%s/rename".formatted(id), Map.of("name", "Other"));
        assertThat(browser.get("/me/security").text()).contains("Other");
        browser.submit("/me/security", "/me/security/passkeys/%s/rename".formatted(id), Map.of("name", "\u200b"));
        assertThat(browser.get("/me/security").text()).as("a name that cannot be seen is none").contains("Other");
        assertThat(org.founder().get("/api/v2/roster/users/%s?as_of=2999-01-01T00:00:00Z".formatted(ada.id())).text())
            .as("a passkey's name is not the user's").doesNotContain("telephone", "Other");
        browser.submit("/me/security", "/me/security/passkeys/%s/remove".formatted(id), Map.of());
        assertThat(passkeys(org)).isZero();
        assertThat(roster.sql("SELECT 1 FROM passkey_pointers WHERE org_id = ?", org.id().value())).isEmpty();
        assertThat(ada.get("/api/v2/current_user").json().at("/data/attributes/mfa_enabled").asBoolean()).isFalse();
        refused(browser(), enter(browser(), device));
    }

    @Test
    void a_passkey_is_a_second_step_after_a_password_and_makes_a_session_fresh() {
        var org = roster.newOrg("acme");
        var ada = user(org, "ada");
        var device = made(ada);
        var browser = browser();
        assertThat(browser.signIn(org, ada.email(), Inviting.PASSWORD).header("Location"))
            .contains("/sign-in/second");
        var page = browser.get("/sign-in/second");
        assertThat(Device.options(page).at("/allowCredentials").size()).isEqualTo(1);
        assertThat(browser.post("/sign-in/second", BrowserUser.csrf(page), device.show(page), Map.of())
            .header("Location")).contains("/console/");
        roster.sql("UPDATE sessions SET fresh_until = roster_now() WHERE org_id = ?", org.id().value());
        assertThat(browser.submitAsIs("/sign-in/again", device::show).header("Location")).contains("/console/");
        assertThat((boolean) roster.sqlValue("SELECT fresh_until > roster_now() FROM sessions WHERE org_id = ? "
            + "AND ended_at IS NULL ORDER BY created_at DESC LIMIT 1", org.id().value())).isTrue();
    }

    static Stream<Named<Consumer<Device>>> lies() {
        return Stream.of(Named.of("origin", device -> device.origin = "https://evil.test"),
            Named.of("origin of a subdomain", device -> device.origin = device.origin.replace("//", "//a.")),
            Named.of("port", device -> device.origin = device.origin + "1"),
            Named.of("relying party", device -> device.rp = "evil.test"),
            Named.of("no user verification", device -> device.verifies = false),
            Named.of("nobody present", device -> device.present = false),
            Named.of("challenge", device -> device.challenge = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
            Named.of("a frame of another origin", device -> device.crossOrigin = true),
            Named.of("the other ceremony", device -> device.type = "webauthn.none"));
    }

    @ParameterizedTest
    @MethodSource("lies")
    void f7_what_an_honest_browser_would_not_say_is_refused(Consumer<Device> lie) {
        var org = roster.newOrg("acme");
        var ada = user(org, "ada");
        var device = made(ada);
        lie.accept(device);
        var browser = browser();
        refused(browser, enter(browser, device));

        var bob = signedIn(user(org, "bob"));
        var making = new Device(origin());
        lie.accept(making);
        assertThat(bob.submitAsIs(NEW, making::make).status()).isEqualTo(422);
        assertThat(passkeys(org)).isEqualTo(1);
    }

    @Test
    void f7_an_algorithm_that_was_not_asked_for_makes_no_passkey() {
        var org = roster.newOrg("acme");
        var bob = signedIn(user(org, "bob"));
        for (var algorithm : List.of(-9, -35, -47)) {
            var device = new Device(origin());
            device.algorithm = algorithm;
            assertThat(bob.submitAsIs(NEW, device::make).status()).as("%d", algorithm).isEqualTo(422);
        }
        assertThat(passkeys(org)).isZero();
    }

    @Test
    void f7_an_answer_is_good_once_and_only_for_the_page_that_asked() throws Exception {
        var org = roster.newOrg("acme");
        var ada = user(org, "ada");
        var device = made(ada);
        var browser = browser();
        var page = browser.get(ANYWHERE);
        var csrf = BrowserUser.csrf(page);
        var form = device.show(page);
        var stranger = browser();
        refused(stranger, stranger.post(ENTER, BrowserUser.csrf(stranger.get(ANYWHERE)), form, Map.of()));

        Callable<Integer> enter = () -> new BrowserUser(origin()).with(browser).post(ENTER, csrf, form, Map.of())
            .status();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var in = 0;
            for (var one : threads.invokeAll(Stream.generate(() -> enter).limit(20).toList())) {
                in += one.get() == 303 ? 1 : 0;
            }
            assertThat(in).isEqualTo(1);
        }

        var half = browser();
        half.signIn(org, ada.email(), Inviting.PASSWORD);
        var second = half.get("/sign-in/second");
        refused(half, half.post(ENTER, BrowserUser.csrf(second), device.show(second), Map.of()));
        var asked = half.get(ANYWHERE);
        refused(half, half.post("/sign-in/second", BrowserUser.csrf(asked), device.show(asked), Map.of()));
        var own = signedInByPasskey(device);
        var again = own.get("/sign-in/again");
        assertThat(own.post(NEW, BrowserUser.csrf(again), device.show(again), Map.of()).status()).isEqualTo(422);
    }

    private static BrowserUser signedInByPasskey(Device device) {
        var browser = browser();
        assertThat(enter(browser, device).header("Location")).contains("/console/");
        return browser;
    }

    @Test
    void f3_a_passkey_works_while_codes_are_refused() {
        var org = roster.newOrg("acme");
        var ada = user(org, "ada");
        var device = made(ada);
        var app = App.of(ada);
        for (int flow = 0; flow < 6; flow++) {
            var guessing = browser();
            guessing.signIn(org, ada.email(), Inviting.PASSWORD);
            for (int i = 0; i < 5; i++) {
                guessing.submit("/sign-in/second", "/sign-in/second", Map.of("code", app.wrong()));
            }
        }
        var half = browser();
        half.signIn(org, ada.email(), Inviting.PASSWORD);
        assertThat(half.submit("/sign-in/second", "/sign-in/second", Map.of("code", app.code())).status())
            .isEqualTo(429);
        assertThat(half.submitAsIs("/sign-in/second", device::show).header("Location")).contains("/console/");
        signedInByPasskey(device);
    }

    @Test
    void f7_an_altered_or_missing_challenge_is_refused() {
        var org = roster.newOrg("acme");
        var device = made(user(org, "ada"));
        var browser = browser();
        var page = browser.get(ANYWHERE);
        var altered = new HashMap<>(device.show(page));
        altered.compute("challenge", (_, sealed) -> (sealed.startsWith("A") ? "B" : "A") + sealed.substring(1));
        refused(browser, browser.post(ENTER, BrowserUser.csrf(page), altered, Map.of()));
        altered.put("challenge", "");
        refused(browser, browser.post(ENTER, BrowserUser.csrf(page), altered, Map.of()));
    }

    @Test
    void f7_a_forged_signature_and_anothers_credential_let_nobody_in() {
        var org = roster.newOrg("acme");
        var ada = user(org, "ada");
        var bob = user(org, "bob");
        var ofAda = made(ada);
        var ofBob = made(bob);
        var browser = browser();
        refused(browser, enter(browser, new Device(origin()).of(ofAda)));
        refused(browser, enter(browser, ofBob.of(ofAda)));

        var half = browser();
        half.signIn(org, ada.email(), Inviting.PASSWORD);
        refused(half, half.submitAsIs("/sign-in/second", made(user(org, "eve"))::show));
        for (var answer : List.of("", "{}", "null", "[]", "{\"id\":1}",
            "{\"id\":\"x\",\"rawId\":\"%\",\"type\":\"public-key\","
                + "\"response\":{}}",
            "[".repeat(2000))) {
            var page = browser.get(ANYWHERE);
            var form = new HashMap<>(ofAda.show(page));
            form.put("answer", answer);
            refused(browser, browser.post(ENTER, BrowserUser.csrf(page), form, Map.of()));
        }
        var mallory = signedIn(user(org, "mallory"));
        var stolen = mallory.submitAsIs(NEW, ofAda::make);
        assertThat(stolen.status()).as("a credential is one user's").isEqualTo(422);
    }

    @Test
    void f7_a_counter_that_goes_back_is_refused_and_the_user_is_told() {
        var org = roster.newOrg("acme");
        var ada = user(org, "ada");
        var device = made(ada);
        var copy = new Device(device);
        signedInByPasskey(device);
        signedInByPasskey(device);
        var browser = browser();
        refused(browser, enter(browser, copy));
        assertThat(roster.sql("SELECT what FROM notices WHERE org_id = ? AND what = 'passkey_copied'",
            org.id().value())).hasSize(1);
        assertThat(roster.sqlValue("SELECT after->>'reason' FROM audit_entries WHERE org_id = ? "
            + "AND action = 'sign_in.refused' LIMIT 1", org.id().value())).isEqualTo("passkey_copied");
    }

    @Test
    void f7_one_device_at_two_nodes_at_once_is_counted_once() throws Exception {
        var org = roster.newOrg("acme");
        var device = made(user(org, "ada"));
        var other = nodeB.address().replace("127.0.0.1", "localhost");
        var here = browser();
        var there = new BrowserUser(other);
        var pageHere = here.get(ANYWHERE);
        var pageThere = there.get(ANYWHERE);
        var formHere = device.show(pageHere);
        var copy = new Device(device);
        copy.count = device.count - 1;
        copy.origin = other;
        var formThere = copy.show(pageThere);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var one = threads.submit(() -> here.post(ENTER, BrowserUser.csrf(pageHere), formHere, Map.of()));
            var two = threads.submit(() -> there.post(ENTER, BrowserUser.csrf(pageThere), formThere, Map.of()));
            assertThat(List.of(one.get().status(), two.get().status())).containsExactlyInAnyOrder(303, 422);
        }
    }

    @Test
    void a_passkey_satisfies_an_organisation_that_asks_for_two_factors_and_the_last_one_stays() {
        var org = roster.newOrg("acme");
        var ada = user(org, "ada");
        var device = made(ada);
        org.write(tx -> roster.program().org.configs.set(tx, OrgConfig.SECOND_FACTOR, "everyone"));
        var browser = signedInByPasskey(device);
        assertThat(browser.isSignedIn()).isTrue();
        var id = roster.sqlValue("SELECT id FROM passkeys WHERE org_id = ?", org.id().value());
        assertThat(browser.submit("/me/security", "/me/security/passkeys/%s/remove".formatted(id), Map.of()).status())
            .isEqualTo(422);
        App.of(ada);
        assertThat(browser.submit("/me/security", "/me/security/passkeys/%s/remove".formatted(id), Map.of()).status())
            .isEqualTo(303);
        assertThat(passkeys(org)).isZero();
    }

    @Test
    void there_is_no_passkey_on_a_bare_address_and_no_more_than_twenty_anywhere() {
        var org = roster.newOrg("acme");
        var ada = user(org, "ada");
        var bare = new BrowserUser(roster);
        assertThat(bare.get(ANYWHERE).text()).doesNotContain("data-passkey=");
        bare.signIn(org, ada.email(), Inviting.PASSWORD);
        assertThat(bare.get(NEW).text()).contains("localhost");

        var browser = signedIn(ada);
        for (int i = 0; i < 20; i++) {
            Device.of(browser, origin());
        }
        assertThat(browser.submitAsIs(NEW, new Device(origin())::make).status()).isEqualTo(422);
        assertThat(passkeys(org)).isEqualTo(20);
        var other = user(org, "bob");
        var stolen = roster.sqlValue("SELECT id FROM passkeys WHERE org_id = ? LIMIT 1", org.id().value());
        assertThat(signedIn(other).submit("/me/security", "/me/security/passkeys/%s/remove".formatted(stolen), Map.of())
            .status()).isEqualTo(404);
    }
}
