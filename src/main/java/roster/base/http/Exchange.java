package roster.base.http;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.net.InetAddress;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import roster.base.fair.Turns;
import roster.base.net.TrustedProxies;
import roster.base.source.Ids;
import roster.model.Problem;
import roster.model.Refused;

/// From the head of a request to its response: calls the handler, and answers for it when it fails.
final class Exchange {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    /// Requests that use the processors at the same time.
    private static final int TURNS = 2 * Runtime.getRuntime().availableProcessors();

    private final Handler root;
    private final TrustedProxies proxies;
    private final Ids ids;
    private final Turns turns = new Turns("http", TURNS);
    private volatile boolean last;

    Exchange(Handler root, TrustedProxies proxies, Ids ids) {
        this.root = root;
        this.proxies = proxies;
        this.ids = ids;
    }

    /// Does work for a request on a virtual thread, when it is its client's turn.
    void start(HttpRequest head, InetAddress peer, Runnable work) {
        turns.start(proxies.client(peer, head.headers().getAll("X-Forwarded-For")), work);
    }

    String newId() {
        return ids.nextRequest().toString();
    }

    /// Closes each connection after its next response, from now on.
    void lastRequests() {
        last = true;
    }

    boolean last() {
        return last;
    }

    /// What waits for its turn is done at once.
    void close() {
        turns.close();
    }

    /// Never throws.
    Response answer(HttpRequest head, String id, InetAddress peer, Body body, ClientLeaving client) {
        try {
            var target = target(head);
            if (target == null) {
                return root.unread(head.uri());
            }
            var request = new Request(head, target, id, peer, proxies, body, new Request.Waiting(this::last, client));
            return Objects.requireNonNull(root.handle(request), "No answer");
        } catch (Refused e) {
            return switch (e.problem()) {
                case Problem.Encoded() -> Errors.response(415);
                case Problem.TooLarge() -> Errors.response(413);
                case Problem.TooSlow() -> Errors.response(408);
                case Problem.BadRequest() -> Errors.response(400);
                case Problem.Unavailable _ -> Errors.unavailable();
                default -> failed(id, e);
            };
        } catch (Throwable e) {
            return failed(id, e);
        }
    }

    /// The server as a whole is asked for by `OPTIONS *` (RFC 9110, 9.3.7): that is the root, as with the absolute form.
    private static Target target(HttpRequest head) {
        try {
            return Target.of(head.method().equals(HttpMethod.OPTIONS) && head.uri().equals("*") ? "/" : head.uri());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static Response failed(String id, Throwable e) {
        LOG.error("Request {} failed", id, e);
        return Errors.response(500);
    }
}
