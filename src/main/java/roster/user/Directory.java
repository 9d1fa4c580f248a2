package roster.user;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import roster.db.Tx;
import roster.model.Org;
import roster.model.Role;
import roster.model.Text;
import roster.model.User;

/// Who is in an organisation: pages of its users, or of a role's members, filtered, sorted and counted.
public final class Directory {
    /// @param total users of the organisation or members of the role, whatever their status
    /// @param filtered those that the query lets through, over all pages
    public record Page(List<User> users, long total, long filtered) {}

    private static final String WITH_ROLE = """
         AND (?::uuid IS NULL OR EXISTS (SELECT 1 FROM role_members m
                                          WHERE m.org_id = u.org_id AND m.user_id = u.id AND m.role_id = ?))
        """;

    private static final String MATCHING = WITH_ROLE + """
           AND (?::text IS NULL OR strpos(replace(u.email, 'ς', 'σ'), ?) > 0 OR strpos(u.name_folded, ?) > 0)
           AND (?::text[] IS NULL
                OR CASE WHEN u.disabled THEN 'Disabled' WHEN u.verified THEN 'Active' ELSE 'Pending' END = ANY (?))
        """;

    public Page users(Tx tx, Org.Id org, UserQuery query) {
        return page(tx, org, Optional.empty(), query);
    }

    /// Users that were made or changed after this version, their roles included.
    List<User> changedSince(Tx tx, Org.Id org, long version) {
        return tx.query("SELECT " + Users.COLUMNS + " FROM users u WHERE u.org_id = ? AND u.version > ?", org, version)
            .list(Users::user);
    }

    /// Hands out all users of an organisation, in no particular order.
    void each(Tx tx, Org.Id org, Consumer<User> taker) {
        tx.query("""
            SELECT u.org_id, u.id, u.email, u.handle, u.name, u.title, u.verified, u.disabled, u.service_account,
                   u.created_at, u.modified_at, u.last_login_at, COALESCE(held.role_ids, '{}') AS role_ids
              FROM users u
              LEFT JOIN (SELECT m.user_id, array_agg(r.id ORDER BY r.name_folded, r.id) AS role_ids
                           FROM role_members m JOIN roles r ON r.org_id = m.org_id AND r.id = m.role_id
                          WHERE m.org_id = ? GROUP BY m.user_id) held ON held.user_id = u.id
             WHERE u.org_id = ?
            """, org, org).each(row -> taker.accept(Users.user(row)));
    }

    /// The members of a role, disabled ones included.
    public Page members(Tx tx, Role role, UserQuery query) {
        return page(tx, role.org(), Optional.of(role.id()), query);
    }

    private static Page page(Tx tx, Org.Id org, Optional<Role.Id> role, UserQuery query) {
        var total = tx.query("SELECT count(*) AS n FROM users u WHERE u.org_id = ?" + WITH_ROLE, org, role, role)
            .one(row -> row.number("n"));
        var text = query.text().map(Text::folded);
        var statuses = query.statuses().map(set -> set.stream().map(User.Status::text).toList());
        var where = " FROM users u WHERE u.org_id = ?" + MATCHING;
        var filtered = text.isEmpty() && statuses.isEmpty() ? total
            : tx.query("SELECT count(*) AS n" + where, org, role, role, text, text, text, statuses, statuses)
                .one(row -> row.number("n"));
        var direction = query.descending() ? " DESC" : "";
        var order = " ORDER BY " + query.sort().sql + direction
            + ", " + UserQuery.Sort.BY_EMAIL + direction + ", u.id" + direction;
        var users = tx.query("SELECT " + Users.COLUMNS + where + order + " LIMIT ? OFFSET ?",
            org, role, role, text, text, text, statuses, statuses, query.paging().size(), query.paging().offset())
            .list(Users::user);
        return new Page(users, total, filtered);
    }
}
