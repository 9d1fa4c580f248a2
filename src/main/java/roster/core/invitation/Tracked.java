package roster.core.invitation;

import java.time.Instant;
import java.util.Optional;
import roster.core.mail.Delivery;
import roster.model.Invitation;
import roster.model.Invitation.State;

/// An invitation, how it stands, and how the newest e-mail about it fared.
///
/// @param email none: none is known
public record Tracked(Invitation invitation, State state, Optional<Delivery> email) {
    public Fate fate() {
        return Fate.of(state, email.map(Delivery::state));
    }

    /// Whether it can be sent again, apart from limits.
    public boolean canBeResent() {
        return state == State.OPEN || state == State.EXPIRED;
    }

    /// Whether there is something to cancel: also while its user is disabled, who could accept it once enabled again.
    public boolean canBeCancelled(Instant now) {
        return switch (state) {
            case OPEN -> true;
            case USER_DISABLED -> invitation.acceptedAt().isEmpty() && invitation.cancelledAt().isEmpty()
                && invitation.expiresAt().isAfter(now);
            case USED, EXPIRED, CANCELLED, OTHER_ADDRESS, ORG_DISABLED -> false;
        };
    }

    /// Whether it may be of use to record that its e-mail came back.
    public boolean canComeBack() {
        return canBeResent() && email.filter(one -> one.state() == Delivery.State.SENT).isPresent();
    }
}
