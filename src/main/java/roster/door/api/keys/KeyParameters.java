package roster.door.api.keys;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import roster.base.http.Query;
import roster.base.json.Times;
import roster.core.key.KeyList.Span;
import roster.model.Problem.BadParameter;
import roster.model.Refused;

/// The parameters that the lists of keys have in common.
public final class KeyParameters {
    private KeyParameters() {}

    /// @throws Refused with [BadParameter] for what is no time with its offset
    public static Span span(Query query, String column) {
        return new Span(time(query, "filter[%s][start]".formatted(column)),
            time(query, "filter[%s][end]".formatted(column)));
    }

    private static Optional<Instant> time(Query query, String name) {
        return query.first(name)
            .map(text -> Times.parse(text).orElseThrow(() -> new Refused(new BadParameter(name))));
    }

    /// What to include, of these.
    ///
    /// @throws Refused with [BadParameter] for anything else
    public static List<String> include(Query query, List<String> known) {
        var wanted = query.first("include").map(list -> Arrays.stream(list.split(",")).map(String::strip).toList())
            .orElse(List.of());
        if (!known.containsAll(wanted)) {
            throw new Refused(new BadParameter("include"));
        }
        return wanted;
    }
}
