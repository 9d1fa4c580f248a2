package roster.base.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.Node;
import roster.base.source.Ids;
import roster.base.source.Sources;
import roster.model.Caller;
import roster.support.Await;
import roster.support.PostgresRelay;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;
import roster.support.Threads;

/// One question for all who wait, and each answer as of a moment after it was asked.
class OrgVersionsTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static PostgresRelay relay;
    private static Node relayed;
    private static ExecutorService threads;

    @BeforeAll
    static void start() {
        relay = new PostgresRelay(roster.databaseUrl());
        relayed = roster.anotherNode(Map.of("ROSTER_DATABASE_URL", relay.url()));
        threads = new Threads();
    }

    @AfterAll
    static void stop() {
        threads.close();
        relayed.close();
        relay.close();
    }

    private static Database open(boolean onlyWriter) {
        return Database.open(new Database.Address(roster.databaseUrl(), Optional.empty(), Optional.empty()),
            onlyWriter, Sources.system());
    }

    private static long touch(TestOrg org) {
        return (long) roster.sqlValue("SELECT roster_touch(?, 'a commit in between')", org.id().value());
    }

    @Test
    void who_asks_after_a_batch_is_closed_belongs_to_the_next() throws Exception {
        var org = roster.newOrg("closed");
        try (var db = open(false)) {
            for (int round = 0; round < 50; round++) {
                var closed = new CountDownLatch(1);
                var send = new CountDownLatch(1);
                var batches = new AtomicInteger();
                db.versions().beforeSending = () -> {
                    if (batches.incrementAndGet() == 1) {
                        closed.countDown();
                        await(send);
                    }
                };
                var before = org.version();
                var early = threads.submit(() -> db.versions().now(org.id()).orElseThrow());
                await(closed);
                var committed = touch(org);
                var late = db.versions().now(org.id()).orElseThrow();
                assertThat(late.version()).isEqualTo(committed);
                assertThat(batches).hasValue(2);
                send.countDown();
                assertThat(early.get().version()).isBetween(before, committed);
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void every_answer_knows_of_every_commit_before_the_question() throws Exception {
        var org = roster.newOrg("commits");
        var other = roster.newOrg("bystander");
        var committed = new AtomicLong(org.version());
        var writing = new AtomicBoolean(true);
        var batches = new AtomicInteger();
        var asked = new AtomicInteger();
        try (var db = open(false)) {
            db.versions().beforeSending = batches::incrementAndGet;
            var asking = new ArrayList<Future<?>>();
            for (int client = 0; client < 32; client++) {
                var bystander = client % 8 == 7;
                asking.add(threads.submit(() -> {
                    while (writing.get()) {
                        var before = committed.get();
                        var now = db.versions().now(bystander ? other.id() : org.id()).orElseThrow();
                        asked.incrementAndGet();
                        assertThat(now.version()).isGreaterThanOrEqualTo(bystander ? 1 : before);
                    }
                }));
            }
            for (int i = 0; i < 50; i++) {
                committed.set(touch(org));
            }
            writing.set(false);
            for (var each : asking) {
                each.get();
            }
            assertThat(db.versions().now(org.id())).map(OrgVersions.State::version).contains(committed.get());
        }
        System.out.println("versions: %d questions of 32 clients during 50 commits, %d queries".formatted(asked.get(),
            batches.get()));
        assertThat(batches.get()).isLessThan(asked.get());
    }

    @Test
    void requests_share_their_queries() throws Exception {
        var org = roster.newOrg("shared");
        var ada = org.founder();
        var path = "/api/v2/users/" + ada.id();
        get(ada, path);
        var before = relay.executed();
        var clients = new ArrayList<Future<?>>();
        var each = 40;
        for (int client = 0; client < 32; client++) {
            clients.add(threads.submit(() -> {
                for (int i = 0; i < each; i++) {
                    get(ada, path);
                }
            }));
        }
        for (var client : clients) {
            client.get();
        }
        var statements = relay.executed() - before;
        System.out.println("%d requests of 32 clients: %d statements at PostgreSQL, %.2f a request"
            .formatted(32 * each, statements, statements / (32.0 * each)));
        assertThat(statements).isLessThan(32 * each);
    }

    private static void get(TestUser caller, String path) {
        assertThat(caller.sendTo(relayed.address(), "GET", path, null, Map.of()).status()).isEqualTo(200);
    }

    @Test
    void a_query_that_fails_fails_the_callers_of_its_batch_and_no_others() throws Exception {
        var org = roster.newOrg("failing");
        try (var db = open(false)) {
            for (var failure : List.of(new IllegalStateException("no"), new StackOverflowError("no"))) {
                var batches = new AtomicInteger();
                db.versions().beforeSending = () -> {
                    if (batches.incrementAndGet() == 1) {
                        throwIt(failure);
                    }
                };
                var first = threads.submit(() -> db.versions().now(org.id()));
                try {
                    first.get();
                    throw new AssertionError("it did not fail");
                } catch (ExecutionException e) {
                    assertThat(e).hasRootCause(failure);
                }
                assertThat(db.versions().now(org.id())).isPresent();
            }
        }
    }

    private static void throwIt(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) failure;
    }

    @Test
    void a_connection_that_broke_while_idle_is_replaced() {
        var org = roster.newOrg("broken");
        try (var db = open(false)) {
            for (int i = 0; i < 3; i++) {
                assertThat(db.versions().now(org.id())).map(OrgVersions.State::version).contains(org.version());
                roster.sqlValue("""
                    SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity
                     WHERE query LIKE 'SELECT id, version, stamp, %' AND state = 'idle'
                    """);
            }
            var committed = touch(org);
            assertThat(db.versions().now(org.id())).map(OrgVersions.State::version).contains(committed);
        }
    }

    @Test
    void an_only_writer_knows_without_asking_but_after_a_commit_in_doubt() {
        var org = roster.newOrg("only");
        try (var db = open(true)) {
            var versions = db.versions();
            var batches = new AtomicInteger();
            versions.beforeSending = batches::incrementAndGet;
            for (int i = 0; i < 5; i++) {
                assertThat(versions.now(org.id())).map(OrgVersions.State::version).contains(org.version());
            }
            assertThat(batches).hasValue(1);

            create(db, org, "one@only.test");
            assertThat(versions.now(org.id())).map(OrgVersions.State::version).contains(org.version());
            assertThat(batches).hasValue(1);

            // The commit in doubt happens after all, unobserved.
            versions.uncertain(org.id());
            assertThat(versions.now(org.id())).map(OrgVersions.State::version).contains(org.version());
            touch(org);
            assertThat(versions.now(org.id())).map(OrgVersions.State::version).contains(org.version());
            assertThat(batches).hasValue(3);

            create(db, org, "two@only.test");
            assertThat(versions.now(org.id())).map(OrgVersions.State::version).contains(org.version());
            assertThat(batches).hasValue(3);
        }
    }

    @Test
    void callers_keep_their_access_over_writes_of_other_nodes_that_change_nobodys() {
        var org = roster.newOrg("elsewhere");
        try (var here = open(false); var there = open(false)) {
            var known = at(here, org);
            create(there, org, "one@elsewhere.test");
            create(there, org, "two@elsewhere.test");
            assertThat(here.keepsAccess(known, now(here, org))).as("users were created").isTrue();

            known = at(here, org);
            org.newRole("changes", List.of("user_access_read"));
            assertThat(here.keepsAccess(known, now(here, org))).as("a role was made").isFalse();
            create(there, org, "three@elsewhere.test");
            assertThat(here.keepsAccess(known, now(here, org))).as("a role was made before").isFalse();

            known = at(here, org);
            touch(org);
            assertThat(here.keepsAccess(known, now(here, org))).as("rows were changed by SQL").isFalse();
            create(there, org, "four@elsewhere.test");
            assertThat(here.keepsAccess(known, now(here, org))).as("rows were changed before").isFalse();
        }
    }

    private static Caller at(Database db, TestOrg org) {
        var now = now(db, org);
        return Caller.cli(org.id(), "test", "request").at(now.version(), now.stamp());
    }

    private static OrgVersions.State now(Database db, TestOrg org) {
        return db.versions().now(org.id()).orElseThrow();
    }

    private static void create(Database db, TestOrg org, String email) {
        Await.write(db, Caller.cli(org.id(), "test", new Ids().next().toString()),
            tx -> roster.program().user.newUsers.create(tx, email, Optional.empty(), Optional.empty(), List.of()));
    }
}
