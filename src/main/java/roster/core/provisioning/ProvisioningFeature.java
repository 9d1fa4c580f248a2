package roster.core.provisioning;

import java.util.List;
import roster.base.db.TenantTable;
import roster.base.feature.Feature;
import roster.base.work.Worker;
import roster.core.Kernel;
import roster.core.directory.DirectoryFeature;
import roster.core.invitation.InvitationFeature;
import roster.core.key.KeyFeature;
import roster.core.org.OrgFeature;
import roster.core.role.RoleFeature;
import roster.core.user.UserFeature;

/// What directories provision over SCIM.
public final class ProvisioningFeature implements Feature {
    /// The part of the heap that lists of people in order may take: at 512 MB, those of about 500,000.
    private static final int ORDER_MEMORY = 12;

    /// The part that people who are asked for one by one may take: at 512 MB, about 10,000.
    private static final int PEOPLE_MEMORY = 16;

    /// The part that finding people by their names may take: at 512 MB, about 400,000.
    private static final int NAME_MEMORY = 24;

    /// The part that groups which are found by their names may take: at 512 MB, some 200 with all permissions, or 8,000 with few.
    private static final int GROUP_MEMORY = 64;

    /// The part that what a scan finds may take, of which there are four at a time.
    private static final int SCAN_MEMORY = 40;

    public final ProvisionedUsers users;
    public final PeopleSearch search;
    public final ProvisionedGroups groups;
    public final GroupChanges groupChanges;
    public final KnownMembers knownMembers;
    public final GroupSearch groupSearch;
    public final GroupLookUps groupLookUps;
    public final ResourceSearch resourceSearch;
    public final DirectoryRequests requests;
    public final DirectoryMarks marks = new DirectoryMarks();
    public final DirectoryAccess access;

    public ProvisioningFeature(Kernel kernel, OrgFeature org, RoleFeature role, UserFeature user,
        DirectoryFeature directory, InvitationFeature invitation, KeyFeature key) {
        var rows = new ProvisionedUserRows();
        var heap = Runtime.getRuntime().maxMemory();
        var known = new KnownPeople(kernel.db(), directory.directory, rows, heap / PEOPLE_MEMORY);
        users = new ProvisionedUsers(kernel.db(), kernel.audit(),
            new ProvisionedUsers.Nouns(user.users, user.newUsers, user.departures, user.members, role.roles),
            new Welcome(kernel.audit(), org.configs, role.roles, invitation.invitations), rows,
            known);
        var scans = new PeopleScans(kernel.db());
        search = new PeopleSearch(kernel.db(), rows, new PeopleOrders(kernel.db(), scans, heap / ORDER_MEMORY), scans,
            new PeopleLookUps(new PeopleNames(kernel.db(), directory.directory, heap / NAME_MEMORY), known),
            heap / SCAN_MEMORY);
        groups = new ProvisionedGroups(kernel.audit(), role.roles, role.names, user.members);
        groupChanges = new GroupChanges(kernel.db(), groups, new MemberChanges(groups));
        knownMembers = new KnownMembers(kernel.db(), groups, directory.directory);
        groupSearch = new GroupSearch(groups);
        groupLookUps = new GroupLookUps(kernel.db(), groups, heap / GROUP_MEMORY);
        resourceSearch = new ResourceSearch(search, groupSearch);
        requests = new DirectoryRequests(kernel.db());
        access = new DirectoryAccess(user.users, user.newUsers, role.roles, key.acts, kernel.catalogue(), requests);
    }

    @Override
    public List<TenantTable> tables() {
        return List.of(TenantTable.of("scim_users").endingWithUser("user_id").personal("user_name", "user_name_folded",
            "external_id", "email_sent", "other_emails", "attributes"), TenantTable.of("scim_groups").unversioned(),
            TenantTable.of("scim_clients").unversioned(), TenantTable.of("scim_failures").unversioned());
    }

    @Override
    public List<Worker> workers() {
        return requests.workers();
    }
}
