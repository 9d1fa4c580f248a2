package roster.core.mail;

/// An e-mail, ready to be sent: the same text as plain text and as HTML.
///
/// @param subject one line; line breaks and control characters become spaces
/// @param text lines end in `\n`
/// @param html a whole document that loads nothing from outside
public record Letter(String subject, String text, String html) {
    public Letter {
        subject = oneLine(subject);
    }

    /// User input, made fit for one line of an e-mail: without line breaks and other control characters, which could start
    /// a header or a paragraph, and without those that change the direction of the text around them.
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
