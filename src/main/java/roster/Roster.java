package roster;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import roster.base.db.Database;
import roster.base.db.Migrations;
import roster.base.db.Preflight;
import roster.base.http.Limits;
import roster.base.http.Routes;
import roster.base.http.WebServer;
import roster.base.net.TrustedProxies;
import roster.base.postgres.EmbeddedPostgres;
import roster.base.postgres.NotStarted;
import roster.base.secret.SecretFile;
import roster.base.secret.SecretKeyCheck;
import roster.base.secret.Secrets;
import roster.base.settings.Settings;
import roster.base.work.Rate;
import roster.base.work.RateLimit;
import roster.base.work.Worker;
import roster.base.work.Workers;
import roster.core.access.AccessFeature;
import roster.core.access.Callers;
import roster.core.access.Catalogue;
import roster.core.access.Grants;
import roster.core.access.KeptAnswers;
import roster.core.access.LastUse;
import roster.core.access.Rights;
import roster.core.audit.AuditLog;
import roster.core.audit.Erasure;
import roster.core.audit.Seals;
import roster.core.audit.Trail;
import roster.core.directory.DirectoryCache;
import roster.core.directory.DirectoryFeature;
import roster.core.directory.UserLists;
import roster.core.founding.FirstStart;
import roster.core.founding.Founding;
import roster.core.founding.FoundingFeature;
import roster.core.invitation.InvitationEmail;
import roster.core.invitation.InvitationLifecycle;
import roster.core.invitation.InvitationLinks;
import roster.core.invitation.InvitationList;
import roster.core.invitation.Invitations;
import roster.core.invitation.ReinviteEmail;
import roster.core.invitation.ReinviteRequests;
import roster.core.key.AccessTokens;
import roster.core.key.ApiKeys;
import roster.core.key.ApplicationKeys;
import roster.core.key.Keys;
import roster.core.mail.Deliveries;
import roster.core.mail.LetterSource;
import roster.core.mail.MailFeature;
import roster.core.mail.Mailer;
import roster.core.mail.Outbox;
import roster.core.mail.SendRate;
import roster.core.mail.SendingLimits;
import roster.core.mail.Smtp;
import roster.core.org.DomainAllowlists;
import roster.core.org.IpAllowlists;
import roster.core.org.OrgConfigs;
import roster.core.org.Orgs;
import roster.core.role.Administrators;
import roster.core.role.Roles;
import roster.core.saml.AuthnMappings;
import roster.core.saml.IdentityProviders;
import roster.core.saml.SamlConfigurations;
import roster.core.session.Passwords;
import roster.core.user.Anonymisation;
import roster.core.user.Members;
import roster.core.user.NewUsers;
import roster.core.user.Users;
import roster.door.api.shared.Idempotency;
import roster.door.command.CommandSocket;
import roster.door.command.Commands;
import roster.door.command.Nouns;
import roster.door.gate.Gate;
import roster.door.ops.Bench;
import roster.door.ops.Health;
import roster.door.ops.Metrics;
import roster.door.ops.OpsDoor;
import roster.door.web.Mailbox;

/// The program as an object: every long-lived `new`, in order, and the way back. Tests start it as production does.
public final class Roster implements AutoCloseable {
    /// Why Roster does not start. The message is for its operator.
    public static final class CannotStart extends RuntimeException {
        private static final long serialVersionUID = 1;

        CannotStart(String message) {
            super(message);
        }
    }

    /// What only tests have otherwise.
    ///
    /// @param clock for rate limits; all stored times are the database's
    /// @param mustBeDurable whether to refuse a database that may lose what it acknowledged
    /// @param pauses between attempts to send a letter
    public record Surroundings(InstantSource clock, Limits limits, boolean mustBeDurable, Mailer.Pauses pauses) {
        public static final Surroundings PRODUCTION = new Surroundings(InstantSource.system(), Limits.STANDARD, true,
            Mailer.Pauses.STANDARD);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Roster.class);

    /// How long requests that are being answered may take when Roster is told to stop.
    private static final Duration DRAIN = Duration.ofSeconds(10);

