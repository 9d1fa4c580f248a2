package roster.door.ops;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.charset.StandardCharsets;
import roster.base.http.Handler;
import roster.base.http.Needs;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.base.secret.Argon2id;
import roster.model.Problem.BadParameter;
import roster.model.Refused;

/// What `ROSTER_BENCH=on` adds: a baseline route for benchmarks, and the server's own time on every answer.
///
/// `GET /bench/fixed?bytes=N` answers JSON of exactly N bytes, 2 to 10,000,000, without keys. It takes the path of all
/// requests but for the check of keys, so that the difference to another route is the cost of that route.
/// `GET /bench/digest` makes one digest of a password, on the thread of the request.
public final class Bench {
    public static final String PATH = "/bench/fixed";
    private static final String DIGEST_PATH = "/bench/digest";

    private static final int BYTES_MIN = 2;
    private static final int BYTES_MAX = 10_000_000;

    /// Built once for each size, so that the route costs as little as possible.
    private final Cache<String, byte[]> bodies =
        Caffeine.newBuilder().maximumWeight(4L * BYTES_MAX).<String, byte[]>weigher((size, body) -> body.length)
            .build();

    public void addTo(Routes routes) {
        routes.get(PATH, Needs.Simple.NOTHING, this::fixed);
        routes.get(DIGEST_PATH, Needs.Simple.NOTHING, _ -> digested());
    }

    private static Response digested() {
        return Response.json(200, text(Integer.toString(
            Argon2id.digest("a password of the benchmark", new byte[Argon2id.SALT_BYTES]).length())));
    }

    private Response fixed(Request request) {
        var bytes = request.query().first("bytes").orElseThrow(Bench::notASize);
        return Response.json(200, bodies.get(bytes, Bench::text));
    }

    /// A JSON string.
    private static byte[] text(String bytes) {
        if (!bytes.matches("[1-9][0-9]{0,7}")) {
            throw notASize();
        }
        var size = Integer.parseInt(bytes);
        if (size < BYTES_MIN || size > BYTES_MAX) {
            throw notASize();
        }
        return ("\"" + "x".repeat(size - 2) + "\"").getBytes(StandardCharsets.US_ASCII);
    }

    private static Refused notASize() {
        return new Refused(new BadParameter("bytes"));
    }

    /// Adds to every answer how long it took, in milliseconds with three decimals: from the request's head to the
    /// finished answer, the reading of a body included.
    public static Handler timed(Handler inner) {
        return request -> {
            var started = System.nanoTime();
            var response = inner.handle(request);
            var micros = (System.nanoTime() - started) / 1000;
            return response.with("Server-Timing",
                "app;dur=" + micros / 1000 + "." + Long.toString(1000 + micros % 1000).substring(1));
        };
    }
}
