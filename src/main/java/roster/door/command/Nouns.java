package roster.door.command;

import roster.base.db.Database;
import roster.base.net.PublicUrl;
import roster.core.audit.Trail;
import roster.core.directory.UserLists;
import roster.core.founding.Founding;
import roster.core.identity.ProviderCheck;
import roster.core.identity.Providers;
import roster.core.identity.UsableProviders;
import roster.core.invitation.InvitationLifecycle;
import roster.core.invitation.Invitations;
import roster.core.key.ApiKeys;
import roster.core.key.ApplicationKeys;
import roster.core.key.Keys;
import roster.core.mail.Deliveries;
import roster.core.org.ChildOrgs;
import roster.core.org.ClockRepair;
import roster.core.org.IpAllowlists;
import roster.core.org.OrgConfigs;
import roster.core.org.Orgs;
import roster.core.permission.Catalogue;
import roster.core.role.Roles;
import roster.core.saml.IdentityProviders;
import roster.core.session.Sessions;
import roster.core.signin.Links;
import roster.core.user.LeftoverSearch;
import roster.core.user.NewUsers;
import roster.core.user.Users;

/// What commands work on: the same nouns as the API, so that a rule holds at this door too.
public record Nouns(Database db, Orgs orgs, Roles roles, Users users, NewUsers newUsers, UserLists directory,
    ApiKeys apiKeys, ApplicationKeys applicationKeys, Keys keys, Founding founding, Invitations invitations,
    InvitationLifecycle sentInvitations, Deliveries deliveries,
    ChildOrgs childOrgs, OrgConfigs orgConfigs, IpAllowlists ipAllowlists, ClockRepair clockRepair,
    Links links, Sessions sessions, Providers providers, IdentityProviders identityProviders,
    ProviderCheck providerCheck, UsableProviders usableProviders, PublicUrl publicUrl, Catalogue catalogue, Trail trail,
    LeftoverSearch leftovers) {}
