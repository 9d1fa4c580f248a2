package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import roster.Node;
import roster.base.db.WriteTx;
import roster.base.source.Ids;
import roster.model.Caller;
import roster.model.Role;
import roster.support.Answer;
import roster.support.HeldOrg;
import roster.support.PostgresRelay;
import roster.support.PostgresRelay.Cut;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;
import roster.support.Threads;

/// Writes of one organisation that wait for each other share a transaction, and nothing else.
class WritesTogetherTest {
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

    private static Answer create(TestUser caller, String node, String email) {
        return caller.sendTo(node, "POST", "/api/v2/users", """
            {"data":{"type":"users","attributes":{"email":"%s"}}}""".formatted(email), Map.of());
    }

    /// Runs them while another write of this node has its turn, so that all of them stand in one line, in this order.
    private static <T> List<T> inOneLine(Node node, TestOrg org, List<Callable<T>> writes) throws Exception {
        var go = new Semaphore(0);
        // Its own outcome does not matter: it may share the fate of those behind it.
        var _ = threads.submit(() -> write(node, org, tx -> {
            go.acquireUninterruptibly();
            return 0;
        }));
        HeldOrg.awaitWaiting(node, org, 1);
        var running = new ArrayList<Future<T>>();
        for (var one : writes) {
            running.add(threads.submit(one));
            HeldOrg.awaitWaiting(node, org, 1 + running.size());
        }
        go.release();
        var results = new ArrayList<T>();
        for (var one : running) {
            results.add(one.get());
        }
        return results;
    }

    private static void everyVersionIsThere(TestOrg org) {
        assertThat(roster.sqlValue("SELECT count(DISTINCT version) FROM audit_entries WHERE org_id = ?",
            org.id().value())).isEqualTo(org.version());
        assertThat(roster.sql("""
            SELECT version FROM audit_entries WHERE org_id = ? GROUP BY version
            HAVING count(DISTINCT stamp) > 1 OR count(DISTINCT request_id) > 1
            """, org.id().value())).as("versions of two writes").isEmpty();
        assertThat(roster.sql("""
            SELECT 1 FROM users u WHERE u.org_id = ? AND NOT EXISTS (
                   SELECT 1 FROM audit_entries e WHERE e.org_id = u.org_id AND e.version = u.version)
            """, org.id().value())).as("rows without an entry").isEmpty();
        var verdict = roster.program().audit().trail.verify(org.id(), Optional.empty());
        assertThat(verdict.faults()).as("the trail").isEmpty();
        assertThat(verdict.head().version()).isEqualTo(org.version());
    }

    @Test
    void each_has_its_own_version_and_refusals_among_them_harm_no_other() throws Exception {
        var org = roster.newOrg("together");
        var ada = org.founder();
        var inviter = org.newStandard("inviter@together.test");
        var admin = org.managed(Role.Managed.ADMIN);
        create(ada, roster.address(), "taken@together.test");
        var before = org.version();
        var random = new Random(7);
        var statuses = new ArrayList<Integer>();
        var writes = new ArrayList<Callable<Integer>>();
        for (int i = 0; i < 80; i++) {
            var email = "u%d@together.test".formatted(i);
            var kind = random.nextInt(4);
            statuses.add(List.of(201, 201, 409, 403).get(kind));
            writes.add(() -> switch (kind) {
                case 2 -> create(ada, roster.address(), "taken@together.test").status();
                // They may invite, but not hand this role out, which is checked when their write gets its turn.
                case 3 -> inviter.post("/api/v2/users", """
                    {"data":{"type":"users","attributes":{"email":"%s"},
                     "relationships":{"roles":{"data":[{"type":"roles","id":"%s"}]}}}}""".formatted(email, admin))
                    .status();
                default -> create(ada, roster.address(), email).status();
            });
        }
        assertThat(inOneLine(roster.node(), org, writes)).isEqualTo(statuses);
        var created = statuses.stream().filter(status -> status == 201).count();
        assertThat(org.version()).isEqualTo(before + created);
        everyVersionIsThere(org);
        System.out.println("one line of %d writes: %d done, the others refused".formatted(writes.size(), created));
    }

    @Test
    void a_caller_cut_off_earlier_in_the_queue_is_refused_later_in_it() throws Exception {
        var org = roster.newOrg("cutinline");
        var ada = org.founder();
        var bob = org.newAdmin("bob@cutinline.test");
        var got = inOneLine(roster.node(), org, List.of(
            () -> create(bob, roster.address(), "early@cutinline.test").status(),
            () -> ada.delete("/api/v2/users/" + bob.id()).status(),
            () -> create(bob, roster.address(), "late@cutinline.test").status(),
            () -> create(ada, roster.address(), "last@cutinline.test").status()));
        assertThat(got).containsExactly(201, 204, 403, 201);
        everyVersionIsThere(org);
    }

