package roster.door.ops;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import roster.base.db.Database;
import roster.base.db.Migrations;
import roster.base.db.OrgClocks;
import roster.base.http.Needs;
import roster.base.http.Response;
import roster.base.http.Route;
import roster.base.http.Routes;
import roster.base.json.Json;

/// For load balancers and supervisors: `/health/live` tells whether the process runs, `/health/ready` whether it should get
/// requests now.
///
/// Ready: the database answers within 1 s, its schema is ours, its clock is within 2 s of this machine's, no organisation is
/// ahead of it (see [OrgClocks]), and Roster is neither starting nor stopping. Else 503, with the check that failed.
public final class Health {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(1);

    private static final String AHEAD = "organization_clock";

    private enum State { STARTING, SERVING, DRAINING }

    private final Database db;
    private final InstantSource clock;
    private volatile State state = State.STARTING;

    // Concurrent requests share one query.
    private final AtomicReference<CompletableFuture<Optional<String>>> underWay = new AtomicReference<>();

    public Health(Database db, InstantSource clock) {
        this.db = db;
        this.clock = clock;
    }

    public void addTo(Routes routes) {
        routes.get("/health/live", Needs.Simple.HEALTH, request -> status(200, "{\"status\":\"ok\"}"));
        routes.get("/health/ready", Needs.Simple.HEALTH, request -> ready());
    }

    /// What HAProxy sends unless it is told otherwise (`option httpchk`), to the port that it balances: readiness too.
    public void addDefaultCheckTo(Routes routes) {
        routes.add(new Route("OPTIONS", "/", Needs.Simple.HEALTH, request -> ready()));
    }

    private Response ready() {
        return objection().map(failed -> status(503, text(failed)))
            .orElseGet(() -> status(200, "{\"status\":\"ok\"}"));
    }

    /// From now on, ready.
    public void serving() {
        state = State.SERVING;
    }

    /// From now on, not ready: requests should go to other nodes, and those under way are completed.
    public void draining() {
        state = State.DRAINING;
    }

    private static Response status(int status, String json) {
        return Response.json(status, json.getBytes(StandardCharsets.UTF_8)).with("Cache-Control", "no-store");
    }

    private static String text(String failed) {
        var text = Json.members("status", "unavailable", "failed", failed);
        if (failed.equals(AHEAD)) {
            text.put("reason", "An organization was written while the clock of the database was ahead. "
                + "The log has its id; repair it with: roster org repair-clock");
        }
        return new String(Json.bytes(text), StandardCharsets.UTF_8);
    }

    /// @return the check that failed: `starting`, `draining`, `database`, `schema`, `clock` or [#AHEAD]
    private Optional<String> objection() {
        return switch (state) {
            case STARTING -> Optional.of("starting");
            case DRAINING -> Optional.of("draining");
            case SERVING -> databaseObjection();
        };
    }

    private Optional<String> databaseObjection() {
        var mine = new CompletableFuture<Optional<String>>();
        var first = underWay.compareAndExchange(null, mine);
        if (first == null) {
            Thread.ofVirtual().name("health").start(() -> {
                Optional<String> objection;
                try {
                    objection = asked();
                } catch (RuntimeException e) { // the database room has logged why
                    objection = Optional.of("database");
                }
                underWay.set(null); // before the answer: a later caller gets a fresh one
                mine.complete(objection);
            });
        }
        try {
            return (first == null ? mine : first).get(ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return Optional.of("database");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("draining");
        }
    }

    private Optional<String> asked() {
        return db.read(tx -> {
            if (!Migrations.applied(tx)) {
                return Optional.of("schema");
            }
            var before = clock.instant();
            var theirs = tx.databaseTime();
            if (apart(before, theirs, clock.instant())) {
                return Optional.of("clock");
            }
            return db.clocks().ahead(tx, theirs).isEmpty() ? Optional.empty() : Optional.of(AHEAD);
        });
    }

    /// The query takes time too: the database's clock was read at some moment between our two.
    private static boolean apart(Instant before, Instant theirs, Instant after) {
        return theirs.isBefore(before.minus(OrgClocks.APART_MAX)) || theirs.isAfter(after.plus(OrgClocks.APART_MAX));
    }
}
