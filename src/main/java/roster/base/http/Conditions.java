package roster.base.http;

import java.util.List;
import java.util.regex.Pattern;

/// What a request makes depend on the copy that its client has: `If-None-Match` and `If-Match` (RFC 9110, 13.1).
public final class Conditions {
    private static final Pattern TAG = Pattern.compile("(W/)?(\"[\\x21\\x23-\\x7e\\x80-\\xff]*\")");

    private Conditions() {}

    /// Whether the client has this content already, so that 304 will do. Weak tags count as strong ones here.
    ///
    /// @param tags of the content, quoted; it may have several, as while a secret is replaced
    public static boolean unchanged(Request request, List<String> tags) {
        return named(request.headers("If-None-Match"), tags, true);
    }

    /// Whether the change may be made to this content; so it is if the client names none. What is no list of tags names
    /// none that anything has.
    ///
    /// @param tags as above
    public static boolean met(Request request, List<String> tags) {
        var sent = request.headers("If-Match");
        return sent.isEmpty() || named(sent, tags, false);
    }

    private static boolean named(List<String> headers, List<String> tags, boolean weak) {
        for (var header : headers) {
            if (header.strip().equals("*")) {
                return true;
            }
            for (var found = TAG.matcher(header); found.find();) {
                if ((weak || found.group(1) == null) && tags.contains(found.group(2))) {
                    return true;
                }
            }
        }
        return false;
    }
}
