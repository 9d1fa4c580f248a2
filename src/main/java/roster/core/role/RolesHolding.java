package roster.core.role;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import roster.base.db.Tx;
import roster.core.permission.Catalogue;
import roster.model.Org;
import roster.model.Permission;
import roster.model.Role;

/// Which roles of an organisation hold a permission.
public final class RolesHolding {
    private final Catalogue catalogue;

    public RolesHolding(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /// @param first some of the names, managed roles first, then by name
    /// @param total how many roles there are
    public record Holding(List<String> first, long total) {}

    /// @param wanted permissions, each of which is in the answer
    /// @param most names of each
    public Map<Permission, Holding> of(Tx tx, Org.Id org, Collection<Permission> wanted, int most) {
        var managed = tx.query("SELECT name, managed FROM roles WHERE org_id = ? AND managed IS NOT NULL ORDER BY name",
            org).list(row -> Map.entry(row.text("name"), Role.Managed.valueOf(row.text("managed"))));
        var holding = new LinkedHashMap<Permission, Holding>();
        for (var permission : wanted) {
            var names = managed.stream().filter(role -> catalogue.heldBy(role.getValue()).contains(permission))
                .map(Map.Entry::getKey).toList();
            holding.put(permission, new Holding(names, names.size()));
        }
        tx.query("""
            SELECT h.permission, count(*) AS n,
                   array_agg(h.name ORDER BY h.place) FILTER (WHERE h.place <= ?) AS names
              FROM (SELECT p.name AS permission, r.name,
                           row_number() OVER (PARTITION BY p.name ORDER BY r.name_folded, r.id) AS place
                      FROM roles r CROSS JOIN LATERAL unnest(r.permissions) AS p(name)
                     WHERE r.org_id = ? AND r.managed IS NULL AND p.name = ANY (?)) h
             GROUP BY h.permission
            """, most, org, wanted.stream().map(Permission::name).toList()).each(row -> {
            var permission = new Permission(row.text("permission"));
            var known = holding.get(permission);
            var names = new ArrayList<>(known.first());
            names.addAll(row.texts("names"));
            holding.put(permission, new Holding(names, known.total() + row.number("n")));
        });
        holding.replaceAll((_, one) -> new Holding(one.first().stream().limit(most).toList(), one.total()));
        return holding;
    }
}
