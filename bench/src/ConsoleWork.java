import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/// Large things that are done from the console, against the same at the command line: many people disabled against as many
/// imported, with others who write meanwhile; and all people exported.
final class ConsoleWork {
    private static final int DISABLED = 100_000;
    private static final int BETWEEN_WRITES_MILLIS = 50;
    private static final int FLAT_MEBIBYTES = 64;

    private final Stage stage;
    private final Browser browser;

    ConsoleWork(Stage stage, Browser browser) {
        this.stage = stage;
        this.browser = browser;
    }

    void run() {
        export();
        job();
    }

    private double exported(long rows, Runnable export) {
        var began = System.nanoTime();
        export.run();
        return rows / ((System.nanoTime() - began) / 1e9);
    }

    private void export() {
        var all = stage.people();
        var file = stage.started().folder.resolve("export.csv");
        var ours = new ArrayList<Series.Load>();
        var theirs = new ArrayList<Series.Load>();
        var before = stage.roster().mebibytes("VmRSS");
        var most = new ArrayList<Long>(List.of(before));
        var over = new AtomicBoolean();
        var watch = Thread.startVirtualThread(() -> {
            while (!over.get()) {
                most.set(0, Math.max(most.getFirst(), stage.roster().mebibytes("VmRSS")));
                Main.pause(50);
            }
        });
        for (int round = 0; round < Math.min(3, stage.options().rounds()); round++) {
            ours.add(rate(exported(all, () -> {
                var lines = browser.lines("/console/people.csv");
                if (lines != all + 1) {
                    throw new Started.Failed("the file has %d lines for %d people".formatted(lines, all));
                }
            })));
            theirs.add(rate(exported(all, () -> stage.roster().command("export", "--org", stage.large().id(),
                file.toString()))));
            delete(file);
        }
        over.set(true);
        join(watch);
        stage.report().row("console-export", "export of %,d people".formatted(all), "./roster export",
            new Series(ours).rateTo(new Series(theirs)), Report.Aim.atLeast(0.5), rows(ours), rows(theirs));
        stage.report().row("console-export-memory", "what the server's memory grew by meanwhile", "",
            Series.Spread.of(List.of((double) (most.getFirst() - before))), Report.Aim.atMost(FLAT_MEBIBYTES, "MiB"),
            "from %d MiB".formatted(before), "");
    }

    private static Series.Load rate(double perSecond) {
        return new Series.Load(perSecond, Double.NaN, Double.NaN, 1);
    }

    private static String rows(List<Series.Load> loads) {
        return "%,.0f rows/s".formatted(
            Series.Spread.of(loads.stream().map(Series.Load::perSecond).toList()).median());
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Started.Failed("interrupted");
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void job() {
        var org = stage.roster().create("Jobs");
        var csv = csv();
        var imported = exported(DISABLED, () -> stage.roster().command("import", csv.toString(), "--org", org.id()));
        delete(csv);
        var maker = Browser.signedIn(stage.roster(), org, RosterServer.FOUNDER);
        var writer = stage.sql().run("SELECT id FROM users WHERE org_id = '%s' AND email = '%s'".formatted(org.id(),
            RosterServer.FOUNDER)).getFirst();
        var asked = asked(maker);
        var waits = Collections.synchronizedList(new ArrayList<Double>());
        var over = new AtomicBoolean();
        var others = Thread.startVirtualThread(() -> {
            while (!over.get()) {
                waits.add(write(org, writer, waits.size()));
                Main.pause(BETWEEN_WRITES_MILLIS);
            }
        });
        var began = System.nanoTime();
        var sent = maker.post("/console/bulk/new", asked);
        maker.mustLeadOn(sent);
        var stored = (System.nanoTime() - began) / 1e9;
        while (!stage.sql().run("SELECT count(*) FROM bulk_jobs WHERE org_id = '%s' AND ended_at IS NULL"
            .formatted(org.id())).equals(List.of("0"))) {
            Main.pause(100);
        }
        var seconds = (System.nanoTime() - began) / 1e9;
        over.set(true);
        join(others);
        var job = stage.sql().run("SELECT done, skipped, refused, state FROM bulk_jobs WHERE org_id = '%s'"
            .formatted(org.id()));
        if (!job.equals(List.of("%d|0|0|finished".formatted(DISABLED)))) {
            throw new Started.Failed("the job ended with " + job);
        }
        stage.report().row("console-job", "a job of %,d disables".formatted(DISABLED), "import",
            Series.Spread.of(List.of(DISABLED / seconds / imported)), Report.Aim.atLeast(0.5),
            "%,.0f rows/s, from the press of the button on; %.1f s of it until the answer".formatted(
                DISABLED / seconds, stored),
            "%,.0f rows/s".formatted(imported));
        var sorted = waits.stream().sorted().toList();
        stage.report().row("console-job-others", "other writes of the organisation meanwhile, the longest of %d"
            .formatted(sorted.size()), "", Series.Spread.of(List.of(sorted.getLast())),
            Report.Aim.atMost(250, "ms"), "p50 %s ms, p99 %s ms".formatted(
                Series.Spread.number(Series.Spread.of(sorted).median()),
                Series.Spread.number(ConsolePart.at99(sorted))), "");
        pages(maker, sent.headers().firstValue("Location").orElseThrow());
    }

    private static Path csv(Path file) {
        try (var out = Files.newBufferedWriter(file)) {
            out.write("email,name,title,roles,invite\n");
            for (int i = 0; i < DISABLED; i++) {
                out.write("mart%d@jobs.example,Mart %d,,,no\n".formatted(i, i));
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path csv() {
        return csv(stage.started().folder.resolve("jobs.csv"));
    }

    /// Selects all but the maker, and fills the page that asks.
    private static Map<String, String> asked(Browser maker) {
        var people = Browser.good(maker.get("/console/people?q=jobs.example"));
        var selected = maker.post("/console/bulk", Map.of("do", "disable", "sel", "all", "list",
            "/console/people?q=jobs.example", "csrf", Browser.csrf(people)));
        maker.mustLeadOn(selected);
        var page = Browser.good(maker.get(selected.headers().firstValue("Location").orElseThrow()));
        var count = Browser.hidden(page, "count");
        if (!count.equals("" + DISABLED)) {
            throw new Started.Failed("%s people are selected".formatted(count));
        }
        return Map.of("do", "disable", "selection", Browser.hidden(page, "selection"), "count", count, "once",
            Browser.hidden(page, "once"), "typed", count, "csrf", Browser.csrf(page));
    }

    /// @return milliseconds
    private double write(RosterServer.Org org, String user, int number) {
        var began = System.nanoTime();
        var answer = stage.roster().send(org, "PATCH", "/api/v2/users/" + user, """
            {"data": {"type": "users", "id": "%s", "attributes": {"title": "%d"}}}
            """.formatted(user, number));
        if (answer.status() / 100 != 2) {
            throw new Started.Failed("a write during the job: " + answer);
        }
        return (System.nanoTime() - began) / 1e6;
    }

    private void pages(Browser maker, String job) {
        for (var path : List.of(job, job + "?show=done", job + "?show=refused", "/console/bulk")) {
            ConsolePart.times(maker, path, 20);
            var times = ConsolePart.times(maker, path, 20);
            stage.report().note("`%s` of that job: p50 %s ms, p99 %s ms",
                path.replace(job, "/console/bulk/{job}"), Series.Spread.number(times.p50Millis()),
                Series.Spread.number(times.p99Millis()));
        }
    }
}
