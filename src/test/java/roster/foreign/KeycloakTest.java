package roster.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import roster.base.json.Json;
import roster.support.Await;
import roster.support.BrowserUser;
import roster.support.FakeProvider;
import roster.support.OpenId;
import roster.support.TestRoster;
import tools.jackson.databind.JsonNode;

/// Signing in by a real Keycloak, which Maven fetches: `mvn -q test -Dtest=KeycloakTest -Droster.keycloak=true`. What happened is
/// told in `target/keycloak.txt`.
@Timeout(900)
@Tag("keycloak")
class KeycloakTest {
    private static final String VERSION = "26.7.3";
    private static final Path TOLD = Path.of("target", "keycloak.txt");
    private static final int STARTS = 400;
    private static final String ADMIN = "admin-of-keycloak-1";
    private static final String PASSWORD = "bobs password at Keycloak 1";
    private static final Pattern ACTION = Pattern.compile("action=\"([^\"]+)\"");

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    @TempDir
    private static Path folder;

    private static final StringBuilder TEXT = new StringBuilder();
    private static Process process;
    private static String keycloak;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        run("mvn", "-B", "-q", "dependency:copy", "-Dartifact=org.keycloak:keycloak-quarkus-dist:%s:tar.gz".formatted(
            VERSION), "-DoutputDirectory=" + folder);
        run("tar", "-xzf", folder.resolve("keycloak-quarkus-dist-%s.tar.gz".formatted(VERSION)).toString(), "-C",
            folder.toString());
        try (var free = new ServerSocket(0)) {
            keycloak = "http://127.0.0.1:" + free.getLocalPort();
        }
        var builder = new ProcessBuilder(folder.resolve("keycloak-%s/bin/kc.sh".formatted(VERSION)).toString(),
            "start-dev", "--http-host=127.0.0.1", "--http-port=" + URI.create(keycloak).getPort())
            .redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile());
        builder.environment().putAll(Map.of("JAVA_HOME", System.getProperty("java.home"),
            "KC_BOOTSTRAP_ADMIN_USERNAME", "admin", "KC_BOOTSTRAP_ADMIN_PASSWORD", ADMIN, "JAVA_OPTS_KC_HEAP",
            "-Xmx512m"));
        process = builder.start();
        for (int i = 1; !answers(); i++) { // it builds itself first, which takes minutes on a busy machine
            assertThat(process.isAlive() && i < STARTS).as(log()).isTrue();
            TimeUnit.SECONDS.sleep(1);
        }
    }

    private static String log() {
        try {
            return Files.readString(folder.resolve("log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static void run(String... command) throws IOException, InterruptedException {
        var running = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(running.waitFor()).as(said).isZero();
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (process != null) {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
            process.waitFor(60, TimeUnit.SECONDS);
        }
    }

    private static void tell(String line, Object... values) throws IOException {
        TEXT.append(line.formatted(values)).append('\n');
        Files.writeString(TOLD, TEXT);
    }

    /// The key by which Keycloak signs now.
    private static String signingKey() {
        return json(send("GET", "/admin/realms/acme/keys", admin(), null)).at("/active/RS256").asString();
    }

    private static String click(BrowserUser browser) {
        var answer = browser.get("/me/security");
        return "GET /me/security: %d%s".formatted(answer.status(), answer.header("Location").map(" to "::concat)
            .orElse(""));
    }

    private static boolean answers() {
        try {
            return send("GET", "/realms/master", "", null).statusCode() == 200;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    private static HttpResponse<String> send(String method, String path, String token, Object body) {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create(keycloak + path)).method(method, body == null
                ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body instanceof String text
                    ? text.getBytes(StandardCharsets.UTF_8) : Json.bytes(body)))
                .header("Content-Type", body instanceof String ? "application/x-www-form-urlencoded"
                    : "application/json");
            if (!token.isEmpty()) {
                request.header("Authorization", "Bearer " + token);
            }
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String admin() {
        return json(send("POST", "/realms/master/protocol/openid-connect/token", "",
            "grant_type=password&client_id=admin-cli&username=admin&password=" + ADMIN)).at("/access_token").asString();
    }

    private static JsonNode json(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isLessThan(300);
        return Json.parse(response.body().getBytes(StandardCharsets.UTF_8));
    }

    /// A realm with Bob, who is in the group `ops`, and the client that Roster is.
    private static void realm(String provider) {
        var groups = Map.of("name", "groups", "protocol", "openid-connect", "protocolMapper",
            "oidc-group-membership-mapper", "config", Map.of("claim.name", "groups", "full.path", "false",
                "id.token.claim", "true"));
        var client = Map.of("clientId", "roster", "secret", OpenId.SECRET, "publicClient", false, "standardFlowEnabled",
            true, "redirectUris", List.of(roster.address() + "/sign-in/callback/" + provider), "protocolMappers",
            List.of(groups), "attributes", Map.of("backchannel.logout.url", roster.address() + "/sign-in/logout/"
                + provider, "backchannel.logout.session.required", "true", "post.logout.redirect.uris",
                roster.address() + "/sign-in/signed-out"));
        var bob = Map.of("username", "bob", "email", "bob@acme.test", "emailVerified", true, "enabled", true,
            "firstName", "Bob", "lastName", "Example", "groups", List.of("/ops"), "credentials",
            List.of(Map.of("type", "password", "value", PASSWORD)));
        var answer = send("POST", "/admin/realms", admin(), Map.of("realm", "acme", "enabled", true, "groups",
            List.of(Map.of("name", "ops")), "clients", List.of(client), "users", List.of(bob)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    /// Bob signs in on Keycloak's own page.
    ///
    /// @return where it sends the browser back
    private static String back(String location) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            var page = client.send(HttpRequest.newBuilder(URI.create(location)).build(), BodyHandlers.ofString());
            var action = ACTION.matcher(page.body());
            assertThat(action.find()).as(page.body()).isTrue();
            // By hand, as Java's cookie store sends those that are marked Secure over https only, and browsers to this machine too.
            var cookies = page.headers().allValues("Set-Cookie").stream().map(line -> line.replaceFirst(";.*", ""))
                .collect(Collectors.joining("; "));
            var answer = client.send(HttpRequest.newBuilder(URI.create(action.group(1).replace("&amp;", "&")))
                .header("Content-Type", "application/x-www-form-urlencoded").header("Cookie", cookies)
                .POST(BodyPublishers.ofString("username=bob&password=" + URLEncoder.encode(PASSWORD,
                    StandardCharsets.UTF_8)))
                .build(), BodyHandlers.ofString());
            return answer.headers().firstValue("Location").orElseThrow(() -> new AssertionError(answer.body()))
                .substring(roster.address().length());
        }
    }

    private static BrowserUser signedIn(String provider) throws IOException, InterruptedException {
        var browser = new BrowserUser(roster);
        var answer = browser.get(back(FakeProvider.begin(browser, provider)));
        assertThat(answer.status()).as(answer.text()).isEqualTo(303);
        assertThat(browser.isSignedIn()).isTrue();
        return browser;
    }

    @Test
    void a_user_signs_in_gets_roles_by_groups_and_is_signed_out_by_Keycloak() throws Exception {
        var org = roster.newOrg("acme");
        var bob = org.newUser("bob@acme.test");
        var role = org.newRole("Ops", List.of("logs_live_tail"));
        assertThat(org.founder().post("/api/v2/authn_mappings", """
            {"data":{"type":"authn_mappings","attributes":{"attribute_key":"groups","attribute_value":"ops"},
             "relationships":{"role":{"data":{"type":"roles","id":"%s"}}}}}""".formatted(role)).status())
            .isEqualTo(200);
        var provider = OpenId.configured(org, Map.of("name", "Keycloak", "profile", "keycloak", "issuer",
            keycloak + "/realms/acme", "client_id", "roster", "client_secret", OpenId.SECRET, "domains",
            List.of("acme.test"), "link", "automatic"));
        realm(provider);
        var check = org.founder().post(OpenId.PATH + "/" + provider + "/check", null);
        tell("Keycloak %s at %s, a client for Roster with the mapper Group Membership; Bob is in the group ops",
            VERSION,
            keycloak);
        tell("An AuthN mapping gives the role Ops to groups = ops; Bob has no role yet");
        tell("POST .../identity_providers/{id}/check: %s", check.at("/data/attributes"));
        assertThat(check.at("/data/attributes/ok").asBoolean()).as(check.text()).isTrue();

        var first = signedIn(provider);
        assertThat(
            org.founder().get("/api/v2/users/" + bob.user().id()).at("/data/relationships/roles/data").toString())
            .contains(role.toString());
        tell("Bob signs in on Keycloak's page, in a first browser: %s", click(first));
        tell("  Bob's roles now: %s", org.founder().get("/api/v2/users/" + bob.user().id()).each("/included",
            "/attributes/name"));
        var before = signingKey();

        var realmId = json(send("GET", "/admin/realms/acme", admin(), null)).at("/id").asString();
        assertThat(send("POST", "/admin/realms/acme/components", admin(), Map.of("name", "rotated", "providerId",
            "rsa-generated", "providerType", "org.keycloak.keys.KeyProvider", "parentId", realmId, "config",
            Map.of("priority", List.of("200"), "algorithm", List.of("RS256")))).statusCode()).isEqualTo(201);
        assertThat(signingKey()).isNotEqualTo(before);
        tell("Keycloak's keys are rotated: it signed by %s, and signs by %s", before, signingKey());
        var second = signedIn(provider);
        tell("Bob signs in in a second browser: %s", click(second));

        var user =
            json(send("GET", "/admin/realms/acme/users?username=bob", admin(), null)).get(0).at("/id").asString();
        assertThat(send("POST", "/admin/realms/acme/users/%s/logout".formatted(user), admin(), "").statusCode())
            .isEqualTo(204);
        tell("An administrator of Keycloak ends Bob's sessions there, which calls Roster's back-channel logout");
        for (var browser : List.of(first, second)) {
            Await.until("Keycloak ends the session", () -> !browser.isSignedIn());
            assertThat(browser.get("/me/security").header("Location").orElseThrow()).contains("/sign-in");
            tell("The next click in the %s browser: %s", browser == first ? "first" : "second", click(browser));
        }
        tell("The trail: %s", roster.sql("SELECT action, COALESCE(after->>'why', before->>'why', after->>'method') "
            + "FROM audit_entries WHERE org_id = ? AND (action LIKE 'session%%' OR action LIKE 'sign_in%%' "
            + "OR action LIKE 'authn_mapping.%%' OR action LIKE 'identity.%%') ORDER BY version, entry",
            org.id().value()));
    }
}
