package roster.model;

/// Thrown to refuse a request. It rolls back a write, together with its audit entry.
public final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    public Refused(Problem problem) {
        // No stack trace: a refusal is a normal result, and a trace would cost more than the rest of the request.
        super(problem.toString(), null, false, false);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
