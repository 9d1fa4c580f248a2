package roster.core.provisioning;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import roster.core.directory.DirectoryView;
import roster.model.Id;
import roster.model.Role;
import roster.model.Text;

/// Finds the roles that texts of a request mean: a role's id, else its name, in any case.
@FunctionalInterface
interface RolesByText {
    /// @return without texts that mean none
    Map<String, Membership> find(Set<String> texts);

    /// @param view is asked each time
    static RolesByText of(DirectoryView view) {
        return texts -> {
            var some = new ArrayList<Role>();
            texts.forEach(text -> Id.parse(text).flatMap(id -> view.role(new Role.Id(id))).ifPresent(some::add));
            if (some.size() < texts.size()) {
                var names = new HashSet<>(names(texts));
                view.roles().stream().filter(role -> names.contains(Text.folded(role.name()))).forEach(some::add);
            }
            return matching(texts, some.stream().map(role -> membership(role.id(), role.name())).toList());
        };
    }

    /// The forms in which names are found that texts may mean.
    static List<String> names(Collection<String> texts) {
        return texts.stream().map(RolesByText::folded).distinct().toList();
    }

    private static String folded(String text) {
        return Text.folded(Text.name(text));
    }

    static Membership membership(Role.Id id, String name) {
        return new Membership(id, name, Optional.empty(), Optional.empty());
    }

    /// @param roles with one of these ids or names
    static Map<String, Membership> matching(Collection<String> texts, Collection<Membership> roles) {
        var byId = roles.stream().collect(Collectors.toMap(one -> one.role().value(), one -> one, (one, _) -> one));
        var byName = roles.stream().collect(Collectors.toMap(one -> folded(one.name()), one -> one, (one, _) -> one));
        var found = new HashMap<String, Membership>();
        for (var text : texts) {
            Id.parse(text).map(byId::get).or(() -> Optional.ofNullable(byName.get(folded(text))))
                .ifPresent(role -> found.put(text, role));
        }
        return found;
    }
}
