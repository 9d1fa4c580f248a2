package roster.core.identity;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.SecurityContext;
import java.io.IOException;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;
import roster.base.net.Outward;

/// The keys of a provider. They are kept for 15 minutes and fetched anew shortly before; a token with an unknown key has them
/// fetched at once, but not more than once in 30 s. While the provider cannot be reached, the last ones serve for 4 h.
final class ProviderKeys implements JWKSetSource<SecurityContext> {
    /// How long keys serve whose provider cannot be reached.
    static final Duration OUTAGE = Duration.ofHours(4);

    private static final Duration KEPT = Duration.ofMinutes(15);
    private static final Duration AHEAD = Duration.ofMinutes(3);
    private static final Duration WAIT = Duration.ofSeconds(15);
    private static final Duration BETWEEN_UNKNOWN = Duration.ofSeconds(30);

    /// After a fetch that failed.
    private static final Duration BETWEEN_FAILED = Duration.ofSeconds(2);

    /// Threads of its own would stay for each provider.
    private static final ExecutorService AHEAD_THREADS = Executors.newVirtualThreadPerTaskExecutor();

    private final URI url;
    private final Outward outward;
    private final LongSupplier nanos;
    private long notBefore;

    private ProviderKeys(URI url, Outward outward, LongSupplier nanos) {
        this.url = url;
        this.outward = outward;
        this.nanos = nanos;
        notBefore = nanos.getAsLong();
    }

    static JWKSource<SecurityContext> source(URI url, Outward outward, LongSupplier nanos) {
        return JWKSourceBuilder.create(new ProviderKeys(url, outward, nanos))
            .cache(KEPT.toMillis(), WAIT.toMillis())
            .refreshAheadCache(AHEAD.toMillis(), null, AHEAD_THREADS, false, null, false)
            .rateLimited(false).outageTolerant(OUTAGE.toMillis()).build();
    }

    /// The limit of the library would count the first fetch too, so that keys that change soon after would be unknown for long.
    @Override
    public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator refresh, long now, SecurityContext context)
        throws KeySourceException {
        take(!JWKSetCacheRefreshEvaluator.noRefresh().equals(refresh));
        try {
            var answer = outward.get(url, Map.of("Accept", "application/json"));
            if (answer.status() != 200) {
                throw failed("%s answered %d".formatted(url.getHost(), answer.status()), null);
            }
            return JWKSet.parse(answer.text());
        } catch (Outward.NoAnswer e) {
            throw failed(e.getMessage(), e);
        } catch (ParseException e) {
            throw failed("not a set of keys", e);
        }
    }

    private synchronized void take(boolean unknownKey) throws RateLimitReachedException {
        var now = nanos.getAsLong();
        if (unknownKey && notBefore - now > 0) {
            throw new RateLimitReachedException();
        }
        if (unknownKey) {
            notBefore = now + BETWEEN_UNKNOWN.toNanos();
        }
    }

    private synchronized JWKSetUnavailableException failed(String why, Exception cause) {
        notBefore = Math.max(notBefore, nanos.getAsLong() + BETWEEN_FAILED.toNanos());
        return new JWKSetUnavailableException("keys: " + why, cause);
    }

    @Override
    public void close() throws IOException {
        // Nothing of its own is open.
    }
}
