package roster.model;

import com.github.f4b6a3.uuid.UuidCreator;
import java.util.Optional;
import java.util.UUID;

/// The permanent id of a row. Each noun has an id type of its own, so the compiler keeps them apart.
public interface Id {
    UUID value();

    /// A UUID of version 5, always the same for the same name in the same space. For objects that have no row.
    static UUID named(UUID space, String name) {
        return UuidCreator.getNameBasedSha1(space, name);
    }

    /// Parses the usual text form of a UUID, of any version and in any letter case.
    ///
    /// @return empty for any other text, including `1-1-1-1-1`, which [UUID#fromString] accepts
    static Optional<UUID> parse(String text) {
        if (text.length() != 36) {
            return Optional.empty();
        }
        for (int i = 0; i < 36; i++) {
            var c = text.charAt(i);
            var dash = i == 8 || i == 13 || i == 18 || i == 23;
            if (dash ? c != '-' : !isHex(c)) {
                return Optional.empty();
            }
        }
        return Optional.of(UUID.fromString(text));
    }

    private static boolean isHex(char c) {
        return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F';
    }
}
