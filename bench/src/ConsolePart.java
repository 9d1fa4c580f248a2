import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/// The console of a large organisation: the list of people against that of 100 people and against the API's, what is found while
/// one types, and what pages weigh. [ConsolePages], [ConsoleBrowser] and [ConsoleWork] are the rest of it.
final class ConsolePart {
    static final int ROWS = 50;
    private static final String PEOPLE = "/console/people";
    private static final int SMALL = 100;
    private static final int WARM_UP = 200;
    private static final int REQUESTS = 60;
    private static final List<String> SORTS = List.of("name", "-last_sign_in", "email");
    private static final List<String> ALL_SORTS =
        List.of("name", "-name", "status", "-last_sign_in", "created_at", "-modified_at", "email", "title");
    private static final Pattern ASSET = Pattern.compile("(/console/assets/[0-9a-f]{16}/[a-z.]+)");

    private final Stage stage;
    private final RosterServer.Org small;
    private final Browser browser;
    private final Browser beside;

    ConsolePart(Stage stage) {
        this.stage = stage;
        small = stage.roster().create("Small console");
        stage.roster().command("seed", "--users", "" + SMALL, "--org", small.id());
        browser = Browser.signedIn(stage.roster(), stage.large(), RosterServer.FOUNDER);
        beside = Browser.signedIn(stage.roster(), small, RosterServer.FOUNDER);
    }

    void run() {
        people();
        against();
        weight();
        new ConsoleSearch(stage, browser).run();
        new ConsolePages(stage, browser).run();
        if (Chrome.isInstalled()) {
            new ConsoleBrowser(stage, browser).run();
        } else {
            stage.report().note("what a slow browser sees was not measured: there is no Chromium");
        }
        new ConsoleWork(stage, browser).run();
    }

    private record Place(String name, String path) {}

    /// Any page of the list, by any sort, against the first page of 100 people.
    private void people() {
        var large = "%,d people".formatted(stage.options().users());
        for (var sort : stage.options().mode() == Options.Mode.FULL ? ALL_SORTS : SORTS) {
            var first = canonical(browser, PEOPLE + "?sort=" + sort);
            var last = link(browser, first, "last");
            var places = List.of(new Place("the first page", first),
                new Place("the next one", link(browser, first, "next")), new Place("the last page", last),
                new Place("the one before it", link(browser, last, "previous")));
            var few = canonical(beside, PEOPLE + "?sort=" + sort);
            var things = new ArrayList<Supplier<Series.Load>>();
            things.add(() -> times(beside, few, REQUESTS));
            places.forEach(place -> things.add(() -> times(browser, place.path(), REQUESTS)));
            times(beside, few, WARM_UP);
            places.forEach(place -> times(browser, place.path(), WARM_UP));
            var found = Series.inTurns(stage.options().rounds(), things);
            for (int i = 0; i < places.size(); i++) {
                var ours = found.get(i + 1);
                stage.report().row("console-people", "people by %s, %s, %s".formatted(sort, large,
                    places.get(i).name()), "%d people".formatted(SMALL), ours.timeTo(found.getFirst()),
                    Report.Aim.atMost(1.3, ""), ours.shownMillis(), found.getFirst().shownMillis());
            }
        }
    }

    /// The page against the same people as JSON, and its part.
    private void against() {
        var first = canonical(browser, PEOPLE + "?sort=name");
        var api = List.of("/api/v2/users?sort=name&page%5Bsize%5D=" + ROWS);
        Lists.times(stage, stage.large(), api, WARM_UP);
        var found = Series.inTurns(stage.options().rounds(), List.of(() -> times(browser, first, REQUESTS),
            () -> Lists.times(stage, stage.large(), api, REQUESTS)));
        stage.report().row("console-api", "people by name, the first page", "GET /api/v2/users?page[size]=" + ROWS,
            found.get(0).timeTo(found.get(1)), Report.Aim.atMost(2, ""), found.get(0).shownMillis(),
            found.get(1).shownMillis());
    }

    /// @return the server's times; the rate has no meaning
    static Series.Load times(Browser browser, String path, int requests) {
        var millis = IntStream.range(0, requests)
            .mapToObj(i -> Browser.serverMillis(Browser.good(browser.get(path)))).sorted().toList();
        return new Series.Load(Double.NaN, Series.Spread.of(millis).median(), at99(millis), requests);
    }

    /// @param millis in order
    static double at99(List<Double> millis) {
        return millis.get((int) (0.99 * (millis.size() - 1)));
    }

    /// The spelling to which an address leads.
    private static String canonical(Browser browser, String path) {
        var answer = browser.get(path);
        return answer.statusCode() / 100 == 3 ? answer.headers().firstValue("Location").orElseThrow() : path;
    }

    private static String link(Browser browser, String path, String id) {
        return RosterServer.first(Pattern.compile("id=\"%s\" href=\"([^\"]+)\"".formatted(id)),
            Browser.good(browser.get(path)).body()).replace("&amp;", "&");
    }

    private void weight() {
        var page = Browser.good(browser.get(PEOPLE));
        kibibytes("console-bytes", "a page of %d people".formatted(ROWS), bytes(page), 64);
        kibibytes("console-bytes", "its part", bytes(Browser.good(browser.part(PEOPLE))), 52);
        var found = ASSET.matcher(page.body());
        var assets = new LinkedHashSet<String>();
        while (found.find()) {
            assets.add(found.group(1));
        }
        kibibytes("console-assets", "its style, scripts and icons, %d files, gzipped".formatted(assets.size()),
            gzipped(assets), 30);
    }

    private void kibibytes(String key, String what, long bytes, int most) {
        stage.report().row(key, what, "", Series.Spread.of(List.of(bytes / 1024.0)), Report.Aim.atMost(most, "KiB"),
            "%,d bytes".formatted(bytes), "");
    }

    private static long bytes(HttpResponse<String> answer) {
        return answer.body().getBytes(StandardCharsets.UTF_8).length;
    }

    private long gzipped(Set<String> assets) {
        var all = 0L;
        for (var path : assets) {
            var bytes = Http.gzipped(stage.roster().address() + path);
            try (var in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
                in.transferTo(OutputStream.nullOutputStream()); // that it is what it says
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            all += bytes.length;
        }
        return all;
    }
}
