package roster.core.org;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import roster.base.db.Row;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.core.audit.AuditLog;
import roster.core.audit.AuditLog.Subject;
import roster.core.audit.Change;
import roster.model.Id;
import roster.model.Org;
import roster.model.Page;
import roster.model.Paging;
import roster.model.Problem.Invalid;
import roster.model.Refused;
import roster.model.Text;

/// Organisations: their rules, and the SQL of the `orgs` table. Version and stamp belong to `base.db`.
public final class Orgs {
    /// The longest name, in characters.
    public static final int NAME_MAX = 100;

    /// The longest description, in characters.
    public static final int DESCRIPTION_MAX = 1000;

    private static final String COLUMNS = "id, public_id, name, description, disabled, created_at, modified_at";

    private static final String MANAGED =
        " FROM orgs WHERE id = ? OR parent_id = ? ORDER BY id = ? DESC, created_at, id";

    private final AuditLog audit;

    public Orgs(AuditLog audit) {
        this.audit = audit;
    }

    public Optional<Org> find(Tx tx, Org.Id id) {
        return findLater(tx, id).get();
    }

    /// The same, asked for with the statement that follows.
    public Supplier<Optional<Org>> findLater(Tx tx, Org.Id id) {
        return tx.laterOptional(Orgs::org, "SELECT " + COLUMNS + " FROM orgs WHERE id = ?", id);
    }

    /// The organisation whose pages have this id in their addresses.
    public Optional<Org> withPublicId(Tx tx, String publicId) {
        return tx.query("SELECT " + COLUMNS + " FROM orgs WHERE public_id = ?", publicId).optional(Orgs::org);
    }

    /// The only organisation that is enabled; none if there are several.
    public Optional<Org> onlyEnabled(Tx tx) {
        var two = tx.query("SELECT " + COLUMNS + " FROM orgs WHERE NOT disabled LIMIT 2").list(Orgs::org);
        return two.size() == 1 ? Optional.of(two.getFirst()) : Optional.empty();
    }

    /// The organisations that an operator may mean.
    ///
    /// @param text an id, a public id or an exact name; names are not unique
    public List<Org> named(Tx tx, String text) {
        return tx.query("SELECT " + COLUMNS + """
             FROM orgs WHERE id = ? OR public_id = ? OR name = ? ORDER BY created_at, id
            """, Id.parse(text), text, Text.clean(text)).list(Orgs::org);
    }

    /// The organisations of exactly this name, as [#create] would store it.
    public List<Org> called(Tx tx, String name) {
        return tx.query("SELECT " + COLUMNS + " FROM orgs WHERE name = ? ORDER BY created_at, id",
            Text.clean(name.strip())).list(Orgs::org);
    }

    /// All of the installation, for its operator.
    public List<Org> all(Tx tx) {
        return tx.query("SELECT " + COLUMNS + " FROM orgs ORDER BY created_at, id").list(Orgs::org);
    }

    /// An organisation and those that it has made, itself first, then the oldest.
    ///
    /// @param name part of their names, letter case ignored: it is looked for in the names of all, which are not kept
    Page<Org> managedBy(Tx tx, Org.Id parent, Optional<String> name, Paging paging) {
        var total = tx.query("SELECT count(*) AS n FROM orgs WHERE id = ? OR parent_id = ?", parent, parent)
            .one(row -> row.number("n"));
        if (name.isEmpty()) {
            return new Page<>(tx.query("SELECT " + COLUMNS + MANAGED + " LIMIT ? OFFSET ?", parent, parent, parent,
                paging.size(), paging.offset()).list(Orgs::org), total, total);
        }
        var sought = Text.folded(name.get());
        var matches = new AtomicLong();
        var page = new ArrayList<UUID>();
        tx.query("SELECT id, name" + MANAGED, parent, parent, parent).each(row -> {
            if (Text.folded(row.text("name")).contains(sought)) {
                var place = matches.getAndIncrement() - paging.offset();
                if (place >= 0 && place < paging.size()) {
                    page.add(row.uuid("id"));
                }
            }
        });
        var found = tx.query("SELECT " + COLUMNS + """
             FROM orgs WHERE id = ANY (?::uuid[]) ORDER BY id = ? DESC, created_at, id
            """, page, parent).list(Orgs::org);
        return new Page<>(found, total, matches.get());
    }

