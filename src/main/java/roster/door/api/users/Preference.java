package roster.door.api.users;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import roster.base.http.Request;
import roster.base.http.Response;

/// Whether the client of an UpdateUser wants the user back: 200 with a body, or 204.
///
/// @param applied the `Prefer` that decided, if one did
record Preference(boolean wantsBody, Optional<String> applied) {
    private static final List<String> JSON = List.of("application/json", "application/*", "application/vnd.api+json");

    static Preference of(Request request) {
        for (var header : request.headers("Prefer")) {
            for (var part : header.split(",")) {
                var token = part.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).replace("\"", "").replace(" ", "");
                if (token.equals("return=representation") || token.equals("return=minimal")) {
                    return new Preference(token.equals("return=representation"), Optional.of(token));
                }
            }
        }
        return new Preference(request.headers("Accept").stream().flatMap(header -> List.of(header.split(",")).stream())
            .anyMatch(Preference::namesJson), Optional.empty());
    }

    private static boolean namesJson(String range) {
        var parts = range.split(";");
        return JSON.contains(parts[0].strip().toLowerCase(Locale.ROOT)) && weight(parts) > 0;
    }

    /// A weight that cannot be read counts as 1, as if it were not there.
    private static double weight(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            var parameter = parts[i].strip().toLowerCase(Locale.ROOT);
            if (parameter.startsWith("q=")) {
                var value = parameter.substring(2).strip();
                return value.matches("[0-9]*\\.?[0-9]*") && value.matches(".*[0-9].*") ? Double.parseDouble(value) : 1;
            }
        }
        return 1;
    }

    Response on(Response response) {
        var varied = response.with("Vary", "Accept, Prefer");
        return applied.map(token -> varied.with("Preference-Applied", token)).orElse(varied);
    }
}
