package roster.core.event;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// What to read of a feed.
///
/// @param types only these; none: all
/// @param about only events about this user, their roles, keys and invitations included
/// @param limit the most events
public record FeedQuery(From from, Optional<Set<String>> types, Optional<UUID> about, int limit) {
    /// Where to begin.
    public sealed interface From {
        record Beginning() implements From {}

        /// At the end: only what happens from now on.
        record Latest() implements From {}

        /// Behind an event.
        record After(EventId event) implements From {}

        /// With the first event at this time or later.
        record Since(Instant time) implements From {}
    }

    /// The same from another place.
    public FeedQuery from(From other) {
        return new FeedQuery(other, types, about, limit);
    }
}
