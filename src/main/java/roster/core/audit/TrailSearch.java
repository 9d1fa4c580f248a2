package roster.core.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import roster.base.db.Listing;
import roster.base.db.Tx;
import roster.base.db.Where;
import roster.core.audit.AuditEvents.Place;
import roster.model.Org;

/// The trail as pages search it. Its cost is chosen by callers: to be read in [roster.base.db.Database#search].
public final class TrailSearch {
    static final String LATEST_FIRST = Listing.order(true, "v.at", "v.version", "v.entry");

    private static final String EARLIEST_FIRST = Listing.order(false, "v.at", "v.version", "v.entry");

    /// From where on entries are shown, the latest first.
    public sealed interface From {
        record Latest() implements From {}

        /// The last page.
        record Earliest() implements From {}

        /// Those that are older.
        record After(Place place) implements From {}

        /// Those that are newer, next to it.
        record Before(Place place) implements From {}

        private boolean isBackwards() {
            return this instanceof Earliest || this instanceof Before;
        }
    }

    /// A page of entries.
    ///
    /// @param matching how many match in all
    /// @param rank how many of these are newer than the first one shown
    /// @param before,after where the pages beside it begin; none: there is none
    public record Found(List<TrailEntry> entries, long matching, long rank, Optional<Place> before,
        Optional<Place> after) {}

    private record Counts(long matching, long rank) {}

    private TrailSearch() {}

    /// @param known what was counted before
    public static Found find(Tx tx, Org.Id org, TrailQuery query, From from, int rows, TrailCounts known) {
        var found = new ArrayList<>(entries(tx, org, query, from, rows + 1));
        var more = found.size() > rows;
        if (more) {
            found.remove(from.isBackwards() ? 0 : rows);
        }
        if (found.isEmpty()) {
            return new Found(List.of(), count(tx, org, query, known), 0, Optional.empty(), Optional.empty());
        }
        var first = place(found.getFirst());
        var last = place(found.getLast());
        var counts = from instanceof From.Latest ? new Counts(count(tx, org, query, known), 0)
            : counts(tx, org, query, first, known);
        return new Found(List.copyOf(found), counts.matching(), counts.rank(),
            Optional.of(first).filter(_ -> counts.rank() > 0),
            Optional.of(last).filter(_ -> counts.rank() + found.size() < counts.matching()));
    }

    private static Place place(TrailEntry entry) {
        return new Place(entry.at(), entry.version(), entry.entry());
    }

    private static List<TrailEntry> entries(Tx tx, Org.Id org, TrailQuery query, From from, int most) {
        var where = query.where(org);
        switch (from) {
            case From.After(var place) -> beside(where, "<", place);
            case From.Before(var place) -> beside(where, ">", place);
            case From.Latest _,From.Earliest _ -> { // of all
            }
        }
        var entries = new ArrayList<TrailEntry>();
        each(tx, where, from.isBackwards() ? EARLIEST_FIRST : LATEST_FIRST, most, entries::add);
        return entries;
    }

    private static void beside(Where where, String side, Place place) {
        where.and("(v.at, v.version, v.entry) " + side + " (?, ?, ?)", place.at(), place.version(), place.entry());
    }

    /// The latest first, of those that come first in the order.
    private static void each(Tx tx, Where where, String order, int most, Consumer<TrailEntry> reader) {
        var values = new ArrayList<Object>(where.values());
        values.add(most);
        tx.query("SELECT " + TrailEntry.COLUMNS
            + " FROM (SELECT v.org_id, v.at, v.version, v.entry FROM audit_events v" + where.sql() + " ORDER BY "
            + order
            + " LIMIT ?) found"
            + " JOIN audit_entries e ON e.org_id = found.org_id AND e.version = found.version AND e.entry = found.entry"
            + TrailEntry.USERS + " ORDER BY found.at DESC, found.version DESC, found.entry DESC", values.toArray())
            .each(row -> reader.accept(TrailEntry.of(row)));
    }

    /// Passes on all that match, the latest first.
    static void each(Tx tx, Org.Id org, TrailQuery query, int most, Consumer<TrailEntry> reader) {
        each(tx, query.where(org), LATEST_FIRST, most, reader);
    }

    /// @param known what was counted before
    static long count(Tx tx, Org.Id org, TrailQuery query, TrailCounts known) {
        if (query.isOfAll()) {
            return known.of(tx, org, query.from(), query.to());
        }
        var where = query.where(org);
        return tx.query("SELECT count(*) AS n FROM audit_events v" + where.sql(), where.values().toArray())
            .one(row -> row.number("n"));
    }

    /// Those of [TrailQuery#others] who acted in what matches, but for addresses: these may be a person's.
    static Set<String> actors(Tx tx, Org.Id org, TrailQuery query) {
        var others = query.others();
        if (others.isEmpty()) {
            return Set.of();
        }
        var where = query.where(org);
        where.and("v.usr_uuid IS NULL AND v.usr_id = ANY (?::text[]) AND strpos(v.usr_id, '@') = 0", others);
        return Set.copyOf(tx.query("SELECT DISTINCT v.usr_id FROM audit_events v" + where.sql(),
            where.values().toArray()).list(row -> row.text("usr_id")));
    }

    /// As of the same moment as the entries.
    private static Counts counts(Tx tx, Org.Id org, TrailQuery query, Place first, TrailCounts known) {
        if (query.isOfAll()) {
            var all = known.of(tx, org, query.from(), query.to());
            return new Counts(all, TrailCounts.newer(tx, org, query.from(), query.to(), first, all));
        }
        var where = query.where(org);
        var values = new ArrayList<Object>(List.of(first.at(), first.version(), first.entry()));
        values.addAll(where.values());
        return tx.query("SELECT count(*) AS n, count(*) FILTER (WHERE (v.at, v.version, v.entry) > (?, ?, ?)) AS newer"
            + " FROM audit_events v" + where.sql(), values.toArray())
            .one(row -> new Counts(row.number("n"), row.number("newer")));
    }

    /// One entry.
    public static Optional<TrailEntry> entry(Tx tx, Org.Id org, TrailOfUser.Place place) {
        return tx.query("SELECT " + TrailEntry.COLUMNS + " FROM audit_entries e" + TrailEntry.USERS
            + " WHERE e.org_id = ? AND e.version = ? AND e.entry = ?", org, place.version(), place.entry())
            .optional(TrailEntry::of);
    }

    /// All entries of a write, in order.
    ///
    /// @param most how many
    public static List<TrailEntry> ofWrite(Tx tx, Org.Id org, long version, int most) {
        return tx.query("SELECT " + TrailEntry.COLUMNS + " FROM audit_entries e" + TrailEntry.USERS
            + " WHERE e.org_id = ? AND e.version = ? ORDER BY e.entry LIMIT ?", org, version, most)
            .list(TrailEntry::of);
    }
}
