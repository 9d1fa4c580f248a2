import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Keycloak's admin API, in production mode on a durable PostgreSQL. Each number of people has a realm of its own.
final class Keycloak implements Peer {
    private static final String VERSION = "26.7.3";
    static final String NAME = "Keycloak " + VERSION;

    private static final int START_SECONDS_MAX = 300;
    private static final int TOKEN_SECONDS = 3 * 60 * 60;
    private static final int FILE_PEOPLE = 1000;
    private static final Pattern TOKEN = Pattern.compile("\"access_token\":\"([^\"]+)\"");

    private final Started started;
    private final String script;
    private final Sql sql;
    private final int port = OutsidePostgres.freePort();
    private final String address = "http://127.0.0.1:" + port;
    private final Map<String, String> environment;
    private Process process;
    private String realm;
    private List<Person> people;

    private Keycloak(Started started, Path home, Sql sql, String heap) {
        this.started = started;
        this.script = home.resolve("bin/kc.sh").toString();
        this.sql = sql;
        this.environment = Map.of(
            "JAVA_HOME", System.getProperty("java.home"),
            "JAVA_OPTS", "", // its script's own
            "JAVA_OPTS_KC_HEAP", heap,
            "KC_DB_URL", "jdbc:postgresql://127.0.0.1:%d/%s".formatted(sql.port(), sql.database()),
            "KC_DB_USERNAME", sql.user(),
            "KC_DB_PASSWORD", sql.password());
    }

    /// @param sql an empty database
    /// @param heap Java's options for it
    static Keycloak start(Started started, Sql sql, String heap) {
        var archive = Fetched.artifact(started, "org.keycloak", "keycloak-quarkus-dist", VERSION, "tar.gz");
        started.run(Map.of(), "tar", "-xzf", archive.toString());
        var keycloak = new Keycloak(started, started.folder.resolve("keycloak-" + VERSION), sql, heap);
        keycloak.start();
        return keycloak;
    }

    /// One node, so its cache need not be shared with others.
    private void start() {
        started.run(environment, script, "build", "--db=postgres", "--health-enabled=true");
        var management = OutsidePostgres.freePort();
        var log = started.log("keycloak");
        process = started.start("TERM", environment, log, List.of(script, "start", "--optimized", "--cache=local",
            "--http-enabled=true", "--http-host=127.0.0.1", "--http-port=" + port,
            "--http-management-host=127.0.0.1", "--http-management-port=" + management, "--hostname-strict=false"));
        var began = System.nanoTime();
        while (!ready("http://127.0.0.1:%d/health/ready".formatted(management))) {
            if (!process.isAlive() || System.nanoTime() - began > START_SECONDS_MAX * 1e9) {
                throw new Started.Failed("Keycloak did not start:\n" + Started.tail(read(log)));
            }
            Main.pause(500);
        }
    }

    private static boolean ready(String url) {
        try {
            return Http.send("GET", url, List.of(), "text/plain", "").statusCode() == 200;
        } catch (UncheckedIOException e) { // it does not listen yet
            return false;
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    /// Imports a realm from files, as its guide has it for many users.
    @Override
    public void take(List<Person> wanted) {
        people = wanted;
        realm = "people-%d".formatted(people.size());
        try {
            var folder = Files.createDirectory(started.folder.resolve("keycloak-" + realm));
            Files.writeString(folder.resolve(realm + "-realm.json"), """
                {"realm": "%1$s", "id": "%1$s", "enabled": true, "accessTokenLifespan": %2$d,
                 "clients": [{"clientId": "bench", "secret": "bench", "enabled": true, "serviceAccountsEnabled": true}],
                 "users": [{"username": "service-account-bench", "enabled": true, "serviceAccountClientId": "bench",
                            "clientRoles": {"realm-management": ["realm-admin"]}}]}
                """.formatted(realm, TOKEN_SECONDS));
            for (int from = 0; from < people.size(); from += FILE_PEOPLE) {
                var users = people.subList(from, Math.min(from + FILE_PEOPLE, people.size())).stream()
                    .map(Keycloak::json).collect(Collectors.joining(",\n"));
                Files.writeString(folder.resolve("%s-users-%d.json".formatted(realm, from / FILE_PEOPLE)),
                    "{\"realm\": \"%s\", \"users\": [%s]}".formatted(realm, users));
            }
            started.run(environment, script, "import", "--optimized", "--dir", folder.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        sql.run("VACUUM ANALYZE", "CHECKPOINT");
    }

    private static String json(Person person) {
        return """
            {"id": "%s", "username": %2$s, "email": %2$s, "firstName": %3$s, "lastName": %4$s, "enabled": true}"""
            .formatted(person.id(), Http.quoted(person.email()), Http.quoted(person.given()),
                Http.quoted(person.family()));
    }

    @Override
    public Way way(Work work, List<String> terms) {
        var token = RosterServer.first(TOKEN, Http.body("POST",
            address + "/realms/%s/protocol/openid-connect/token".formatted(realm), List.of(),
            "application/x-www-form-urlencoded", "grant_type=client_credentials&client_id=bench&client_secret=bench"));
        var headers = List.of("Authorization", "Bearer " + token);
        var users = "/admin/realms/%s/users".formatted(realm);
        var page = users + "?first=%d&max=100";
        var deep = Peer.deep(people);
        return switch (work) {
            case GET -> Call.get(address, headers, paths(users), people.getFirst().email());
            case FIRST -> Call.get(address, headers, List.of(page.formatted(0)), people.getFirst().email());
            case DEEP -> Call.get(address, headers, List.of(page.formatted(deep)), people.get(deep).email());
            case SEARCH -> Call.get(address, headers, terms.stream().map(term -> users + "?max=10&search="
                + Peer.encoded("*" + term + "*")).toList(), terms.getFirst());
            case UPDATE -> new Call(address, headers, "PUT", paths(users), "{\"lastName\": \"${new}\"}", "");
            case CREATE -> new Call(address, headers, "POST", List.of(users), """
                {"username": "${new}@bench.example", "email": "${new}@bench.example", "firstName": "Pat", \
                "lastName": "Bench", "enabled": true}""", "");
        };
    }

    private List<String> paths(String users) {
        return people.stream().map(person -> users + "/" + person.id()).toList();
    }

    /// Of Java, which the script has as its child.
    @Override
    public OptionalLong pid() {
        return process.children().mapToLong(ProcessHandle::pid).findFirst();
    }
}
