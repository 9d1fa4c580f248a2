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
    /// a header or a paragraph, and without those that cannot be seen or change the direction of the text around them. Those
    /// that join others stay.
    public static String oneLine(String typed) {
        var line = new StringBuilder(typed.length());
        typed.codePoints().map(c -> breaks(c) ? ' ' : c).filter(c -> !turns(c)).forEach(line::appendCodePoint);
        return line.toString().strip().replaceAll(" {2,}", " ");
    }

    private static boolean breaks(int c) {
        return Character.isISOControl(c) || c == 0x2028 || c == 0x2029;
    }

    /// All format characters but the joiners, which some scripts and emoji need, and the tags of flags.
    private static boolean turns(int c) {
        return Character.getType(c) == Character.FORMAT && c != 0x200c && c != 0x200d && (c < 0xe0020 || c > 0xe007f);
    }
}
