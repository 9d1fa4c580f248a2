package roster.base.net;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// URLs as they may be shown: without passwords. What cannot be taken apart safely is hidden as a whole.
public final class ShownUrl {
    private static final Pattern USER_AND_PASSWORD = Pattern.compile("([a-zA-Z0-9:+.-]*//[^/@:?#;&=,\\s]*):.*@([^@]*)");
    /// Parameters that may be shown. Others are hidden with their names: they may be the rest of a password.
    private static final Set<String> HARMLESS = Set.of("user", "ssl", "sslmode", "sslcert", "sslkey", "sslrootcert",
        "sslNegotiation", "requireAuth", "channelBinding", "gssEncMode", "targetServerType", "loadBalanceHosts",
        "hostRecheckSeconds", "currentSchema", "options", "ApplicationName", "connectTimeout", "socketTimeout",
        "loginTimeout", "tcpKeepAlive", "prepareThreshold", "reWriteBatchedInserts", "readOnly");
    private static final Set<String> SECRET = Set.of("password", "sslpassword");

    /// What ends the place of a URL, in whatever form.
    private static final Pattern SEPARATOR = Pattern.compile("(?i)[;&#=\\s]|%(3B|3F|26|3D|23)");

    /// A value that holds no other parameter.
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.:/-]*");

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
            return withoutRest(place);
        }
        var simple = USER_AND_PASSWORD.matcher(place);
        if (simple.matches()) {
            return simple.group(1) + ":***@" + withoutRest(simple.group(2));
        }
        var begins = place.indexOf("//");
        return (begins < 0 || begins > ends ? "" : place.substring(0, begins + 2)) + "***@"
            + withoutRest(place.substring(ends + 1));
    }

    /// Parameters may have been appended with another separator than the `?` that is right.
    private static String withoutRest(String place) {
        var rest = SEPARATOR.matcher(place);
        return rest.find() ? place.substring(0, rest.start()) + "***" : place;
    }

    private static String withoutSecrets(String query) {
        return Arrays.stream(query.split("&", -1)).map(ShownUrl::parameter).collect(Collectors.joining("&"));
    }

    /// What is no known parameter may be the rest of a password that has an `&` in it.
    private static String parameter(String text) {
        var is = text.indexOf('=');
        try {
            var name = URLDecoder.decode(is < 0 ? text : text.substring(0, is), StandardCharsets.UTF_8);
            if (is >= 0 && HARMLESS.contains(name) && PLAIN.matcher(text.substring(is + 1)).matches()) {
                return text;
            }
            return is >= 0 && (HARMLESS.contains(name) || SECRET.contains(name.toLowerCase(Locale.ROOT)))
                ? text.substring(0, is) + "=***" : "***";
        } catch (IllegalArgumentException e) {
            return "***";
        }
    }
}
