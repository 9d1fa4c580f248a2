package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.Node;
import roster.base.secret.Argon2id;
import roster.base.source.Randomness;
import roster.core.session.Devices;
import roster.model.LoginMethod;
import roster.support.Answer;
import roster.support.Attacks;
import roster.support.Await;
import roster.support.BrowserUser;
import roster.support.Inviting;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// Attacks by guessing passwords, G1 to G10. A proxy says where each browser is.
@Timeout(400)
class GuessingAttackTest {
    private static final String RIGHT = Inviting.PASSWORD;
    private static final String WRONG = "Qf7mZr2LtWx9KvHe";

    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_TRUSTED_PROXIES", "127.0.0.1"));

    private static Node nodeB;
    private static int networks;

    @BeforeAll
    static void anotherNode() {
        nodeB = roster.anotherNode(Map.of());
    }

    @AfterAll
    static void stop() {
        nodeB.close();
    }

    /// A browser in a network of its own.
    private static BrowserUser stranger() {
        networks++;
        return new BrowserUser(roster).from("10.%d.%d.1".formatted(networks / 256, networks % 256));
    }

    private static TestUser withPassword(TestOrg org, String email) {
        var user = org.newUser(email);
        BrowserUser.setPassword(user, RIGHT);
        return user;
    }

    /// What an answer shows, but for what differs in each.
    private static String shown(Answer answer, String address) {
        var headers = new TreeMap<String, List<String>>(answer.headers());
        headers.keySet().removeIf(name -> name.matches("(?i)date|x-request-id|x-ratelimit-.*|content-length"));
        return answer.status() + "\n" + headers + "\n"
            + answer.text().replace(address, "ADDRESS").replaceAll("value=\"[A-Za-z0-9_-]{43}\"", "CSRF");
    }

    @Test
    void g1_whatever_is_wrong_the_answer_is_the_same() {
        var org = roster.newOrg("acme");
        var org2 = roster.newOrg("other");
        withPassword(org, "known@g1.test");
        var disabled = withPassword(org, "disabled@g1.test");
        org.founder().delete("/api/v2/users/" + disabled.id());
        var google = withPassword(org, "google@g1.test");
        org.write(tx -> {
            roster.program().saml.loginMethods.override(tx, google.id(),
                List.of(LoginMethod.GOOGLE_OIDC.id(org.id()).value().toString()));
            return null;
        });
        org.newPending("pending@g1.test");
        var addresses = Map.of("known@g1.test", WRONG, "nobody@g1.test", WRONG, "disabled@g1.test", RIGHT,
            "google@g1.test", RIGHT, "pending@g1.test", RIGHT);
        for (var page : List.of(BrowserUser.page(org), "/sign-in")) {
            var answers = new LinkedHashMap<String, String>();
            addresses.forEach((address, password) -> {
                var browser = stranger();
                var answer = browser.submit(page.equals("/sign-in") ? "/sign-in?all=true" : page, page,
                    Map.of("address", address, "password", password));
                assertThat(answer.status()).as(address).isEqualTo(422);
                answers.put(address, shown(answer, address));
            });
            assertThat(answers.values()).as(page).hasSize(5).allMatch(answers.get("known@g1.test")::equals);
        }
        assertThat(org2.id()).isNotNull();
        assertThat(stranger().signIn(org, "known@g1.test", RIGHT).status()).isEqualTo(303);
    }

