package roster.core.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import roster.base.db.Database;
import roster.base.db.Tx;
import roster.base.fair.OnBehalf;
import roster.base.net.Network;
import roster.base.secret.Secrets;
import roster.base.work.RateLimit;
import roster.core.access.Resolver.Found;
import roster.core.permission.Catalogue;
import roster.model.Caller;
import roster.model.Caller.Credentials;
import roster.model.Caller.Needed;
import roster.model.Permission;
import roster.model.Problem.BadKeys;
import roster.model.Problem.Forbidden;
import roster.model.Problem.StepMissing;
import roster.model.Problem.TooManyRequests;
import roster.model.Refused;
import roster.model.SecondStep;

/// Finds the caller by what a request presents: the only place that decides who sends a request. Remembers the callers it
/// found, limits how many unknown credentials an address may try, and looks again under the lock of a write.
public final class Callers implements Database.Admission {
    private static final int KNOWN_MAX = 10_000;

    /// The longest time for which a token that expires is remembered: after it, the clock of the database is asked again,
    /// which may have been set meanwhile.
    private static final Duration REMEMBERED_MAX = Duration.ofMinutes(1);

    private final Database db;
    private final Rights rights;
    private final LastUse lastUse;
    private final Optional<RateLimit> unknownPerAddress;
    private final LongSupplier nanos;
    private final ApiKeyResolver apiKeys = new ApiKeyResolver();
    private final KeyPairResolver keyPairs = new KeyPairResolver();
    private final ApplicationKeyResolver applicationKeys = new ApplicationKeyResolver();
    private final TokenResolver tokens = new TokenResolver();
    private final SessionResolver sessions;

    // Callers by the digest of what they presented, valid as long as their organisation has the version and stamp at
    // which they were read; after that they are looked up again. Unknown digests are never remembered, but look-ups of
    // the same one at the same time are one look-up, and their number for each address is limited.
    private final Cache<ByteBuffer, Known> known = Caffeine.newBuilder().maximumSize(KNOWN_MAX).build();
    private final ConcurrentHashMap<ByteBuffer, CompletableFuture<Optional<Known>>> underWay =
        new ConcurrentHashMap<>();

    /// A caller that was found.
    ///
    /// @param untilNanos when they must be looked up again; empty if what they presented does not expire
    /// @param unseen whether their use is to be written down at once
    private record Known(Caller caller, OptionalLong untilNanos, boolean unseen) {}

    /// @param unknownPerAddress how many unknown credentials an address may try in a period; none: no limit
    /// @param nanos of a clock that cannot be set
    public Callers(Database db, Rights rights, Optional<RateLimit> unknownPerAddress, LastUse lastUse,
        SessionTimes times, LongSupplier nanos) {
        this.sessions = new SessionResolver(times);
        this.nanos = nanos;
        this.lastUse = lastUse;
        this.db = db;
        this.rights = rights;
        this.unknownPerAddress = unknownPerAddress;
    }

    /// The caller who presents this.
    ///
    /// @throws Refused with BadKeys or TooManyRequests
    public Caller admit(Presented presented, Origin origin) {
        var digest = digest(presented);
        Supplier<Optional<Known>> lookup = () -> noted(db.read(tx -> find(tx, presented, origin)));
        var remembered = known.getIfPresent(digest);
        if (remembered != null) {
            var now = still(remembered).or(() -> OnBehalf.of(remembered.caller().org(), lookup));
            if (now.isEmpty()) {
                known.invalidate(digest);
                throw new Refused(new BadKeys());
            }
            if (!now.get().equals(remembered)) {
                known.put(digest, now.get());
            }
            var caller = now.get().caller();
            lastUse.mark(caller);
            return caller.asking(origin.requestId(), Optional.of(Network.text(origin.address())));
        }
        unknownStanding(origin.address()).filter(standing -> !standing.allowed()).ifPresent(standing -> {
            throw new Refused(new TooManyRequests(standing.resetSeconds()));
        });
        var found = shared(digest, lookup);
        if (found.isEmpty()) {
            unknownPerAddress.ifPresent(limit -> limit.take(origin.address()));
            throw new Refused(new BadKeys());
        }
        known.put(digest, found.get());
        lastUse.mark(found.get().caller());
        return found.get().caller();
    }

    /// The caller of a session, found without using it: a page that is open asks so whether it still runs. A session that is used
    /// meanwhile is found as by [#admit].
    ///
    /// @throws Refused with BadKeys or TooManyRequests
    public Caller look(Presented.Session presented, Origin origin) {
        unknownStanding(origin.address()).filter(standing -> !standing.allowed()).ifPresent(standing -> {
            throw new Refused(new TooManyRequests(standing.resetSeconds()));
        });
        var remembered = known.getIfPresent(digest(presented));
        if (remembered != null && lastUse.isMarked(remembered.caller())) {
            return admit(presented, origin);
        }
        return db.read(tx -> find(tx, presented, origin)).map(Known::caller).orElseThrow(() -> {
            unknownPerAddress.ifPresent(limit -> limit.take(origin.address()));
            return new Refused(new BadKeys());
        });
    }

    /// How many unknown credentials an address has tried, and may still try.
    public Optional<RateLimit.Standing> unknownStanding(InetAddress address) {
        return unknownPerAddress.map(limit -> limit.look(address));
    }

    /// With the kind: what is good as one kind of credentials is not found as another.
    private static ByteBuffer digest(Presented presented) {
        return ByteBuffer.wrap(Secrets.digest(presented + " " + presented.secrets()));
    }

