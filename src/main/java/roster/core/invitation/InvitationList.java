package roster.core.invitation;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import roster.base.db.Tx;
import roster.core.invitation.Invitations.Standing;
import roster.model.Invitation;
import roster.model.Org;
import roster.model.Page;
import roster.model.Paging;
import roster.model.Text;
import roster.model.User;

/// Lists of an organisation's invitations: filtered, sorted and counted, page by page.
public final class InvitationList {
    /// What to sort by; ties are broken by id.
    public enum Sort {
        CREATED_AT, EXPIRES_AT, EMAIL
    }

    /// @param address part of the address, in any letter case
    /// @param states invitations in one of these; none: in any
    /// @param inviter none: any; invitations from the command line have no inviter
    public record Query(Optional<String> address, Optional<Set<Invitation.State>> states, Optional<User.Id> inviter,
        Optional<User.Id> user, Sort sort, boolean descending, Paging paging) {}

    private static final String MATCHING = """
         WHERE (?::text[] IS NULL OR i.state = ANY (?))
           AND (?::uuid IS NULL OR i.inviter_id = ?)
           AND (?::uuid IS NULL OR i.user_id = ?)
           AND (?::text IS NULL OR strpos(replace(i.email, 'ς', 'σ'), ?) > 0)
        """;

    /// @param tx a snapshot; states are those at its beginning
    public Page<Standing> page(Tx tx, Org.Id org, Query query) {
        var total = tx.query("SELECT count(*) AS n FROM invitations WHERE org_id = ?", org).one(row -> row.number("n"));
        var states = query.states().map(set -> set.stream().map(Enum::name).toList());
        var text = query.address().map(Text::folded);
        var where = " FROM (" + Invitations.standings("(SELECT roster_now())") + ") i" + MATCHING;
        var all = states.isEmpty() && query.inviter().isEmpty() && query.user().isEmpty() && text.isEmpty();
        var filtered = all ? total : tx.query("SELECT count(*) AS n" + where, org, states, states, query.inviter(),
            query.inviter(), query.user(), query.user(), text, text).one(row -> row.number("n"));
        var direction = query.descending() ? " DESC" : "";
        var order = " ORDER BY i." + query.sort().name().toLowerCase(Locale.ROOT) + direction + ", i.id" + direction;
        var found = tx.query("SELECT *" + where + order + " LIMIT ? OFFSET ?", org, states, states, query.inviter(),
            query.inviter(), query.user(), query.user(), text, text, query.paging().size(), query.paging().offset())
            .list(Invitations::standing);
        return new Page<>(found, total, filtered);
    }
}
