package roster.promise;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import roster.promise.PlainClient.Sample;
import roster.support.Recipe;
import roster.support.ServerProcess;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// `bench/neighbours`: one organisation sends as much as it can, to every route in turn; another sends its usual requests,
/// one after the other. How much longer do these take than without the noise, and do all of them succeed?
///
/// The server is a process of its own with 512 MB; the requests are made here, by the recipes of the tests, as another node on
/// the same database.
public final class NeighboursBench {
    private static final int NOISY_CONNECTIONS = 32;

    /// Valid requests for each route that changes something. They are sent again and again, as a broken client would do.
    private static final int CALLS = 30;
    private static final int INVITATIONS = 20_000;
    private static final double RATIO_MAX = 3;

    /// How often a route beyond that is measured again; each time is in the table, and the last one counts. Where the first time
    /// is the first use of much code, as that of passwords is, compiling it takes a processor for seconds, once.
    private static final int AGAIN = 2;
    private static final String SEARCH = "/api/v2/audit/events/search";

    /// A sample below this many milliseconds is no delay, whatever it is compared with.
    private static final double NOTICEABLE_MILLIS = 1;

    private final TestRoster roster;
    private final String server;
    private final String beside;
    private final Path folder;
    private final double seconds;
    private final TestUser quiet;

    /// Each noise comes from an address of its own, as limits of addresses would else pass from one to the next.
    private String address = "10.0.0.1";
    private int noises;
    private final List<byte[]> usual;

    private NeighboursBench(TestRoster roster, String server, String beside, Path folder, double seconds) {
        this.roster = roster;
        this.server = server;
        this.beside = beside;
        this.folder = folder;
        this.seconds = seconds;
        var org = roster.newOrg("quiet");
        quiet = org.founder();
        for (int i = 0; i < 50; i++) {
            org.newPending("someone%d@quiet.test".formatted(i));
        }
        usual = Stream
            .of(call("GET", "/api/v2/users?page%5Bsize%5D=50", null), call("GET", "/api/v2/users/" + quiet.id(), null),
                call("PATCH", "/api/v2/users/" + quiet.id(), """
                {"data":{"type":"users","id":"%s","attributes":{"title":"Quiet"}}}""".formatted(quiet.id())),
                call("GET", "/api/v2/roles", null), call("GET", "/api/v2/roster/invitations?filter=x", null),
                call("POST", SEARCH, """
                {"filter":{"query":"@asset.type:user"}}"""))
            .toList();
    }

    private byte[] call(String method, String path, String body) {
        return PlainClient.request(method, path, body, headers(quiet, Map.of()));
    }

    private Map<String, String> headers(TestUser user, Map<String, String> more) {
        var all = new HashMap<>(
            Map.of("X-Forwarded-For", address, "DD-API-KEY", user.apiKey(), "DD-APPLICATION-KEY", user.applicationKey(),
                "Content-Type", "application/json", "Accept", "application/json"));
        all.putAll(more);
        return all;
    }

    /// @param args `--seconds N` for each route (2), `--rate-limit R` of the server (as shipped), `--only EXPRESSION`
    ///     that is found in the name of a route
    public static void main(String[] args) throws Exception {
        var options = options(args);
        var roster = TestRoster.with(Map.of("ROSTER_RATE_LIMIT", "off"));
        roster.beforeAll(null);
        var folder = Files.createTempDirectory(Path.of("target", "test-data").toAbsolutePath(), "neighbours");
        var settings = new HashMap<>(Map.of("ROSTER_DATABASE_URL", roster.databaseUrl(), "ROSTER_SECRET_KEY",
            TestRoster.SECRET_KEY, "ROSTER_TRUSTED_PROXIES", "127.0.0.0/8", "JAVA_TOOL_OPTIONS", "-Xmx512m"));
        settings.put("ROSTER_RATE_LIMIT", options.getOrDefault("--rate-limit", "")); // as shipped
        var server = ServerProcess.startToMeasure(folder, settings);
        var good = false;
        var beside = ServerProcess.startToMeasure(Files.createTempDirectory(folder.getParent(), "beside"),
            Map.of("JAVA_TOOL_OPTIONS", "-Xmx512m"));
        try {
            good = new NeighboursBench(roster, server.address(), beside.address(), folder,
                Double.parseDouble(options.getOrDefault("--seconds", "2"))).run(options.getOrDefault("--only", ""));
        } finally {
            beside.end();
            server.end();
            roster.afterAll(null);
        }
        System.exit(good ? 0 : 1);
    }

