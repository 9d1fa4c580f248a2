package roster.core.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import roster.base.net.Outward;
import roster.base.net.Outward.NoAnswer;
import roster.base.net.OutwardAddresses;
import roster.base.work.Signal;
import roster.base.work.Stop;
import roster.base.work.Wake;
import roster.base.work.Worker;

/// What providers say of themselves, kept for an hour: where things are, and by which keys they sign. The library reads any
/// metadata; that they are the issuer's own, and lead to addresses that may be called, is checked here.
final class Discovery {
    /// How tokens may be signed.
    static final Set<JWSAlgorithm> ALGORITHMS =
        Set.of(JWSAlgorithm.RS256, JWSAlgorithm.PS256, JWSAlgorithm.ES256, JWSAlgorithm.ES384, JWSAlgorithm.EdDSA);

    private static final Duration KEPT = Duration.ofHours(1);
    private static final int PROVIDERS_MAX = 1000;
    private static final Duration IDLE = Duration.ofMinutes(1);
    private static final int AT_ONCE = 4;

    private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);

    /// @param issuer a provider whose issuer is another is another provider, but rows may be put in by hand
    private record Key(UUID provider, String issuer) {}

    /// @param algorithms those of ours that the provider advertises
    /// @param names whether it says in its answer who it is
    record Found(URI authorization, URI token, Optional<URI> userInfo, Optional<URI> endSession,
        Set<JWSAlgorithm> algorithms, boolean names, JWKSource<SecurityContext> keys) {}

    private final Outward outward;
    private final OutwardAddresses reachable;
    private final LongSupplier nanos;
    private final Cache<Key, Found> found;

    /// Where users were sent last, also after the rest is to be fetched anew: pages name it before anything is fetched.
    private final Cache<Key, URI> authorizations = Caffeine.newBuilder().maximumSize(PROVIDERS_MAX).build();
    private final Cache<URI, JWKSource<SecurityContext>> keys;

    /// Providers that a page showed, each at most once a minute.
    private final Cache<Key, Provider> asked;
    private final BlockingQueue<Provider> wanted = new ArrayBlockingQueue<>(PROVIDERS_MAX);
    private final Signal signal = new Signal();

    Discovery(Outward outward, OutwardAddresses reachable, LongSupplier nanos) {
        this.outward = outward;
        this.reachable = reachable;
        this.nanos = nanos;
        Ticker ticker = nanos::getAsLong;
        found = Caffeine.newBuilder().ticker(ticker).expireAfterWrite(KEPT).maximumSize(PROVIDERS_MAX).build();
        asked = Caffeine.newBuilder().ticker(ticker).expireAfterWrite(IDLE).maximumSize(PROVIDERS_MAX).build();
        keys = Caffeine.newBuilder().ticker(ticker).expireAfterAccess(ProviderKeys.OUTAGE).maximumSize(PROVIDERS_MAX)
            .build();
    }

    /// @throws OpenIdFault if the metadata are not to be had, or not good
    Found of(Provider provider) throws OpenIdFault {
        var key = new Key(provider.id().value(), provider.client().issuer());
        var known = found.getIfPresent(key);
        if (known == null) { // several at once may ask; the last one stays
            known = fetched(provider.client().issuer());
            found.put(key, known);
            authorizations.put(key, known.authorization());
        }
        return known;
    }

    /// Where users of a provider are sent, as far as it is known without asking the provider, which a worker does then.
    Optional<URI> authorizationIfKnown(Provider provider) {
        var key = new Key(provider.id().value(), provider.client().issuer());
        var known = Optional.ofNullable(authorizations.getIfPresent(key));
        if (found.getIfPresent(key) == null && asked.asMap().putIfAbsent(key, provider) == null) {
            wanted.offer(provider);
            signal.ring();
        }
        return known;
    }

    Worker worker() {
        return new Worker("provider-metadata", "Asks OpenID providers that a page shows where they send users.",
            Wake.on(signal, "a page with a provider that is not known yet", IDLE), AT_ONCE, this::learn,
            Optional.empty());
    }

    private void learn(Stop stop) {
        for (var one = wanted.poll(); one != null && !stop.requested(); one = wanted.poll()) {
            try {
                of(one);
            } catch (OpenIdFault e) { // a sign-in tells
                LOG.debug("The metadata of provider {} are not to be had: {}", one.id(), e.getMessage());
            }
        }
    }

    /// The same, asked for anew.
    Found fetched(String issuer) throws OpenIdFault {
        var url = URI.create(issuer.replaceFirst("/$", "") + "/.well-known/openid-configuration");
        try {
            var answer = outward.get(url, Map.of("Accept", "application/json"));
            if (answer.status() != 200) {
                throw new OpenIdFault("metadata: %s answered %d".formatted(url.getHost(), answer.status()));
            }
            return read(issuer, OIDCProviderMetadata.parse(answer.text()));
        } catch (NoAnswer e) {
            throw new OpenIdFault("metadata: " + e.getMessage(), e);
        } catch (ParseException e) {
            throw new OpenIdFault("metadata: not those of an OpenID provider", e);
        }
    }

    private Found read(String issuer, OIDCProviderMetadata metadata) throws OpenIdFault {
        if (!metadata.getIssuer().getValue().equals(issuer)) {
            throw new OpenIdFault("metadata: of another issuer");
        }
        var advertised = Optional.ofNullable(metadata.getIDTokenJWSAlgs()).orElse(List.of());
        var algorithms = advertised.stream().map(one -> one.equals(JWSAlgorithm.Ed25519) ? JWSAlgorithm.EdDSA : one)
            .filter(ALGORITHMS::contains).collect(Collectors.toUnmodifiableSet());
        if (algorithms.isEmpty()) {
            throw new OpenIdFault("metadata: tokens are signed by no algorithm that is accepted");
        }
        return new Found(checked("authorization_endpoint", metadata.getAuthorizationEndpointURI()),
            checked("token_endpoint", metadata.getTokenEndpointURI()),
            checkedIfThere("userinfo_endpoint", metadata.getUserInfoEndpointURI()),
            checkedIfThere("end_session_endpoint", metadata.getEndSessionEndpointURI()), algorithms,
            metadata.supportsAuthorizationResponseIssuerParam(),
            keys(checked("jwks_uri", metadata.getJWKSetURI())));
    }

    private JWKSource<SecurityContext> keys(URI url) {
        return keys.get(url, one -> ProviderKeys.source(one, outward, nanos));
    }

    private URI checked(String name, URI url) throws OpenIdFault {
        if (url == null) {
            throw new OpenIdFault("metadata: no " + name);
        }
        var fault = reachable.fault(url);
        if (fault.isPresent()) {
            throw new OpenIdFault("metadata: %s: %s".formatted(name, fault.get()));
        }
        return url;
    }

    private Optional<URI> checkedIfThere(String name, URI url) throws OpenIdFault {
        return url == null ? Optional.empty() : Optional.of(checked(name, url));
    }
}
