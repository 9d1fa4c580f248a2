package roster.core.user;

import java.util.List;
import roster.base.db.TenantTable;
import roster.base.feature.Feature;
import roster.core.Kernel;
import roster.core.access.AccessFeature;
import roster.core.org.OrgFeature;
import roster.core.role.RoleFeature;

/// Users and service accounts.
public final class UserFeature implements Feature {
    public final Members members;
    public final Users users;
    public final NewUsers newUsers;
    public final ManyUsers many;
    public final Departures departures;
    public final History history;
    public final AddressForms addressForms;
    public final UserStamps stamps;

    public UserFeature(Kernel kernel, AccessFeature access, OrgFeature org, RoleFeature role) {
        members = new Members(kernel.audit(), role.roles, access.grants, role.administrators);
        users = new Users(kernel.audit(), role.roles, role.administrators);
        many = new ManyUsers(kernel.audit(), users, members, role.administrators);
        departures = new Departures(kernel.audit(), users, role.administrators);
        newUsers = new NewUsers(kernel.audit(), org.configs, role.roles, members, access.grants);
        history = new History(users, role.roles, kernel.catalogue());
        stamps = new UserStamps(kernel.secrets());
        addressForms = new AddressForms(kernel.db(), kernel.sources().ids(), kernel.audit(), users);
    }

    @Override
    public List<TenantTable> tables() {
        return List.of(
            TenantTable.of("users").ofUser("id").personal("email", "handle", "name", "name_folded", "title",
                "title_folded"),
            TenantTable.of("role_members").endingWithUser("user_id"),
            TenantTable.of("address_pointers").unversioned().distributedBy("email").endingWithUser("user_id")
                .personal("email"));
    }
}
