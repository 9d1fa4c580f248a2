package roster.door.api.users;

import static roster.model.Permission.USER_ACCESS_READ;

import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.TreeMap;
import java.util.function.Function;
import roster.base.http.Query;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.base.jsonapi.Document;
import roster.base.jsonapi.PageParameters;
import roster.base.net.PublicUrl;
import roster.core.directory.DirectoryCache;
import roster.core.directory.DirectoryFeature;
import roster.core.directory.PeopleList;
import roster.core.directory.PeopleLists;
import roster.core.directory.PeopleWords;
import roster.core.index.PeopleFilter.Kind;
import roster.core.index.PeopleQuery;
import roster.core.index.PeopleRequest;
import roster.core.index.PeopleRequest.Place;
import roster.core.index.SortPosition;
import roster.model.Org;
import roster.model.Problem.BadParameter;
import roster.model.Refused;

/// `/api/v2/roster/users`: the users of the caller's organisation as the console lists them. An addition of Roster to the
/// contract.
final class PeopleApi {
    private static final String PATH = "/api/v2/roster/users";
    private static final String END = "end";
    private static final String AFTER = "page[after]";
    private static final String BEFORE = "page[before]";

    private final DirectoryCache directory;
    private final PeopleLists people;
    private final UserTags tags;
    private final RenderedUsers rendered;
    private final PublicUrl publicUrl;
    private final InstantSource clock;

    /// @param clock from which 90 days are counted back
    PeopleApi(DirectoryFeature directory, UserTags tags, RenderedUsers rendered, PublicUrl publicUrl,
        InstantSource clock) {
        this.directory = directory.directory;
        this.people = directory.people;
        this.tags = tags;
        this.rendered = rendered;
        this.publicUrl = publicUrl;
        this.clock = clock;
    }

    void addTo(Routes routes) {
        routes.get(PATH, USER_ACCESS_READ, this::list);
    }

    private Response list(Request request) {
        var org = request.caller().org();
        var wanted = wanted(org, request.query());
        return directory.read(request.caller(),
            view -> Shown.to(request, tags.of(org, view.state(), wanted), () -> {
                var list = people.walk(view, org, wanted);
                return document(list, wanted.rows())
                    .includingRendered(rendered.included(view, list.users()));
            })).answer();
    }

    private Document document(PeopleList list, int rows) {
        var statuses = new TreeMap<String, Long>();
        list.byStatus().forEach((status, count) -> statuses.put(status.text(), count));
        return Document.ofRenderedList(rendered.listed(list.users()))
            .count("total_count", list.all())
            .count("total_filtered_count", list.matching())
            .count("first_rank", list.rank())
            .count("max_page_size", UserListApi.PAGE_MAX)
            .meta("status_counts", statuses)
            .meta("version", list.version())
            .previous(list.before().map(place -> address("before", place, rows)))
            .next(list.after().map(place -> address("after", place, rows)));
    }

    private String address(String side, String place, int rows) {
        return publicUrl.reference(PATH + "?page%%5B%s%%5D=%s&page%%5Bsize%%5D=%d".formatted(side, place, rows));
    }

    private PeopleRequest wanted(Org.Id org, Query sent) {
        if (sent.first("page[number]").isPresent()) {
            throw new Refused(new BadParameter("page[number]"));
        }
        var rows = PageParameters.paging(sent, UserListApi.PAGE_MAX).size();
        var query = PeopleWords.read(sent::first, PeopleApi::parameter, Kind.BOTH);
        var after = sent.first(AFTER);
        var before = sent.first(BEFORE);
        if (after.isPresent() && before.isPresent()) {
            throw new Refused(new BadParameter(BEFORE));
        }
        if (after.isPresent()) {
            return opened(org, sent, query, AFTER, after.get(), Place.After::new).at(rows, clock);
        }
        return before.filter(place -> !place.equals(END))
            .map(place -> opened(org, sent, query, BEFORE, place, Place.Before::new))
            .orElseGet(() -> new Found(query, before.isPresent() ? Place.END : Place.FIRST)).at(rows, clock);
    }

    private record Found(PeopleQuery query, Place place) {
        PeopleRequest at(int rows, InstantSource clock) {
            return new PeopleRequest(query, place, rows, clock.instant(), ZoneOffset.UTC);
        }
    }

    /// A place contains its query. Parameters that are sent with it must agree with it.
    private Found opened(Org.Id org, Query sent, PeopleQuery query, String name, String place,
        Function<SortPosition, Place> side) {
        var alone = sent.names().stream().noneMatch(other -> other.equals("sort") || other.startsWith("filter"));
        return people.open(org, place).filter(opened -> alone || opened.query().equals(query))
            .map(opened -> new Found(opened.query(), side.apply(opened.position())))
            .orElseThrow(() -> new Refused(new BadParameter(name)));
    }

    /// The name of a parameter, by the word for it.
    private static String parameter(String word) {
        return switch (word) {
            case "q" -> "filter";
            case "sort" -> "sort";
            default -> "filter[" + word + "]";
        };
    }
}
