package roster.base.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import roster.model.Problem.BadRequest;
import roster.model.Problem.WrongContentType;
import roster.model.Refused;

/// A form with a file: `multipart/form-data`, RFC 7578. The body is read whole, so the limit on bodies applies.
public final class Multipart {
    private static final Pattern BOUNDARY =
        Pattern.compile("(?i);\\s*boundary=(?:\"([^\"]{1,70})\"|([^\\s\";,]{1,70}))");
    private static final Pattern NAME = Pattern.compile("(?i);\\s*name=(?:\"([^\"]*)\"|([^\\s\";]+))");

    private static final Pattern FILE = Pattern.compile("(?i);\\s*filename\\*?=");

    private Multipart() {}

    /// The bytes of the first part with this name.
    ///
    /// @throws Refused as [#parts] does
    public static Optional<byte[]> part(Request request, String name) {
        return parts(request, name).stream().findFirst();
    }

    /// The bytes of all parts with this name, in the order sent.
    ///
    /// @throws Refused with WrongContentType if the body is not such a form, BadRequest if its parts are malformed,
    ///     TooLarge, TooSlow
    public static List<byte[]> parts(Request request, String name) {
        var found = new ArrayList<byte[]>();
        each(request, (headers, content) -> {
            if (name.equals(name(headers))) {
                found.add(content.get().getBytes(StandardCharsets.ISO_8859_1));
            }
        });
        return found;
    }

    /// The names of the parts that are no files, in the order sent.
    ///
    /// @throws Refused as [#parts] does
    public static Set<String> names(Request request) {
        var names = new LinkedHashSet<String>();
        each(request, (headers, _) -> {
            if (!FILE.matcher(headers).find()) {
                names.add(name(headers));
            }
        });
        return names;
    }

    /// @param part takes the headers of a part and, if it asks, its content: a character for each byte
    private static void each(Request request, BiConsumer<String, Supplier<String>> part) {
        var type = request.header("Content-Type").orElse("");
        if (!type.toLowerCase(Locale.ROOT).startsWith("multipart/form-data")) {
            throw new Refused(new WrongContentType());
        }
        var boundary = BOUNDARY.matcher(type);
        if (!boundary.find()) {
            throw new Refused(new BadRequest());
        }
        // ISO 8859-1 maps each byte to one character, so the text can be searched without loss.
        var body = "\r\n" + new String(request.body(), StandardCharsets.ISO_8859_1);
        var line = "\r\n--" + (boundary.group(1) == null ? boundary.group(2) : boundary.group(1));
        for (var at = after(body, line, 0); !body.startsWith("--", at);) {
            var content = after(body, "\r\n\r\n", at);
            var next = after(body, line, content - 2); // a part may be empty
            part.accept(body.substring(at, content),
                () -> body.substring(content, Math.max(content, next - line.length())));
            at = next;
        }
    }

    private static int after(String body, String text, int from) {
        var at = body.indexOf(text, from);
        if (at < 0) {
            throw new Refused(new BadRequest());
        }
        return at + text.length();
    }

    private static String name(String headers) {
        for (var header : headers.split("\r\n")) {
            if (header.toLowerCase(Locale.ROOT).startsWith("content-disposition:")) {
                var name = NAME.matcher(header);
                return name.find() ? name.group(1) == null ? name.group(2) : name.group(1) : "";
            }
        }
        return "";
    }
}
