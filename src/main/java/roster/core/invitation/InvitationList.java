package roster.core.invitation;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import roster.base.db.Listing;
import roster.base.db.Tx;
import roster.base.db.Where;
import roster.core.invitation.Invitations.Standing;
import roster.model.Email;
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

    /// @param tx a snapshot; states are those at its beginning
    public Page<Standing> page(Tx tx, Org.Id org, Query query) {
        var total = tx.query("SELECT count(*) AS n FROM invitations WHERE org_id = ?", org).one(row -> row.number("n"));
        var where = Where.of("i.org_id = ?", org)
            .andIf(query.states().map(set -> set.stream().map(Enum::name).toList()), "i.state = ANY (?)")
            .andIf(query.inviter(), "i.inviter_id = ?")
            .andIf(query.user(), "i.user_id = ?");
        query.address().ifPresent(typed -> where.and("strpos(replace(i.email, 'ς', 'σ'), ?) > 0",
            Email.sought(typed).orElse(Text.folded(typed))));
        var order = Listing.order(query.descending(), "i." + query.sort().name().toLowerCase(Locale.ROOT), "i.id");
        return new Listing("*", "FROM (" + Invitations.standings("(SELECT roster_now())") + ") i", where)
            .page(tx, order, query.paging(), total, Invitations::standing);
    }
}