    /// Of a limit of requests, this part may come from one address with keys that are unknown.
    private static final int UNKNOWN_PART = 10;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    public final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    public final Settings settings;
    public final Database db;
    public final Catalogue catalogue;
    public final Secrets secrets;
    public final AuditLog audit;
    public final Orgs orgs;
    public final OrgConfigs orgConfigs;
    public final IpAllowlists ipAllowlists;
    public final SamlConfigurations samlConfigurations;
    public final IdentityProviders identityProviders;
    public final DomainAllowlists domainAllowlists;
    public final Roles roles;
    public final AuthnMappings authnMappings;
    public final Members members;
    private final Rights rights;
    final Grants grants;
    public final ApiKeys apiKeys;
    public final ApplicationKeys applicationKeys;
    public final AccessTokens accessTokens;
    public final Keys keys;
    public final Users users;
    public final NewUsers newUsers;
    public final UserLists directory = new UserLists();
    public final Founding founding;
    public final Outbox outbox = new Outbox();
    public final Deliveries deliveries;
    public final Invitations invitations;
    public final InvitationLifecycle sentInvitations;
    public final InvitationList invitationList = new InvitationList();
    public final ReinviteRequests requests;
    public final Anonymisation anonymisation;
    public final Trail trail;
    public final Routes routes = new Routes();
    final Passwords passwords;
    private final int migrated;
    private Optional<FirstStart.Made> made = Optional.empty();
    private Optional<Mailbox> mailbox = Optional.empty();
    private Health health;
    private final LastUse lastUse;
    private Workers workers;
    private Optional<WebServer> management = Optional.empty();
    private WebServer server;

