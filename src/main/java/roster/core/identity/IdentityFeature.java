package roster.core.identity;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import roster.base.db.WriteTx;
import roster.base.db.TenantTable;
import roster.base.feature.Feature;
import roster.base.net.Network;
import roster.base.net.Outward;
import roster.base.net.OutwardAddresses;
import roster.base.settings.Parsers;
import roster.base.settings.Setting;
import roster.base.settings.Settings;
import roster.base.settings.WrongSetting;
import roster.base.work.Worker;
import roster.core.Kernel;
import roster.core.access.AccessFeature;
import roster.core.factor.FactorFeature;
import roster.core.identity.UsableProviders.GoogleClient;
import roster.core.invitation.InvitationFeature;
import roster.core.mail.LetterSource;
import roster.core.mail.MailFeature;
import roster.core.notice.NoticeFeature;
import roster.core.org.OrgFeature;
import roster.core.role.RoleFeature;
import roster.core.session.Proof;
import roster.core.session.SessionFeature;
import roster.core.session.SignIn.ByProvider;
import roster.core.session.SignIn.Why;
import roster.core.signin.SignInFeature;
import roster.core.user.UserFeature;
import roster.core.user.Users;

/// Signing in by OpenID Connect.
public final class IdentityFeature implements Feature, AutoCloseable {
    private static final int SECRET_MAX = 1024;

    public static final Setting<String> GOOGLE_CLIENT_ID = Setting.of("ROSTER_GOOGLE_CLIENT_ID",
        "The client at Google by which users of organisations without a client of their own sign in with Google. Requires "
            + "`ROSTER_GOOGLE_CLIENT_SECRET` or `ROSTER_GOOGLE_CLIENT_SECRET_FILE`",
        IdentityFeature::text);

    public static final Setting<String> GOOGLE_CLIENT_SECRET =
        Setting.of("ROSTER_GOOGLE_CLIENT_SECRET", "The secret of that client", IdentityFeature::text).secret();

    public static final Setting<String> GOOGLE_CLIENT_SECRET_FILE = Setting.of("ROSTER_GOOGLE_CLIENT_SECRET_FILE",
        "File that holds the value of `ROSTER_GOOGLE_CLIENT_SECRET`. Set only one of the two",
        IdentityFeature::inFile);

    public static final Setting<List<Network>> NETWORKS = Setting.of("ROSTER_OIDC_NETWORKS",
        "Private networks, as CIDR blocks, comma-separated, in which OpenID providers of organisations may be. Others must "
            + "have public addresses",
        text -> Arrays.stream(text.split(",", -1)).map(String::strip).map(Network::parse).toList());

    public static final List<Setting<?>> SETTINGS =
        List.of(GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET, GOOGLE_CLIENT_SECRET_FILE, NETWORKS);

    public final Providers providers;
    public final Identities identities;
    public final OwnIdentities own;
    public final UsableProviders usable;
    public final OpenIdSignIn signIn;
    public final LinkSignIn links;
    public final ProviderCheck check;
    public final Logouts logouts;
    public final ProviderSignOut signOut;
    public final MappedRoles mapped;
    public final AuthnMappings authnMappings;
    private final Users users;
    private final Discovery discovery;
    private final Outward outward;

    public IdentityFeature(Kernel kernel, AccessFeature access, RoleFeature role, UserFeature user,
        NoticeFeature notice, SessionFeature session, Signing signing) {
        var reachable = new OutwardAddresses(kernel.settings().get(NETWORKS).orElse(List.of()),
            !kernel.publicUrl().isSet());
        outward = new Outward(reachable);
        providers = new Providers(kernel.audit(), access.grants, role.roles, session.sessions, reachable,
            kernel.secrets());
        identities = new Identities(kernel.audit(), providers, session.sessions, notice.notices);
        users = user.users;
        session.signIn.allow(this::rules);
        authnMappings = new AuthnMappings(kernel.audit(), role.roles, access.grants);
        var org = signing.org();
        usable = new UsableProviders(providers, org.orgs, google(kernel.settings()));
        mapped = new MappedRoles(kernel.audit(), authnMappings, org.configs, role.roles, user.members, user.users,
            access.grants);
        own = new OwnIdentities(kernel.db(), kernel.audit(), usable, identities, user.users, session, signing.factor());
        var accounts = new Accounts(identities, user.users, user.newUsers, role.roles, access.rights,
            mapped, signing.invitation().invitations);
        discovery = new Discovery(outward, reachable, kernel.sources().nanos());
        var idTokens = kernel.secrets().purpose("id tokens");
        signIn = new OpenIdSignIn(kernel.db(), kernel.audit(), usable,
            new OpenIdSignIn.Parts(discovery, new OpenIdCalls(outward), accounts, own, session.signIn,
                session.record,
                signing.signIn().flows, signing.signIn().guesses),
            idTokens, kernel.sources().clock());
        signOut = new ProviderSignOut(kernel.db(), usable, discovery, session.sessions, signing.signIn().flows,
            idTokens);
        check = new ProviderCheck(discovery, signIn);
        logouts = new Logouts(kernel.db(), usable, discovery, identities, session.sessions, signing.signIn().guesses,
            kernel.sources().clock());
        links = new LinkSignIn(kernel.db(), kernel.audit(), signing.signIn(), session.signIn, accounts,
            new LinkSignIn.Rooms(usable, org.orgs, user.users, signing.mail().outbox, kernel.publicUrl()),
            kernel.secrets().purpose("identity links"));
    }