    static Map<String, String> options(String... args) {
        var options = new HashMap<String, String>();
        for (int i = 0; i + 1 < args.length; i += 2) {
            if (!List.of("--seconds", "--rate-limit", "--only").contains(args[i])) {
                throw new IllegalArgumentException("unknown option " + args[i]);
            }
            options.put(args[i], args[i + 1]);
        }
        if (args.length % 2 != 0) {
            throw new IllegalArgumentException("%s needs a value".formatted(args[args.length - 1]));
        }
        return options;
    }

    /// What one organisation sends.
    ///
    /// @param server that it is sent to
    private record Noise(String route, String server, List<byte[]> requests) {
        private Noise again() {
            return new Noise(route + ", again", server, requests);
        }
    }

    private boolean run(String only) throws IOException, InterruptedException {
        quiet(5 * seconds); // warms up
        var idle = new ArrayList<>(quiet(5 * seconds));
        var millis = millis(idle);
        System.out.printf(Locale.ROOT, "idle: %d requests, p50 %.2f ms, p99 %.2f ms%n%n", millis.length,
            at(millis, 0.50),
            at(millis, 0.99));
        System.out.println("| route | noisy/s | 2xx | quiet p50 | quiet p99 | of idle | failed |");
        System.out.println("|---|---|---|---|---|---|---|");
        for (var path : OF_ANOTHER) {
            measure(new Noise("another server: " + path, beside,
                List.of(PlainClient.request("GET", path, null, ServerProcess.KEYS))), at(millis, 0.99));
        }
        var worst = 0.0;
        var over = 0;
        var failed = 0;
        var wanted = Pattern.compile(only);
        for (var name : names()) {
            if (wanted.matcher(name).find()) {
                var measured = measure(noise(name), at(millis, 0.99));
                for (int i = 0; i < AGAIN && measured.ratio() > RATIO_MAX; i++) {
                    measured = measure(noise(name).again(), at(millis, 0.99));
                }
                worst = Math.max(worst, measured.ratio());
                over += measured.ratio() > RATIO_MAX ? 1 : 0;
                failed += measured.failed();
            }
        }
        System.out.printf(Locale.ROOT,
            "%nworst: %.1f times idle; %d routes beyond %.0f; failed requests of the quiet one: %d%n",
            worst, over, RATIO_MAX, failed);
        return failed == 0;
    }

    private record Measured(double ratio, int failed) {}

    private Measured measure(Noise noise, double idle) throws IOException, InterruptedException {
        List<Sample> samples;
        NoiseMaker.Heard heard;
        try (var noisy = NoiseMaker.start(folder, noise.server(), NOISY_CONNECTIONS, noise.requests(),
            (int) Math.ceil(seconds) + 1)) {
            samples = quiet(seconds);
            heard = noisy.heard();
        }
        var millis = millis(samples);
        var failed = (int) samples.stream().filter(sample -> sample.status() / 100 != 2).count();
        var p99 = at(millis, 0.99);
        var ratio = p99 < NOTICEABLE_MILLIS ? 1 : p99 / idle;
        System.out.printf(Locale.ROOT, "| `%s` | %.0f | %.0f %% | %.2f ms | %.2f ms | %.1f | %d |%n", noise.route(),
            heard.perSecond(), 100 * heard.good(), at(millis, 0.50), p99, ratio, failed);
        return new Measured(ratio, failed);
    }

    /// The usual requests, one after the other with small pauses.
    private List<Sample> quiet(double time) throws IOException, InterruptedException {
        var samples = new ArrayList<Sample>();
        try (var client = new PlainClient(server)) {
            var end = System.nanoTime() + (long) (time * 1e9);
            for (int i = 0; System.nanoTime() < end; i++) {
                samples.add(client.send(usual.get(i % usual.size())));
                Thread.sleep(2);
            }
        }
        return samples;
    }

    private static double[] millis(List<Sample> samples) {
        return samples.stream().mapToDouble(Sample::millis).sorted().toArray();
    }

