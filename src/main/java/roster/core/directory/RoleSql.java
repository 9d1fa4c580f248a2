package roster.core.directory;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import roster.base.db.Tx;
import roster.core.index.RoleSet;
import roster.model.Org;
import roster.model.Role;

/// Who has which roles, by SQL: the answers of [roster.core.index.UserIndex].
final class RoleSql {
    private RoleSql() {}

    /// The number of people who have each role. Roles without any are missing.
    static Map<Role.Id, Long> people(Tx tx, Org.Id org) {
        return tx.query("""
            SELECT m.role_id, count(*) AS n
              FROM role_members m JOIN users u ON u.org_id = m.org_id AND u.id = m.user_id
             WHERE m.org_id = ? AND u.org_id = ? AND NOT u.service_account
             GROUP BY m.role_id
            """, org, org).list(row -> Map.entry(new Role.Id(row.uuid("role_id")), row.number("n"))).stream()
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /// The combinations of roles that include one of these.
    static List<RoleSet> sets(Tx tx, Org.Id org, Collection<Role.Id> any) {
        return tx.query("""
            SELECT held.role_ids,
                   count(*) FILTER (WHERE NOT u.service_account) AS people,
                   count(*) FILTER (WHERE NOT u.service_account AND u.verified AND NOT u.disabled) AS active_people,
                   count(*) FILTER (WHERE u.service_account) AS service_accounts
              FROM (SELECT m.user_id, array_agg(m.role_id ORDER BY m.role_id) AS role_ids
                      FROM role_members m
                     WHERE m.org_id = ? AND m.user_id IN (SELECT user_id FROM role_members
                                                           WHERE org_id = ? AND role_id = ANY (?::uuid[]))
                     GROUP BY m.user_id) held
              JOIN users u ON u.org_id = ? AND u.id = held.user_id
             GROUP BY held.role_ids
            """, org, org, List.copyOf(any), org)
            .list(row -> new RoleSet(row.uuids("role_ids").stream().map(Role.Id::new).toList(), row.number("people"),
                row.number("active_people"), row.number("service_accounts")));
    }
}
