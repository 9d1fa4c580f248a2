package roster.base.http;

/// Answers a request, on a virtual thread of its own. May block.
@FunctionalInterface
public interface Handler {
    Response handle(Request request);

    /// Answers a request whose address cannot be read: its percent-encoding is broken, it is not UTF-8, or has a NUL.
    ///
    /// @param target as sent
    default Response unread(String target) {
        return Errors.response(400);
    }
}
