package roster.base.http;

import java.util.Optional;

/// An operation: a method on a path.
///
/// @param template such as `/api/v2/users/{user_id}`; also used for the path in logs and metrics
/// @param errorPages renders refusals of pages that people open; empty for programs, which get JSON
public record Route(String method, String template, Needs needs, Handler handler, Optional<ErrorPages> errorPages) {
    public Route(String method, String template, Needs needs, Handler handler) {
        this(method, template, needs, handler, Optional.empty());
    }
}
