package roster.base.http;

import roster.model.Problem;

/// How refusals look at addresses that people open in a browser; programs get the contract's JSON.
public interface ErrorPages {
    /// The page for a refusal. Whoever asks adds headers, as `Retry-After`.
    ///
    /// @param status that of the contract's error
    Response refused(Problem problem, int status);

    /// The page for something unforeseen, with status 500.
    ///
    /// @param requestId under which the log tells more
    Response failed(String requestId);
}
