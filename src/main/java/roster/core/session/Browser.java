package roster.core.session;

import java.util.LinkedHashMap;
import java.util.Map;

/// What a browser calls itself, in words for people: from its `User-Agent`, which is not to be believed for anything else.
public final class Browser {
    /// How much of a `User-Agent` is kept, in characters.
    public static final int MAX = 256;

    private static final String UNKNOWN = "Unknown browser";

    /// What a browser's text holds. The first that matches counts, as most name others they are compatible with.
    private static final Map<String, String> NAMES = inOrder("Edg/", "Edge", "EdgA/", "Edge", "EdgiOS/", "Edge", "OPR/",
        "Opera", "SamsungBrowser/", "Samsung Internet", "Vivaldi/", "Vivaldi", "FxiOS/", "Firefox", "Firefox/",
        "Firefox", "CriOS/", "Chrome", "Chrome/", "Chrome", "Safari/", "Safari", "curl/", "curl");

    private static final Map<String, String> SYSTEMS = inOrder("iPhone", "iPhone", "iPad", "iPad", "Android", "Android",
        "CrOS", "ChromeOS", "Windows", "Windows", "Mac OS X", "macOS", "Linux", "Linux");

    private Browser() {}

    private static Map<String, String> inOrder(String... pairs) {
        var map = new LinkedHashMap<String, String>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i], pairs[i + 1]);
        }
        return map;
    }

    /// For example `Firefox on Linux`.
    public static String named(String userAgent) {
        var name = found(NAMES, userAgent);
        var system = found(SYSTEMS, userAgent);
        return system.isEmpty() ? name.isEmpty() ? UNKNOWN : name
            : (name.isEmpty() ? UNKNOWN : name) + " on " + system;
    }

    private static String found(Map<String, String> table, String userAgent) {
        return table.entrySet().stream().filter(entry -> userAgent.contains(entry.getKey())).map(Map.Entry::getValue)
            .findFirst().orElse("");
    }
}
