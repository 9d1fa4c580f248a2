package roster.door.scim;

import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import roster.base.http.Query;
import roster.base.scim.ResourceType;
import roster.base.scim.Selection;
import roster.base.scim.SortOrder;
import roster.model.Problem.BadParameter;
import roster.model.Problem.BadScim;
import roster.model.Refused;
import roster.model.ScimType;

/// What a request for a list asks for, in its query or in its body.
///
/// @param attributes,excluded names, each text with any number of them
/// @param startIndex of the first resource, from 1
/// @param count the most resources; 0 asks for the total alone
/// @param cursor where the part before ended; empty for the first one
/// @see <a href="https://www.rfc-editor.org/rfc/rfc7644#section-3.4.2">RFC 7644, 3.4.2</a>
/// @see <a href="https://www.rfc-editor.org/rfc/rfc9865#section-2">RFC 9865, 2</a>
record ListAsked(Optional<String> filter, Optional<String> sortBy, boolean descending, List<String> attributes,
    List<String> excluded, long startIndex, int count, Optional<String> cursor) {

    /// @throws Refused with [BadParameter] for what is no number, and BadScim for an unknown `sortOrder`, or a cursor with a
    ///     `startIndex`
    static ListAsked inQuery(Call call) {
        var query = call.request().query();
        var cursor =
            query.names().contains("cursor") ? Optional.of(query.first("cursor").orElse("")) : Optional.<String>empty();
        return of(call.filter(), query::first, query.all("attributes"), query.all("excludedAttributes"),
            name -> number(query, name), cursor);
    }

    /// @throws Refused as [#inQuery], and as [SearchBody#read] does
    static ListAsked inBody(Call call) {
        var body = SearchBody.read(call.object());
        return of(body.text("filter"), body::text, body.texts("attributes"), body.texts("excludedAttributes"),
            body::number, body.cursor());
    }

    private static ListAsked of(Optional<String> filter, Function<String, Optional<String>> text,
        List<String> attributes, List<String> excluded, Function<String, Optional<BigInteger>> number,
        Optional<String> cursor) {
        var startIndex = number.apply("startIndex");
        if (cursor.isPresent() && startIndex.isPresent()) {
            throw bad("cursor and startIndex: a list is paged by one of them");
        }
        return new ListAsked(filter, text.apply("sortBy"),
            text.apply("sortOrder").map(ListAsked::isDescending).orElse(false), attributes, excluded,
            startIndex.map(some -> within(some, 1, Integer.MAX_VALUE)).orElse(1),
            number.apply("count").map(some -> within(some, 0, Bounds.PAGE)).orElse(Bounds.USUAL_PAGE), cursor);
    }

    private static Optional<BigInteger> number(Query query, String name) {
        return query.first(name).map(text -> {
            if (!text.matches("[+ -]?[0-9]{1,100}")) { // a plus that was not encoded is a blank
                throw new Refused(new BadParameter(name));
            }
            return new BigInteger(text.strip());
        });
    }

    private static int within(BigInteger number, int least, int most) {
        return number.max(BigInteger.valueOf(least)).min(BigInteger.valueOf(most)).intValue();
    }

    private static boolean isDescending(String order) {
        return switch (order.toLowerCase(Locale.ROOT)) {
            case "ascending" -> false;
            case "descending" -> true;
            default -> throw bad("sortOrder: is ascending or descending");
        };
    }

    private static Refused bad(String detail) {
        return new Refused(new BadScim(ScimType.INVALID_VALUE, detail));
    }

    Selection selection(ResourceType type) {
        return Selection.of(type, attributes, excluded);
    }

    /// The order of a list that has resources of some types.
    ///
    /// @param sortable by type
    /// @throws Refused with BadScim if none of them can be sorted so
    Optional<SortOrder> order(Sortable... sortable) {
        return sortBy.map(typed -> Stream.of(sortable)
            .flatMap(one -> SortOrder.parse(one.type(), one.attributes(), typed, descending).stream()).findFirst()
            .orElseThrow(() -> bad("sortBy: the list cannot be sorted by this")));
    }

    /// By what resources of a type are sorted.
    record Sortable(ResourceType type, Set<String> attributes) {}

    long skipped() {
        return startIndex - 1;
    }
}
