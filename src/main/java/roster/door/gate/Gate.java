package roster.door.gate;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import roster.base.fair.FairPlaces;
import roster.base.fair.OnBehalf;
import roster.base.fair.Turns;
import roster.base.html.Browsers;
import roster.base.http.Admittance;
import roster.base.http.CredentialForms;
import roster.base.http.Handler;
import roster.base.http.Match;
import roster.base.http.Needs;
import roster.base.http.Protocol;
import roster.base.http.Refusals;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Route;
import roster.base.http.Routes;
import roster.base.http.SessionMust;
import roster.base.jsonapi.ErrorDocument;
import roster.base.work.Rate;
import roster.base.work.RateLimit;
import roster.core.access.AccessFeature;
import roster.core.access.AllowedNetworks;
import roster.core.access.Callers;
import roster.core.access.Freshness;
import roster.core.access.Origin;
import roster.core.access.Presented;
import roster.model.Caller;
import roster.model.Caller.Needed;
import roster.model.Problem;
import roster.model.Problem.BadRequest;
import roster.model.Problem.LimitReached;
import roster.model.Problem.NoSuchPath;
import roster.model.Problem.NotSignedIn;
import roster.model.Problem.TooManyRequests;
import roster.model.Problem.WrongMethod;
import roster.model.Refused;
import roster.model.SecondStep;

/// Every request passes here, and every answer. In this order: the path and method, the
/// keys, the rate limit, the permission; the rest is the route's. Whatever goes wrong becomes the contract's error, or a
/// page where the route is for people, or what its [Protocol] says, and every answer one log line and one measurement.
public final class Gate implements Handler {
    /// A caller whose body took longer to arrive is admitted anew: they may have been cut off, or their token may have expired,
    /// since the head came.
    private static final Duration BODY_TIME = Duration.ofSeconds(1);

    /// How long a client beyond its limit waits for its 429. Otherwise a client that asks again at once, over a few
    /// connections, would keep the processors busy with tens of thousands of refusals a second.
    private static final Duration REFUSAL_PAUSE = Duration.ofMillis(20);

    /// Requests to read that are worked on at a time, and how many of one organisation or, without keys, of one address: a
    /// few more than there are processors, as they wait for the database too. While others ask, no more than there are
    /// processors: with more, others would wait for them at every processor, here and at the database.
    ///
    /// Bodies are not waited for in a place. Nor may a handler of `GET` wait for anything but the database, unless its route
    /// says so ([Route#outward()]): `Outward` refuses to be called in a place.
    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();
    private static final int READS_OF_ONE = Math.max(4, 2 * PROCESSORS);
    private static final int READS = 4 * READS_OF_ONE;