    @Test
    void many_at_once_through_two_nodes_leave_no_gap() throws Exception {
        var org = roster.newOrg("storm");
        var ada = org.founder();
        var before = org.version();
        var nodes = List.of(roster.address(), relayed.address());
        var running = new ArrayList<Future<Integer>>();
        for (int client = 0; client < 32; client++) {
            var number = client;
            running.add(threads.submit(() -> {
                var made = 0;
                for (int i = 0; i < 15; i++) {
                    // Every third address is wanted by all.
                    var email = i % 3 == 0 ? "all%d@storm.test".formatted(i) : "c%di%d@storm.test".formatted(number, i);
                    var answer = create(ada, nodes.get((number + i) % 2), email);
                    assertThat(answer.status()).isIn(201, 409);
                    made += answer.status() == 201 ? 1 : 0;
                }
                return made;
            }));
        }
        var made = 0;
        for (var each : running) {
            made += each.get();
        }
        assertThat(made).isEqualTo(32 * 10 + 5);
        assertThat(org.version()).isEqualTo(before + made);
        everyVersionIsThere(org);
    }

    @Test
    void an_error_of_the_database_or_the_program_in_one_leaves_the_others_alone() throws Exception {
        var org = roster.newOrg("failures");
        var node = roster.node();
        var before = org.version();
        var ran = new ArrayList<String>();
        var writes = new ArrayList<Callable<String>>();
        for (int i = 0; i < 20; i++) {
            var number = i;
            writes.add(() -> {
                try {
                    return write(node, org, tx -> {
                        tx.afterCommit(() -> ran.add("after " + number));
                        node.roster.user.newUsers.create(tx, "f%d@failures.test".formatted(number), Optional.empty(),
                            Optional.empty(), List.of());
                        return switch (number % 4) {
                            case 0 -> "done";
                            case 1 -> "never " + tx.update("INSERT INTO users (org_id) VALUES (?)", org.id());
                            case 2 -> throw new AssertionError("as a broken program would");
                            default -> "done";
                        };
                    });
                } catch (RuntimeException e) {
                    return "failed";
                }
            });
        }
        var got = inOneLine(node, org, writes);
        for (int i = 0; i < 20; i++) {
            assertThat(got.get(i)).as("write %d", i).startsWith(i % 4 == 1 || i % 4 == 2 ? "failed" : "done");
            assertThat(ran.contains("after " + i)).as("after write %d", i).isEqualTo(i % 4 == 0 || i % 4 == 3);
        }
        assertThat(org.version()).isEqualTo(before + 10);
        everyVersionIsThere(org);
    }

    @Test
    void what_cannot_even_be_sent_takes_nothing_from_the_others() throws Exception {
        var org = roster.newOrg("unsendable");
        var node = roster.node();
        var writes = new ArrayList<Callable<String>>();
        for (int i = 0; i < 9; i++) {
            var number = i;
            writes.add(() -> {
                try {
                    return write(node, org, tx -> {
                        if (number % 3 == 1) {
                            tx.later("SELECT ?", new Object()); // no type of the database's
                        }
                        return node.roster.user.newUsers
                            .create(tx, "s%d@unsendable.test".formatted(number), Optional.empty(),
                                Optional.empty(), List.of())
                            .email();
                    });
                } catch (RuntimeException e) {
                    return "failed";
                }
            });
        }
        var got = inOneLine(node, org, writes);
        for (int i = 0; i < 9; i++) {
            assertThat(got.get(i)).isEqualTo(i % 3 == 1 ? "failed" : "s%d@unsendable.test".formatted(i));
        }
        everyVersionIsThere(org);
    }

    @Test
    void an_error_after_a_commit_keeps_no_other_waiting() throws Exception {
        var org = roster.newOrg("aftermath");
        var node = roster.node();
        var ran = new ArrayList<String>();
        var writes = new ArrayList<Callable<Integer>>();
        for (int i = 0; i < 5; i++) {
            writes.add(() -> write(node, org, tx -> {
                tx.afterCommit(() -> {
                    throw new AssertionError("as a broken program would");
                });
                tx.afterCommit(() -> ran.add("after"));
                return 1;
            }));
        }
        assertThat(inOneLine(node, org, writes)).containsOnly(1);
        assertThat(ran).hasSize(5);
        assertThat(create(org.founder(), roster.address(), "next@aftermath.test").status()).isEqualTo(201);
    }

    @Test
    void a_write_interrupted_while_it_waits_takes_nothing_from_those_behind_it() throws Exception {
        var org = roster.newOrg("interrupted");
        var node = roster.node();
        var writes = new ArrayList<Callable<String>>();
        for (int i = 0; i < 10; i++) {
            var email = "i%d@interrupted.test".formatted(i);
            var interrupted = i % 3 == 0;
            writes.add(() -> {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
                return write(node, org,
                    tx -> node.roster.user.newUsers.create(tx, email, Optional.empty(), Optional.empty(),
                        List.of()))
                    .email();
            });
        }
        assertThat(inOneLine(node, org, writes)).hasSize(10).doesNotHaveDuplicates();
        everyVersionIsThere(org);
    }

