package roster.core.invitation;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import roster.base.db.Database;
import roster.base.db.Tx;
import roster.base.secret.CursorCodec;
import roster.core.directory.SealedPlaces;
import roster.core.index.InvitationRequest.Choice;
import roster.core.index.InvitationRequest.Slice;
import roster.core.index.InvitationRequest;
import roster.core.index.PeopleRequest.Place;
import roster.core.index.SortPosition;
import roster.core.invitation.Invitations.Standing;
import roster.core.mail.Deliveries;
import roster.core.mail.Delivery;
import roster.model.Invitation.State;
import roster.model.Invitation;
import roster.model.Org;

/// The list of invitations with how their e-mails fared. Places in it that clients bring back are sealed, as addresses must
/// not show e-mail addresses.
///
/// As [InvitationList], it comes from memory, or where there are more than fit, from SQL: the same answers. How e-mails fared
/// changes without a version, so that is read anew each time, in the same snapshot.
public final class TrackedInvitations {
    private static final String LIST = "invitations1";

    private final Database db;
    private final InvitationCache cache;
    private final Invitations invitations;
    private final Deliveries deliveries;
    private final CursorCodec codec;

    TrackedInvitations(Database db, InvitationCache cache, Invitations invitations, Deliveries deliveries,
        CursorCodec codec) {
        this.db = db;
        this.cache = cache;
        this.invitations = invitations;
        this.deliveries = deliveries;
        this.codec = codec;
    }

    /// A page of the list, all of it as of one moment.
    ///
    /// @param rank of the first of them in the list, from 1; 0 if there is none
    /// @param matching how many match, over all pages
    /// @param all how many invitations there are
    /// @param byState how many match all conditions but that on the state, by state; every state is there
    /// @param before a sealed place, if others come before the page
    /// @param after a sealed place, if others follow
    public record Listed(List<Tracked> items, long rank, long matching, long all, Map<State, Long> byState,
        Optional<String> before, Optional<String> after) {
        /// The rank of the last one on the page; 0 if there is none.
        public long lastRank() {
            return items.isEmpty() ? 0 : rank + items.size() - 1;
        }
    }

    /// @param rows the most invitations wanted
    /// @param zone in which days begin
    /// @throws roster.model.Refused with Unavailable if many lists of the organisation are asked for at once
    public Listed list(Org.Id org, InvitationSearch search, Place place, int rows, ZoneId zone) {
        return cache.read(org, (tx, index, moment) -> listed(tx, org, search,
            index.slice(request(tx, org, search, place, rows, zone, moment.now()), moment), moment.now()))
            .orElseGet(() -> db.search(tx -> bySql(tx, org, search, place, rows, zone)));
    }

    /// @param tx a snapshot; states are those at its beginning
    Listed bySql(Tx tx, Org.Id org, InvitationSearch search, Place place, int rows, ZoneId zone) {
        var now = now(tx);
        return listed(tx, org, search, new InvitationSql(tx, org, request(tx, org, search, place, rows, zone, now), now)
            .slice(), now);
    }

    private static Instant now(Tx tx) {
        return tx.query("SELECT roster_now() AS now").one(row -> row.instant("now"));
    }

    /// All that match, in no order: as of one moment.
    public List<Invitation.Id> matching(Org.Id org, InvitationSearch search, ZoneId zone) {
        return cache.read(org, (tx, index, moment) -> index.listed(request(tx, org, search, Place.FIRST, 1, zone,
            moment.now()), moment))
            .orElseGet(() -> db.search(tx -> {
                var now = now(tx);
                return new InvitationSql(tx, org, request(tx, org, search, Place.FIRST, 1, zone, now), now).listed();
            })).stream().map(Invitation.Id::new).toList();
    }

    private static InvitationRequest request(Tx tx, Org.Id org, InvitationSearch search, Place place, int rows,
        ZoneId zone, Instant now) {
        return new InvitationRequest(search.filter(zone, now), search.fates().isEmpty() ? Optional.empty()
            : Optional.of(choice(tx, org, search.fates())), search.sort(), search.descending(), place, rows);
    }

    /// @param fates at least one
    static Choice choice(Tx tx, Org.Id org, Set<Fate> fates) {
        var states = fates.stream().flatMap(fate -> fate.states().stream()).collect(Collectors.toSet());
        var open = new HashSet<>(fates);
        open.retainAll(Fate.OPEN);
        if (open.isEmpty() || open.size() == Fate.OPEN.size()) {
            return Choice.of(states);
        }
        // Most are sent: those that are not are fetched.
        var inside = !open.contains(Fate.SENT);
        var fetched = inside ? open : EnumSet.complementOf(EnumSet.copyOf(open));
        return new Choice(states, Deliveries.unsent(tx, org, Invitations.LETTER, Fate.emails(fetched)), inside);
    }

    private Listed listed(Tx tx, Org.Id org, InvitationSearch search, Slice slice, Instant now) {
        return new Listed(tracked(tx, org, slice.ids(), now), slice.ids().isEmpty() ? 0 : slice.offset() + 1,
            slice.matching(), slice.all(), new EnumMap<>(slice.byState()),
            slice.first().map(at -> seal(org, search, at)),
            slice.last().map(at -> seal(org, search, at)));
    }

    private List<Tracked> tracked(Tx tx, Org.Id org, List<UUID> ids, Instant now) {
        if (ids.isEmpty()) {
            return List.of();
        }
        var emails = deliveries.of(tx, org, Invitations.LETTER, ids);
        var found = tx.query(Invitations.standings("?::timestamptz") + " WHERE i.org_id = ? AND i.id = ANY (?::uuid[])",
            now, org, ids).list(Invitations::standing).stream()
            .collect(Collectors.toMap(one -> one.invitation().id().value(), one -> one));
        var all = new ArrayList<Tracked>();
        ids.forEach(id -> all.add(tracked(found.get(id), Optional.ofNullable(emails.get(id)))));
        return all;
    }

    private static Tracked tracked(Standing standing, Optional<Delivery> email) {
        return new Tracked(standing.invitation(), standing.state(), email);
    }

    /// One invitation, cancelled ones too.
    public Optional<Tracked> find(Tx tx, Org.Id org, Invitation.Id id) {
        return invitations.standing(tx, org, id)
            .map(standing -> tracked(standing, deliveries.of(tx, org, Invitations.LETTER, id)));
    }

    private String seal(Org.Id org, InvitationSearch search, SortPosition position) {
        return SealedPlaces.seal(codec, org, LIST, position, search.words());
    }

    /// The place that an address names, as [SealedPlaces] has it.
    public Place place(Org.Id org, InvitationSearch search, Optional<String> after, Optional<String> before) {
        return SealedPlaces.place(codec, org, LIST, search.words(), after, before);
    }
}
