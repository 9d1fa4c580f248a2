package roster.door.web.console;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import roster.base.http.Needs;
import roster.base.http.Response;
import roster.core.audit.Happenings;
import roster.core.directory.DirectoryFeature;
import roster.core.directory.DirectoryView;
import roster.core.directory.PeopleList;
import roster.core.index.PeopleFilter;
import roster.core.index.PeopleFilter.Kind;
import roster.core.index.PeopleQuery;
import roster.core.index.PeopleRequest;
import roster.core.index.UserQuery;
import roster.core.invitation.Fate;
import roster.core.invitation.InvitationFigures;
import roster.core.overview.FirstSteps;
import roster.core.overview.OrgDay;
import roster.core.overview.OverviewFeature;
import roster.model.Permission;
import roster.model.Role;
import roster.model.User.Status;

/// `/console/`: what there is, and what needs attention. Each part is there for those who may open the page that it leads to.
public final class OverviewPages {
    private static final int DAYS = 30;
    private static final int RECENT = 8;

    /// Of those who may know who did what.
    private static final Needs TRAIL = Needs.sessionOf(Permission.AUDIT_LOGS_READ);

    /// Of those who may change how people sign in; all may see it.
    private static final Needs PROVIDERS = Needs.sessionOf(Permission.ORG_MANAGEMENT);

    private static final String INVITE = "/console/invite";
    private static final String KEYS = "/console/keys/api";
    private static final String NEW_KEY = "/console/keys/api/new";
    private static final String SIGN_IN = "/console/settings/sign-in";

    /// With more people, an organisation is told nothing of first steps any more.
    private static final int NEW_MAX = 10;

    /// What is told by the value of `told`, which other pages lead here with.
    private static final Map<String, Notice> TOLD =
        Map.of("password", Notice.done("Your password is set. You sign in with it from now on."));

    /// @param lead how many there are of everything; empty: the caller may not know
    /// @param steps of a new organisation; none: it is not new, or the caller may take none of them
    public record OverviewPage(Shell shell, String lead, Optional<String> invite, List<Step> steps, List<Card> cards,
        List<Day> days,
        Optional<SignIns> signIns, Optional<Invitations> invitations, List<Need> attention, boolean attentive,
        Optional<Recent> recent) {}

    /// What a new organisation may do next.
    public record Step(String icon, String label, String text, String href, boolean taken) {}

    /// A number, how it changed, and its line of 30 days.
    ///
    /// @param kind the name of a class
    /// @param sentence that says what the line shows
    public record Card(Status status, String kind, String href, String count, String change, Chart.Line line,
        String sentence) {}

    /// A row of the tables.
    public record Day(String day, String active, String pending, String disabled, String signIns) {}

    /// @param axis from the top on
    /// @param days below the bars
    public record SignIns(Chart.Bars bars, List<String> axis, List<String> days, String today, String sentence) {}

    public record Invitations(String href, List<Figure> figures, String sentence) {}

    /// @param kind the name of a class
    public record Figure(String label, String kind, String count, String href, Chart.Part part) {}

    /// @param href of all changes
    public record Recent(List<TrailShown.Brief> changes, Optional<String> href) {}

    /// @param kind,icon of the badge
    public record Need(String kind, String icon, String count, String text, String href) {}

    private final DirectoryFeature directory;
    private final OverviewFeature overview;

    OverviewPages(DirectoryFeature directory, OverviewFeature overview) {
        this.directory = directory;
        this.overview = overview;
    }

    void addTo(Console.Pages pages) {
        pages.get(Console.PATH, Needs.Simple.SESSION, this::show);
    }

    private Response show(Visit visit) {
        var plain = visit.shell(Section.OVERVIEW, "Overview");
        var shell = visit.request().query().first("told").map(TOLD::get).map(plain::telling).orElse(plain);
        var people = visit.link().to(PeoplePages.PATH);
        var invite = visit.link().to(INVITE);
        if (people.isEmpty()) {
            return visit.page("web/console/overview.jte", new OverviewPage(shell, "", invite, List.of(), List.of(),
                List.of(), Optional.empty(), invitations(visit), needs(visit),
                visit.link().to(InvitationPages.PATH).isPresent(), recent(visit)));
        }
        var today = visit.times().today();
        var list = count(visit, Kind.PEOPLE);
        var accounts = count(visit, Kind.SERVICE).all();
        var past = visit.read(tx -> overview.days.since(tx, visit.caller().org(), today.minusDays(DAYS - 1L)));
        var signIns = visit.read(tx -> overview.days.signIns(tx, visit.caller().org(),
            today.atStartOfDay(visit.viewer().zone()).toInstant()));
        var days = new ArrayList<>(past.stream().filter(day -> day.day().isBefore(today)).toList());
        days.add(new OrgDay(today, list.byStatus().get(Status.ACTIVE), list.byStatus().get(Status.PENDING),
            list.byStatus().get(Status.DISABLED), signIns));
        return visit.page("web/console/overview.jte", new OverviewPage(shell, lead(visit, list, accounts), invite,
            steps(visit, list.all()), cards(days, people.get()),
            days.reversed().stream().map(OverviewPages::day).toList(),
            Optional.of(signIns(days)), invitations(visit), needs(visit), true, recent(visit)));
    }

