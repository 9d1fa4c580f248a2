package roster;

import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.concurrent.CompletableFuture;
import roster.base.feature.Feature;
import roster.base.http.Handler;
import roster.base.http.Routes;
import roster.base.http.WebServer;
import roster.base.net.LocalLink;
import roster.base.net.TrustedProxies;
import roster.base.settings.Settings;
import roster.base.work.RateLimit;
import roster.base.work.Worker;
import roster.base.work.Workers;
import roster.core.Kernel;
import roster.core.access.AccessFeature;
import roster.core.founding.FirstSignIn;
import roster.core.founding.FirstStart;
import roster.core.founding.FoundingFeature;
import roster.core.mail.MailFeature;
import roster.door.api.audit.AuditDoor;
import roster.door.api.events.EventDoor;
import roster.door.api.invitations.InvitationDoor;
import roster.door.api.keys.KeyDoor;
import roster.door.api.orgs.OrgDoor;
import roster.door.api.roles.RoleDoor;
import roster.door.api.signin.SigninDoor;
import roster.door.api.users.UserDoor;
import roster.door.command.ServingNode;
import roster.door.gate.Gate;
import roster.door.ops.OpsDoor;
import roster.door.scim.ScimDoor;
import roster.door.web.Mailbox;
import roster.door.web.WebDoor;
import roster.door.web.console.ConsoleDoor;

/// One serving process: the doors on the features of core, the workers, and the servers that listen.
public final class Node implements AutoCloseable {
    /// How long requests that are being answered may take when the node is told to stop.
    private static final Duration DRAIN = Duration.ofSeconds(10);

    private final Opened opened = new Opened();
    private final Surroundings surroundings;
    public final Roster roster;
    public final Routes routes = new Routes();
    public final Workers workers;
    private final Optional<FirstStart.Made> made;
    private final WebDoor web;
    private final OpsDoor ops;
    private final Optional<WebServer> management;
    private final WebServer server;

