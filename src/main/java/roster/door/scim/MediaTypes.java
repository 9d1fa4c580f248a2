package roster.door.scim;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import roster.base.http.Request;
import roster.model.Problem.WrongContentType;
import roster.model.Refused;

/// The names under which JSON is sent and answered.
final class MediaTypes {
    static final String SCIM = "application/scim+json";
    static final String JSON = "application/json";

    private static final List<String> COVERING_SCIM = List.of(SCIM, "application/*", "*/*");

    /// Of what is named only to be refused.
    private static final Pattern REFUSED = Pattern.compile(".*;\\s*q\\s*=\\s*0(\\.0*)?\\s*(;.*)?");

    private MediaTypes() {}

    /// The type of an answer: SCIM's own, but for clients that accept plain JSON and not that.
    static String ofAnswer(Request request) {
        var accepted = request.headers("Accept").stream().flatMap(header -> Arrays.stream(header.split(",")))
            .map(range -> range.toLowerCase(Locale.ROOT)).filter(range -> !REFUSED.matcher(range).matches())
            .map(MediaTypes::withoutParameters).toList();
        return accepted.contains(JSON) && accepted.stream().noneMatch(COVERING_SCIM::contains) ? JSON : SCIM;
    }

    /// @throws Refused with [WrongContentType] if the body says to be something else than JSON
    static void mustBeJson(Request request) {
        request.header("Content-Type").map(type -> withoutParameters(type.toLowerCase(Locale.ROOT)))
            .filter(type -> !type.isEmpty() && !type.equals(SCIM) && !type.equals(JSON)).ifPresent(_ -> {
                throw new Refused(new WrongContentType());
            });
    }

    private static String withoutParameters(String type) {
        var semicolon = type.indexOf(';');
        return (semicolon < 0 ? type : type.substring(0, semicolon)).strip();
    }
}
