package roster.core.audit;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import roster.base.db.Database;
import roster.base.db.Tx;
import roster.core.audit.AuditEvents.Event;
import roster.core.audit.AuditLog.Subject;
import roster.model.Caller;
import roster.model.Problem.Unfit;
import roster.model.Refused;

/// Parts of the trail for files: reading one leaves an entry in it, which says what was searched for.
public final class TrailExport {
    /// The most entries of one file.
    public static final int MOST = 1_000_000;

    private final Database db;
    private final AuditLog audit;
    private final TrailCounts counts;

    TrailExport(Database db, AuditLog audit, TrailCounts counts) {
        this.db = db;
        this.audit = audit;
        this.counts = counts;
    }

    private interface Reading {
        void read(Tx tx);
    }

    /// Passes on all entries that match, the latest first.
    ///
    /// @throws Refused with [Unfit] if there are more than [#MOST]
    public void entries(Caller caller, TrailQuery query, Consumer<TrailEntry> taker) {
        export(caller, query, "csv", tx -> TrailSearch.each(tx, caller.org(), query, MOST, taker));
    }

    /// The same as events of the API.
    public void events(Caller caller, TrailQuery query, Consumer<Event> taker) {
        export(caller, query, "ndjson", tx -> AuditEvents.each(tx, query.where(caller.org()), taker));
    }

    private void export(Caller caller, TrailQuery query, String format, Reading reading) {
        var count = db.search(tx -> TrailSearch.count(tx, caller.org(), query, counts));
        if (count > MOST) {
            throw new Refused(new Unfit("A file holds at most %,d entries; these are %,d. Choose a shorter time."
                .formatted(MOST, count)));
        }
        var known = db.search(tx -> TrailSearch.actors(tx, caller.org(), query));
        db.readLong(tx -> {
            reading.read(tx);
            return null;
        });
        db.write(caller, tx -> {
            var facts = new LinkedHashMap<String, Object>();
            facts.put("count", count);
            facts.put("format", format);
            facts.putAll(query.facts(tx, tx.org(), known));
            audit.record(tx, "audit_trail.exported", new Subject("audit_trail", tx.org(), "audit trail"),
                new Change(Map.of(), facts));
            return null;
        });
    }
}
