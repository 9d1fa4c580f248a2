package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import roster.base.fair.OnBehalf;
import roster.base.http.Route;
import roster.core.index.InvitationQuery;
import roster.model.Paging;
import roster.model.Refused;
import roster.support.App;
import roster.support.Await;
import roster.support.BrowserUser;
import roster.support.HeldOrg;
import roster.support.Inviting;
import roster.support.Recipe;
import roster.support.Resetting;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// One organisation holds all the turns it can get, for as long as the test lasts, and asks for more: short reads, long
/// reads, searches and writes, none of which ends. Every route answers another organisation all the same.
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NeighboursTest {
    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_RATE_LIMIT", "off"));

    private static final int REQUESTS = 200;

    /// Of four places for long reads, and of four for searches. Each takes a connection, of which there are nine for one
    /// organisation; its writes need one.
    private static final int LONG_READS = 3;
    private static final int SEARCHES = 3;
    private static final int CONNECTIONS = 9;

    private static final CountDownLatch over = new CountDownLatch(1);
    private static final AtomicInteger held = new AtomicInteger();
    private static final AtomicInteger longReads = new AtomicInteger();
    private static final AtomicInteger searches = new AtomicInteger();
    private static ExecutorService threads;
    private static TestOrg noisy;
    private static HeldOrg lock;

    @BeforeAll
    static void make_noise() throws Exception {
        noisy = roster.newOrg("noisy");
        threads = Executors.newVirtualThreadPerTaskExecutor();
        lock = new HeldOrg(noisy);
        insist(() -> roster.db().readLong(_ -> keep(longReads)));
        insist(() -> roster.db().search(_ -> keep(searches)));
        Await.until("it reads and searches", () -> longReads.get() == LONG_READS && searches.get() == SEARCHES);
        insist(() -> noisy.write(_ -> true));
        HeldOrg.awaitWaiting(roster.node(), noisy, REQUESTS);
        insist(() -> noisy.founder().get("/api/v2/audit/events").status() == 503); // it waits for a search
        insist(() -> roster.db().read(_ -> keep(new AtomicInteger())));
        Await.until("it has all the turns it can get",
            () -> held.get() >= CONNECTIONS - 1 && roster.db().load().waiting() > 0);
        var wanted = new InvitationQuery(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
            InvitationQuery.Sort.CREATED_AT, true, new Paging(10, 0));
        insist(() -> roster.node().roster.invitation.list.page(noisy.id(), wanted) != null); // waits, to load
    }

    /// So many requests of the noisy one; those that are refused come again.
    private static void insist(Supplier<Boolean> request) {
        for (int i = 0; i < REQUESTS; i++) {
            threads.execute(() -> {
                while (over.getCount() > 0) {
                    try {
                        OnBehalf.of(noisy.id(), request);
                    } catch (Refused e) {
                        Thread.yield(); // it waited in vain
                    }
                }
            });
        }
    }

    /// Keeps its places to the end.
    private static boolean keep(AtomicInteger begun) {
        begun.incrementAndGet();
        held.incrementAndGet();
        return await();
    }

    private static boolean await() {
        try {
            return over.await(Await.PATIENCE.toSeconds() * 3, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterAll
    static void be_quiet() throws Exception {
        over.countDown();
        lock.close();
        threads.close();
    }

    static Stream<Named<Route>> routes() {
        return roster.node().routes.all().stream()
            .filter(route -> Recipes.changes(route) && !Recipes.forBrowsers(route)
                || route.template().startsWith("/api/") || route.protocol().isPresent())
            .map(route -> Named.of(Recipes.name(route), route));
    }

    @ParameterizedTest
    @MethodSource("routes")
    void the_other_is_answered(Route route) {
        var quiet = roster.newOrg("acme"); // in no memory yet: its directory is loaded now
        Recipe.Call call = Recipes.call(route, quiet);

        var answer = quiet.founder().send(route.method(), call.path(), call.body(), call.headers());

        if (Recipes.isNotThere(route)) {
            assertThat(answer.status()).as(answer.toString()).isEqualTo(501);
        } else {
            assertThat(answer.status()).as(answer.toString()).isBetween(200, 299);
        }
        assertNoisy();
    }

    @Test
    void users_of_the_other_sign_in_and_change_what_is_theirs() {
        var user = roster.newOrg("acme").newUser("bob@neighbours.test");
        BrowserUser.setPassword(user, Inviting.PASSWORD);
        var browser = new BrowserUser(roster);

        assertThat(browser.signIn(user.org(), user.email(), Inviting.PASSWORD).status()).isEqualTo(303);
        assertThat(browser.submitAsIs("/me/security/second-step", page -> Map.of("secret", App.sealed(page), "code",
            App.reading(page).code())).status()).isEqualTo(303);
        assertThat(browser.submit("/me/security", "/me/security/password",
            Map.of("current", Inviting.PASSWORD, "password", Resetting.PASSWORD)).status()).isEqualTo(303);
        assertThat(browser.submit("/me/security", "/sign-out", Map.of()).status()).isEqualTo(303);
        assertThat(browser.isSignedIn()).isFalse();
        assertNoisy();
    }

    private static void assertNoisy() {
        assertThat(longReads).hasValue(LONG_READS);
        assertThat(searches).hasValue(SEARCHES);
        assertThat(held).hasValueBetween(CONNECTIONS - 1, CONNECTIONS);
    }
}
