package roster.door.web;

import java.util.Optional;
import roster.core.invitation.InvitationSummary;
import roster.core.invitation.ReinviteRequests.Chance;
import roster.model.Invitation.State;
import roster.model.Problem;

/// A page for what cannot be done: why, and what to do about it.
///
/// @param ask where to ask for a new invitation, from the page's own address; none where that is of no use
/// @param signIn where to sign in; none where that is of no use
public record InvitationNotice(int status, String title, String why, String whatToDo, Optional<String> ask,
    Optional<String> signIn) {
    static final InvitationNotice UNKNOWN = new InvitationNotice(404, "Invitation not found",
        "This link is incomplete, or a newer e-mail has replaced it.",
        "Open the link in the most recent e-mail. If you copied the link, make sure that you copied all of it.");

    static final InvitationNotice ELSEWHERE = new InvitationNotice(403, "Request blocked",
        "This request came from another website.",
        "To accept the invitation, open the link in your e-mail.");

    static final InvitationNotice STILL_GOOD =
        new InvitationNotice(409, "This invitation is still valid", "You do not need a new one.",
            "To accept it, open the link in your e-mail.");

    /// The form was sent again while an earlier one is being processed.
    static final InvitationNotice IN_PROGRESS =
        new InvitationNotice(503, "One moment", "The form that you sent before is still being processed.",
            "Open the link in your e-mail again in a moment to see the result.");

    InvitationNotice(int status, String title, String why, String whatToDo) {
        this(status, title, why, whatToDo, Optional.empty(), Optional.empty());
    }

    private InvitationNotice leadingTo(String page) {
        return new InvitationNotice(status, title, why, whatToDo, ask, Optional.of(page));
    }

    /// Why an invitation cannot be accepted.
    ///
    /// @param chance whether a new one can be asked for
    /// @param ask where
    /// @param signIn the path of the page for signing in
    static InvitationNotice of(State state, InvitationSummary offer, Chance chance, String ask, String signIn) {
        return switch (state) {
            case OPEN -> throw new IllegalArgumentException("it is open");
            case USED -> new InvitationNotice(410, "This invitation has been used",
                "It was for %s, who has already joined %s.".formatted(offer.email(), offer.org()),
                "If that is you, you can sign in.").leadingTo(signIn);
            case EXPIRED -> lapsed("This invitation has expired",
                "It was an invitation to join %s, and expired on %s.".formatted(offer.org(), offer.expires()), offer,
                chance, ask);
            case CANCELLED ->
                lapsed("This invitation was cancelled", "It was an invitation to join %s.".formatted(offer.org()),
                    offer, chance, ask);
            case OTHER_ADDRESS -> lapsed("This invitation went to an old address",
                "It was an invitation to join %s as %s, but you now have another address there."
                    .formatted(offer.org(), offer.email()),
                offer, chance, ask);
            case USER_DISABLED -> new InvitationNotice(410, "This invitation no longer works",
                "Your account at %s is disabled.".formatted(offer.org()),
                "If you think this is a mistake, ask %s.".formatted(contact(offer, chance)));
            case ORG_DISABLED -> new InvitationNotice(410, "This invitation no longer works",
                "%s is disabled, and cannot be joined.".formatted(offer.org()),
                "If you think this is a mistake, ask its administrators.");
        };
    }

    private static InvitationNotice lapsed(String title, String why, InvitationSummary offer, Chance chance,
        String ask) {
        return new InvitationNotice(410, title, why, switch (chance) {
            case POSSIBLE -> "%s sent it, and can send a new one.".formatted(sender(offer));
            case ASKED ->
                "%s has been asked for a new one. You will get an e-mail if they send it.".formatted(sender(offer));
            case NEWER -> "A newer invitation has been sent: open the link in the most recent e-mail.";
            case TOO_MANY -> "%s sent it, and has been asked by many lately. Come back in an hour to ask for a new one."
                .formatted(sender(offer));
            case NO_INVITER, POINTLESS -> "Ask an administrator of %s for a new one.".formatted(offer.org());
        }, chance == Chance.POSSIBLE ? Optional.of(ask) : Optional.empty(), Optional.empty());
    }

    private static String contact(InvitationSummary offer, Chance chance) {
        return chance == Chance.NO_INVITER ? "an administrator of " + offer.org()
            : offer.inviter().orElse("the person who invited you");
    }

    /// Who invited, at the beginning of a sentence.
    private static String sender(InvitationSummary offer) {
        return offer.inviter().orElse("The person who invited you");
    }

    /// A new one was asked for.
    static InvitationNotice asked(InvitationSummary offer) {
        return new InvitationNotice(200, "You asked for a new invitation",
            "%s gets an e-mail about it.".formatted(sender(offer)),
            "When they send a new invitation, you will get an e-mail. You can close this page.");
    }

    /// Something unforeseen.
    static InvitationNotice failed(String requestId) {
        return new InvitationNotice(500, "Something went wrong",
            "Your request could not be completed. Nothing has changed.",
            "Try again later. If it happens again, give your administrator this request ID: %s".formatted(requestId));
    }

    private static String time(long seconds) {
        var minutes = Math.ceilDiv(seconds, 60L);
        return seconds == 1 ? "a second" : seconds <= 60 ? seconds + " seconds" : minutes + " minutes";
    }

    /// A request that was refused before the invitation was looked up.
    static InvitationNotice of(Problem problem, int status) {
        return switch (problem) {
            case Problem.Unavailable _ ->
                new InvitationNotice(status, "Temporarily unavailable", "Roster is too busy to answer.",
                    "Nothing has changed. Try again in a moment.");
            case Problem.TooManyRequests(var seconds) -> new InvitationNotice(status, "Too many requests",
                "Too many requests have come from your network. Nothing has changed.",
                "Try again in %s.".formatted(time(seconds)));
            case Problem.TooLarge _,Problem.WrongContentType _,Problem.BadRequest _,Problem.TooSlow _ ->
                new InvitationNotice(status, "The form could not be read",
                    "What arrived was too long, incomplete or malformed. Nothing has changed.",
                    "Open the link in your e-mail again.");
            case Problem.WrongHost _ -> new InvitationNotice(status, "Wrong address",
                "Roster is not called by this name. Nothing has changed.", "Open the link in your e-mail again.");
            default ->
                new InvitationNotice(status, "Request refused",
                    "This request cannot be processed. Nothing has changed.",
                    "Open the link in your e-mail again.");
        };
    }
}
