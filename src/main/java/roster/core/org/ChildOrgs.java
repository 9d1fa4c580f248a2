package roster.core.org;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import roster.base.db.Database;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.base.work.Rate;
import roster.core.audit.AuditLog;
import roster.core.audit.AuditLog.Subject;
import roster.core.audit.Change;
import roster.model.Caller;
import roster.model.Org;
import roster.model.Page;
import roster.model.Paging;
import roster.model.Permission;
import roster.model.Problem.Forbidden;
import roster.model.Problem.Invalid;
import roster.model.Problem.LimitReached;
import roster.model.Refused;
import roster.model.Text;

/// Organisations that others have made, one for each of their customers: the rules, and the SQL of `orgs.parent_id` and
/// `orgs.may_have_children`. A parent has no access to its children; it lists and disables them.
public final class ChildOrgs {
    /// The longest name of a child, in characters.
    public static final int NAME_MAX = 32;

    private static final Duration HOUR = Duration.ofHours(1);

    private final Database db;
    private final AuditLog audit;
    private final Orgs orgs;
    private final Rate most;

    /// @param perHour how many children one organisation may make in an hour
    public ChildOrgs(Database db, AuditLog audit, Orgs orgs, int perHour) {
        this.db = db;
        this.audit = audit;
        this.orgs = orgs;
        this.most = new Rate(perHour, Math.toIntExact(HOUR.toSeconds()));
    }

    /// Whether an organisation may make children. The first one of an installation may; the operator decides for others.
    public boolean mayHave(Tx tx, Org.Id org) {
        return tx.query("SELECT 1 FROM orgs WHERE id = ? AND may_have_children", org).any();
    }

    /// Sets whether the organisation of the write's caller may create children. Those that it has stay. No-op without a
    /// change.
    public void allow(WriteTx tx, boolean allowed) {
        if (mayHave(tx, tx.org()) != allowed) {
            tx.update("UPDATE orgs SET may_have_children = ? WHERE id = ?", allowed, tx.org());
            var org = orgs.find(tx, tx.org()).orElseThrow();
            audit.record(tx, "org.updated", new Subject("org", org.id(), org.name()),
                new Change(Map.of("may_have_children", !allowed), Map.of("may_have_children", allowed)));
        }
    }

    /// What is wrong with the name of a child, if anything.
    public static Optional<String> nameFault(String name) {
        return Text.isLonger(name.strip(), NAME_MAX)
            ? Optional.of("Longer than maximum length %d.".formatted(NAME_MAX)) : Orgs.nameFault(name);
    }

    /// To be asked before a child is made.
    ///
    /// @throws Refused with [Invalid] for a name that does not fit, [Forbidden] if the organisation may not have children,
    ///     [LimitReached] if it made as many as it may within the last hour
    public void admit(WriteTx tx, String name) {
        nameFault(name).ifPresent(reason -> {
            throw new Refused(new Invalid("name", reason));
        });
        if (!mayHave(tx, tx.org())) {
            throw new Refused(new Forbidden(Permission.ORG_MANAGEMENT));
        }
        var made = tx.query("SELECT count(*) AS n FROM orgs WHERE parent_id = ? AND created_at > ?", tx.org(),
            tx.now().minus(HOUR)).one(row -> row.number("n"));
        if (made >= most.count()) {
            var free =
                tx.query("SELECT created_at FROM orgs WHERE parent_id = ? ORDER BY created_at DESC OFFSET ? LIMIT 1",
                    tx.org(), most.count() - 1).one(row -> row.instant("created_at")).plus(HOUR);
            throw new Refused(new LimitReached("child-organizations", most.count(), most.periodSeconds(), 0,
                Math.max(1, Math.ceilDiv(Duration.between(tx.now(), free).toMillis(), 1000))));
        }
    }

    /// Notes that an organisation was made by another, on both sides.
    ///
    /// @param child the first write of the new organisation, within that of its parent
    public void adopt(WriteTx parent, WriteTx child, Org org) {
        child.update("UPDATE orgs SET parent_id = ? WHERE id = ?", parent.org(), org.id());
        audit.record(parent, "org.child_created", new Subject("org", org.id(), org.name()),
            Change.created(Map.of("child", org.id().toString(), "name", org.name(), "public_id", org.publicId())));
    }

    /// An organisation and its children, oldest first.
    ///
    /// @param name part of their names, letter case ignored
    public Page<Org> managedBy(Tx tx, Org.Id parent, Optional<String> name, Paging paging) {
        return orgs.managedBy(tx, parent, name, paging);
    }

    /// Disables the caller's organisation, or a child of it, as [Orgs#setDisabled] does.
    ///
    /// The parent's entry comes first, in a write that admits the caller; the child is disabled in a write of its own. Where
    /// that fails, this can be called again.
    ///
    /// @throws Refused with [Invalid] for any other organisation
    public void disable(Caller caller, Org.Id org) {
        if (org.equals(caller.org())) {
            db.write(caller, tx -> orgs.setDisabled(tx, true));
            return;
        }
        db.write(caller, tx -> noteDisabling(tx, org));
        db.write(Caller.parent(org, caller), tx -> orgs.setDisabled(tx, true));
    }

    private Org noteDisabling(WriteTx tx, Org.Id id) {
        if (!tx.query("SELECT 1 FROM orgs WHERE id = ? AND parent_id = ?", id, tx.org()).any()) {
            throw new Refused(new Invalid("org_uuid", "Not your own organization."));
        }
        var child = orgs.find(tx, id).orElseThrow();
        if (!child.disabled()) {
            audit.record(tx, "org.child_disabled", new Subject("org", child.id(), child.name()),
                new Change(Map.of("disabled", false), Map.of("disabled", true)));
        }
        return child;
    }
}