    /// Rooms that signing in by a provider comes after.
    public record Signing(OrgFeature org, InvitationFeature invitation, FactorFeature factor, SignInFeature signIn,
        MailFeature mail) {}

    private static Optional<GoogleClient> google(Settings settings) {
        return settings.get(GOOGLE_CLIENT_ID).map(id -> new GoogleClient(id, settings.get(GOOGLE_CLIENT_SECRET)
            .or(() -> settings.get(GOOGLE_CLIENT_SECRET_FILE)).orElseThrow()));
    }

    /// What writes the e-mails of this room, by their kind.
    public Map<String, LetterSource> emails() {
        return Map.of(LinkSignIn.LETTER, links);
    }

    private ByProvider rules(WriteTx tx, Proof.Provider proof) {
        var provider = usable.findLater(tx, tx.org(), proof.identity().provider());
        var shown = identities.shownLater(tx, proof);
        var course = mapped.courseLater(tx, proof.user(), proof.identity().mappings());
        return new ByProvider(() -> provider.get().filter(one -> one.method() == proof.by()).isPresent(),
            () -> shown.obstacle().or(() -> course.refuses() ? Optional.of(Why.NO_MAPPED_ROLE) : Optional.empty()),
            user -> {
                var identity = identities.use(tx, user, shown);
                proof.identity().proved().filter(user.email()::equals).ifPresent(_ -> users.prove(tx, user));
                mapped.apply(tx, user, course);
                return identity;
            });
    }

    private static String text(String sent) {
        if (sent.isBlank() || sent.length() > SECRET_MAX || !sent.strip().matches("[\\x21-\\x7E]+")) {
            throw new IllegalArgumentException("expected printable ASCII without blanks");
        }
        return sent.strip();
    }

    private static String inFile(String file) {
        try {
            return text(Files.readString(Parsers.path(file)));
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot be read: " + e.getMessage(), e);
        }
    }

    /// @throws WrongSetting if the client at Google is set without its secret, or its secret without it, or twice
    public static void check(Settings settings) {
        var id = settings.value(GOOGLE_CLIENT_ID).isPresent();
        var secret = settings.value(GOOGLE_CLIENT_SECRET).isPresent();
        var file = settings.value(GOOGLE_CLIENT_SECRET_FILE).isPresent();
        if (secret && file) {
            throw new WrongSetting(
                "%s and %s are both set: one is enough".formatted(GOOGLE_CLIENT_SECRET, GOOGLE_CLIENT_SECRET_FILE));
        }
        if (id != (secret || file)) {
            throw new WrongSetting("%s and %s (or %s) must be set together".formatted(GOOGLE_CLIENT_ID,
                GOOGLE_CLIENT_SECRET, GOOGLE_CLIENT_SECRET_FILE));
        }
    }

    @Override
    public List<TenantTable> tables() {
        return List.of(TenantTable.of("oidc_providers"),
            TenantTable.of("oidc_provider_pointers").unversioned().distributedBy("id"),
            TenantTable.of("identities").endingWithUser("user_id"), TenantTable.of("saml_assertion_attributes"),
            TenantTable.of("authn_mappings"));
    }

    @Override
    public List<Worker> workers() {
        return List.of(logouts.worker(), discovery.worker());
    }

    @Override
    public List<Setting<?>> settings() {
        return SETTINGS;
    }

    @Override
    public void close() {
        outward.close();
    }
}
