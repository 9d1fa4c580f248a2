package roster.base.http;

import java.util.List;
import java.util.regex.Pattern;

/// Conditional requests: `If-None-Match` and `If-Match` (RFC 9110, 13.1).
public final class Conditions {
    private static final Pattern TAG = Pattern.compile("(W/)?(\"[\\x21\\x23-\\x7e\\x80-\\xff]*\")");

    private Conditions() {}

    /// Whether the client already has this content, so that the response can be 304. Weak tags count as strong ones.
    ///
    /// @param tags tags of the content, with quotes; there may be several, for example while a secret is replaced
    public static boolean unchanged(Request request, List<String> tags) {
        return named(request.headers("If-None-Match"), tags, true);
    }

    /// Whether a change to this content is allowed: the client names one of its tags, or has sent no `If-Match`. A
    /// malformed header matches nothing. Weak tags count as strong ones where the protocol of the route says so.
    ///
    /// @param tags as for [#unchanged]; without `W/`, also where they are sent with it
    public static boolean met(Request request, List<String> tags) {
        var sent = request.headers("If-Match");
        return sent.isEmpty() || named(sent, tags, request.route().protocol().map(Protocol::weakTags).orElse(false));
    }

    /// The same for what stands in the place of an `If-Match`: weak tags count.
    ///
    /// @param sent the text of the header
    public static boolean met(String sent, List<String> tags) {
        return named(List.of(sent), tags, true);
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
