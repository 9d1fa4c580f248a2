package roster.door.web.console;

import java.text.BreakIterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/// The little picture beside a name: initials, on one of eight tints, which follows the id.
///
/// @param initials none: a machine
/// @param tint the name of a class
public record Avatar(Optional<String> initials, String tint) {
    private static final List<String> TINTS =
        List.of("grey", "amber", "violet", "blue", "green", "teal", "rose", "rust");

    /// The first character that may be a part of the one before it.
    private static final char MARKS = '\u0300';

    /// A person's: the initials of the first and the last word of their name, else of their address.
    public static Avatar of(UUID id, Optional<String> name, String email) {
        var words = name.map(String::strip).filter(text -> !text.isEmpty()).orElse(email).split("\\s+");
        var first = initial(words[0]);
        return new Avatar(Optional.of((words.length == 1 ? first : first + initial(words[words.length - 1]))
            .toUpperCase(Locale.ROOT)), tint(id));
    }

    public static Avatar machine() {
        return new Avatar(Optional.empty(), TINTS.getFirst());
    }

    private static String tint(UUID id) {
        return TINTS.get(Math.floorMod(Long.hashCode(id.getLeastSignificantBits()), TINTS.size()));
    }

    /// The first character as users see it, with all of its marks, within reason.
    private static String initial(String word) {
        if (!word.isEmpty() && word.charAt(0) < MARKS && (word.length() == 1 || word.charAt(1) < MARKS)) {
            return word.substring(0, 1); // as nearly always, and many times sooner
        }
        var characters = BreakIterator.getCharacterInstance(Locale.ROOT);
        characters.setText(word);
        var end = characters.next();
        return end == BreakIterator.DONE ? "" : word.substring(0, Math.min(end, word.offsetByCodePoints(0,
            Math.min(2, word.codePointCount(0, word.length())))));
    }
}
