import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Users who sign in by an OpenID provider, which is a stub in this process: it answers codes with ID tokens, which it signs
/// by ES256 when the code is made, so that what is measured is the work of Roster.
final class ProviderUsers {
    private static final String CLIENT = "roster-bench";

    private final HttpServer server;
    private final KeyPair key = PasskeyUsers.key();
    private final String issuer;
    private final String provider;
    private final List<User> users;

    /// To the codes that were made last.
    private final Map<String, String> answers = new ConcurrentHashMap<>();

    private record User(String subject, Browser browser) {}

    ProviderUsers(RosterServer roster, Sql sql, RosterServer.Org org, int number) {
        try {
            server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 1000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
        issuer = "http://127.0.0.1:" + server.getAddress().getPort();
        var made = roster.send(org, "POST", "/api/v2/roster/identity_providers", """
            {"data": {"type": "roster_identity_providers", "attributes": {"name": "Stub", "profile": "entra", "issuer":
             "%s/00000000-0000-7000-8000-000000000001/v2.0", "client_id": "%s", "client_secret": "a-secret-of-the-bench",
             "domains": ["bench.example"]}}}""".formatted(issuer, CLIENT));
        if (made.status() / 100 != 2) {
            throw new Started.Failed("the provider was not taken: " + made);
        }
        provider = RosterServer.first(java.util.regex.Pattern.compile("\"id\":\"([^\"]+)\""), made.body());
        sql.run("""
            INSERT INTO identities (org_id, id, provider_id, issuer, subject, user_id, linked_at, how, version)
            SELECT org_id, gen_random_uuid(), '%s', '%s', users.id::text, users.id, now(), 'automatic', 1
              FROM users WHERE org_id = '%s' AND NOT disabled AND NOT service_account AND NOT second_factor
               AND email <> '%s' ORDER BY users.id LIMIT %d
            """.formatted(provider, named(), org.id(), RosterServer.FOUNDER, number),
            "UPDATE users u SET verified = true FROM identities i WHERE i.org_id = u.org_id AND i.user_id = u.id",
            "ANALYZE identities");
        users = PasskeyUsers.numbered(sql.run("SELECT subject FROM identities WHERE org_id = '%s' ORDER BY id"
            .formatted(org.id())), (subject, i) -> new User(subject, new Browser(roster.address(),
                "10.%d.%d.2".formatted(i / 250, i % 250))));
        if (users.size() < number) {
            throw new Started.Failed("only %d of %d users are there".formatted(users.size(), number));
        }
        PasskeyUsers.atOnce(users.stream().<Runnable>map(user -> () -> {
            user.browser().mustLeadOn(user.browser().get(callback(user)));
            user.browser().forget("roster_session");
        }).toList());
    }

    private String named() {
        return issuer + "/00000000-0000-7000-8000-000000000001/v2.0";
    }

    /// Begins a sign-in.
    ///
    /// @return the address to which the provider sends the browser back
    private String callback(User user) {
        var page = "/sign-in/with/" + provider;
        var begun = user.browser().post(page, fields(Browser.csrf(user.browser().get(page))));
        user.browser().mustLeadOn(begun);
        var asked = parameters(URI.create(begun.headers().firstValue("Location").orElseThrow()).getRawQuery());
        var code = UUID.randomUUID().toString();
        answers.put(code, token(user.subject(), asked.get("nonce")));
        return "%s?state=%s&code=%s".formatted(URI.create(asked.get("redirect_uri")).getPath(), asked.get("state"), code);
    }

    private static Map<String, String> fields(String csrf) {
        var fields = new LinkedHashMap<String, String>();
        fields.put("csrf", csrf);
        fields.put("then", "");
        fields.put("org", "");
        return fields;
    }

    /// Addresses that sign in, for `forms.lua`. They are good for ten minutes.
    List<String> forms(int number) {
        answers.clear();
        return PasskeyUsers.inParts(number, users, user -> String.join("\t", "GET", callback(user),
            user.browser().visitorCookies(), user.browser().client(), ""));
    }

    void close() {
        server.stop(0);
    }

    private static Map<String, String> parameters(String text) {
        return Stream.of(text.split("&")).map(one -> one.split("=", 2)).collect(Collectors.toMap(one -> one[0],
            one -> URLDecoder.decode(one[1], StandardCharsets.UTF_8)));
    }

    private void handle(HttpExchange exchange) throws IOException {
        var form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        var path = exchange.getRequestURI().getPath();
        var answer = path.endsWith("/.well-known/openid-configuration") ? metadata()
            : path.endsWith("/keys") ? keys()
            : path.endsWith("/token") ? answers.getOrDefault(parameters(form).get("code"), "{}") : "{}";
        var bytes = answer.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, bytes.length);
        try (var out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    private String metadata() {
        return """
            {"issuer": "%1$s", "authorization_endpoint": "%1$s/authorize", "token_endpoint": "%1$s/token",
             "jwks_uri": "%1$s/keys", "response_types_supported": ["code"], "subject_types_supported": ["public"],
             "id_token_signing_alg_values_supported": ["ES256"]}""".formatted(named());
    }

    private String keys() {
        var point = ((ECPublicKey) key.getPublic()).getW();
        return """
            {"keys": [{"kty": "EC", "crv": "P-256", "kid": "one", "use": "sig", "alg": "ES256", "x": "%s", "y": "%s"}]}"""
            .formatted(text(point.getAffineX()), text(point.getAffineY()));
    }

    private static String text(BigInteger number) {
        return PasskeyUsers.text(PasskeyUsers.padded(number.toByteArray()));
    }

    private String token(String subject, String nonce) {
        var now = Instant.now().getEpochSecond();
        var claims = """
            {"iss":"%s","aud":"%s","sub":"%s","nonce":"%s","iat":%d,"exp":%d}""".formatted(named(), CLIENT,
            subject, nonce, now, now + 300);
        var signed = encoded("{\"alg\":\"ES256\",\"kid\":\"one\",\"typ\":\"JWT\"}") + "." + encoded(claims);
        return "{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"expires_in\":300,\"id_token\":\"%s.%s\"}".formatted(
            signed, signature(signed));
    }

    private static String encoded(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private String signature(String signed) {
        try {
            var signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initSign(key.getPrivate());
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return PasskeyUsers.text(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
