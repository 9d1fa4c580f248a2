package roster.core.event;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import roster.base.db.Tx;
import roster.core.event.FeedQuery.From;
import roster.model.Org;
import roster.model.Problem.Gone;
import roster.model.Problem.NotFound;
import roster.model.Refused;

/// The audit trail, read in the order of commits. Versions are given under the organisation's lock, which is held until the
/// commit, so that what shows a version shows all before it: nothing appears later in front of what was read.
public final class Feed {
    /// The most entries that are looked at for a page.
    public static final int LOOKED_AT_MAX = 10_000;

    private static final String OTHER_HISTORY = "The event given in after is not part of this organization's history."
        + " Read the current state and begin at latest";

    /// Entries behind a place, in the order of their key.
    private static final String NEXT = """
        (SELECT * FROM audit_entries
          WHERE org_id = ? AND (version, entry) > (?, ?) ORDER BY version, entry LIMIT ?)""";

    /// The same of those that are about a user, by their index.
    private static final String NEXT_ABOUT = """
        (SELECT found.*
           FROM (VALUES (?::uuid)) AS named (id)
          CROSS JOIN LATERAL (SELECT * FROM audit_entries
                               WHERE org_id = ? AND COALESCE(about, subject_id) = named.id AND version >= ?
                                 AND (version, entry) > (?, ?)
                               ORDER BY version, entry LIMIT ?) found)""";

    private record Place(long version, int entry) {
        private static final Place BEGINNING = new Place(0, 0);
    }

    private Feed() {}

    /// The next events. To be called in a transaction that reads from one snapshot.
    ///
    /// @throws Refused with [Gone] if the event after which to begin is not one of this history
    public static FeedPage page(Tx tx, Org.Id org, FeedQuery query) {
        var end = end(tx, org);
        if (query.from() instanceof From.Latest || end.isEmpty()) {
            return new FeedPage(List.of(), end, false);
        }
        var begin = begin(tx, org, query.from());
        var found = withSubjects(tx, org, tx.inOrder(() -> events(tx, org, query, begin)));
        if (found.size() > query.limit()) {
            var page = List.copyOf(found.subList(0, query.limit()));
            return new FeedPage(page, Optional.of(page.getLast().id()), true);
        }
        var last = tx.inOrder(() -> lastLookedAt(tx, org, query, begin));
        return last.filter(place -> end.get().isBehind(place))
            .map(place -> new FeedPage(found, Optional.of(place), true))
            .orElseGet(() -> new FeedPage(found, end, false));
    }

    /// One more than the limit, if there are more.
    private static List<Event> events(Tx tx, Org.Id org, FeedQuery query, Place begin) {
        var values = next(org, query, begin);
        var types = query.types().map(List::copyOf);
        values.addAll(Arrays.asList(List.copyOf(EventTypes.NO_EVENTS), types, types, query.limit() + 1));
        return tx.query("SELECT " + Event.COLUMNS + " FROM " + next(query) + """
             e WHERE e.action <> ALL (?) AND (?::text[] IS NULL OR e.action = ANY (?::text[]))
             ORDER BY e.version, e.entry LIMIT ?
            """, values.toArray()).list(Event::of);
    }

    /// What is preferred for SAML is recorded of the organisation, also before there is a configuration.
    private static List<Event> withSubjects(Tx tx, Org.Id org, List<Event> events) {
        if (events.stream().noneMatch(Feed::isPreferred)) {
            return events;
        }
        var configuration = tx.query("SELECT id FROM saml_configurations WHERE org_id = ?", org)
            .optional(row -> row.uuid("id")).orElse(org.value());
        return events.stream().map(event -> isPreferred(event) ? event.aboutSubject(configuration) : event).toList();
    }

    private static boolean isPreferred(Event event) {
        return event.kind().filter(ObjectKind.SAML_CONFIGURATION::equals).isPresent()
            && event.subjectId().equals(event.id().org().value());
    }

    /// The last of those that may be looked at for one page, if there are so many.
    private static Optional<EventId> lastLookedAt(Tx tx, Org.Id org, FeedQuery query, Place begin) {
        var values = next(org, query, begin);
        values.add(LOOKED_AT_MAX - 1);
        return tx.query("SELECT e.org_id, e.version, e.entry, e.stamp FROM " + next(query)
            + " e ORDER BY e.version, e.entry OFFSET ? LIMIT 1", values.toArray()).optional(Event::id);
    }

    private static String next(FeedQuery query) {
        return query.about().isPresent() ? NEXT_ABOUT : NEXT;
    }

    private static List<Object> next(Org.Id org, FeedQuery query, Place begin) {
        var values = new ArrayList<Object>();
        query.about().ifPresentOrElse(user -> values.addAll(List.of(user, org, begin.version())),
            () -> values.add(org));
        values.addAll(List.of(begin.version(), begin.entry(), LOOKED_AT_MAX));
        return values;
    }

    /// An event.
    ///
    /// @param id as it was sent
    /// @throws Refused with [NotFound] if there is none of this id
    public static Event named(Tx tx, Org.Id org, String id) {
        return EventId.parse(id).filter(one -> one.org().equals(org))
            .flatMap(one -> tx.query("SELECT " + Event.COLUMNS + """
                 FROM audit_entries e WHERE e.org_id = ? AND e.version = ? AND e.entry = ? AND e.stamp = ?
                """, org, one.version(), one.entry(), one.stamp()).optional(Event::of))
            .filter(event -> !EventTypes.NO_EVENTS.contains(event.type()))
            .map(event -> withSubjects(tx, org, List.of(event)).getFirst())
            .orElseThrow(() -> new Refused(new NotFound(id + " not found")));
    }

    /// The last entry.
    static Optional<EventId> end(Tx tx, Org.Id org) {
        return tx.query("""
            SELECT org_id, version, entry, stamp FROM audit_entries WHERE org_id = ?
             ORDER BY version DESC, entry DESC LIMIT 1
            """, org).optional(Event::id);
    }

    private static Place begin(Tx tx, Org.Id org, From from) {
        return switch (from) {
            case From.Beginning(),From.Latest() -> Place.BEGINNING;
            case From.After(var event) -> {
                var known = tx.query("""
                    SELECT 1 FROM audit_entries WHERE org_id = ? AND version = ? AND entry = ? AND stamp = ?
                    """, org, event.version(), event.entry(), event.stamp()).any();
                if (!known) {
                    throw new Refused(new Gone(OTHER_HISTORY));
                }
                yield new Place(event.version(), event.entry());
            }
            case From.Since(var time) -> before(tx, org, time);
        };
    }

    /// The place before the first entry of this time or later. Times rise with versions, but for those that were written while
    /// the clock was ahead, before it was repaired.
    private static Place before(Tx tx, Org.Id org, Instant time) {
        var repaired = tx.query("""
            SELECT 1 FROM audit_entries
             WHERE org_id = ? AND COALESCE(about, subject_id) = ? AND action = 'org.clock_repaired' LIMIT 1
            """, org, org).any();
        var first = tx.query(repaired ? """
            SELECT version, entry FROM audit_entries WHERE org_id = ? AND at >= ? ORDER BY version, entry LIMIT 1
            """ : """
            SELECT version, entry FROM audit_entries WHERE org_id = ? AND at >= ? ORDER BY at, version, entry LIMIT 1
            """, org, time).optional(row -> new Place(row.number("version"), row.integer("entry")));
        return first.map(place -> new Place(place.version(), place.entry() - 1))
            .orElseGet(() -> end(tx, org).map(end -> new Place(end.version(), end.entry())).orElseThrow());
    }
}
