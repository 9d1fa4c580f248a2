package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import roster.Node;
import roster.model.LoginMethod;
import roster.support.Answer;
import roster.support.Attacks;
import roster.support.BrowserUser;
import roster.support.Inviting;
import roster.support.Resetting;
import roster.support.SignedIn;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;
import roster.support.Threads;

/// Attacks in the numbers that the promises name: S2, G5, G6, G9. A short run has a tenth or a fiftieth of them;
/// `-Droster.full=true` has all, and takes ten minutes. A proxy says where each browser is.
@Timeout(3600)
@Execution(ExecutionMode.SAME_THREAD)
class FloodAttackTest {
    private static final boolean FULL = Boolean.getBoolean("roster.full");
    private static final String WRONG = "Qf7mZr2LtWx9KvHe";

    /// Sessions of a user, each of which clicks once after the cut.
    private static final int AT_ONCE = 20;

    @RegisterExtension
    static final TestRoster roster =
        TestRoster.with(Map.of("ROSTER_TRUSTED_PROXIES", "127.0.0.1", "ROSTER_RATE_LIMIT", "off"));

    private static Node nodeB;

    @BeforeAll
    static void anotherNode() {
        nodeB = roster.anotherNode(Map.of("ROSTER_RATE_LIMIT", "off"));
    }

    @AfterAll
    static void stop() {
        nodeB.close();
    }

    private static TestUser withPassword(TestOrg org, String email) {
        var user = org.newUser(email);
        BrowserUser.setPassword(user, Inviting.PASSWORD);
        return user;
    }

    /// What cuts a user off on node A, and what lets them in again.
    private record Cut(String name, BiConsumer<TestOrg, TestUser> cut, BiConsumer<TestOrg, TestUser> undo) {}

    private static void touched(TestOrg org, String sql, Object value) {
        roster.sql(sql, value);
        roster.sql("SELECT roster_touch(?, 'changed by hand')", org.id().value());
    }

    private static void enable(TestOrg org, TestUser user) {
        org.founder().patch("/api/v2/users/" + user.id(), """
            {"data":{"type":"users","id":"%s","attributes":{"disabled":false}}}""".formatted(user.id()));
    }

    private static void setMethod(TestOrg org, boolean enabled) {
        org.write(tx -> roster.program().saml.identityProviders.setEnabled(tx, LoginMethod.STANDARD, enabled));
    }

    private static final List<Cut> CUTS = List.of(
        new Cut("disable", (org, user) -> org.founder().delete("/api/v2/users/" + user.id()), FloodAttackTest::enable),
        new Cut("organisation disabled",
            (org, user) -> org.write(tx -> roster.program().org.orgs.setDisabled(tx, true)),
            (org, user) -> touched(org, "UPDATE orgs SET disabled = false WHERE id = ?", org.id().value())),
        new Cut("allowlist", (org, user) -> touched(org, "INSERT INTO ip_allowlists (org_id, enabled, version) "
            + "VALUES (?, true, 1) ON CONFLICT (org_id) DO UPDATE SET enabled = true", org.id().value()),
            (org, user) -> touched(org, "UPDATE ip_allowlists SET enabled = false WHERE org_id = ?", org.id().value())),
        new Cut("method off", (org, user) -> setMethod(org, false), (org, user) -> setMethod(org, true)),
        new Cut("sessions ended",
            (org, user) -> org.founder().delete("/api/v2/roster/users/%s/sessions".formatted(user.id())),
            (org, user) -> {}));

    @Test
    void s2_of_10000_clicks_on_another_node_after_the_cut_none_is_let_in() throws Exception {
        var clicks = FULL ? 10_000 : 200;
        var org = roster.newOrg("acme");
        var user = withPassword(org, "bob@s2.test");
        var letIn = 0;
        var made = 0;
        try (var threads = new Threads()) {
            for (int round = 0; made < clicks; round++) {
                var cut = CUTS.get(round % CUTS.size());
                var sessions = IntStream.range(0, AT_ONCE).mapToObj(_ -> SignedIn.in(user)).toList();
                if (cut.name().equals("method off")) {
                    roster.sql("UPDATE sessions SET method = 'standard' WHERE org_id = ?", org.id().value());
                }
                assertThat(statuses(threads, sessions)).as("before " + cut.name()).containsOnly(200);
                cut.cut().accept(org, user);
                var after = statuses(threads, sessions);
                letIn += (int) after.stream().filter(status -> status != 403).count();
                made += after.size();
                cut.undo().accept(org, user);
            }
        }
        Attacks.say("%,d clicks on node B after the cut on node A, %d let in", made, letIn);
        assertThat(letIn).isZero();
    }

    private static List<Integer> statuses(Threads threads, List<SignedIn> sessions) throws Exception {
        var clicks = sessions.stream().<Callable<Integer>>map(session -> () -> session.callOn(nodeB.address(), "GET",
            "/api/v2/current_user", null).status()).toList();
        var statuses = new ArrayList<Integer>();
        for (var click : threads.invokeAll(clicks)) {
            statuses.add(click.get());
        }
        return statuses;
    }

