package roster.core.role;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import roster.core.permission.Catalogue;
import roster.model.Permission;
import roster.model.Role;
import roster.model.Text;

/// What roles hold together, permission by permission. Only permissions that are shown.
public final class Holdings {
    /// @param from the roles that hold it
    public record Held(Catalogue.Entry permission, List<Role> from) {}

    /// @param all how many permissions the group has
    public record Group(String name, List<Held> held, long all) {}

    private final Catalogue catalogue;
    private final List<Role> roles;
    private final List<Held> held = new ArrayList<>();

    /// @param roles of one user
    public Holdings(Catalogue catalogue, List<Role> roles) {
        this.catalogue = catalogue;
        this.roles = List.copyOf(roles);
        for (var entry : catalogue.listed()) {
            var from = roles.stream().filter(role -> role.permissions().contains(entry.permission())).toList();
            if (!from.isEmpty()) {
                held.add(new Held(entry, from));
            }
        }
    }

    public int count() {
        return held.size();
    }

    /// In the order of the catalogue.
    public List<Held> held() {
        return List.copyOf(held);
    }

    /// By group, in the order of the catalogue.
    ///
    /// @param text in a name or a description, letter case ignored; empty: all
    /// @param from only those that this role holds
    public List<Group> groups(String text, Optional<Role.Id> from) {
        var sought = Text.folded(text.strip());
        var groups = new LinkedHashMap<String, List<Held>>();
        for (var one : held) {
            if (says(one.permission(), sought)
                && (from.isEmpty() || one.from().stream().anyMatch(role -> from.get().equals(role.id())))) {
                groups.computeIfAbsent(one.permission().group(), _ -> new ArrayList<>()).add(one);
            }
        }
        return groups.entrySet().stream().map(group -> new Group(group.getKey(), group.getValue(),
            catalogue.listed().stream().filter(entry -> entry.group().equals(group.getKey())).count())).toList();
    }

    private static boolean says(Catalogue.Entry entry, String sought) {
        return sought.isEmpty() || Text.folded(entry.permission().name()).contains(sought)
            || Text.folded(entry.displayName()).contains(sought) || Text.folded(entry.description()).contains(sought);
    }

    /// What comes from one role alone, for each of several roles, the fewest first; roles without any are left out.
    public Map<Role, List<Catalogue.Entry>> alone() {
        var alone = new LinkedHashMap<Role, List<Catalogue.Entry>>();
        if (roles.size() > 1) {
            held.stream().filter(one -> one.from().size() == 1).forEach(one -> alone
                .computeIfAbsent(one.from().getFirst(), _ -> new ArrayList<>()).add(one.permission()));
        }
        var ordered = new LinkedHashMap<Role, List<Catalogue.Entry>>();
        alone.entrySet().stream().sorted(Comparator.comparingInt(one -> one.getValue().size()))
            .forEach(one -> ordered.put(one.getKey(), one.getValue()));
        return ordered;
    }

    /// How many of the permissions that are shown a role holds.
    public int count(Role role) {
        return catalogue.listed(role.permissions()).size();
    }

    /// What none of the roles holds.
    public List<Catalogue.Entry> missing() {
        var known = new HashSet<Permission>();
        held.forEach(one -> known.add(one.permission().permission()));
        return catalogue.listed().stream().filter(entry -> !known.contains(entry.permission())).toList();
    }
}
