package roster.promise;

import java.util.List;
import roster.support.Answer;

/// The outcome of a call, through the API or the command line.
///
/// @param errors empty for a success
record Got(int status, List<String> errors) {
    /// The caller is disabled, shut out, or their key is revoked.
    static final List<String> CUT_OFF = List.of("Forbidden");

    /// The caller lacks the permission.
    static final List<String> NOT_ALLOWED = List.of("Forbidden", "Failed permission authorization checks");

    static Got of(Answer answer) {
        return new Got(answer.status(), answer.status() < 300 ? List.of() : answer.errors());
    }

    boolean done() {
        return status < 300;
    }
}
