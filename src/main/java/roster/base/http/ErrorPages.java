package roster.base.http;

import roster.model.Problem;

/// Renders refusals as pages, for routes that people open in a browser. Programs get the contract's JSON.
public interface ErrorPages {
    /// The page for a refusal. The caller adds headers such as `Retry-After`.
    ///
    /// @param status status of the contract's error
    Response refused(Problem problem, int status);

    /// The page for an internal error, with status 500.
    ///
    /// @param requestId under which the log has the details
    Response failed(String requestId);
}