    private static double at(double[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1L, Math.round(Math.ceil(share * sorted.length)) - 1)];
    }

    /// What the machine alone does to the quiet one: noise that another server on it answers.
    private static final List<String> OF_ANOTHER =
        List.of("/health/live", "/api/v2/users", "/api/v2/application_keys", "/api/v2/permissions");

    /// Every route of the table, then what costs most.
    private List<String> names() {
        return Stream
            .concat(roster.node().routes.all().stream().filter(route -> !route.template().startsWith("/mailbox"))
                .map(Recipes::name), DEAR.stream())
            .toList();
    }

    private static final List<String> DEAR =
        List.of("audit search of 30 words", "lists of 20,000 invitations, filtered",
            "a cold directory of an organisation of its own for each connection", "unknown keys");

    private Noise noise(String name) {
        address = "10.1.0." + ++noises;
        var org = roster.newOrg("acme");
        return new Noise(name, server, switch (DEAR.indexOf(name)) {
            case 0 -> List.of(PlainClient.request("POST", SEARCH,
                """
                {"filter":{"query":"%s","from":"now-1d"}}"""
                    .formatted(String.join(" OR ", Collections.nCopies(30, "zz"))),
                headers(busy(org).founder(), Map.of())));
            case 1 -> {
                var founder = busy(org).founder();
                yield Stream.of("filter=zz", "filter%5Bstate%5D=used", "sort=email&page%5Bnumber%5D=9999", "filter=%40")
                    .map(query -> PlainClient.request("GET", "/api/v2/roster/invitations?" + query, null,
                        headers(founder, Map.of())))
                    .toList();
            }
            case 2 -> Stream.generate(() -> roster.newOrg("cold").founder()).limit(CALLS)
                .map(founder -> PlainClient.request("GET", "/api/v2/users", null, headers(founder, Map.of()))).toList();
            case 3 ->
                Stream.generate(UUID::randomUUID).limit(CALLS).map(key -> PlainClient.request("GET", "/api/v2/users",
                    null, Map.of("X-Forwarded-For", address, "DD-API-KEY", key.toString(), "DD-APPLICATION-KEY",
                        key.toString())))
                    .toList();
            default -> requests(name, org);
        });
    }

    private List<byte[]> requests(String name, TestOrg org) {
        var route = roster.node().routes.all().stream().filter(each -> Recipes.name(each).equals(name)).findFirst()
            .orElseThrow();
        var founder = org.founder();
        var requests = new ArrayList<byte[]>();
        for (int i = 0; i < (Recipes.changes(route) ? CALLS : 1); i++) {
            Recipe.Call call;
            try {
                call = Recipes.call(route, org);
            } catch (RuntimeException | AssertionError e) { // a second one cannot be prepared in the same organisation
                if (requests.isEmpty()) {
                    call = new Recipe.Call(route.template().replaceAll("\\{[a-z_]+}", UUID.randomUUID().toString()));
                } else {
                    break;
                }
            }
            requests
                .add(PlainClient.request(route.method(), call.path(), call.body(), headers(founder, call.headers())));
        }
        return requests;
    }

    /// With many invitations, and a trail as long.
    private TestOrg busy(TestOrg org) {
        var user = org.newPending("invited@acme.test").id().value();
        roster.sql("""
            INSERT INTO invitations (org_id, id, user_id, email, invite_type, generation, created_at, expires_at, version)
            SELECT ?, gen_random_uuid(), ?, 'invited@acme.test', 'basic_reminder', 1, now() - n * interval '1 second',
                   now() + interval '1 day', 1
              FROM generate_series(1, ?) AS n
            """, org.id().value(), user, INVITATIONS);
        roster.sql("""
            INSERT INTO audit_entries (org_id, version, entry, at, stamp, action, subject_kind, subject_id, subject_name,
                                       actor_kind, actor_name, request_id)
            SELECT ?, 0, n, now() - n * interval '1 second', 0, 'user.updated', 'user', ?, 'invited@acme.test', 'CLI',
                   'cli:bench', 'bench'
              FROM generate_series(1, ?) AS n
            """, org.id().value(), user, INVITATIONS);
        roster.sql("SELECT roster_touch(?, 'many invitations')", org.id().value());
        return org;
    }
}