    /// Sends attempts, eight at a time, and counts their statuses.
    private static Map<Integer, Long> counted(int number, IntFunction<Answer> attempt) throws Exception {
        var statuses = new ConcurrentHashMap<Integer, Long>();
        var next = new AtomicInteger();
        try (var threads = new Threads()) {
            var workers = IntStream.range(0, 8).<Callable<Integer>>mapToObj(_ -> () -> {
                for (var i = next.getAndIncrement(); i < number; i = next.getAndIncrement()) {
                    var status = attempt.apply(i).status();
                    while (status == 503) { // not looked at, and not counted
                        status = attempt.apply(i).status();
                    }
                    statuses.merge(status, 1L, Long::sum);
                }
                return 0;
            }).toList();
            for (var worker : threads.invokeAll(workers)) {
                worker.get();
            }
        }
        return statuses;
    }

    @Test
    void g5_under_10000_guesses_from_1000_networks_the_owner_gets_in() throws Exception {
        var guesses = FULL ? 10_000 : 1000;
        var org = roster.newOrg("acme");
        var ada = withPassword(org, "ada@g5flood.test");
        var page = BrowserUser.page(org);
        var own = new BrowserUser(roster).from("203.0.113.7");
        assertThat(own.signIn(org, ada.email(), Inviting.PASSWORD).status()).isEqualTo(303);
        var csrfs = IntStream.range(0, 8).mapToObj(_ -> form(page)).toList();

        var statuses = counted(guesses, i -> csrfs.get(i % 8).post(page, i % 1000, ada.email(), WRONG));

        Attacks.say("%,d guesses from 1,000 networks: %s", guesses, statuses);
        assertThat(statuses.get(422)).as("looked at").isLessThanOrEqualTo(40);
        assertThat(statuses.keySet()).containsOnly(422, 429);
        var stranger = new BrowserUser(roster).from("203.0.113.8");
        assertThat(stranger.signIn(org, ada.email(), Inviting.PASSWORD).status()).as("from anywhere").isEqualTo(429);
        assertThat(own.signIn(org, ada.email(), Inviting.PASSWORD).status()).as("from a known browser").isEqualTo(303);
        Resetting.reset(stranger, Resetting.asked(ada));
        assertThat(stranger.signIn(org, ada.email(), Resetting.PASSWORD).status()).as("after a reset").isEqualTo(303);
    }

    /// A form that was shown once and is sent from many places.
    private record Shown(String cookie, String csrf) {
        private Answer post(String page, int network, String address, String password) {
            return from(page, "10.%d.%d.9".formatted(network / 250, network % 250), address, password);
        }

        private Answer from(String page, String client, String address, String password) {
            return roster.send("POST", page,
                SignedIn.encoded(Map.of("csrf", csrf, "address", address, "password", password)),
                Map.of("Cookie", cookie, "Sec-Fetch-Site", "same-origin", "Content-Type", Inviting.FORM,
                    "X-Forwarded-For",
                    client));
        }
    }

    private static Shown form(String page) {
        var browser = new BrowserUser(roster);
        var csrf = BrowserUser.csrf(browser.get(page));
        return new Shown("roster_flow=" + browser.cookie("roster_flow").orElseThrow(), csrf);
    }

    @Test
    void g6_of_5000_addresses_from_one_network_30_are_looked_at() throws Exception {
        var addresses = FULL ? 5000 : 500;
        var org = roster.newOrg("acme");
        var page = BrowserUser.page(org);
        var shown = form(page);

        var statuses =
            counted(addresses, i -> shown.from(page, "198.51.100.7", "u%d@g6flood.test".formatted(i), WRONG));

        Attacks.say("%,d addresses from one network: %s", addresses, statuses);
        assertThat(statuses).isEqualTo(Map.of(422, 30L, 429, addresses - 30L));
    }

    @Test
    void g9_of_2000_sign_ins_at_once_those_without_a_place_are_refused() throws Exception {
        var number = FULL ? 2000 : 400;
        var org = roster.newOrg("acme");
        var page = BrowserUser.page(org);
        var shown = form(page);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = IntStream.range(0, number).mapToObj(i -> threads.submit(
                () -> shown.post(page, 1000 + i, "g%d@g9flood.test".formatted(i), WRONG))).toList();
            var others = 0;
            while (all.stream().anyMatch(one -> !one.isDone())) {
                assertThat(org.founder().get("/api/v2/current_user").status()).as("others go on").isEqualTo(200);
                others++;
            }
            var statuses = new TreeMap<Integer, Long>();
            for (var one : all) {
                var answer = one.get();
                statuses.merge(answer.status(), 1L, Long::sum);
                assertThat(answer.status()).isIn(422, 503);
                assertThat(answer.header("Retry-After").isPresent()).isEqualTo(answer.status() == 503);
            }
            Attacks.say("%,d sign-ins at once: %s; %d calls of others meanwhile", number, statuses, others);
            assertThat(statuses.getOrDefault(422, 0L)).isPositive();
        }
    }
}
