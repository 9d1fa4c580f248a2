package roster.door.web.console;

import java.util.List;
import java.util.Optional;
import roster.base.http.Needs;
import roster.base.http.Query;
import roster.base.http.Response;
import roster.core.directory.DirectoryFeature;
import roster.core.directory.DirectoryView;
import roster.core.directory.PeopleWords;
import roster.core.index.PeopleFilter.Kind;
import roster.core.index.PeopleQuery;
import roster.core.index.PeopleRequest;
import roster.core.index.PeopleRequest.Place;
import roster.core.preference.Preference;
import roster.model.Id;
import roster.model.Permission;
import roster.model.Problem.BadParameter;
import roster.model.Refused;

/// `/console/people`: the list of people.
public final class PeoplePages {
    static final String PATH = "/console/people";
    static final String PERSON = "/console/people/{id}";

    /// The parameters of the list, in order.
    static final List<String> ORDER = List.of("q", "status", "role", "kind", "seen", "mfa", "added_from", "added_to",
        "sort", "sel");

    private static final String ROWS = "rows";

    private final DirectoryFeature directory;
    private final FromDirectory directories;

    PeoplePages(DirectoryFeature directory, FromDirectory directories) {
        this.directory = directory;
        this.directories = directories;
    }

    void addTo(Console.Pages pages) {
        pages.get(PATH, Needs.sessionOf(Permission.USER_ACCESS_READ), this::list);
    }

    /// What an address asks for.
    ///
    /// @param address canonical
    /// @param fault of the search; empty: none
    record Asked(ListAddress address, PeopleQuery query, Place place, String typed, String fault) {}

    private Response list(Visit visit) {
        keepRows(visit);
        var asked = asked(visit);
        if (!visit.isPart() && asked.fault().isEmpty() && !asked.address().isOf(visit.request().query())) {
            return visit.moved(asked.address());
        }
        var request = new PeopleRequest(asked.query(), asked.place(), visit.viewer().preference().rows(),
            visit.times().now(), visit.viewer().zone());
        var shown = directory.directory.read(visit.caller(), view -> {
            var list = directory.people.list(view, visit.caller().org(), request);
            return new PeopleShown(visit, asked, list,
                list.matching() > 0 ? Optional.empty() : turned(visit, asked, view), view);
        });
        var provisioned = visit.read(tx -> directories.ofPeople(tx, visit.caller().org(), shown.people()));
        var status = asked.fault().isEmpty() ? 200 : 422;
        return visit.isPart() ? visit.page(status, "web/console/people-part.jte", shown.page(provisioned))
            .with("HX-Replace-Url", visit.link().to(asked.address()).orElseThrow())
            : visit.page(status, "web/console/people.jte", shown.page(provisioned));
    }

    /// The search with its words in another order, if that finds someone.
    private Optional<PeopleShown.Turned> turned(Visit visit, Asked asked, DirectoryView view) {
        return asked.query().turned().map(query -> new PeopleShown.Turned(query.text().orElseThrow(),
            directory.people.list(view, visit.caller().org(), new PeopleRequest(query, Place.FIRST, 1,
                visit.times().now(), visit.viewer().zone())).matching()))
            .filter(turned -> turned.matching() > 0);
    }

    /// Another number of rows is kept as a preference.
    static void keepRows(Visit visit) {
        visit.request().query().first(ROWS).ifPresent(sent -> {
            var rows = Preference.ROWS.stream().filter(one -> Integer.toString(one).equals(sent)).findFirst()
                .orElseThrow(() -> new Refused(new BadParameter(ROWS)));
            if (visit.viewer().preference().rows() != rows) {
                visit.prefer(visit.viewer().preference().showing(rows));
            }
        });
    }

    Asked asked(Visit visit) {
        return asked(visit, visit.request().query());
    }

    private Asked asked(Visit visit, Query sent) {
        var address = ListAddress.of(PATH, ORDER, sent);
        var typed = address.value("q").orElse("");
        var tooLong = PeopleQuery.isTooLong(typed);
        var words = tooLong ? address.without("q") : address;
        var query = PeopleWords.read(words::value, Kind.PEOPLE);
        var place = directory.people.place(visit.caller().org(), query, words.value(ListAddress.AFTER),
            words.value(ListAddress.BEFORE));
        var canonical = new ListAddress(PATH, ORDER, PeopleWords.of(query, Kind.PEOPLE));
        if (words.value("sel").filter("all"::equals).isPresent()) {
            canonical = canonical.with("sel", "all");
        }
        return new Asked(canonical.placed(place, words), query, place, typed,
            tooLong ? "Search for at most %d characters.".formatted(PeopleQuery.TEXT_MAX) : "");
    }

    /// Whether a text is an id: then it is that of one of them, and nothing is marked.
    static boolean isId(String text) {
        return Id.parse(text).isPresent();
    }
}
