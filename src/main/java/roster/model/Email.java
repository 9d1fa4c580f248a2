package roster.model;

import java.util.Optional;
import java.util.UUID;

/// E-mail addresses: validation, and the one form in which they are stored and compared.
public final class Email {
    /// The longest address, in characters (Unicode code points). The part before the `@` has no limit of its own: the
    /// live API accepts more than the 64 characters of RFC 5321.
    public static final int MAX = 254;

    /// Domain of the addresses given to anonymised users, with its `@`. No other user can have an address there.
    public static final String ANONYMOUS = "@anonymized.invalid";

    private Email() {}

    /// E-mail address and handle of an anonymised user: no mailbox can have it.
    public static String anonymous(UUID user) {
        return "anonymized-" + user + ANONYMOUS;
    }

    /// Whether this is the address of an anonymised user.
    public static boolean isAnonymous(String folded) {
        return folded.endsWith(ANONYMOUS);
    }

    /// The address as it is stored and compared: normal form C, lower case.
    ///
    /// @return empty if it is not a valid address: not exactly one `@`, an empty part, more than [#MAX] characters, a
    ///     domain with an empty label, blanks or control characters, or a letter that folds to ASCII (the Kelvin sign
    ///     folds to `k`, which could turn one person's address into another's)
    public static Optional<String> folded(String typed) {
        var folded = Text.lower(typed);
        return valid(folded) && typed.codePoints().noneMatch(Email::turnsAscii) ? Optional.of(folded)
            : Optional.empty();
    }

    /// Checked per code point, because a base letter and a combining mark may legitimately combine into one.
    private static boolean turnsAscii(int c) {
        return c >= 0x80 && Text.lower(Character.toString(c)).codePoints().anyMatch(folded -> folded < 0x80);
    }

    private static boolean valid(String address) {
        var at = address.indexOf('@');
        if (at < 1 || at != address.lastIndexOf('@') || Text.length(address) > MAX) {
            return false;
        }
        if (address.codePoints().anyMatch(Email::outOfPlace)) {
            return false;
        }
        for (var label : address.substring(at + 1).split("\\.", -1)) {
            if (label.isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private static boolean outOfPlace(int c) {
        return Character.isISOControl(c) || Character.isWhitespace(c) || Character.isSpaceChar(c)
            || Character.getType(c) == Character.FORMAT || Character.getType(c) == Character.SURROGATE
            || c == '<' || c == '>';
    }
}
