package roster.core.provisioning;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import roster.base.scim.Attributes;
import roster.model.Role;

/// What the texts by which a request names roles mean.
///
/// @param byText in the order in which they were sent; empty for those that mean none
record KnownRoles(Map<String, Optional<Membership>> byText) {
    static final KnownRoles NONE = new KnownRoles(Map.of());

    static KnownRoles of(Set<String> sent, Map<String, Membership> found) {
        var byText = new LinkedHashMap<String, Optional<Membership>>();
        sent.forEach(text -> byText.put(text, Optional.ofNullable(found.get(text))));
        return new KnownRoles(byText);
    }

    /// The texts in the elements of `roles`.
    static Set<String> texts(List<Attributes> elements) {
        return elements.stream().flatMap(element -> element.text("value").stream())
            .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /// The id of the role that a text means.
    Optional<String> id(String text) {
        return byText.getOrDefault(text, Optional.empty()).map(role -> role.role().toString());
    }

    /// Texts that mean no role.
    Set<String> unknown() {
        return byText.entrySet().stream().filter(one -> one.getValue().isEmpty()).map(Map.Entry::getKey)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /// The same, where those that a user has may be named by their ids, too.
    KnownRoles and(List<Membership> held) {
        var more = new LinkedHashMap<>(byText);
        held.forEach(one -> more.put(one.role().toString(), Optional.of(one)));
        byText.values().forEach(one -> one.ifPresent(role -> more.putIfAbsent(role.role().toString(), one)));
        return new KnownRoles(more);
    }

    /// The roles that elements of `roles` name, each once, with what is said of them.
    List<Membership> memberships(List<Attributes> elements) {
        var memberships = new ArrayList<Membership>();
        var seen = new HashSet<Role.Id>();
        for (var element : elements) {
            element.text("value").flatMap(text -> byText.getOrDefault(text, Optional.empty()))
                .filter(role -> seen.add(role.role())).ifPresent(role -> memberships
                    .add(new Membership(role.role(), role.name(), element.text("type"), element.flag("primary"))));
        }
        return List.copyOf(memberships);
    }
}
