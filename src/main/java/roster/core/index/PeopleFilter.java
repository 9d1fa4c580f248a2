package roster.core.index;

import java.time.LocalDate;
import java.util.Optional;
import java.util.Set;
import roster.model.Role;
import roster.model.User.Status;

/// Which users a list of people is about, besides its text. Every condition that is given must hold.
///
/// @param statuses one of these; empty: any
/// @param roles one of these, or none at all if `withoutRoles`; both empty and false: any
/// @param seen one of these; empty: any
/// @param withoutSecondFactor only users who have no second factor
/// @param addedFrom the first day on which they were created, in the zone of the request
/// @param addedTo the last day
public record PeopleFilter(Set<Status> statuses, Set<Role.Id> roles, boolean withoutRoles, Kind kind, Set<Seen> seen,
    boolean withoutSecondFactor, Optional<LocalDate> addedFrom, Optional<LocalDate> addedTo) {

    public enum Kind {
        PEOPLE, SERVICE, BOTH
    }

    /// When users signed in last. A user is in one of these at most.
    public enum Seen {
        NEVER,
        /// Some time, but not within 90 days.
        NOT_FOR_90_DAYS
    }

    public PeopleFilter {
        statuses = Set.copyOf(statuses);
        roles = Set.copyOf(roles);
        seen = Set.copyOf(seen);
    }

    /// All of a kind.
    public static PeopleFilter of(Kind kind) {
        return new PeopleFilter(Set.of(), Set.of(), false, kind, Set.of(), false, Optional.empty(), Optional.empty());
    }
}
