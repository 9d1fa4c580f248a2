package roster.door.api.users;

import roster.base.feature.Feature;
import roster.base.http.Routes;
import roster.base.secret.CursorCodec;
import roster.core.Kernel;
import roster.core.access.AccessFeature;
import roster.core.directory.DirectoryFeature;
import roster.core.org.OrgFeature;
import roster.core.role.RoleFeature;
import roster.core.user.AnonymisationFeature;
import roster.core.user.UserFeature;
import roster.door.api.shared.Idempotency;
import roster.door.api.shared.RoleResources;

/// Users, service accounts, who has a role, and anonymising.
public final class UserDoor implements Feature {
    /// This part of the heap is for rendered users and roles that are kept for later answers.
    private static final int RENDERED_PART = 16;

    private final UserListApi lists;
    private final PeopleApi people;
    private final UserApi users;
    private final UserOrgApi orgs;
    private final CurrentUserApi currentUser;
    private final ServiceAccountApi serviceAccounts;
    private final MemberApi members;
    private final AnonymiseApi anonymise;
    private final HistoryApi history;

    public UserDoor(Kernel kernel, AccessFeature access, OrgFeature org, RoleFeature role, UserFeature user,
        DirectoryFeature directory, AnonymisationFeature anonymisation) {
        var resources = new RoleResources(kernel.catalogue());
        var idempotency = new Idempotency(kernel.db(), access.keptAnswers);
        var tags = new UserTags(kernel.secrets(), kernel.catalogue());
        var rendered = new RenderedUsers(resources, tags, Runtime.getRuntime().maxMemory() / RENDERED_PART);
        lists = new UserListApi(directory.directory, kernel.catalogue(), resources, new CursorCodec(kernel.secrets()),
            tags, kernel.publicUrl(), rendered);
        people = new PeopleApi(directory, tags, rendered, kernel.publicUrl(), kernel.sources().clock());
        users = new UserApi(kernel.db(), user.users, user.newUsers, role.roles, resources, tags, idempotency);
        orgs = new UserOrgApi(kernel.db(), directory.directory, org.orgs);
        currentUser = new CurrentUserApi(kernel.db(), user.users, role.roles, org.orgs, resources);
        serviceAccounts = new ServiceAccountApi(idempotency, user.newUsers, role.roles, resources);
        members =
            new MemberApi(kernel.db(), directory.directory, user.users, role.roles, user.members, resources);
        anonymise = new AnonymiseApi(anonymisation.anonymisation, kernel.sources().ids());
        history = new HistoryApi(kernel.db(), user.history);
    }

    @Override
    public void addTo(Routes routes) {
        lists.addTo(routes);
        people.addTo(routes);
        users.addTo(routes);
        orgs.addTo(routes);
        currentUser.addTo(routes);
        serviceAccounts.addTo(routes);
        members.addTo(routes);
        anonymise.addTo(routes);
        history.addTo(routes);
    }
}
