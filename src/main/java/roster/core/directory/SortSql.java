package roster.core.directory;

import roster.base.db.Listing;
import roster.base.db.Where;
import roster.core.index.SortPosition;
import roster.core.index.UserQuery;

/// The sorts of [UserQuery] in SQL, for queries in which `u` is `users`. They give the order that
/// [roster.core.index.UserIndex] gives: by the sort's own key, then by e-mail, then by id.
final class SortSql {
    /// The e-mail address as [roster.model.Text#folded] has it; addresses are stored in lower case.
    private static final String EMAIL = "replace(u.email, 'ς', 'σ') COLLATE \"C\"";

    private SortSql() {}

    private static String key(UserQuery.Sort sort) {
        return switch (sort) {
            case NAME -> "COALESCE(NULLIF(u.name_folded, ''), " + EMAIL + ")";
            case EMAIL -> EMAIL;
            case HANDLE -> "u.handle COLLATE \"C\"";
            case STATUS ->
                "CASE WHEN u.disabled THEN 'Disabled' WHEN u.verified THEN 'Active' ELSE 'Pending' END COLLATE \"C\"";
            case TITLE -> "COALESCE(u.title_folded, '')";
            case CREATED_AT -> "u.created_at";
            case MODIFIED_AT -> "u.modified_at";
            case LAST_SIGN_IN ->
                "COALESCE((extract(epoch FROM u.last_login_at) * 1000000)::bigint, " + Long.MIN_VALUE + ")";
        };
    }

    static String order(UserQuery.Sort sort, boolean descending) {
        return Listing.order(descending, key(sort), EMAIL, "u.id");
    }

    /// Adds the condition that only users after a position meet.
    static void after(Where where, UserQuery query, SortPosition position) {
        compare(where, query.sort(), query.descending() ? "<" : ">", position);
    }

    /// Adds the condition that only users meet who compare so with a position, in ascending order.
    static void compare(Where where, UserQuery.Sort sort, String operator, SortPosition position) {
        where.and("(%s, %s, u.id) %s (?, ?, ?)".formatted(key(sort), EMAIL, operator), value(sort, position),
            position.emailText(), position.id());
    }

    /// What the key of a sort is compared with.
    private static Object value(UserQuery.Sort sort, SortPosition position) {
        return switch (sort) {
            case EMAIL -> position.emailText();
            case NAME, HANDLE, STATUS, TITLE -> position.keyText();
            case CREATED_AT, MODIFIED_AT -> position.keyTime();
            case LAST_SIGN_IN -> position.keyMicros();
        };
    }
}