    /// Opens the database, brings its schema up to date, and puts the nouns together. Nothing listens yet.
    ///
    /// @throws CannotStart if the database or the settings do not allow it; nothing is left running then
    private Roster(Settings settings, Surroundings surroundings) {
        this.settings = settings;
        workers = new Workers(List.of(), surroundings.clock());
        // Beside the start of the database, which is mostly waiting.
        var loading = CompletableFuture.supplyAsync(Catalogue::load, Thread.ofPlatform().daemon()::start);
        try {
            var address = settings.get(Config.DATABASE_URL).orElseGet(() -> embedded(settings));
            db = opened(Database.open(address, settings.get(Config.DATABASE_URL).isEmpty()));
            Migrations.mustBeReachable(db, address);
            // Before anything is made in it: a database that will not do is left as it is.
            if (surroundings.mustBeDurable()) {
                refuseIfAny(Preflight.objections(db));
            }
            migrated = Migrations.run(db, address);
            secrets = new Secrets(Config.secretKeys(settings).isEmpty()
                ? List.of(SecretFile.secretKey(settings.require(Config.DATA), SecretKeyCheck.isNoted(db)))
                : Config.secretKeys(settings));
            refuseIfAny(SecretKeyCheck.objection(db, secrets).stream().toList());

            audit = new AuditLog(new Seals(secrets.trailKeys()));
            deliveries = new Deliveries(audit);
            catalogue = loading.join();
            var administrators = new Administrators(catalogue);
            orgs = new Orgs(audit);
            orgConfigs = new OrgConfigs(audit);
            ipAllowlists = new IpAllowlists(audit);
            domainAllowlists = new DomainAllowlists(audit, orgConfigs);
            roles = new Roles(audit, catalogue, administrators);
            rights = new Rights(catalogue);
            grants = new Grants(catalogue, rights);
            samlConfigurations = new SamlConfigurations(audit, orgConfigs, roles, grants);
            identityProviders = new IdentityProviders(audit, orgConfigs, samlConfigurations);
            authnMappings = new AuthnMappings(audit, roles);
            members = new Members(audit, roles, grants, administrators);
            apiKeys = new ApiKeys(audit, secrets);
            applicationKeys = new ApplicationKeys(audit, grants);
            accessTokens = new AccessTokens(audit, grants);
            keys = new Keys(apiKeys, applicationKeys, accessTokens);
            users = new Users(audit, roles, administrators);
            newUsers = new NewUsers(audit, orgConfigs, roles, members, grants);
            founding = new Founding(orgs, roles, users, newUsers, apiKeys, applicationKeys);
            lastUse = new LastUse(db);
            passwords = opened(new Passwords(audit));
            var links = new InvitationLinks(secrets, outbox,
                new SendingLimits(settings.require(MailFeature.INVITES_PER_INVITER),
                    settings.require(MailFeature.INVITES_PER_ORG)));
            invitations = new Invitations(audit, links, users, members, orgConfigs, passwords);
            sentInvitations = new InvitationLifecycle(audit, users, orgConfigs, invitations, links);
            requests = new ReinviteRequests(audit, invitations, users, outbox);
            anonymisation = new Anonymisation(db, audit, new Erasure(db, new Seals(secrets.trailKeys())), users,
                administrators);
            trail = new Trail(db, new Seals(secrets.trailKeys()));
            // In the order in which the audit entry names what ended.
            List.of(applicationKeys, accessTokens, invitations, passwords).forEach(users::follow);
        } catch (SecretFile.Unusable e) {
            close();
            throw new CannotStart(e.getMessage());
        } catch (UncheckedIOException e) {
            close();
            throw new CannotStart("the data folder %s cannot be used: %s".formatted(settings.require(Config.DATA),
                NotStarted.reason(e.getCause(), "written")));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private Database.Address embedded(Settings settings) {
        var postgres =
            opened(EmbeddedPostgres.start(settings.require(Config.DATA), EmbeddedPostgres.Options.durable()));
        return new Database.Address(postgres.jdbcUrl(), Optional.of(postgres.user()), Optional.of(postgres.password()));
    }

    private static void refuseIfAny(List<String> objections) {
        if (!objections.isEmpty()) {
            throw new CannotStart(String.join("; ", objections));
        }
    }

    private <T extends AutoCloseable> T opened(T something) {
        opened.push(something);
        return something;
    }

    /// Everything but the server: for the command line.
    public static Roster open(Settings settings, Surroundings surroundings) {
        return new Roster(settings, surroundings);
    }

    /// Starts to serve. On an empty database the first organisation is made before.
    public static Roster start(Settings settings, Surroundings surroundings) {
        Thread.ofPlatform().daemon().start(WebServer::warmUp);
        var roster = open(settings, surroundings);
        try {
            roster.serve(surroundings);
        } catch (RuntimeException e) {
            roster.close();
            throw e;
        }
        return roster;
    }

    private void serve(Surroundings surroundings) {
        made = new FirstStart(db, founding).unlessDone(FoundingFeature.wishes(settings),
            settings.require(Config.DATA));
        var perAddress = settings.require(AccessFeature.RATE_LIMIT)
            .map(setting -> new RateLimit("address", setting, surroundings.clock()));
        var perOrg = settings.require(AccessFeature.RATE_LIMIT)
            .map(setting -> new RateLimit("organization", setting, surroundings.clock()));
        var unknown = settings.require(AccessFeature.RATE_LIMIT).map(setting -> new RateLimit("unknown-keys", new Rate(
            Math.max(1, setting.count() / UNKNOWN_PART), setting.periodSeconds()), surroundings.clock()));
        var answers = new KeptAnswers(db);
        var mailing = mailing(surroundings);
        var all = new ArrayList<>(List.of(lastUse.worker(), answers.worker()));
        mailing.ifPresent(all::add);
        workers = opened(new Workers(all, surroundings.clock()));
        workers.start();
        var callers = new Callers(db, rights, unknown, lastUse, surroundings.clock());
        db.admission(callers);

        var idempotency = new Idempotency(db, answers);
        new Doors(this, new DirectoryCache(db, directory, roles, DirectoryFeature.bytes(settings)), idempotency)
            .addTo(routes);
        if (settings.require(OpsDoor.BENCH)) {
            new Bench().addTo(routes);
        }
        mailbox.ifPresent(box -> box.addTo(routes));

        health = new Health(db, surroundings.clock());
        var metrics = opened(new Metrics(meters, db));
        var aside = settings.get(OpsDoor.MANAGEMENT_PORT).isPresent() ? new Routes() : routes;
        health.addTo(aside);
        metrics.addTo(aside);
        if (settings.get(OpsDoor.MANAGEMENT_PORT).isPresent()) { // opened first, closed last: it answers while requests end
            var gate = new Gate(aside, db, callers, Optional.empty(), Optional.empty(), meters);
            management = Optional.of(listening(settings.require(OpsDoor.MANAGEMENT_PORT), surroundings, gate));
        }
        server = listening(settings.require(Config.PORT), surroundings,
            new Gate(routes, db, callers, perOrg, perAddress, meters));
        if (settings.get(Config.DATABASE_URL).isEmpty()) {
            opened(CommandSocket.listen(settings.require(Config.DATA), commands()));
        }
        health.serving();
        Thread.ofVirtual().start(metrics::bind);
    }

    private WebServer listening(int port, Surroundings surroundings, Gate gate) {
        try {
            return opened(WebServer.start(settings.require(Config.HOST), port, surroundings.limits(),
                settings.get(Config.TRUSTED_PROXIES).orElse(TrustedProxies.NONE),
                settings.require(OpsDoor.BENCH) ? Bench.timed(gate) : gate));
        } catch (IllegalStateException e) {
            var cause = e.getCause() == null ? e : e.getCause();
            throw new CannotStart("%s (%s); set %s to another one".formatted(e.getMessage(), cause.getMessage(),
                management.isEmpty() && settings.get(OpsDoor.MANAGEMENT_PORT).isPresent()
                    ? OpsDoor.MANAGEMENT_PORT.name()
                    : "ROSTER_HOST or ROSTER_PORT"));
        }
    }

    /// How many files of the schema were applied when the database was opened.
    public int migrated() {
        return migrated;
    }

    /// What an operator may type, on this database.
    public Commands commands() {
        return new Commands(
            new Nouns(db, orgs, roles, users, newUsers, directory, apiKeys, applicationKeys, keys, founding,
                invitations, sentInvitations, deliveries, orgConfigs, ipAllowlists, catalogue, trail));
    }

    /// With a mail server e-mails are sent; on a local trial, with neither it nor a public URL, they are shown.
    ///
    /// @return what sends them
    private Optional<Worker> mailing(Surroundings surroundings) {
        var sources = Map.<String, LetterSource>of(Invitations.LETTER,
            new InvitationEmail(invitations, orgs, users, this::publicUrl),
            ReinviteRequests.LETTER, new ReinviteEmail(invitations, requests, orgs, users));
        if (settings.get(MailFeature.SMTP_URL).isEmpty() && settings.get(Config.PUBLIC_URL).isEmpty()) {
            mailbox = Optional.of(new Mailbox(db, outbox, sources, Mailbox.token(settings.require(Config.DATA))));
        }
        return settings.get(MailFeature.SMTP_URL).map(server -> {
            var host = publicUrl().getHost();
            var smtp =
                new Smtp(server, settings.get(MailFeature.MAIL_FROM).orElseGet(() -> Smtp.usualSender(host)), host,
                    settings.get(MailFeature.SMTP_CA_FILE));
            if (settings.get(Config.DATABASE_URL).isEmpty()) { // no other node can be sending what the last run left
                db.note(outbox::endClaims);
            }
            return new Mailer(db, outbox, sources, smtp, new SendRate(settings.require(MailFeature.MAIL_RATE)), surroundings.pauses(), meters)
                .worker();
        });
    }

    /// Where letters can be read on a local trial; nothing where they are sent.
    public Optional<String> mailboxAddress() {
        return mailbox.map(box -> address() + box.path());
    }

    /// What the first start made; nothing on later ones.
    public Optional<FirstStart.Made> made() {
        return made;
    }

    /// Where the API listens, as `http://127.0.0.1:8080`.
    public String address() {
        return server.address();
    }

    /// What runs in the background; nothing before the server starts.
    public Workers workers() {
        return workers;
    }

    /// Notes at once which keys were used, in the place of the next minute.
    public void noteLastUse() {
        lastUse.note();
    }

    /// Where health and metrics are, if not with the API.
    public Optional<String> managementAddress() {
        return management.map(WebServer::address);
    }

    /// What links in letters begin with: the setting, else the listen address; never what a request says of itself.
    public URI publicUrl() {
        return settings.get(Config.PUBLIC_URL).orElseGet(() -> URI.create(address()));
    }

    /// Lets running requests end, for up to 10 s, then stops everything in the reverse order. A second call does nothing.
    @Override
    public void close() {
        if (server != null) {
            health.draining();
            server.drain(DRAIN);
        }
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                LOG.error("could not be closed cleanly", e);
            }
        }
    }
}
