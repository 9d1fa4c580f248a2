package roster.core.role;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import roster.core.permission.Catalogue;
import roster.core.permission.Catalogue.Entry;
import roster.model.Permission;
import roster.model.Problem.BadParameter;
import roster.model.Refused;
import roster.model.Role;

/// A role as a person wants it to be, by how it differs from one that there is: what others change meanwhile stays.
///
/// @param name none: as it is
/// @param add,drop permissions that are shown
public record RoleDraft(Optional<String> name, Set<Permission> add, Set<Permission> drop) {
    /// Stands for all permissions that are shown. More than half of them are said by those that are left out, so that a draft
    /// fits into an address.
    private static final String ALL = "all";
    private static final String BUT = "-";

    public RoleDraft {
        add = Set.copyOf(add);
        drop = Set.copyOf(drop);
    }

    /// @param was what it holds
    /// @param wanted names of permissions that it is to hold; those that are not shown stay as they are
    /// @throws Refused with [BadParameter] for a name that is none
    public static RoleDraft between(Catalogue catalogue, Optional<String> name, Set<Permission> was,
        Collection<String> wanted) {
        var wants = named(catalogue, "permission", wanted);
        return new RoleDraft(name, without(wants, was), without(names(catalogue, was), wants));
    }

    private static Set<Permission> names(Catalogue catalogue, Set<Permission> permissions) {
        return catalogue.listed(permissions).stream().map(Entry::permission).collect(Collectors.toSet());
    }

    private static Set<Permission> without(Set<Permission> permissions, Set<Permission> others) {
        var rest = new HashSet<>(permissions);
        rest.removeAll(others);
        return rest;
    }

    public boolean isEmpty() {
        return name.isEmpty() && add.isEmpty() && drop.isEmpty();
    }

    /// What a role holds after it.
    public Set<Permission> of(Set<Permission> held) {
        var after = new HashSet<>(held);
        after.addAll(add);
        after.removeAll(drop);
        return after;
    }

    /// As [Roles] takes it.
    public Roles.Edit edit(Catalogue catalogue, Role role) {
        return new Roles.Edit(name, add.isEmpty() && drop.isEmpty() ? Optional.empty()
            : Optional.of(ids(catalogue, role.permissions())), true, Optional.empty());
    }

    /// The ids of what a role holds after it.
    public List<String> ids(Catalogue catalogue, Set<Permission> held) {
        return of(held).stream().map(permission -> catalogue.find(permission).orElseThrow().id().toString()).toList();
    }

    /// The draft that takes this one back.
    ///
    /// @param role as it was before
    public RoleDraft back(Role role) {
        return new RoleDraft(name.map(_ -> role.name()).filter(old -> !name.equals(Optional.of(old))),
            drop.stream().filter(role.permissions()::contains).collect(Collectors.toSet()),
            add.stream().filter(permission -> !role.permissions().contains(permission)).collect(Collectors.toSet()));
    }

    /// The part of it that a role does not meet yet.
    public RoleDraft left(Role role) {
        return new RoleDraft(name.filter(wanted -> !wanted.equals(role.name())), without(add, role.permissions()),
            drop.stream().filter(role.permissions()::contains).collect(Collectors.toSet()));
    }

    /// Permissions in the words of an address.
    public static String words(Catalogue catalogue, Set<Permission> permissions) {
        var listed = catalogue.listed();
        if (permissions.size() <= listed.size() / 2) {
            return listed.stream().filter(entry -> permissions.contains(entry.permission()))
                .map(entry -> entry.permission().name()).collect(Collectors.joining(","));
        }
        var words = new ArrayList<String>();
        words.add(ALL);
        listed.stream().filter(entry -> !permissions.contains(entry.permission()))
            .forEach(entry -> words.add(BUT + entry.permission().name()));
        return String.join(",", words);
    }

    /// Reads what [#words] says.
    ///
    /// @param parameter that has it
    /// @throws Refused with [BadParameter]
    public static Set<Permission> read(Catalogue catalogue, String parameter, String words) {
        var names = words.isEmpty() ? List.<String>of() : List.of(words.split(",", -1));
        if (!names.contains(ALL)) {
            return named(catalogue, parameter, names);
        }
        var all = new HashSet<Permission>();
        catalogue.listed().forEach(entry -> all.add(entry.permission()));
        var but = names.stream().filter(name -> !name.equals(ALL)).toList();
        if (but.stream().anyMatch(name -> !name.startsWith(BUT))) {
            throw new Refused(new BadParameter(parameter));
        }
        all.removeAll(named(catalogue, parameter, but.stream().map(name -> name.substring(1)).toList()));
        return all;
    }

    private static Set<Permission> named(Catalogue catalogue, String parameter, Collection<String> names) {
        return names.stream().map(Permission::new).map(permission -> catalogue.find(permission).filter(Entry::listed)
            .orElseThrow(() -> new Refused(new BadParameter(parameter))).permission()).collect(Collectors.toSet());
    }
}
