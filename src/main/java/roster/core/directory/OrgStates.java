package roster.core.directory;

import java.util.Optional;
import java.util.function.Supplier;
import roster.base.db.OrgVersions;
import roster.base.db.Tx;
import roster.model.Org;
import roster.model.Problem.BadKeys;
import roster.model.Refused;

/// The state of an organisation in a snapshot, and whether it went on from an earlier one: what tells whether memory can
/// be brought up to date by what changed.
public final class OrgStates {
    private OrgStates() {}

    /// @throws Refused with [BadKeys] if there is no such organisation
    public static OrgVersions.State of(Tx tx, Org.Id org) {
        return tx.query("SELECT version, stamp FROM orgs WHERE id = ?", org)
            .optional(row -> new OrgVersions.State(row.number("version"), row.number("stamp")))
            .orElseThrow(() -> new Refused(new BadKeys()));
    }

    /// The same with the next query that is not put off.
    public static Supplier<Optional<OrgVersions.State>> later(Tx tx, Org.Id org) {
        return tx.laterOptional(row -> new OrgVersions.State(row.number("version"), row.number("stamp")),
            "SELECT version, stamp FROM orgs WHERE id = ?", org);
    }

    /// Whether the organisation went on from this state: the audit entry of the version bears the stamp, and no later
    /// entry in `gone` says that everything may have changed. A restored database may have reached the version otherwise.
    public static boolean wentOnFrom(Tx tx, Org.Id org, OrgVersions.State since) {
        return tx.query("""
            SELECT 1 FROM audit_entries
             WHERE org_id = ? AND version = ? AND stamp = ?
               AND NOT EXISTS (SELECT 1 FROM gone WHERE org_id = ? AND version > ? AND kind = 'everything')
             LIMIT 1
            """, org, since.version(), since.stamp(), org, since.version()).any();
    }
}
