package roster.support;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.pkce.CodeChallenge;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.oauth2.sdk.util.URLUtils;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import roster.base.json.Json;

/// An OpenID provider that does what a test tells it, right or wrong. It takes each code once, with its verifier.
public final class FakeProvider implements BeforeAllCallback, AfterAllCallback {
    /// How ID tokens are signed.
    public enum Signing { RS256, ES256, PS256, NONE, HS256_PUBLIC_KEY, OTHER_KEY_SAME_ID, KEY_IN_HEADER, RS512 }

    private HttpServer server;
    private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();
    private final Map<String, UnaryOperator<Map<String, Object>>> claimsOf = new ConcurrentHashMap<>();
    public final AtomicInteger keysFetched = new AtomicInteger();
    public final AtomicInteger tokensAsked = new AtomicInteger();
    public final List<String> verifierFaults = new CopyOnWriteArrayList<>();

    /// What the test changes, for all that follows.
    public volatile Signing signing = Signing.RS256;
    public volatile UnaryOperator<Map<String, Object>> metadata = UnaryOperator.identity();
    public volatile UnaryOperator<Map<String, Object>> tokenAnswer = UnaryOperator.identity();
    public volatile Map<String, Object> userInfo = Map.of();
    public volatile String path;

    /// What is wrong with the answers to codes.
    public enum Fault { NONE, SILENT, HUGE, TRICKLE, ERROR, NO_JSON }

    public volatile Fault fault = Fault.NONE;

    /// The server keeps keys and metadata by their address, and the port may have been that of another test's provider.
    private final String ownPath = "/" + UUID.randomUUID();

    private volatile RSAKey key;
    private volatile RSAKey foreign;
    private volatile ECKey curve;

    @Override
    public void beforeAll(ExtensionContext context) {
        reset();
        try {
            key = new RSAKeyGenerator(2048).keyID("one").generate();
            foreign = new RSAKeyGenerator(2048).keyID("one").generate();
            curve = new ECKeyGenerator(Curve.P_256).keyID("curve").generate();
            server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 100);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/", this::handle);
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        server.stop(0);
    }

    /// Everything right again.
    public void reset() {
        signing = Signing.RS256;
        fault = Fault.NONE;
        metadata = UnaryOperator.identity();
        tokenAnswer = UnaryOperator.identity();
        userInfo = Map.of();
        path = ownPath;
    }

    public String origin() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public String issuer() {
        return origin() + path;
    }

    /// As an organisation would configure it.
    ///
    /// @param profile as `generic`
    public Map<String, Object> configuration(String profile, String... domains) {
        return Map.of("name", "Example", "profile", profile, "issuer", issuer(), "client_id",
            "roster-" + UUID.randomUUID(),
            "client_secret", OpenId.SECRET, "domains", List.of(domains));
    }

    /// Configures this provider, for `acme.test`.
    ///
    /// @param more names of members and their values, one after the other
    /// @return its id
    public String configured(TestOrg org, String profile, Object... more) {
        var attributes = configuration(profile, "acme.test");
        for (int i = 0; i < more.length; i += 2) {
            attributes = OpenId.with(attributes, more[i].toString(), more[i + 1]);
        }
        return OpenId.configured(org, attributes);
    }

