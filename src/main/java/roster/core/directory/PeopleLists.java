package roster.core.directory;

import java.util.HashMap;
import java.util.Optional;
import java.util.UUID;
import roster.base.secret.CursorCodec;
import roster.base.secret.LengthPrefixed;
import roster.core.index.PeopleFilter.Kind;
import roster.core.index.PeopleQuery;
import roster.core.index.PeopleRequest;
import roster.core.index.PeopleRequest.Place;
import roster.core.index.SortPosition;
import roster.model.Org;
import roster.model.Problem.BadParameter;
import roster.model.Refused;

/// The list of people, with places in it that clients bring back: a query and a position, sealed, as addresses must not
/// show names.
public final class PeopleLists {
    /// Another one once the fields change, so that older places are refused.
    private static final String LIST = "people1";

    private final CursorCodec codec;

    PeopleLists(CursorCodec codec) {
        this.codec = codec;
    }

    /// A page to look at, full where the list is long enough: in the place of one that those it began with have left, it is the
    /// last page; in the place of one that too few come before, the first.
    ///
    /// @param view of the organisation, as handed out by [DirectoryCache#read]
    public PeopleList list(DirectoryView view, Org.Id org, PeopleRequest request) {
        var list = walk(view, org, request);
        return switch (request.place()) {
            case Place.After _ when list.users().isEmpty() && list.matching() > 0 ->
                walk(view, org, request.at(Place.END));
            case Place.Before _ when list.users().size() < Math.min(request.rows(), list.matching()) ->
                walk(view, org, request.at(Place.FIRST));
            default -> list;
        };
    }

    /// A page of those who follow the place, or come before it, and of no others: from page to page, all who stay where they
    /// are in the list are met once.
    ///
    /// @param view as above
    public PeopleList walk(DirectoryView view, Org.Id org, PeopleRequest request) {
        var slice = view.people(request);
        return new PeopleList(slice.users(), slice.users().isEmpty() ? 0 : slice.offset() + 1, slice.matching(),
            slice.all(), slice.byStatus(), slice.first().map(position -> seal(org, request.query(), position)),
            slice.last().map(position -> seal(org, request.query(), position)), view.state().version());
    }

    private String seal(Org.Id org, PeopleQuery query, SortPosition position) {
        var fields = new LengthPrefixed().add(position.key()).add(position.email()).add(position.id());
        PeopleWords.of(query, Kind.BOTH).forEach((word, value) -> fields.add(word).add(value));
        return codec.seal(org.value(), LIST, fields);
    }

    /// A place that was sealed, and the query that it belongs to.
    public record Opened(PeopleQuery query, SortPosition position) {}

    /// @param sent by a client: anything
    /// @return nothing if this is no place in lists of the organisation
    public Optional<Opened> open(Org.Id org, String sent) {
        return codec.open(org.value(), LIST, sent).map(fields -> {
            var words = new HashMap<String, String>();
            for (var i = 3; i < fields.size(); i += 2) {
                words.put(CursorCodec.text(fields.get(i)), CursorCodec.text(fields.get(i + 1)));
            }
            return new Opened(PeopleWords.read(word -> Optional.ofNullable(words.get(word)), Kind.BOTH),
                new SortPosition(fields.get(0), fields.get(1), UUID.fromString(CursorCodec.text(fields.get(2)))));
        });
    }

    /// The place that an address names. A place of another query is the first page: once the query changes, the place
    /// means nothing.
    ///
    /// @param after a sealed place
    /// @param before a sealed place, or `end`
    /// @throws Refused with [BadParameter] for a damaged place, or both at once
    public Place place(Org.Id org, PeopleQuery query, Optional<String> after, Optional<String> before) {
        return SealedPlaces.place(after, before, (name, sent) -> sealed(org, query, name, sent));
    }

    private Optional<SortPosition> sealed(Org.Id org, PeopleQuery query, String name, String sent) {
        return Optional.of(open(org, sent).orElseThrow(() -> new Refused(new BadParameter(name))))
            .filter(opened -> opened.query().equals(query)).map(Opened::position);
    }
}
