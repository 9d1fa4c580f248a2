package roster.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Who acts, in which organisation, and what he may do there. A request's caller comes from the Gate; under the lock
/// of a write he is looked at again if anything changed since.
///
/// @param user the acting user or service account; none for the command line, the bootstrap and a bare API key
/// @param name for people: a handle, `cli:<operating system user>`, `bootstrap` or `invitee`
/// @param credentials with what he came
/// @param permissions effective ones: those of his roles that are also among his key's scopes
/// @param version,stamp of the organisation, at which he was let in
/// @param needed he was let in because he holds one of these; empty when none was asked for
/// @param requestId names the request in log and audit
public record Caller(
    Kind kind,
    Org.Id org,
    Optional<User.Id> user,
    String name,
    Credentials credentials,
    Set<Permission> permissions,
    long version,
    long stamp,
    List<Permission> needed,
    String requestId,
    Optional<String> address) {

    /// With what somebody came: keys, or a token, or nothing of the kind.
    ///
    /// @param goodUntil when the token expires, if it does, by the clock of this node
    public record Credentials(Optional<UUID> apiKey, Optional<UUID> applicationKey, Optional<UUID> accessToken,
        Optional<Instant> goodUntil) {
        public static final Credentials NONE =
            new Credentials(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    public enum Kind { USER, SERVICE_ACCOUNT, API_KEY, CLI, BOOTSTRAP, INVITEE }

    /// The operator at the command line, who owns the database and may do everything.
    public static Caller cli(Org.Id org, String osUser, String requestId) {
        return inside(Kind.CLI, org, Optional.empty(), "cli:" + osUser, requestId);
    }

    /// Roster itself, at the first start.
    public static Caller bootstrap(Org.Id org, String requestId) {
        return inside(Kind.BOOTSTRAP, org, Optional.empty(), "bootstrap", requestId);
    }

    /// Somebody who holds the link of an invitation, and nothing else.
    public static Caller invitee(Org.Id org, User.Id user, String requestId, Optional<String> address) {
        return new Caller(Kind.INVITEE, org, Optional.of(user), "invitee", Credentials.NONE, Set.of(),
            0, 0, List.of(), requestId, address);
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

    /// Whether he came with keys or a token, which may have been revoked meanwhile.
    public boolean hasKeys() {
        return apiKey().isPresent() || accessToken().isPresent();
    }

    /// The same caller, let in for something that needs one of these.
    public Caller needing(List<Permission> oneOf) {
        return new Caller(kind, org, user, name, credentials, permissions, version, stamp,
            List.copyOf(oneOf), requestId, address);
    }

    /// The same caller, with another request.
    public Caller asking(String otherRequestId, Optional<String> otherAddress) {
        return new Caller(kind, org, user, name, credentials, permissions, version, stamp, needed,
            otherRequestId, otherAddress);
    }

    /// The same caller, at another version of his organisation.
    public Caller at(long otherVersion, long otherStamp) {
        return version == otherVersion && stamp == otherStamp ? this
            : new Caller(kind, org, user, name, credentials, permissions, otherVersion, otherStamp, needed,
                requestId, address);
    }

    private boolean unlimited() {
        return kind == Kind.CLI || kind == Kind.BOOTSTRAP;
    }
}
