package roster.command;

import roster.access.Catalogue;
import roster.audit.Trail;
import roster.db.Database;
import roster.invitation.Invitations;
import roster.invitation.SentInvitations;
import roster.key.Keys;
import roster.mail.Deliveries;
import roster.org.IpAllowlists;
import roster.org.OrgConfigs;
import roster.org.Orgs;
import roster.role.Roles;
import roster.user.Directory;
import roster.user.Founding;
import roster.user.Newcomers;
import roster.user.Users;

/// What commands work on: the same nouns as the API, so that a rule holds at this door too.
public record Nouns(Database db, Orgs orgs, Roles roles, Users users, Newcomers newcomers, Directory directory,
    Keys keys, Founding founding, Invitations invitations, SentInvitations sentInvitations, Deliveries deliveries,
    OrgConfigs orgConfigs, IpAllowlists ipAllowlists, Catalogue catalogue, Trail trail) {}
