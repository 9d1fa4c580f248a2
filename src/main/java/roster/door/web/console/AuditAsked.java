package roster.door.web.console;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import roster.base.secret.CursorCodec;
import roster.core.audit.AuditEvents.Clock;
import roster.core.audit.AuditEvents.Place;
import roster.core.audit.AuditQuery;
import roster.core.audit.AuditQuery.Unreadable;
import roster.core.audit.Topic;
import roster.core.audit.TrailEntry.Way;
import roster.core.audit.TrailQuery;
import roster.core.audit.TrailSearch.From;
import roster.model.Id;
import roster.model.Problem.BadParameter;
import roster.model.Refused;

/// What an address of the audit trail asks for.
///
/// @param address canonical
/// @param typed in the field of the search
/// @param fault of it; empty: none
/// @param written in the language of queries
/// @param unreadable where it is none; then it is left out of the query
record AuditAsked(ListAddress address, TrailQuery query, From from, String typed, String fault, String written,
    Optional<Unreadable> unreadable) {
    static final String USUAL = "7d";
    static final String TODAY = "today";
    static final String YESTERDAY = "yesterday";

    /// For how long back, by the word for it.
    static final Map<String, Duration> SPANS = new LinkedHashMap<>();
    static {
        SPANS.put("24h", Duration.ofHours(24));
        SPANS.put(USUAL, Duration.ofDays(7));
        SPANS.put("30d", Duration.ofDays(30));
    }

    /// What cursors of this list begin with.
    private static final String MARK = "console audit\n";

    private static final int PLACE_PARTS = 3;

    /// @param clock of the database
    /// @throws Refused with [BadParameter] for what no page of ours sends
    static AuditAsked of(Visit visit, ListAddress sent, CursorCodec cursors, Clock clock) {
        var typed = sent.value("q").map(String::strip).orElse("");
        var tooLong = typed.length() > TrailQuery.TEXT_MAX;
        var written = sent.value("query").map(String::strip).filter(text -> !text.equals("*")).orElse("");
        var unreadable = unreadable(written);
        var zone = visit.viewer().zone();
        var canonical = canonical(dated(sent, zone, clock), tooLong ? "" : typed,
            unreadable.isPresent() ? "" : written);
        canonical.value("when")
            .ifPresent(word -> checked("when", word, known -> Optional.ofNullable(SPANS.get(known))));
        var query = new TrailQuery(begin(canonical, zone, clock), end(canonical, zone, clock), canonical.value("q"),
            canonical.value("query").map(AuditQuery::parse).orElse(AuditQuery.ALL),
            canonical.value("what").map(word -> checked("what", word, Topic::named)),
            canonical.value("source").map(word -> checked("source", word, AuditAsked::way)),
            named(canonical, "by", TrailQuery::isActor),
            named(canonical, "about", text -> Id.parse(text).isPresent()).stream().map(UUID::fromString).toList());
        var from = from(visit, sent, cursors);
        return new AuditAsked(switch (from) {
            case From.Latest _ -> canonical;
            case From.Earliest _ -> canonical.at(ListAddress.BEFORE, ListAddress.END);
            case From.After _ -> canonical.at(ListAddress.AFTER, sent.value(ListAddress.AFTER).orElseThrow());
            case From.Before _ -> canonical.at(ListAddress.BEFORE, sent.value(ListAddress.BEFORE).orElseThrow());
        }, query, from, typed, tooLong ? "Search for at most %d characters.".formatted(TrailQuery.TEXT_MAX) : "",
            written, unreadable);
    }

    private static Optional<Unreadable> unreadable(String written) {
        try {
            AuditQuery.parse(written);
            return Optional.empty();
        } catch (Unreadable e) {
            return Optional.of(e);
        }
    }

    /// A day that was chosen, as its beginning and its end.
    private static ListAddress dated(ListAddress sent, ZoneId zone, Clock clock) {
        var today = LocalDate.ofInstant(clock.now(), zone);
        var day = switch (sent.value("when").orElse("")) {
            case TODAY -> Optional.of(today);
            case YESTERDAY -> Optional.of(today.minusDays(1));
            default -> sent.value("day").map(text -> checked("day", text, AuditAsked::dayOf));
        };
        var rest = sent.without("day");
        return day.map(LocalDate::toString)
            .map(text -> rest.without("when").with("from", text).with("to", text)).orElse(rest);
    }

    private static Optional<LocalDate> dayOf(String text) {
        return moment(text, ZoneOffset.UTC, false).filter(_ -> text.indexOf('T') < 0).map(_ -> LocalDate.parse(text));
    }

    private static ListAddress canonical(ListAddress sent, String typed, String written) {
        var canonical = sent.with("q", typed).with("query", written);
        if (sent.value("when").filter(SPANS::containsKey).isPresent()) {
            canonical = canonical.without("from").without("to");
        }
        return canonical.value("when").filter(USUAL::equals).isPresent() ? canonical.without("when") : canonical;
    }

    private static <T> T checked(String parameter, String value, Function<String, Optional<T>> read) {
        return read.apply(value).orElseThrow(() -> new Refused(new BadParameter(parameter)));
    }

    static String word(Way way) {
        return way.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    private static Optional<Way> way(String word) {
        return Stream.of(Way.values()).filter(one -> word(one).equals(word)).findFirst();
    }

    private static List<String> named(ListAddress address, String parameter, Predicate<String> known) {
        var all = Visit.several(address.value(parameter).orElse("")).stream().distinct().toList();
        if (all.size() > TrailQuery.NAMED_MAX || !all.stream().allMatch(known)) {
            throw new Refused(new BadParameter(parameter));
        }
        return all;
    }

    private static Instant begin(ListAddress address, ZoneId zone, Clock clock) {
        return address.value("from").map(text -> checked("from", text, sent -> moment(sent, zone, false)))
            .orElseGet(() -> address.value("to").isPresent() ? Instant.EPOCH
                : clock.now().minus(SPANS.get(address.value("when").orElse(USUAL))));
    }

    private static Instant end(ListAddress address, ZoneId zone, Clock clock) {
        return address.value("to").map(text -> checked("to", text, sent -> moment(sent, zone, true)))
            .orElse(clock.end());
    }

    /// A day, or a minute of one, in a zone.
    ///
    /// @param last the end of it rather than the beginning
    static Optional<Instant> moment(String text, ZoneId zone, boolean last) {
        try {
            var isDay = text.indexOf('T') < 0;
            var begin = isDay ? LocalDate.parse(text).atStartOfDay()
                : LocalDateTime.parse(text).truncatedTo(ChronoUnit.MINUTES);
            if (begin.getYear() < 1970 || begin.getYear() > 9999) {
                return Optional.empty();
            }
            var after = isDay ? begin.plusDays(1) : begin.plusMinutes(1);
            return Optional.of(last ? after.atZone(zone).toInstant().minus(1, ChronoUnit.MICROS)
                : begin.atZone(zone).toInstant());
        } catch (DateTimeException e) { // typed by hand
            return Optional.empty();
        }
    }

    private static From from(Visit visit, ListAddress sent, CursorCodec cursors) {
        var after = sent.value(ListAddress.AFTER);
        if (after.isPresent()) {
            if (sent.value(ListAddress.BEFORE).isPresent()) {
                throw new Refused(new BadParameter(ListAddress.BEFORE));
            }
            return new From.After(place(visit, cursors, ListAddress.AFTER, after.get()));
        }
        return sent.value(ListAddress.BEFORE).map(before -> before.equals(ListAddress.END) ? new From.Earliest()
            : new From.Before(place(visit, cursors, ListAddress.BEFORE, before))).orElseGet(From.Latest::new);
    }

    private static Place place(Visit visit, CursorCodec cursors, String parameter, String sealed) {
        var parts = cursors.openText(visit.caller().org().value(), MARK, sealed).map(text -> text.split("\n", -1))
            .filter(all -> all.length == PLACE_PARTS)
            .orElseThrow(() -> new Refused(new BadParameter(parameter)));
        return new Place(Instant.EPOCH.plus(Long.parseLong(parts[0]), ChronoUnit.MICROS), Long.parseLong(parts[1]),
            Integer.parseInt(parts[2]));
    }

    static String sealed(Visit visit, CursorCodec cursors, Place place) {
        return cursors.sealText(visit.caller().org().value(), MARK, "%d\n%d\n%d".formatted(
            ChronoUnit.MICROS.between(Instant.EPOCH, place.at()), place.version(), place.entry()));
    }

    /// The day that it asks for, if it is one.
    Optional<LocalDate> day() {
        return address.value("from").filter(from -> address.value("to").filter(from::equals).isPresent())
            .flatMap(AuditAsked::dayOf);
    }

    /// Whether it asks for less than everything of its time.
    boolean isNarrowed() {
        return Stream.of("q", "query", "what", "source", "by", "about")
            .anyMatch(name -> address.value(name).isPresent());
    }
}
