package roster.core.factor;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.webauthn4j.WebAuthnManager;
import com.webauthn4j.converter.AttestedCredentialDataConverter;
import com.webauthn4j.converter.util.ObjectConverter;
import com.webauthn4j.credential.CredentialRecordImpl;
import com.webauthn4j.data.AuthenticationData;
import com.webauthn4j.data.AuthenticationParameters;
import com.webauthn4j.data.AuthenticatorTransport;
import com.webauthn4j.data.PublicKeyCredentialParameters;
import com.webauthn4j.data.PublicKeyCredentialType;
import com.webauthn4j.data.RegistrationParameters;
import com.webauthn4j.data.attestation.authenticator.AttestedCredentialData;
import com.webauthn4j.data.attestation.statement.COSEAlgorithmIdentifier;
import com.webauthn4j.data.attestation.statement.NoneAttestationStatement;
import com.webauthn4j.data.client.CollectedClientData;
import com.webauthn4j.data.client.Origin;
import com.webauthn4j.data.client.challenge.DefaultChallenge;
import com.webauthn4j.server.ServerProperty;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import roster.base.db.Database;
import roster.base.db.NoteTx;
import roster.base.db.Tx;
import roster.base.json.Json;
import roster.base.secret.Purpose;
import roster.base.secret.Secrets;
import roster.base.source.Randomness;
import roster.core.factor.Passkey.New;
import roster.core.factor.Passkey.Signed;
import roster.model.User;

/// What browsers are asked to do with passkeys, and whether what they answer is right (WebAuthn level 3). A challenge works
/// once, for five minutes, in the browser and for the purpose that it was made for; it is in no table before it is used.
public final class Ceremonies {
    private static final Duration LIFE = Duration.ofMinutes(5);
    private static final int CHALLENGE_BYTES = 32;
    private static final int TRANSPORTS_MAX = 10;
    private static final int KEYS_KEPT = 10_000;
    private static final String TYPE = "public-key";

    /// ES256, RS256 and EdDSA: what all devices make one of.
    private static final List<COSEAlgorithmIdentifier> ALGORITHMS = List.of(COSEAlgorithmIdentifier.ES256,
        COSEAlgorithmIdentifier.RS256, COSEAlgorithmIdentifier.EdDSA);

    private static final Logger LOG = LoggerFactory.getLogger(Ceremonies.class);

    private final Database db;
    private final Passkeys passkeys;
    private final Purpose challenges;
    private final Randomness randomness;
    private final ObjectConverter converter = new ObjectConverter();
    private final WebAuthnManager webAuthn = WebAuthnManager.createNonStrictWebAuthnManager(converter);
    private final AttestedCredentialDataConverter keys = new AttestedCredentialDataConverter(converter);

    /// Keys as they are stored, and what the library makes of them: it takes more than half as long as checking a signature.
    private final Cache<ByteBuffer, AttestedCredentialData> converted =
        Caffeine.newBuilder().maximumSize(KEYS_KEPT).build();

    Ceremonies(Database db, Passkeys passkeys, Secrets secrets, Randomness randomness) {
        this.db = db;
        this.passkeys = passkeys;
        this.challenges = secrets.purpose("passkey challenges");
        this.randomness = randomness;
    }

    /// Where passkeys are good: one origin.
    ///
    /// @param id the host
    /// @param origin scheme, host and port
    public record RelyingParty(String id, String origin) {}

    /// What a page asks a browser for.
    ///
    /// @param options of `navigator.credentials`, in JSON
    /// @param sealed challenge, for the form
    public record Asked(String options, String sealed) {}

    /// A challenge that came back.
    ///
    /// @param handle of the user whose passkey is to be made; none: one is to be shown
    private record Challenge(Instant until, byte[] bytes, Optional<byte[]> handle) {}

