package roster.core.directory;

import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import roster.core.index.RoleSet;
import roster.core.permission.Catalogue;
import roster.core.permission.Catalogue.Entry;
import roster.model.Permission;
import roster.model.Role;

/// What a role means to those who have it if it holds other permissions from now on, or is deleted: all as of one moment.
/// Users of the same roles are counted together, so this takes as long as there are combinations of roles, not users.
///
/// @param people who have the role, of any status
/// @param serviceAccounts likewise
/// @param gained,lost in catalogue order; permissions that are not shown are left out
/// @param administrators how many Active people hold `user_access_manage` afterwards, by whichever role
public record RoleImpact(long people, long serviceAccounts, List<Effect> gained, List<Effect> lost,
    long administrators) {

    /// A permission that the role gets or loses.
    ///
    /// @param people who gain or lose it with the role, as no other role of theirs holds it
    /// @param serviceAccounts likewise
    /// @param otherPeople who have the role, and the permission from another one as well: nothing changes for them
    public record Effect(Entry permission, long people, long serviceAccounts, long otherPeople) {}

    /// @param view of the organisation, as handed out by [DirectoryCache#read]
    /// @param role as it is in the view
    /// @param after what it is to hold; nothing if it is to be deleted
    public static RoleImpact of(DirectoryView view, Catalogue catalogue, Role role, Set<Permission> after) {
        var sets = view.roleSets(List.of(role.id()));
        var tally = new Tally(view, catalogue, role, sets);
        return new RoleImpact(sets.stream().mapToLong(RoleSet::people).sum(),
            sets.stream().mapToLong(RoleSet::serviceAccounts).sum(),
            tally.effects(catalogue.listed(without(after, role.permissions()))),
            tally.effects(catalogue.listed(without(role.permissions(), after))),
            administrators(view, role, after));
    }

    /// How many people hold each permission by their roles. Those of no role are missing.
    public static Map<Permission, Long> people(DirectoryView view, Catalogue catalogue) {
        var roles = view.roles();
        var held = new HashMap<Role.Id, BitSet>();
        roles.forEach(role -> held.put(role.id(), Tally.positions(catalogue, role)));
        var counts = new HashMap<Integer, Long>();
        view.roleSets(held.keySet()).forEach(set -> {
            var union = new BitSet();
            set.roles().forEach(id -> union.or(held.getOrDefault(id, new BitSet())));
            union.stream().forEach(position -> counts.merge(position, set.people(), Long::sum));
        });
        return catalogue.listed().stream().filter(entry -> counts.containsKey(entry.position()))
            .collect(Collectors.toMap(Entry::permission, entry -> counts.get(entry.position())));
    }

    /// How many people have both roles.
    public static long both(DirectoryView view, Role.Id one, Role.Id other) {
        return view.roleSets(List.of(one)).stream().filter(set -> set.roles().contains(other))
            .mapToLong(RoleSet::people).sum();
    }

    private static Set<Permission> without(Set<Permission> permissions, Set<Permission> others) {
        var rest = new HashSet<>(permissions);
        rest.removeAll(others);
        return rest;
    }

    private static long administrators(DirectoryView view, Role changed, Set<Permission> after) {
        var manage = Permission.USER_ACCESS_MANAGE;
        var holders = view.roles().stream().filter(role -> role.id().equals(changed.id()) ? after.contains(manage)
            : role.permissions().contains(manage)).map(Role::id).collect(Collectors.toSet());
        return holders.isEmpty() ? 0 : view.roleSets(holders).stream().mapToLong(RoleSet::activePeople).sum();
    }

    /// What those who have a role hold by their other roles.
    private static final class Tally {
        private final List<RoleSet> sets;
        private final List<BitSet> others; // of each set, the positions of permissions that its other roles hold

        private Tally(DirectoryView view, Catalogue catalogue, Role role, List<RoleSet> combinations) {
            sets = combinations;
            var ids = new HashSet<Role.Id>();
            sets.forEach(set -> ids.addAll(set.roles()));
            ids.remove(role.id());
            Map<Role.Id, BitSet> held = new HashMap<>();
            view.roles().stream().filter(other -> ids.contains(other.id()))
                .forEach(other -> held.put(other.id(), positions(catalogue, other)));
            others = sets.stream().map(set -> {
                var union = new BitSet();
                set.roles().forEach(id -> union.or(held.getOrDefault(id, new BitSet())));
                return union;
            }).toList();
        }

        private static BitSet positions(Catalogue catalogue, Role role) {
            var positions = new BitSet();
            role.permissions().forEach(permission -> catalogue.find(permission)
                .ifPresent(entry -> positions.set(entry.position())));
            return positions;
        }

        private List<Effect> effects(List<Entry> permissions) {
            return permissions.stream().map(this::effect).toList();
        }

        private Effect effect(Entry permission) {
            var people = 0L;
            var serviceAccounts = 0L;
            var otherPeople = 0L;
            for (var i = 0; i < sets.size(); i++) {
                if (others.get(i).get(permission.position())) {
                    otherPeople += sets.get(i).people();
                } else {
                    people += sets.get(i).people();
                    serviceAccounts += sets.get(i).serviceAccounts();
                }
            }
            return new Effect(permission, people, serviceAccounts, otherPeople);
        }
    }
}
