package roster.base.html;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import roster.base.http.Query;
import roster.base.http.Request;
import roster.model.Problem.BadRequest;
import roster.model.Problem.WrongContentType;
import roster.model.Refused;

/// The fields of a form as a browser sends them: `application/x-www-form-urlencoded`, in UTF-8.
public final class Form {
    /// The longest form, in bytes as sent. Routes that read one are to be added with it.
    public static final int BYTES_MAX = 8 << 10;

    private static final String TYPE = "application/x-www-form-urlencoded";

    private final Query fields;

    private Form(Query fields) {
        this.fields = fields;
    }

    /// Reads the body of a request. Without one, as from a script that posts nothing, no field is set.
    ///
    /// @throws Refused with [WrongContentType] for another type or charset, as [Request#body()] does, and [BadRequest]
    ///     for anything that is not printable ASCII, broken percent-encoding, bytes that are not UTF-8 (halves of
    ///     surrogate pairs among them), and NUL
    public static Form of(Request request) {
        if (!request.hasBody()) {
            return new Form(Query.NONE);
        }
        if (!understood(request.header("Content-Type").orElse(""))) {
            throw new Refused(new WrongContentType());
        }
        var body = request.body();
        for (var b : body) {
            if (b <= ' ' || b > '~') {
                throw new Refused(new BadRequest());
            }
        }
        try {
            return new Form(Query.of(new String(body, StandardCharsets.US_ASCII)));
        } catch (IllegalArgumentException e) {
            throw new Refused(new BadRequest());
        }
    }

    private static boolean understood(String contentType) {
        var parts = contentType.toLowerCase(Locale.ROOT).replace(" ", "").replace("\"", "").split(";", -1);
        if (!parts[0].equals(TYPE)) {
            return false;
        }
        for (var i = 1; i < parts.length; i++) {
            if (parts[i].startsWith("charset=") && !parts[i].equals("charset=utf-8")) {
                return false;
            }
        }
        return true;
    }

    /// The names of the fields, in the order sent.
    public Set<String> names() {
        return fields.names();
    }

    /// All values of a field that may be sent several times, such as of boxes that were ticked.
    public List<String> all(String name) {
        return fields.all(name);
    }

    /// The text of a field; empty if it was not sent. Other fields than those asked for do no harm: browsers' extensions
    /// add some.
    ///
    /// @throws Refused with [BadRequest] if it was sent twice, as it is unclear which one was meant
    public String text(String name) {
        var sent = fields.all(name);
        if (sent.size() > 1) {
            throw new Refused(new BadRequest());
        }
        return sent.isEmpty() ? "" : sent.getFirst();
    }
}
