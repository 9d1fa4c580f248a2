package roster.door.api.users;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import roster.base.db.OrgVersions;
import roster.base.secret.LengthPrefixed;
import roster.base.secret.Secrets;
import roster.core.access.Catalogue;
import roster.core.index.ListRequest;
import roster.core.user.LoginMethods;
import roster.model.Org;
import roster.model.Permission;
import roster.model.Role;
import roster.model.User;

/// The `ETag` of what is shown of users: a keyed hash of all that goes into the answer. It costs less than the answer, and
/// is the same on every node and after a restart.
///
/// A user's is made of what he is, not of the number of the write that made him so: a database that was put back and
/// went on may reach the same number with something else.
final class UserTags {
    /// To be raised with every change to how users, roles and permissions are rendered.
    private static final int FORMAT = 1;

    private final Secrets secrets;
    private final byte[] catalogue;

    UserTags(Secrets secrets, Catalogue catalogue) {
        this.secrets = secrets;
        var all = new LengthPrefixed().add(catalogue.listed());
        for (var managed : Role.Managed.values()) {
            all.add(names(catalogue.heldBy(managed)));
        }
        this.catalogue = Secrets.digest(new String(all.bytes(), StandardCharsets.UTF_8));
    }

    /// @param roles his, by name
    List<String> of(User user, List<Role> roles) {
        var fields = new LengthPrefixed().add("user").add(FORMAT).add(catalogue)
            .add(user.org()).add(user.id()).add(user.email()).add(user.handle()).add(user.name()).add(user.title())
            .add(user.verified()).add(user.disabled()).add(user.serviceAccount())
            .add(user.createdAt()).add(user.modifiedAt()).add(user.lastLoginAt())
            .add(LoginMethods.texts(user.loginMethods()));
        for (var role : roles) {
            fields.add(role.id()).add(role.name()).add(role.createdAt()).add(role.modifiedAt()).add(role.managed());
            if (role.managed().isEmpty()) { // those of the managed ones are the catalogue's
                fields.add(names(role.permissions()));
            }
        }
        return secrets.tags(fields.bytes());
    }

    private static List<String> names(Set<Permission> permissions) {
        return permissions.stream().map(Permission::name).sorted().toList();
    }

    /// @param state of the organisation, which changes with every write to it
    List<String> of(Org.Id org, OrgVersions.State state, ListRequest walk) {
        var query = walk.query();
        var fields = new LengthPrefixed().add("list").add(FORMAT).add(catalogue)
            .add(org).add(state.version()).add(state.stamp())
            .add(query.text()).add(query.statuses()).add(query.sort()).add(query.descending())
            .add(query.paging().size()).add(query.paging().number());
        walk.after().ifPresent(place -> fields.add(place.key()).add(place.email()).add(place.id()));
        return secrets.tags(fields.bytes());
    }
}
