package roster.door.web.console;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import roster.core.key.Scopes;
import roster.door.web.console.RoleFormPage.Box;
import roster.door.web.console.RoleFormPage.Boxes;

/// The boxes in which the scopes of a key are ticked, by group.
final class ScopeBoxes {
    private ScopeBoxes() {}

    /// @param held by the key already
    /// @param ticked names of permissions
    static List<Boxes> of(Visit visit, Scopes scopes, Collection<String> held, Collection<String> ticked) {
        var all = Set.copyOf(ticked);
        var groups = new LinkedHashMap<String, List<Box>>();
        for (var entry : scopes.offered(visit.caller(), held)) {
            var name = entry.permission().name();
            groups.computeIfAbsent(entry.group(), _ -> new ArrayList<>()).add(new Box(name, entry.displayName(),
                entry.description(), all.contains(name), false));
        }
        return groups.entrySet().stream().map(group -> new Boxes(group.getKey(),
            group.getValue().stream().filter(Box::ticked).count(), group.getValue())).toList();
    }
}
