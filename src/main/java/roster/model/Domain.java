package roster.model;

import com.ibm.icu.text.IDNA;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// Names of domains, in the one form in which they are stored, shown and compared: converted by UTS 46, non-transitional,
/// with STD3 rules, to Unicode. A name that ends in a number is none, as no top level domain is one (RFC 3696, 2) and readers take it
/// for the address of a host.
///
/// A name of ASCII letters, digits and hyphens is its own lower case then. Only others need ICU, whose tables are loaded
/// with the first of them.
final class Domain {
    /// The longest name, in characters of its ASCII form (RFC 1035, 2.3.4).
    private static final int MAX = 253;
    private static final Pattern PLAIN_LABEL = Pattern.compile("[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?");

    private static final Pattern NUMBER = Pattern.compile("[0-9]+|0[xX][0-9a-fA-F]*");

    /// Two hyphens in this place say that a label is encoded (RFC 5891, 4.2.3.1).
    private static final int ENCODED_AT = 2;

    private Domain() {}

    /// The name as it is stored.
    ///
    /// @return empty if it does not convert: an empty label, one of more than 63 characters or with other ASCII characters
    ///     than letters, digits and inner hyphens, more than [#MAX] characters in all, what IDNA2008 does not allow, or a
    ///     number as its last label, also in hexadecimal
    static Optional<String> folded(String typed) {
        return isAscii(typed) && !mayBeEncoded(typed)
            ? Optional.of(typed).filter(Domain::isPlain).map(name -> name.toLowerCase(Locale.ROOT))
            : Uts46.folded(typed);
    }

    /// The form in which mail servers and the DNS know a name.
    ///
    /// @param folded by [#folded]
    static String ascii(String folded) {
        return isAscii(folded) ? folded : Uts46.ascii(folded).orElseThrow();
    }

    /// A part of a name as names that contain it are stored; in place of what cannot stand in one is a replacement character.
    static String foldedPart(String typed) {
        return isAscii(typed) && !mayBeEncoded(typed) ? typed.toLowerCase(Locale.ROOT) : Uts46.foldedPart(typed);
    }

    private static boolean isPlain(String name) {
        if (name.length() > MAX) {
            return false;
        }
        for (var label : name.split("\\.", -1)) {
            if (!PLAIN_LABEL.matcher(label).matches() || label.startsWith("--", ENCODED_AT)) {
                return false;
            }
        }
        return !endsInNumber(name);
    }

    private static boolean endsInNumber(String name) {
        return NUMBER.matcher(name.substring(name.lastIndexOf('.') + 1)).matches();
    }

    static boolean isAscii(String name) {
        return name.chars().allMatch(c -> c < 0x80);
    }

    private static boolean mayBeEncoded(String name) {
        return name.toLowerCase(Locale.ROOT).contains("xn--");
    }

    /// What ICU says. A class of its own, so that ICU is loaded only when it is asked.
    static final class Uts46 {
        private static final IDNA RULES = IDNA.getUTS46Instance(IDNA.NONTRANSITIONAL_TO_ASCII
            | IDNA.NONTRANSITIONAL_TO_UNICODE | IDNA.USE_STD3_RULES | IDNA.CHECK_BIDI | IDNA.CHECK_CONTEXTJ);

        private Uts46() {}

        static Optional<String> folded(String typed) {
            var info = new IDNA.Info();
            return ascii(typed)
                .map(ascii -> RULES.nameToUnicode(ascii, new StringBuilder(), info).toString())
                .filter(_ -> !info.hasErrors());
        }

        private static String foldedPart(String typed) {
            return RULES.nameToUnicode(typed, new StringBuilder(), new IDNA.Info()).toString();
        }

        /// ICU takes an empty label at the end for the root of all domains.
        private static Optional<String> ascii(String typed) {
            var info = new IDNA.Info();
            var ascii = RULES.nameToASCII(typed, new StringBuilder(), info).toString();
            return info.hasErrors() || ascii.endsWith(".") || ascii.length() > MAX || endsInNumber(ascii)
                ? Optional.empty()
                : Optional.of(ascii);
        }
    }
}
