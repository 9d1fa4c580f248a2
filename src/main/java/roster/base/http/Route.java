package roster.base.http;

import java.util.Optional;
import java.util.OptionalInt;

/// An operation: a method on a path.
///
/// @param template such as `/api/v2/users/{user_id}`; also used for the path in logs and metrics
/// @param bodyBytes the largest body in bytes, 413 beyond; empty for the limit of the server ([Limits#bodyBytes()])
/// @param session what a session must be to be good for it
/// @param errorPages renders refusals of pages that people open; empty for programs, which get JSON
/// @param outward whether it is a `GET` that calls servers of others: then it waits for them in no place that reads share
/// @param protocol which it follows, below whose base it is; empty for the contract's API and for pages
public record Route(String method, String template, Needs needs, Handler handler, OptionalInt bodyBytes,
    Optional<ErrorPages> errorPages, SessionMust session, boolean outward, Optional<Protocol> protocol) {
    public Route {
        if (protocol.isPresent() && !protocol.get().has(template)) {
            throw new IllegalArgumentException("%s is not below %s".formatted(template, protocol.get().base()));
        }
    }

    public Route(String method, String template, Needs needs, Handler handler, OptionalInt bodyBytes,
        Optional<ErrorPages> errorPages, SessionMust session, boolean outward) {
        this(method, template, needs, handler, bodyBytes, errorPages, session, outward, Optional.empty());
    }

    public Route(String method, String template, Needs needs, Handler handler, OptionalInt bodyBytes,
        Optional<ErrorPages> errorPages, SessionMust session) {
        this(method, template, needs, handler, bodyBytes, errorPages, session, false);
    }

    public Route(String method, String template, Needs needs, Handler handler) {
        this(method, template, needs, handler, OptionalInt.empty(), Optional.empty(), SessionMust.BE_COMPLETE);
    }

    /// A route of a protocol.
    public Route(String method, String template, Needs needs, Handler handler, int bodyBytes, Protocol protocol) {
        this(method, template, needs, handler, OptionalInt.of(bodyBytes), Optional.empty(), SessionMust.BE_COMPLETE,
            false, Optional.of(protocol));
    }

    /// What its callers may show.
    public CredentialForms credentials() {
        return protocol.map(Protocol::credentials).orElse(CredentialForms.CONTRACT);
    }
}