    /// Asks for a new passkey of a user.
    ///
    /// @param bound what the page is bound to
    public Asked make(RelyingParty site, User user, String bound) {
        var existing = db.read(tx -> passkeys.of(tx, user));
        var handle = existing.stream().findFirst().map(Passkey::handle)
            .orElseGet(() -> randomness.bytes(CHALLENGE_BYTES));
        var challenge = randomness.bytes(CHALLENGE_BYTES);
        var options = new LinkedHashMap<String, Object>();
        options.put("rp", Map.of("id", site.id(), "name", "Roster"));
        options.put("user", Map.of("id", text(handle), "name", user.email(), "displayName",
            user.name().orElse(user.email())));
        options.put("challenge", text(challenge));
        options.put("pubKeyCredParams",
            ALGORITHMS.stream().map(one -> Map.of("type", TYPE, "alg", one.getValue())).toList());
        options.put("timeout", LIFE.toMillis());
        options.put("excludeCredentials", named(existing));
        options.put("authenticatorSelection", Map.of("residentKey", "required", "requireResidentKey", true,
            "userVerification", "required"));
        options.put("attestation", "none");
        return asked(options, challenge, Optional.of(handle), bound);
    }

    public boolean hasAny(Tx tx, User user) {
        return !passkeys.of(tx, user).isEmpty();
    }

    /// Asks for a passkey of a user, or of anyone who has one here.
    ///
    /// @param user none: the device knows
    /// @param bound what the page is bound to
    public Asked show(RelyingParty site, Optional<User> user, String bound) {
        var challenge = randomness.bytes(CHALLENGE_BYTES);
        var options = new LinkedHashMap<String, Object>();
        options.put("rpId", site.id());
        options.put("challenge", text(challenge));
        options.put("timeout", LIFE.toMillis());
        options.put("userVerification", "required");
        options.put("allowCredentials",
            user.map(one -> named(db.read(tx -> passkeys.of(tx, one)))).orElse(List.of()));
        return asked(options, challenge, Optional.empty(), bound);
    }

    private static List<Map<String, Object>> named(List<Passkey> all) {
        return all.stream().map(one -> Map.<String, Object>of("type", TYPE, "id", text(one.credential()), "transports",
            one.transports())).toList();
    }

