package roster.core.index;

import java.util.Optional;
import java.util.Set;
import roster.core.index.PeopleFilter.Kind;
import roster.core.index.PeopleFilter.Seen;
import roster.model.Email;
import roster.model.Id;
import roster.model.Role;
import roster.model.Text;
import roster.model.User;
import roster.model.User.Status;

/// Which users a list is about. Times are in microseconds since 1970.
///
/// @param text only users whose e-mail or name contains it, or whose e-mail contains the address, or who have the id; folded,
///     not empty
/// @param address as [Email#sought] has it
/// @param statuses one of these; empty: any
/// @param roles only members of one of these, and users without roles if `withoutRoles`; both empty and false: any
/// @param seenBefore for [Seen#NOT_FOR_90_DAYS]
/// @param addedFrom only users who were created then or later
/// @param addedBefore only users who were created earlier
record UserFilter(Optional<String> text, Optional<String> address, Optional<User.Id> id, Set<Status> statuses,
    Set<Role.Id> roles, boolean withoutRoles, Kind kind, Set<Seen> seen, long seenBefore, boolean withoutSecondFactor,
    long addedFrom, long addedBefore) {
    private static final long LAST = Long.MAX_VALUE;

    UserFilter {
        statuses = statuses.size() == Status.values().length ? Set.of() : Set.copyOf(statuses);
    }

    static UserFilter of(UserQuery query, Optional<Role.Id> role) {
        return new UserFilter(text(query.text()), query.text().flatMap(Email::sought), Optional.empty(),
            query.statuses().orElse(Set.of()), role.map(Set::of).orElse(Set.of()), false, Kind.BOTH, Set.of(),
            UserCodec.NEVER, false, UserCodec.NEVER, LAST);
    }

    static UserFilter of(PeopleRequest request) {
        var text = request.query().text();
        var filter = request.query().filter();
        var seenBefore = filter.seen().contains(Seen.NOT_FOR_90_DAYS) ? UserCodec.micros(request.seenBefore())
            : UserCodec.NEVER;
        return new UserFilter(text(text), text.flatMap(Email::sought), text.flatMap(Id::parse).map(User.Id::new),
            filter.statuses(), filter.roles(), filter.withoutRoles(), filter.kind(), filter.seen(), seenBefore,
            filter.withoutSecondFactor(), request.addedFrom().map(UserCodec::micros).orElse(UserCodec.NEVER),
            request.addedBefore().map(UserCodec::micros).orElse(LAST));
    }

    private static Optional<String> text(Optional<String> typed) {
        return typed.map(Text::folded).filter(text -> !text.isEmpty());
    }

    private static UserFilter of(Kind kind, Set<Role.Id> roles) {
        return new UserFilter(Optional.empty(), Optional.empty(), Optional.empty(), Set.of(), roles, false, kind,
            Set.of(), UserCodec.NEVER, false, UserCodec.NEVER, LAST);
    }

    /// All members of a role.
    static UserFilter of(Role.Id role) {
        return of(Kind.BOTH, Set.of(role));
    }

    /// The same users and others, whatever their texts and ids.
    UserFilter anyText() {
        return new UserFilter(Optional.empty(), Optional.empty(), Optional.empty(), statuses, roles, withoutRoles, kind,
            seen, seenBefore, withoutSecondFactor, addedFrom, addedBefore);
    }

    /// The same users and others, whatever their status.
    UserFilter anyStatus() {
        return new UserFilter(text, address, id, Set.of(), roles, withoutRoles, kind, seen, seenBefore,
            withoutSecondFactor, addedFrom, addedBefore);
    }

    /// Whether all users of the kind match.
    boolean isOfKind() {
        return equals(of(kind, Set.of()));
    }

    /// Whether all users match.
    boolean isOpen() {
        return kind == Kind.BOTH && isOfKind();
    }

    boolean asksForDays() {
        return addedFrom != UserCodec.NEVER || addedBefore != LAST;
    }

    boolean asksForRoles() {
        return withoutRoles || !roles.isEmpty();
    }
}
