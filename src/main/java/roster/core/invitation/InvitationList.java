package roster.core.invitation;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import roster.base.db.ByKeys;
import roster.base.db.Database;
import roster.base.db.Listing;
import roster.base.db.Tx;
import roster.base.db.Where;
import roster.core.index.InvitationIndex.Found;
import roster.core.index.InvitationIndex.Moment;
import roster.core.index.InvitationQuery;
import roster.core.invitation.Invitations.Standing;
import roster.core.user.Users;
import roster.model.Email;
import roster.model.Invitation;
import roster.model.Org;
import roster.model.Page;
import roster.model.Text;
import roster.model.User;

/// Lists of an organisation's invitations: filtered, sorted and counted, page by page.
///
/// Which invitations are on a page comes from memory ([InvitationCache]), what they say from the database, in one snapshot.
/// An organisation with more than fit is answered by SQL: the same answers, slower.
public final class InvitationList {
    private final Database db;
    private final InvitationCache cache;

    InvitationList(Database db, InvitationCache cache) {
        this.db = db;
        this.cache = cache;
    }

    /// @throws roster.model.Refused with Unavailable if many lists of the organisation are asked for at once
    public Page<Standing> page(Org.Id org, InvitationQuery query) {
        return page(org, query, Set.of());
    }

    /// @param fates only those that got so far; empty: all
    public Page<Standing> page(Org.Id org, InvitationQuery query, Set<Fate> fates) {
        return cache
            .read(org, (tx, index, moment) -> page(tx, org, index.find(among(tx, org, query, fates), moment), moment))
            .orElseGet(() -> db.search(tx -> bySql(tx, org, among(tx, org, query, fates))));
    }

    private static InvitationQuery among(Tx tx, Org.Id org, InvitationQuery query, Set<Fate> fates) {
        return fates.isEmpty() ? query : query.among(TrackedInvitations.choice(tx, org, fates));
    }

    /// These invitations; ids that are none of the organisation's are skipped.
    public List<Invitation> all(Tx tx, Org.Id org, Collection<UUID> ids) {
        return tx.query("SELECT " + Invitations.COLUMNS + ByKeys.from("invitations", "id", "i"), List.copyOf(ids), org)
            .list(Invitations::invitation);
    }

    /// How many invitations there are for a user, in any state.
    public long count(Tx tx, Org.Id org, User.Id user) {
        return tx.query("SELECT count(*) AS n FROM invitations WHERE org_id = ? AND user_id = ?", org, user)
            .one(row -> row.number("n"));
    }

    private static Page<Standing> page(Tx tx, Org.Id org, Found found, Moment moment) {
        if (found.ids().isEmpty()) {
            return new Page<>(List.of(), found.total(), found.filtered());
        }
        Map<UUID, Standing> byId =
            tx.query(Invitations.standings("?::timestamptz") + " WHERE i.org_id = ? AND i.id = ANY (?::uuid[])",
                moment.now(), org, found.ids()).list(Invitations::standing).stream()
                .collect(Collectors.toMap(standing -> standing.invitation().id().value(), Function.identity()));
        return new Page<>(found.ids().stream().map(byId::get).toList(), found.total(), found.filtered());
    }

    /// @param tx a snapshot; states are those at its beginning
    static Page<Standing> bySql(Tx tx, Org.Id org, InvitationQuery query) {
        var total = tx.query("SELECT count(*) AS n FROM invitations WHERE org_id = ?", org).one(row -> row.number("n"));
        var where = Where.of("i.org_id = ?", org)
            .andIf(query.inviter(), "i.inviter_id = ?")
            .andIf(query.user(), "i.user_id = ?");
        query.choice().ifPresent(choice -> InvitationSql.chosen(where, choice));
        query.address().ifPresent(typed -> {
            var text = Text.folded(typed);
            var sought = Email.sought(typed).orElse(text);
            where.and(Users.EMAIL_HOLDS.formatted("i"), text, sought, sought);
        });
        var key = switch (query.sort()) {
            case CREATED_AT -> "i.created_at";
            case EXPIRES_AT -> "i.expires_at";
            case EMAIL -> InvitationSql.EMAIL;
        };
        return new Listing("*", "FROM (" + Invitations.standings("(SELECT roster_now())") + ") i", where)
            .page(tx, Listing.order(query.descending(), key, "i.id"), query.paging(), total, Invitations::standing);
    }
}
