package roster.door.web.console;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import roster.core.audit.AuditEvents.Place;
import roster.core.audit.Topic;
import roster.core.audit.TrailEntry.Way;
import roster.core.audit.Verifications.Standing;
import roster.door.web.console.AuditPage.AuditTable;
import roster.door.web.console.AuditPage.File;
import roster.door.web.console.AuditPage.Select;
import roster.door.web.console.AuditPages.Read;
import roster.door.web.console.PeoplePage.Empty;

/// A page of the audit trail in words.
final class AuditShown {
    /// Those that have chips.
    private static final List<String> CHIPS = List.of("query", "from", "to", "by", "about");

    private static final String WHEN = "when";
    private static final String WHAT = "what";
    private static final String SOURCE = "source";

    private static final Map<Topic, String> TOPICS = Map.of(Topic.PEOPLE, "People", Topic.INVITATIONS, "Invitations",
        Topic.ROLES, "Roles", Topic.KEYS, "Keys", Topic.SIGNING_IN, "Signing in", Topic.SETTINGS, "Settings",
        Topic.EXPORTS, "Exports");

    private final Visit visit;
    private final AuditAsked asked;
    private final ListAddress address;
    private final Shell shell;
    private final Standing standing;
    private final Map<String, String> names;

    /// Without a list.
    private AuditShown(Visit visit, AuditAsked asked, Standing standing, Map<String, String> names) {
        this.visit = visit;
        this.asked = asked;
        this.address = asked.address();
        this.standing = standing;
        this.names = names;
        shell = visit.shell(Section.AUDIT,
            (asked.unreadable().isPresent() || !asked.fault().isEmpty() ? "Error: " : "") + "Audit trail"
                + address.value("q").map(text -> " matching “" + text + "”").orElse(""));
    }

    /// @param sealed makes the place of a page, for its address
    static AuditPage of(Visit visit, AuditAsked asked, Read read, Function<Place, String> sealed) {
        var shown = new AuditShown(visit, asked, read.standing(), read.names());
        return shown.page(shown.table(read, sealed));
    }

    /// @param seconds after which to try again
    static AuditPage busy(Visit visit, AuditAsked asked, Standing standing, long seconds) {
        var shown = new AuditShown(visit, asked, standing, Map.of());
        return shown.page(shown.table("Nothing was searched", TrailShown.NOTHING, Optional.empty(), Optional.empty(),
            "The search did not end within 2 seconds, or others search at the same time. "
                + Words.tryAgain(seconds) + " A shorter time is searched faster."));
    }

    private AuditPage page(AuditTable table) {
        var chips = chips();
        return new AuditPage(shell, href(bare()), asked.typed(), asked.fault(), values("from", "to", "by", "about"),
            values("q", "query", WHAT, SOURCE, "by", "about"), selects(),
            AuditPage.Written.of(asked.written(), asked.unreadable()), asked.day().map(LocalDate::toString).orElse(""),
            field("from", false), field("to", true), chips,
            chips.isEmpty() ? Optional.empty() : Optional.of(href(cleared())), files(), table);
    }

    private Map<String, String> values(String... parameters) {
        var values = new LinkedHashMap<String, String>();
        Stream.of(parameters).forEach(name -> address.value(name).ifPresent(value -> values.put(name, value)));
        return values;
    }

    private static ListAddress bare() {
        return ListAddress.of(AuditPages.PATH, AuditPages.ORDER);
    }

    private String href(ListAddress to) {
        return visit.link().to(to).orElseThrow();
    }

    private ListAddress cleared() {
        var clear = address;
        for (var chip : CHIPS) {
            clear = clear.without(chip);
        }
        return clear;
    }

    private List<Select> selects() {
        var when = new LinkedHashMap<String, String>();
        if (isDated()) {
            when.put("", asked.day().map(Times::day).orElse("From and to"));
        }
        when.put(AuditAsked.TODAY, "Today");
        when.put(AuditAsked.YESTERDAY, "Yesterday");
        AuditAsked.SPANS.keySet().forEach(word -> when.put(word, Words.capital(span(word))));
        var what = new LinkedHashMap<String, String>();
        what.put("", "Every change");
        Stream.of(Topic.values()).forEach(one -> what.put(one.word(), TOPICS.get(one)));
        var source = new LinkedHashMap<String, String>();
        source.put("", "Any source");
        Stream.of(Way.values()).forEach(one -> source.put(AuditAsked.word(one), TrailShown.way(one)));
        return List.of(
            new Select(WHEN, "When", when, isDated() ? "" : address.value(WHEN).orElse(AuditAsked.USUAL)),
            new Select(WHAT, "What", what, address.value(WHAT).orElse("")),
            new Select(SOURCE, "Source", source, address.value(SOURCE).orElse("")));
    }

    private boolean isDated() {
        return address.value("from").isPresent() || address.value("to").isPresent();
    }

