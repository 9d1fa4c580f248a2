import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/// The same work on the same people by Roster and by other products, in turns.
final class Peers {
    private static final String HEAP = "-Xmx1g";
    private static final String EMBEDDED = "Roster, embedded database";
    private static final String OUTSIDE = "Roster, outside database";
    private static final String NGINX = "nginx, fixed bytes";
    private static final int TERMS = 20_000;
    private static final int SAMPLES = 40;

    /// wrk has all requests ready in memory, with headers of a kilobyte and more.
    private static final int PATHS_MAX = 50_000;

    /// A product is warm when its rate no longer rises by a tenth. Its first work must warm more than that work.
    private static final int WARM_UPS_FIRST_MIN = 5;
    private static final int WARM_UPS_MIN = 2;
    private static final int WARM_UPS_MAX = 8;
    private static final double RISES = 1.1;

    /// What was measured of a product.
    ///
    /// @param bytes of its mean answer
    private record Cell(Series series, int bytes) {
        String shown() {
            return String.format(Locale.ROOT, "%,.0f/s, %s ms, %,d B", rate(), Series.Spread.number(
                series.millis().median()), bytes);
        }

        double rate() {
            return Series.Spread.of(series.loads().stream().map(Series.Load::perSecond).toList()).median();
        }
    }

    /// @param bytes of the mean answer
    private record Ready(Peer.Call call, int bytes, Supplier<Series.Load> load) {}

    private final Options options;
    private final Started started;
    private final Report report;
    private final Wrk wrk;
    private final PeerRoster roster;
    private final List<Peer> peers = new ArrayList<>();
    private final StringBuilder tables = new StringBuilder();
    private int runs;

    /// Starts all of them. One that cannot be had is told of in the tables.
    Peers(Options options, Started started, Report report, Path home, Path programs) {
        this.options = options;
        this.started = started;
        this.report = report;
        this.wrk = new Wrk(started, home.resolve("bench/wrk/requests.lua"), options.seconds());
        report.section("Setting up");
        var embedded = new RosterServer(started, home, "embedded", "").with(HEAP);
        embedded.start();
        roster = new PeerRoster(EMBEDDED, embedded, embedded.sql(programs));
        peers.add(roster);

        var postgres = OutsidePostgres.start(started, programs, "outside");
        postgres.run("CREATE DATABASE roster", "CREATE DATABASE keycloak");
        peers.add(had(OUTSIDE, () -> {
            var sql = postgres.on("roster");
            var outside = new RosterServer(started, home, "outside", sql.jdbcUrl()).with(HEAP);
            outside.start();
            return new PeerRoster(OUTSIDE, outside, sql);
        }));
        peers.add(had(Keycloak.NAME, () -> Keycloak.start(started, postgres.on("keycloak"), HEAP)));
        var wireMock = had(WireMock.NAME, () -> new WireMock(started, HEAP, roster, report));
        peers.add(wireMock);
        peers.add(wireMock instanceof WireMock there ? there.each()
            : new Peer.Missing(WireMock.NAME_EACH, ((Peer.Missing) wireMock).why()));
    }

    /// @return what was made ready, or a peer that tells why it was not
    private Peer had(String name, Supplier<Peer> readied) {
        try {
            Stage.say("Making %s ready ...".formatted(name));
            return readied.get();
        } catch (Started.Failed | UncheckedIOException e) {
            report.note("%s: %s", name, oneLine(e));
            return new Peer.Missing(name, e.getMessage().lines().findFirst().orElse("failed"));
        }
    }

    private static String oneLine(RuntimeException e) {
        return e.getMessage().strip().replaceAll("\\s*\n\\s*", " / ");
    }

    /// @return whether everything was measured that can be
    boolean run() {
        var complete = peers.stream().noneMatch(peer -> peer instanceof Peer.Missing);
        for (var users : options.sizes()) {
            complete &= run(users);
        }
        return complete;
    }

