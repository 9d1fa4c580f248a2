package roster.org;

import java.util.List;
import java.util.Optional;
import roster.access.Secrets;
import roster.audit.AuditLog;
import roster.audit.AuditLog.Subject;
import roster.audit.Change;
import roster.db.Row;
import roster.db.Tx;
import roster.db.WriteTx;
import roster.jsonapi.Resource;
import roster.model.Id;
import roster.model.Org;
import roster.model.Problem.Invalid;
import roster.model.Refused;
import roster.model.Text;

/// Organisations: the SQL of the `orgs` table. Their version and stamp are the database room's.
public final class Orgs {
    /// The longest name, in characters.
    public static final int NAME_MAX = 100;

    private static final String COLUMNS = "id, public_id, name, description, disabled, created_at, modified_at";

    private final AuditLog audit;

    public Orgs(AuditLog audit) {
        this.audit = audit;
    }

    public Optional<Org> find(Tx tx, Org.Id id) {
        return tx.query("SELECT " + COLUMNS + " FROM orgs WHERE id = ?", id).optional(Orgs::org);
    }

    /// Those that an operator may mean.
    ///
    /// @param text an id, a public id or an exact name; names are not unique
    public List<Org> named(Tx tx, String text) {
        return tx.query("SELECT " + COLUMNS + """
             FROM orgs WHERE id = ? OR public_id = ? OR name = ? ORDER BY created_at, id
            """, Id.parse(text), text, Text.clean(text)).list(Orgs::org);
    }

    /// Those of exactly this name, as [#create] would store it.
    public List<Org> called(Tx tx, String name) {
        return tx.query("SELECT " + COLUMNS + " FROM orgs WHERE name = ? ORDER BY created_at, id",
            Text.clean(name.strip())).list(Orgs::org);
    }

    /// Of the whole installation: for its operator.
    public List<Org> all(Tx tx) {
        return tx.query("SELECT " + COLUMNS + " FROM orgs ORDER BY created_at, id").list(Orgs::org);
    }

    /// Inserts the organisation of the write's caller.
    ///
    /// @throws Refused with [Invalid] if the name is blank, too long or not one line
    public Org create(WriteTx tx, String name) {
        var clean = Text.clean(name.strip());
        if (clean.isEmpty()) {
            throw new Refused(new Invalid("name", "Shorter than minimum length 1."));
        }
        if (Text.length(clean) > NAME_MAX || !Text.storable(clean)) {
            throw new Refused(new Invalid("name", "Longer than maximum length %d.".formatted(NAME_MAX)));
        }
        if (!Text.oneLine(clean)) {
            throw new Refused(new Invalid("name", "Must not contain line breaks or control characters."));
        }
        var org = new Org(tx.org(), Secrets.random(6), clean, Optional.empty(), false, tx.now(), tx.now());
        tx.update("""
            INSERT INTO orgs (id, public_id, name, created_at, modified_at, version, stamp, written_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """, org.id(), org.publicId(), org.name(), tx.now(), tx.now(), tx.version(), tx.stamp(), tx.now());
        audit.record(tx, "org.created", new Subject("org", org.id(), org.name()), Change.created(org.facts()));
        return org;
    }

    /// The one place where an organisation becomes JSON.
    public static Resource resource(Org org) {
        return new Resource("orgs", org.id())
            .with("public_id", org.publicId())
            .with("name", org.name())
            .with("description", org.description())
            .with("sharing", "all_private")
            .with("url", null)
            .with("disabled", org.disabled())
            .with("created_at", org.createdAt())
            .with("modified_at", org.modifiedAt());
    }

    private static Org org(Row row) {
        return new Org(new Org.Id(row.uuid("id")), row.text("public_id"), row.text("name"),
            row.optionalText("description"), row.bool("disabled"), row.instant("created_at"),
            row.instant("modified_at"));
    }
}
