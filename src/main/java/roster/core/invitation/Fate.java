package roster.core.invitation;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import roster.core.mail.Delivery;
import roster.model.Invitation.State;

/// How far an invitation got. The first five are of open ones: how the newest e-mail about them fared.
public enum Fate {
    QUEUED, SENT, DEFERRED, FAILED, BOUNCED, ACCEPTED, EXPIRED, CANCELLED;

    /// Of invitations that can be accepted.
    public static final Set<Fate> OPEN = Set.of(QUEUED, SENT, DEFERRED, FAILED, BOUNCED);

    /// Of open ones that an administrator should look at.
    public static final Set<Fate> ATTENTION = Set.of(DEFERRED, FAILED, BOUNCED);

    /// @param email the state of the newest e-mail; none: none is known, so none waits
    public static Fate of(State state, Optional<Delivery.State> email) {
        return switch (state) {
            case USED -> ACCEPTED;
            case EXPIRED -> EXPIRED;
            case CANCELLED, OTHER_ADDRESS, USER_DISABLED, ORG_DISABLED -> CANCELLED;
            case OPEN -> email.map(Fate::ofOpen).orElse(SENT);
        };
    }

    static Fate ofOpen(Delivery.State email) {
        return switch (email) {
            case QUEUED -> QUEUED;
            case SENT -> SENT;
            case DEFERRED -> DEFERRED;
            case FAILED, DROPPED -> FAILED;
            case BOUNCED -> BOUNCED;
        };
    }

    /// The states in which invitations that got so far can be.
    public Set<State> states() {
        return Stream.of(State.values()).filter(state -> state == State.OPEN ? OPEN.contains(this)
            : of(state, Optional.empty()) == this).collect(Collectors.toSet());
    }

    /// As in addresses: `bounced`.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Set<Delivery.State> emails(Set<Fate> fates) {
        return EnumSet.copyOf(Stream.of(Delivery.State.values()).filter(state -> fates.contains(ofOpen(state)))
            .toList());
    }
}
