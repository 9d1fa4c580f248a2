package roster.core.identity;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import roster.base.db.Database;
import roster.base.secret.Secrets;
import roster.base.work.Stop;
import roster.base.work.Wake;
import roster.base.work.Worker;
import roster.core.session.Sessions;
import roster.core.signin.Guesses;
import roster.core.signin.PasswordSignIn.Visitor;

/// Ends sessions when their provider says so: OpenID Connect Back-Channel Logout 1.0. The SQL of `spent_tokens`.
public final class Logouts {
    private static final int ASKED_MAX = 600;
    private static final Duration WINDOW = Duration.ofMinutes(15);

    /// How long a token is kept as used: longer than one is good.
    private static final Duration SPENT = Duration.ofMinutes(30);
    private static final Duration SWEPT_EVERY = Duration.ofMinutes(10);

    private static final Logger LOG = LoggerFactory.getLogger(Logouts.class);

    private final Database db;
    private final UsableProviders providers;
    private final Discovery discovery;
    private final Identities identities;
    private final Sessions sessions;
    private final Guesses guesses;
    private final InstantSource clock;

    Logouts(Database db, UsableProviders providers, Discovery discovery, Identities identities, Sessions sessions,
        Guesses guesses, InstantSource clock) {
        this.db = db;
        this.providers = providers;
        this.discovery = discovery;
        this.identities = identities;
        this.sessions = sessions;
        this.guesses = guesses;
        this.clock = clock;
    }

    /// What came of a token.
    public enum Outcome {
        /// The sessions that it names have ended, if there were any.
        DONE,
        /// It is not good.
        REFUSED, TOO_MANY
    }

    /// Ends the session at the provider that a token names or, without one, all of the identity.
    ///
    /// @param id of the provider, as it was sent
    /// @param token as it was sent
    public Outcome receive(String id, String token, Visitor visitor) {
        if (!guesses.take("logouts from " + Guesses.narrow(visitor.address()), ASKED_MAX, WINDOW)) {
            return Outcome.TOO_MANY;
        }
        var provider = db.read(tx -> providers.named(tx, id, Optional.empty()));
        if (provider.isEmpty() || token.isEmpty() || token.length() > SignedTokens.TOKEN_MAX) {
            return Outcome.REFUSED;
        }
        try {
            var claims = SignedTokens.logoutToken(SignedJWT.parse(token), provider.get(),
                discovery.of(provider.get()), clock.instant());
            end(provider.get(), claims, visitor);
            return Outcome.DONE;
        } catch (OpenIdFault | ParseException e) {
            LOG.atWarn().addKeyValue("org", provider.get().org()).addKeyValue("provider", id)
                .addKeyValue("request_id", visitor.requestId()).log("A logout token is refused: {}",
                    e instanceof OpenIdFault ? e.getMessage() : "no signed token");
            return Outcome.REFUSED;
        }
    }

    private void end(Provider provider, JWTClaimsSet claims, Visitor visitor) throws OpenIdFault {
        var sid = Optional.ofNullable(claims.getClaim("sid")).map(Object::toString);
        var subject = Optional.ofNullable(claims.getSubject());
        var digest = Secrets.digest("%s %s".formatted(provider.id(), claims.getJWTID()));
        if (!spend(digest, claims.getExpirationTime().toInstant())) {
            throw new OpenIdFault("logout token: was used before");
        }
        var org = provider.org();
        var known = db.read(tx -> subject.flatMap(one -> identities.find(tx, org, provider.id().value(),
            provider.client().issuer(), one)));
        if (subject.isPresent() && known.isEmpty()) {
            return;
        }
        try {
            db.write(visitor.at(org),
                tx -> known.isPresent() ? sessions.endIdentity(tx, known.get().id(), sid, "provider_logout")
                    : sessions.endAtProvider(tx, provider.id().value(), sid.orElseThrow(), "provider_logout"));
        } catch (RuntimeException e) { // the provider may send it again
            db.note(tx -> tx.update("DELETE FROM spent_tokens WHERE digest = ?", digest));
            throw e;
        }
    }

    private boolean spend(byte[] digest, Instant expiresAt) {
        return db.note(tx -> tx.update("""
            INSERT INTO spent_tokens (digest, expires_at)
            VALUES (?, greatest(?::timestamptz, roster_now() + interval '1 second' * ?)) ON CONFLICT DO NOTHING
            """, digest, expiresAt, SPENT.toSeconds())) > 0;
    }

    Worker worker() {
        return new Worker("spent-token-sweep", "Forgets logout tokens of providers that are too old to be used again.",
            Wake.every(SWEPT_EVERY), this::sweep);
    }

    private void sweep(Stop stop) {
        db.note(tx -> tx.update("DELETE FROM spent_tokens WHERE expires_at <= roster_now()"));
    }
}
