package roster.promise;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import roster.promise.PlainClient.Sample;
import roster.support.Await;
import roster.support.Inviting;
import roster.support.ServerProcess;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// `bench/attacks`: one organisation sends its normal requests while the server is attacked, in one way after the other. How
/// long do its requests take, is any of them refused, and does the server live?
///
/// The server is a process of its own with 512 MB. The attackers are another, see [Attacker]. The organisations are made here,
/// as by another node on the same database.
public final class AttacksBench {
    private static final int USERS = 1200;
    private static final int USERS_OF_A_WRITE = 100;
    private static final double WARM_UP_SECONDS = 10;

    /// An attack beyond that is measured once more, and both rows are in the table: the first time, code that never ran before is
    /// compiled beside it.
    private static final double RATIO_MAX = 3;
    private static final String NO_LIMIT = "off";
    private static final String NO_ATTACK = "none";
    private static final String NOTHING = "–";

    /// What is open and in memory while only this process asks, at most.
    private static final int FEW_CONNECTIONS = 20;
    private static final int FEW_BYTES = 1 << 20;

    private static final Pattern CONNECTIONS = Pattern.compile("(?m)^roster_http_connections ([0-9.E]+)");
    private static final Pattern BYTES = Pattern.compile("(?m)^roster_http_bytes ([0-9.E]+)");
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Duration METRICS_TIME = Duration.ofSeconds(10);

    private final ServerProcess server;
    private final double seconds;
    private final byte[] list;
    private final byte[] page;
    private final byte[] health;
    private final List<Attack> attacks;

    /// The 99th percentile of lists without an attack.
    private double idle;

    /// That of the last row, as a multiple of the former.
    private double ratio = 1;
    private int refused;

    private AttacksBench(TestRoster roster, ServerProcess server, double seconds) {
        this.server = server;
        this.seconds = seconds;
        var quiet = orgOfMany(roster, "quiet").founder();
        var keys = Map.of("DD-API-KEY", quiet.apiKey(), "DD-APPLICATION-KEY", quiet.applicationKey());
        list = PlainClient.request("GET", "/api/v2/users?page%5Bsize%5D=10", null, keys);
        page = PlainClient.request("GET", "/api/v2/users?page%5Bsize%5D=1000", null, keys);
        health = PlainClient.request("GET", "/health/live", null, Map.of());
        var attacker = orgOfMany(roster, "attacker");
        attacks = Attack.all(new Attack.Means(attacker.founder(), attacker.newUser("plain@attacker.test"),
            Inviting.link(attacker, Inviting.newInvitation(attacker))));
    }

    private static TestOrg orgOfMany(TestRoster roster, String name) {
        var org = roster.newOrg(name);
        for (int i = 0; i < USERS; i += USERS_OF_A_WRITE) {
            var from = i;
            org.write(tx -> {
                for (int k = from; k < from + USERS_OF_A_WRITE; k++) {
                    roster.program().user.newUsers.create(tx, "someone%d@%s.test".formatted(k, name),
                        Optional.empty(), Optional.empty(), List.of());
                }
                return true;
            });
        }
        return org;
    }

    /// @param args `--seconds N` for each attack (12), `--rate-limit R` of the server (off), `--only EXPRESSION` that is found in
    ///     the name of an attack
    public static void main(String[] args) throws Exception {
        var options = NeighboursBench.options(args); // the same ones
        var seconds = Double.parseDouble(options.getOrDefault("--seconds", "12"));
        var only = Pattern.compile(options.getOrDefault("--only", ""));
        var limit = options.getOrDefault("--rate-limit", NO_LIMIT);
        var roster = TestRoster.with(Map.of("ROSTER_RATE_LIMIT", NO_LIMIT));
        roster.beforeAll(null);
        var server = ServerProcess.startToMeasure(
            Files.createTempDirectory(Path.of("target", "test-data").toAbsolutePath(), "attacks"),
            Map.of("ROSTER_DATABASE_URL", roster.databaseUrl(), "ROSTER_SECRET_KEY", TestRoster.SECRET_KEY,
                "ROSTER_RATE_LIMIT", limit, "JAVA_TOOL_OPTIONS", "-Xmx512m"));
        var good = false;
        try {
            System.out.printf(Locale.ROOT, "%.0f s for each attack, %d processors, rate limit: %s%n%n", seconds,
                Runtime.getRuntime().availableProcessors(), limit);
            var bench = new AttacksBench(roster, server, seconds);
            good = bench.run(only) & bench.report();
        } finally {
            server.end();
            roster.afterAll(null);
        }
        System.exit(good ? 0 : 1);
    }

    /// @return whether the server lived, and came to rest after each attack
    private boolean run(Pattern only) throws IOException, InterruptedException {
        beside(Math.max(seconds, WARM_UP_SECONDS));
        System.out
            .println("| attack | lists p50 | p99 | of idle | pages of 1,000 p99 | refused | health: failed, slowest "
                + "| attackers: open, 2xx, 4xx, 503, reset | memory |");
        System.out.println("|---|---|---|---|---|---|---|---|---|");
        var still = beside(seconds);
        idle = still.lists().at(0.99);
        print(NO_ATTACK, still, NOTHING);
        var nets = 0;
        for (var attack : attacks.stream().filter(each -> only.matcher(each.name()).find()).toList()) {
            if (!withstands(attack, ++nets) || ratio > RATIO_MAX && !withstands(attack, ++nets)) {
                return false;
            }
        }
        print(NO_ATTACK + ", at the end", beside(seconds), NOTHING);
        return true;
    }

    /// @param net number of the network that the attackers' addresses are of
    private boolean withstands(Attack attack, int net) throws IOException, InterruptedException {
        try (var underWay = attack.start(server.address(), "127.0.%d.".formatted(net))) {
            var beside = beside(seconds);
            print(attack.name(), beside, told(underWay.end()));
        }
        return isAtRest();
    }

