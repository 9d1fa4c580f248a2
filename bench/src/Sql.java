import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// A database, by Debian's own psql and pgbench.
record Sql(Started started, Path programs, int port, String user, String password, String database) {
    private static final Pattern RATE = Pattern.compile("tps = ([0-9.]+)");
    private static final int PGBENCH_THREADS_MAX = 2;

    Sql on(String other) {
        return new Sql(started, programs, port, user, password, other);
    }

    String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:%d/%s?user=%s&password=%s".formatted(port, database, user, password);
    }

    /// Runs statements, each in a transaction of its own, and stops at the first that fails.
    ///
    /// @return the rows, a line each, columns divided by `|`
    List<String> run(String... statements) {
        var command = new ArrayList<>(List.of(programs.resolve("psql").toString(), "-X", "-q", "-A", "-t", "-v",
            "ON_ERROR_STOP=1"));
        for (var statement : statements) {
            command.add("-c");
            command.add(statement);
        }
        return started.run(environment(), command).lines().toList();
    }

    /// Runs one statement for each client again and again.
    ///
    /// @param variables as `name=value`
    Series.Load pgbench(Path script, int clients, int seconds, String... variables) {
        var log = started.log("pgbench").toString();
        var command = new ArrayList<>(List.of(programs.resolve("pgbench").toString(), "-n", "-M", "prepared", "-c",
            "" + clients, "-j", "" + Math.min(clients, PGBENCH_THREADS_MAX), "-T", "" + seconds, "-l",
            "--log-prefix=" + log, "-f", script.toString()));
        for (var variable : variables) {
            command.add("-D");
            command.add(variable);
        }
        var said = started.run(environment(), command);
        var micros = latencies(Path.of(log));
        return new Series.Load(Double.parseDouble(RosterServer.first(RATE, said)), at(micros, 0.5), at(micros, 0.99),
            micros.length);
    }

    /// In the log's lines the third word is how long a transaction took, in microseconds.
    private static long[] latencies(Path prefix) {
        try (var files = Files.newDirectoryStream(prefix.getParent(), prefix.getFileName() + ".*")) {
            var all = new ArrayList<Long>();
            for (var file : files) {
                for (var line : Files.readAllLines(file)) {
                    all.add(Long.parseLong(line.split(" ")[2]));
                }
                Files.delete(file);
            }
            return all.stream().mapToLong(Long::longValue).sorted().toArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double at(long[] micros, double part) {
        return micros.length == 0 ? Double.NaN : micros[(int) (part * (micros.length - 1))] / 1000.0;
    }

    private Map<String, String> environment() {
        return Map.of("PGHOST", "127.0.0.1", "PGPORT", "" + port, "PGUSER", user, "PGPASSWORD", password, "PGDATABASE",
            database, "PGCLIENTENCODING", "UTF8");
    }
}
