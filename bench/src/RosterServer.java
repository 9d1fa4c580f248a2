import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// A Roster as its launcher starts it.
final class RosterServer {
    /// An organisation and the keys of its founder.
    record Org(String id, String apiKey, String applicationKey) {
        List<String> headers() {
            return List.of("DD-API-KEY", apiKey, "DD-APPLICATION-KEY", applicationKey);
        }
    }

    /// @param serverMillis of the `Server-Timing` header
    record Answer(int status, String body, double serverMillis) {}

    /// Sorts behind all seeded people, by address as by name.
    static final String FOUNDER = "zz@bench.example";

    private static final String API_KEY = "b".repeat(32);
    private static final String APPLICATION_KEY = "b".repeat(40);
    private static final Pattern ADDRESS = Pattern.compile("listens on (http://\\S+)");
    private static final Pattern READY = Pattern.compile("Ready in [0-9.]+ s");
    private static final Pattern TIMING = Pattern.compile("dur=([0-9.]+)");
    private static final String TIME = "yyyy-MM-dd HH:mm:ss.SSS";
    private static final int START_SECONDS_MAX = 60;

    private final Started started;
    private final String launcher;
    private final Map<String, String> environment = new HashMap<>();
    private Process process;
    private String address;

    /// @param database a JDBC URL; empty: the embedded one
    RosterServer(Started started, Path home, String name, String database) {
        this.started = started;
        this.launcher = home.resolve("roster").toString();
        environment.putAll(Map.of(
            "ROSTER_PORT", "0",
            "ROSTER_DATA", started.folder.resolve(name).toString(),
            "ROSTER_BENCH", "on",
            "ROSTER_RATE_LIMIT", "off",
            "ROSTER_BOOTSTRAP_ORG", "Large",
            "ROSTER_BOOTSTRAP_EMAIL", FOUNDER,
            "ROSTER_BOOTSTRAP_API_KEY", API_KEY,
            "ROSTER_BOOTSTRAP_APP_KEY", APPLICATION_KEY));
        environment.put("ROSTER_LOG", "json");
        environment.put("ROSTER_TRUSTED_PROXIES", "127.0.0.1"); // who says where browsers are
        environment.put("ROSTER_PASSWORD_THREADS", "1");
        if (!database.isEmpty()) {
            environment.put("ROSTER_DATABASE_URL", database);
            environment.put("ROSTER_SECRET_KEY", "YmVuY2hiZW5jaGJlbmNoYmVuY2hiZW5jaGJlbmNoYmU=");
        }
    }

    /// Gives the server, and its commands, more options for Java.
    RosterServer with(String javaOptions) {
        environment.put("JAVA_OPTS", System.getenv().getOrDefault("JAVA_OPTS", "") + " " + javaOptions);
        return this;
    }

    /// Starts it and waits until it says that it is ready.
    ///
    /// @return seconds from the start of the launcher to that word, found in steps of 5 ms
    double start() {
        var log = started.log("roster");
        var began = System.nanoTime();
        process = started.start("TERM", environment, log, List.of(launcher, "serve"));
        while (true) {
            var said = read(log);
            if (READY.matcher(said).find()) {
                var seconds = (System.nanoTime() - began) / 1e9;
                address = first(ADDRESS, said);
                if (!said.contains("ROSTER_BENCH")) {
                    throw new Started.Failed("this Roster has no ROSTER_BENCH");
                }
                return seconds;
            }
            if (!process.isAlive() || System.nanoTime() - began > START_SECONDS_MAX * 1e9) {
                throw new Started.Failed("Roster did not start:\n" + Started.tail(said));
            }
            Main.pause(5);
        }
    }

    /// How long the embedded PostgreSQL took for its part of the last start, by its own log.
    double postgresSeconds() {
        var lines = read(Path.of(environment.get("ROSTER_DATA"), "postgresql.log")).lines().toList();
        return Duration.between(last(lines, "starting PostgreSQL"), last(lines, "ready to accept connections"))
            .toMillis() / 1000.0;
    }

