import java.nio.file.Path;
import java.util.List;

/// Durable writes in one organisation, against pgbench doing the same SQL with as many clients in another database of the
/// same server.
final class Writes {
    private static final String FLOOR_ORG = "00000000-0000-7000-8000-000000000001";
    private static final int CLIENTS = 16;

    /// Nobody can be disabled twice, and there are only so many.
    private static final int DISABLE_SECONDS = 2;

    private final Stage stage;
    private RosterServer.Org org;
    private int runs;

    Writes(Stage stage) {
        this.stage = stage;
    }

    void run() {
        var small = stage.options().small();
        org = stage.roster().create("Writes");
        stage.roster().command("seed", "--users", "" + small, "--org", org.id());
        stage.floor().run("""
            INSERT INTO orgs (id, public_id, name, created_at, modified_at, version, stamp, written_at)
            VALUES ('%s', 'floor', 'Floor', now(), now(), 1, 1, now())
            """.formatted(FLOOR_ORG), """
            INSERT INTO users (org_id, id, email, handle, name, name_folded, title, title_folded, verified, created_at,
                               modified_at, version)
            SELECT '%s', lpad(to_hex(n), 32, '0')::uuid, 'floor' || n || '@bench.example', 'floor' || n || '@bench.example',
                   'Floor ' || n, 'floor ' || n, 'Tester', 'tester', false, now(), now(), 1
              FROM generate_series(1, %d) AS n
            """.formatted(FLOOR_ORG, small), "VACUUM ANALYZE", "CHECKPOINT");

        create(1, 0.9);
        create(16, 2.0);
        create(64, 4.0);
        update();
        disable();
    }

    private void create(int clients, double aim) {
        var paths = stage.wrk().file("create.paths", List.of("/api/v2/users")).toString();
        var body = stage.wrk().file("create.json", List.of("""
            {"data": {"type": "users", "attributes": {"email": "${new}@bench.example", "name": "Pat Bench", \
            "title": "Tester"}}}""")).toString();
        var before = people();
        create(clients, paths, body); // Java compiles what it is to run often
        var untimed = people() - before;
        var found = Series.inTurns(stage.options().rounds(), List.of(() -> create(clients, paths, body),
            () -> floor("create.sql", clients)));
        var made = people() - before - untimed;
        if (made < found.get(0).done()) {
            throw new Started.Failed("%d people were acknowledged, %d are there".formatted(found.get(0).done(), made));
        }
        // More are there by those who were under way when a round ended.
        stage.report().note("%d client%s: %,d people acknowledged, %,d there", clients, clients == 1 ? "" : "s",
            found.get(0).done(), made);
        stage.report().row("create-" + clients, "CreateUser, %d client%s".formatted(clients, clients == 1 ? "" : "s"),
            "pgbench", found.get(0).rateTo(found.get(1)), Report.Aim.atLeast(aim), found.get(0).shown(),
            found.get(1).shown());
        if (clients == 1) {
            stage.report().row("create-latency", "CreateUser, 1 client, median time", "a plain transaction",
                found.get(0).timeTo(found.get(1)), Report.Aim.atMost(1.25, ""), found.get(0).shownMillis(),
                found.get(1).shownMillis());
        }
    }

    private Series.Load create(int clients, String paths, String body) {
        return stage.wrk().load(stage.roster().address(), org, clients, "POST", paths, body, "r" + ++runs);
    }

    private void update() {
        var paths = stage.wrk().file("update.paths", ids()).toString();
        var body = stage.wrk().file("update.json", List.of("""
            {"data": {"type": "users", "id": "${id}", "attributes": {"title": "${new}"}}}""")).toString();
        var found = Series.inTurns(stage.options().rounds(), List.of(
            () -> stage.wrk().load(stage.roster().address(), org, CLIENTS, "PATCH", paths, body, "r" + ++runs),
            () -> floor("update.sql", CLIENTS)));
        stage.report().row("update", "UpdateUser, a title, %d clients".formatted(CLIENTS), "pgbench",
            found.get(0).rateTo(found.get(1)), Report.Aim.atLeast(1.5), found.get(0).shown(), found.get(1).shown());
    }

    /// Against the same floor: a row that changes, and an audit entry.
    private void disable() {
        var ids = ids();
        var rounds = stage.options().rounds();
        var round = new int[1];
        var found = Series.inTurns(rounds, List.of(() -> {
            var slice = ids.subList(round[0] * ids.size() / rounds, (round[0] + 1) * ids.size() / rounds);
            var paths = stage.wrk().file("disable-%d.paths".formatted(++round[0]), slice).toString();
            return stage.wrk().atMost(DISABLE_SECONDS).load(stage.roster().address(), org, CLIENTS, "DELETE", paths);
        }, () -> floor("update.sql", CLIENTS)));
        stage.report().row("disable", "DisableUser, %d clients".formatted(CLIENTS), "pgbench, an update",
            found.get(0).rateTo(found.get(1)), Report.Aim.atLeast(1.0), found.get(0).shown(), found.get(1).shown());
    }

    private Series.Load floor(String script, int clients) {
        Path file = stage.home().resolve("bench/pgbench").resolve(script);
        return stage.floor().pgbench(file, clients, stage.options().seconds(), "org=" + FLOOR_ORG,
            "people=" + stage.options().small());
    }

    private long people() {
        return Long.parseLong(stage.sql().run("SELECT count(*) FROM users WHERE org_id = '%s'".formatted(org.id()))
            .getFirst());
    }

    private List<String> ids() {
        return stage.sql().run("""
            SELECT id FROM users WHERE org_id = '%s' AND email <> '%s' AND NOT disabled
             ORDER BY random()
            """.formatted(org.id(), RosterServer.FOUNDER)).stream().map(id -> "/api/v2/users/" + id).toList();
    }
}
