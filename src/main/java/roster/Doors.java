package roster;

import roster.base.http.Routes;
import roster.base.secret.CursorCodec;
import roster.core.directory.DirectoryCache;
import roster.core.saml.LoginMethods;
import roster.core.user.History;
import roster.door.api.audit.AuditApi;
import roster.door.api.invitations.DeliveryApi;
import roster.door.api.invitations.InvitationApi;
import roster.door.api.invitations.InvitationLifecycleApi;
import roster.door.api.keys.AccessTokenApi;
import roster.door.api.keys.ApiKeyApi;
import roster.door.api.keys.ApplicationKeyApi;
import roster.door.api.keys.KeyOwners;
import roster.door.api.keys.ValidateApi;
import roster.door.api.orgs.DomainAllowlistApi;
import roster.door.api.orgs.GlobalOrgApi;
import roster.door.api.orgs.IpAllowlistApi;
import roster.door.api.orgs.OldOrgApi;
import roster.door.api.orgs.OrgApi;
import roster.door.api.orgs.OrgConfigApi;
import roster.door.api.roles.RoleApi;
import roster.door.api.shared.Idempotency;
import roster.door.api.shared.RoleResources;
import roster.door.api.signin.AuthnMappingApi;
import roster.door.api.signin.IdentityProviderApi;
import roster.door.api.signin.SamlApi;
import roster.door.api.users.AnonymiseApi;
import roster.door.api.users.CurrentUserApi;
import roster.door.api.users.HistoryApi;
import roster.door.api.users.MemberApi;
import roster.door.api.users.ServiceAccountApi;
import roster.door.api.users.UserApi;
import roster.door.api.users.UserListApi;
import roster.door.api.users.UserOrgApi;
import roster.door.api.users.UserTags;
import roster.door.web.Docs;
import roster.door.web.InvitationPages;

/// Every door of the API, each on the nouns it opens to. What is asked for by the command line and by pages of health is put
/// together elsewhere.
final class Doors {
    /// This part of the heap is for parts of answers that are kept for the next.
    private static final int FRAGMENTS_PART = 16;

    private final Roster it;
    private final DirectoryCache memory;
    private final Idempotency idempotency;
    private final CursorCodec cursors;

    Doors(Roster it, DirectoryCache memory, Idempotency idempotency) {
        this.it = it;
        this.memory = memory;
        this.idempotency = idempotency;
        this.cursors = new CursorCodec(it.secrets);
    }

    void addTo(Routes routes) {
        var roleResources = new RoleResources(it.catalogue);
        var owners = new KeyOwners(it.users);
        addUsers(routes, roleResources);
        addKeys(routes, owners);
        addRoles(routes, roleResources);
        addOrg(routes, roleResources);
        addInvitations(routes);
        new AuditApi(it.db, cursors, it::publicUrl).addTo(routes);
        new ValidateApi().addTo(routes);
        new Docs().addTo(routes);
    }

    private void addUsers(Routes routes, RoleResources roleResources) {
        var tags = new UserTags(it.secrets, it.catalogue);
        new UserListApi(memory, it.catalogue, roleResources, cursors, tags,
            Runtime.getRuntime().maxMemory() / FRAGMENTS_PART).addTo(routes);
        new UserApi(it.db, it.users, it.newUsers, it.roles, roleResources, tags, idempotency).addTo(routes);
        new UserOrgApi(it.db, memory, it.users, it.orgs).addTo(routes);
        new CurrentUserApi(it.db, it.users, it.roles, it.orgs, roleResources).addTo(routes);
        new AnonymiseApi(it.anonymisation).addTo(routes);
        new HistoryApi(it.db, new History(it.users, it.roles, it.catalogue)).addTo(routes);
        new ServiceAccountApi(idempotency, it.newUsers, it.roles, roleResources).addTo(routes);
    }

    private void addKeys(Routes routes, KeyOwners owners) {
        new ApiKeyApi(it.db, it.apiKeys, owners).addTo(routes);
        new ApplicationKeyApi(it.db, it.applicationKeys, owners).addTo(routes);
        new AccessTokenApi(it.db, it.accessTokens, owners).addTo(routes);
    }

    private void addRoles(Routes routes, RoleResources roleResources) {
        new MemberApi(it.db, memory, it.users, it.roles, it.members, roleResources).addTo(routes);
        new RoleApi(it.db, it.roles, memory, roleResources,
            it.catalogue)
            .addTo(routes);
    }

    private void addOrg(Routes routes, RoleResources roleResources) {
        new IdentityProviderApi(it.db, it.identityProviders, new LoginMethods(it.audit, it.users, it.identityProviders),
            it.users,
            it.directory,
            it.roles, roleResources).addTo(routes);
        new SamlApi(it.db, it.samlConfigurations, roleResources).addTo(routes);
        new AuthnMappingApi(it.db, it.authnMappings, it.roles, roleResources).addTo(routes);
        new OldOrgApi(it.db, it.orgs, it.orgConfigs, it.identityProviders, it.samlConfigurations).addTo(routes);
        new OrgApi(it.db, it.orgs).addTo(routes);
        new GlobalOrgApi(it.db, it.users, it.orgs, cursors).addTo(routes);
        new OrgConfigApi(it.db, it.orgConfigs).addTo(routes);
        new IpAllowlistApi(it.db, it.ipAllowlists).addTo(routes);
        new DomainAllowlistApi(it.db, it.domainAllowlists).addTo(routes);
    }

    private void addInvitations(Routes routes) {
        new InvitationApi(it.db, it.invitations, it.sentInvitations, idempotency).addTo(routes);
        new InvitationLifecycleApi(it.db, it.sentInvitations, it.invitationList).addTo(routes);
        new DeliveryApi(it.db, it.invitations, it.deliveries).addTo(routes);
        new InvitationPages(it.db, it.invitations, it.requests, it.passwords, it.orgs, it.users, it::publicUrl)
            .addTo(routes);
    }
}
