package roster.core.mail;

/// A mail, ready to be sent: the same words as plain text and as HTML.
///
/// @param subject one line; line breaks and control characters become blanks
/// @param text lines end in `\n`
/// @param html a whole document that asks for nothing from outside
public record Letter(String subject, String text, String html) {
    public Letter {
        subject = oneLine(subject);
    }

    /// What somebody typed, fit for a line of a letter: without line breaks and other control characters, which could
    /// begin a header or a paragraph of their own, and without those that turn the direction of the text around them.
    public static String oneLine(String typed) {
        var line = new StringBuilder(typed.length());
        typed.codePoints().map(c -> breaks(c) ? ' ' : c).filter(c -> !turns(c)).forEach(line::appendCodePoint);
        return line.toString().strip().replaceAll(" {2,}", " ");
    }

    private static boolean breaks(int c) {
        return Character.isISOControl(c) || c == 0x2028 || c == 0x2029;
    }

    private static boolean turns(int c) {
        return c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069;
    }
}
