package roster.core.directory;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import roster.base.db.Listing;
import roster.base.db.Tx;
import roster.base.db.Where;
import roster.core.index.ListRequest;
import roster.core.index.PackedUser;
import roster.core.index.SortPosition;
import roster.core.index.UserIndex;
import roster.core.index.UserQuery;
import roster.core.user.Users;
import roster.model.Email;
import roster.model.LoginMethod;
import roster.model.Org;
import roster.model.Page;
import roster.model.Role;
import roster.model.Text;
import roster.model.User;

/// Lists of an organisation's users, or of a role's members, by SQL: filtered, sorted, counted and paged.
public final class UserLists {
    public Page<User> users(Tx tx, Org.Id org, UserQuery query) {
        return page(tx, Where.of("u.org_id = ?", org), query);
    }

    /// A page by its number, or after a position.
    UserIndex.Listed list(Tx tx, Org.Id org, ListRequest request) {
        var query = request.query();
        var size = query.paging().size();
        var where = Where.of("u.org_id = ?", org);
        var total = listing(where).count(tx);
        filter(where, query);
        var filtered = where.isFiltered() ? listing(where).count(tx) : total;
        request.after().ifPresent(position -> SortSql.after(where, query, position));
        // Two more than a page: one shows whether users follow it, one may be the user that the previous page ended with.
        var found = listing(where).rows(tx, SortSql.order(query.sort(), query.descending()), size + 2,
            request.after().isPresent() ? 0 : query.paging().offset(), Users::user);
        var users = new ArrayList<User>();
        var taken = 0;
        for (; taken < found.size() && users.size() < size; taken++) {
            var user = found.get(taken);
            if (request.after().filter(position -> position.id().equals(user.id().value())).isEmpty()) {
                users.add(user);
            }
        }
        return new UserIndex.Listed(new Page<>(users.stream().map(PackedUser::of).toList(), total, filtered),
            users.isEmpty() || taken == found.size() ? Optional.empty()
                : Optional.of(SortPosition.of(query.sort(), users.getLast())));
    }

    Optional<User> find(Tx tx, Org.Id org, User.Id id) {
        return tx.query("SELECT " + Users.COLUMNS + " FROM users u WHERE u.org_id = ? AND u.id = ?", org, id)
            .optional(Users::user);
    }

    /// Users who were created or changed after a version, or whose roles were, with their roles.
    ///
    /// @param most returns at most this many, any of them
    List<User> changedSince(Tx tx, Org.Id org, long version, int most) {
        return tx.query("SELECT " + Users.COLUMNS + " FROM users u WHERE u.org_id = ? AND u.version > ? LIMIT ?", org,
            version, most).list(Users::user);
    }

    /// How many users an organisation has, including disabled ones.
    long size(Tx tx, Org.Id org) {
        return tx.query("SELECT count(*) AS n FROM users WHERE org_id = ?", org).one(row -> row.number("n"));
    }

    /// Passes all users of an organisation to a consumer, one by one as they arrive, in no particular order.
    void each(Tx tx, Org.Id org, Consumer<User> consumer) {
        tx.query("""
            SELECT u.org_id, u.id, u.email, u.handle, u.name, u.title, u.verified, u.disabled, u.service_account,
                   u.created_at, u.modified_at, u.last_login_at, u.login_methods, u.second_factor,
                   COALESCE(held.role_ids, '{}') AS role_ids
              FROM users u
              LEFT JOIN (SELECT m.user_id, array_agg(r.id ORDER BY r.name_folded, r.id) AS role_ids
                           FROM role_members m JOIN roles r ON r.org_id = m.org_id AND r.id = m.role_id
                          WHERE m.org_id = ? GROUP BY m.user_id) held ON held.user_id = u.id
             WHERE u.org_id = ?
            """, org, org).each(row -> consumer.accept(Users.user(row)));
    }

    /// The number of enabled users of each role. Roles without any are missing.
    Map<Role.Id, Long> enabledMembers(Tx tx, Org.Id org) {
        return tx.query("""
            SELECT m.role_id, count(*) AS n
              FROM role_members m JOIN users u ON u.org_id = m.org_id AND u.id = m.user_id AND NOT u.disabled
             WHERE m.org_id = ? AND u.org_id = ?
             GROUP BY m.role_id
            """, org, org).list(row -> Map.entry(new Role.Id(row.uuid("role_id")), row.number("n"))).stream()
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /// The members of a role, including disabled users.
    public Page<User> members(Tx tx, Role role, UserQuery query) {
        return page(tx, Where.of("""
            u.org_id = ? AND EXISTS (SELECT 1 FROM role_members m
                                      WHERE m.org_id = u.org_id AND m.user_id = u.id AND m.role_id = ?)""",
            role.org(), role.id()), query);
    }

    /// Users who have login methods of their own, this one among them. They are few, and an index of their own finds them.
    public Page<User> boundTo(Tx tx, Org.Id org, LoginMethod method, UserQuery query) {
        return page(tx, Where.of("""
            u.org_id = ? AND u.login_methods <> '{}' AND u.login_methods @> ARRAY[?::text]""", org, method.text()),
            query);
    }

    /// @param where whose users to list; the filter of the query is added to it
    private static Page<User> page(Tx tx, Where where, UserQuery query) {
        var total = listing(where).count(tx);
        filter(where, query);
        return listing(where).page(tx, SortSql.order(query.sort(), query.descending()), query.paging(), total,
            Users::user);
    }

    private static Listing listing(Where where) {
        return new Listing(Users.COLUMNS, "FROM users u", where);
    }

    private static void filter(Where where, UserQuery query) {
        query.text().ifPresent(typed -> {
            var text = Text.folded(typed);
            var sought = Email.sought(typed).orElse(text);
            where.and("(" + HOLDS + ")", text, text, sought, sought);
        });
        where.andIf(query.statuses().map(UserLists::texts), STATUS + " = ANY (?)");
    }

    /// Of `users` called `u`.
    static final String STATUS =
        "CASE WHEN u.disabled THEN 'Disabled' WHEN u.verified THEN 'Active' ELSE 'Pending' END";

    /// Whether a name or an address holds a text, bound twice, or what it means in a domain, bound twice.
    static final String HOLDS = "strpos(u.name_folded, ?) > 0 OR " + Users.EMAIL_HOLDS.formatted("u");

    static List<String> texts(Set<User.Status> statuses) {
        return statuses.stream().map(User.Status::text).toList();
    }
}
