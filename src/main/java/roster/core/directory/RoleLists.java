package roster.core.directory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import roster.base.secret.CursorCodec;
import roster.base.secret.LengthPrefixed;
import roster.core.directory.RoleList.Listed;
import roster.core.index.PeopleRequest.Place;
import roster.core.index.SortPosition;
import roster.core.permission.Catalogue;
import roster.model.Org;
import roster.model.Problem.BadParameter;
import roster.model.Refused;
import roster.model.Role;
import roster.model.Text;

/// The list of roles, sorted anew for each page: an organisation has thousands at most. Places in it that clients bring back
/// are sealed, as addresses must not show names.
public final class RoleLists {
    /// Another one once the fields change, so that older places are refused.
    private static final String LIST = "roles1";

    private final CursorCodec codec;
    private final Catalogue catalogue;

    RoleLists(CursorCodec codec, Catalogue catalogue) {
        this.codec = codec;
        this.catalogue = catalogue;
    }

    /// A role and where it stands.
    private record Standing(Role role, SortPosition position) {}

    /// A page.
    ///
    /// @param view of the organisation, as handed out by [DirectoryCache#read]
    /// @param rows the most roles wanted
    public RoleList list(DirectoryView view, Org.Id org, RoleQuery query, Place place, int rows) {
        var people = view.people();
        var all = view.roles();
        var matching = new ArrayList<Standing>();
        for (var role : all) {
            var name = Text.folded(role.name());
            if (query.matches(role, name)) {
                matching.add(new Standing(role, query.position(role, name, people.getOrDefault(role.id(), 0L),
                    () -> catalogue.countListed(role.permissions()))));
            }
        }
        matching.sort(Comparator.comparing(Standing::position, query.order()));
        var offset = offset(matching, query, place, rows);
        var page = matching.subList(offset, Math.min(matching.size(), offset + rows));
        return new RoleList(page.stream().map(Standing::role).map(role -> new Listed(role,
            people.getOrDefault(role.id(), 0L), catalogue.countListed(role.permissions()))).toList(),
            page.isEmpty() ? 0 : offset + 1,
            matching.size(), all.size(),
            offset > 0 ? Optional.of(seal(org, query, page.getFirst().position())) : Optional.empty(),
            offset + page.size() < matching.size() ? Optional.of(seal(org, query, page.getLast().position()))
                : Optional.empty());
    }

    /// How many come before the page.
    private static int offset(List<Standing> matching, RoleQuery query, Place place, int rows) {
        var order = query.order();
        var last = matching.isEmpty() ? 0 : (matching.size() - 1) / rows * rows;
        return switch (place) {
            case Place.First _ -> 0;
            case Place.End _ -> last;
            case Place.After(var position) -> {
                var earlier = count(matching, one -> order.compare(one, position) <= 0);
                yield earlier < matching.size() ? earlier : last;
            }
            case Place.Before(var position) ->
                Math.max(0, count(matching, one -> order.compare(one, position) < 0) - rows);
        };
    }

    private static int count(List<Standing> matching, Predicate<SortPosition> earlier) {
        return (int) matching.stream().map(Standing::position).filter(earlier).count();
    }

    private String seal(Org.Id org, RoleQuery query, SortPosition position) {
        var fields = new LengthPrefixed().add(position.key()).add(position.email()).add(position.id());
        query.words().forEach((word, value) -> fields.add(word).add(value));
        return codec.seal(org.value(), LIST, fields);
    }

    /// The place that an address names. A place of another query is the first page: once the query changes, the place
    /// means nothing.
    ///
    /// @param after a sealed place
    /// @param before a sealed place, or `end`
    /// @throws Refused with [BadParameter] for a damaged place, or both at once
    public Place place(Org.Id org, RoleQuery query, Optional<String> after, Optional<String> before) {
        return SealedPlaces.place(after, before, (name, sent) -> sealed(org, query, name, sent));
    }

    private Optional<SortPosition> sealed(Org.Id org, RoleQuery query, String name, String sent) {
        var fields = codec.open(org.value(), LIST, sent).orElseThrow(() -> new Refused(new BadParameter(name)));
        var words = new ArrayList<String>();
        query.words().forEach((word, value) -> {
            words.add(word);
            words.add(value);
        });
        return fields.stream().skip(3).map(CursorCodec::text).toList().equals(words)
            ? Optional.of(new SortPosition(fields.get(0), fields.get(1),
                UUID.fromString(CursorCodec.text(fields.get(2)))))
            : Optional.empty();
    }
}