    /// Reads of one organisation that may wait, and for how long, before they are answered with 503.
    private static final int READS_WAITING = 2000;
    private static final Duration READS_WAIT = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);

    private final Routes routes;
    private final Callers callers;
    private final AllowedNetworks networks;
    private final Freshness freshness;
    private final Optional<RateLimit> perOrg;
    private final Optional<RateLimit> perAddress;
    private final MeterRegistry meters;
    private final FairPlaces reads = new FairPlaces(READS, READS_OF_ONE, PROCESSORS, READS_WAITING, READS_WAIT);
    private final LongSupplier nanos;
    private final SessionCredentials sessions;

    /// Requests that are measured together. There are as many as routes times methods times statuses.
    private record Kind(String template, String method, int status) {}

    private final Map<Kind, Timer> timers = new ConcurrentHashMap<>();

    /// @param nanos of a clock that cannot be set
    public Gate(Routes routes, AccessFeature access, Optional<RateLimit> perOrg, Optional<RateLimit> perAddress,
        Browsers browsers, MeterRegistry meters, LongSupplier nanos) {
        this.nanos = nanos;
        this.sessions = new SessionCredentials(browsers);
        this.routes = routes;
        this.callers = access.callers;
        this.networks = access.networks;
        this.freshness = access.freshness;
        this.perOrg = perOrg;
        this.perAddress = perAddress;
        this.meters = meters;
    }

    /// What has become known of a request, for the log line and the headers of its answer.
    private static final class Passage {
        private final long startedNanos = System.nanoTime();
        private String template = "(unknown)";
        private Optional<Refusals> refusals = Optional.empty();
        private Optional<Protocol> protocol = Optional.empty();
        private Optional<Problem> problem = Optional.empty();
        private Optional<Caller> caller = Optional.empty();
        private Optional<RateLimit.Standing> standing = Optional.empty();
        private boolean quiet;

        /// With all that is known of it by now.
        private Request request;

        private Passage(Request request) {
            this.request = request;
        }

        private void follow(Optional<Protocol> some) {
            protocol = some;
            refusals = some.map(Protocol::refusals);
        }

        private void tell(Response response) {
            caller.ifPresent(known -> protocol.ifPresent(
                followed -> followed.watch().answered(request, known, response.status(), problem)));
        }

        /// Does work for the caller's organisation; for the address that asks, where there is no caller.
        private <T> T onBehalf(Supplier<T> work) {
            return caller.isPresent() ? OnBehalf.of(caller.get().org(), work) : work.get();
        }
    }

    @Override
    public Response handle(Request request) {
        var passage = new Passage(request);
        var response = OnBehalf.of(request.address(), () -> refusing(request, passage));
        passage.tell(response);
        finish(request, passage, response);
        var secured = sessions.secured(response);
        return passage.standing.map(standing -> told(standing, secured)).orElse(secured);
    }

    @Override
    public Response unread(String target) {
        return routes.protocol(target.replaceFirst("\\?.*", "").replaceFirst("^/+", "/"))
            .map(protocol -> protocol.refusals().unread()).orElseGet(() -> ErrorDocument.of(new BadRequest()));
    }

    /// The answer with the headers that tell where the caller stands.
    private static Response told(RateLimit.Standing standing, Response response) {
        return response.with(List.of(
            new Response.Header("X-RateLimit-Limit", Long.toString(standing.rate().count())),
            new Response.Header("X-RateLimit-Period", Integer.toString(standing.rate().periodSeconds())),
            new Response.Header("X-RateLimit-Remaining", Long.toString(standing.remaining())),
            new Response.Header("X-RateLimit-Reset", Long.toString(standing.resetSeconds())),
            new Response.Header("X-RateLimit-Name", standing.name())));
    }

    private Response refusing(Request request, Passage passage) {
        try {
            return pass(request, passage);
        } catch (Refused refused) {
            passage.problem = Optional.of(refused.problem());
            if (refused.problem() instanceof LimitReached reached) { // its headers speak of the limit that refused
                passage.standing = Optional.of(
                    new RateLimit.Standing(reached.name(), new Rate(reached.limit(), reached.periodSeconds()), false,
                        reached.remaining(), reached.resetSeconds()));
            } else if (passage.standing.isEmpty()) {
                passage.standing = standing(request, refused.problem());
            }
            if (refused.problem() instanceof TooManyRequests) {
                pause();
            }
            var error = ErrorDocument.of(refused.problem());
            var elsewhere = sessions.ofFragment(request, refused.problem());
            if (elsewhere.isPresent() && passage.protocol.isEmpty()) {
                return error.with(List.of(elsewhere.get()));
            }
            return passage.refusals
                .map(some -> some.refused(passage.request, refused.problem(), error.status()).with(error.headers()))
                .orElse(error);
        } catch (RuntimeException | StackOverflowError e) {
            LOG.atError().addKeyValue("request_id", request.id()).setCause(e).log("{} {} failed", request.method(),
                passage.template);
            return passage.refusals.map(some -> some.failed(passage.request)).orElseGet(ErrorDocument::unexpected);
        }
    }

    private static void pause() {
        Turns.end();
        try {
            Thread.sleep(REFUSAL_PAUSE);
        } catch (InterruptedException e) { // the node stops: answered at once
            Thread.currentThread().interrupt();
        }
    }

    /// The limit that applies to a client that is not signed in: that of unknown keys if its keys were refused.
    private Optional<RateLimit.Standing> standing(Request request, Problem problem) {
        return switch (problem) {
            case Problem.NoApiKey _,Problem.BadKeys _,TooManyRequests _ -> callers.unknownStanding(request.address());
            default -> perAddress.map(limit -> limit.look(request.address()));
        };
    }

    private Response pass(Request request, Passage passage) {
        passage.follow(routes.protocol(request.rawPath()));
        return switch (routes.match(request)) {
            case Match.Unknown() -> {
                passage.refusals = passage.refusals.or(() -> routes.elsewhere(request));
                throw new Refused(new NoSuchPath());
            }
            case Match.WrongMethod(var allowed) -> throw new Refused(new WrongMethod(allowed));
            case Match.Found found -> {
                passage.template = found.route().template();
                passage.follow(found.route().protocol());
                if (found.route().errorPages().isPresent()) {
                    passage.refusals = found.route().errorPages().map(Refusals.class::cast);
                    sessions.mustBeMeant(request);
                }
                passage.request = request.at(found);
                var admitted = admitted(passage.request, found.route(), passage);
                yield passage.onBehalf(() -> inTurn(found.route(), () -> found.route().handler().handle(admitted)));
            }
        };
    }

    private Response inTurn(Route route, Supplier<Response> work) {
        return route.method().equals("GET") && route.needs() != Needs.Simple.HEALTH && !route.outward()
            ? reads.in(work) : work.get();
    }

    private Request admitted(Request request, Route route, Passage passage) {
        return switch (route.needs()) {
            case Needs.Simple.HEALTH -> {
                passage.quiet = true;
                yield request;
            }
            case Needs.Simple.NOTHING -> {
                limited(perAddress, request.address(), passage);
                yield request;
            }
            case Needs.Simple.KEYS_IF_SENT -> {
                if (BearerHeaders.sent(request)) {
                    yield call(request, Needed.NOTHING, passage);
                }
                limited(perAddress, request.address(), passage);
                yield request;
            }
            case Needs.Simple.API_KEY -> known(request, CredentialHeaders.apiKey(request), Needed.NOTHING, passage);
            case Needs.Simple.KEYS -> call(request, Needed.NOTHING, passage);
            case Needs.OneOf(var permissions) -> call(request, Needed.oneOf(permissions), passage);
            case Needs.AllOf(var permissions) -> call(request, Needed.allOf(permissions), passage);
            case Needs.Simple.SESSION -> page(request, Needed.NOTHING, passage);
            case Needs.SessionOf(var permissions) -> page(request, Needed.oneOf(permissions), passage);
        };
    }

    private Request call(Request request, Needed needed, Passage passage) {
        if (request.route().credentials() == CredentialForms.BEARER) {
            return known(request, BearerHeaders.presented(request), needed, passage);
        }
        if (!CredentialHeaders.sent(request)) {
            var session = sessions.ofCall(request);
            if (session.isPresent()) {
                var admitted = known(request, session.get(), needed, passage);
                sessions.mustHoldToken(request, admitted.caller(), session.get());
                return admitted;
            }
        }
        return known(request, CredentialHeaders.keysOrToken(request), needed, passage);
    }

    private Request page(Request request, Needed needed, Passage passage) {
        try {
            return known(request, sessions.ofPage(request), needed, passage);
        } catch (Refused refused) {
            throw refused.problem() instanceof Problem.BadKeys ? new Refused(new NotSignedIn()) : refused;
        }
    }

    private Request known(Request request, Presented presented, Needed needed, Passage passage) {
        var began = nanos.getAsLong();
        var caller = admit(request, presented, needed);
        passage.caller = Optional.of(caller);
        return passage.onBehalf(() -> {
            networks.mustAdmit(caller, request.address());
            limited(perOrg, caller.org(), passage);
            mustBe(request.route().session(), caller);
            passage.request = request.as(caller, new Admittance() {
                @Override
                public void bodyArrived() {
                    if (nanos.getAsLong() - began > BODY_TIME.toNanos()) {
                        still();
                    }
                }

                @Override
                public Caller still() {
                    return again(request, presented, needed);
                }

                @Override
                public Caller another() {
                    limited(perOrg, caller.org(), passage);
                    return still();
                }
            });
            Callers.mustHoldWhatIsNeeded(caller);
            return passage.request;
        });
    }

    /// The caller, if they may still do what they could before.
    private Caller again(Request request, Presented presented, Needed needed) {
        var still = admit(request, presented, needed);
        networks.mustAdmit(still, request.address());
        mustBe(request.route().session(), still);
        Callers.mustHoldWhatIsNeeded(still);
        return still;
    }

    private void mustBe(SessionMust session, Caller caller) {
        switch (session) {
            case RUN -> {}
            case BE_COMPLETE -> Callers.mustHaveTakenSecondStep(caller);
            case BE_FRESH -> {
                Callers.mustHaveTakenSecondStep(caller);
                freshness.mustBeFresh(caller);
            }
            case ENROL -> {
                if (caller.step() == SecondStep.SHOW) {
                    Callers.mustHaveTakenSecondStep(caller);
                }
                freshness.mustBeFreshOrNew(caller);
            }
        }
    }

    private Caller admit(Request request, Presented presented, Needed needed) {
        var origin = new Origin(request.id(), request.address());
        var caller = (presented instanceof Presented.Session session && SessionCredentials.isLooking(request)
            ? callers.look(session, origin) : callers.admit(presented, origin)).needing(needed);
        return request.route().credentials() == CredentialForms.BEARER ? caller.overScim() : caller;
    }

    private static void limited(Optional<RateLimit> limit, Object who, Passage passage) {
        passage.standing = limit.map(some -> some.take(who));
        passage.standing.filter(standing -> !standing.allowed()).ifPresent(standing -> {
            throw new Refused(new TooManyRequests(standing.resetSeconds()));
        });
    }

    /// The log names the route's template, never the address that was asked for, which may hold a token or a name.
    private void finish(Request request, Passage passage, Response response) {
        var took = Duration.ofNanos(System.nanoTime() - passage.startedNanos);
        timers
            .computeIfAbsent(new Kind(passage.template, knownMethod(request.method()), response.status()), this::timer)
            .record(took);
        if (passage.quiet && response.status() < 500) {
            return;
        }
        var line = LOG.atInfo().addKeyValue("status", response.status()).addKeyValue("ms", took.toMillis())
            .addKeyValue("request_id", request.id());
        if (passage.caller.isPresent()) {
            var caller = passage.caller.get();
            line = line.addKeyValue("org", caller.org())
                .addKeyValue("caller", caller.user().map(Object::toString).orElse(caller.name()));
        }
        line.log("{} {}", knownMethod(request.method()), passage.template);
    }

    private Timer timer(Kind kind) {
        return Timer.builder("roster.http.requests").description("Requests by route and status")
            .tag("route", kind.template()).tag("method", kind.method()).tag("status", Integer.toString(kind.status()))
            .register(meters);
    }

    /// A method is whatever a client writes; a log and a metric take only the usual ones.
    private static String knownMethod(String method) {
        return switch (method) {
            case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS" -> method;
            default -> "OTHER";
        };
    }
}
