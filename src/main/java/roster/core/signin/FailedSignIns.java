package roster.core.signin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import roster.base.db.Database;
import roster.base.work.Stop;
import roster.base.work.Wake;
import roster.base.work.Worker;
import roster.core.audit.AuditLog;
import roster.core.audit.AuditLog.Subject;
import roster.core.audit.Change;
import roster.core.org.Orgs;
import roster.core.session.Passwords.Candidate;
import roster.core.user.Users;
import roster.model.Caller;
import roster.model.Org;
import roster.model.Refused;
import roster.model.User;

/// Writes failed sign-ins of known users into the trail, after the answer: how long an answer takes must not tell whether
/// there is such a user. So many entries an hour, then one a minute with their number, so that guessing cannot fill the trail.
public final class FailedSignIns {
    private static final int PER_USER = 20;
    private static final int PER_ORG = 600;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /// What is recorded of a known address must not slow down the answer that it is about, as being woken at once did: half a
    /// machine's processors and the database were busy with it while the page was made.
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private static final String PASSWORD = "password";
    private static final String REASON = "reason";
    private static final int WAITING_MAX = 10_000;

    private final Database db;
    private final AuditLog audit;
    private final Users users;
    private final Orgs orgs;
    private final Guesses guesses;

    private record Failed(Org.Id org, User.Id user, String factor, String requestId, String address) {}

    private final BlockingQueue<Failed> waiting = new ArrayBlockingQueue<>(WAITING_MAX);

    /// Failures that have no entry of their own, by organisation.
    private final Map<Org.Id, Long> uncounted = new ConcurrentHashMap<>();

    FailedSignIns(Database db, AuditLog audit, Users users, Orgs orgs, Guesses guesses) {
        this.db = db;
        this.audit = audit;
        this.users = users;
        this.orgs = orgs;
        this.guesses = guesses;
    }

    /// Notes a failure, for each user whose password it was not.
    void note(List<Candidate> candidates, String requestId, String address) {
        candidates.forEach(one -> note(new Failed(one.org(), one.user(), PASSWORD, requestId, address)));
    }

    /// Notes that a second factor was not right.
    ///
    /// @param factor as the trail has it
    void note(User user, String factor, String requestId, String address) {
        note(new Failed(user.org(), user.id(), factor, requestId, address));
    }

    private void note(Failed one) {
        if (!waiting.offer(one)) {
            uncounted.merge(one.org(), 1L, Long::sum);
        }
    }

    Worker worker() {
        return new Worker("failed-sign-ins", "Records failed sign-ins in the audit trail.",
            Wake.every(PAUSE), 1, this::record, Optional.of(() -> record(new Stop())));
    }

    void record(Stop stop) {
        var all = new ArrayList<Failed>();
        waiting.drainTo(all);
        all.forEach(this::recordOrCount);
        List.copyOf(uncounted.keySet()).forEach(this::recordNumber);
    }

    private void recordOrCount(Failed one) {
        try {
            record(one);
        } catch (Refused e) { // the database is busy
            uncounted.merge(one.org(), 1L, Long::sum);
        }
    }

    private void record(Failed one) {
        if (!guesses.take("trail user " + one.org() + one.user(), PER_USER, HOUR)
            || !guesses.take("trail org " + one.org(), PER_ORG, HOUR)) {
            uncounted.merge(one.org(), 1L, Long::sum);
            return;
        }
        db.read(tx -> users.find(tx, one.org(), one.user())).ifPresent(user -> write(
            Caller.visitor(one.org(), one.requestId(), Optional.of(one.address())), Users.subject(user),
            Map.of("method", "standard", "factor", one.factor(), REASON, "wrong_" + one.factor()), 1));
    }

    private void recordNumber(Org.Id org) {
        if (guesses.take("trail minute " + org, 1, MINUTE)) {
            var named = db.read(tx -> orgs.find(tx, org)).orElseThrow();
            long failures = uncounted.remove(org);
            write(Caller.visitor(org, db.sources().ids().next().toString(), Optional.empty()),
                new Subject("org", org, named.name()),
                Map.of("method", "standard", "failures", failures, REASON, "more_than_recorded"), failures);
        }
    }

    private void write(Caller visitor, Subject subject, Map<String, Object> facts, long failures) {
        try {
            db.write(visitor, tx -> {
                audit.record(tx, "sign_in.failed", subject, new Change(Map.of(), facts));
                return null;
            });
        } catch (Refused e) { // the database is busy
            uncounted.merge(visitor.org(), failures, Long::sum);
        }
    }
}
