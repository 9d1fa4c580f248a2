package roster.core.audit;

import java.util.List;
import roster.base.db.Database;
import roster.base.db.TenantTable;
import roster.base.feature.Feature;
import roster.base.secret.Secrets;

/// The audit trail: recorded with every change, verified, and cleared of the data of anonymised users.
public final class AuditFeature implements Feature {
    public final AuditLog log;
    public final Trail trail;
    public final Erasure erasure;

    public AuditFeature(Database db, Secrets secrets) {
        var seals = new Seals(secrets.trailKeys());
        log = new AuditLog(seals);
        trail = new Trail(db, seals);
        erasure = new Erasure(db, seals);
    }

    @Override
    public List<TenantTable> tables() {
        return List.of(TenantTable.of("audit_entries")
            .personal("subject_name", "actor_name", "address", "before", "after"));
    }
}
