package roster.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Who acts, in which organisation, and what they may do there. The Gate determines the caller of a request. A write
/// checks the caller again under its lock if the organisation has changed since.
///
/// @param user the acting user or service account; empty for the command line, the bootstrap and an API key alone
/// @param name for display: a handle, `cli:<operating system user>`, `bootstrap`, `invitee` or `visitor`
/// @param credentials what the request authenticated with
/// @param permissions the effective ones: those of the caller's roles that are also among the key's scopes
/// @param version,stamp those of the organisation when the caller was admitted
/// @param needed the permissions for which the caller was admitted
/// @param requestId identifies the request in log and audit
/// @param address the client's network address; empty for callers that do not come over HTTP
/// @param scim whether a directory calls, over SCIM
public record Caller(
    Kind kind,
    Org.Id org,
    Optional<User.Id> user,
    String name,
    Credentials credentials,
    Set<Permission> permissions,
    long version,
    long stamp,
    Needed needed,
    String requestId,
    Optional<String> address,
    boolean scim) {

    /// A caller that does not come over SCIM.
    public Caller(Kind kind, Org.Id org, Optional<User.Id> user, String name, Credentials credentials,
        Set<Permission> permissions, long version, long stamp, Needed needed, String requestId,
        Optional<String> address) {
        this(kind, org, user, name, credentials, permissions, version, stamp, needed, requestId, address, false);
    }

    /// @param oneOf the caller was admitted for holding one of these; empty if none is needed
    public Caller(Kind kind, Org.Id org, Optional<User.Id> user, String name, Credentials credentials,
        Set<Permission> permissions, long version, long stamp, List<Permission> oneOf, String requestId,
        Optional<String> address) {
        this(kind, org, user, name, credentials, permissions, version, stamp, Needed.oneOf(oneOf), requestId, address);
    }

    /// Permissions that callers are asked for.
    ///
    /// @param permissions none: nothing is asked for
    /// @param all whether all of them are needed, rather than one
    public record Needed(List<Permission> permissions, boolean all) {
        public static final Needed NOTHING = oneOf(List.of());

        public Needed {
            permissions = List.copyOf(permissions);
        }

        public static Needed oneOf(List<Permission> permissions) {
            return new Needed(permissions, false);
        }

        public static Needed allOf(List<Permission> permissions) {
            return new Needed(permissions, true);
        }

        /// The first permission that a caller lacks; none if they hold what is needed.
        public Optional<Permission> missing(Caller caller) {
            return !all && permissions.stream().anyMatch(caller::holds) ? Optional.empty()
                : permissions.stream().filter(permission -> !caller.holds(permission)).findFirst();
        }
    }

    /// What a request authenticated with: keys, a token, a session, or nothing.
    ///
    /// @param expiresAt when the token or session expires, by the clock of the database; empty if it does not expire
    /// @param step what is still to be done in the session before it is good for anything else
    public record Credentials(Optional<UUID> apiKey, Optional<UUID> applicationKey, Optional<UUID> accessToken,
        Optional<UUID> session, Optional<Instant> expiresAt, SecondStep step) {
        public static final Credentials NONE = new Credentials(Optional.empty(), Optional.empty(), Optional.empty(),
            Optional.empty(), Optional.empty(), SecondStep.NONE);
    }

    public enum Kind { USER, SERVICE_ACCOUNT, API_KEY, CLI, BOOTSTRAP, INVITEE, VISITOR }

    /// The operator at the command line. Operators own the database, so they may do everything.
    public static Caller cli(Org.Id org, String osUser, String requestId) {
        return inside(Kind.CLI, org, Optional.empty(), "cli:" + osUser, requestId);
    }

    /// Roster itself, during a start.
    public static Caller bootstrap(Org.Id org, String requestId) {
        return inside(Kind.BOOTSTRAP, org, Optional.empty(), "bootstrap", requestId);
    }

    /// A user who creates another organisation, as its audit trail names them. They are no user of it yet. From where they
    /// called is in the trail of their own, under the same request id.
    public static Caller founder(Org.Id org, Caller user) {
        return inside(Kind.BOOTSTRAP, org, Optional.empty(), user.name(), user.requestId());
    }

    /// An organisation that acts on one that it made. Which of its users did is in its own audit trail, under the same
    /// request id, where they can be anonymised.
    public static Caller parent(Org.Id child, Caller user) {
        return inside(Kind.BOOTSTRAP, child, Optional.empty(), "org:" + user.org(), user.requestId());
    }

    /// A user who authenticates only by the link of their invitation.
    public static Caller invitee(Org.Id org, User.Id user, String requestId, Optional<String> address) {
        return new Caller(Kind.INVITEE, org, Optional.of(user), "invitee", Credentials.NONE, Set.of(),
            0, 0, List.of(), requestId, address);
    }

    /// A client that wants to sign in, and has not yet.
    public static Caller visitor(Org.Id org, String requestId, Optional<String> address) {
        return new Caller(Kind.VISITOR, org, Optional.empty(), "visitor", Credentials.NONE, Set.of(), 0, 0, List.of(),
            requestId, address);
    }

    private static Caller inside(Kind kind, Org.Id org, Optional<User.Id> user, String name, String requestId) {
        return new Caller(kind, org, user, name, Credentials.NONE, Set.of(), 0, 0, List.of(),
            requestId,
            Optional.empty());
    }

    public boolean holds(Permission permission) {
        return unlimited() || permissions.contains(permission);
    }

    public boolean holdsAll(Set<Permission> wanted) {
        return unlimited() || permissions.containsAll(wanted);
    }

    public Optional<UUID> apiKey() {
        return credentials.apiKey();
    }

    public Optional<UUID> applicationKey() {
        return credentials.applicationKey();
    }

    public Optional<UUID> accessToken() {
        return credentials.accessToken();
    }

    public Optional<UUID> session() {
        return credentials.session();
    }

    /// What is still to be done in the session before it is good for anything else.
    public SecondStep step() {
        return credentials.step();
    }

    /// Whether the caller used keys, a token or a session, which may have ended since.
    public boolean hasKeys() {
        return apiKey().isPresent() || applicationKey().isPresent() || accessToken().isPresent()
            || session().isPresent();
    }

    /// Whether the token or session has expired.
    ///
    /// @param now by the clock of the database
    public boolean hasExpired(Instant now) {
        return credentials.expiresAt().filter(at -> !at.isAfter(now)).isPresent();
    }

    /// The same caller, admitted for holding these permissions.
    public Caller needing(Needed others) {
        return new Caller(kind, org, user, name, credentials, permissions, version, stamp, others, requestId,
            address, scim);
    }

    /// The same caller with another request.
    public Caller asking(String otherRequestId, Optional<String> otherAddress) {
        return new Caller(kind, org, user, name, credentials, permissions, version, stamp, needed,
            otherRequestId, otherAddress, scim);
    }

    /// The same caller over SCIM.
    public Caller overScim() {
        return new Caller(kind, org, user, name, credentials, permissions, version, stamp, needed, requestId, address,
            true);
    }

    /// The same caller at another version of their organisation.
    public Caller at(long otherVersion, long otherStamp) {
        return version == otherVersion && stamp == otherStamp ? this
            : new Caller(kind, org, user, name, credentials, permissions, otherVersion, otherStamp, needed,
                requestId, address, scim);
    }

    private boolean unlimited() {
        return kind == Kind.CLI || kind == Kind.BOOTSTRAP;
    }
}
