package roster.base.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/// The target of a request: a path and an optional query.
///
/// @param rawPath as sent, beginning with a slash
/// @param path decoded; an encoded slash can no longer be told from a real one
record Target(String rawPath, String path, Query query) {
    private static final Pattern ABSOLUTE = Pattern.compile("(?i)https?://([^/?]*)(.*)");

    /// @param sent in origin form, `/path?query`, or in absolute form, `http://host/path?query` (RFC 9112, 3.2)
    /// @throws IllegalArgumentException for any other form, a fragment, and as [#of(String, String)]
    static Target of(String sent) {
        if (sent.indexOf('#') >= 0) {
            throw new IllegalArgumentException("A fragment");
        }
        var origin = sent;
        if (!sent.startsWith("/")) {
            var absolute = ABSOLUTE.matcher(sent);
            if (!absolute.matches() || absolute.group(1).isEmpty() || !Framing.isHost(absolute.group(1))) {
                throw new IllegalArgumentException("Neither in origin form nor in absolute form");
            }
            origin = absolute.group(2).startsWith("/") ? absolute.group(2) : "/" + absolute.group(2);
        }
        // Clients whose base address ends with a slash send two.
        var first = 0;
        while (origin.startsWith("//", first)) {
            first++;
        }
        origin = origin.substring(first);
        var mark = origin.indexOf('?');
        return mark < 0 ? of(origin, null) : of(origin.substring(0, mark), origin.substring(mark + 1));
    }

    /// @param rawPath the part before the question mark
    /// @param rawQuery the part after the question mark, which may hold raw brackets; null if there is no question mark
    /// @throws IllegalArgumentException for anything but printable ASCII, broken percent-encoding, bytes that are not
    ///     UTF-8, control characters in the path, NUL in the query, and targets that do not begin with a slash
    static Target of(String rawPath, String rawQuery) {
        if (rawPath.isEmpty() || rawPath.charAt(0) != '/') {
            throw new IllegalArgumentException("Not in origin form");
        }
        printable(rawPath);
        var path = decoded(rawPath, 0, rawPath.length());
        for (var i = 0; i < path.length(); i++) {
            if (Character.isISOControl(path.charAt(i))) {
                throw new IllegalArgumentException("Control character in the path");
            }
        }
        if (rawQuery == null) {
            return new Target(rawPath, path, Query.NONE);
        }
        printable(rawQuery);
        return new Target(rawPath, path, Query.of(rawQuery));
    }

    /// Percent-decodes a part of a path as UTF-8.
    static String decoded(String text, int start, int end) {
        var percent = text.indexOf('%', start);
        return percent < 0 || percent >= end ? text.substring(start, end) : decoded(text, start, end, false);
    }

    /// @param form whether `+` is a blank, as in queries
    static String decoded(String text, int start, int end, boolean form) {
        var bytes = new ByteArrayOutputStream(end - start);
        for (var i = start; i < end; i++) {
            var c = text.charAt(i);
            if (c == '%') {
                if (i + 2 >= end) {
                    throw new IllegalArgumentException("Percent-encoding ends early");
                }
                bytes.write(hex(text.charAt(i + 1)) << 4 | hex(text.charAt(i + 2)));
                i += 2;
            } else {
                bytes.write(form && c == '+' ? ' ' : c);
            }
        }
        try {
            // A decoder reports malformed UTF-8; the constructors of String silently replace it.
            return StandardCharsets.UTF_8.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(ByteBuffer.wrap(bytes.toByteArray()))
                .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("Not UTF-8", e);
        }
    }

    private static int hex(char c) {
        var digit = c < 128 ? Character.digit(c, 16) : -1;
        if (digit < 0) {
            throw new IllegalArgumentException("Not a percent-encoding");
        }
        return digit;
    }

    private static void printable(String raw) {
        for (var i = 0; i < raw.length(); i++) {
            var c = raw.charAt(i);
            if (c <= ' ' || c > '~') {
                throw new IllegalArgumentException("Not printable ASCII");
            }
        }
    }
}
