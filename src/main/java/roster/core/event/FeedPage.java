package roster.core.event;

import java.util.List;
import java.util.Optional;

/// A part of a feed.
///
/// @param events in order
/// @param after the last entry that was looked at, behind which the next page begins; none where there is no entry at all
/// @param more whether there may be more behind it
public record FeedPage(List<Event> events, Optional<EventId> after, boolean more) {
    /// The first events of it, behind which there are more.
    public FeedPage first(int number) {
        return number == events.size() ? this
            : new FeedPage(events.subList(0, number), Optional.of(events.get(number - 1).id()), true);
    }
}
