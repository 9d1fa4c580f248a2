package roster;

import java.util.Optional;
import java.util.UUID;
import roster.access.Idempotency;
import roster.audit.AuditApi;
import roster.http.Routes;
import roster.invitation.DeliveryApi;
import roster.invitation.InvitationApi;
import roster.invitation.InvitationPages;
import roster.invitation.SentInvitationApi;
import roster.key.AccessTokenApi;
import roster.key.AccessTokens;
import roster.key.ApiKeyApi;
import roster.key.ApiKeys;
import roster.key.ApplicationKeyApi;
import roster.key.ApplicationKeys;
import roster.key.ValidateApi;
import roster.org.DomainAllowlistApi;
import roster.org.IpAllowlistApi;
import roster.org.OrgApi;
import roster.org.OrgConfigApi;
import roster.role.RoleApi;
import roster.role.RoleResources;
import roster.saml.AuthnMappingApi;
import roster.saml.OldOrgApi;
import roster.saml.SamlApi;
import roster.saml.SamlConfigurations;
import roster.user.AnonymiseApi;
import roster.user.CurrentUserApi;
import roster.user.GlobalOrgApi;
import roster.user.History;
import roster.user.HistoryApi;
import roster.user.IdentityProviderApi;
import roster.user.KeyOwners;
import roster.user.LoginMethods;
import roster.user.MemberApi;
import roster.user.NodeMemory;
import roster.user.ServiceAccountApi;
import roster.user.UserApi;

/// Every door of the API, each on the nouns it opens to. What is asked for by the command line and by pages of health is put
/// together elsewhere.
final class Doors {
    /// This part of the heap is for parts of answers that are kept for the next.
    private static final int FRAGMENTS_PART = 16;

    private final Roster it;
    private final NodeMemory memory;
    private final Idempotency idempotency;

    Doors(Roster it, NodeMemory memory, Idempotency idempotency) {
        this.it = it;
        this.memory = memory;
        this.idempotency = idempotency;
    }

    void addTo(Routes routes) {
        var roleResources = new RoleResources(it.catalogue);
        var owners = new KeyOwners(it.users);
        addUsers(routes, roleResources);
        addKeys(routes, owners);
        addRoles(routes, roleResources);
        addOrg(routes, roleResources);
        addInvitations(routes);
        new AuditApi(it.db, sealedPlaces(), it::publicUrl).addTo(routes);
        new ValidateApi().addTo(routes);
        new Docs().addTo(routes);
    }

    private void addUsers(Routes routes, RoleResources roleResources) {
        new UserApi(it.db, memory, it.users, it.roles, it.orgs, it.catalogue, roleResources, it.secrets, idempotency,
            Runtime.getRuntime().maxMemory() / FRAGMENTS_PART).addTo(routes);
        new CurrentUserApi(it.db, it.users, it.roles, it.orgs, roleResources).addTo(routes);
        new AnonymiseApi(it.anonymisation).addTo(routes);
        new HistoryApi(it.db, new History(it.users, it.roles, it.catalogue)).addTo(routes);
        new ServiceAccountApi(idempotency, it.users, it.roles, roleResources).addTo(routes);
    }

    private void addKeys(Routes routes, KeyOwners owners) {
        new ApiKeyApi(it.db, new ApiKeys(it.audit, it.secrets, it.keys), owners).addTo(routes);
        new ApplicationKeyApi(it.db, it.keys, new ApplicationKeys(it.audit, it.keys), owners).addTo(routes);
        new AccessTokenApi(it.db, new AccessTokens(it.audit, it.keys), owners).addTo(routes);
    }

    private void addRoles(Routes routes, RoleResources roleResources) {
        new MemberApi(it.db, memory, it.users, it.roles, it.members, roleResources).addTo(routes);
        new RoleApi(it.db, it.roles, caller -> memory.read(caller, NodeMemory.View::enabledMembers), roleResources,
            it.catalogue)
            .addTo(routes);
    }

    private void addOrg(Routes routes, RoleResources roleResources) {
        new IdentityProviderApi(it.db, it.identityProviders, new LoginMethods(it.audit, it.users, it.identityProviders),
            it.users,
            it.directory,
            it.roles, roleResources).addTo(routes);
        var saml = new SamlConfigurations(it.audit, it.orgConfigs, it.roles);
        new SamlApi(it.db, saml, roleResources).addTo(routes);
        new AuthnMappingApi(it.db, it.authnMappings, it.roles, roleResources).addTo(routes);
        new OldOrgApi(it.db, it.orgs, it.orgConfigs, it.identityProviders, saml).addTo(routes);
        new OrgApi(it.db, it.orgs).addTo(routes);
        new GlobalOrgApi(it.db, it.users, it.orgs, it.secrets).addTo(routes);
        new OrgConfigApi(it.db, it.orgConfigs).addTo(routes);
        new IpAllowlistApi(it.db, it.ipAllowlists).addTo(routes);
        new DomainAllowlistApi(it.db, it.domainAllowlists).addTo(routes);
    }

    private void addInvitations(Routes routes) {
        new InvitationApi(it.db, it.invitations, it.sentInvitations, idempotency).addTo(routes);
        new SentInvitationApi(it.db, it.sentInvitations, it.invitationList).addTo(routes);
        new DeliveryApi(it.db, it.invitations, it.deliveries).addTo(routes);
        new InvitationPages(it.db, it.invitations, it.requests, it.passwords, it.orgs, it.users, it::publicUrl)
            .addTo(routes);
    }

    private AuditApi.Cursors sealedPlaces() {
        return new AuditApi.Cursors() {
            @Override
            public String seal(UUID org, byte[] content) {
                return it.secrets.sealCursor(org, content);
            }

            @Override
            public Optional<byte[]> open(UUID org, String sent) {
                return it.secrets.openCursor(org, sent);
            }
        };
    }
}