    private boolean run(int users) {
        report.section("With %,d people".formatted(users));
        var people = roster.seed(users);
        var there = new ArrayList<Peer>();
        for (var peer : peers) {
            there.add(peer instanceof Peer.Missing ? peer : had(peer.name(), () -> {
                peer.take(people);
                return peer;
            }));
        }
        var terms = terms(people);
        var cells = new EnumMap<Peer.Work, Map<String, String>>(Peer.Work.class);
        var reasons = new LinkedHashMap<String, List<String>>();
        var complete = true;
        for (var work : Peer.Work.values()) {
            try {
                cells.put(work, measure(work, users, there, terms, reasons));
            } catch (Started.Failed e) {
                report.note("**%s: not measured to the end**: %s", work.words, oneLine(e));
                cells.put(work, Map.of());
                complete = false;
            }
        }
        reasons.forEach((why, works) -> report.note("%s. Without it: %s", why, String.join("; ", works)));
        for (var peer : there) {
            peer.pid().ifPresent(pid -> report.note("memory of %s with %s: %d MiB, at most %d MiB", peer.name(), HEAP,
                RosterServer.mebibytes(pid, "VmRSS"), RosterServer.mebibytes(pid, "VmHWM")));
        }
        table(users, cells);
        return complete;
    }

    /// Parts of addresses before the `@`, of 4 to 8 letters: more than any product remembers the answers for.
    private static List<String> terms(List<Peer.Person> people) {
        var random = new SplittableRandom(1);
        var terms = new LinkedHashSet<String>();
        for (int i = 0; i < TERMS * 5 && terms.size() < TERMS; i++) {
            var email = people.get(random.nextInt(people.size())).email();
            var local = email.substring(0, email.indexOf('@'));
            var length = Math.min(local.length(), random.nextInt(4, 9));
            var from = random.nextInt(local.length() - length + 1);
            terms.add(local.substring(from, from + length));
        }
        return List.copyOf(terms);
    }

    /// @param reasons gets the work, under the reason why a product is not in its row
    /// @return what the table shows of each product
    private Map<String, String> measure(Peer.Work work, int users, List<Peer> there, List<String> terms,
        Map<String, List<String>> reasons) {
        var ready = new LinkedHashMap<String, Ready>();
        var cells = new LinkedHashMap<String, String>();
        for (var peer : there) {
            try {
                switch (peer.way(work, terms)) {
                    case Peer.None(var why) -> {
                        if (peer instanceof Peer.Missing) { // a note has it already
                            cells.put(peer.name(), why);
                        } else {
                            add(reasons, peer.name(), why, work);
                        }
                    }
                    case Peer.Call call -> ready.put(peer.name(), warm(work, peer.name(), call));
                }
            } catch (Started.Failed | UncheckedIOException e) {
                if (peer == roster) {
                    throw new Started.Failed(e.getMessage());
                }
                add(reasons, peer.name(), "**failed**: " + oneLine(e), work);
                cells.put(peer.name(), "failed");
            }
        }
        var ours = ready.get(roster.name());
        if (ours.call().method().equals("GET")) {
            ready.put(NGINX, fixed(work, ours));
        } else {
            add(reasons, NGINX, "it changes nothing", work);
        }

        var found = Series.inTurns(options.rounds(), ready.values().stream().map(Ready::load).toList());
        var measured = new LinkedHashMap<String, Cell>();
        ready.forEach((name, one) -> measured.put(name, new Cell(found.get(measured.size()), one.bytes())));
        measured.forEach((name, cell) -> cells.put(name, cell.shown()));
        rows(work, users, measured);
        return cells;
    }

    private static void add(Map<String, List<String>> reasons, String name, String why, Peer.Work work) {
        reasons.computeIfAbsent(name + ": " + why, key -> new ArrayList<>()).add(work.words);
    }

    private Ready warm(Peer.Work work, String name, Peer.Call call) {
        var bytes = call.method().equals("GET") ? checked(call) : changed(work, call);
        var load = load(work, call);
        var least = work == Peer.Work.GET ? WARM_UPS_FIRST_MIN : WARM_UPS_MIN;
        var best = load.get().perSecond();
        for (int i = 2; i <= WARM_UPS_MAX; i++) {
            var rate = load.get().perSecond();
            var rises = rate > best * RISES;
            best = Math.max(best, rate);
            if (i >= least && !rises) {
                break;
            }
        }
        Stage.say("   %s, %s: warm at %,.0f/s".formatted(name, work.words, best));
        return new Ready(call, bytes, load);
    }

