package roster.door.web;

import java.util.Optional;
import roster.core.invitation.InvitationSummary;
import roster.core.invitation.ReinviteRequests.Chance;
import roster.model.Invitation.State;
import roster.model.Problem;

/// A page for what cannot be done: why, and what to do about it.
///
/// @param ask where to ask for a new invitation, from the page's own address; none where that is of no use
public record InvitationNotice(int status, String title, String why, String whatToDo, Optional<String> ask) {
    static final InvitationNotice UNKNOWN = new InvitationNotice(404, "No such invitation",
        "This link is not complete, or a newer letter has replaced it.",
        "Open the link in the newest letter; if you copied it, copy all of it.");

    static final InvitationNotice ELSEWHERE = new InvitationNotice(403, "Not from here",
        "Another site tried to do something with an invitation in your name.",
        "If you want to accept it, open the link in your letter.");

    static final InvitationNotice STILL_GOOD =
        new InvitationNotice(409, "This invitation is still good", "There is no need for a new one.",
            "Open the link in your letter to accept it.");

    /// For whoever sends the form while an earlier one is looked at.
    static final InvitationNotice AT_IT =
        new InvitationNotice(503, "One moment", "Roster is still at work on the form that you sent before.",
            "Open the link in your letter again in a moment: it says what came of it.");

    InvitationNotice(int status, String title, String why, String whatToDo) {
        this(status, title, why, whatToDo, Optional.empty());
    }

    /// Why an invitation cannot be accepted.
    ///
    /// @param chance whether a new one can be asked for
    /// @param ask where
    static InvitationNotice of(State state, InvitationSummary offer, Chance chance, String ask) {
        return switch (state) {
            case OPEN -> throw new IllegalArgumentException("it is open");
            case USED -> new InvitationNotice(410, "This invitation has been used",
                "It was for %s, who has joined %s already.".formatted(offer.email(), offer.org()),
                "If that is you, you are in and there is nothing left to do.");
            case EXPIRED -> lapsed("This invitation has expired",
                "It was to join %s, and good until %s.".formatted(offer.org(), offer.expires()), offer, chance, ask);
            case CANCELLED -> lapsed("This invitation was cancelled", "It was to join %s.".formatted(offer.org()),
                offer, chance, ask);
            case OTHER_ADDRESS -> lapsed("This invitation went to an old address",
                "It was to join %s as %s, but you are known there under another address now."
                    .formatted(offer.org(), offer.email()),
                offer, chance, ask);
            case USER_DISABLED -> new InvitationNotice(410, "This invitation no longer works",
                "Your account at %s is disabled.".formatted(offer.org()),
                "If you think that is a mistake, ask %s.".formatted(somebody(offer, chance)));
            case ORG_DISABLED -> new InvitationNotice(410, "This invitation no longer works",
                "%s is disabled: nobody can join it.".formatted(offer.org()),
                "If you think that is a mistake, ask whoever runs it.");
        };
    }

    private static InvitationNotice lapsed(String title, String why, InvitationSummary offer, Chance chance,
        String ask) {
        return new InvitationNotice(410, title, why, switch (chance) {
            case POSSIBLE -> "%s sent it, and can send a new one.".formatted(offer.inviter());
            case ASKED -> "%s has been asked for a new one. Look out for a letter.".formatted(offer.inviter());
            case NEWER -> "A newer invitation has been sent: open the link in the newest letter.";
            case TOO_MANY -> "%s sent it, and has been asked by many lately. Come back in an hour to ask for a new one."
                .formatted(offer.inviter());
            case NO_INVITER, POINTLESS -> "Ask an administrator of %s for a new one.".formatted(offer.org());
        }, chance == Chance.POSSIBLE ? Optional.of(ask) : Optional.empty());
    }

    private static String somebody(InvitationSummary offer, Chance chance) {
        return chance == Chance.NO_INVITER ? "an administrator of " + offer.org() : offer.inviter();
    }

    /// What came of asking for a new one.
    static InvitationNotice asked(InvitationSummary offer) {
        return new InvitationNotice(200, "You asked for a new invitation",
            "%s gets a letter that says so.".formatted(offer.inviter()),
            "When you are invited again, a new letter comes to you. You can close this page.");
    }

    /// Something unforeseen.
    static InvitationNotice failed(String requestId) {
        return new InvitationNotice(500, "Something went wrong", "Roster could not do this. Nothing has changed.",
            "Try again later; if it happens again, tell your administrator the number %s.".formatted(requestId));
    }

    /// A request that was turned down before anybody looked at the invitation.
    static InvitationNotice of(Problem problem, int status) {
        return switch (problem) {
            case Problem.Unavailable _ -> new InvitationNotice(status, "Not now", "Roster is too busy to answer.",
                "Nothing has changed. Try again in a moment.");
            case Problem.TooManyRequests(var seconds) -> new InvitationNotice(status, "Not so fast",
                "Too many requests have come from where you are. Nothing has changed.",
                "Try again in %s.".formatted(seconds == 1 ? "a second" : seconds + " seconds"));
            case Problem.TooLarge _,Problem.WrongContentType _,Problem.BadRequest _,Problem.TooSlow _ ->
                new InvitationNotice(status, "The form could not be read",
                    "What arrived was too long, incomplete, or not what this form sends. Nothing has changed.",
                    "Open the link from your letter again.");
            default ->
                new InvitationNotice(status, "This cannot be done", "The request was refused. Nothing has changed.",
                    "Open the link from your letter again.");
        };
    }
}
