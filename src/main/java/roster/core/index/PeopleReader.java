package roster.core.index;

import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import roster.core.index.PeopleRequest.Place;
import roster.model.User.Status;

/// Reads a page of people.
final class PeopleReader {
    private final PeopleRequest request;
    private final UserRows rows;
    private final Matching matching;
    private final UserQuery.Sort sort;
    private final boolean descending;
    private final int count;

    /// @param matching in the order that the request asks for
    PeopleReader(PeopleRequest request, UserRows rows, Matching matching) {
        this.request = request;
        this.rows = rows;
        this.matching = matching;
        this.sort = request.query().sort();
        this.descending = request.query().descending();
        this.count = matching.count();
    }

    /// @param all as in the slice
    /// @param byStatus as in the slice
    PeopleSlice slice(int all, Map<Status, Long> byStatus) {
        return switch (request.place()) {
            case Place.First _ -> slice(0, request.rows(), all, byStatus);
            case Place.End _ -> slice(last(), request.rows(), all, byStatus);
            case Place.After(var position) -> slice(earlier(position, true), request.rows(), all, byStatus);
            case Place.Before(var position) -> {
                var end = earlier(position, false);
                var offset = Math.max(0, end - request.rows());
                yield slice(offset, end - offset, all, byStatus);
            }
        };
    }

    private PeopleSlice slice(int offset, int most, int all, Map<Status, Long> byStatus) {
        var found = new ArrayList<Integer>(most);
        matching.each(offset, most, descending, found::add);
        var some = !found.isEmpty();
        return new PeopleSlice(found.stream().map(rows::packed).toList(), offset, count, all, byStatus,
            some && offset > 0 ? Optional.of(rows.position(sort, found.getFirst())) : Optional.empty(),
            some && offset + found.size() < count ? Optional.of(rows.position(sort, found.getLast()))
                : Optional.empty());
    }

    /// How many come before the last page of those that begin with the first one.
    private int last() {
        return count == 0 ? 0 : (count - 1) / request.rows() * request.rows();
    }

    /// How many come before a position.
    ///
    /// @param inclusive counts who is at the position, too
    private int earlier(SortPosition position, boolean inclusive) {
        var orEqual = inclusive != descending;
        var rank = matching.rank(row -> {
            var compared = rows.compare(sort, row, position);
            return compared < 0 || orEqual && compared == 0 ? -1 : 1;
        });
        return descending ? count - rank : rank;
    }
}
