package roster.model;

import java.util.Optional;

/// E-mail addresses, folded the same way at every door.
public final class Email {
    /// The longest address, in characters. How long the part before the `@` may be is left to mail servers: the live API
    /// takes more than the 64 characters of RFC 5321.
    public static final int MAX = 254;

    /// Where those have their addresses who were anonymised; nobody else can have one there.
    public static final String ANONYMOUS = "@anonymized.invalid";

    private Email() {}

    /// Whether only somebody who is anonymised can have this address.
    public static boolean isAnonymous(String folded) {
        return folded.endsWith(ANONYMOUS);
    }

    /// The address as it is stored and compared: normal form C, lower case.
    ///
    /// @return nothing if it is no address: not one `@`, an empty or overlong part, a domain with an empty label,
    ///     blanks or control characters, or a letter that only folding makes ASCII (the Kelvin sign becomes `k`, and
    ///     somebody else's address with it)
    public static Optional<String> folded(String typed) {
        var folded = Text.lower(typed);
        return valid(folded) && typed.codePoints().noneMatch(Email::turnsAscii) ? Optional.of(folded)
            : Optional.empty();
    }

    /// Looked at letter by letter: a base letter and a combining mark may well become one.
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
