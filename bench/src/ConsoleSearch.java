import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/// What is found while one types: the server's own time for a text that was never sought before, and again, and how long the
/// answers to keystrokes take that come at a steady rate, however long the ones before them take.
final class ConsoleSearch {
    private static final List<String> TEXTS =
        List.of("ann", "ber", "lin", "mar", "son", "tha", "rod", "kim", "ele", "vic", "pat", "ost");
    private static final int AGAIN = 9;
    private static final int A_SECOND = 20;
    private static final int NAMES = 400;
    private static final int LETTERS_MAX = 6;

    private final Stage stage;
    private final Browser browser;
    private final String founder;
    private int writes;

    ConsoleSearch(Stage stage, Browser browser) {
        this.stage = stage;
        this.browser = browser;
        this.founder = stage.sql().run("SELECT id FROM users WHERE org_id = '%s' AND email = '%s'"
            .formatted(stage.large().id(), RosterServer.FOUNDER)).getFirst();
    }

    void run() {
        List.of("zzy", "qua", "xav", "uri", "wol").forEach(text -> { // Java compiles what it is to run often
            write();
            IntStream.range(0, AGAIN).forEach(i -> millis(text));
        });
        var first = new ArrayList<Double>();
        var again = new ArrayList<Double>();
        for (var text : TEXTS) {
            write();
            first.add(millis(text));
            again.add(Series.Spread.of(IntStream.range(0, AGAIN).mapToObj(i -> millis(text)).toList()).median());
        }
        stage.report().row("console-search", "people by three letters, first time", "", Series.Spread.of(first),
            Report.Aim.atMost(15, "ms"), "%d texts, each after a write".formatted(TEXTS.size()), "");
        stage.report().row("console-search-again", "people by three letters, again", "", Series.Spread.of(again),
            Report.Aim.atMost(2, "ms"), "", "");
        keystrokes();
    }

    /// Changes a person, which drops what was found, and lists once: what was changed is read then.
    private void write() {
        var answer = stage.roster().send(stage.large(), "PATCH", "/api/v2/users/" + founder, """
            {"data": {"type": "users", "id": "%s", "attributes": {"title": "%d"}}}
            """.formatted(founder, ++writes));
        if (answer.status() / 100 != 2) {
            throw new Started.Failed("PATCH: " + answer);
        }
        Browser.good(browser.get("/console/people"));
    }

    private static String path(String text) {
        return "/console/people?q=" + URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private double millis(String text) {
        return Browser.serverMillis(Browser.good(browser.part(path(text))));
    }

    /// Names, letter by letter.
    private List<String> typed(int number) {
        var names = stage.sql().run("""
            SELECT DISTINCT left(name_folded, %d) FROM users
             WHERE org_id = '%s' AND name_folded IS NOT NULL ORDER BY 1 LIMIT %d
            """.formatted(LETTERS_MAX, stage.large().id(), NAMES));
        var typed = new ArrayList<String>();
        for (int i = 0; typed.size() < number; i++) {
            var name = names.get(i * 37 % names.size());
            IntStream.rangeClosed(1, name.length()).forEach(end -> typed.add(name.substring(0, end)));
        }
        return typed.subList(0, number);
    }

    private void keystrokes() {
        var number = switch (stage.options().mode()) {
            case QUICK -> 300;
            case FULL -> 10_000;
            case STANDARD, PEERS -> 2000;
        };
        var millis = Collections.synchronizedList(new ArrayList<Double>());
        var failed = Collections.synchronizedList(new ArrayList<String>());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var began = System.nanoTime();
            var at = 0;
            for (var text : typed(number)) {
                var due = began + at++ * (1_000_000_000L / A_SECOND);
                Main.pause(Math.max(0, (due - System.nanoTime()) / 1_000_000));
                threads.submit(() -> {
                    var answer = browser.part(path(text));
                    if (answer.statusCode() == 200) {
                        millis.add((System.nanoTime() - due) / 1e6);
                    } else {
                        failed.add("%s: %d".formatted(text, answer.statusCode()));
                    }
                });
            }
        }
        if (millis.size() < number) {
            throw new Started.Failed("keystrokes that were not answered: " + failed);
        }
        var sorted = millis.stream().sorted().toList();
        stage.report().row("console-keystrokes", "%,d keystrokes, %d a second, p99".formatted(number, A_SECOND), "",
            Series.Spread.of(List.of(ConsolePart.at99(sorted))), Report.Aim.atMost(25, "ms"),
            "p50 %s ms, longest %s ms, as the client sees them".formatted(
                Series.Spread.number(Series.Spread.of(sorted).median()), Series.Spread.number(sorted.getLast())),
            "");
    }
}
