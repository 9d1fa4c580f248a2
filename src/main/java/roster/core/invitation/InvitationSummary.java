package roster.core.invitation;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import roster.base.db.Tx;
import roster.core.mail.ShownName;
import roster.core.org.Orgs;
import roster.core.user.Users;
import roster.model.Invitation;
import roster.model.Org;
import roster.model.User;

/// What invited people read in the e-mail and on the page of an invitation. Each text is one line.
///
/// @param org the name, without links in it
/// @param inviter name, without links in it, and address if it is proved; `An administrator` for the command line. None if
///     they have no name, and no address that is known to be theirs
/// @param email the address it is for
/// @param expires for people, in UTC
public record InvitationSummary(String org, Optional<String> inviter, String email, String expires) {
    private static final DateTimeFormatter TIME =
        DateTimeFormatter.ofPattern("EEEE, d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    public static InvitationSummary of(Tx tx, Invitation invitation, Orgs orgs, Users users) {
        return later(tx, invitation, orgs, users).get();
    }

    /// The same, asked for with the statement that follows.
    public static Supplier<InvitationSummary> later(Tx tx, Invitation invitation, Orgs orgs, Users users) {
        var inviter = invitation.inviter().map(id -> users.findLater(tx, invitation.org(), id));
        var address = invitation.inviter().map(id -> users.provedAddressLater(tx, invitation.org(), id));
        var org = orgs.findLater(tx, invitation.org());
        return () -> new InvitationSummary(named(org.get().orElseThrow()),
            inviter.isEmpty() ? Optional.of("An administrator")
                : inviter.get().get().flatMap(user -> named(user, address.orElseThrow().get())),
            invitation.email(), time(invitation.expiresAt()));
    }

    /// The sentence that invites, up to the organisation.
    public String invites() {
        return inviter.map(name -> name + " has invited you to join").orElse("You have been invited to join");
    }

    /// What an organisation is called before people who do not know it: a name that brings a link is cut.
    static String named(Org org) {
        return ShownName.of(org.name()).orElse(org.publicId());
    }

    /// @param address none: it is not known to be theirs, so it is not told as if it were
    private static Optional<String> named(User inviter, Optional<String> address) {
        var name = inviter.name().flatMap(ShownName::of);
        return inviter.serviceAccount() ? name
            : name.map(text -> address.map(known -> "%s (%s)".formatted(text, known)).orElse(text)).or(() -> address);
    }

    /// A moment for people, in UTC.
    static String time(Instant instant) {
        return TIME.format(instant);
    }
}
