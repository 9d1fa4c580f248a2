package roster.base.http;

/// How routes speak that follow a protocol of their own, rather than the contract's API: all that are below one address.
///
/// @param base such as `/scim/v2`. A doubled slash after it and one slash at the end of a path do not count
/// @param credentials what callers may show
/// @param refusals renders all refusals below the base, those of unknown paths and methods too
/// @param weakTags whether `If-Match` compares weakly, see [Conditions#met]
/// @param watch is told of answers of its routes
public record Protocol(String base, CredentialForms credentials, Refusals refusals, boolean weakTags, Watch watch) {
    /// Whether a path, as sent, is the base or below it.
    boolean has(String rawPath) {
        return rawPath.startsWith(base) && (rawPath.length() == base.length() || rawPath.charAt(base.length()) == '/');
    }

    /// The path without the slashes that do not count.
    ///
    /// @param rawPath at the base or below it
    String plain(String rawPath) {
        var start = rawPath.startsWith("//", base.length()) ? base.length() + 1 : base.length();
        var end = rawPath.length() > start + 1 && rawPath.endsWith("/") ? rawPath.length() - 1 : rawPath.length();
        return base + rawPath.substring(start, end);
    }
}
