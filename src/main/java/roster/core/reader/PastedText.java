package roster.core.reader;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/// A text as it was pasted or came in a file, without what is not meant to be read.
///
/// @param text lines that end with a line feed alone. Byte order marks and characters without width are dropped, no-break
///     blanks are blanks, curly quotation marks are straight ones, and control characters are blanks
/// @param windows whether it was read as Windows-1252, as it is not UTF-8
public record PastedText(String text, boolean windows) {
    /// The longest text, in bytes of a file or characters of a field: 1 MiB.
    public static final int MAX = 1 << 20;

    private static final Charset WINDOWS = Charset.forName("windows-1252");
    private static final Pattern LINE_ENDS = Pattern.compile("\r\n|[\r\u000b\u000c\u0085\u2028\u2029]");

    /// Byte order marks, soft hyphens, blanks without width and marks of direction. Joiners of letters stay between letters
    /// that are not Latin: some languages spell names with them.
    private static final Pattern UNSEEN = Pattern.compile("[\ufeff\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064"
        + "\u2066-\u2069]|[\u200c\u200d](?![\\p{L}\\p{M}&&[^\\p{IsLatin}]])|(?<![\\p{L}\\p{M}&&[^\\p{IsLatin}]])[\u200c\u200d]");
    private static final Pattern BLANKS = Pattern.compile("[\\x00-\\x08\\x0e-\\x1f\\x7f\u00a0\u2000-\u200a\u202f\u205f"
        + "\u3000]");
    private static final Pattern QUOTES = Pattern.compile("[\u201c-\u201f\u00ab\u00bb\u2033\uff02]");
    private static final Pattern APOSTROPHES = Pattern.compile("[\u2018-\u201b\u2032\u00b4\uff07]");

    /// A text that was pasted.
    public static PastedText of(String pasted) {
        return new PastedText(clean(pasted), false);
    }

    /// A file: UTF-8, or UTF-16 where it begins with a byte order mark, as spreadsheets write "Unicode text"; all else is
    /// read as Windows-1252.
    public static PastedText of(byte[] file) {
        if (file.length >= 2 && (file[0] == (byte) 0xff && file[1] == (byte) 0xfe
            || file[0] == (byte) 0xfe && file[1] == (byte) 0xff)) {
            return of(new String(file, StandardCharsets.UTF_16));
        }
        try {
            return of(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(file)).toString());
        } catch (CharacterCodingException e) { // reports what is no UTF-8
            return new PastedText(clean(new String(file, WINDOWS)), true);
        }
    }

    private static String clean(String text) {
        var lines = LINE_ENDS.matcher(text).replaceAll("\n");
        var seen = UNSEEN.matcher(lines).replaceAll("");
        var blanks = BLANKS.matcher(seen).replaceAll(" ");
        return APOSTROPHES.matcher(QUOTES.matcher(blanks).replaceAll("\"")).replaceAll("'");
    }
}
