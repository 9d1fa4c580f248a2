package roster.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import roster.Config;
import roster.Node;
import roster.Roster;
import roster.Surroundings;
import roster.base.db.Database;
import roster.base.http.Raw;
import roster.base.postgres.EmbeddedPostgres;
import roster.base.source.Ids;
import roster.base.source.Randomness;
import roster.base.source.Sources;
import roster.base.work.DueRows;
import roster.core.founding.Founding;
import roster.model.Caller;
import roster.model.Org;

/// Roster as the tests meet it: the whole server, wired as in production, on a real PostgreSQL that forgets to flush.
///
/// One server serves the suite; every test makes organisations of its own, so that classes run side by side. A class
/// that needs other settings has a server and a database to itself ([#with]).
public final class TestRoster implements BeforeAllCallback, AfterAllCallback, InvocationInterceptor {
    private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(Await.PATIENCE).build();

    /// The system property that makes the suite's PostgreSQL flush, for a server in a process of its own.
    private static final String DURABLE = "roster.durable";

    private static EmbeddedPostgres postgres;
    private static TestRoster shared;

    private final Map<String, String> settings;
    private final Surroundings surroundings;
    private Node node;
    private Path folder;
    private String databaseUrl;

    public TestRoster() {
        this(Map.of(), SURROUNDINGS);
    }

    private TestRoster(Map<String, String> settings, Surroundings surroundings) {
        this.settings = settings;
        this.surroundings = surroundings;
    }

    /// A server of one's own with these settings besides the usual ones.
    public static TestRoster with(Map<String, String> settings) {
        if (settings.isEmpty()) {
            throw new IllegalArgumentException("the shared server will do");
        }
        return new TestRoster(settings, SURROUNDINGS);
    }

    /// The same, with a clock to move by hand.
    public static TestRoster with(Map<String, String> settings, InstantSource clock) {
        return with(settings, clock, System::nanoTime);
    }

    /// The same, with clocks to move by hand.
    ///
    /// @param nanos of the clock that cannot be set
    public static TestRoster with(Map<String, String> settings, InstantSource clock, LongSupplier nanos) {
        return new TestRoster(settings,
            new Surroundings(new Sources(clock, nanos, new Ids(), new Randomness()), SURROUNDINGS.limits(),
                SURROUNDINGS.mustBeDurable(), SURROUNDINGS.pauses()));
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        synchronized (TestRoster.class) {
            if (!settings.isEmpty()) {
                start();
                return;
            }
            if (shared == null) {
                shared = this;
                start();
                context.getRoot().getStore(ExtensionContext.Namespace.GLOBAL).put(TestRoster.class,
                    (AutoCloseable) TestRoster::stopShared);
            }
            node = shared.node;
            folder = shared.folder;
            databaseUrl = shared.databaseUrl;
        }
    }

    @Override
    public void interceptTestMethod(Invocation<Void> test, ReflectiveInvocationContext<Method> of,
        ExtensionContext context) throws Throwable {
        noted(test, of);
    }

    @Override
    public void interceptTestTemplateMethod(Invocation<Void> test, ReflectiveInvocationContext<Method> of,
        ExtensionContext context) throws Throwable {
        noted(test, of);
    }

