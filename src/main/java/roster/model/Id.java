package roster.model;

import com.github.f4b6a3.uuid.UuidCreator;
import java.util.Optional;
import java.util.UUID;

/// The name of a row for ever. Each noun has its own type of id, so that one is never taken for another.
public interface Id {
    UUID value();

    /// A new UUID of version 7: ids made later sort later, which keeps index inserts together.
    static UUID next() {
        return UuidCreator.getTimeOrderedEpoch();
    }

    /// A UUID of version 5: always the same for the same name in the same space. For what is there without a row.
    static UUID named(UUID space, String name) {
        return UuidCreator.getNameBasedSha1(space, name);
    }

    /// Reads the usual text form of a UUID, of any version and letter case.
    ///
    /// @return nothing for any other text; unlike [UUID#fromString], which takes `1-1-1-1-1`
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
