package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.base.db.Insert;
import roster.base.db.WriteTx;
import roster.base.source.Ids;
import roster.core.user.Users;
import roster.model.Caller;
import roster.model.Permission;
import roster.model.Problem;
import roster.model.Refused;
import roster.model.Role;
import roster.model.User;
import roster.support.Await;
import roster.support.HeldOrg;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// A rehearsed write goes by the rules of the real one, and nothing of it stays.
@Timeout(60)
class RehearsalTest {
    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_INVITES_PER_INVITER", "3/1h"));

    private static <T> T rehearse(Caller caller, Function<WriteTx, T> work) {
        return roster.db().rehearse(caller, work);
    }

    private static Caller operator(TestOrg org) {
        return Caller.cli(org.id(), "test", new Ids().next().toString());
    }

    /// A user who holds these permissions, as if they had signed in without a key that could end.
    private static Caller holding(TestOrg org, User user, Permission... permissions) {
        return new Caller(Caller.Kind.USER, org.id(), Optional.of(user.id()), user.handle(), Caller.Credentials.NONE,
            Set.of(permissions), 0, 0, List.of(), new Ids().next().toString(), Optional.empty());
    }

    /// All rows of an organisation, of every table there is.
    private static Map<String, Object> rows(TestOrg org) {
        var rows = new TreeMap<String, Object>();
        roster.sql("""
            SELECT table_name, column_name FROM information_schema.columns
             WHERE table_schema = current_schema()
               AND (column_name = 'org_id' OR table_name = 'orgs' AND column_name = 'id')
            """).forEach(
            found -> rows.put((String) found.getFirst(), roster.sqlValue("""
                SELECT coalesce(string_agg((to_jsonb(t) - 'last_used_at' - 'last_seen_at')::text, E'\\n' ORDER BY t::text), '')
                  FROM %s t WHERE %s = ?
                """.formatted(found.getFirst(), found.getLast()), org.id().value())));
        return rows;
    }

    /// What is counted of nouns: not of requests, connections and workers.
    private static List<String> metrics() {
        return roster.send("GET", "/metrics", null).text().lines()
            .filter(line -> line.matches("roster_(?!http|db|worker|tls)[a-z_]+.*")).toList();
    }

    private static Problem refusal(Runnable work) {
        return catchThrowableOfType(Refused.class, work::run).problem();
    }

    @Test
    void nothing_of_a_rehearsed_write_stays() {
        var org = roster.newOrg("rehearsed");
        var ann = org.newAdmin("ann@rehearsed.test");
        var standard = org.managed(Role.Managed.STANDARD);
        var ran = new AtomicBoolean();
        var listed = org.founder().get("/api/v2/users").text();
        var roles = org.founder().get("/api/v2/roles").text();
        var measured = metrics();
        var before = rows(org);
        assertThat(before.get("users").toString()).contains("ann@rehearsed.test");

        for (int round = 0; round < 5; round++) { // more than may be invited in an hour, if these counted
            var seen = rehearse(holding(org, org.founder().user(), Permission.USER_ACCESS_MANAGE,
                Permission.USER_ACCESS_INVITE), tx -> everything(tx, ann.id(), standard, ran));
            assertThat(seen).isEqualTo("bob@rehearsed.test, disabled");
        }

        assertThat(rows(org)).isEqualTo(before);
        assertThat(ran).isFalse();
        assertThat(ann.get("/api/v2/users").text()).as("to one who was disabled, and keeps all").isEqualTo(listed);
        assertThat(org.founder().get("/api/v2/roles").text()).isEqualTo(roles);
        assertThat(metrics()).isEqualTo(measured);
        assertThat(org.founder().post("/api/v2/users", """
            {"data": {"type": "users", "attributes": {"email": "bob@rehearsed.test"}}}""").status()).isEqualTo(201);
    }

    private static String everything(WriteTx tx, String ann, Role.Id standard, AtomicBoolean ran) {
        var program = roster.program();
        var bob = program.user.newUsers.create(tx, "bob@rehearsed.test", Optional.of("Bob"), Optional.empty(),
            List.of(standard.toString()));
        program.invitation.invitations.send(tx, List.of(bob.id().toString()));
        var role = program.role.roles.create(tx, "Support", List.of(), false, List.of());
        program.user.members.add(tx, role, bob);
        program.user.users.disable(tx, ann);
        tx.afterCommit(() -> ran.set(true));
        var users = program.user.users.all(tx, tx.org(), List.of(bob.id(), id(ann)));
        return users.stream().map(user -> user.disabled() ? "disabled" : user.email()).sorted()
            .reduce((one, other) -> one + ", " + other).orElseThrow();
    }

    private static User.Id id(String text) {
        return new User.Id(UUID.fromString(text));
    }

