package roster.core.audit;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import roster.base.db.Listing;
import roster.base.db.Row;
import roster.base.db.Tx;
import roster.base.db.Where;
import roster.base.net.Network;
import roster.model.Org;

/// Searches the audit trail: the SQL of the view `audit_events`.
public final class AuditEvents {
    /// What to search for.
    ///
    /// @param from,to both included
    /// @param after the event after which to continue
    public record Search(String query, Instant from, Instant to, boolean descending, Optional<Place> after) {}

    /// The position of an event among the others.
    public record Place(Instant at, long version, int entry) {}

    /// @param name category of the event
    /// @param verb `created`, `modified`, `deleted` or `accessed`
    /// @param before,after JSON objects with the changed facts
    public record Event(Place place, String name, String actorType, String verb, String assetType, UUID assetId,
        String assetName, Optional<String> before, Optional<String> after, String actorId, String actorEmail,
        Optional<UUID> actor, Optional<String> authMethod, Optional<String> address, String requestId,
        String status, String message) {}

    /// The time for a search.
    ///
    /// @param now by the database's clock
    /// @param end when the latest event happened, if that is later: the clock may have been set back since
    public record Clock(Instant now, Instant end) {}

    private AuditEvents() {}

    public static Clock clock(Tx tx, Org.Id org) {
        return tx.query("SELECT roster_now() AS now, greatest(roster_now(), written_at) AS last FROM orgs WHERE id = ?",
            org).one(row -> new Clock(row.instant("now"), row.instant("last")));
    }

    /// @param most the most events wanted; one more is returned if there are more
    public static List<Event> list(Tx tx, Org.Id org, Search search, AuditQuery query, int most) {
        var where = Where.of("v.org_id = ? AND v.at >= ? AND v.at <= ?", org, search.from(), search.to());
        search.after().ifPresent(place -> where.and(
            "(v.at, v.version, v.entry) " + (search.descending() ? "<" : ">") + " (?, ?, ?)", place.at(),
            place.version(), place.entry()));
        where.and(query.sql(), query.values().toArray());
        return listing(where).rows(tx, Listing.order(search.descending(), "v.at", "v.version", "v.entry"), most + 1, 0,
            AuditEvents::event);
    }

    private static Listing listing(Where where) {
        return new Listing("""
            v.at, v.version, v.entry, v.evt_name, v.actor_type, v.verb, v.asset_type, v.asset_id, v.asset_name,
            v.before::text AS before, v.after::text AS after, v.usr_id, v.usr_email, v.usr_uuid, v.auth_method,
            v.address, v.request_id, v.status, v.message""", "FROM audit_events v", where);
    }

    /// Passes on all that match, the latest first.
    static void each(Tx tx, Where where, Consumer<Event> reader) {
        listing(where).each(tx, TrailSearch.LATEST_FIRST, row -> reader.accept(event(row)));
    }

    private static Event event(Row row) {
        return new Event(new Place(row.instant("at"), row.number("version"), row.integer("entry")),
            row.text("evt_name"), row.text("actor_type"), row.text("verb"), row.text("asset_type"),
            row.uuid("asset_id"), row.text("asset_name"), row.optionalText("before"), row.optionalText("after"),
            row.text("usr_id"), row.text("usr_email"), row.optionalUuid("usr_uuid"), row.optionalText("auth_method"),
            row.optionalText("address").map(AuditEvents::address), row.text("request_id"),
            row.text("status"), row.text("message"));
    }

    /// Earlier versions of Roster wrote IPv6 with all of its zeros, and the seal is over what they wrote.
    private static String address(String written) {
        try {
            return Network.text(Network.host(written));
        } catch (IllegalArgumentException e) {
            return written;
        }
    }
}