    @Test
    void a_caller_whose_organisation_only_got_more_users_is_not_looked_up_again() throws Exception {
        var org = roster.newOrg("journeys");
        var ada = org.founder();
        create(ada, relayed.address(), "first@journeys.test");
        var creates = Long.MAX_VALUE;
        var afterAHandEdit = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) { // the least of some: others are counted too, who work at the same time
            var email = "of%d@journeys.test".formatted(i);
            creates = Math.min(creates, statements(() -> create(ada, relayed.address(), "one" + email)));
            roster.sql("SELECT roster_touch(?, 'who knows what')", org.id().value());
            afterAHandEdit = Math.min(afterAHandEdit,
                statements(() -> create(ada, relayed.address(), "other" + email)));
        }
        System.out.println("a creation on an outside database: %d statements; after another caller's write: %d"
            .formatted(creates, afterAHandEdit));
        assertThat(afterAHandEdit).isGreaterThan(creates);
    }

    private static long statements(Callable<Answer> request) throws Exception {
        var before = relay.executed();
        assertThat(request.call().status()).isEqualTo(201);
        return relay.executed() - before;
    }

    private static <T> T write(Node node, TestOrg org, Function<WriteTx, T> work) {
        return node.roster.kernel().db().write(Caller.cli(org.id(), "test", new Ids().next().toString()), work);
    }

    @ParameterizedTest
    @EnumSource
    void a_commit_that_breaks_runs_nothing_twice_and_the_answers_tell_the_truth(Cut cut) throws Exception {
        var answered = new ArrayList<Integer>();
        for (int round = 0; round < 10; round++) {
            var org = roster.newOrg("broken%d-%s".formatted(round, cut.ordinal()));
            var ada = org.founder();
            assertThat(create(ada, relayed.address(), "first@broken.test").status()).isEqualTo(201);
            var before = org.version();
            var writes = new ArrayList<Callable<Integer>>();
            for (int i = 0; i < 1 + round; i++) {
                var email = i % 4 == 3 ? "first@broken.test" : "u%d@broken.test".formatted(i);
                writes.add(() -> create(ada, relayed.address(), email).status());
            }
            var cuts = relay.cuts();
            relay.cut(cut);
            var got = inOneLine(relayed, org, writes);
            assertThat(relay.cuts()).isEqualTo(cuts + 1);
            answered.addAll(got);
            var done = 0;
            for (int i = 0; i < got.size(); i++) {
                var there = roster.sqlValue("SELECT count(*) FROM users WHERE org_id = ? AND email = ?",
                    org.id().value(), "u%d@broken.test".formatted(i));
                switch (got.get(i)) {
                    case 201 -> assertThat(there).isEqualTo(1L);
                    case 409 -> assertThat(i % 4).isEqualTo(3);
                    case 503 -> assertThat(there).isEqualTo(0L);
                    default -> throw new AssertionError(got);
                }
                done += got.get(i) == 201 ? 1 : 0;
            }
            assertThat(org.version()).isEqualTo(before + done);
            everyVersionIsThere(org);
            // A refused write may be sent again, and each user is there once.
            for (int i = 0; i < got.size(); i++) {
                if (got.get(i) == 503 && i % 4 != 3) {
                    assertThat(create(ada, relayed.address(), "u%d@broken.test".formatted(i)).status()).isEqualTo(201);
                }
            }
        }
        System.out.println("%s: %d done, %d refused, %d turned away".formatted(cut,
            answered.stream().filter(status -> status == 201).count(),
            answered.stream().filter(status -> status == 409).count(),
            answered.stream().filter(status -> status == 503).count()));
        if (cut == Cut.BEFORE_ITS_ANSWER) {
            assertThat(answered).doesNotContain(503);
        }
    }

    @Test
    void beyond_the_line_writes_are_turned_away() throws Exception {
        var org = roster.newOrg("crowd");
        var node = roster.node();
        var before = org.version();
        var first = new Semaphore(0);
        var running = new ArrayList<Future<Integer>>();
        for (int i = 0; i < 1000; i++) {
            running.add(threads.submit(() -> write(node, org, tx -> {
                first.acquireUninterruptibly();
                return 1;
            })));
        }
        HeldOrg.awaitWaiting(node, org, 1000);
        var late = create(org.founder(), roster.address(), "late@crowd.test");
        first.release(1000);
        assertThat(late.status()).isEqualTo(503);
        assertThat(late.header("Retry-After")).isPresent();
        for (var each : running) {
            assertThat(each.get()).isEqualTo(1);
        }
        assertThat(org.version()).isEqualTo(before);
        assertThat(create(org.founder(), roster.address(), "late@crowd.test").status()).isEqualTo(201);
    }
}
