package roster.core.index;

import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import roster.core.index.InvitationRequest.Slice;
import roster.model.Invitation.State;

/// Reads a page of invitations.
final class InvitationReader {
    private final InvitationIndex index;
    private final InvitationRequest request;
    private final Ranking ranking;
    private final int count;

    /// @param ranking of those that are listed, in the order that the request asks for
    /// @param count how many these are
    InvitationReader(InvitationIndex index, InvitationRequest request, Ranking ranking, int count) {
        this.index = index;
        this.request = request;
        this.ranking = ranking;
        this.count = count;
    }

    /// @param byState as in the slice
    Slice slice(Map<State, Long> byState) {
        var sort = request.sort();
        var offset = request.place().offset(request.rows(), count, this::earlier);
        var page = new ArrayList<Integer>();
        ranking.each(offset, request.rows(), request.descending(), page::add);
        var some = !page.isEmpty();
        return new Slice(page.stream().map(index::id).toList(), offset, count, index.size(), byState,
            some && offset > 0 ? Optional.of(index.position(sort, page.getFirst())) : Optional.empty(),
            some && offset + page.size() < count ? Optional.of(index.position(sort, page.getLast()))
                : Optional.empty());
    }

    private long earlier(SortPosition position, boolean inclusive) {
        var orEqual = inclusive != request.descending();
        var rank = ranking.rank(row -> {
            var compared = index.compare(request.sort(), row, position);
            return compared < 0 || orEqual && compared == 0 ? -1 : 1;
        });
        return request.descending() ? count - rank : rank;
    }
}
