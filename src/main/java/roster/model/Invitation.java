package roster.model;

import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// An invitation for a user to join their organisation. Its link works once, for the address it was sent to.
///
/// @param email the address it was sent to, and the only one that accepting verifies
/// @param inviter empty if it was sent from the command line
/// @param generation incremented each time it is resent, which ends earlier links
/// @param acceptedAt when this invitation was accepted, which also ends the user's other invitations
/// @param cancelledAt when it was cancelled, or the user's address changed
public record Invitation(
    Id id,
    Org.Id org,
    User.Id user,
    String email,
    Optional<User.Id> inviter,
    Type type,
    int generation,
    Instant createdAt,
    Instant expiresAt,
    Optional<Instant> acceptedAt,
    Optional<Instant> cancelledAt) {

    public record Id(UUID value) implements roster.model.Id {
        @Override
        public String toString() {
            return value.toString();
        }
    }

    /// Whether the user was invited before, or where Google is the only way to sign in, just that.
    public enum Type {
        BASIC_INVITE("basic_invite"),
        BASIC_REMINDER("basic_reminder"),
        OPENID_INVITE("openid_invite");

        private final String text;

        Type(String text) {
            this.text = text;
        }

        /// The name in the API and the database.
        public String text() {
            return text;
        }

        public static Type of(String text) {
            return Arrays.stream(values()).filter(type -> type.text.equals(text)).findFirst().orElseThrow();
        }
    }

    /// State of an invitation at the time of reading.
    public enum State {
        /// It can be accepted.
        OPEN,
        /// This invitation, or another one of the user, was accepted.
        USED, EXPIRED, CANCELLED,
        /// The user's address has changed.
        OTHER_ADDRESS, USER_DISABLED, ORG_DISABLED
    }

    /// What an audit entry records about the invitation. Never its link.
    public Map<String, Object> facts() {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("user", user.toString());
        facts.put("email", email);
        facts.put("invite_type", type.text());
        facts.put("generation", generation);
        facts.put("created_at", createdAt.toString());
        facts.put("expires_at", expiresAt.toString());
        return facts;
    }
}
