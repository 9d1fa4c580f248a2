package roster.base.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import roster.base.net.Network;
import roster.model.Email;

/// How values that more than one setting has are read. Each throws [IllegalArgumentException] saying what is expected.
public final class Parsers {
    private static final Duration DAY = Duration.ofDays(1);
    private static final String HOST_EXPECTED =
        "expected a host name or an address without a port, such as 127.0.0.1 or ::1";

    private Parsers() {}

    /// A port from 0 to 65535.
    public static int port(String text) {
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > 65_535) {
            throw new IllegalArgumentException("expected a port from 0 to 65535");
        }
        return Integer.parseInt(text);
    }

    /// A path of this system, which its locale must be able to write.
    public static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(
                "expected a path; where it has letters beyond ASCII, set LC_ALL=C.UTF-8", e);
        }
    }

    /// Name or address of an interface, without a port; an IPv6 address may be in brackets, which are left out.
    public static String host(String text) {
        var bracketed = text.startsWith("[") && text.endsWith("]") && text.indexOf(':') >= 0;
        var host = bracketed ? text.substring(1, text.length() - 1) : text;
        try {
            if (host.indexOf(':') >= 0) {
                var zone = host.indexOf('%') < 0 ? "" : host.substring(host.indexOf('%'));
                return Network.text(Network.host(host)) + zone;
            }
            if (host.matches("[0-9.]+")) {
                return Network.text(Network.literal(host));
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(HOST_EXPECTED, e);
        }
        if (!host.matches("[\\p{L}\\p{N}_]([\\p{L}\\p{N}_.-]*[\\p{L}\\p{N}.])?")) {
            throw new IllegalArgumentException(HOST_EXPECTED);
        }
        return host;
    }

    /// A URL with a host, without query and fragment. A port is from 1 to 65535.
    ///
    /// @param schemes the allowed ones; the first is named as the example
    public static URI url(String text, List<String> schemes) {
        try {
            var url = new URI(text);
            if (url.getScheme() == null || !schemes.contains(url.getScheme()) || url.getHost() == null
                || url.getQuery() != null || url.getFragment() != null || url.getPort() == 0
                || url.getPort() > 65_535) {
                throw new IllegalArgumentException("expected " + schemes.getFirst() + "://host…" + asciiHost(url));
            }
            return url;
        } catch (URISyntaxException e) { // not passed on: it shows the text, password included
            throw new IllegalArgumentException(
                "expected " + schemes.getFirst() + "://host…; escape special characters");
        }
    }

    /// A name of a host with letters beyond ASCII has another form in a URL. Of the text nothing else is shown: it may hold a
    /// password.
    private static String asciiHost(URI url) {
        var authority = url.getHost() == null && url.getRawAuthority() != null ? url.getRawAuthority() : "";
        var host = authority.substring(authority.lastIndexOf('@') + 1).replaceFirst(":[0-9]*$", "");
        return Email.asciiDomain(host).filter(ascii -> !ascii.equals(host))
            .map(ascii -> "; write %s as %s".formatted(host, ascii)).orElse("");
    }

    /// A number of bytes, or of KB, MB or GB of 1024 each.
    public static long bytes(String text) {
        var form = Pattern.compile("([1-9][0-9]{0,11})\\s*([KMG]?)B?", Pattern.CASE_INSENSITIVE).matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("expected a size, such as 512MB, 2GB or a number of bytes");
        }
        var factor = switch (form.group(2).toUpperCase(Locale.ROOT)) {
            case "K" -> 1L << 10;
            case "M" -> 1L << 20;
            case "G" -> 1L << 30;
            default -> 1L;
        };
        try {
            return Math.multiplyExact(Long.parseLong(form.group(1)), factor);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("expected a size that fits into 64 bits", e);
        }
    }

    /// A number of seconds, or of `s`, `m` or `h`: from 1 second to 24 hours.
    public static Duration duration(String text) {
        var form = Pattern.compile("([1-9][0-9]{0,4})([smh]?)").matcher(text);
        var factor = !form.matches() ? 0 : switch (form.group(2)) {
            case "h" -> 3600;
            case "m" -> 60;
            default -> 1;
        };
        var seconds = factor == 0 ? 0 : factor * Integer.parseInt(form.group(1));
        if (seconds < 1 || seconds > DAY.toSeconds()) {
            throw new IllegalArgumentException("expected a duration from 1s to 24h, such as 650s, 10m or 1h");
        }
        return Duration.ofSeconds(seconds);
    }

    /// `on` or `off`.
    public static boolean onOrOff(String text) {
        return switch (text) {
            case "on" -> true;
            case "off" -> false;
            default -> throw new IllegalArgumentException("expected on or off");
        };
    }
}
