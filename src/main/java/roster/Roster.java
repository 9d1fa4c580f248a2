package roster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import roster.base.feature.Feature;
import roster.base.settings.Settings;
import roster.core.Kernel;
import roster.core.access.AccessFeature;
import roster.core.audit.AuditFeature;
import roster.core.bulk.BulkFeature;
import roster.core.directory.DirectoryFeature;
import roster.core.event.EventFeature;
import roster.core.factor.FactorFeature;
import roster.core.founding.FoundingFeature;
import roster.core.identity.IdentityFeature;
import roster.core.invitation.InvitationFeature;
import roster.core.key.KeyFeature;
import roster.core.mail.LetterSource;
import roster.core.mail.MailFeature;
import roster.core.notice.NoticeFeature;
import roster.core.org.ClockRepair;
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
import roster.door.command.Commands;
import roster.door.command.Nouns;

/// The program without a server: the kernel, and the features of core in the order in which they build on each other.
/// The command line works on it, a [Node] serves it, and tests start both as production does.
public final class Roster implements AutoCloseable {
    private final Opened opened = new Opened();
    private final Boot boot;
    private final List<Feature> features;
    public final AccessFeature access;
    public final OrgFeature org;
    public final RoleFeature role;
    public final KeyFeature key;
    public final MailFeature mail;
    public final UserFeature user;
    public final NoticeFeature notice;
    public final IdentityFeature identity;
    public final SamlFeature saml;
    public final DirectoryFeature directory;
    public final FactorFeature factor;
    public final SessionFeature session;
    public final SignInFeature signIn;
    public final InvitationFeature invitation;
    public final ProvisioningFeature provisioning;
    public final EventFeature event;
    public final OverviewFeature overview;
    public final PreferenceFeature preference;
    public final BulkFeature bulk;
    public final FoundingFeature founding;
    public final AnonymisationFeature anonymisation;

    public final ClockRepair clockRepair;

    private Roster(Settings settings, Surroundings surroundings) {
        try {
            boot = Boot.open(settings, surroundings, opened);
            var kernel = boot.kernel();
            access = new AccessFeature(kernel);
            org = new OrgFeature(kernel, access);
            role = new RoleFeature(kernel, access);
            key = new KeyFeature(kernel, access);
            mail = new MailFeature(kernel);
            user = new UserFeature(kernel, access, org, role);
            notice = new NoticeFeature(kernel, mail, org);
            factor = new FactorFeature(kernel, access, notice);
            session = opened.add(new SessionFeature(kernel, access, org, user, notice, factor));
            directory = new DirectoryFeature(kernel, role);
            signIn = new SignInFeature(kernel, org, user, factor, session, mail);
            invitation = new InvitationFeature(kernel, mail, org, user, session);
            bulk = new BulkFeature(kernel, access, role, user, directory, mail, invitation);
            identity = opened.add(new IdentityFeature(kernel, access, role, user, notice, session,
                new IdentityFeature.Signing(org, invitation, factor, signIn, mail)));
            saml = new SamlFeature(kernel, access, org, role, user, session, identity);
            provisioning = new ProvisioningFeature(kernel, org, role, user, directory, invitation, key);
            event = new EventFeature(kernel,
                new EventFeature.Subjects(org, role, user, key, invitation, identity, saml));
            overview = new OverviewFeature(kernel);
            preference = new PreferenceFeature(kernel);
            founding = new FoundingFeature(kernel, org, role, user, key, signIn);
            var all = new ArrayList<Feature>(List.of(boot.audit(), access, org, role, key, mail, user, notice, factor,
                session, directory, signIn, invitation, bulk, identity, saml, provisioning, event, overview, preference,
                founding));
            anonymisation = new AnonymisationFeature(kernel, boot.audit(), role, user,
                all.stream().flatMap(feature -> feature.tables().stream()).toList());
            all.add(anonymisation);
            features = List.copyOf(all);
            clockRepair = new ClockRepair(kernel.sources().clock(), kernel.audit(), org.orgs,
                all.stream().flatMap(feature -> feature.timeRepairs().stream()).toList());
            // In the order in which the audit entry names what ended.
            List.of(key.applicationKeys, key.accessTokens, session.sessions, invitation.invitations, session.passwords,
                signIn.links, notice.notices, identity.identities, factor.factors, bulk, provisioning.users)
                .forEach(user.users::follow);
            user.addressForms.convert();
            user.addressForms.reportRefused();
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /// Opens the database, brings its schema up to date, and puts the features together. Nothing listens yet.
    ///
    /// @throws CannotStart if the database or the settings do not allow it; nothing is left running then
    public static Roster open(Settings settings, Surroundings surroundings) {
        return new Roster(settings, surroundings);
    }

    public Kernel kernel() {
        return boot.kernel();
    }

    public AuditFeature audit() {
        return boot.audit();
    }

    /// Who writes e-mails, by their kind.
    public Map<String, LetterSource> emails() {
        var all = new HashMap<>(invitation.emails());
        all.putAll(notice.emails());
        all.putAll(identity.emails());
        all.putAll(signIn.emails());
        return Map.copyOf(all);
    }

    /// How many files of the schema were applied when the database was opened.
    public int migrated() {
        return boot.migrated();
    }

    /// Of core, in order.
    public List<Feature> features() {
        return features;
    }

    /// What an operator may type, on this database.
    public Commands commands() {
        return new Commands(new Nouns(kernel().db(), org.orgs, role.roles, user.users, user.newUsers, directory.lists,
            key.apiKeys, key.applicationKeys, key.keys, founding.founding, invitation.invitations,
            invitation.lifecycle, mail.deliveries, org.children, org.configs, org.ipAllowlists, clockRepair,
            signIn.links, session.sessions, identity.providers, saml.identityProviders, identity.check,
            identity.usable, kernel().publicUrl(), kernel().catalogue(), audit().trail,
            anonymisation.leftovers));
    }

    @Override
    public void close() {
        opened.close();
    }
}
