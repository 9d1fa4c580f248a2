import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// `bench/run` behind its shell: starts everything, measures part after part, and writes the page.
final class Main {
    private static final double LOAD_MAX = 0.5;

    private Main() {}

    /// @param words Roster's folder, then what `bench/run` was given
    public static void main(String[] words) throws IOException {
        Options options;
        try {
            options = Options.of(List.of(words).subList(1, words.length).toArray(String[]::new));
        } catch (Options.Wrong e) {
            System.err.println("bench/run: " + e.getMessage());
            System.exit(2);
            return;
        }
        try {
            System.exit(run(Path.of(words[0]), options));
        } catch (Started.Failed e) {
            System.err.println("bench/run: " + e.getMessage());
            System.exit(1);
        }
    }

    /// @return 0 if everything that was asked for was measured, 1 if not; missed aims are no failure
    private static int run(Path home, Options options) throws IOException {
        var began = System.nanoTime();
        var load = Machine.load();
        var started = new Started(options.folder());
        var programs = Path.of(System.getenv("BENCH_POSTGRES"));
        var report = new Report();
        var head = head(home, started, programs, load);
        System.out.println(head);
        if (options.mode() == Options.Mode.PEERS) {
            var peers = new Peers(options, started, report, home, programs);
            var complete = peers.run();
            System.out.println(peers.tables());
            write(began, home, options, head, took -> report.page(took + peers.tables()));
            return complete ? 0 : 1;
        }

        var stage = Stage.set(options, started, report, home, programs);
        var complete = part(report, options, "import", "Import", () -> new ImportPart(stage).run());
        stage.settle();
        complete &= part(report, options, "reads", "GetUser and ListUsers", () -> new Reads(stage).run());
        complete &= part(report, options, "lists", "ListUsers, server time", () -> new Lists(stage).run());
        complete &= part(report, options, "filters", "Filters, server time", () -> new Filters(stage).run());
        complete &= part(report, options, "console", "The console", () -> new ConsolePart(stage).run());
        complete &= part(report, options, "outside", "On an outside PostgreSQL", () -> new Outside(stage).run());
        complete &= part(report, options, "writes", "Writes", () -> new Writes(stage).run());
        complete &= part(report, options, "scim", "SCIM", () -> new ScimPart(stage).run());
        complete &= part(report, options, "sessions", "Sessions", () -> new Sessions(stage).run());
        complete &= part(report, options, "signins", "Sign-ins", () -> new SignIns(stage).run());
        complete &= part(report, options, "idle", "Idle connections", () -> new Idle(stage).run());
        complete &= part(report, options, "start", "Start and memory", () -> new Starts(stage).run());
        var directory = options.mode() == Options.Mode.FULL ? jmh(stage, home) : "";
        System.out.printf("%n%d of %d aims missed%n", report.missed(), report.aims());
        write(began, home, options, head, took -> report.page(took, home.resolve("bench/explanations.md")) + directory);
        return complete ? 0 : 1;
    }

    private static void write(long began, Path home, Options options, String head, UnaryOperator<String> page)
        throws IOException {
        var minutes = (System.nanoTime() - began) / 60e9;
        System.out.printf("%.1f minutes%n", minutes);
        var out = options.out().orElse(options.mode() == Options.Mode.QUICK ? null
            : home.resolve("bench/results/%s%s.md".formatted(LocalDate.now(),
                options.mode() == Options.Mode.PEERS ? "-peers" : "")));
        if (out != null) {
            Files.writeString(out, page.apply(head + "* The run took %.1f minutes\n".formatted(minutes)));
            System.out.println("Written to " + out);
        }
    }

    private static boolean part(Report report, Options options, String name, String title, Runnable work) {
        if (!options.has(name)) {
            return true;
        }
        report.section(title);
        try {
            work.run();
            return true;
        } catch (Started.Failed e) { // the other parts may still tell something
            report.note("**Not measured to the end**: %s", e.getMessage());
            return false;
        } catch (RuntimeException e) {
            e.printStackTrace();
            report.note("**Not measured to the end**: %s", e);
            return false;
        }
    }

    private static String run(Started started, List<String> git, String... arguments) {
        return started.run(Map.of(), Stream.concat(git.stream(), Stream.of(arguments)).toArray(String[]::new)).strip();
    }

    private static String head(Path home, Started started, Path programs, double load) {
        var now = LocalDateTime.now().truncatedTo(ChronoUnit.MINUTES);
        var commit = "unknown";
        try {
            var git = List.of("git", "-C", home.toString(), "-c", "safe.directory=" + home);
            commit = run(started, git, "describe", "--always");
            // An earlier run wrote a page of its own.
            if (!run(started, git, "status", "--porcelain", "--", ":/", ":(top,exclude)bench/results").isEmpty()) {
                commit += "-dirty";
            }
        } catch (RuntimeException e) { // a release has no history, a machine maybe no git
            commit = "unknown (%s)".formatted(Started.tail(e.getMessage()).lines().findFirst().orElse(""));
        }
        return """
            # %s

            `%s`, Roster at commit %s, begun at %s. What is measured, and how, is in [bench/README.md](../README.md).

            """.formatted(now.toLocalDate(), System.getenv("BENCH_COMMAND"), commit, now.toLocalTime())
            + Machine.described(started.folder,
                started.run(Map.of(), programs.resolve("postgres").toString(), "--version").strip() + " outside",
                started.run(Map.of(), "sh", "-c", "nginx -v 2>&1").strip().replace("nginx version: ", ""), "wrk",
                "JAVA_OPTS: " + System.getenv().getOrDefault("JAVA_OPTS", "none"))
            + "* load of the machine before: %.2f%s\n".formatted(load,
                load > LOAD_MAX ? ". **It was busy with other things: take the figures with a grain of salt**" : "");
    }

    /// The directory's own operations, by `bench/jmh`.
    private static String jmh(Stage stage, Path home) {
        var script = home.resolve("bench/jmh");
        if (!Files.isExecutable(script)) {
            return "";
        }
        stage.close();
        System.out.println("\n== bench/jmh");
        try {
            var said = stage.started().run(Map.of(), script.toString());
            var table = said.indexOf("\nBenchmark ");
            return "\n## The directory's own operations (`bench/jmh`)\n\n```\n%s\n```\n"
                .formatted(table < 0 ? Started.tail(said) : said.substring(table).strip());
        } catch (Started.Failed e) {
            return "\n## The directory's own operations (`bench/jmh`)\n\nNot measured: %s\n".formatted(e.getMessage());
        }
    }

    static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Started.Failed("interrupted");
        }
    }
}