    /// `last 7 days`
    private static String span(String word) {
        var span = AuditAsked.SPANS.get(word);
        return "last " + (span.toDays() > 1 ? span.toDays() + " days" : span.toHours() + " hours");
    }

    /// As a field for a time has it.
    private String field(String parameter, boolean last) {
        return address.value(parameter)
            .map(text -> text.indexOf('T') >= 0 ? text : text + (last ? "T23:59" : "T00:00")).orElse("");
    }

    private List<FilterChip> chips() {
        var chips = new ArrayList<FilterChip>();
        chip(chips, "query", value -> "Query: " + value);
        asked.day().ifPresentOrElse(
            day -> chips.add(new FilterChip("On " + Times.day(day), href(address.without("from").without("to")))),
            () -> {
                chip(chips, "from", value -> "From " + time(value));
                chip(chips, "to", value -> "Until " + time(value));
            });
        chip(chips, "by", _ -> "By " + either(asked.query().by()));
        chip(chips, "about", _ -> "About " + either(asked.query().about().stream().map(Object::toString).toList()));
        return chips;
    }

    private void chip(List<FilterChip> chips, String parameter, Function<String, String> text) {
        address.value(parameter)
            .ifPresent(value -> chips.add(new FilterChip(text.apply(value), href(address.without(parameter)))));
    }

    private String either(List<String> all) {
        return all.stream().map(one -> names.getOrDefault(one, Sentences.actorName(one)))
            .collect(Collectors.joining(" or "));
    }

    /// `3 Nov 2026` or `3 Nov 2026, 09:00`
    private static String time(String value) {
        return value.indexOf('T') < 0 ? Times.day(LocalDate.parse(value)) : Times.minute(LocalDateTime.parse(value));
    }

    private List<File> files() {
        var values = address.begun().values();
        return Stream.of(new File("CSV, for spreadsheets", AuditFile.CSV),
            new File("JSON, an event a line", AuditFile.NDJSON))
            .flatMap(file -> visit.link().to(new ListAddress(file.href(), AuditPages.ORDER, values))
                .map(href -> new File(file.label(), href)).stream())
            .toList();
    }

    private AuditTable table(Read read, Function<Place, String> sealed) {
        var found = read.found();
        var shown = found.entries().size();
        var pager = Pager.of(visit, address,
            new Pager.Range(shown == 0, found.rank() + 1, found.rank() + shown, found.matching()),
            found.before().map(sealed), found.after().map(sealed));
        return table(heading(found.matching()), TrailShown.of(visit, found.entries(), Optional.empty(), read.roles(),
            address), shown == 0 ? Optional.empty() : Optional.of(pager),
            shown == 0 ? Optional.of(nothing(found.matching())) : Optional.empty(), "");
    }

    private AuditTable table(String heading, TrailShown trail, Optional<Pager> pager, Optional<Empty> empty,
        String busy) {
        return new AuditTable(shell, heading, shell.title() + " · " + shell.viewer().org() + " · Roster",
            TrailSeal.of(visit, standing), trail, pager, empty, busy);
    }

    private String heading(long matching) {
        var text = address.value("q").map(sought -> " “" + sought + "”").orElse("");
        if (matching == 0) {
            return (asked.isNarrowed() ? "Nothing matches" + text : "No changes") + period();
        }
        return Words.counted(matching, "change")
            + (asked.isNarrowed() ? (matching == 1 ? " matches" : " match") + text : "") + period();
    }

    /// ` in the last 7 days`
    private String period() {
        return asked.day().map(day -> " on " + Times.day(day)).orElseGet(() -> !isDated()
            ? " in the " + span(address.value(WHEN).orElse(AuditAsked.USUAL))
            : address.value("from").map(text -> " from " + time(text)).orElse("") + address.value("to")
                .map(text -> (address.value("from").isPresent() ? " to " : " until ") + time(text)).orElse(""));
    }

    /// @param matching more than none: they are on other pages
    private Empty nothing(long matching) {
        if (matching > 0) {
            return new Empty("document", "Nothing more is here", "",
                List.of(new PeoplePage.Way("To the beginning", href(address.begun()), false)));
        }
        var ways = new ArrayList<PeoplePage.Way>();
        if (!isDated() && !address.value(WHEN).equals(Optional.of("30d"))) {
            ways.add(new PeoplePage.Way("Look at the last 30 days", href(address.with(WHEN, "30d")), false));
        }
        address.value("q").ifPresent(_ -> ways.add(new PeoplePage.Way("Clear the search", href(address.without("q")),
            false)));
        if (Stream.of(WHAT, SOURCE).anyMatch(name -> address.value(name).isPresent()) || !chips().isEmpty()) {
            ways.add(new PeoplePage.Way("Clear the filters", href(cleared().without(WHAT).without(SOURCE)), false));
        }
        return new Empty(asked.isNarrowed() ? "search" : "document", heading(0) + ".", "", ways);
    }
}
