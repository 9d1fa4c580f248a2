package roster.model;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/// E-mail addresses: validation, and the one form in which they are stored, shown and compared.
///
/// That form is the part before the `@` in normal form C and lower case, and the domain in Unicode as UTS 46 converts it
/// (non-transitional, STD3 rules). Mail goes to the ASCII form of the domain ([#mailed]).
public final class Email {
    /// The longest address, in characters (Unicode code points), in the form that is stored and in that mail goes to.
    public static final int MAX = 254;

    /// The longest part before the `@` of a person's address, in characters.
    public static final int LOCAL_MAX = 64;

    /// Domain of the addresses given to anonymised users, with its `@`. No other user can have an address there.
    public static final String ANONYMOUS = "@anonymized.invalid";

    /// The longest text that is looked at: normal form C makes at most four characters one.
    private static final int TYPED_MAX = 4 * MAX;

    /// What may stand before the `@` beside letters, digits and dots: RFC 5322, 3.2.3, but for the slash and the braces.
    private static final String MARKS = "!#$%&'*+-=?^_`|~";

    /// Commas whose compatible form is not the ASCII one.
    private static final String OTHER_COMMAS = "\u060c\u3001";

    private Email() {}

    /// E-mail address and handle of an anonymised user: no mailbox can have it.
    public static String anonymous(UUID user) {
        return "anonymized-" + user + ANONYMOUS;
    }

    /// Whether this is the address of an anonymised user.
    public static boolean isAnonymous(String folded) {
        return folded.endsWith(ANONYMOUS);
    }

    /// A person's address as it is stored and compared. Mail can go to each that is valid.
    ///
    /// @return empty if it is not a valid address: not exactly one `@`; before it nothing, more than [#LOCAL_MAX]
    ///     characters, no dot-atom of RFC 6531, a comma, bracket, slash or quotation mark, a letter that stands for others
    ///     (the Kelvin sign folds to `k`, the long s is an `s` in its compatible form, which could turn one person's address
    ///     into another's), one that cannot be seen or has no meaning, or a combining mark without a letter; after it what is
    ///     no domain by UTS 46, or a number, which is the address of a host; more than [#MAX] characters
    public static Optional<String> folded(String typed) {
        return read(typed).filter(Parts::isVisible).filter(parts -> isMailbox(parts.local()))
            .flatMap(parts -> Domain.folded(parts.domain())
                .map(domain -> parts.local() + "@" + domain).filter(Email::fits));
    }

    /// The address of a service account as it is stored. It is a label that no mail is sent to, so it may be one that no
    /// mail server would take.
    ///
    /// @return empty if it is not valid: not exactly one `@`, an empty part, more than [#MAX] characters, a domain with an
    ///     empty label or other than ASCII characters that UTS 46 does not convert, blanks, control characters, `<`, `>`
    ///     or, before the `@`, a letter that folds to ASCII or what cannot be seen or has no meaning
    public static Optional<String> ofServiceAccount(String typed) {
        return read(typed).filter(Parts::isVisible).flatMap(Email::label);
    }

    /// An address in the form in which it may be stored, perhaps by an earlier version, which took some that are refused
    /// now. To find it, and to leave it as it is.
    ///
    /// @return empty if no version took it
    public static Optional<String> known(String typed) {
        return folded(typed).or(() -> read(typed).flatMap(Email::label));
    }

    /// A domain as the domains of addresses are stored and compared.
    ///
    /// @return empty if no address can have it
    public static Optional<String> domain(String typed) {
        return typed.length() > TYPED_MAX ? Optional.empty() : Domain.folded(typed);
    }

    /// A domain in the form in which the DNS and URLs know it.
    ///
    /// @return empty if no address can have it
    public static Optional<String> asciiDomain(String typed) {
        return domain(typed).map(Domain::ascii);
    }

    /// The address that mail goes to: the domain in its ASCII form.
    ///
    /// @param stored as it is in the database, perhaps by an earlier version
    /// @return empty if no mail can go there
    public static Optional<String> mailed(String stored) {
        return folded(stored).map(Email::withAsciiDomain);
    }

