import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// What it costs to call by a session in the place of keys, also while others sign in, and to list a user's sessions where
/// there are many.
final class Sessions {
    private static final String CURRENT = "/api/v2/current_user";
    private static final int OWN = 10;
    private static final int FEW = 100;
    private static final int MANY = 1_000_000;
    private static final int MANY_QUICK = 100_000;

    private static final int SIGN_INS_A_SECOND = 20;

    /// Until Java on the node has compiled what a sign-in runs. At 20 a second that would take minutes.
    private static final int WARM_UP_SIGN_INS = 5000;

    /// How much longer than the measured seconds there are sign-ins for: wrk takes a moment to begin and to end.
    private static final int SPARE_SECONDS = 5;

    private final Stage stage;
    private final String paths;

    Sessions(Stage stage) {
        this.stage = stage;
        this.paths = stage.wrk().file("current-user.paths", Collections.nCopies(1000, CURRENT)).toString();
    }

    void run() {
        compare(stage.roster(), stage.large(), "embedded");
        many();
        outside();
    }

    /// By a session, and by keys.
    private List<String> compare(RosterServer roster, RosterServer.Org org, String database) {
        var session = Browser.signedIn(roster, org, RosterServer.FOUNDER).apiHeaders();
        for (int i = 0; i < stage.options().warmUps(); i++) {
            load(roster, session);
            load(roster, org.headers());
        }
        var found = Series.inTurns(stage.options().rounds(),
            List.of(() -> load(roster, session), () -> load(roster, org.headers())));
        stage.report().row("session-" + database, "GET %s by session, %s database".formatted(CURRENT, database),
            "by key", found.get(0).rateTo(found.get(1)), Report.Aim.atLeast(0.95), found.get(0).shown(),
            found.get(1).shown());
        return session;
    }

    private Series.Load load(RosterServer roster, List<String> headers) {
        return stage.wrk().load(roster.address(), headers, Reads.CLIENTS, "GET", paths);
    }

    /// On two nodes with one database: calls on one, sign-ins on the other.
    private void outside() {
        var sql = OutsidePostgres.start(stage.started(), stage.programs(), "sessions");
        var node = new RosterServer(stage.started(), stage.home(), "sessions-a", sql.jdbcUrl());
        node.start();
        var org = node.large();
        node.command("seed", "--users", "" + stage.options().small(), "--org", org.id());
        sql.run("VACUUM ANALYZE", "CHECKPOINT");
        var session = compare(node, org, "outside");
        var other = new RosterServer(stage.started(), stage.home(), "sessions-b", sql.jdbcUrl());
        other.start();
        var users = new PasskeyUsers(other, sql, org,
            SIGN_INS_A_SECOND * (stage.options().seconds() + SPARE_SECONDS));
        var signedIn = 0;
        while (signedIn < WARM_UP_SIGN_INS) {
            var some = users.signIns();
            PasskeyUsers.atOnce(some);
            signedIn += some.size();
        }
        var rates = new ArrayList<Double>();
        var found = Series.inTurns(stage.options().rounds(),
            List.of(() -> whileOthersSignIn(users.signIns(), rates, () -> load(node, session)),
                () -> load(node, session)));
        stage.report().row("session-sign-ins", "the same by session, while %d a second sign in on another node"
            .formatted(SIGN_INS_A_SECOND), "while nobody does", found.get(0).rateTo(found.get(1)),
            Report.Aim.atLeast(0.8), found.get(0).shown(), found.get(1).shown());
        stage.report().note("%s sign-ins a second by passkeys on the other node meanwhile", Series.Spread.of(rates));
        other.stop();
        node.stop();
    }

    /// Sign-ins begin at their times, also while earlier ones are not answered yet.
    ///
    /// @param rates takes how many a second were answered meanwhile
    private static Series.Load whileOthersSignIn(List<Runnable> signIns, List<Double> rates,
        Supplier<Series.Load> measured) {
        var answered = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var began = System.nanoTime();
            var running = CompletableFuture.supplyAsync(measured);
            var begun = new ArrayList<Future<?>>();
            for (var each : signIns) {
                Main.pause(Math.max(0, begun.size() * 1000L / SIGN_INS_A_SECOND - (System.nanoTime() - began) / 1_000_000));
                if (running.isDone()) {
                    break;
                }
                begun.add(threads.submit(() -> {
                    each.run();
                    answered.incrementAndGet();
                }));
            }
            var load = running.join();
            rates.add(answered.get() * 1e9 / (System.nanoTime() - began));
            PasskeyUsers.await(begun);
            return load;
        }
    }

    /// A user's sessions, in an organisation with a million of them and in one with a hundred.
    private void many() {
        var roster = stage.roster();
        var all = stage.options().mode() == Options.Mode.QUICK ? MANY_QUICK : MANY;
        var small = roster.create("Few sessions");
        var big = roster.create("Many sessions");
        roster.command("seed", "--users", "" + FEW, "--org", small.id());
        roster.command("seed", "--users", "" + stage.options().small(), "--org", big.id());
        sessions(small, FEW);
        sessions(big, all);
        stage.sql().run("VACUUM ANALYZE sessions", "CHECKPOINT");
        var large = stage.wrk().file("sessions-large.paths", List.of(list(big))).toString();
        var few = stage.wrk().file("sessions-few.paths", List.of(list(small))).toString();
        for (int i = 0; i < stage.options().warmUps(); i++) {
            stage.wrk().load(roster.address(), big, 1, "GET", large);
            stage.wrk().load(roster.address(), small, 1, "GET", few);
        }
        var found = Series.inTurns(stage.options().rounds(),
            List.of(() -> stage.wrk().load(roster.address(), big, 1, "GET", large),
                () -> stage.wrk().load(roster.address(), small, 1, "GET", few)));
        stage.report().row("sessions-many", "a user's %d sessions, of %,d in the organisation".formatted(OWN, all),
            "of %d".formatted(FEW), found.get(0).timeTo(found.get(1)), Report.Aim.atMost(1.3, ""),
            found.get(0).shown(), found.get(1).shown());
    }

    private String list(RosterServer.Org org) {
        return "/api/v2/roster/users/%s/sessions".formatted(stage.sql().run(
            "SELECT id FROM users WHERE org_id = '%s' AND email = '%s'".formatted(org.id(), RosterServer.FOUNDER))
            .getFirst());
    }

    /// Gives the founder a few sessions, and all others together the rest.
    private void sessions(RosterServer.Org org, int number) {
        stage.sql().run("""
            INSERT INTO sessions (org_id, id, user_id, digest, method, factors, created_at, last_seen_at, version)
            SELECT '%1$s', gen_random_uuid(), u.id, sha256((u.id::text || n)::bytea), 'standard', '{password}', now(), now(), 1
              FROM users u CROSS JOIN generate_series(1, CASE WHEN u.email = '%2$s' THEN %3$d ELSE
                   greatest(1, %4$d / greatest(1, (SELECT count(*) FROM users WHERE org_id = '%1$s'))) END::int) n
             WHERE u.org_id = '%1$s'
            """.formatted(org.id(), RosterServer.FOUNDER, OWN, number));
    }
}
