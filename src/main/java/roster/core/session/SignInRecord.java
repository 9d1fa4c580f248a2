package roster.core.session;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import roster.base.db.WriteTx;
import roster.core.audit.AuditLog;
import roster.core.audit.Change;
import roster.core.session.SignIn.Why;
import roster.core.user.Users;
import roster.model.LoginMethod;
import roster.model.User;

/// What the audit trail and the metrics tell of sign-ins. The metric has those of users who are not known, too.
public final class SignInRecord {
    private final AuditLog audit;
    private final MeterRegistry meters;

    SignInRecord(AuditLog audit, MeterRegistry meters) {
        this.audit = audit;
        this.meters = meters;
    }

    static String method(Proof proof) {
        return proof.method().map(LoginMethod::text).orElse(Session.LINK);
    }

    void succeeded(WriteTx tx, User user, Proof proof, List<String> factors, Session.Id session, String browser) {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("method", method(proof));
        proof.provider().ifPresent(id -> facts.put("provider", id.toString()));
        facts.put("factors", factors);
        facts.put("session", session.toString());
        facts.put("browser", browser);
        audit.record(tx, "sign_in.succeeded", Users.subject(user), new Change(Map.of(), facts));
        tx.afterCommit(() -> count(method(proof), "succeeded"));
    }

    void refused(WriteTx tx, User user, Proof proof, Why why) {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("method", method(proof));
        proof.provider().ifPresent(id -> facts.put("provider", id.toString()));
        facts.put("reason", why.text());
        audit.record(tx, "sign_in.refused", Users.subject(user), new Change(Map.of(), facts));
    }

    void refused(Proof proof) {
        count(method(proof), "refused");
    }

    /// What was shown is not right.
    void failed(Proof proof) {
        count(method(proof), "failed");
    }

    /// What was shown is not right, and is no known user's.
    public void failed(LoginMethod method) {
        count(method.text(), "failed");
    }

    /// It was not looked at, as too much was wrong before.
    public void tooMany(LoginMethod method) {
        count(method.text(), "too_many");
    }

    private void count(String method, String outcome) {
        meters.counter("roster.sign.in", "method", method, "outcome", outcome).increment();
    }
}
