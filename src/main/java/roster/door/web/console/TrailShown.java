package roster.door.web.console;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import roster.core.audit.Happenings.Happening;
import roster.core.audit.TrailEntry.Way;
import roster.core.audit.TrailEntry;
import roster.core.audit.TrailQuery;

/// Entries of the audit trail as pages show them, by day.
public record TrailShown(List<Day> days) {
    static final TrailShown NOTHING = new TrailShown(List.of());

    /// The page of one entry.
    static final String ENTRY = "/console/audit/{entry}";

    /// Tell when something happened to a user as they were: the kinds of entries that [roster.core.user.History#asOf] reads.
    private static final Set<String> MEMBERSHIP = Set.of("role.member_added", "role.member_removed");

    /// Are told together only of one user: what ends when they are disabled.
    private static final Set<String> OF_ONE =
        Set.of("session.ended", "application_key.revoked", "access_token.revoked", "invitation.cancelled");

    /// A write in a line.
    ///
    /// @param service whether the actor is a service account
    /// @param way how it came about, as `Console`
    public record Brief(Times.Shown time, Avatar avatar, Sentence.Part actor, boolean service, Sentence did,
        String way) {}

    /// @param heading such as `28 November 2026`
    public record Day(String heading, List<Line> lines) {}

    /// @param actor who acted
    /// @param service whether they are a service account
    /// @param way how it came about, as `Console`
    /// @param whom several people that it tells of
    /// @param place of the entry, as `182,331`
    /// @param more how many entries of the same write are told together with it
    /// @param href the entry itself
    /// @param then the user as they were after it
    /// @param only what the same actor did
    public record Line(Times.Shown time, Avatar avatar, Sentence.Part actor, boolean service, Sentence did, String way,
        List<Difference> differences, List<Sentence.Part> whom, String place, String more, Optional<String> address,
        String requestId, Optional<String> href, Optional<String> then, Optional<Only> only) {}

    /// @param name of the actor
    public record Only(String name, String href) {}

    /// What the lines of a page are made with.
    ///
    /// @param them a user about whom the page is; none: it is about all
    /// @param list that leads on to what one actor did
    private record Making(Visit visit, Optional<UUID> them, Sentences sentences, Changes changes, ListAddress list) {}

    /// @param them a user about whom the page is; none: it is about all
    /// @param roles names of roles, as [Changes#roles] asks for
    static TrailShown of(Visit visit, List<TrailEntry> entries, Optional<UUID> them, Map<UUID, String> roles) {
        return of(visit, entries, them, roles, ListAddress.of(AuditPages.PATH, AuditPages.ORDER));
    }

    /// @param list of the trail, whose filters are kept
    static TrailShown of(Visit visit, List<TrailEntry> entries, Optional<UUID> them, Map<UUID, String> roles,
        ListAddress list) {
        var making =
            new Making(visit, them, new Sentences(visit.link(), them), new Changes(visit.times(), roles), list);
        var days = new LinkedHashMap<String, List<Line>>();
        for (var together : together(entries, them.isEmpty())) {
            days.computeIfAbsent(visit.times().heading(together.getFirst().at()), _ -> new ArrayList<>())
                .add(line(making, together));
        }
        return new TrailShown(days.entrySet().stream().map(day -> new Day(day.getKey(), day.getValue())).toList());
    }

    /// A page of its own for one entry: nothing is told together.
    static Line line(Visit visit, TrailEntry entry, Map<UUID, String> roles) {
        return line(new Making(visit, Optional.empty(), new Sentences(visit.link(), Optional.empty()),
            new Changes(visit.times(), roles), ListAddress.of(AuditPages.PATH, AuditPages.ORDER)), List.of(entry));
    }

    static Brief brief(Visit visit, Happening happening) {
        var entry = happening.main();
        var sentences = new Sentences(visit.link(), Optional.empty());
        return new Brief(visit.times().brief(entry.at()), avatar(entry), sentences.actor(entry), isByService(entry),
            sentences.did(entry, happening.counts()), way(entry));
    }

    private static Optional<TrailEntry.Named> actor(TrailEntry entry) {
        return entry.isOfVisitor() ? entry.concerned() : entry.actor();
    }

    private static boolean isByService(TrailEntry entry) {
        return actor(entry).filter(TrailEntry.Named::service).isPresent();
    }

    private static Avatar avatar(TrailEntry entry) {
        return actor(entry).filter(user -> !user.service()).map(user -> Avatar.of(user.id(), user.name(), user.email()))
            .orElseGet(Avatar::machine);
    }

