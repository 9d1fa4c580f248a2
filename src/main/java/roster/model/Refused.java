package roster.model;

/// Thrown where a request is turned down. A write that throws it is rolled back, together with its audit entry.
public final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    public Refused(Problem problem) {
        // A refusal is an answer, not an accident: no stack trace, which would cost more than the rest of the request.
        super(problem.toString(), null, false, false);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
