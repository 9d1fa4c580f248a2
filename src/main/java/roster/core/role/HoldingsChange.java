package roster.core.role;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import roster.core.permission.Catalogue;
import roster.core.role.Holdings.Held;
import roster.model.Permission;
import roster.model.Role;

/// What other roles mean to one user, permission by permission: only permissions that are shown, in catalogue order.
///
/// @param before,after how many they hold
/// @param gained with the roles that bring each
/// @param lost with the roles that held each
/// @param kept of those that a role holds which is taken, with the roles that hold each afterwards
public record HoldingsChange(int before, int after, List<Held> gained, List<Held> lost, List<Held> kept) {
    public static HoldingsChange of(Catalogue catalogue, List<Role> before, List<Role> after) {
        var was = new Holdings(catalogue, before).held();
        var is = new HashMap<Permission, Held>();
        new Holdings(catalogue, after).held().forEach(held -> is.put(held.permission().permission(), held));
        var stay = new HashSet<Role.Id>();
        after.forEach(role -> stay.add(role.id()));
        var lost = new ArrayList<Held>();
        var kept = new ArrayList<Held>();
        var gained = new HashMap<>(is);
        for (var held : was) {
            var now = gained.remove(held.permission().permission());
            if (now == null) {
                lost.add(held);
            } else if (held.from().stream().anyMatch(role -> !stay.contains(role.id()))) {
                kept.add(now);
            }
        }
        return new HoldingsChange(was.size(), is.size(), catalogue.listed().stream()
            .map(entry -> gained.get(entry.permission())).filter(Objects::nonNull).toList(), lost, kept);
    }
}
