package roster.base.html;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import roster.base.http.Multipart;
import roster.base.http.Request;
import roster.model.Problem.BadRequest;
import roster.model.Refused;

/// The fields of a form with a file in it, as a browser sends them: `multipart/form-data`, texts in UTF-8. Sent in the form
/// of other forms, it has no file.
public final class Upload {
    private final Request request;
    private final Optional<Form> plain;

    /// @throws Refused as [Form#of] does if it is no `multipart/form-data`
    public Upload(Request request) {
        this.request = request;
        this.plain =
            request.header("Content-Type").orElse("").toLowerCase(Locale.ROOT).startsWith("multipart/form-data")
                ? Optional.empty() : Optional.of(Form.of(request));
    }

    /// The text of a field; empty if it was not sent.
    ///
    /// @throws Refused with [BadRequest] if it was sent twice, is no UTF-8, or has a NUL
    public String text(String name) {
        var sent = texts(name);
        if (sent.size() > 1) {
            throw new Refused(new BadRequest());
        }
        return sent.isEmpty() ? "" : sent.getFirst();
    }

    /// The texts of a field that may be sent several times.
    ///
    /// @throws Refused with [BadRequest] as [#text] does
    public List<String> texts(String name) {
        return plain.map(form -> form.all(name))
            .orElseGet(() -> Multipart.parts(request, name).stream().map(Upload::decoded).toList());
    }

    /// The names of the fields but files, in the order sent.
    ///
    /// @throws Refused with [BadRequest] if parts are malformed
    public Set<String> names() {
        return plain.map(Form::names).orElseGet(() -> Multipart.names(request));
    }

    private static String decoded(byte[] bytes) {
        try {
            var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            if (text.indexOf('\0') >= 0) {
                throw new Refused(new BadRequest());
            }
            return text;
        } catch (CharacterCodingException e) {
            throw new Refused(new BadRequest());
        }
    }

    /// A file that was chosen; none if it is empty, which a browser sends where none was.
    public Optional<byte[]> file(String name) {
        return plain.isPresent() ? Optional.empty()
            : Multipart.part(request, name).filter(bytes -> bytes.length > 0);
    }
}
