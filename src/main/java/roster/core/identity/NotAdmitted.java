package roster.core.identity;

import roster.core.session.Proof;
import roster.core.session.SignIn.Admission;

/// Rolls back what was made for a user whom the door did not let in: no user becomes Active by a sign-in that failed.
final class NotAdmitted extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Proof proof;
    private final transient Admission.Out out;

    NotAdmitted(Proof proof, Admission.Out out) {
        super("not admitted", null, false, false);
        this.proof = proof;
        this.out = out;
    }

    Proof proof() {
        return proof;
    }

    Admission.Out out() {
        return out;
    }
}