    /// By what the database is asked, which does not depend on the load of the machine: as many statements and one
    /// computation for each address.
    @Test
    void g2_one_computation_is_made_for_any_number_of_organisations() {
        var first = roster.newOrg("first");
        withPassword(first, "ada@g2.test");
        for (int more = 0; more < 4; more++) {
            withPassword(roster.newOrg("more" + more), "ada@g2.test");
        }
        var digests = roster.sql("SELECT DISTINCT split_part(p.digest, '$', 5) FROM passwords p "
            + "JOIN users u ON u.org_id = p.org_id AND u.id = p.user_id WHERE u.email = 'ada@g2.test'");
        assertThat(digests).as("one salt of one address").hasSize(1);

        var browser = stranger();
        var answer = browser.signInAnywhere("ada@g2.test", RIGHT);
        assertThat(answer.status()).isEqualTo(303);
        var choices = browser.get("/sign-in/choose");
        assertThat(choices.text()).contains("Choose an organisation", "first", "more0", "more3");
        assertThat(browser.session()).as("success in several lets nobody in yet").isNull();

        var chosen = browser.post("/sign-in/choose", BrowserUser.csrf(choices),
            Map.of("org", first.id().toString()), Map.of());
        assertThat(chosen.status()).isEqualTo(303);
        assertThat(browser.get("/me/security").text()).contains("first");
        var again = browser.post("/sign-in/choose", BrowserUser.csrf(choices), Map.of("org", first.id().toString()),
            Map.of());
        assertThat(again.header("Location").orElse("")).as("a choice counts once").doesNotContain("security");
    }

    @Test
    @Tag(Timing.TAG)
    void g2_an_address_of_one_organisation_takes_as_long_as_an_unknown_one() {
        var org = roster.newOrg("acme");
        assertSameTime(org, addresses().map("known%d@g2one.test"::formatted)
            .peek(address -> withPassword(org, address)).toList(), WRONG);
    }

    @Test
    @Tag(Timing.TAG)
    void g2_an_address_of_five_organisations_takes_as_long_as_an_unknown_one() {
        var orgs = Stream.generate(() -> roster.newOrg("acme")).limit(5).toList();
        assertSameTime(orgs.getFirst(), addresses().map("known%d@g2five.test"::formatted)
            .peek(address -> orgs.forEach(org -> withPassword(org, address))).toList(), WRONG);
    }

    @Test
    @Tag(Timing.TAG)
    void g2_the_right_password_of_a_disabled_user_takes_as_long_as_an_unknown_address() {
        var org = roster.newOrg("acme");
        assertSameTime(org, addresses().map("disabled%d@g2.test"::formatted).peek(address -> org.founder()
            .delete("/api/v2/users/" + withPassword(org, address).id())).toList(), RIGHT);
    }

    private static Stream<Integer> addresses() {
        return IntStream.range(0, 40).boxed();
    }

    /// By time, on both pages, interleaved: `-Droster.timing=400`, on a machine that does nothing else.
    ///
    /// @param known several: which memory a digest uses, and so how long it takes, depends on the salt of its address
    private static void assertSameTime(TestOrg org, List<String> known, String password) {
        var tries = Integer.getInteger(Timing.TRIES);
        for (var page : List.of(BrowserUser.page(org), "/sign-in")) {
            var browser = stranger();
            var csrf = BrowserUser.csrf(browser.get(page + "?all=true"));
            var next = new AtomicInteger();
            var area = Timing.area(tries, first -> {
                roster.sql("DELETE FROM guesses");
                var address = known.get(next.getAndIncrement() / 2 % known.size());
                var typed = first ? address : "x" + address;
                return () -> assertThat(
                    browser.post(page, csrf, Map.of("address", typed, "password", password), Map.of()).status())
                    .isEqualTo(422);
            });
            Attacks.say("area under the curve on %s, %,d tries: %.3f", page.replaceAll("[0-9a-f]{12}", "{id}"), tries,
                area);
            assertThat(area).isBetween(0.45, 0.55);
        }
    }

    private static List<Answer> atOnce(int number, Callable<Answer> attempt) throws Exception {
        try (var threads = Executors.newFixedThreadPool(20)) {
            var all = new ArrayList<Future<Answer>>();
            for (int i = 0; i < number; i++) {
                all.add(threads.submit(attempt));
            }
            var answers = new ArrayList<Answer>();
            for (var one : all) {
                answers.add(one.get());
            }
            return answers;
        }
    }

