package roster.model;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// A person or a service account in one organisation. The same address in two organisations is two users.
///
/// @param email folded ([Email#folded])
/// @param handle login name, which never changes: a person's first e-mail address, or the id of a service account
/// @param verified whether the person has accepted an invitation or signed in; always true for service accounts
/// @param roles sorted by the name of the role
/// @param loginMethods how the user may sign in; empty means as the organisation allows
/// @param secondFactor whether the user has an authenticator app or a passkey
public record User(
    Id id,
    Org.Id org,
    String email,
    String handle,
    Optional<String> name,
    Optional<String> title,
    boolean verified,
    boolean disabled,
    boolean serviceAccount,
    Instant createdAt,
    Instant modifiedAt,
    Optional<Instant> lastLoginAt,
    List<Role.Id> roles,
    Set<LoginMethod> loginMethods,
    boolean secondFactor) {

    /// The longest name, in characters (Unicode code points).
    public static final int NAME_MAX = 55;

    /// The longest title, in characters (Unicode code points).
    public static final int TITLE_MAX = 255;

    public record Id(UUID value) implements roster.model.Id {
        @Override
        public String toString() {
            return value.toString();
        }
    }

    /// Derived from `verified` and `disabled`; never stored or set.
    public enum Status {
        PENDING("Pending"),
        ACTIVE("Active"),
        DISABLED("Disabled");

        private final String text;

        Status(String text) {
            this.text = text;
        }

        /// The name in the API: `Pending`, `Active`, `Disabled`.
        public String text() {
            return text;
        }

        public static Optional<Status> parse(String text) {
            for (var status : values()) {
                if (status.text.equalsIgnoreCase(text)) {
                    return Optional.of(status);
                }
            }
            return Optional.empty();
        }
    }

    public User {
        roles = List.copyOf(roles);
    }

    /// A user without login methods of their own, for whom those of the organisation apply, and without a second factor.
    public User(Id id, Org.Id org, String email, String handle, Optional<String> name, Optional<String> title,
        boolean verified, boolean disabled, boolean serviceAccount, Instant createdAt, Instant modifiedAt,
        Optional<Instant> lastLoginAt, List<Role.Id> roles) {
        this(id, org, email, handle, name, title, verified, disabled, serviceAccount, createdAt, modifiedAt,
            lastLoginAt, roles, Set.of(), false);
    }

    public Status status() {
        if (disabled) {
            return Status.DISABLED;
        }
        return verified ? Status.ACTIVE : Status.PENDING;
    }

    /// A copy of this user with these roles.
    public User with(List<Role.Id> others) {
        return new User(id, org, email, handle, name, title, verified, disabled, serviceAccount, createdAt, modifiedAt,
            lastLoginAt, others, loginMethods, secondFactor);
    }

    /// The same user with the address and the handle spelled otherwise.
    public User spelled(String otherEmail, String otherHandle) {
        return new User(id, org, otherEmail, otherHandle, name, title, verified, disabled, serviceAccount, createdAt,
            modifiedAt, lastLoginAt, roles, loginMethods, secondFactor);
    }

    /// What an audit entry records about the user.
    public Map<String, Object> facts() {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("email", email);
        facts.put("handle", handle);
        facts.put("name", name.orElse(null));
        facts.put("title", title.orElse(null));
        facts.put("verified", verified);
        facts.put("disabled", disabled);
        facts.put("service_account", serviceAccount);
        facts.put("created_at", createdAt.toString());
        facts.put("roles", roles.stream().map(Role.Id::toString).toList());
        return facts;
    }
}
