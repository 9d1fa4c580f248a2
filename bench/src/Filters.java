import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// The server's own time for a filtered page of 10 with its exact counts: for a filter that was never asked for, just
/// after a write, and for the same one again. Each count is compared with SQL's.
final class Filters {
    private static final Pattern FILTERED = Pattern.compile("\"total_filtered_count\":([0-9]+)");
    private static final int AGAIN = 9;
    private static final List<String> UNTIMED = List.of("z", "xu", "qi", "77", "w", "wu", "@pe", "ample", "fu", "b");

    private record Kind(String key, String name, List<String> texts) {}

    private final Stage stage;
    private final String founder;
    private int writes;

    Filters(Stage stage) {
        this.stage = stage;
        this.founder = stage.sql().run("SELECT id FROM users WHERE org_id = '%s' AND email = '%s'"
            .formatted(stage.large().id(), RosterServer.FOUNDER)).getFirst();
    }

    void run() {
        UNTIMED.forEach(text -> { // Java compiles what it is to run often
            write();
            IntStream.range(0, AGAIN).forEach(i -> time(text));
        });
        var afterWrite = IntStream.range(0, AGAIN).mapToObj(i -> write()).toList();
        stage.report().note("an unfiltered page, the first request after a write: %s ms",
            Series.Spread.of(afterWrite));
        kinds().forEach(this::measure);
    }

    private List<Kind> kinds() {
        return List.of(
            new Kind("filter-rare", "rare",
                IntStream.range(0, 10).mapToObj(i -> (stage.options().users() / 20 * (i * 2 + 1)) + "@people.ex")
                    .toList()),
            new Kind("filter-common", "common (everybody)",
                List.of("people", "example", "eople.ex", "@people", ".example",
                    "ople.exam", "xample", "peopl", "@peop", "le.example")),
            new Kind("filter-two", "two letters", List.of("an", "er", "li", "mo", "ra", "na", "so", "ko", "el", "mi")),
            new Kind("filter-one", "one letter", List.of("a", "e", "i", "n", "r", "o", "s", "k", "m", "l")));
    }

    private void measure(Kind kind) {
        var first = new ArrayList<Double>();
        var again = new ArrayList<Double>();
        var counts = new ArrayList<Double>();
        for (var text : kind.texts()) {
            write();
            first.add(time(text));
            again.add(Series.Spread.of(IntStream.range(0, AGAIN).mapToObj(i -> time(text)).toList()).median());
            counts.add((double) count(text));
        }
        var people = "%,.0f people found in the median".formatted(Series.Spread.of(counts).median());
        stage.report().row(kind.key(), "filter, %s, first time".formatted(kind.name()), "",
            Series.Spread.of(first),
            Report.Aim.atMost(15, "ms"), people, "");
        stage.report().row(kind.key() + "-again", "filter, %s, again".formatted(kind.name()), "",
            Series.Spread.of(again), Report.Aim.atMost(1, "ms"), people, "");
    }

    /// Changes a person, and lists once: what was changed is read then, and is no part of a filter's time.
    ///
    /// @return milliseconds for the list
    private double write() {
        var answer = stage.roster().send(stage.large(), "PATCH", "/api/v2/users/" + founder, """
            {"data": {"type": "users", "id": "%s", "attributes": {"title": "%d"}}}
            """.formatted(founder, ++writes));
        if (answer.status() / 100 != 2) {
            throw new Started.Failed("PATCH: " + answer);
        }
        return stage.roster().get(stage.large(), "/api/v2/users").serverMillis();
    }

    private double time(String text) {
        return stage.roster().get(stage.large(), path(text)).serverMillis();
    }

    private static String path(String text) {
        return "/api/v2/users?filter=" + URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private long count(String text) {
        var ours = Long.parseLong(RosterServer.first(FILTERED, stage.roster().get(stage.large(), path(text)).body()));
        var theirs = Long.parseLong(stage.sql().run("""
            SELECT count(*) FROM users
             WHERE org_id = '%s' AND (strpos(email, '%s') > 0 OR strpos(name_folded, '%s') > 0)
            """.formatted(stage.large().id(), text, text)).getFirst());
        if (ours != theirs) {
            throw new Started.Failed("filter %s: Roster counts %d, SQL %d".formatted(text, ours, theirs));
        }
        return ours;
    }
}
