package roster.core.mail;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import roster.model.Text;

/// The name that a tenant gave to something, as an e-mail and its page show it. Both come from the operator's domain, so a
/// name must not bring a link: mail programs make one of whatever looks like one.
public final class ShownName {
    /// What programs make a link of, in lower case and without what cannot be seen.
    private static final Pattern LINK = Pattern.compile(String.join("|",
        "\\S*[/\\\\]{2}", // https://evil, //evil, \\evil\share
        "(?<![a-z0-9])[a-z][a-z0-9+.-]+:(?=\\S)", // https:/evil, javascript:x, evil:8080
        "(?<![a-z])(?:tel|sms|mailto|callto)\\s*:",
        "\\bwww\\.",
        "\\b[0-9]{1,3}(?:\\.[0-9]{1,3}){3}\\b",
        "\\[?[0-9a-f:]*(?:[0-9a-f]::|::[0-9a-f])|(?:[0-9a-f]{1,4}:){7}[0-9a-f]", // IPv6
        "[^\\s@]+@[^\\s@]",
        "\\.(?:xn--[a-z0-9-]+|[\\p{L}\\p{M}]{2,}+(?!\\p{N}))", // evil.test, evil.com-now
        "\\+[0-9](?:[ ().-]*[0-9]){6,}")); // a telephone number

    /// What stands for a dot in domains, beside what is one in its compatible form (UTS 46, 4).
    private static final int IDEOGRAPHIC_STOP = 0x3002;

    /// Becomes three dots in its compatible form, but is none in a domain.
    private static final int ELLIPSIS = 0x2026;

    private ShownName() {}

    /// The name as one line, up to the first link: a word with two slashes or backslashes, a scheme or host with a colon and
    /// something right after it, `www.`, an IP address, an e-mail address, also at a host without a dot, a telephone number with
    /// its `+`, or a dot with a label of two letters or more after it. `Acme.com` is shown as `Acme`.
    ///
    /// @return empty if nothing is left that can be seen
    public static Optional<String> of(String typed) {
        var line = Letter.oneLine(typed);
        var alike = new StringBuilder();
        var origins = new int[line.length() * 18 + 1]; // no character has a longer compatible form
        for (int at = 0; at < line.length(); at += Character.charCount(line.codePointAt(at))) {
            for (var c : compatible(line.codePointAt(at)).toCharArray()) {
                origins[alike.length()] = at;
                alike.append(c);
            }
        }
        var link = LINK.matcher(alike);
        var shown = link.find() ? line.substring(0, origins[link.start()]).strip() : line;
        return Text.isVisible(shown) ? Optional.of(shown) : Optional.empty();
    }

    /// A link with characters that are shown as nothing looks like one without.
    private static String compatible(int c) {
        if (c == IDEOGRAPHIC_STOP) {
            return ".";
        }
        if (c == ELLIPSIS) {
            return Character.toString(c);
        }
        if (Text.isIgnorable(c)) {
            return "";
        }
        var form = Normalizer.normalize(Character.toString(c), Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        return form.replace(Character.toString(IDEOGRAPHIC_STOP), ".");
    }
}
