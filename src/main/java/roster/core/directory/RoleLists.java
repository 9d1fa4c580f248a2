package roster.core.directory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import roster.base.secret.CursorCodec;
import roster.core.directory.RoleList.Listed;
import roster.core.index.PeopleRequest.Place;
import roster.core.index.SortPosition;
import roster.core.permission.Catalogue;
import roster.model.Org;
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
        var offset = (int) place.offset(rows, matching.size(), earlier(matching, query));
        var page = matching.subList(offset, Math.min(matching.size(), offset + rows));
        return new RoleList(page.stream().map(Standing::role).map(role -> new Listed(role,
            people.getOrDefault(role.id(), 0L), catalogue.countListed(role.permissions()))).toList(),
            page.isEmpty() ? 0 : offset + 1,
            matching.size(), all.size(),
            offset > 0 ? Optional.of(seal(org, query, page.getFirst().position())) : Optional.empty(),
            offset + page.size() < matching.size() ? Optional.of(seal(org, query, page.getLast().position()))
                : Optional.empty());
    }

    private static Place.Earlier earlier(List<Standing> matching, RoleQuery query) {
        var order = query.order();
        return (position, inclusive) -> matching.stream()
            .filter(one -> order.compare(one.position(), position) < (inclusive ? 1 : 0)).count();
    }

    private String seal(Org.Id org, RoleQuery query, SortPosition position) {
        return SealedPlaces.seal(codec, org, LIST, position, query.words());
    }

    /// The place that an address names, as [SealedPlaces] has it.
    public Place place(Org.Id org, RoleQuery query, Optional<String> after, Optional<String> before) {
        return SealedPlaces.place(codec, org, LIST, query.words(), after, before);
    }
}
