package roster.base.http;

import roster.model.Problem;

/// Renders refusals as pages, for routes that people open in a browser. Programs get the contract's JSON.
public interface ErrorPages {
    /// The page for a refusal. The caller adds headers such as `Retry-After`.
    ///
    /// @param request with its caller, if the Gate let one in
    /// @param status status of the contract's error
    Response refused(Request request, Problem problem, int status);

    /// The page for an internal error, with status 500. The log has the details under the id of the request.
    ///
    /// @param request with its caller, if the Gate let one in
    Response failed(Request request);
}
