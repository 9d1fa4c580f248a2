package roster.door.web.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import roster.base.http.Response;
import roster.core.audit.TrailEntry;
import roster.core.audit.TrailOfUser.Place;
import roster.core.audit.TrailSearch;
import roster.core.user.History;
import roster.core.user.UserFeature;
import roster.model.Problem.NotFound;
import roster.model.Refused;

/// `/console/audit/{entry}`: one entry of the audit trail, and those of the same write.
public final class AuditEntryPages {
    private static final Pattern PLACE = Pattern.compile("([0-9]{1,18})[.]([0-9]{1,9})");

    /// Of the same write.
    private static final int SHOWN = 100;

    private final History history;

    AuditEntryPages(UserFeature user) {
        history = user.history;
    }

    /// @param address of the page, to hand to others
    /// @param id of the event in the API
    /// @param time with its seconds
    /// @param ways to what else there is of it
    /// @param others of the same write
    public record EntryPage(Shell shell, Optional<Back> back, String title, TrailShown.Line line, Times.Shown time,
        String id, String kind, String address, List<Way> ways, String othersHeading, TrailShown others) {}

    /// @param href of the audit trail, narrowed
    public record Way(String label, String href) {}

    void addTo(Console.Pages pages) {
        pages.get(TrailShown.ENTRY, AuditPages.NEEDS, this::show);
    }

    private Response show(Visit visit) {
        var place = place(visit.request().pathText("entry"));
        visit.viewer(); // a read of its own, before this one
        var org = visit.caller().org();
        return visit.page("web/console/audit-entry.jte", visit.read(tx -> {
            var entry = TrailSearch.entry(tx, org, place)
                .orElseThrow(() -> new Refused(new NotFound("entry not found")));
            var write = TrailSearch.ofWrite(tx, org, place.version(), SHOWN + 1);
            var all = new ArrayList<>(write);
            all.add(entry);
            var roles = history.roleNames(tx, org, Changes.roles(all));
            return page(visit, entry, write, TrailShown.line(visit, entry, roles), TrailShown.of(visit,
                write.stream().limit(SHOWN).filter(one -> !one.place().equals(place)).toList(), Optional.empty(),
                roles));
        }));
    }

    private static Place place(String sent) {
        var found = PLACE.matcher(sent);
        if (!found.matches()) {
            throw new Refused(new NotFound("entry not found"));
        }
        return new Place(Long.parseLong(found.group(1)), Integer.parseInt(found.group(2)));
    }

    private static EntryPage page(Visit visit, TrailEntry entry, List<TrailEntry> write, TrailShown.Line line,
        TrailShown others) {
        var title = "Entry " + TrailShown.place(entry.version(), entry.entry());
        return new EntryPage(visit.shell(Section.AUDIT, title),
            visit.link().to(AuditPages.PATH).map(href -> new Back(href, "Audit trail")), title, line,
            visit.times().exact(entry.at()), entry.version() + "-" + entry.entry(), entry.action(),
            visit.absolute(AuditPages.PATH + "/" + entry.version() + "." + entry.entry()),
            ways(visit, entry), write.size() > SHOWN ? "The first " + SHOWN + " of the same write"
                : write.size() == 2 ? "1 other of the same write"
                : Words.number(write.size() - 1) + " others of the same write",
            others);
    }

    /// What else there is about whom and what it tells of, and of its request.
    private static List<Way> ways(Visit visit, TrailEntry entry) {
        var ways = new ArrayList<Way>();
        var about = entry.concerned().map(one -> new Way(one.name().orElse(Sentences.ANONYMISED), one.id().toString()))
            .orElseGet(() -> new Way(entry.subjectName(), entry.subject().toString()));
        narrowed(visit, entry, "about", about.href()).map(href -> new Way("Only changes about " + about.label(), href))
            .ifPresent(ways::add);
        narrowed(visit, entry, "q", entry.requestId()).map(href -> new Way("Only changes of this request", href))
            .ifPresent(ways::add);
        return ways;
    }

    private static Optional<String> narrowed(Visit visit, TrailEntry entry, String parameter, String value) {
        return visit.link().to(TrailShown.reaching(visit, ListAddress.of(AuditPages.PATH, AuditPages.ORDER), entry)
            .with(parameter, value));
    }
}