    private static String told(Attack.Heard heard) {
        var others = heard.count(100, 199) + heard.count(300, 399) + heard.count(500, 599) - heard.count(503, 503);
        return String.format(Locale.ROOT, "%,d, %,d, %,d, %,d, %,d%s", heard.open(), heard.count(200, 299),
            heard.count(400, 499), heard.count(503, 503), heard.count(0, 0),
            others == 0 ? "" : " and %,d others".formatted(others));
    }

    /// Prints a row of the table.
    private void print(String name, Beside beside, String attackers) {
        var lists = beside.lists();
        ratio = lists.at(0.99) / idle;
        refused += lists.failed() + beside.pages().failed();
        System.out.printf(Locale.ROOT, "| %s | %.2f ms | %.2f ms | %.1f | %.0f ms | %s | %s, %.0f ms | %s | %s |%n",
            name,
            lists.at(0.50), lists.at(0.99), ratio, beside.pages().at(0.99),
            withReset(lists.failed() + beside.pages().failed(), lists.reset() + beside.pages().reset()),
            withReset(beside.health().failed(), beside.health().reset()), beside.health().at(1), attackers,
            beside.memory());
    }

    private static String withReset(int failed, int reset) {
        return reset == 0 ? Integer.toString(failed) : "%d (%d reset)".formatted(failed, reset);
    }

    /// What came of the normal traffic while an attack went on.
    private record Beside(Asked lists, Asked pages, Asked health, String memory) {}

    /// What came of one kind of request.
    ///
    /// @param reset how often a connection broke
    private record Asked(List<Sample> samples, int reset) {
        int failed() {
            return (int) samples.stream().filter(sample -> sample.status() / 100 != 2).count();
        }

        /// The time in milliseconds that so many took at most.
        double at(double share) {
            var sorted = samples.stream().mapToDouble(Sample::millis).sorted().toArray();
            return sorted[(int) Math.ceil(share * sorted.length) - 1];
        }
    }

    private Beside beside(double time) throws IOException, InterruptedException {
        var end = System.nanoTime() + (long) (time * 1e9);
        try (var threads = Executors.newFixedThreadPool(3)) {
            var lists = threads.submit(() -> ask(list, 2, true, end));
            var pages = threads.submit(() -> ask(page, 200, true, end));
            var alive = threads.submit(() -> ask(health, 100, false, end));
            return new Beside(lists.get(), pages.get(), alive.get(), memory());
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /// One request after the other.
    ///
    /// @param kept whether on one connection. If that breaks, a request is sent again on a new one, once
    private Asked ask(byte[] request, int pauseMillis, boolean kept, long end) throws InterruptedException {
        var samples = new ArrayList<Sample>();
        var reset = 0;
        try (var client = new PlainClient(server.address())) {
            do {
                var sample = kept ? client.send(request) : onNewConnection(request);
                if (sample.status() == 0) {
                    reset++;
                    if (kept) {
                        var again = client.send(request);
                        sample = new Sample(again.status(), sample.millis() + again.millis());
                    }
                }
                samples.add(sample);
                Thread.sleep(pauseMillis);
            } while (System.nanoTime() < end);
        }
        return new Asked(samples, reset);
    }

    private Sample onNewConnection(byte[] request) {
        try (var client = new PlainClient(server.address())) {
            return client.send(request);
        }
    }

    private String memory() throws IOException {
        return server.isAlive() ? "%d MB".formatted(server.memory() >> 20) : "the server has ended";
    }

    /// Waits until the server has dropped what the attackers left, so that one attack does not spoil the next.
    private boolean isAtRest() throws IOException, InterruptedException {
        var end = System.nanoTime() + Await.PATIENCE.toNanos();
        while (server.isAlive()) {
            var metrics = metrics();
            if (first(CONNECTIONS, metrics) <= FEW_CONNECTIONS && first(BYTES, metrics) <= FEW_BYTES) {
                return true;
            }
            if (System.nanoTime() > end) {
                System.out.printf(Locale.ROOT,
                    "%nafter %d s the server still has %.0f connections, and %.0f bytes of them%n",
                    Await.PATIENCE.toSeconds(), first(CONNECTIONS, metrics), first(BYTES, metrics));
                return false;
            }
            Thread.sleep(100);
        }
        return false;
    }

    /// Empty if there is no answer.
    private String metrics() throws InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(server.address() + "/metrics")).timeout(METRICS_TIME).build();
        try {
            return CLIENT.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            return "";
        }
    }

    private static double first(Pattern gauge, String metrics) {
        var found = gauge.matcher(metrics);
        return found.find() ? Double.parseDouble(found.group(1)) : Double.NaN;
    }

    /// Prints what the log holds of failures.
    ///
    /// @return whether nothing was refused, and memory sufficed
    private boolean report() throws IOException {
        var exhausted = 0;
        var errors = 0;
        try (var lines = Files.newBufferedReader(server.log(), StandardCharsets.UTF_8)) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                exhausted += line.contains("OutOfMemoryError") ? 1 : 0;
                errors += line.contains("\"level\":\"ERROR\"") ? 1 : 0;
            }
        }
        System.out.printf(Locale.ROOT, "%nthe server %s; refused requests of the quiet organisation: %d; "
            + "lines of its log with OutOfMemoryError: %d, of level ERROR: %d%n",
            server.isAlive() ? "lives" : "has ended",
            refused, exhausted, errors);
        if (exhausted + errors > 0) {
            System.out.println("its log: " + server.log());
        }
        return server.isAlive() && refused == 0 && exhausted == 0;
    }
}
