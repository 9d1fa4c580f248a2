package roster.door.api.shared;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import roster.base.jsonapi.Resource;
import roster.core.permission.Catalogue;
import roster.core.role.Roles;
import roster.model.Permission;
import roster.model.Role;

/// The one place where roles and permissions become JSON, in answers about them and included with users.
public final class RoleResources {
    private final Catalogue catalogue;

    /// Made once: an answer may have all of them.
    private final Map<Permission, Resource> permissions = new ConcurrentHashMap<>();

    public RoleResources(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /// A role in answers about roles.
    public Resource resource(Roles.Counted counted) {
        var role = counted.role();
        var resource = alone(role);
        role.createdBy().ifPresent(handle -> resource.with("created_by_handle", handle));
        role.modifiedBy().ifPresent(handle -> resource.with("modified_by_handle", handle));
        return withPermissions(resource
            .with("user_count", counted.userCount())
            .with("team_count", 0)
            .with("receives_permissions_from", role.receivesPermissionsFrom()), role);
    }

    /// A managed role in the list of templates.
    public Resource template(Role role) {
        return new Resource("roles", role.id())
            .with("name", role.name())
            .with("description", switch (role.managed().orElseThrow()) {
                case ADMIN -> "Everything, access and settings of the organization included";
                case STANDARD -> "Everyday work: to see and to edit, and to invite people";
                case READ_ONLY -> "To see, and to change nothing";
            });
    }

    /// These roles, then the permissions they hold, each once, as included with users.
    public List<Resource> included(List<Role> roles) {
        return included(roles, this::included);
    }

    /// A role as included with users.
    public Resource included(Role role) {
        return withPermissions(alone(role), role);
    }

    /// Permissions as included with users, each once.
    public List<Resource> included(Set<Permission> permissions) {
        return catalogue.listed(permissions).stream().map(this::resource).toList();
    }

    /// The same with the number of enabled users who have each role, as included with the members of a role.
    ///
    /// @param counts none for a role that is not in it
    public List<Resource> included(List<Role> roles, Map<Role.Id, Long> counts) {
        return included(roles, role -> withPermissions(
            alone(role).with("user_count", counts.getOrDefault(role.id(), 0L)), role));
    }

    private static Resource alone(Role role) {
        return new Resource("roles", role.id())
            .with("name", role.name())
            .with("managed", role.managed().isPresent())
            .with("created_at", role.createdAt())
            .with("modified_at", role.modifiedAt());
    }

    private List<Resource> included(List<Role> roles, Function<Role, Resource> shown) {
        var included = new ArrayList<Resource>();
        var permissions = new LinkedHashSet<Permission>();
        for (var role : roles) {
            included.add(shown.apply(role));
            permissions.addAll(role.permissions());
        }
        included.addAll(included(permissions));
        return included;
    }

    private Resource withPermissions(Resource resource, Role role) {
        var ids = catalogue.listed(role.permissions()).stream().map(Catalogue.Entry::id).toList();
        return resource.toManyIds("permissions", "permissions", ids);
    }

    public Resource resource(Catalogue.Entry permission) {
        return permissions.computeIfAbsent(permission.permission(), _ -> rendered(permission));
    }

    private static Resource rendered(Catalogue.Entry permission) {
        return new Resource("permissions", permission.id())
            .with("name", permission.permission().name())
            .with("display_name", permission.displayName())
            .with("description", permission.description())
            .with("created", permission.created())
            .with("group_name", permission.group())
            .with("display_type", permission.displayType())
            .with("name_aliases", List.of())
            .with("restricted", permission.restricted())
            .rendered();
    }
}