    @Test
    void what_would_be_refused_is_refused_alike_and_leaves_nothing() {
        var org = roster.newOrg("alike");
        var ann = org.newUser("ann@alike.test");
        var inviter = holding(org, ann.user(), Permission.USER_ACCESS_INVITE);
        var admin = org.managed(Role.Managed.ADMIN).toString();
        var before = rows(org);
        List<Function<WriteTx, Object>> works = List.of(
            tx -> roster.program().user.newUsers.create(tx, "ann@alike.test", Optional.empty(), Optional.empty(),
                List.of()),
            tx -> roster.program().user.newUsers.create(tx, "new@alike.test", Optional.empty(), Optional.empty(),
                List.of(admin)),
            tx -> roster.program().user.users.update(tx, ann.id(),
                new Users.Edit(Optional.of("Ann"), Optional.empty(), Optional.empty(), Optional.empty())),
            tx -> {
                tx.insert(Insert.of("INSERT INTO gone (org_id, version, kind, id) VALUES (?, ?, ?, ?)",
                    (t, _) -> List.of(t.org(), t.version(), "test", t.newId())), 1);
                return roster.program().role.roles.named(tx, tx.org(), "nothing");
            });
        for (var work : works) {
            var rehearsed = refusal(() -> rehearse(inviter, work));
            assertThat(rehearsed).isEqualTo(refusal(() -> roster.db().write(inviter, work)));
        }
        var last = refusal(() -> rehearse(operator(org), tx -> {
            roster.program().user.users.disable(tx, org.founder().id());
            return null;
        }));
        assertThat(last).isEqualTo(new Problem.LastAdministrator());
        assertThat(rows(org)).isEqualTo(before);
    }

    @Test
    void a_fault_that_the_database_finds_last_is_found() {
        var org = roster.newOrg("late");
        var twice = catchThrowableOfType(RuntimeException.class, () -> rehearse(operator(org), tx -> {
            tx.later("SELECT 1 / 0");
            return "fine so far";
        }));
        assertThat(twice).hasStackTraceContaining("division by zero");
        assertThat(org.newUser("next@late.test").get("/api/v2/users").status()).isEqualTo(200);
    }

    @Test
    void real_writes_beside_it_are_made_and_see_none_of_it() throws Exception {
        var org = roster.newOrg("beside");
        var created = entries(org);
        for (int round = 0; round < 20; round++) {
            var version = org.version();
            var number = round;
            var all = new ArrayList<Future<String>>();
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 8; i++) {
                    var name = "p%d-%d".formatted(number, i / 2);
                    Callable<String> one = i % 2 == 0
                        ? () -> rehearse(operator(org), tx -> named(tx, name))
                        : () -> roster.db().write(operator(org), tx -> named(tx, name));
                    all.add(threads.submit(one));
                }
                for (int i = 0; i < 8; i++) {
                    if (i % 2 == 1) {
                        assertThat(all.get(i).get()).isEqualTo("made");
                    } else { // before the write of the same name, or after it
                        assertThat(all.get(i).get()).isIn("made", "exists");
                    }
                }
            }
            assertThat(org.version()).isEqualTo(version + 4);
        }
        assertThat(roster.sqlValue("SELECT count(*) FROM users WHERE org_id = ? AND email LIKE 'p%'", org.id().value()))
            .isEqualTo(80L);
        assertThat(entries(org)).isEqualTo(created + 80);
    }

    private static long entries(TestOrg org) {
        return (long) roster.sqlValue("SELECT count(*) FROM audit_entries WHERE org_id = ? AND action = 'user.created'",
            org.id().value());
    }

    private static String named(WriteTx tx, String name) {
        try {
            roster.program().user.newUsers.create(tx, name + "@beside.test", Optional.empty(), Optional.empty(),
                List.of());
            return "made";
        } catch (Refused e) {
            return "exists";
        }
    }

    @Test
    void one_that_takes_too_long_is_ended() {
        var org = roster.newOrg("long");
        var before = rows(org);
        assertThat(refusal(() -> rehearse(operator(org), tx -> tx.query("SELECT pg_sleep(50)").any())))
            .isInstanceOf(Problem.Unavailable.class);
        assertThat(refusal(() -> rehearse(operator(org), tx -> {
            while (true) {
                tx.update("UPDATE users SET title = 'x', version = ? WHERE org_id = ?", tx.version(), tx.org());
            }
        }))).isInstanceOf(Problem.Unavailable.class);
        assertThat(rows(org)).isEqualTo(before);
        org.newUser("next@long.test");
    }

    @Test
    void few_wait_for_an_organisation_and_writes_still_find_room() throws Exception {
        var org = roster.newOrg("queue");
        for (int left = 20; !fewWait(org); left--) { // the lock was held for longer than writes wait for it
            assertThat(left).isPositive();
        }
        boolean again = rehearse(operator(org), tx -> tx.query("SELECT 1").any());
        assertThat(again).isTrue();
    }

    /// @return false if the machine was too slow for the round
    private static boolean fewWait(TestOrg org) throws Exception {
        var all = new ArrayList<Future<Boolean>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor(); var held = new HeldOrg(org)) {
            for (int i = 0; i < 20; i++) {
                all.add(threads.submit(() -> rehearse(operator(org), tx -> tx.query("SELECT 1").any())));
            }
            held.awaitWaiting(20, all.toArray(Future[]::new));
            var twentyFirst = threads.submit(() -> rehearse(operator(org), _ -> true));
            Await.until("one more is refused, or the lock is given up", () -> twentyFirst.isDone()
                || all.stream().anyMatch(Future::isDone));
            var write = threads.submit(() -> roster.db().write(operator(org), tx -> named(tx, "ann")));
            Await.until("a write waits", () -> roster.db().writesWaiting(org.id()) >= 21
                || all.stream().anyMatch(Future::isDone));
            if (all.stream().anyMatch(Future::isDone)) {
                return false;
            }
            held.release();
            assertThat(write.get()).isIn("made", "exists");
            assertThat(twentyFirst.exceptionNow()).isInstanceOf(Refused.class);
        }
        return true;
    }
}