    /// As long as there is one to take.
    private static List<Step> steps(Visit visit, long people) {
        if (people > NEW_MAX) {
            return List.of();
        }
        var done = visit.read(tx -> FirstSteps.of(tx, visit.caller().org()));
        var steps = new ArrayList<Step>();
        visit.link().to(INVITE).ifPresent(href -> steps.add(new Step("people", "Invite people",
            "Paste their addresses, and see what will happen before anything is sent.", href, people > 1)));
        visit.link().to(SIGN_IN).filter(_ -> PROVIDERS.areMetBy(visit.caller()))
            .ifPresent(href -> steps.add(new Step("lock", "Connect sign-in",
                "Let people sign in with Google, Okta, Microsoft Entra ID or another provider.", href,
                done.provider())));
        visit.link().to(NEW_KEY).ifPresent(href -> steps.add(new Step("key", "Make a key",
            "Programs and the client libraries call the API with it.", href, done.key())));
        return steps.stream().allMatch(Step::taken) ? List.of() : steps;
    }

    private PeopleList count(Visit visit, Kind kind) {
        var request = new PeopleRequest(new PeopleQuery(Optional.empty(), PeopleFilter.of(kind), UserQuery.Sort.NAME,
            false), PeopleRequest.Place.FIRST, 1, visit.times().now(), visit.viewer().zone());
        return directory.directory.read(visit.caller(),
            view -> directory.people.list(view, visit.caller().org(), request));
    }

    private String lead(Visit visit, PeopleList people, long accounts) {
        var total = directory.directory.read(visit.caller(), DirectoryView::roleCount);
        return Words.people(people.all()) + ", " + Words.counted(accounts, "service account") + ", "
            + Words.counted(total, "role");
    }

    private static List<Card> cards(List<OrgDay> days, String people) {
        return List.of(card(Status.ACTIVE, "ok", days, OrgDay::active, people),
            card(Status.PENDING, "wait", days, OrgDay::pending, people),
            card(Status.DISABLED, "off", days, OrgDay::disabled, people));
    }

    private static Card card(Status status, String kind, List<OrgDay> days, ToLongFunction<OrgDay> number,
        String people) {
        var values = days.stream().map(number::applyAsLong).toList();
        var change = values.getLast() - values.getFirst();
        var word = status.text().toLowerCase(Locale.ROOT);
        return new Card(status, kind, people + "?status=" + word, Words.number(values.getLast()),
            change == 0 ? "" : (change > 0 ? "+" : "−") + Words.number(Math.abs(change)), Chart.line(values),
            "%s people: %s on %s, %s today.".formatted(status.text(), Words.number(values.getFirst()),
                Times.day(days.getFirst().day()), Words.number(values.getLast())));
    }

    private static Day day(OrgDay day) {
        return new Day(Times.day(day.day()), Words.number(day.active()), Words.number(day.pending()),
            Words.number(day.disabled()), Words.number(day.signIns()));
    }

    private static SignIns signIns(List<OrgDay> days) {
        var values = new ArrayList<>(Collections.nCopies(DAYS - days.size(), 0L)); // of days that are not known
        days.forEach(day -> values.add(day.signIns()));
        var bars = Chart.bars(values);
        var most = days.stream().max((one, other) -> Long.compare(one.signIns(), other.signIns())).orElseThrow();
        return new SignIns(bars, List.of(Chart.axis(bars.top()), Chart.axis(bars.top() / 2), "0"),
            labels(days.getLast().day()), Words.number(days.getLast().signIns()),
            "Sign-ins a day since %s: most on %s, %s.".formatted(Times.day(days.getFirst().day()),
                Times.day(most.day()), Words.number(most.signIns())));
    }

    /// Some of the days, evenly.
    private static List<String> labels(LocalDate today) {
        return List.of(DAYS - 1, 22, 15, 7, 0).stream().map(ago -> Times.shortDay(today.minusDays(ago))).toList();
    }