    private static LocalDateTime last(List<String> lines, String word) {
        return lines.stream().filter(line -> line.contains(word)).reduce((before, after) -> after)
            .map(line -> LocalDateTime.parse(line.substring(0, TIME.length()), DateTimeFormatter.ofPattern(TIME)))
            .orElseThrow(() -> new Started.Failed("postgresql.log does not say '%s'".formatted(word)));
    }

    void stop() {
        started.stop(process);
    }

    String address() {
        return address;
    }

    /// The command line beside the server.
    String command(String... words) {
        var command = new ArrayList<String>();
        command.add(launcher);
        command.addAll(List.of(words));
        return started.run(environment, command);
    }

    Process startCommand(Path log, String... words) {
        var command = new ArrayList<String>();
        command.add(launcher);
        command.addAll(List.of(words));
        return started.start("TERM", environment, log, command);
    }

    /// The organisation of the first start.
    Org large() {
        return named(new Org(first(Pattern.compile("\"id\":\"([^\"]+)\""), command("org", "list", "--json")), API_KEY,
            APPLICATION_KEY));
    }

    Org create(String name) {
        var said = command("org", "create", name, "--admin-email", FOUNDER, "--json");
        return named(new Org(first(Pattern.compile("\"id\":\"([^\"]+)\""), said),
            first(Pattern.compile("\"api_key\":\"([^\"]+)\""), said),
            first(Pattern.compile("\"application_key\":\"([^\"]+)\""), said)));
    }

    /// Gives the founder, the only one there yet, a name behind all others: he alone has the Admin role with its many
    /// permissions, which would make the page he is on unlike others.
    private Org named(Org org) {
        var id = first(Pattern.compile("\"type\":\"users\",\"id\":\"([^\"]+)\""), get(org, "/api/v2/users").body());
        var answer = send(org, "PATCH", "/api/v2/users/" + id, """
            {"data": {"type": "users", "id": "%s", "attributes": {"name": "\uD83C\uDFC1 Founder"}}}
            """.formatted(id));
        if (answer.status() / 100 != 2) {
            throw new Started.Failed("the founder cannot be named: " + answer);
        }
        return org;
    }

    /// @throws Started.Failed if it is not answered with 200
    Answer get(Org org, String path) {
        var answer = send(org, "GET", path, "");
        if (answer.status() != 200) {
            throw new Started.Failed("GET %s: %d %s".formatted(path, answer.status(), Started.tail(answer.body())));
        }
        return answer;
    }

    Answer send(Org org, String method, String path, String body) {
        var answer = Http.send(method, address + path, org.headers(), "application/json", body);
        return new Answer(answer.statusCode(), answer.body(), answer.headers().firstValue("Server-Timing")
            .map(RosterServer::millis).orElse(Double.NaN));
    }

    /// @param timing as the `Server-Timing` header has it
    static double millis(String timing) {
        return Double.parseDouble(first(TIMING, timing));
    }

    long pid() {
        return process.pid();
    }

    /// Memory of the process without PostgreSQL's, in MiB.
    ///
    /// @param field `VmRSS` now, `VmHWM` the most so far
    long mebibytes(String field) {
        return mebibytes(process.pid(), field);
    }

    static long mebibytes(long pid, String field) {
        return Long.parseLong(first(Pattern.compile(field + ":\\s+([0-9]+) kB"),
            read(Path.of("/proc/%d/status".formatted(pid))))) / 1024;
    }

    /// The embedded database of this server, seen from outside.
    Sql sql(Path programs) {
        var data = Path.of(environment.get("ROSTER_DATA"));
        var port = read(data.resolve("postgresql/postmaster.pid")).lines().skip(3).findFirst().orElseThrow().strip();
        return new Sql(started, programs, Integer.parseInt(port), "roster",
            read(data.resolve("postgres-password")).strip(), "postgres");
    }

    static String first(Pattern pattern, String text) {
        var found = pattern.matcher(text);
        if (!found.find()) {
            throw new Started.Failed("'%s' is not in: %s".formatted(pattern, Started.tail(text)));
        }
        return found.group(1);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