    /// On the thread of the test, which has a limit, and therefore one of its own.
    private static void noted(Invocation<Void> test, ReflectiveInvocationContext<Method> of) throws Throwable {
        Conformance.began(of.getTargetClass().getSimpleName() + "." + of.getExecutable().getName());
        try {
            test.proceed();
        } finally {
            Conformance.ended();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (!settings.isEmpty()) {
            node.close();
        }
    }

    private static void stopShared() {
        Conformance.write(shared.node.routes);
        shared.node.close();
        postgres.close();
    }

    private void start() {
        try {
            Files.createDirectories(Path.of("target", "test-data"));
            folder = Files.createTempDirectory(Path.of("target", "test-data").toAbsolutePath(), "roster");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        databaseUrl = newDatabase();
        node = start(settings);
    }

    /// Another server on the same database, as a second node. The caller closes it.
    public Node anotherNode(Map<String, String> more) {
        var together = new HashMap<>(settings);
        together.putAll(more);
        return start(together);
    }

    private Node start(Map<String, String> more) {
        var environment = new HashMap<String, String>();
        environment.put("ROSTER_PORT", "0");
        environment.put("ROSTER_DATA", folder.toString());
        environment.put("ROSTER_DATABASE_URL", databaseUrl);
        environment.put("ROSTER_SECRET_KEY", SECRET_KEY);
        environment.put("ROSTER_RATE_LIMIT", "1000000/60s");
        environment.put("ROSTER_TRUSTED_PROXIES", "127.0.0.1"); // [BrowserUser] says where it is
        environment.putAll(more);
        return Node.start(Config.read(environment, folder), surroundings);
    }

    /// A secret that the tests know, to look for it where it must not be.
    public static final String SECRET_KEY =
        Base64.getEncoder().encodeToString("a root secret of the test suite!".getBytes(
            StandardCharsets.US_ASCII));

    private static final Surroundings SURROUNDINGS = new Surroundings(
        Surroundings.PRODUCTION.sources(), Raw.LIMITS, false,
        new DueRows.Pauses(Duration.ofMillis(100), Duration.ofMillis(20), Duration.ofMillis(200)));

    /// An empty database on the suite's PostgreSQL.
    ///
    /// @return its JDBC URL, user and password in it
    public static String newDatabase() {
        synchronized (TestRoster.class) {
            if (postgres == null) {
                try {
                    Files.createDirectories(Path.of("target", "test-data"));
                    postgres = EmbeddedPostgres.start(Files.createTempDirectory(
                        Path.of("target", "test-data").toAbsolutePath(), "postgres"),
                        new EmbeddedPostgres.Options(Boolean.getBoolean(DURABLE)));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                Runtime.getRuntime().addShutdownHook(new Thread(postgres::close));
            }
            var name = "test_" + UUID.randomUUID().toString().replace("-", "");
            try (var connection = DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
                var statement = connection.createStatement()) {
                statement.execute("CREATE DATABASE " + name);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            return "jdbc:postgresql://127.0.0.1:%d/%s?user=%s&password=%s".formatted(postgres.port(), name,
                postgres.user(),
                postgres.password());
        }
    }

    /// The program as an object.
    public Roster program() {
        return node.roster;
    }

    /// The serving process.
    public Node node() {
        return node;
    }

    /// Where the API listens, as `http://127.0.0.1:40001`.
    public String address() {
        return node.address();
    }

    /// Its data folder: secrets and first keys; the database is elsewhere.
    public Path folder() {
        return folder;
    }

    public String databaseUrl() {
        return databaseUrl;
    }

    /// An organisation of one's own, with an administrator `founder@<name>.test` ([TestOrg#founder]).
    public TestOrg newOrg(String name) {
        return Await.served(() -> {
            var id = new Org.Id(new Ids().next());
            var founded = db().createOrg(Caller.cli(id, "test", new Ids().next().toString()),
                tx -> program().founding.founding.found(tx,
                    new Founding.Wishes(name, "founder@" + name + ".test", Optional.empty(), Optional.empty())));
            return new TestOrg(this, id, founded);
        });
    }

    /// Sends a request without keys.
    public Answer send(String method, String path, String body) {
        return send(method, path, body, Map.of());
    }

    /// Sends a request with these headers and nothing else. No body for null.
    public Answer send(String method, String path, String body, Map<String, String> headers) {
        return send(address(), method, path, body, named(headers));
    }

    /// As if a proxy had passed the request on that was sent to the public URL.
    private Map<String, String> named(Map<String, String> headers) {
        var url = settings.get("ROSTER_PUBLIC_URL");
        if (url == null) {
            return headers;
        }
        var all = new HashMap<>(headers);
        all.putIfAbsent("Host", URI.create(url).getRawAuthority());
        return all;
    }

    /// Sends a request to a certain node.
    public static Answer send(String address, String method, String path, String body, Map<String, String> headers) {
        var request = HttpRequest.newBuilder(URI.create(address + path)).timeout(Await.PATIENCE)
            .method(method,
                body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        try {
            var response = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            var answer = new Answer(method, path, response.statusCode(), response.headers().map(), response.body());
            OpenApiCheck.check(answer);
            Conformance.saw(answer);
            Attacks.saw(answer);
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Asks the database behind the server's back: one list of columns a row.
    public List<List<Object>> sql(String query, Object... values) {
        try (var connection = DriverManager.getConnection(databaseUrl);
            var statement = connection.prepareStatement(query)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            var rows = new ArrayList<List<Object>>();
            if (statement.execute()) {
                try (var result = statement.getResultSet()) {
                    while (result.next()) {
                        var row = new ArrayList<Object>();
                        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                            row.add(result.getObject(i));
                        }
                        rows.add(row);
                    }
                }
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The only value of the only row.
    public Object sqlValue(String query, Object... values) {
        var rows = sql(query, values);
        if (rows.size() != 1 || rows.getFirst().size() != 1) {
            throw new IllegalStateException("one value expected, found " + rows);
        }
        return rows.getFirst().getFirst();
    }

    /// Sets the clock of the database, of a server with a database to itself.
    ///
    /// @param ahead of the true time; negative: behind
    public void setDatabaseClock(Duration ahead) {
        if (settings.isEmpty()) {
            throw new IllegalStateException("other tests go by this clock");
        }
        sql("""
            CREATE OR REPLACE FUNCTION roster_now() RETURNS timestamptz LANGUAGE sql VOLATILE PARALLEL SAFE
            RETURN clock_timestamp() + interval '%d milliseconds'""".formatted(ahead.toMillis()));
    }

    /// The database as Roster opens it.
    public Database db() {
        return program().kernel().db();
    }
}