    private Node(Roster roster, Surroundings surroundings) {
        this.roster = opened.add(roster);
        this.surroundings = surroundings;
        try {
            var kernel = roster.kernel();
            var connections = connected(kernel);
            made = roster.founding.firstStart.unlessDone(FoundingFeature.wishes(settings()), data(),
                this::foreseen);
            roster.key.reportPowerless(kernel.db());
            web = new WebDoor(kernel, roster.invitation, roster.mail, roster.org, roster.user,
                new WebDoor.Signing(roster.access, roster.factor, roster.session, roster.signIn,
                    roster.identity,
                    new FirstSignIn(data())),
                localTrial() ? Optional.of(new WebDoor.LocalMail(
                    Mailbox.token(data(), kernel.sources().randomness()), roster.emails(),
                    settings().require(Config.HOST).matches("127\\..*|localhost|\\[?::1]?"))) : Optional.empty());
            var doors = doors(kernel);
            workers = opened.add(new Workers(tasks(doors), kernel.sources().clock()));
            ops = opened.add(new OpsDoor(kernel, workers));
            doors.forEach(door -> door.addTo(routes));
            ops.addTo(routes);
            management = settings().get(OpsDoor.MANAGEMENT_PORT).map(this::management);
            server = listening(settings().require(Config.PORT), gate(routes, limit("organization"), limit("address")));
            kernel.publicUrl().listensOn(URI.create(server.address()));
            ops.metrics.watch(server);
            var clock = kernel.sources().clock();
            DatabaseCommand.listen(settings(), roster.commands().on(new ServingNode(Version.ROSTER, address(),
                clock.instant(), settings().get(Config.DATABASE_URL).isEmpty(), workers::status, clock)))
                .ifPresent(opened::add);
            workers.start();
            connections.join();
            ops.health.serving();
            Thread.ofVirtual().start(ops.metrics::bind);
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /// Opens all connections to the embedded database before others can take its places.
    private CompletableFuture<Void> connected(Kernel kernel) {
        return settings().get(Config.DATABASE_URL).isPresent() ? CompletableFuture.completedFuture(null)
            : CompletableFuture.runAsync(kernel.db()::openAll, Thread.ofPlatform().daemon()::start);
    }

    /// Starts to serve. On an empty database the first organisation is made before.
    ///
    /// @throws CannotStart if it cannot; nothing is left running then
    public static Node start(Settings settings, Surroundings surroundings) {
        Thread.ofPlatform().daemon().start(WebServer::warmUp);
        DatabaseCommand.mustNotShareFolder(settings);
        mustBeAbleToListen(settings);
        if (settings.get(Config.DATABASE_URL).isPresent()) { // the embedded one needs the folder itself, and looks at more
            mustHaveFolder(settings.require(Config.DATA));
        }
        try {
            return new Node(Roster.open(settings, surroundings), surroundings);
        } catch (UncheckedIOException e) {
            throw CannotStart.without(settings.require(Config.DATA), e.getCause());
        }
    }

    private Settings settings() {
        return roster.kernel().settings();
    }

    private Path data() {
        return settings().require(Config.DATA);
    }

    /// A link to a path, before anything listens.
    private String foreseen(String path) {
        var url = roster.kernel().publicUrl();
        var host = settings().require(Config.HOST);
        return url.isSet() || settings().require(Config.PORT) == 0 ? url.reference(path)
            : LocalLink.of("http://%s:%d%s".formatted(host.indexOf(':') < 0 ? host : "[" + host + "]",
                settings().require(Config.PORT), path));
    }

    /// Without a mail server and a public URL, e-mails are shown on a page.
    private boolean localTrial() {
        return settings().get(MailFeature.SMTP_URL).isEmpty() && !roster.kernel().publicUrl().isSet();
    }

    private List<Feature> doors(Kernel kernel) {
        return List.of(new UserDoor(kernel, roster.access, roster.org, roster.role, roster.user, roster.directory,
            roster.anonymisation), new KeyDoor(kernel, roster.key, roster.user),
            new RoleDoor(kernel, roster.role, roster.directory),
            new OrgDoor(kernel, roster.access, roster.org, roster.saml, roster.user, roster.founding),
            new SigninDoor(kernel, roster.user, roster.role, roster.directory,
                new SigninDoor.Ways(roster.saml, roster.factor, roster.session, roster.signIn, roster.identity)),
            new InvitationDoor(kernel, roster.access, roster.invitation, roster.mail), new AuditDoor(kernel),
            new EventDoor(kernel, roster.event),
            new ScimDoor(kernel, roster.provisioning), web,
            new ConsoleDoor(kernel, web.browsers(),
                new ConsoleDoor.Rooms(roster.anonymisation, roster.audit(), roster.bulk, roster.directory,
                    roster.invitation,
                    roster.key,
                    roster.mail, roster.overview, roster.preference, roster.role, roster.session, roster.user,
                    roster.access, roster.identity, roster.org, roster.saml, roster.factor, roster.signIn,
                    roster.provisioning),
                web.switching(), Version.ROSTER, localTrial() ? Optional.of(roster.emails()) : Optional.empty()));
    }

    private List<Worker> tasks(List<Feature> doors) {
        var tasks = new ArrayList<Worker>();
        roster.features().forEach(feature -> tasks.addAll(feature.workers()));
        doors.forEach(door -> tasks.addAll(door.workers()));
        var alone = settings().get(Config.DATABASE_URL).isEmpty();
        if (alone) {
            roster.bulk.endClaims();
        }
        roster.mail.mailer(roster.emails(), surroundings.pauses(), alone).ifPresent(tasks::add);
        return tasks;
    }

    private Optional<RateLimit> limit(String name) {
        return settings().require(AccessFeature.RATE_LIMIT)
            .map(rate -> new RateLimit(name, rate, surroundings.sources().clock()));
    }

    private Gate gate(Routes some, Optional<RateLimit> perOrg, Optional<RateLimit> perAddress) {
        return new Gate(some, roster.access, perOrg, perAddress, web.browsers(), roster.kernel().meters(),
            surroundings.sources().nanos());
    }

    /// Opened first, closed last: it answers while requests end.
    private WebServer management(int port) {
        var aside = new Routes();
        ops.addManagementTo(aside);
        return listening(port, gate(aside, Optional.empty(), Optional.empty()));
    }

    private WebServer listening(int port, Handler gate) {
        try {
            return opened.add(WebServer.start(settings().require(Config.HOST), port,
                surroundings.limits().withIdleTime(settings().require(Config.IDLE_TIMEOUT)),
                settings().get(Config.TRUSTED_PROXIES).orElse(TrustedProxies.NONE), surroundings.sources().ids(),
                ops.timed(gate)));
        } catch (IllegalStateException e) {
            throw cannotListen(settings(), port, e);
        }
    }

    /// Found out before anything is made. Where there is a data folder already, it may be in use by the very server that
    /// has the port, which is told later and says more.
    private static void mustBeAbleToListen(Settings settings) {
        var host = settings.require(Config.HOST);
        var first = settings.get(Config.DATABASE_URL).isPresent() || !Files.exists(settings.require(Config.DATA));
        for (var port : Stream.concat(Stream.of(settings.require(Config.PORT)),
            settings.get(OpsDoor.MANAGEMENT_PORT).stream()).toList()) {
            try {
                WebServer.mustBeFree(host, first ? port : 0);
            } catch (IllegalStateException e) {
                throw cannotListen(settings, port, e);
            }
        }
    }

    /// Found out before anything is made: the first keys are written there, wherever the database is.
    private static void mustHaveFolder(Path data) {
        var there = data.toAbsolutePath().normalize();
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        if (!Files.isDirectory(there)) {
            throw new CannotStart(
                "the data folder %s cannot be used: %s is a file; set ROSTER_DATA to a folder".formatted(
                    data, there));
        }
        if (!Files.isWritable(there)) {
            throw CannotStart.without(data, new AccessDeniedException(there.toString()));
        }
    }

    private static CannotStart cannotListen(Settings settings, int port, IllegalStateException e) {
        var cause = e.getCause() == null ? e : e.getCause();
        var aside = settings.get(OpsDoor.MANAGEMENT_PORT).equals(Optional.of(port));
        return new CannotStart("%s (%s); set %s to another one".formatted(e.getMessage(), cause.getMessage(),
            aside ? OpsDoor.MANAGEMENT_PORT : "%s or %s".formatted(Config.HOST, Config.PORT)));
    }

    /// What the first start made; nothing on later ones.
    public Optional<FirstStart.Made> made() {
        return made;
    }

    /// Where the API listens, as `http://127.0.0.1:8080`.
    public String address() {
        return server.address();
    }

    /// Where health and metrics are, if not with the API.
    public Optional<String> managementAddress() {
        return management.map(WebServer::address);
    }

    /// Whether people can sign in; over http to another machine they cannot.
    public boolean canSignIn() {
        return web.browsers().site().canSignIn();
    }

    /// Where e-mails can be read on a local trial; nothing where they are sent.
    public Optional<String> mailboxAddress() {
        return web.mailboxPath().map(path -> address() + path);
    }

    /// Lets running requests end, for up to 10 s, then stops everything in the reverse order. A second call does nothing.
    @Override
    public void close() {
        ops.health.draining();
        server.drain(DRAIN);
        opened.close();
    }
}
