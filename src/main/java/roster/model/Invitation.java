package roster.model;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// A call to a user to join his organisation. Its link is good once, for the address it went to.
///
/// @param email the address it is for, and the only one that accepting proves
/// @param inviter none: the command line
/// @param generation raised when it is sent again; earlier links end then
/// @param acceptedAt when this one was accepted; the user's others are of no use from then on either
/// @param cancelledAt when the user's address changed, or somebody took it back
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
        public static Id next() {
            return new Id(roster.model.Id.next());
        }

        @Override
        public String toString() {
            return value.toString();
        }
    }

    /// Whether he was invited before.
    public enum Type {
        BASIC_INVITE("basic_invite"),
        BASIC_REMINDER("basic_reminder");

        private final String text;

        Type(String text) {
            this.text = text;
        }

        /// As on the wire and in the database.
        public String text() {
            return text;
        }

        public static Type of(String text) {
            return BASIC_INVITE.text.equals(text) ? BASIC_INVITE : BASIC_REMINDER;
        }
    }

    /// What became of it, as of the moment somebody looks.
    public enum State {
        /// It can be accepted.
        OPEN,
        /// It was accepted, or another of the user's was: he is Active.
        USED, EXPIRED, CANCELLED,
        /// The user has another address now.
        OTHER_ADDRESS, USER_DISABLED, ORG_DISABLED
    }

    /// What an audit entry says of it: never its link.
    public Map<String, Object> facts() {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("user", user.toString());
        facts.put("email", email);
        facts.put("invite_type", type.text());
        facts.put("expires_at", expiresAt.toString());
        return facts;
    }
}
