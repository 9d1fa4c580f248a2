package roster.base.net;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// URLs as they may be shown: without passwords. What cannot be taken apart safely is hidden as a whole.
public final class ShownUrl {
    private static final Pattern USER_AND_PASSWORD = Pattern.compile("([a-zA-Z0-9:+.-]*//[^/@:?#]*):.*@([^@]*)");
    private static final Pattern SECRET = Pattern.compile("(?i).*(pass|pwd|secret|token|key).*");

    private ShownUrl() {}

    /// @param url well formed or not
    public static String of(String url) {
        var query = url.indexOf('?');
        if (query >= 0 && url.indexOf('@', query) >= 0) { // of a password, or of a host after one: there is no telling
            var begins = url.indexOf("//");
            return (begins < 0 || begins > query ? "" : url.substring(0, begins + 2)) + "***";
        }
        var place = query < 0 ? url : url.substring(0, query);
        return withoutUser(place) + (query < 0 ? "" : "?" + withoutSecrets(url.substring(query + 1)));
    }

    private static String withoutUser(String place) {
        var ends = place.lastIndexOf('@');
        if (ends < 0) {
            return place;
        }
        var simple = USER_AND_PASSWORD.matcher(place);
        if (simple.matches()) {
            return simple.group(1) + ":***@" + simple.group(2);
        }
        var begins = place.indexOf("//");
        return (begins < 0 || begins > ends ? "" : place.substring(0, begins + 2)) + "***" + place.substring(ends);
    }

    private static String withoutSecrets(String query) {
        return Arrays.stream(query.split("&", -1)).map(ShownUrl::parameter).collect(Collectors.joining("&"));
    }

    private static String parameter(String text) {
        var is = text.indexOf('=');
        try {
            var name = URLDecoder.decode(is < 0 ? text : text.substring(0, is), StandardCharsets.UTF_8);
            return is < 0 || !SECRET.matcher(name).matches() ? text : text.substring(0, is) + "=***";
        } catch (IllegalArgumentException e) {
            return "***";
        }
    }
}
