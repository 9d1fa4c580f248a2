package roster.core.org;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import roster.base.db.OrgClocks;
import roster.base.db.TimeRepair;
import roster.base.db.WriteTx;
import roster.core.audit.AuditLog;
import roster.core.audit.AuditLog.Subject;
import roster.core.audit.Change;
import roster.model.Problem.Unfit;
import roster.model.Refused;

/// Repairs organisations that were written while the clock of the database was ahead, once it has been set back.
public final class ClockRepair {
    private final InstantSource clock;
    private final AuditLog audit;
    private final Orgs orgs;
    private final List<TimeRepair> repairs;

    /// @param clock of this machine
    /// @param repairs of all rooms
    public ClockRepair(InstantSource clock, AuditLog audit, Orgs orgs, List<TimeRepair> repairs) {
        this.clock = clock;
        this.audit = audit;
        this.orgs = orgs;
        this.repairs = List.copyOf(repairs);
    }

    /// What one write repaired.
    ///
    /// @param ahead the time that the organisation had reached
    /// @param now by the clock of the database
    /// @param repaired number of rows, by what they are
    /// @param done whether nothing is left
    public record Outcome(Instant ahead, Instant now, Map<String, Integer> repaired, boolean done) {}

    /// Repairs some of the rows of the write's organisation, or all if they are few, and records an audit entry. To be called
    /// again while there are more.
    ///
    /// @return nothing if the organisation is not ahead; then nothing has changed
    /// @throws Refused with [Unfit] while the clocks of the database and of this machine are apart: one of them is wrong, and
    ///     so would be the new times
    public Optional<Outcome> repair(WriteTx tx) {
        mustAgree(tx.databaseTime(), clock.instant());
        var written = tx.query("SELECT written_at FROM orgs WHERE id = ?", tx.org())
            .one(row -> row.instant("written_at"));
        if (!OrgClocks.isAhead(written, tx.now())) {
            return Optional.empty();
        }
        var repaired = new TreeMap<String, Integer>();
        for (var repair : repairs) {
            repaired.put(repair.rows(), repair.some().applyAsInt(tx));
        }
        var done = repaired.values().stream().noneMatch(rows -> rows >= TimeRepair.AT_ONCE);
        var org = orgs.find(tx, tx.org()).orElseThrow();
        audit.record(tx, "org.clock_repaired", new Subject("org", org.id(), org.name()),
            new Change(Map.of("latest_write", written.toString()),
                Map.of("latest_write", (done ? tx.now() : written).toString(), "repaired", repaired)));
        if (done) {
            tx.noteTimesRepaired();
        }
        return Optional.of(new Outcome(written, tx.now(), repaired, done));
    }

    private static void mustAgree(Instant theirs, Instant ours) {
        if (Duration.between(ours, theirs).abs().compareTo(OrgClocks.APART_MAX) > 0) {
            throw new Refused(
                new Unfit("the clock of the database says %s, that of this machine %s; set them right first"
                    .formatted(theirs, ours)));
        }
    }
}
