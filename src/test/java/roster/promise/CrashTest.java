package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import roster.support.Answer;
import roster.support.Await;
import roster.support.ServerProcess;
import roster.support.TestRoster;
import roster.support.Threads;

/// P1: what was acknowledged is there after `kill -9`, and nothing is half done.
class CrashTest {
    private static final int CLIENTS = 6;

    /// How many users are acknowledged before the kill, at the least.
    private static final int BURST = 80;

    private final Set<String> users = ConcurrentHashMap.newKeySet();
    private final Set<String> invitations = ConcurrentHashMap.newKeySet();
    private final AtomicInteger number = new AtomicInteger();
    private ServerProcess server;

    @BeforeEach
    void start() throws Exception {
        server = ServerProcess.start("crash", Map.of());
    }

    @AfterEach
    void end() throws Exception {
        server.end();
    }

    @Test
    void what_was_acknowledged_survives_kill_9_and_nothing_is_half_done() throws Exception {
        assertThat(server.sql("SELECT current_setting('fsync'), current_setting('full_page_writes'), "
            + "current_setting('synchronous_commit')").getFirst()).as("durable").containsOnly("on");

        burst(server::kill, false);
        server = server.again(Map.of());
        everythingIsThere("after kill -9 of Roster");

        burst(server::killPostgres, true);
        everythingIsThere("after kill -9 of its PostgreSQL");

        burst(() -> {
            server.killPostgres();
            server.kill();
        }, false);
        server = server.again(Map.of());
        everythingIsThere("after kill -9 of both");

        assertThat(server.stop()).as("exit code").isZero();
        server = server.again(Map.of());
        everythingIsThere("after an ordinary stop");
    }