    /// Inserts the organisation of the write's caller.
    ///
    /// @throws Refused with [Invalid] if the name is blank, too long or not one line
    public Org create(WriteTx tx, String name) {
        nameFault(name).ifPresent(reason -> {
            throw new Refused(new Invalid("name", reason));
        });
        var clean = Text.clean(name.strip());
        var org = new Org(tx.org(), tx.randomness().hex(6), clean, Optional.empty(), false, tx.now(), tx.now());
        tx.update("""
            INSERT INTO orgs (id, public_id, name, created_at, modified_at, version, stamp, written_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """, org.id(), org.publicId(), org.name(), tx.now(), tx.now(), tx.version(), tx.stamp(), tx.now());
        audit.record(tx, "org.created", new Subject("org", org.id(), org.name()), Change.created(org.facts()));
        return org;
    }

    /// What is wrong with a name, if anything.
    public static Optional<String> nameFault(String name) {
        var bare = name.strip();
        if (bare.isEmpty()) {
            return Optional.of("Shorter than minimum length 1.");
        }
        if (Text.isLonger(bare, NAME_MAX) || !Text.storable(bare)) {
            return Optional.of("Longer than maximum length %d.".formatted(NAME_MAX));
        }
        if (!Text.oneLine(bare)) {
            return Optional.of("Must not contain line breaks or control characters.");
        }
        return Text.isVisible(bare) ? Optional.empty() : Optional.of(Text.INVISIBLE);
    }

    /// What is wrong with a description, if anything.
    public static Optional<String> descriptionFault(String description) {
        return Text.isLonger(description, DESCRIPTION_MAX)
            ? Optional.of("Longer than maximum length %d.".formatted(DESCRIPTION_MAX)) : Optional.empty();
    }

    /// Changes what is present in the organisation of the write's caller; the current values change nothing.
    ///
    /// @param description an empty Optional in it for none
    /// @throws Refused with [Invalid]
    public Org update(WriteTx tx, Optional<String> name, Optional<Optional<String>> description) {
        name.flatMap(Orgs::nameFault).ifPresent(reason -> {
            throw new Refused(new Invalid("name", reason));
        });
        description.flatMap(text -> text.flatMap(Orgs::descriptionFault)).ifPresent(reason -> {
            throw new Refused(new Invalid("description", reason));
        });
        var was = find(tx, tx.org()).orElseThrow();
        return store(tx, was, new Org(was.id(), was.publicId(), name.map(text -> Text.clean(text.strip()))
            .orElse(was.name()), description.map(text -> text.map(Text::clean)).orElse(was.description()),
            was.disabled(), was.createdAt(), tx.now()), "org.updated");
    }

    /// Disables the organisation of the write's caller, or enables it again. While it is disabled every call with its
    /// keys is refused, on every node, from the commit on; its e-mails wait.
    public Org setDisabled(WriteTx tx, boolean disabled) {
        var was = find(tx, tx.org()).orElseThrow();
        return store(tx, was, new Org(was.id(), was.publicId(), was.name(), was.description(), disabled,
            was.createdAt(), tx.now()), disabled ? "org.disabled" : "org.enabled");
    }

    private Org store(WriteTx tx, Org was, Org is, String action) {
        if (is.facts().equals(was.facts())) {
            return was;
        }
        tx.update("UPDATE orgs SET name = ?, description = ?, disabled = ?, modified_at = ? WHERE id = ?", is.name(),
            is.description(), is.disabled(), is.modifiedAt(), is.id());
        audit.record(tx, action, new Subject("org", is.id(), is.name()), Change.between(was.facts(), is.facts()));
        return is;
    }

    private static Org org(Row row) {
        return new Org(new Org.Id(row.uuid("id")), row.text("public_id"), row.text("name"),
            row.optionalText("description"), row.bool("disabled"), row.instant("created_at"),
            row.instant("modified_at"));
    }
}
