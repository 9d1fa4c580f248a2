package roster.door.web.console;

import java.util.Map;
import java.util.Optional;
import roster.base.feature.Feature;
import roster.base.html.Browsers;
import roster.base.http.Routes;
import roster.core.Kernel;
import roster.core.access.AccessFeature;
import roster.core.audit.AuditFeature;
import roster.core.bulk.BulkFeature;
import roster.core.directory.DirectoryFeature;
import roster.core.factor.FactorFeature;
import roster.core.identity.IdentityFeature;
import roster.core.invitation.InvitationFeature;
import roster.core.key.KeyFeature;
import roster.core.mail.LetterSource;
import roster.core.mail.MailFeature;
import roster.core.org.OrgFeature;
import roster.core.overview.OverviewFeature;
import roster.core.preference.PreferenceFeature;
import roster.core.provisioning.ProvisioningFeature;
import roster.core.role.RoleFeature;
import roster.core.saml.SamlFeature;
import roster.core.session.SessionFeature;
import roster.core.signin.SignInFeature;
import roster.core.user.AnonymisationFeature;
import roster.core.user.UserFeature;
import roster.door.web.SwitchPages;

/// The console: its pages, each class of which adds its own addresses.
public final class ConsoleDoor implements Feature {
    private final Console console;
    private final OverviewPages overview;
    private final PeoplePages people;
    private final PeopleFile peopleFile;
    private final ProfilePages profile;
    private final PersonPermissionPages permissions;
    private final PersonPages person;
    private final EditPages edit;
    private final PersonRolePages roleEdit;
    private final PersonActPages acts;
    private final PersonHelpPages help;
    private final RolePages roles;
    private final PermissionPages catalogue;
    private final AuditPages audit;
    private final AuditFile auditFile;
    private final AuditEntryPages auditEntry;
    private final VerificationPages verification;
    private final MePages me;
    private final OwnOrganisationPages organisations;
    private final SettingsPages settings;
    private final OrgDisablePages disabling;
    private final MappingListPages mappingList;
    private final MappingPages mappings;
    private final ProviderPages providers;
    private final ProvisioningPages provisioning;
    private final DirectoryAccessPages directoryAccess;
    private final KeptPages kept = new KeptPages();
    private final InvitePages invite;
    private final PastePages paste;
    private final BulkPages bulk;
    private final JobPages jobs;
    private final KeyPages keys;
    private final MyKeyPages myKeys;
    private final ServiceAccountPages accounts;
    private final InvitationPages invitations;
    private final InvitationActPages invitationActs;
    private final Optional<MailboxPages> mailbox;
    private final MissingPages missing = new MissingPages();

    /// What the pages work on.
    public record Rooms(AnonymisationFeature anonymisation, AuditFeature audit, BulkFeature bulk,
        DirectoryFeature directory,
        InvitationFeature invitation, KeyFeature key, MailFeature mail, OverviewFeature overview,
        PreferenceFeature preference, RoleFeature role, SessionFeature session, UserFeature user, AccessFeature access,
        IdentityFeature identity, OrgFeature org, SamlFeature saml, FactorFeature factor, SignInFeature signIn,
        ProvisioningFeature provisioning) {}

    /// @param switching tells the organisations of a person
    /// @param version of Roster
    /// @param local who writes e-mails, by their kind, on a local trial; else none
    public ConsoleDoor(Kernel kernel, Browsers browsers, Rooms rooms, SwitchPages switching, String version,
        Optional<Map<String, LetterSource>> local) {
        console = new Console(kernel, browsers, rooms.preference().preferences, rooms.audit().verifications,
            rooms.role().administrators, version);
        overview = new OverviewPages(rooms.directory(), rooms.overview());
        var directories = new FromDirectory(rooms.provisioning().marks);
        people = new PeoplePages(rooms.directory(), directories);
        peopleFile = new PeopleFile(people, rooms.directory().export);
        var persons = new Persons(rooms);
        profile = new ProfilePages(persons, rooms, kernel.catalogue());
        permissions = new PersonPermissionPages(persons, rooms, kernel.catalogue());
        person = new PersonPages(persons, rooms, kernel.catalogue(), kernel.db());
        var meanwhile = new Meanwhile(rooms.user().stamps, kernel.secrets());
        edit = new EditPages(persons, rooms, meanwhile, kernel.db());
        roleEdit = new PersonRolePages(persons, rooms, meanwhile, kernel.catalogue(), kernel.db());
        acts = new PersonActPages(persons, rooms, meanwhile, kernel.db());
        help = new PersonHelpPages(persons, rooms, kernel.db());
        roles = new RolePages(kernel, rooms.directory(), rooms.role().roles, directories);
        catalogue = new PermissionPages(rooms.directory(), kernel.catalogue());
        audit = new AuditPages(kernel, rooms.audit(), rooms.user());
        auditFile = new AuditFile(audit, rooms.audit().export);
        auditEntry = new AuditEntryPages(rooms.user());
        verification = new VerificationPages(rooms.audit());
        me = new MePages(kernel.db(), rooms.user().users, rooms.role().roles);
        organisations = new OwnOrganisationPages(switching);
        settings = new SettingsPages(kernel.db(), rooms);
        disabling = new OrgDisablePages(rooms);
        mappingList = new MappingListPages(kernel.db(), rooms);
        mappings = new MappingPages(kernel.db(), rooms);
        providers = new ProviderPages(kernel.db(), rooms);
        provisioning = new ProvisioningPages(kernel.db(), rooms);
        invite = new InvitePages(kernel.db(), rooms.bulk(), rooms.role().roles);
        paste = new PastePages(rooms.bulk());
        bulk = new BulkPages(kernel.db(), rooms.bulk(), rooms.role().roles);
        jobs = new JobPages(kernel.db(), rooms.bulk(), rooms.role().roles, rooms.user().users);
        var ids = new FormIds(kernel);
        keys = new KeyPages(kernel.db(), rooms, ids);
        myKeys = new MyKeyPages(rooms);
        accounts = new ServiceAccountPages(kernel, rooms, ids);
        directoryAccess = new DirectoryAccessPages(kernel.db(), rooms, ids);
        invitations = new InvitationPages(rooms);
        invitationActs = new InvitationActPages(kernel.db(), rooms);
        mailbox = local.map(emails -> new MailboxPages(rooms.mail().outbox, emails));
    }

    @Override
    public void addTo(Routes routes) {
        var pages = console.on(routes);
        overview.addTo(pages);
        people.addTo(pages);
        peopleFile.addTo(pages);
        profile.addTo(pages);
        permissions.addTo(pages);
        person.addTo(pages);
        edit.addTo(pages);
        roleEdit.addTo(pages);
        acts.addTo(pages);
        help.addTo(pages);
        roles.addTo(pages);
        catalogue.addTo(pages);
        audit.addTo(pages);
        auditFile.addTo(pages);
        auditEntry.addTo(pages);
        verification.addTo(pages);
        me.addTo(pages);
        organisations.addTo(pages);
        settings.addTo(pages);
        disabling.addTo(pages);
        mappingList.addTo(pages);
        mappings.addTo(pages);
        providers.addTo(pages);
        provisioning.addTo(pages);
        directoryAccess.addTo(pages);
        kept.addTo(pages);
        invite.addTo(pages);
        paste.addTo(pages);
        bulk.addTo(pages);
        jobs.addTo(pages);
        keys.addTo(pages);
        myKeys.addTo(pages);
        accounts.addTo(pages);
        invitations.addTo(pages);
        invitationActs.addTo(pages);
        mailbox.ifPresent(box -> box.addTo(pages));
        missing.addTo(pages);
    }
}
