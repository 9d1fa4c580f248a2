package roster.model;

import java.text.Normalizer;
import java.util.Locale;

/// Normalises text for storing, searching and sorting.
public final class Text {
    /// The longest text, in UTF-16 units, that is normalised: it takes time with the square of its combining marks.
    public static final int NORMALISED_MAX = 10_000;

    /// Into how many characters normal form C may take one apart at the most, in all of Unicode.
    private static final int PARTS_MAX = 4;

    private Text() {}

    /// Normal form C, so that the same letters are the same text however they were typed.
    ///
    /// @throws Refused with [Problem.TooLarge] beyond [#NORMALISED_MAX]
    public static String clean(String typed) {
        if (typed.length() > NORMALISED_MAX) {
            throw new Refused(new Problem.TooLarge());
        }
        return Normalizer.normalize(typed, Normalizer.Form.NFC);
    }

    /// Whether the normal form C of a text has more characters than these. Does not normalise what is much longer.
    public static boolean isLonger(String typed, int characters) {
        return length(typed) > characters * PARTS_MAX || length(clean(typed)) > characters;
    }

    /// Normal form C and lower case.
    static String lower(String typed) {
        return Normalizer.normalize(clean(typed).toLowerCase(Locale.ROOT), Normalizer.Form.NFC);
    }

    /// Text for case-insensitive searching and sorting. Compare it by code point, in memory as in SQL.
    public static String folded(String typed) {
        // The only letter whose lower case depends on its position; a search text may end within a word.
        return lower(typed).replace('ς', 'σ');
    }

    /// A name of a key or role as it is stored: in normal form C, without blanks around it. Two of them are the same name
    /// if they are so folded.
    public static String name(String typed) {
        return clean(typed).strip();
    }

    /// Whether PostgreSQL can store the text: it has no NUL and no unpaired surrogate.
    public static boolean storable(String typed) {
        return typed.codePoints().noneMatch(c -> c == 0 || Character.getType(c) == Character.SURROGATE);
    }

    /// Whether the text has no line breaks and no control characters.
    public static boolean oneLine(String typed) {
        return typed.codePoints().noneMatch(c -> Character.isISOControl(c)
            || Character.getType(c) == Character.LINE_SEPARATOR
            || Character.getType(c) == Character.PARAGRAPH_SEPARATOR);
    }

    /// What to tell of a text without [#isVisible].
    public static final String INVISIBLE = "Must have a visible character.";

    /// Whether some character of the text can be seen by itself: it is no blank, control character, filler or the like, and
    /// no mark that stands on another one.
    public static boolean isVisible(String typed) {
        return typed.codePoints().anyMatch(c -> !Unseen.is(c) && !isMark(c));
    }

    /// Whether a character combines with the one before it.
    static boolean isMark(int c) {
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK -> true;
            default -> false;
        };
    }

    /// Whether a character is shown as nothing, without a blank in its place: joiners, fillers, variation selectors.
    public static boolean isIgnorable(int c) {
        return Unseen.isIgnorable(c);
    }

    /// Length in characters (Unicode code points).
    public static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /// The beginning of a text that is longer than this many characters, with an ellipsis; else the text.
    public static String cut(String text, int most) {
        return length(text) <= most ? text : text.substring(0, text.offsetByCodePoints(0, most)) + "…";
    }

    /// Edit distance: how many characters must be changed, added, removed or swapped with their neighbour to turn one
    /// text into the other.
    public static int distance(String one, String other) {
        var d = new int[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            for (int j = 0; j <= other.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                var same = one.charAt(i - 1) == other.charAt(j - 1);
                d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + (same ? 0 : 1));
                if (i > 1 && j > 1 && one.charAt(i - 1) == other.charAt(j - 2)
                    && one.charAt(i - 2) == other.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[one.length()][other.length()];
    }
}
