package roster.promise;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import roster.base.db.WriteTx;
import roster.core.key.ApplicationKeys;
import roster.model.Permission;
import roster.model.Role;
import roster.support.TestOrg;
import roster.support.TestUser;

/// An Active user with keys, and a role that only they have.
record Person(TestUser user, Role.Id role) {
    /// @param name of the user and the role; different for each person of the organisation
    /// @param permissions of their own role
    /// @param further roles that they have as well
    static Person create(TestOrg org, WriteTx tx, String name, List<String> permissions, List<Role.Id> further) {
        var program = org.roster().program();
        var ids = permissions.stream()
            .map(permission -> program.kernel().catalogue().find(new Permission(permission)).orElseThrow().id()
                .toString())
            .toList();
        var role = program.role.roles.create(tx, "role of " + name, ids, true, List.of());
        var roles = new ArrayList<>(List.of(role.id().toString()));
        further.forEach(id -> roles.add(id.toString()));
        var pending =
            program.user.newUsers.create(tx, name + "@promises.test", Optional.empty(), Optional.empty(), roles);
        var user = program.user.users.verify(tx, pending, "user.verified", true);
        var key = program.key.applicationKeys.issue(tx, user, new ApplicationKeys.Wish("a key", Optional.empty()));
        return new Person(new TestUser(org, user, org.apiKey(), key.secret()), role.id());
    }

    /// One of two administrators of the promise tests: their role holds `user_access_manage` only.
    static Person administrator(TestOrg org, WriteTx tx, String name) {
        return create(org, tx, name, List.of(Permission.USER_ACCESS_MANAGE.name()), List.of());
    }

    String id() {
        return user.id();
    }
}
