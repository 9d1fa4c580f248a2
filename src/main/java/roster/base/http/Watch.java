package roster.base.http;

import java.util.Optional;
import roster.model.Caller;
import roster.model.Problem;

/// Is told of every answer to a known caller, whether they were let in or not.
@FunctionalInterface
public interface Watch {
    /// Must be fast: the answer waits for it.
    ///
    /// @param request at its route
    /// @param problem why it was refused; none: it was not, or it failed
    void answered(Request request, Caller caller, int status, Optional<Problem> problem);
}