    /// The caller as of now, if their organisation has not changed, or no write since then changed access.
    private Optional<Known> still(Known one) {
        if (one.untilNanos().isPresent() && nanos.getAsLong() - one.untilNanos().getAsLong() >= 0) {
            return Optional.empty();
        }
        var caller = one.caller();
        return db.versions().now(caller.org()).filter(now -> db.keepsAccess(caller, now))
            .map(now -> new Known(caller.at(now.version(), now.stamp()), one.untilNanos(), false));
    }

    /// Does one look-up for all requests that ask for the same unknown digest at the same time. "Unknown" is the answer
    /// for all of them. A caller that was found is the answer only for the request that looked, as the others may have
    /// arrived after a revocation. A look-up that was under way when a request arrived may not know of a key issued
    /// before the request: if it found nothing, the request takes part in the next one.
    private Optional<Known> shared(ByteBuffer digest, Supplier<Optional<Known>> lookup) {
        var mine = new CompletableFuture<Optional<Known>>();
        var earlier = underWay.putIfAbsent(digest, mine);
        if (earlier != null && outcome(earlier).isEmpty()) {
            earlier = underWay.putIfAbsent(digest, mine);
            if (earlier != null && outcome(earlier).isEmpty()) {
                return Optional.empty();
            }
        }
        if (earlier != null) {
            return lookup.get();
        }
        try {
            var found = lookup.get();
            underWay.remove(digest); // first: requests that waited for this one must not find it again
            mine.complete(found);
        } catch (RuntimeException | Error e) {
            underWay.remove(digest);
            mine.completeExceptionally(e);
        }
        return outcome(mine);
    }

    private static Optional<Known> outcome(CompletableFuture<Optional<Known>> lookup) {
        try {
            return lookup.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private Optional<Known> find(Tx tx, Presented presented, Origin origin) {
        var asked = nanos.getAsLong();
        var found = switch (presented) {
            case Presented.ApiKey key -> apiKeys.find(tx, key);
            case Presented.KeyPair pair -> keyPairs.find(tx, pair);
            case Presented.ApplicationKey key -> applicationKeys.find(tx, key);
            case Presented.Token token -> tokens.find(tx, token);
            case Presented.Session session -> sessions.find(tx, session);
        };
        return found.map(one -> new Known(
            caller(tx, one, Needed.NOTHING, origin.requestId(), Optional.of(Network.text(origin.address()))),
            one.expiresAt().stream().mapToLong(at -> asked + remembered(Duration.between(one.askedAt(), at)).toNanos())
                .findFirst(),
            one.unseen()));
    }

    private Optional<Known> noted(Optional<Known> found) {
        found.filter(Known::unseen).ifPresent(one -> lastUse.seen(one.caller()));
        return found;
    }

    @Override
    public Caller again(Tx tx, Caller caller) {
        var found = caller.accessToken().isPresent() ? tokens.again(tx, caller)
            : caller.session().isPresent() ? sessions.again(tx, caller)
            : caller.applicationKey().isEmpty() ? apiKeys.again(tx, caller)
            : caller.apiKey().isPresent() ? keyPairs.again(tx, caller) : applicationKeys.again(tx, caller);
        var now = found
            .map(one -> caller(tx, one, caller.needed(), caller.requestId(), caller.address()))
            .orElseThrow(() -> new Refused(new BadKeys()));
        mustHoldWhatIsNeeded(now);
        if (caller.step() == SecondStep.NONE) { // it was not let in for the very purpose of taking the step
            mustHaveTakenSecondStep(now);
        }
        AllowedNetworks.mustAdmit(tx, now);
        return now;
    }

    /// @throws Refused with Forbidden, naming the first permission that is missing
    public static void mustHoldWhatIsNeeded(Caller caller) {
        caller.needed().missing(caller).ifPresent(missing -> {
            throw new Refused(new Forbidden(missing));
        });
    }

    /// @throws Refused with StepMissing if a second factor is still to be shown or set up in the session
    public static void mustHaveTakenSecondStep(Caller caller) {
        if (caller.step() != SecondStep.NONE) {
            throw new Refused(new StepMissing(caller.step()));
        }
    }

    private Caller caller(Tx tx, Found found, Needed needed, String requestId, Optional<String> address) {
        if (found.user().isEmpty()) {
            return new Caller(Caller.Kind.API_KEY, found.org(), Optional.empty(), "api key",
                credentials(found, SecondStep.NONE), Set.of(), found.version(), found.stamp(), needed, requestId,
                address);
        }
        var user = found.user().get();
        var held = rights.of(tx, found.org(), user.id());
        held.addAll(Catalogue.EVERYONE);
        var step = found.standing().map(standing -> standing.missing(held)).orElse(SecondStep.NONE);
        found.scopes().ifPresent(scopes -> held.retainAll(scopes.stream().map(Permission::new).toList()));
        return new Caller(user.serviceAccount() ? Caller.Kind.SERVICE_ACCOUNT : Caller.Kind.USER, found.org(),
            Optional.of(user.id()), user.handle(), credentials(found, step), Set.copyOf(held), found.version(),
            found.stamp(), needed, requestId, address);
    }

    private static Credentials credentials(Found found, SecondStep step) {
        return new Credentials(found.apiKey(), found.applicationKey(), found.accessToken(), found.session(),
            found.expiresAt(), step);
    }

    private static Duration remembered(Duration left) {
        return left.compareTo(REMEMBERED_MAX) < 0 ? left : REMEMBERED_MAX;
    }
}
