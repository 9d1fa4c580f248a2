package roster.core.bulk;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import roster.model.Caller;
import roster.model.Permission;

/// What can be done with many people at once.
public enum Act {
    INVITE(Permission.USER_ACCESS_INVITE),
    GIVE_ROLES(Permission.USER_ACCESS_MANAGE),
    TAKE_ROLES(Permission.USER_ACCESS_MANAGE),
    DISABLE(Permission.USER_ACCESS_MANAGE),
    ENABLE(Permission.USER_ACCESS_MANAGE),
    CANCEL_INVITATIONS(Permission.USER_ACCESS_INVITE);

    private final Permission needed;

    Act(Permission needed) {
        this.needed = needed;
    }

    /// What its maker must hold, at each piece.
    public Permission needed() {
        return needed;
    }

    /// As in addresses: `give_roles`.
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Which of them a caller may do.
    public static Set<Act> of(Caller caller) {
        return Stream.of(values()).filter(act -> caller.holds(act.needed)).collect(Collectors.toSet());
    }

    public static Optional<Act> named(String text) {
        return Stream.of(values()).filter(act -> act.text().equals(text)).findFirst();
    }

    /// What undoes it; none: nothing does.
    public Optional<Act> opposite() {
        return switch (this) {
            case GIVE_ROLES -> Optional.of(TAKE_ROLES);
            case TAKE_ROLES -> Optional.of(GIVE_ROLES);
            case DISABLE -> Optional.of(ENABLE);
            case ENABLE -> Optional.of(DISABLE);
            case INVITE, CANCEL_INVITATIONS -> Optional.empty();
        };
    }

    /// Whether it is about roles that are chosen with it.
    public boolean hasRoles() {
        return this == GIVE_ROLES || this == TAKE_ROLES;
    }
}
