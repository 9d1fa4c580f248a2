package roster.core.audit;

import java.util.regex.Pattern;

/// An e-mail address in the middle of a text: the whole of it, letter case ignored, and not a part of another address.
public final class Mention {
    /// Letters beyond ASCII, which may be in an address, without the marks that stand around words.
    private static final String BEYOND =
        "[^\\x01-\\x7f\u00ab\u00bb\u2010-\u2027\u2039\u203a\u3000-\u3003\u3008-\u3011\uff08\uff09\uff0c\uff1a]";

    /// Not right after a character that may be in an address; braces and bars may, but stand around addresses instead. An
    /// apostrophe is in one only after a letter.
    private static final String BEGIN = "(?<![0-9a-z.!#$%&*+=?^_`~-]|[0-9a-z]'|" + BEYOND + ")";

    /// Not before the rest of a longer domain. A full stop at the end of a sentence is none.
    private static final String END = "(?![.]?([0-9a-z_-]|" + BEYOND + "))";

    private final String address;
    private final Pattern pattern;

    /// @param address folded
    public Mention(String address) {
        this.address = address;
        this.pattern = Pattern.compile(regex(), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    }

    public String address() {
        return address;
    }

    /// The same as a regular expression that Java and PostgreSQL read alike, for text in lower case.
    public String regex() {
        var quoted = new StringBuilder();
        address.codePoints().forEach(c -> {
            if (c < 0x80 && !Character.isLetterOrDigit(c)) {
                quoted.append('\\');
            }
            quoted.appendCodePoint(c);
        });
        return BEGIN + quoted + END;
    }

    /// The text with a mark in place of each mention.
    String replacedIn(String text, String mark) {
        return pattern.matcher(text).replaceAll(mark);
    }
}
