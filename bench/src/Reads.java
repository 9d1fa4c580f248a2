import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// GetUser and ListUsers as fast as 32 clients ask, against answers of the same size that are made beforehand: by
/// Roster's own route for that, and by nginx.
final class Reads {
    static final int CLIENTS = 32;
    static final int IDS = 100_000;
    private static final int PAGE = 100;
    private static final int PAGES = 1000;
    private static final int SAMPLES = 40;

    private final Stage stage;

    Reads(Stage stage) {
        this.stage = stage;
    }

    void run() {
        var roster = stage.roster();
        stage.report().note("memory of Roster%s, before the directory is loaded: %d MiB",
            stage.options().has("import") ? " after the import" : "", roster.mebibytes("VmRSS"));
        var first = System.nanoTime();
        roster.get(stage.large(), "/api/v2/users");
        stage.report().note("first list, which loads the directory of %,d people: %.1f s, then %d MiB",
            stage.options().users(), (System.nanoTime() - first) / 1e9, roster.mebibytes("VmRSS"));

        compare(stage, roster, stage.large(), "get-embedded", "GetUser, random ids, embedded database",
            ids(stage.sql(), stage.large()), new Aims(0.85, 0.60));
        compare(stage, roster, stage.large(), "list-100", "ListUsers, 100 a page, random pages", pages(), new Aims(0.80, 0.25));
        stage.report().note("memory of Roster after that: %d MiB, at most %d MiB", roster.mebibytes("VmRSS"),
            roster.mebibytes("VmHWM"));
    }

    static List<String> ids(Sql sql, RosterServer.Org org) {
        return sql.run("SELECT id FROM users WHERE org_id = '%s' ORDER BY random() LIMIT %d".formatted(org.id(), IDS))
            .stream().map(id -> "/api/v2/users/" + id).toList();
    }

    private List<String> pages() {
        var random = new SplittableRandom(1);
        return IntStream.range(0, PAGES).mapToObj(i -> "/api/v2/users?page%%5Bsize%%5D=%d&page%%5Bnumber%%5D=%d"
            .formatted(PAGE, random.nextInt(stage.options().users() / PAGE))).toList();
    }

    /// Ratios to reach: to fixed answers of the same process, and to nginx.
    record Aims(double fixed, double nginx) {}

    /// Measures some paths in turns with fixed answers of their mean size.
    static void compare(Stage stage, RosterServer roster, RosterServer.Org org, String key, String work,
        List<String> paths, Aims aims) {
        var bytes = (int) Math.round(paths.stream().limit(SAMPLES)
            .mapToInt(path -> roster.get(org, path).body().getBytes(StandardCharsets.UTF_8).length).average()
            .orElseThrow());
        var fixed = Collections.nCopies(paths.size(), "/bench/fixed?bytes=" + bytes);
        var nginx = Nginx.start(stage.started(), bytes);
        var pathFile = stage.wrk().file(key + ".paths", paths).toString();
        var fixedFile = stage.wrk().file(key + ".fixed", fixed).toString();
        for (int i = 0; i < stage.options().warmUps(); i++) { // Java compiles what it is to run often
            stage.wrk().load(roster.address(), org, CLIENTS, "GET", pathFile);
            stage.wrk().load(roster.address(), org, CLIENTS, "GET", fixedFile);
        }
        var found = Series.inTurns(stage.options().rounds(), List.of(
            () -> stage.wrk().load(roster.address(), org, CLIENTS, "GET", pathFile),
            () -> stage.wrk().load(roster.address(), org, CLIENTS, "GET", fixedFile),
            () -> stage.wrk().load(nginx, org, CLIENTS, "GET", fixedFile)));
        var ours = found.get(0);
        var floor = found.get(1);
        var inline = found.get(2);
        stage.report().row(key, work, "Roster's fixed %,d bytes".formatted(bytes), ours.rateTo(floor),
            Report.Aim.atLeast(aims.fixed()), ours.shown(), floor.shown());
        stage.report().row(key + "-nginx", work, "nginx, %,d bytes inline".formatted(bytes),
            ours.rateTo(inline), Report.Aim.atLeast(aims.nginx()), ours.shown(), inline.shown());
    }
}