    private Asked asked(Map<String, Object> options, byte[] challenge, Optional<byte[]> handle, String bound) {
        var until = db.read(tx -> tx.databaseTime()).plus(LIFE);
        var sealed = challenges.seal("%d %s %s %s".formatted(until.getEpochSecond(), text(challenge),
            handle.map(Ceremonies::text).orElse("-"), bound).getBytes(StandardCharsets.UTF_8));
        return new Asked(new String(Json.bytes(options), StandardCharsets.UTF_8), sealed);
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private Optional<Challenge> opened(String sealed, String bound) {
        return challenges.open(sealed).map(bytes -> new String(bytes, StandardCharsets.UTF_8).split(" ", 4))
            .filter(parts -> parts[3].equals(bound))
            .map(parts -> new Challenge(Instant.ofEpochSecond(Long.parseLong(parts[0])),
                Base64.getUrlDecoder().decode(parts[1]),
                parts[2].equals("-") ? Optional.empty() : Optional.of(Base64.getUrlDecoder().decode(parts[2]))));
    }

    /// Takes a challenge back, which can be done once and before it expires: notes among the sign-ins under way that it was
    /// used, until it has expired anyway.
    ///
    /// @return whether it was good
    private static Supplier<Boolean> take(NoteTx tx, Challenge challenge) {
        var taken = tx.laterOptional(row -> true, """
            INSERT INTO sign_in_flows (digest, content, expires_at)
            SELECT ?, '', roster_now() + ? * interval '1 second' WHERE ? > roster_now() ON CONFLICT (digest) DO NOTHING
            RETURNING true AS taken
            """, Secrets.digest("challenge " + text(challenge.bytes())), 2 * LIFE.toSeconds(), challenge.until());
        return () -> taken.get().isPresent();
    }

    /// A passkey that was made.
    ///
    /// @param handle of the user
    public record Made(New passkey, byte[] handle) {
        @Override
        public String toString() {
            return "Made";
        }
    }

    /// The passkey that a browser says was made.
    ///
    /// @param answer as the browser sent it, in JSON
    /// @return none if it is not right
    public Optional<Made> made(RelyingParty site, String sealed, String bound, String answer) {
        return opened(sealed, bound).filter(challenge -> db.note(tx -> take(tx, challenge).get()))
            .filter(challenge -> challenge.handle().isPresent())
            .flatMap(challenge -> checked("registration", () -> made(site, challenge, answer)));
    }

    private Made made(RelyingParty site, Challenge challenge, String answer) {
        var data = webAuthn.parseRegistrationResponseJSON(answer);
        webAuthn.verify(data, new RegistrationParameters(expected(site, challenge), ALGORITHMS.stream()
            .map(one -> new PublicKeyCredentialParameters(PublicKeyCredentialType.PUBLIC_KEY, one)).toList(), true,
            true));
        mustBeOwnFrame(data.getCollectedClientData());
        var device = data.getAttestationObject().getAuthenticatorData();
        var credential = device.getAttestedCredentialData();
        var transports = data.getTransports();
        return new Made(new New(credential.getCredentialId(), keys.convert(credential),
            credential.getAaguid().getValue(), transports == null ? List.of()
                : transports.stream().map(AuthenticatorTransport::getValue).limit(TRANSPORTS_MAX).toList(),
            device.isFlagBS(), device.getSignCount()), challenge.handle().orElseThrow());
    }

    /// The passkey by which a browser says a challenge was signed.
    ///
    /// @param answer as the browser sent it, in JSON
    /// @param named whether the browser was told whose passkeys to use; else it must say whose it is
    /// @return none if it is not right, or there is no such passkey
    public Optional<Signed> signed(RelyingParty site, String sealed, String bound, String answer, boolean named) {
        var challenge = opened(sealed, bound);
        if (challenge.isEmpty()) {
            return Optional.empty();
        }
        var sent = checked("authentication", () -> webAuthn.parseAuthenticationResponseJSON(answer));
        return taken(challenge.get(), sent).filter(_ -> challenge.get().handle().isEmpty())
            .filter(passkey -> owns(passkey, sent.orElseThrow().getUserHandle(), named)).flatMap(
                passkey -> checked("authentication", () -> signed(site, challenge.get(), sent.orElseThrow(), passkey)));
    }

    /// Takes a challenge back, whatever was sent with it, and finds the passkey in the same transaction.
    private Optional<Passkey> taken(Challenge challenge, Optional<AuthenticationData> sent) {
        return db.noteBeforeWrite(tx -> {
            var passkey = sent.map(data -> passkeys.findLater(tx, data.getCredentialId()));
            var taken = take(tx, challenge);
            return () -> taken.get() ? passkey.flatMap(Supplier::get) : Optional.empty();
        });
    }

    private Signed signed(RelyingParty site, Challenge challenge, AuthenticationData data, Passkey passkey) {
        var credential = new CredentialRecordImpl(new NoneAttestationStatement(), null, null, null, 0,
            converted.get(ByteBuffer.wrap(passkey.key()), key -> keys.convert(key.array())), null, null, null, null);
        webAuthn.verify(data, new AuthenticationParameters(expected(site, challenge), credential, null, true, true));
        mustBeOwnFrame(data.getCollectedClientData());
        return new Signed(passkey.org(), passkey.user(), passkey.id(), data.getAuthenticatorData().getSignCount());
    }

    private static boolean owns(Passkey passkey, byte[] handle, boolean named) {
        return handle == null || handle.length == 0 ? named : Arrays.equals(handle, passkey.handle());
    }

    private static ServerProperty expected(RelyingParty site, Challenge challenge) {
        return ServerProperty.builder().origin(new Origin(site.origin())).rpId(site.id())
            .challenge(new DefaultChallenge(challenge.bytes())).build();
    }

    private static void mustBeOwnFrame(CollectedClientData data) {
        if (Boolean.TRUE.equals(data.getCrossOrigin())) {
            throw new IllegalArgumentException("in a frame of another origin");
        }
    }

    /// What the library makes of what a browser sent. It says in many ways that something is not right, and strangers may send
    /// anything; what was wrong is in the log, without what was sent.
    private static <T> Optional<T> checked(String what, Supplier<T> work) {
        try {
            return Optional.of(work.get());
        } catch (RuntimeException e) {
            LOG.atInfo().addKeyValue("why", e.getClass().getSimpleName()).log("A passkey's {} was not right", what);
            return Optional.empty();
        }
    }
}
