package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.promise.SecondSteps.codes;
import static roster.promise.SecondSteps.halfIn;
import static roster.promise.SecondSteps.recover;
import static roster.promise.SecondSteps.sessions;
import static roster.promise.SecondSteps.show;
import static roster.promise.SecondSteps.user;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.Node;
import roster.support.Answer;
import roster.support.App;
import roster.support.BrowserUser;
import roster.support.Inviting;
import roster.support.TestRoster;

/// Attacks on the codes of second steps: F2 to F4.
@Timeout(300)
class CodeAttackTest {
    private static final String SECOND = SecondSteps.PATH;

    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_TRUSTED_PROXIES", "127.0.0.1"));

    private static Node nodeB;

    @BeforeAll
    static void anotherNode() {
        nodeB = roster.anotherNode(Map.of());
    }

    @AfterAll
    static void stop() {
        nodeB.close();
    }

    @Test
    void f2_one_code_fifty_times_at_once_on_two_nodes_lets_in_once() throws Exception {
        var org = roster.newOrg("acme");
        var ada = user(org, "ada");
        var app = App.of(ada);
        var code = app.code();
        var tries = new ArrayList<Callable<Answer>>();
        for (int i = 0; i < 50; i++) {
            var browser = halfIn(ada);
            var csrf = BrowserUser.csrf(browser.get(SECOND));
            browser.at(i % 2 == 0 ? roster.address() : nodeB.address());
            tries.add(() -> browser.post(SECOND, csrf, Map.of("code", code), Map.of()));
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var statuses = new ArrayList<Integer>();
            for (var one : threads.invokeAll(tries)) {
                statuses.add(one.get().status());
            }
            assertThat(statuses).filteredOn(status -> status == 303).hasSize(1);
        }
        assertThat(sessions(org)).isEqualTo(1);
    }

    @Test
    void f3_five_wrong_codes_end_the_flow_also_at_once() throws Exception {
        var org = roster.newOrg("acme");
        var ada = user(org, "ada");
        var app = App.of(ada);
        var browser = halfIn(ada);
        for (int i = 0; i < 4; i++) {
            assertThat(show(browser, app.wrong()).status()).isEqualTo(422);
        }
        assertThat(show(browser, app.wrong()).text()).contains("Start again");
        assertThat(browser.get(SECOND).header("Location")).contains("/sign-in");

        var raced = halfIn(ada);
        var csrf = BrowserUser.csrf(raced.get(SECOND));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Answer> wrong = () -> raced.post(SECOND, csrf, Map.of("code", app.wrong()), Map.of());
            for (var one : threads.invokeAll(Stream.generate(() -> wrong).limit(20).toList())) {
                var answer = one.get();
                assertThat(answer.status()).isIn(303, 403, 422);
                assertThat(answer.header("Location").orElse("/sign-in")).as("one that ended meanwhile")
                    .isEqualTo("/sign-in");
            }
        }
        assertThat(raced.post(SECOND, csrf, Map.of("code", app.code()), Map.of()).status()).isEqualTo(403);
        assertThat(sessions(org)).isZero();
        assertThat((int) roster.sqlValue("SELECT max(failures) FROM guesses WHERE failures BETWEEN 6 AND 10"))
            .as("no more were looked at").isEqualTo(10);
    }

    @Test
    void f3_thirty_wrong_codes_a_day_from_anywhere_and_a_recovery_code_still_works() {
        var org = roster.newOrg("acme");
        var ada = user(org, "ada");
        var app = App.of(ada);
        var recovery = org.<List<String>>write(tx -> roster.program().factor.codes.make(tx, ada.user()));
        for (int flow = 0; flow < 6; flow++) {
            var browser = new BrowserUser(roster).from("192.0.%d.7".formatted(flow));
            browser.signIn(org, ada.email(), Inviting.PASSWORD);
            for (int i = 0; i < 5; i++) {
                assertThat(show(browser, app.wrong()).status()).isIn(403, 422);
            }
        }
        var browser = halfIn(ada);
        var refused = show(browser, app.code());
        assertThat(refused.status()).isEqualTo(429);
        assertThat(Integer.parseInt(refused.header("Retry-After").orElseThrow())).isBetween(80_000, 86_400);
        show(browser, app.code());
        assertThat(roster.sql("SELECT what FROM notices WHERE org_id = ? AND what = 'codes_refused'", org.id().value()))
            .as("the user is told once").hasSize(1);
        assertThat(recover(browser, recovery.getFirst()).status()).isEqualTo(303);
        assertThat(browser.isSignedIn()).isTrue();
        assertThat(new BrowserUser(roster).signIn(org, user(org, "bob").email(), Inviting.PASSWORD).status())
            .as("others are not kept out").isEqualTo(303);
    }

    @Test
    void f4_a_recovery_code_works_once_and_old_ones_end_with_new_ones() {
        var org = roster.newOrg("acme");
        var ada = user(org, "ada");
        App.of(ada);
        var old = org.<List<String>>write(tx -> roster.program().factor.codes.make(tx, ada.user()));
        var first = halfIn(ada);
        assertThat(recover(first, old.getFirst().toLowerCase(Locale.ROOT).replace("-", " ")).status())
            .isEqualTo(303);
        assertThat(recover(halfIn(ada), old.getFirst()).status()).isEqualTo(422);
        assertThat(recover(halfIn(ada), "0000-0000-0000-0000-0000-0000").status()).isEqualTo(422);
        assertThat(recover(halfIn(ada), "").status()).isEqualTo(422);
        assertThat(roster.sqlValue("SELECT after->>'left' FROM audit_entries WHERE org_id = ? "
            + "AND action = 'recovery_codes.used'", org.id().value())).isEqualTo("9");

        first.submit("/me/security", "/me/security/codes", Map.of());
        var fresh = codes(first.get("/me/security/codes"));
        assertThat(fresh).hasSize(10).doesNotContainAnyElementsOf(old);
        assertThat(recover(halfIn(ada), old.get(1)).status()).isEqualTo(422);
        var bob = user(org, "bob");
        App.of(bob);
        assertThat(recover(halfIn(bob), fresh.getFirst()).status()).as("another user's").isEqualTo(422);
        assertThat(recover(halfIn(ada), fresh.getFirst()).status()).isEqualTo(303);
    }
}
