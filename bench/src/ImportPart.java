import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// `roster import` of a CSV file, against COPY of the rows that it made into the same tables, of a database beside it on
/// the same server. Slice by slice, so that both meet tables of the same size. It leaves the large organisation behind.
final class ImportPart {
    private static final List<String> TABLES = List.of("users", "role_members", "audit_entries");
    private static final Pattern PERSON = Pattern.compile("(.*?)[0-9]+@people\\.example,(.*)");

    private final Stage stage;
    private final String org;

    ImportPart(Stage stage) {
        this.stage = stage;
        this.org = stage.large().id();
    }

    void run() {
        var slices = Math.max(2, stage.options().rounds());
        stage.roster().command("seed", "--users", "" + Stage.SEEDED, "--org", org);
        var people = stage.roster().command("export", "--org", org).lines().map(PERSON::matcher)
            .filter(Matcher::matches).toList();
        copy("orgs", "id = '%s'".formatted(org));
        copy("roles", "org_id = '%s'".formatted(org));

        var rows = (stage.options().users() - Stage.SEEDED) / slices;
        var most = new long[1];
        var version = new long[1];
        var slice = new int[1];
        // COPY takes what the import has made, so it is always second.
        var imports = new Series(new ArrayList<>());
        var copies = new Series(new ArrayList<>());
        for (slice[0] = 0; slice[0] < slices; slice[0]++) {
            version[0] = version();
            imports.loads().add(load(rows, imported(csv(people, slice[0], rows), most)));
            copies.loads().add(load(rows, copied(version[0])));
        }
        stage.report().row("import", "import of %,d rows in %d slices".formatted(rows * slices, slices), "COPY",
            imports.rateTo(copies), Report.Aim.atLeast(0.5), rate(imports), rate(copies));
        stage.report().note("the import's own process took at most %d MiB of memory, the server beside it %d MiB",
            most[0], stage.roster().mebibytes("VmHWM"));
        var there = stage.people();
        if (there != 1 + Stage.SEEDED + rows * slices) {
            throw new Started.Failed("after the import there are %d people".formatted(there));
        }
    }

    private static Series.Load load(int rows, double seconds) {
        return new Series.Load(rows / seconds, seconds * 1000, seconds * 1000, rows);
    }

    private static String rate(Series series) {
        return "%,.0f rows/s".formatted(
            Series.Spread.of(series.loads().stream().map(Series.Load::perSecond).toList()).median());
    }

    private long version() {
        return Long.parseLong(stage.sql().run("SELECT version FROM orgs WHERE id = '%s'".formatted(org)).getFirst());
    }

    /// The seeded people again and again, with other numbers in their addresses.
    private Path csv(List<Matcher> people, int slice, int rows) {
        var first = Stage.SEEDED + slice * rows;
        var file = stage.started().folder.resolve("slice-%d.csv".formatted(slice));
        try (var out = Files.newBufferedWriter(file)) {
            out.write("email,name,title,roles,invite\n");
            for (int number : (Iterable<Integer>) IntStream.range(first, first + rows)::iterator) {
                var person = people.get(number % people.size());
                out.write("%s%d@people.example,%s\n".formatted(person.group(1), number, person.group(2)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    /// @return seconds
    private double imported(Path csv, long[] most) {
        var log = stage.started().log("import");
        var began = System.nanoTime();
        var process = stage.roster().startCommand(log, "import", csv.toString(), "--org", org);
        var end = process.onExit();
        while (process.isAlive()) {
            try {
                most[0] = Math.max(most[0], RosterServer.mebibytes(process.pid(), "VmHWM"));
            } catch (UncheckedIOException | Started.Failed e) {
                break; // it has ended meanwhile
            }
            if (end.isDone()) {
                break;
            }
            Main.pause(20);
        }
        var exit = end.join().exitValue();
        var seconds = (System.nanoTime() - began) / 1e9;
        stage.started().stop(process);
        try {
            if (exit != 0) {
                throw new Started.Failed("the import ended with %d:\n%s".formatted(exit,
                    Started.tail(Files.readString(log))));
            }
            Files.delete(csv);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return seconds;
    }

    /// @return seconds
    private double copied(long version) {
        var where = "org_id = '%s' AND version > %d".formatted(org, version);
        var files = TABLES.stream().map(table -> out(table, where)).toList();
        var began = System.nanoTime();
        stage.floor().run(IntStream.range(0, TABLES.size()).mapToObj(i -> from(TABLES.get(i), files.get(i)))
            .toArray(String[]::new));
        var seconds = (System.nanoTime() - began) / 1e9;
        files.forEach(ImportPart::delete);
        return seconds;
    }

    private void copy(String table, String where) {
        var file = out(table, where);
        stage.floor().run(from(table, file));
        delete(file);
    }

    private Path out(String table, String where) {
        var file = stage.started().folder.resolve(table + ".copy");
        stage.sql().run("\\copy (SELECT * FROM %s WHERE %s) TO '%s'".formatted(table, where, file));
        return file;
    }

    private static String from(String table, Path file) {
        return "\\copy %s FROM '%s'".formatted(table, file);
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
