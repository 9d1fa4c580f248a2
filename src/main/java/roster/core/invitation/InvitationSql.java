package roster.core.invitation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import roster.base.db.Listing;
import roster.base.db.Tx;
import roster.base.db.Where;
import roster.core.index.InvitationRequest.Choice;
import roster.core.index.InvitationRequest.Slice;
import roster.core.index.InvitationRequest;
import roster.core.index.SortPosition;
import roster.core.user.Users;
import roster.model.Email;
import roster.model.Id;
import roster.model.Invitation.State;
import roster.model.Org;
import roster.model.Text;

/// One page of invitations by SQL: the answers of [roster.core.index.InvitationIndex#slice].
final class InvitationSql {
    /// Addresses in the order and the form of [roster.core.index.InvitationIndex].
    static final String EMAIL = "replace(i.email, 'ς', 'σ') COLLATE \"C\"";

    private final Tx tx;
    private final Org.Id org;
    private final InvitationRequest request;
    private final Instant now;

    /// @param now the moment of the states
    InvitationSql(Tx tx, Org.Id org, InvitationRequest request, Instant now) {
        this.tx = tx;
        this.org = org;
        this.request = request;
        this.now = now;
    }

    private Listing listing(Where where) {
        return new Listing("*", "FROM (" + Invitations.standings("?::timestamptz") + ") i", List.of(now), where);
    }

    /// All conditions but that on the state.
    private Where matching() {
        var filter = request.filter();
        var where = Where.of("i.org_id = ?", org).andIf(filter.inviter(), "i.inviter_id = ?")
            .andIf(filter.sentFrom(), "i.created_at >= ?").andIf(filter.expiresUntil(), "i.expires_at <= ?");
        filter.text().ifPresent(typed -> holds(where, typed));
        return where;
    }

    /// Adds the condition that the address holds a text, or that it is an id.
    private static void holds(Where where, String typed) {
        var text = Text.folded(typed);
        var sought = Email.sought(typed).orElse(text);
        var holds = Users.EMAIL_HOLDS.formatted("i");
        Id.parse(typed).ifPresentOrElse(
            id -> where.and("(" + holds + " OR i.id = ? OR i.user_id = ?)", text, sought, sought, id, id),
            () -> where.and(holds, text, sought, sought));
    }

    private Where listedOnes() {
        var where = matching();
        request.choice().ifPresent(choice -> chosen(where, choice));
        return where;
    }

    /// Adds the condition that they are among those that are chosen.
    static void chosen(Where where, Choice choice) {
        where.and("i.state = ANY (?) AND (i.state <> 'OPEN' OR (i.id = ANY (?::uuid[])) = ?)",
            choice.states().stream().map(Enum::name).toList(), List.copyOf(choice.ids()), choice.inside());
    }

    Slice slice() {
        var count = listing(listedOnes()).count(tx);
        var offset = request.place().offset(request.rows(), count, this::earlier);
        var page = listing(listedOnes()).rows(tx, Listing.order(request.descending(), key(), "i.id"), request.rows(),
            offset, row -> new SortPosition(switch (request.sort()) {
                case CREATED_AT -> SortPosition.ofTime(row.instant("created_at"));
                case EXPIRES_AT -> SortPosition.ofTime(row.instant("expires_at"));
                case EMAIL -> new byte[0];
            }, switch (request.sort()) {
                case CREATED_AT, EXPIRES_AT -> new byte[0];
                case EMAIL -> SortPosition.ofText(row.text("email"));
            }, row.uuid("id")));
        var some = !page.isEmpty();
        return new Slice(page.stream().map(SortPosition::id).toList(), offset, count, listing(Where.of("i.org_id = ?",
            org)).count(tx), byState(), some && offset > 0 ? Optional.of(page.getFirst()) : Optional.empty(),
            some && offset + page.size() < count ? Optional.of(page.getLast()) : Optional.empty());
    }

    private String key() {
        return switch (request.sort()) {
            case CREATED_AT -> "i.created_at";
            case EXPIRES_AT -> "i.expires_at";
            case EMAIL -> EMAIL;
        };
    }

    private long earlier(SortPosition position, boolean inclusive) {
        var operator = (request.descending() ? ">" : "<") + (inclusive ? "=" : "");
        var where = listedOnes().and("(%s, i.id) %s (?, ?)".formatted(key(), operator), switch (request.sort()) {
            case CREATED_AT, EXPIRES_AT -> position.keyTime();
            case EMAIL -> position.emailText();
        }, position.id());
        return listing(where).count(tx);
    }

    private Map<State, Long> byState() {
        var where = matching();
        var counts = new EnumMap<State, Long>(State.class);
        for (var state : State.values()) {
            counts.put(state, 0L);
        }
        var listing = listing(where);
        var values = new ArrayList<Object>(listing.fromValues());
        values.addAll(where.values());
        tx.query("SELECT i.state, count(*) AS n " + listing.from() + where.sql() + " GROUP BY 1", values.toArray())
            .list(row -> Map.entry(State.valueOf(row.text("state")), row.number("n")))
            .forEach(one -> counts.put(one.getKey(), one.getValue()));
        return counts;
    }

    /// All that are listed, in no order.
    List<UUID> listed() {
        return listing(listedOnes()).rows(tx, "i.id", Integer.MAX_VALUE, 0, row -> row.uuid("id"));
    }
}
