package roster.base.json;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/// Moments as clients send them.
public final class Times {
    /// The years that all clients and the database can write.
    private static final int YEAR_MAX = 9999;

    private Times() {}

    /// ISO 8601 with its offset, as `2026-08-01T09:00:00Z`.
    ///
    /// @return nothing for anything else, and for years before 0 or after 9999
    public static Optional<Instant> parse(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text))
                .filter(time -> time.getYear() >= 0 && time.getYear() <= YEAR_MAX).map(OffsetDateTime::toInstant);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
