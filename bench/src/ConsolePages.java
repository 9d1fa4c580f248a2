import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Every page of the console that can be reached by links from the overview, each route of `docs/routes.md` at a few
/// addresses: the server's own time for it.
final class ConsolePages {
    private static final Pattern ROUTE = Pattern.compile("^\\| `GET` \\| `(/console/[^`]*)` \\|");
    private static final Pattern HREF = Pattern.compile("href=\"(/console/[^\"#]*)");
    private static final String OVERVIEW = "/console/";
    private static final int ADDRESSES_MAX = 3;
    private static final int FETCHES_MAX = 400;
    private static final int SHOWN = 8;

    private final Stage stage;
    private final Browser browser;
    private final Map<String, Pattern> routes = new LinkedHashMap<>();

    ConsolePages(Stage stage, Browser browser) {
        this.stage = stage;
        this.browser = browser;
        try {
            for (var line : Files.readAllLines(stage.home().resolve("docs/routes.md"))) {
                var found = ROUTE.matcher(line);
                if (found.find() && isPage(found.group(1))) {
                    routes.put(found.group(1), Pattern.compile(
                        "\\Q" + found.group(1).replaceAll("\\{[a-z_]+}", "\\\\E[^/]+\\\\Q") + "\\E"));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Files, and addresses that only say that there is no page, are none.
    private static boolean isPage(String template) {
        return !template.matches(".*\\.(csv|ndjson)") && !template.contains("/assets/") && !template.startsWith("/console/{");
    }

    /// @param path without its query
    private Optional<String> route(String path) {
        return routes.containsKey(path) ? Optional.of(path) : routes.entrySet().stream()
            .filter(one -> one.getValue().matcher(path).matches()).map(Map.Entry::getKey)
            .min(Comparator.comparing(template -> template.indexOf('{')));
    }

    void run() {
        var times = new TreeMap<String, List<Double>>();
        addresses().forEach((template, paths) -> times.put(template, paths.stream().flatMap(path -> measured(path).stream())
            .sorted().toList()));
        var overview = times.remove(OVERVIEW);
        row("console-overview", "the overview, p99", Map.of(OVERVIEW, overview), 100);
        times.remove("/console/people"); // has rows of its own
        row("console-pages", "%d other pages, p99 of the slowest".formatted(times.size()), times, 50);
        times.entrySet().stream().sorted(Comparator.comparing(one -> -ConsolePart.at99(one.getValue()))).limit(SHOWN)
            .forEach(one -> stage.report().note("`%s`: p50 %s ms, p99 %s ms", one.getKey(),
                Series.Spread.number(Series.Spread.of(one.getValue()).median()),
                Series.Spread.number(ConsolePart.at99(one.getValue()))));
        var missing = routes.keySet().stream().filter(template -> !times.containsKey(template)
            && !List.of(OVERVIEW, "/console/people").contains(template)).toList();
        if (!missing.isEmpty()) {
            stage.report().note("no links led to %s", missing.stream().map("`%s`"::formatted)
                .collect(Collectors.joining(", ")));
        }
    }

    private void row(String key, String work, Map<String, List<Double>> times, int most) {
        var slowest = times.entrySet().stream().max(Comparator.comparing(one -> ConsolePart.at99(one.getValue())))
            .orElseThrow();
        stage.report().row(key, work, "", new Series.Spread(ConsolePart.at99(slowest.getValue()),
            slowest.getValue().getFirst(), slowest.getValue().getLast()), Report.Aim.atMost(most, "ms"),
            "`%s`, p50 %s ms".formatted(slowest.getKey(),
                Series.Spread.number(Series.Spread.of(slowest.getValue()).median())),
            "");
    }

    /// Some addresses of each route that links lead to.
    private Map<String, List<String>> addresses() {
        var found = new TreeMap<String, List<String>>();
        var seen = new HashSet<String>();
        var next = new ArrayDeque<>(List.of(OVERVIEW));
        for (int fetches = 0; !next.isEmpty() && fetches < FETCHES_MAX;) {
            var path = next.poll();
            var template = route(path.substring(0, (path + "?").indexOf('?')));
            if (!seen.add(path) || template.isEmpty()
                || found.getOrDefault(template.get(), List.of()).size() >= ADDRESSES_MAX) {
                continue;
            }
            fetches++;
            var answer = browser.get(path);
            if (answer.statusCode() != 200) {
                continue; // leads elsewhere, or there is nothing
            }
            found.computeIfAbsent(template.get(), _ -> new ArrayList<>()).add(path);
            var links = HREF.matcher(answer.body());
            while (links.find()) {
                next.add(links.group(1).replace("&amp;", "&"));
            }
        }
        return found;
    }

    private List<Double> measured(String path) {
        var times = stage.options().mode() == Options.Mode.QUICK ? 20 : 50;
        for (int i = 0; i < times; i++) { // Java compiles what it is to run often
            browser.get(path);
        }
        var millis = new ArrayList<Double>();
        for (int i = 0; i < times; i++) {
            millis.add(Browser.serverMillis(Browser.good(browser.get(path))));
        }
        return millis;
    }
}
