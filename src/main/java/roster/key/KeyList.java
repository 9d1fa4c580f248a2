package roster.key;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import roster.http.Query;
import roster.model.Problem.BadParameter;
import roster.model.Refused;

/// What the lists of keys have in common: how their parameters are read.
final class KeyList {
    private KeyList() {}

    /// A stretch of time, both ends included.
    record Span(Optional<Instant> start, Optional<Instant> end) {}

    record Sorted<S>(S by, boolean descending) {}

    /// @throws Refused with [BadParameter] for what is no time with its offset
    static Span span(Query query, String column) {
        return new Span(time(query, "filter[%s][start]".formatted(column)),
            time(query, "filter[%s][end]".formatted(column)));
    }

    private static Optional<Instant> time(Query query, String name) {
        return query.first(name).map(text -> {
            try {
                return OffsetDateTime.parse(text).toInstant();
            } catch (DateTimeException e) {
                throw new Refused(new BadParameter(name));
            }
        });
    }

    /// @param all what the list may be sorted by; its first one is the usual
    static <S extends Enum<S>> Sorted<S> sort(Query query, S[] all) {
        var sort = query.first("sort").orElse(all[0].name().toLowerCase(Locale.ROOT));
        var descending = sort.startsWith("-");
        var by = Arrays.stream(all)
            .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(descending ? sort.substring(1) : sort))
            .findFirst()
            .orElseThrow(() -> new Refused(new BadParameter("sort")));
        return new Sorted<>(by, descending);
    }

    /// What to include, of these.
    ///
    /// @throws Refused with [BadParameter] for anything else
    static List<String> include(Query query, List<String> known) {
        var wanted = query.first("include").map(list -> Arrays.stream(list.split(",")).map(String::strip).toList())
            .orElse(List.of());
        if (!known.containsAll(wanted)) {
            throw new Refused(new BadParameter("include"));
        }
        return wanted;
    }
}
