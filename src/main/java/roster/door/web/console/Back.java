package roster.door.web.console;

import java.util.List;
import java.util.Optional;
import roster.base.http.Query;

/// The list that led to a page, and leads back. A page of one of its entries is handed the query of the list as `from`.
///
/// @param label such as `People matching “mart”`
public record Back(String href, String label) {
    private static final String FROM = "from";

    /// @param order the parameters of the list
    /// @param label of the bare list, such as `People`
    /// @return none if the caller may not open the list
    static Optional<Back> of(Visit visit, String path, List<String> order, String label) {
        var address = visit.request().query().first(FROM).flatMap(Back::query)
            .map(query -> ListAddress.of(path, order, query)).orElseGet(() -> ListAddress.of(path, order));
        return visit.link().to(address).map(href -> new Back(href, address.value("q")
            .map(text -> label + " matching “" + text + "”").orElse(label)));
    }

    private static Optional<Query> query(String sent) {
        try {
            return Optional.of(Query.of(sent));
        } catch (IllegalArgumentException e) { // the address was changed by hand
            return Optional.empty();
        }
    }

    /// The address of a page of an entry, with the list that leads there.
    static String leading(String href, ListAddress list) {
        var text = list.text();
        var mark = text.indexOf('?');
        return mark < 0 ? href : href + "?" + FROM + "=" + Link.encoded(text.substring(mark + 1));
    }

    /// The people that led here.
    static Optional<Back> toPeople(Visit visit) {
        return of(visit, PeoplePages.PATH, PeoplePages.ORDER, "People");
    }
}