    /// New keys in the place of the old ones.
    public void rotate(String id) {
        try {
            key = new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        var asked = exchange.getRequestURI().getPath().substring(path.length());
        var form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        switch (asked) {
            case "/.well-known/openid-configuration" -> answer(exchange, 200, metadata.apply(ownMetadata()));
            case "/keys" -> {
                keysFetched.incrementAndGet();
                answer(exchange, 200, new JWKSet(List.of(key.toPublicJWK(), curve.toPublicJWK())).toJSONObject());
            }
            case "/token" -> token(exchange, form);
            case "/userinfo" -> answer(exchange, 200, userInfo);
            default -> answer(exchange, 404, Map.of());
        }
    }

    private Map<String, Object> ownMetadata() {
        var all = new LinkedHashMap<String, Object>();
        all.put("issuer", issuer());
        all.put("authorization_endpoint", issuer() + "/authorize");
        all.put("token_endpoint", issuer() + "/token");
        all.put("jwks_uri", issuer() + "/keys");
        all.put("userinfo_endpoint", userInfo.isEmpty() ? null : issuer() + "/userinfo");
        all.put("end_session_endpoint", issuer() + "/logout");
        all.put("response_types_supported", List.of("code"));
        all.put("subject_types_supported", List.of("public"));
        all.put("id_token_signing_alg_values_supported", List.of("RS256", "ES256", "PS256"));
        all.values().removeIf(java.util.Objects::isNull);
        return all;
    }

    private void token(HttpExchange exchange, String form) throws IOException {
        tokensAsked.incrementAndGet();
        if (fault != Fault.NONE) {
            faulty(exchange);
            return;
        }
        var sent = URLUtils.parseParameters(form);
        var request = codes.remove(sent.getOrDefault("code", List.of("")).getFirst());
        if (request == null) {
            answer(exchange, 400,
                Map.of("error", "invalid_grant", "error_description", "<script>alert('theirs')</script>"));
            return;
        }
        var verifier = sent.getOrDefault("code_verifier", List.of("")).getFirst();
        if (verifier.isEmpty()
            || !CodeChallenge.compute(CodeChallengeMethod.S256, new CodeVerifier(verifier)).getValue()
                .equals(request.get("code_challenge"))) {
            verifierFaults.add("wrong verifier");
            answer(exchange, 400, Map.of("error", "invalid_grant"));
            return;
        }
        var all = new LinkedHashMap<String, Object>();
        all.put("access_token", "an-access-token");
        all.put("token_type", "Bearer");
        all.put("expires_in", 300);
        all.put("id_token", idToken(request));
        answer(exchange, 200, tokenAnswer.apply(all));
    }

    /// The connection stays open until the other side leaves it, or the test ends.
    private void faulty(HttpExchange exchange) throws IOException {
        switch (fault) {
            case SILENT -> Thread.currentThread().setName("silent"); // no answer, and the connection stays open
            case HUGE -> {
                exchange.sendResponseHeaders(200, 0);
                var out = exchange.getResponseBody();
                for (int i = 0; i < 1000; i++) {
                    out.write(new byte[10_000]);
                }
                exchange.close();
            }
            case TRICKLE -> {
                exchange.sendResponseHeaders(200, 0);
                for (int i = 0; i < 60; i++) {
                    exchange.getResponseBody().write(' ');
                    exchange.getResponseBody().flush();
                    LockSupport.parkNanos(1_000_000_000L);
                }
                exchange.close();
            }
            case ERROR -> answer(exchange, 500, Map.of("error", "server_error"));
            case NO_JSON -> {
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write("[".repeat(200_000).getBytes(StandardCharsets.US_ASCII));
                exchange.close();
            }
            case NONE -> throw new IllegalStateException("no fault");
        }
    }

    private String idToken(Map<String, String> request) {
        var claims = new LinkedHashMap<String, Object>();
        var now = Instant.now().getEpochSecond();
        claims.put("iss", issuer());
        claims.put("aud", request.get("client_id"));
        claims.put("nonce", request.get("nonce"));
        claims.put("iat", now);
        claims.put("exp", now + 300);
        return signed(claimsOf.get(request.get("state")).apply(claims));
    }

    /// A token of this provider.
    public String signed(Map<String, Object> claims) {
        return signed(claims, JOSEObjectType.JWT);
    }

    public String signed(Map<String, Object> claims, JOSEObjectType type) {
        try {
            var set = set(claims);
            return switch (signing) {
                case RS256 -> signed(header(JWSAlgorithm.RS256, key.getKeyID(), type), set, new RSASSASigner(key));
                case PS256 -> signed(header(JWSAlgorithm.PS256, key.getKeyID(), type), set, new RSASSASigner(key));
                case RS512 -> signed(header(JWSAlgorithm.RS512, key.getKeyID(), type), set, new RSASSASigner(key));
                case ES256 -> signed(header(JWSAlgorithm.ES256, "curve", type), set, new ECDSASigner(curve));
                case NONE -> new PlainJWT(set).serialize();
                case HS256_PUBLIC_KEY -> signed(header(JWSAlgorithm.HS256, key.getKeyID(), type), set,
                    new MACSigner(key.toRSAPublicKey().getEncoded()));
                case OTHER_KEY_SAME_ID -> signed(header(JWSAlgorithm.RS256, key.getKeyID(), type), set,
                    new RSASSASigner(foreign));
                case KEY_IN_HEADER -> signed(new JWSHeader.Builder(JWSAlgorithm.RS256).type(type)
                    .jwk(foreign.toPublicJWK()).keyID("one").build(), set, new RSASSASigner(foreign));
            };
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JWSHeader header(JWSAlgorithm algorithm, String id, JOSEObjectType type) {
        return new JWSHeader.Builder(algorithm).keyID(id).type(type).build();
    }

    private static JWTClaimsSet set(Map<String, Object> claims) {
        var set = new JWTClaimsSet.Builder();
        claims.forEach((name, value) -> set.claim(name, List.of("iat", "exp", "nbf").contains(name)
            && value instanceof Long seconds ? Date.from(Instant.ofEpochSecond(seconds)) : value));
        return set.build();
    }

    private static String signed(JWSHeader header, JWTClaimsSet claims, JWSSigner signer) throws JOSEException {
        var token = new SignedJWT(header, claims);
        token.sign(signer);
        return token.serialize();
    }

    private static void answer(HttpExchange exchange, int status, Map<String, Object> body) throws IOException {
        var bytes = Json.bytes(body);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /// What a browser was sent here with.
    public static Map<String, String> asked(String location) {
        var all = new LinkedHashMap<String, String>();
        URLUtils.parseParameters(URI.create(location).getRawQuery())
            .forEach((name, values) -> all.put(name, values.getFirst()));
        return all;
    }

    /// The user signs in here: where the browser goes back to, with a code for a token that has these claims.
    ///
    /// @param claims of the token besides those that each has; the whole may be changed
    public String back(String location, UnaryOperator<Map<String, Object>> claims) {
        var request = asked(location);
        var code = UUID.randomUUID().toString();
        codes.put(code, request);
        claimsOf.put(request.get("state"), claims);
        return "%s?code=%s&state=%s".formatted(URI.create(request.get("redirect_uri")).getPath(), code,
            URLEncoder.encode(request.get("state"), StandardCharsets.UTF_8));
    }

    /// A person here.
    public static UnaryOperator<Map<String, Object>> person(String subject, String email, Object verified) {
        return claims -> {
            claims.put("sub", subject);
            if (email != null) {
                claims.put("email", email);
            }
            if (verified != null) {
                claims.put("email_verified", verified);
            }
            return claims;
        };
    }

    /// A browser begins to sign in with a provider.
    ///
    /// @return where it is sent
    public static String begin(BrowserUser browser, String provider) {
        return begun(browser, provider).header("Location").orElseThrow();
    }

    public static Answer begun(BrowserUser browser, String provider) {
        return browser.submit("/sign-in/with/" + provider, "/sign-in/with/" + provider, Map.of());
    }

    /// A browser signs in with a provider of ours, as far as Roster lets it.
    public Answer signIn(BrowserUser browser, String provider, UnaryOperator<Map<String, Object>> claims) {
        return browser.get(back(begin(browser, provider), claims));
    }
}