    /// What is told apart of invitations.
    ///
    /// @param name the name of a class
    private record Got(String name, String label, Set<Fate> fates) {}

    private static final List<Got> FATES = List.of(
        new Got("accepted", "Accepted", Set.of(Fate.ACCEPTED)),
        new Got("sent", "Sent, open", Set.of(Fate.SENT)),
        new Got("queued", "Queued", Set.of(Fate.QUEUED, Fate.DEFERRED)),
        new Got("expired", "Expired", Set.of(Fate.EXPIRED)),
        new Got("undeliverable", "Failed or bounced", Set.of(Fate.FAILED, Fate.BOUNCED)),
        new Got("cancelled", "Cancelled", Set.of(Fate.CANCELLED)));

    private Optional<Invitations> invitations(Visit visit) {
        return visit.link().to(InvitationPages.PATH).map(href -> {
            var since = visit.times().today().minusDays(DAYS - 1L);
            var found = visit.read(tx -> InvitationFigures.since(tx, visit.caller().org(),
                since.atStartOfDay(visit.viewer().zone()).toInstant()));
            var counts = FATES.stream().map(one -> one.fates().stream().mapToLong(fate -> found.getOrDefault(fate, 0L))
                .sum()).toList();
            var parts = Chart.parts(counts);
            var figures = new ArrayList<Figure>();
            for (var i = 0; i < FATES.size(); i++) {
                var got = FATES.get(i);
                figures.add(new Figure(got.label(), got.name(), Words.number(counts.get(i)), visit.link()
                    .to(InvitationsShown.of(got.fates()).with("sent_from", since.toString())).orElseThrow(),
                    parts.get(i)));
            }
            return new Invitations(href, figures, "Invitations of the last 30 days: " + figures.stream()
                .map(figure -> figure.count() + " " + figure.label().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", ")) + ".");
        });
    }

    private static Optional<Recent> recent(Visit visit) {
        if (!TRAIL.areMetBy(visit.caller())) {
            return Optional.empty();
        }
        visit.viewer(); // a read of its own, before the next
        return Optional.of(new Recent(visit.read(tx -> Happenings.latest(tx, visit.caller().org(), RECENT)).stream()
            .map(happening -> TrailShown.brief(visit, happening)).toList(), visit.link().to("/console/audit")));
    }

    private List<Need> needs(Visit visit) {
        var needs = new ArrayList<Need>();
        var org = visit.caller().org();
        visit.link().to(InvitationPages.PATH).ifPresent(_ -> {
            var urgent = visit.read(tx -> InvitationFigures.urgent(tx, org));
            need(needs, "bad", "triangle", urgent.undeliverable(), "invitation could not be delivered",
                "invitations could not be delivered",
                visit.link().to(InvitationsShown.of(Set.of(Fate.FAILED, Fate.BOUNCED))).orElseThrow());
            need(needs, "wait", "hourglass", urgent.expiring(), "invitation expires within a day",
                "invitations expire within a day", visit.link().to(InvitationsShown
                    .of(Set.of(Fate.QUEUED, Fate.SENT, Fate.DEFERRED)).with("expires", "1d").with("sort", "expires"))
                    .orElseThrow());
        });
        // For those who could do something about it: to others it would only tell whom to attack.
        visit.link().to(EditPages.DISABLE, visit.caller().user().orElseThrow()).flatMap(_ -> visit.link().to(
            PeoplePages.PATH)).ifPresent(href -> {
                var unguarded = visit.read(tx -> overview.attention.administrators(tx, org));
                need(needs, "wait", "lock", unguarded.people(), "administrator without a second factor",
                    "administrators without a second factor",
                    href + "?status=active&role=" + Link.encoded(unguarded.roles()
                        .stream().map(Role.Id::toString).sorted().collect(Collectors.joining(","))) + "&mfa=no");
            });
        visit.alarm().flatMap(TrailSeal::href).ifPresent(href -> need(needs, "bad", "triangle", 1, "broken audit trail",
            "broken audit trails", href));
        visit.link().to(KEYS).ifPresent(href -> need(needs, "off", "key",
            visit.read(tx -> overview.attention.unusedKeys(tx, org, visit.times().now())), "key not used for 90 days",
            "keys not used for 90 days", href + "?use=90d"));
        return needs;
    }

    private static void need(List<Need> needs, String kind, String icon, long count, String one, String many,
        String href) {
        if (count > 0) {
            needs.add(new Need(kind, icon, Words.number(count), count == 1 ? one : many, href));
        }
    }
}
