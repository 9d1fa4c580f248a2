package roster.core.directory;

import java.util.Optional;
import roster.base.db.Where;
import roster.core.index.PeopleFilter.Seen;
import roster.core.index.PeopleRequest;
import roster.model.Email;
import roster.model.Id;
import roster.model.Org;
import roster.model.Text;

/// The conditions of a list of people in SQL, for queries in which `u` is `users`: those who meet them are those whom the list
/// in memory has.
public final class PeopleConditions {
    private final Org.Id org;
    private final PeopleRequest request;

    /// @param request of which the place means nothing here
    public PeopleConditions(Org.Id org, PeopleRequest request) {
        this.org = org;
        this.request = request;
    }

    /// That users are of the kind.
    Where ofKind() {
        var where = Where.of("u.org_id = ?", org);
        return switch (request.query().filter().kind()) {
            case PEOPLE -> where.and("NOT u.service_account");
            case SERVICE -> where.and("u.service_account");
            case BOTH -> where;
        };
    }

    /// All of them.
    public Where all() {
        var statuses = request.query().filter().statuses();
        return butStatus().andIf(statuses.isEmpty() ? Optional.empty() : Optional.of(UserLists.texts(statuses)),
            UserLists.STATUS + " = ANY (?)");
    }

    /// All but that on the status.
    Where butStatus() {
        var filter = request.query().filter();
        var where = ofKind();
        request.query().text().ifPresent(typed -> holds(where, typed));
        roles(where);
        seen(where);
        if (filter.withoutSecondFactor()) {
            where.and("NOT u.second_factor");
        }
        return where.andIf(request.addedFrom(), "u.created_at >= ?").andIf(request.addedBefore(), "u.created_at < ?");
    }

    private static void holds(Where where, String typed) {
        var text = Text.folded(typed);
        var sought = Email.sought(typed).orElse(text);
        var id = Id.parse(typed);
        if (id.isPresent()) {
            where.and("(" + UserLists.HOLDS + " OR u.id = ?)", text, text, sought, sought, id.get());
        } else {
            where.and("(" + UserLists.HOLDS + ")", text, text, sought, sought);
        }
    }

    private void roles(Where where) {
        var filter = request.query().filter();
        if (filter.roles().isEmpty() && !filter.withoutRoles()) {
            return;
        }
        where.and("""
            (EXISTS (SELECT 1 FROM role_members m
                      WHERE m.org_id = u.org_id AND m.user_id = u.id AND m.role_id = ANY (?::uuid[]))
             OR ? AND NOT EXISTS (SELECT 1 FROM role_members m WHERE m.org_id = u.org_id AND m.user_id = u.id))""",
            filter.roles(), filter.withoutRoles());
    }

    private void seen(Where where) {
        var seen = request.query().filter().seen();
        if (seen.isEmpty()) {
            return;
        }
        where.and("(? AND u.last_login_at IS NULL OR ? AND u.last_login_at < ?)", seen.contains(Seen.NEVER),
            seen.contains(Seen.NOT_FOR_90_DAYS), request.seenBefore());
    }
}
