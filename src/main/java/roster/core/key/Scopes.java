package roster.core.key;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import roster.core.access.Grants;
import roster.core.permission.Catalogue;
import roster.core.permission.Catalogue.Entry;
import roster.model.Caller;
import roster.model.Permission;

/// The scopes that keys and tokens can have: names of permissions.
public final class Scopes {
    private final Catalogue catalogue;

    Scopes(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /// What a caller may put into a key, in catalogue order: those that every user holds come too, as a key with scopes holds
    /// nothing else.
    ///
    /// @param held by the key already: they may stay
    public List<Entry> offered(Caller caller, Collection<String> held) {
        var named = new HashSet<>(held);
        return Stream.concat(catalogue.listed().stream(), everyones()).distinct()
            .filter(entry -> named.contains(entry.permission().name()) || Grants.isGivable(caller, entry.permission()))
            .sorted(Comparator.comparingInt(Entry::position)).toList();
    }

    private Stream<Entry> everyones() {
        return Catalogue.EVERYONE.stream().flatMap(permission -> catalogue.find(permission).stream());
    }

    /// Those of these that are scopes, each once, in catalogue order; others follow as they came, to be refused.
    public List<String> ordered(Collection<String> sent) {
        var known = sent.stream().distinct().flatMap(name -> catalogue.find(new Permission(name)).stream())
            .sorted(Comparator.comparingInt(Entry::position)).map(entry -> entry.permission().name()).toList();
        var all = new ArrayList<>(known);
        var listed = Set.copyOf(known);
        sent.stream().distinct().filter(name -> !listed.contains(name)).forEach(all::add);
        return all;
    }

    /// How a scope is called; none: there is none such.
    public Optional<String> label(String name) {
        return catalogue.find(new Permission(name)).map(Entry::displayName);
    }
}