    /// A text to search addresses for, or a part of one, as those that contain it are stored. A domain may be typed in any
    /// of its forms.
    ///
    /// @return folded by [Text#folded], to be looked for after the `@` if it has none itself, else in the whole address; empty
    ///     if the fold of the whole text is the same, or nothing in it can be of a domain
    public static Optional<String> sought(String typed) {
        if (typed.length() > TYPED_MAX) {
            return Optional.empty();
        }
        var domain = typed.lastIndexOf('@') + 1;
        var sought = Text.folded(typed.substring(0, domain) + Domain.foldedPart(typed.substring(domain)));
        return sought.isEmpty() || sought.indexOf('\ufffd') >= 0 || sought.equals(Text.folded(typed))
            ? Optional.empty() : Optional.of(sought);
    }

    private static String withAsciiDomain(String folded) {
        var at = folded.indexOf('@');
        return folded.substring(0, at + 1) + Domain.ascii(folded.substring(at + 1));
    }

    /// An address taken apart.
    ///
    /// @param local folded
    /// @param domain as it was typed
    private record Parts(String local, String domain) {
        private boolean isVisible() {
            return local.codePoints().noneMatch(c -> c >= 0x80 && (Unseen.is(c) || isMeaningless(c)));
        }
    }

    /// Whether a character has no meaning of its own: not assigned, for private use, or the replacement for one that is
    /// missing.
    private static boolean isMeaningless(int c) {
        return c == 0xfffc || c == 0xfffd || switch (Character.getType(c)) {
            case Character.UNASSIGNED, Character.PRIVATE_USE -> true;
            default -> false;
        };
    }

    /// Length first: the rest takes time in proportion to it.
    private static Optional<Parts> read(String typed) {
        var at = typed.indexOf('@');
        if (typed.length() > TYPED_MAX || at < 1 || at != typed.lastIndexOf('@')) {
            return Optional.empty();
        }
        var local = typed.substring(0, at);
        var folded = Text.lower(local);
        return local.codePoints().anyMatch(Email::turnsAscii) || folded.codePoints().anyMatch(Email::outOfPlace)
            ? Optional.empty() : Optional.of(new Parts(folded, typed.substring(at + 1)));
    }

    /// Checked per code point, because a base letter and a combining mark may legitimately combine into one.
    private static boolean turnsAscii(int c) {
        return c >= 0x80 && Text.lower(Character.toString(c)).codePoints().anyMatch(folded -> folded < 0x80);
    }

    private static boolean fits(String folded) {
        return Text.length(folded) <= MAX && (Domain.isAscii(folded) || Text.length(withAsciiDomain(folded)) <= MAX);
    }

    /// An apostrophe within is a name's, as in o'hara; at an end it is a quotation mark.
    private static boolean isMailbox(String local) {
        return Text.length(local) <= LOCAL_MAX && !local.startsWith(".") && !local.endsWith(".")
            && !local.contains("..") && !local.startsWith("'") && !local.endsWith("'")
            && local.codePoints().allMatch(Email::mayBeInMailbox) && !beginsWithMark(local);
    }

    private static boolean beginsWithMark(String local) {
        return Stream.of(local.split("\\.")).anyMatch(atom -> Text.isMark(atom.codePointAt(0)));
    }

    private static boolean mayBeInMailbox(int c) {
        if (c < 0x80) {
            return isPlain(c);
        }
        return switch (Character.getType(c)) {
            case Character.START_PUNCTUATION, Character.END_PUNCTUATION, Character.INITIAL_QUOTE_PUNCTUATION,
                Character.FINAL_QUOTE_PUNCTUATION -> false;
            // What stands for other letters would make two addresses of one: ligatures, full-width and circled letters.
            default ->
                OTHER_COMMAS.indexOf(c) < 0 && Normalizer.isNormalized(Character.toString(c), Normalizer.Form.NFKC);
        };
    }

    private static boolean isPlain(int c) {
        return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '.' || MARKS.indexOf(c) >= 0;
    }

    private static Optional<String> label(Parts parts) {
        return Domain.folded(parts.domain()).or(() -> label(parts.domain()))
            .map(domain -> parts.local() + "@" + domain).filter(Email::fits);
    }

    private static Optional<String> label(String domain) {
        var stands = Domain.isAscii(domain) && domain.codePoints().noneMatch(Email::outOfPlace)
            && Stream.of(domain.split("\\.", -1)).noneMatch(String::isEmpty);
        return stands ? Optional.of(domain.toLowerCase(Locale.ROOT)) : Optional.empty();
    }

    private static boolean outOfPlace(int c) {
        return Character.isISOControl(c) || Character.isWhitespace(c) || Character.isSpaceChar(c)
            || Character.getType(c) == Character.FORMAT || Character.getType(c) == Character.SURROGATE
            || c == '<' || c == '>';
    }
}