    /// A client that got no answer retries with the same `Idempotency-Key`; the work is not done twice.
    @Test
    void what_is_asked_again_after_kill_9_with_the_same_key_is_done_once() throws Exception {
        var answers = new ConcurrentHashMap<Integer, Answer>();
        var asked = ConcurrentHashMap.<Integer>newKeySet();
        var enough = new CountDownLatch(BURST);
        try (var threads = new Threads()) {
            Runnable client = () -> {
                try {
                    while (true) {
                        var one = number.incrementAndGet();
                        asked.add(one);
                        answers.put(one, createdOnce(one));
                        enough.countDown();
                    }
                } catch (UncheckedIOException e) {
                    return; // the server is gone
                }
            };
            var clients = Stream.generate(() -> threads.submit(client)).limit(CLIENTS).toList();
            assertThat(enough.await(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS)).as("acknowledged before the kill")
                .isTrue();
            server.kill();
            for (var some : clients) {
                some.get(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        }
        server = server.again(Map.of());

        var again = new TreeMap<Integer, Answer>();
        asked.forEach(one -> again.put(one, createdOnce(one)));
        System.out.println("kill -9 among %d creations with a key, %d answered: asked again, %d were done already"
            .formatted(asked.size(), answers.size(),
                again.values().stream().filter(answer -> answer.header("Idempotency-Replayed").isPresent()).count()));

        assertThat(again.values()).allMatch(answer -> answer.status() == 201);
        answers.forEach((one, answer) -> {
            assertThat(again.get(one).text()).isEqualTo(answer.text());
            assertThat(again.get(one).header("Idempotency-Replayed")).hasValue("true");
        });
        assertThat(server.sql("SELECT count(*), count(DISTINCT email) FROM users WHERE email LIKE 'once%'").getFirst())
            .containsExactly((long) asked.size(), (long) asked.size());
    }

    private Answer createdOnce(int one) {
        var headers = new LinkedHashMap<>(ServerProcess.KEYS);
        headers.put("Idempotency-Key", "creation " + one);
        var answer = TestRoster.send(server.address(), "POST", "/api/v2/users", """
            {"data":{"type":"users","attributes":{"email":"once%d@crash.test"}}}""".formatted(one), headers);
        assertThat(answer.status()).as("%s", answer).isEqualTo(201);
        return answer;
    }

    private interface Kill {
        void now() throws Exception;
    }

    /// Several clients create and invite users; in the middle of it something is killed.
    ///
    /// @param goesOn whether Roster must come to itself and acknowledge as many again
    private void burst(Kill kill, boolean goesOn) throws Exception {
        var before = new CountDownLatch(BURST);
        var after = new CountDownLatch(goesOn ? BURST : 0);
        var killed = new AtomicBoolean();
        var over = new AtomicBoolean();
        try (var threads = new Threads()) {
            Runnable client = () -> {
                while (!over.get()) {
                    if (acknowledged()) {
                        (killed.get() ? after : before).countDown();
                    }
                }
            };
            var clients = Stream.generate(() -> threads.submit(client)).limit(CLIENTS).toList();
            assertThat(before.await(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS)).as("acknowledged before the kill")
                .isTrue();
            kill.now();
            killed.set(true);
            var wentOn = after.await(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            over.set(true);
            for (var some : clients) {
                some.get(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
            assertThat(wentOn).as("acknowledged after the kill").isTrue();
        } finally {
            over.set(true);
        }
    }

    /// Creates a user and invites them.
    ///
    /// @return whether both were acknowledged
    private boolean acknowledged() {
        try {
            var created = TestRoster.send(server.address(), "POST", "/api/v2/users", """
                {"data":{"type":"users","attributes":{"email":"user%d@crash.test"}}}"""
                .formatted(number.incrementAndGet()), ServerProcess.KEYS);
            if (created.status() != 201) {
                assertThat(created.status()).as("an honest refusal").isEqualTo(503);
                return false;
            }
            users.add(created.id());
            var invited = TestRoster.send(server.address(), "POST", "/api/v2/user_invitations", """
                {"data":[{"type":"user_invitations",
                 "relationships":{"user":{"data":{"type":"users","id":"%s"}}}}]}""".formatted(created.id()),
                ServerProcess.KEYS);
            if (invited.status() != 201) {
                assertThat(invited.status()).as("an honest refusal").isEqualTo(503);
                return false;
            }
            invitations.add(invited.text("/data/0/id"));
            return true;
        } catch (UncheckedIOException e) {
            return false; // the connection broke
        }
    }

    private void everythingIsThere(String when) throws Exception {
        var found = new TreeSet<String>();
        for (int page = 0, got = 1; got > 0; page++) {
            var answer = TestRoster.send(server.address(), "GET",
                "/api/v2/users?page%5Bsize%5D=1000&page%5Bnumber%5D=" + page, null, ServerProcess.KEYS);
            var ids = answer.each("/data", "/id");
            found.addAll(ids);
            got = ids.size();
        }
        found.retainAll(users);
        System.out.println("%s: acknowledged %d, found %d".formatted(when, users.size(), found.size()));
        assertThat(found).as(when).containsExactlyInAnyOrderElementsOf(users);
        var stored = new TreeSet<>(server.sql("SELECT id::text FROM invitations").stream()
            .map(row -> (String) row.getFirst()).toList());
        assertThat(stored).as(when).containsAll(invitations);
        for (var half : halves().entrySet()) {
            assertThat(server.sql(half.getValue())).as(half.getKey() + " " + when).isEmpty();
        }
    }

    /// Queries for what must not be.
    private static Map<String, String> halves() {
        var halves = new LinkedHashMap<String, String>();
        halves.put("a user without their entry", """
            SELECT u.id FROM users u WHERE NOT EXISTS (SELECT 1 FROM audit_entries e
             WHERE e.org_id = u.org_id AND e.subject_id = u.id AND e.action = 'user.created')""");
        halves.put("an entry without its user", """
            SELECT e.subject_id FROM audit_entries e WHERE e.action = 'user.created' AND NOT EXISTS (
                   SELECT 1 FROM users u WHERE u.org_id = e.org_id AND u.id = e.subject_id)""");
        halves.put("an invitation without its letter", """
            SELECT i.id FROM invitations i WHERE NOT EXISTS (SELECT 1 FROM letters l
             WHERE l.org_id = i.org_id AND l.subject_id = i.id AND l.version = i.version)""");
        halves.put("a letter without its invitation", """
            SELECT l.id FROM letters l WHERE NOT EXISTS (SELECT 1 FROM invitations i
             WHERE l.org_id = i.org_id AND l.subject_id = i.id)""");
        halves.put("an invitation without its entry", """
            SELECT i.id FROM invitations i WHERE NOT EXISTS (SELECT 1 FROM audit_entries e
             WHERE e.org_id = i.org_id AND e.subject_id = i.id AND e.version = i.version)""");
        halves.put("a link without its invitation", """
            SELECT p.id FROM invitation_pointers p FULL JOIN invitations i USING (org_id, id)
             WHERE p.id IS NULL OR i.id IS NULL""");
        halves.put("an organisation that is not at its last entry", """
            SELECT o.id FROM orgs o WHERE NOT EXISTS (SELECT 1 FROM audit_entries e
             WHERE e.org_id = o.id AND e.version = o.version AND e.stamp = o.stamp
               AND e.version = (SELECT max(version) FROM audit_entries WHERE org_id = o.id))""");
        halves.put("an organisation whose trail does not end with its last seal", """
            SELECT o.id FROM orgs o WHERE NOT EXISTS (SELECT 1 FROM audit_entries e
             WHERE e.org_id = o.id AND e.version = o.version AND e.version = o.trail_version
               AND e.entry = o.trail_entry AND e.seal = o.trail_seal)""");
        halves.put("an entry without a seal", "SELECT e.org_id FROM audit_entries e WHERE e.seal IS NULL");
        return halves;
    }
}