    @Test
    void g4_of_200_tries_at_once_on_two_nodes_ten_are_looked_at() throws Exception {
        var org = roster.newOrg("acme");
        withPassword(org, "ada@g4.test");
        var page = BrowserUser.page(org);
        var count = new AtomicInteger();
        var answers = atOnce(200, () -> {
            var number = count.incrementAndGet();
            var browser = new BrowserUser(roster).from("172.%d.%d.1".formatted(number % 16 + 16, number))
                .at(number % 2 == 0 ? roster.address() : nodeB.address());
            return browser.submit(page, page, Map.of("address", "ada@g4.test", "password", WRONG));
        });

        assertThat(answers.stream().filter(answer -> answer.status() == 422)).hasSize(10);
        assertThat(answers.stream().filter(answer -> answer.status() == 429)).hasSize(190)
            .allSatisfy(answer -> {
                assertThat(Long.parseLong(answer.header("Retry-After").orElseThrow())).isBetween(1L, 30L);
                assertThat(answer.text()).contains("Too many attempts");
            });
    }

    @Test
    void g5_under_attack_the_owner_gets_in_from_a_browser_that_is_known() {
        var org = roster.newOrg("acme");
        withPassword(org, "ada@g5.test");
        var own = stranger();
        assertThat(own.signIn(org, "ada@g5.test", RIGHT).status()).isEqualTo(303);
        for (int i = 0; i < 40; i++) {
            stranger().signIn(org, "ada@g5.test", WRONG);
        }
        assertThat(stranger().signIn(org, "ada@g5.test", RIGHT).status()).as("from anywhere").isEqualTo(429);

        assertThat(own.signIn(org, "ada@g5.test", RIGHT).status()).as("from the known browser").isEqualTo(303);
    }

    @Test
    void g6_right_passwords_are_not_counted() {
        var org = roster.newOrg("acme");
        withPassword(org, "ada@g6right.test");
        var browser = stranger();
        for (int i = 0; i < 40; i++) {
            assertThat(browser.signIn(org, "ada@g6right.test", RIGHT).status()).isEqualTo(303);
            if (i % 2 == 0) {
                browser.forgetCookies();
            }
        }
    }

    @Test
    void g7_what_a_client_says_of_its_address_counts_only_from_a_trusted_proxy() {
        try (var direct = roster.anotherNode(Map.of("ROSTER_TRUSTED_PROXIES", "192.0.2.1"))) {
            var org = roster.newOrg("acme");
            var statuses = new ArrayList<Integer>();
            for (int i = 0; i < 60; i++) {
                var browser = new BrowserUser(roster).from("10.200.%d.1".formatted(i)).at(direct.address());
                statuses.add(browser.signIn(org, "b%d@g7.test".formatted(i), WRONG).status());
            }
            assertThat(statuses.stream().filter(status -> status == 422)).hasSize(30);
            assertThat(statuses.stream().filter(status -> status == 429)).hasSize(30);
        }
    }

    @Test
    void g8_a_device_cookie_that_is_not_the_browsers_own_gains_nothing() {
        var org = roster.newOrg("acme");
        withPassword(org, "ada@g8.test");
        withPassword(org, "bob@g8.test");
        var ofBob = stranger();
        ofBob.signIn(org, "bob@g8.test", RIGHT);
        var own = stranger();
        own.signIn(org, "ada@g8.test", RIGHT);
        for (int i = 0; i < 10; i++) {
            assertThat(stranger().signIn(org, "ada@g8.test", WRONG).status()).isEqualTo(422);
        }

        var altered = own.device().substring(0, 40) + (own.device().charAt(40) == 'A' ? 'B' : 'A')
            + own.device().substring(41);
        for (var cookie : List.of(ofBob.device(), altered, "x", own.device().substring(2))) {
            var browser = stranger();
            browser.put(Devices.COOKIE, cookie);
            assertThat(browser.signIn(org, "ada@g8.test", WRONG).status()).as(cookie).isEqualTo(429);
        }

        var looked = 0;
        for (int i = 0; i < 25; i++) {
            var copy = stranger();
            copy.put(Devices.COOKIE, own.device());
            looked += copy.signIn(org, "ada@g8.test", WRONG).status() == 422 ? 1 : 0;
        }
        assertThat(looked).as("all copies together").isEqualTo(10);
    }

