package roster.core.index;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// A page of people to list.
///
/// @param rows how many, from 1 to 1000
/// @param now from which 90 days are counted back
/// @param zone in which days begin
public record PeopleRequest(PeopleQuery query, Place place, int rows, Instant now, ZoneId zone) {
    private static final Duration SEEN = Duration.ofDays(90);

    /// Where in the list a page is. Pages are slices of the list as it is now: a position in it is that of a user at some
    /// moment, who may have moved or left since.
    public sealed interface Place {
        Place FIRST = new First();
        Place END = new End();

        record First() implements Place {}

        /// The page that paging on and on from the first one ends with.
        record End() implements Place {}

        /// Those who follow a position.
        record After(SortPosition position) implements Place {}

        /// Those who come just before a position.
        record Before(SortPosition position) implements Place {}

        /// How many rows of a list come before a position.
        @FunctionalInterface
        interface Earlier {
            /// @param inclusive counts the row at the position, too
            long than(SortPosition position, boolean inclusive);
        }

        /// How many rows come before a page that is full where the list is long enough: in the place of one that those it
        /// began with have left, it is the last page; in the place of one that too few come before, the first.
        ///
        /// @param rows how many a page has
        /// @param count how many the list has
        default long offset(int rows, long count, Earlier earlier) {
            var last = count == 0 ? 0 : (count - 1) / rows * rows;
            return switch (this) {
                case First _ -> 0;
                case End _ -> last;
                case After(var position) -> {
                    var before = earlier.than(position, true);
                    yield before < count ? before : last;
                }
                case Before(var position) -> Math.max(0, earlier.than(position, false) - rows);
            };
        }
    }

    /// The same list at another place.
    public PeopleRequest at(Place other) {
        return new PeopleRequest(query, other, rows, now, zone);
    }

    /// Who signed in before this time is not seen for 90 days. To the hour, so that one search is good for an hour.
    public Instant seenBefore() {
        return now.truncatedTo(ChronoUnit.HOURS).minus(SEEN);
    }

    /// Only users who were created then or later.
    public Optional<Instant> addedFrom() {
        return query.filter().addedFrom().map(this::begin);
    }

    /// Only users who were created earlier.
    public Optional<Instant> addedBefore() {
        return query.filter().addedTo().map(day -> begin(day.plusDays(1)));
    }

    private Instant begin(LocalDate day) {
        return day.atStartOfDay(zone).toInstant();
    }
}
