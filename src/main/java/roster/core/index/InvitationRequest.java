package roster.core.index;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import roster.core.index.PeopleRequest.Place;
import roster.model.Invitation;
import roster.model.User;

/// A page of an organisation's invitations to list, and how they are counted.
///
/// @param choice which of those that match are listed; none: all of them
/// @param rows how many a page has
public record InvitationRequest(Filter filter, Optional<Choice> choice, InvitationQuery.Sort sort, boolean descending,
    Place place, int rows) {
    /// All conditions but that on the state.
    ///
    /// @param text part of the address, in any letter case, its domain in any spelling; or the id of an invitation or of the
    ///     user who is invited
    /// @param sentFrom only invitations that were made then or later
    /// @param expiresUntil only those that end then or earlier
    public record Filter(Optional<String> text, Optional<User.Id> inviter, Optional<Instant> sentFrom,
        Optional<Instant> expiresUntil) {}

    /// By their states.
    ///
    /// @param ids which of the open ones are meant, if open ones are
    /// @param inside whether those that are in `ids` are meant, or all others
    public record Choice(Set<Invitation.State> states, Set<UUID> ids, boolean inside) {
        public Choice {
            states = Set.copyOf(states);
            ids = Set.copyOf(ids);
        }

        /// All that are in one of these states.
        public static Choice of(Set<Invitation.State> states) {
            return new Choice(states, Set.of(), false);
        }

        /// The same without what is in none of the states of another choice.
        Choice among(Choice other) {
            return new Choice(states.stream().filter(other.states::contains).collect(Collectors.toSet()), ids, inside);
        }
    }

    /// A page, counted.
    ///
    /// @param ids of the page, in order
    /// @param offset how many that are listed come before the page
    /// @param matching how many are listed, over all pages
    /// @param all how many there are, whatever is asked for
    /// @param byState how many match the filter, by state; every state is there
    /// @param first the position of the first on the page, if others come before
    /// @param last the position of the last on the page, if others follow
    public record Slice(List<UUID> ids, long offset, long matching, long all,
        Map<Invitation.State, Long> byState, Optional<SortPosition> first, Optional<SortPosition> last) {}
}
