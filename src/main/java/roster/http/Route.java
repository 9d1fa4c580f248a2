package roster.http;

/// An operation at an address.
///
/// @param template as `/api/v2/users/{user_id}`; also what logs and metrics call the address
public record Route(String method, String template, Needs needs, Handler handler) {}