    /// Entries of one write that are alike are told together, as of people who were added at once, or of what ended when a user
    /// was disabled. The first one of each is told.
    ///
    /// @param ofAll whether they may be of several people
    private static List<List<TrailEntry>> together(List<TrailEntry> entries, boolean ofAll) {
        var all = new ArrayList<List<TrailEntry>>();
        for (var entry : entries) {
            if (!all.isEmpty() && alike(all.getLast().getFirst(), entry, ofAll)) {
                all.getLast().add(entry);
            } else if (!all.isEmpty() && haveInvited(all.getLast(), entry)) {
                all.getLast().addFirst(entry);
            } else {
                all.add(new ArrayList<>(List.of(entry)));
            }
        }
        return all;
    }

    private static boolean alike(TrailEntry one, TrailEntry other, boolean ofAll) {
        return one.version() == other.version() && one.action().equals(other.action())
            && (OF_ONE.contains(one.action()) ? one.concerned().equals(other.concerned())
                : ofAll && Sentences.tellsOfSeveral(one.action())
                    && (!MEMBERSHIP.contains(one.action()) || one.subject().equals(other.subject())));
    }

    /// Whether several invitations went to people who were added by the same write.
    private static boolean haveInvited(List<TrailEntry> later, TrailEntry entry) {
        return later.size() > 1 && later.getFirst().action().equals("invitation.sent")
            && entry.action().equals("user.created") && entry.version() == later.getFirst().version();
    }

    private static Line line(Making making, List<TrailEntry> together) {
        var entry = together.getFirst();
        var visit = making.visit();
        var link = visit.link();
        var counts = together.stream()
            .collect(Collectors.groupingBy(TrailEntry::action, LinkedHashMap::new, Collectors.counting()));
        var first = together.stream().min(Comparator.comparingInt(TrailEntry::entry)).orElse(entry);
        var several = together.size() > 1 && !OF_ONE.contains(entry.action());
        return new Line(visit.times().seconds(entry.at()), avatar(entry), making.sentences().actor(entry),
            isByService(entry), making.sentences().did(entry, counts), way(entry),
            several ? List.of() : together.size() > 1 ? Changes.ended(together) : making.changes().of(entry),
            several ? together.stream().filter(one -> one.action().equals(entry.action()))
                .map(making.sentences()::whom).toList() : List.of(),
            place(first.version(), first.entry()),
            together.size() == 1 ? "" : "and " + Words.number(together.size() - 1) + " of the same write",
            entry.address(), entry.requestId(), link.to(ENTRY, first.version() + "." + first.entry()),
            then(making, entry), only(making, entry));
    }

    private static Optional<String> then(Making making, TrailEntry entry) {
        return making.them().filter(_ -> entry.action().startsWith("user.") || MEMBERSHIP.contains(entry.action()))
            .filter(id -> entry.concerned().filter(user -> user.id().equals(id)).isPresent())
            .flatMap(id -> making.visit().link().to(PersonPages.PATH, id)).map(href -> href + "?as_of=" + entry.at());
    }

    private static Optional<Only> only(Making making, TrailEntry entry) {
        return Optional.of(actor(entry).map(user -> user.id().toString()).orElse(entry.actorName()))
            .filter(TrailQuery::isActor)
            .flatMap(
                actor -> making.visit().link().to(reaching(making.visit(), making.list(), entry).with("by", actor)))
            .map(href -> new Only(making.sentences().actor(entry).text(), href));
    }

    /// The trail from the day of an entry on, where it would begin later.
    static ListAddress reaching(Visit visit, ListAddress list, TrailEntry entry) {
        var usual = List.of("when", "from", "to").stream().allMatch(name -> list.value(name).isEmpty());
        return usual && entry.at().isBefore(visit.times().now().minus(AuditAsked.SPANS.get(AuditAsked.USUAL)))
            ? list.with("from", LocalDate.ofInstant(entry.at(), visit.viewer().zone()).toString()) : list;
    }

    /// `182,331`, and which one of several of the same write.
    static String place(long version, int entry) {
        return Words.number(version) + (entry == 1 ? "" : "." + entry);
    }

    /// `API, key ops-laptop`
    private static String way(TrailEntry entry) {
        return way(entry.way()) + entry.key().map(key -> ", key " + key).orElse("");
    }

    static String way(Way way) {
        return switch (way) {
            case API, SCIM -> way.name();
            case SIGN_IN_PAGE -> "Sign-in page";
            case JOB -> "Console, by a job";
            case CONSOLE, COMMAND_LINE, JOIN_PAGE, ROSTER, DATABASE ->
                Words.capital(way.name().toLowerCase(Locale.ROOT).replace('_', ' '));
        };
    }
}
