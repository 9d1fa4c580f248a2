package roster.door.web.console;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import roster.core.audit.Happenings.Happening;
import roster.core.audit.TrailEntry;

/// Entries of the audit trail as pages show them, by day.
public record TrailShown(List<Day> days) {
    /// The page of one entry.
    static final String ENTRY = "/console/audit/{entry}";

    /// Tell when something happened to a user as they were: the kinds of entries that [roster.core.user.History#asOf] reads.
    private static final Set<String> MEMBERSHIP = Set.of("role.member_added", "role.member_removed");

    /// What ends together, as when a user is disabled.
    private static final Set<String> ENDED =
        Set.of("session.ended", "application_key.revoked", "access_token.revoked");

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
    /// @param place of the entry, as `182,331`
    /// @param href the entry itself
    /// @param then the user as they were after it
    public record Line(Times.Shown time, Avatar avatar, Sentence.Part actor, boolean service, Sentence did, String way,
        List<Difference> differences, String place, Optional<String> address, String requestId, Optional<String> href,
        Optional<String> then) {}

    /// @param them a user about whom the page is; none: it is about all
    /// @param roles names of roles, as [Changes#roles] asks for
    static TrailShown of(Visit visit, List<TrailEntry> entries, Optional<UUID> them, Map<UUID, String> roles) {
        var sentences = new Sentences(visit.link(), them);
        var changes = new Changes(visit.times(), roles);
        var days = new LinkedHashMap<String, List<Line>>();
        for (var together : together(entries)) {
            days.computeIfAbsent(visit.times().heading(together.getFirst().at()), _ -> new ArrayList<>())
                .add(line(visit, together, them, sentences, changes));
        }
        return new TrailShown(days.entrySet().stream().map(day -> new Day(day.getKey(), day.getValue())).toList());
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

    /// Entries of one write that end several things of one user are told together, as when the user is disabled.
    private static List<List<TrailEntry>> together(List<TrailEntry> entries) {
        var all = new ArrayList<List<TrailEntry>>();
        for (var entry : entries) {
            if (!all.isEmpty() && ENDED.contains(entry.action()) && alike(all.getLast().getFirst(), entry)) {
                all.getLast().add(entry);
            } else {
                all.add(new ArrayList<>(List.of(entry)));
            }
        }
        return all;
    }

    private static boolean alike(TrailEntry one, TrailEntry other) {
        return one.version() == other.version() && one.action().equals(other.action())
            && one.concerned().equals(other.concerned());
    }

    private static Line line(Visit visit, List<TrailEntry> together, Optional<UUID> them, Sentences sentences,
        Changes changes) {
        var entry = together.getFirst();
        var link = visit.link();
        return new Line(visit.times().seconds(entry.at()), avatar(entry),
            sentences.actor(entry), isByService(entry),
            sentences.did(entry, Map.of(entry.action(), (long) together.size())),
            way(entry), together.size() == 1 ? changes.of(entry) : Changes.ended(together),
            place(entry.version(), entry.entry()), entry.address(), entry.requestId(),
            link.to(ENTRY, entry.version() + "." + entry.entry()),
            them.filter(_ -> entry.action().startsWith("user.") || MEMBERSHIP.contains(entry.action()))
                .filter(id -> entry.concerned().filter(user -> user.id().equals(id)).isPresent())
                .flatMap(id -> link.to(PersonPages.PATH, id)).map(href -> href + "?as_of=" + entry.at()));
    }

    /// `182,331`, and which one of several of the same write.
    static String place(long version, int entry) {
        return Words.number(version) + (entry == 1 ? "" : "." + entry);
    }

    private static String way(TrailEntry entry) {
        return switch (entry.way()) {
            case API -> "API";
            case CONSOLE, COMMAND_LINE, JOIN_PAGE, SIGN_IN_PAGE, ROSTER, DATABASE ->
                Words.capital(entry.way().name().toLowerCase(Locale.ROOT).replace('_', ' '));
        };
    }
}
