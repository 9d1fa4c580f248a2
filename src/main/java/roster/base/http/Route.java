package roster.base.http;

import java.util.Optional;

/// An operation at an address.
///
/// @param template as `/api/v2/users/{user_id}`; also what logs and metrics call the address
/// @param errorPages where people are answered, not programs
public record Route(String method, String template, Needs needs, Handler handler, Optional<ErrorPages> errorPages) {
    public Route(String method, String template, Needs needs, Handler handler) {
        this(method, template, needs, handler, Optional.empty());
    }
}
