package roster.org;

import java.util.Map;
import roster.audit.AuditLog;
import roster.audit.AuditLog.Subject;
import roster.audit.Change;
import roster.db.Tx;
import roster.db.WriteTx;
import roster.model.Org;

/// What organisations have set for themselves: the SQL of the `org_configs` table.
public final class OrgConfigs {
    private final AuditLog audit;
    private final Orgs orgs;

    public OrgConfigs(AuditLog audit, Orgs orgs) {
        this.audit = audit;
        this.orgs = orgs;
    }

    public boolean isOn(Tx tx, Org.Id org, OrgConfig config) {
        return tx.query("SELECT value = 'true'::jsonb AS is_on FROM org_configs WHERE org_id = ? AND name = ?", org,
            config.text()).optional(row -> row.bool("is_on")).orElse(false);
    }

    /// Setting what is set already changes nothing, and leaves no audit entry.
    public void set(WriteTx tx, OrgConfig config, boolean on) {
        var was = isOn(tx, tx.org(), config);
        if (was == on) {
            return;
        }
        tx.update("""
            INSERT INTO org_configs (org_id, name, value, modified_at, version) VALUES (?, ?, to_jsonb(?::boolean), ?, ?)
            ON CONFLICT (org_id, name) DO UPDATE
               SET value = excluded.value, modified_at = excluded.modified_at, version = excluded.version
            """, tx.org(), config.text(), on, tx.now(), tx.version());
        var org = orgs.find(tx, tx.org()).orElseThrow();
        audit.record(tx, "org.configured", new Subject("org", org.id(), org.name()),
            new Change(Map.of(config.text(), was), Map.of(config.text(), on)));
    }
}
