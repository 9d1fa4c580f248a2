package roster.core.audit;

import java.util.List;
import roster.base.db.Database;
import roster.base.db.TenantTable;
import roster.base.db.TimeRepair;
import roster.base.feature.Feature;
import roster.base.secret.Secrets;
import roster.base.work.Worker;

/// The audit trail: recorded with every change, verified, searched, and cleared of the data of anonymised users.
public final class AuditFeature implements Feature {
    public final AuditLog log;
    public final Trail trail;
    public final Erasure erasure;
    public final Verifications verifications;
    public final TrailExport export;
    public final TrailCounts counts = new TrailCounts();
    private final Verifier verifier;

    public AuditFeature(Database db, Secrets secrets) {
        var seals = new Seals(secrets.trailKeys());
        log = new AuditLog(seals);
        trail = new Trail(db, seals);
        erasure = new Erasure(db, seals);
        verifications = new Verifications(db, trail);
        export = new TrailExport(db, log, counts);
        verifier = new Verifier(db, trail, verifications);
    }

    @Override
    public List<Worker> workers() {
        return verifier.workers();
    }

    @Override
    public List<TimeRepair> timeRepairs() {
        return List.of(new TimeRepair("verifications", tx -> Verifications.repairTimes(tx, Verifier.CLAIM)));
    }

    @Override
    public List<TenantTable> tables() {
        return List.of(TenantTable.of("audit_entries")
            .personal("subject_name", "actor_name", "address", "before", "after"),
            TenantTable.of("trail_verifications").unversioned());
    }
}
