package roster.core.invitation;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import roster.base.db.Tx;
import roster.core.mail.Letter;
import roster.core.org.Orgs;
import roster.core.user.Users;
import roster.model.Invitation;
import roster.model.User;

/// What invited people read in the e-mail and on the page of an invitation. Each text is one line.
///
/// @param inviter name and address; `An administrator` for the command line
/// @param email the address it is for
/// @param expires for people, in UTC
public record InvitationSummary(String org, String inviter, String email, String expires) {
    private static final DateTimeFormatter TIME =
        DateTimeFormatter.ofPattern("EEEE, d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    public static InvitationSummary of(Tx tx, Invitation invitation, Orgs orgs, Users users) {
        var org = orgs.find(tx, invitation.org()).orElseThrow().name();
        var inviter = invitation.inviter().flatMap(id -> users.find(tx, invitation.org(), id))
            .map(InvitationSummary::named).orElse("An administrator");
        return new InvitationSummary(Letter.oneLine(org), Letter.oneLine(inviter), invitation.email(),
            time(invitation.expiresAt()));
    }

    private static String named(User inviter) {
        if (inviter.serviceAccount()) {
            return inviter.name().filter(name -> !name.isBlank()).orElse("A service account");
        }
        return inviter.name().filter(name -> !name.isBlank())
            .map(name -> "%s (%s)".formatted(name, inviter.email())).orElse(inviter.email());
    }

    /// A moment for people, in UTC.
    static String time(Instant instant) {
        return TIME.format(instant);
    }
}