    /// @return the mean size of the first answers, the first of which is as it should be
    private static int checked(Peer.Call call) {
        var first = call.answer(call.paths().getFirst(), "");
        if (!first.toLowerCase(Locale.ROOT).contains(call.expected())) {
            throw new Started.Failed("'%s' is not in: %s".formatted(call.expected(), Started.tail(first)));
        }
        return (int) Math.round(call.paths().stream().limit(SAMPLES).mapToInt(path -> bytes(call.answer(path, "")))
            .average().orElseThrow());
    }

    /// @return the size of an answer to a change, which can be read afterwards
    private int changed(Peer.Work work, Peer.Call call) {
        var path = call.paths().getFirst();
        var word = "probe" + ++runs;
        var answer = call.answer(path, word);
        if (work == Peer.Work.UPDATE) {
            checked(Peer.Call.get(call.address(), call.headers(), List.of(path), word));
        }
        return bytes(answer);
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private Supplier<Series.Load> load(Peer.Work work, Peer.Call call) {
        var name = "%s-%d".formatted(work, ++runs);
        var paths = wrk.file(name + ".paths", call.method().equals("GET") ? some(call.paths()) : call.paths())
            .toString();
        if (call.body().isEmpty()) {
            return () -> wrk.load(call.address(), call.headers(), work.clients(), call.method(), paths);
        }
        var body = wrk.file(name + ".json", List.of(call.body())).toString();
        return () -> wrk.load(call.address(), call.headers(), work.clients(), call.method(), paths, body, "r" + ++runs);
    }

    /// Of the same people for each product.
    private static List<String> some(List<String> paths) {
        var all = new ArrayList<>(paths);
        Collections.shuffle(all, new Random(1));
        return all.subList(0, Math.min(all.size(), PATHS_MAX));
    }

    private Ready fixed(Peer.Work work, Ready ours) {
        var call = ours.call();
        var nginx = Peer.Call.get(Nginx.start(started, ours.bytes()), call.headers(), call.paths(), "");
        return new Ready(nginx, ours.bytes(), load(work, nginx));
    }

    /// Roster against each of the others; on the outside database only against what has it too.
    private void rows(Peer.Work work, int users, Map<String, Cell> measured) {
        var what = "%s, %,d people, ".formatted(work.words, users);
        measured.keySet().stream().filter(name -> !name.equals(EMBEDDED) && !name.equals(OUTSIDE)).forEach(name -> {
            row(what, EMBEDDED, name, measured);
            if (name.equals(Keycloak.NAME) && measured.containsKey(OUTSIDE)) {
                row(what, OUTSIDE, name, measured);
            }
        });
    }

    private void row(String what, String ours, String theirs, Map<String, Cell> measured) {
        var left = measured.get(ours);
        var right = measured.get(theirs);
        report.row("peer", what + ours.replace("Roster, ", ""), theirs,
            left.series().rateTo(right.series()).toString(), shown(left), shown(right));
    }

    private static String shown(Cell cell) {
        return String.format(Locale.ROOT, "%s, %,d bytes", cell.series().shown(), cell.bytes());
    }

    private void table(int users, Map<Peer.Work, Map<String, String>> cells) {
        var names = new ArrayList<>(peers.stream().map(Peer::name).toList());
        names.add(NGINX);
        tables.append("\n## %,d people\n\n| work, clients | ".formatted(users)).append(String.join(" | ", names))
            .append(" |\n|---|").append("---|".repeat(names.size())).append('\n');
        cells.forEach((work, row) -> tables.append("| %s, %d | ".formatted(work.words, work.clients()))
            .append(String.join(" | ", names.stream().map(name -> row.getOrDefault(name, "–")).toList()))
            .append(" |\n"));
    }

    /// The products beside each other, as Markdown.
    String tables() {
        return """

            Requests per second, median time and the size of an answer. Each is the median of %d rounds of %d s.
            """.formatted(options.rounds(), options.seconds()) + tables;
    }
}
