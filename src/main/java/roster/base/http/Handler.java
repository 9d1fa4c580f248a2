package roster.base.http;

/// Answers a request, on the virtual thread of its connection. May block.
@FunctionalInterface
public interface Handler {
    Response handle(Request request);
}