    /// Administrators may give their users any address.
    @Test
    void g8_a_device_cookie_of_another_organisation_gains_nothing() {
        var org = roster.newOrg("acme");
        withPassword(org, "ada@g8-other.test");
        var other = roster.newOrg("other");
        withPassword(other, "ada@g8-other.test");
        var theirs = stranger();
        assertThat(theirs.signIn(other, "ada@g8-other.test", RIGHT).status()).isEqualTo(303);
        for (int i = 0; i < 10; i++) {
            assertThat(stranger().signIn(org, "ada@g8-other.test", WRONG).status()).isEqualTo(422);
        }

        var browser = stranger();
        browser.put(Devices.COOKIE, theirs.device());
        assertThat(browser.signIn(org, "ada@g8-other.test", WRONG).status()).isEqualTo(429);
        assertThat(browser.signInAnywhere("ada@g8-other.test", WRONG).status()).isEqualTo(429);
        assertThat(browser.signIn(other, "ada@g8-other.test", RIGHT).status()).as("their own").isEqualTo(303);
    }

    @Test
    void g10_many_failures_leave_few_entries_and_their_number() {
        var org = roster.newOrg("acme");
        withPassword(org, "ada@g10.test");
        var own = stranger();
        own.signIn(org, "ada@g10.test", RIGHT);
        for (int i = 0; i < 60; i++) {
            roster.sql("UPDATE guesses SET next_at = clock_timestamp() WHERE next_at > clock_timestamp()");
            assertThat(stranger().signIn(org, "ada@g10.test", WRONG).status()).isEqualTo(422);
        }
        Await.until("failures are recorded",
            () -> (long) roster.sqlValue("SELECT COALESCE(sum(COALESCE((after->>'failures')::int, 1)), 0) "
                + "FROM audit_entries WHERE org_id = ? AND action = 'sign_in.failed'", org.id().value()) >= 21);
        assertThat((long) roster.sqlValue("SELECT count(*) FROM audit_entries "
            + "WHERE org_id = ? AND action = 'sign_in.failed' AND subject_kind = 'user'", org.id().value()))
            .isEqualTo(20);
        assertThat((long) roster.sqlValue("SELECT count(*) FROM audit_entries "
            + "WHERE org_id = ? AND action = 'sign_in.failed' AND subject_kind = 'org'", org.id().value()))
            .isBetween(1L, 2L);
        assertThat(org.founder().post("/api/v2/users", """
            {"data":{"type":"users","attributes":{"email":"bob@g10.test"}}}""").status()).isEqualTo(201);
    }

    @Test
    void a_password_of_an_earlier_version_counts_on_its_organisations_page_and_is_remade() {
        var org = roster.newOrg("acme");
        roster.newOrg("other");
        var ada = withPassword(org, "ada@earlier.test");
        var foreign = Argon2id.digest(RIGHT, new Randomness().bytes(16));
        roster.sql("UPDATE passwords SET digest = ? WHERE org_id = ? AND user_id = ?", foreign, org.id().value(),
            ada.user().id().value());

        assertThat(stranger().signInAnywhere("ada@earlier.test", RIGHT).status()).isEqualTo(422);
        assertThat(stranger().signIn(org, "ada@earlier.test", RIGHT).status()).isEqualTo(303);
        assertThat(stranger().signInAnywhere("ada@earlier.test", RIGHT).status()).isEqualTo(303);
    }
}
