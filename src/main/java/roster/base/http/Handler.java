package roster.base.http;

/// Answers a request, on a virtual thread of its own. May block.
@FunctionalInterface
public interface Handler {
    Response handle(Request request);
}
