import java.util.ArrayList;
import java.util.List;

/// What a browser sees of the list of people: requests, and when it is drawn and its script has run, with a slow processor and
/// a slow network; and how one person is found among all.
final class ConsoleBrowser {
    private static final int BITS_PER_SECOND = 1_600_000;
    private static final int LATENCY_MILLIS = 150;
    private static final int PROCESSOR = 4;
    private static final String SLOW = "4× slower processor, 1.6 Mbit/s, 150 ms: ";

    private final Stage stage;
    private final Browser browser;
    private final String people;

    ConsoleBrowser(Stage stage, Browser browser) {
        this.stage = stage;
        this.browser = browser;
        this.people = stage.roster().address() + "/console/people";
    }

    void run() {
        try (var chrome = new Chrome(stage.started())) {
            chrome.with(stage.roster().address(), browser.session());
            chrome.open(people);
            var first = new ArrayList<Double>();
            var later = new ArrayList<Double>();
            var paint = new ArrayList<Double>();
            var ready = new ArrayList<Double>();
            var again = new ArrayList<Double>();
            for (int round = 0; round < stage.options().rounds(); round++) {
                chrome.slow(BITS_PER_SECOND, LATENCY_MILLIS, PROCESSOR);
                chrome.forget();
                first.add((double) chrome.open(people));
                paint.add(chrome.firstPaint() / 1000);
                ready.add(chrome.scriptReady() / 1000);
                later.add((double) chrome.open(people));
                again.add(chrome.scriptReady() / 1000);
                chrome.quick();
            }
            row("console-requests", "requests of the first view", first, 6, "requests");
            row("console-requests", "requests of a later view", later, 1, "requests");
            row("console-slow", SLOW + "first paint", paint, 2, "s");
            row("console-slow", SLOW + "script ready", ready, 3, "s");
            row("console-slow", SLOW + "script ready, again", again, 1.2, "s");
            findOne(chrome);
        }
    }

    private void row(String key, String work, List<Double> figures, double most, String unit) {
        stage.report().row(key, work, "", Series.Spread.of(figures), Report.Aim.atMost(most, unit), "", "");
    }

    /// From the last letter that is typed to the row.
    private void findOne(Chrome chrome) {
        var times = new ArrayList<Double>();
        for (var sought : stage.sql().run("""
            SELECT email FROM users WHERE org_id = '%s' AND email LIKE '%%@people.example' ORDER BY id
            OFFSET %d LIMIT 3
            """.formatted(stage.large().id(), stage.options().users() / 2))) {
            chrome.open(people);
            chrome.run("""
                (() => {
                  document.querySelector('#q').addEventListener('input', () => { window.typed = performance.now(); });
                  new MutationObserver(() => {
                    if (document.querySelector('#results').textContent.startsWith('1 person matches')) {
                      window.found = performance.now();
                    }
                  }).observe(document.body, { childList: true, subtree: true, characterData: true });
                  document.querySelector('#q').focus();
                })()""");
            for (var letter : sought.split("")) {
                chrome.type(letter);
                Main.pause(30);
            }
            Chrome.await("one person is found", () -> chrome.isTrue("window.found > window.typed"));
            if (!chrome.isTrue("document.querySelector('#list tbody').innerText.includes(%s)"
                .formatted(Http.quoted(sought)))) {
                throw new Started.Failed("another person was found than " + sought);
            }
            times.add(chrome.number("window.found - window.typed"));
        }
        stage.report().row("console-find", "one among %,d, from the last letter to their row"
            .formatted(stage.options().users()), "", Series.Spread.of(times) + " ms",
            "150 ms of it are waited for another letter", "");
    }
}
