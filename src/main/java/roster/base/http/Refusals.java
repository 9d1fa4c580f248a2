package roster.base.http;

import roster.model.Problem;

/// Renders refusals where clients do not get the contract's JSON.
public interface Refusals {
    /// The answer for a refusal. The caller adds headers such as `Retry-After`.
    ///
    /// @param request with its caller, if the Gate let one in
    /// @param status status of the contract's error
    Response refused(Request request, Problem problem, int status);

    /// The answer for a request whose address cannot be read, with status 400.
    default Response unread() {
        return Errors.response(400);
    }

    /// The answer for an internal error, with status 500. The log has the details under the id of the request.
    ///
    /// @param request with its caller, if the Gate let one in
    Response failed(Request request);
}
