package roster.model;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UProperty;

/// Characters of which nothing can be seen.
final class Unseen {
    /// A symbol by its category, but one without dots.
    private static final int BRAILLE_BLANK = 0x2800;

    private Unseen() {}

    /// Whether a character is a blank, a control character, half of one, or ignorable.
    static boolean is(int c) {
        return Character.isISOControl(c) || Character.isWhitespace(c) || Character.isSpaceChar(c)
            || c == BRAILLE_BLANK || Character.getType(c) == Character.SURROGATE || isIgnorable(c);
    }

    /// Whether a character is a format character or another one that is shown as nothing by default, such as a filler or a
    /// variation selector.
    static boolean isIgnorable(int c) {
        return c >= 0x80 && (Character.getType(c) == Character.FORMAT || Ignorable.is(c));
    }

    /// What ICU says. A class of its own, so that ICU is loaded only when it is asked.
    private static final class Ignorable {
        private static boolean is(int c) {
            return UCharacter.hasBinaryProperty(c, UProperty.DEFAULT_IGNORABLE_CODE_POINT);
        }
    }
}
