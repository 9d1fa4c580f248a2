package roster.door.web.console;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Collectors;
import roster.core.invitation.Fate;
import roster.core.invitation.Tracked;
import roster.core.mail.Delivery.State;
import roster.core.mail.Delivery;
import roster.model.Invitation;

/// What pages say of invitations.
final class InvitationWords {
    private InvitationWords() {}

    /// `421 try later; next try in 12 minutes`
    static String told(Tracked one, Times times) {
        var invitation = one.invitation();
        return switch (one.state()) {
            case OPEN -> one.email().map(email -> told(email, times)).orElse("");
            case USED -> invitation.acceptedAt().map(at -> "Accepted " + times.inSentence(at).text())
                .orElse("They joined in another way");
            case EXPIRED -> "Was not accepted in time";
            case CANCELLED -> invitation.cancelledAt().map(at -> "Cancelled " + times.inSentence(at).text())
                .orElse("Cancelled");
            case OTHER_ADDRESS -> "They have another address now";
            case USER_DISABLED -> "They are disabled";
            case ORG_DISABLED -> "The organisation is disabled";
        };
    }

    /// How an e-mail fared.
    static String told(Delivery email, Times times) {
        var why = email.why().orElse("");
        return switch (email.state()) {
            case QUEUED -> "Waits to be sent";
            case SENT -> email.sentAt().map(at -> "Sent " + times.inSentence(at).text()).orElse("Sent");
            case DEFERRED -> (why.isEmpty() ? "Could not be sent yet" : why)
                + email.nextAttemptAt().map(at -> "; next try " + in(times.now(), at)).orElse("");
            case FAILED, DROPPED -> why.isEmpty() ? "Could not be sent" : why;
            case BOUNCED -> "Came back: " + why;
        };
    }

    /// `in 12 minutes`
    private static String in(Instant now, Instant at) {
        var seconds = Duration.between(now, at).toSeconds();
        return seconds < 1 ? "now" : "in " + (seconds < 120 ? Words.counted(seconds, "second")
            : seconds < 2 * 3600 ? Words.counted(seconds / 60, "minute") : Words.counted(seconds / 3600, "hour"));
    }

    /// How one e-mail stands, as a badge.
    static FateBadge badge(Delivery email) {
        return switch (email.state()) {
            case QUEUED -> FateBadge.QUEUED;
            case SENT -> FateBadge.SENT;
            case DEFERRED -> FateBadge.DEFERRED;
            case FAILED -> FateBadge.FAILED;
            case DROPPED -> FateBadge.CANCELLED;
            case BOUNCED -> FateBadge.BOUNCED;
        };
    }

    /// `Failed or bounced`
    static String fates(Set<Fate> fates) {
        if (fates.equals(Fate.OPEN)) {
            return "Open";
        }
        return fates.equals(Fate.ATTENTION) ? "Needs attention" : Words.capital(fates.stream().sorted()
            .map(fate -> Words.small(FateBadge.of(fate).text()))
            .collect(Collectors.joining(" or ")));
    }

    static String type(Invitation.Type type) {
        return switch (type) {
            case BASIC_INVITE -> "First invitation";
            case BASIC_REMINDER -> "Reminder";
            case OPENID_INVITE -> "First invitation, to sign in by a provider";
        };
    }

    /// Why it cannot be sent again; empty if it can, apart from limits.
    static String notAgain(Tracked one) {
        return one.canBeResent() ? "" : switch (one.state()) {
            case OPEN, EXPIRED -> "";
            case USED -> "They have joined already.";
            case CANCELLED -> "It was cancelled. Invite them anew instead.";
            case OTHER_ADDRESS -> "They have another address now. Invite them anew instead.";
            case USER_DISABLED -> "They are disabled. Enable them first.";
            case ORG_DISABLED -> "The organisation is disabled.";
        };
    }

    /// Why it cannot be cancelled; empty if it can.
    static String notCancelled(Tracked one, Instant now) {
        return one.canBeCancelled(now) ? "" : switch (one.state()) {
            case USED -> "They have joined already.";
            case CANCELLED -> "It was cancelled already.";
            case OTHER_ADDRESS -> "They have another address now, so nothing can be accepted with it.";
            case ORG_DISABLED -> "The organisation is disabled.";
            case OPEN, EXPIRED, USER_DISABLED -> "It has expired, so nothing can be accepted with it.";
        };
    }

    /// Why it cannot be recorded that its e-mail came back; empty if it can.
    static String notBack(Tracked one) {
        if (one.canComeBack()) {
            return "";
        }
        if (!one.canBeResent()) {
            return one.state() == Invitation.State.USED ? "They have joined already."
                : "It can't be accepted any more.";
        }
        return one.email().map(Delivery::state).filter(State.BOUNCED::equals).isPresent()
            ? "It is recorded already that it came back."
            : "Its latest email was not sent, so it can't have come back.";
    }

    /// `You can send no more invitations until 15:12.`
    static String limit(Times times, long seconds) {
        var until = times.full(times.now().plusSeconds(seconds)).text();
        return "You can send no more invitations until " + until.substring(until.lastIndexOf(' ') + 1) + ".";
    }

}
