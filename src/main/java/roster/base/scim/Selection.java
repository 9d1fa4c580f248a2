package roster.base.scim;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Which attributes an answer has: those that `attributes` names, or all but those that `excludedAttributes` names. `id` and
/// `schemas` always.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc7644#section-3.9">RFC 7644, 3.9</a>
public final class Selection {
    /// All attributes.
    public static final Selection ALL = new Selection(false, false, Set.of(), Map.of());

    private static final Pattern BRACKETS = Pattern.compile("\\[[^\\]]*+\\]?");
    private static final Pattern BETWEEN = Pattern.compile("[,\\s]+");

    private final boolean given;
    private final boolean includes;

    /// Attributes as a whole, and URNs of extensions.
    private final Set<String> whole;

    /// Parts, by the attribute; attributes of an extension, by its URN. Those are named with their own parts after a dot.
    private final Map<String, Set<String>> parts;

    private Selection(boolean given, boolean includes, Set<String> whole, Map<String, Set<String>> parts) {
        this.given = given;
        this.includes = includes;
        this.whole = whole;
        this.parts = parts;
    }

    /// Unknown names are ignored. If both parameters name something, `attributes` counts.
    ///
    /// @param attributes the values of the parameter, each with names between commas or blanks
    /// @param excluded as `attributes`
    public static Selection of(ResourceType type, List<String> attributes, List<String> excluded) {
        var wanted = names(attributes);
        var unwanted = names(excluded);
        if (wanted.isEmpty() && unwanted.isEmpty()) {
            return ALL;
        }
        var whole = new HashSet<String>();
        var parts = new LinkedHashMap<String, Set<String>>();
        for (var typed : wanted.isEmpty() ? unwanted : wanted) {
            switch (Names.resolve(type, typed)) {
                case Resolved.Known(var name) -> add(name, whole, parts);
                case Resolved.Whole(var extension) when extension.isPresent() -> whole.add(extension.get().id());
                case Resolved.Whole _ -> type.schema().attributes().forEach(attribute -> whole.add(attribute.name()));
                case Resolved.NotKept _,Resolved.Unknown _,Resolved.Malformed _ -> {
                }
            }
        }
        return new Selection(true, !wanted.isEmpty(), whole, parts);
    }

    private static void add(AttributeName name, Set<String> whole, Map<String, Set<String>> parts) {
        var attribute = name.attribute().name();
        if (name.extension().isPresent()) {
            parts.computeIfAbsent(name.extension().get().id(), _ -> new HashSet<>())
                .add(attribute + name.sub().map(sub -> "." + sub.name()).orElse(""));
        } else if (name.sub().isPresent()) {
            parts.computeIfAbsent(attribute, _ -> new HashSet<>()).add(name.sub().get().name());
        } else {
            whole.add(attribute);
        }
    }

    private static List<String> names(List<String> values) {
        return values.stream().flatMap(value -> Stream.of(BETWEEN.split(BRACKETS.matcher(value).replaceAll(""))))
            .filter(name -> !name.isEmpty()).distinct().toList();
    }

    /// Whether the client said anything of it at all.
    public boolean isGiven() {
        return given;
    }

    /// Whether an answer has anything of this attribute, so that it must be read.
    ///
    /// @param name of an attribute of the resource, or the URN of an extension
    public boolean wants(String name) {
        return !given || isAlways(name)
            || (includes ? whole.contains(name) || parts.containsKey(name) : !whole.contains(name));
    }

    private static boolean isAlways(String name) {
        return name.equals("id") || name.equals("schemas");
    }

    /// What is left of a resource, or of what was made of it to be written.
    ///
    /// @param resource under canonical names, extensions under their URN
    public Map<String, Object> applied(Map<String, ?> resource) {
        var left = new LinkedHashMap<String, Object>();
        resource.forEach((name, value) -> {
            if (wants(name)) {
                var some = isAlways(name) || whole.contains(name) ? null : parts.get(name);
                var shown = some == null ? value : part(value, some, "");
                if (some == null || !isNothing(shown)) {
                    left.put(name, shown);
                }
            }
        });
        return left;
    }

    private Object part(Object value, Set<String> names, String before) {
        return switch (value) {
            case List<?> many ->
                many.stream().map(one -> part(one, names, before)).filter(one -> !isNothing(one)).toList();
            case Map<?, ?> members -> {
                var left = new LinkedHashMap<String, Object>();
                members.forEach((key, member) -> {
                    var name = before + key;
                    var deeper = names.stream().anyMatch(one -> one.startsWith(name + "."));
                    if (deeper && !names.contains(name)) {
                        var shown = part(member, names, name + ".");
                        if (!isNothing(shown)) {
                            left.put((String) key, shown);
                        }
                    } else if (names.contains(name) == includes) {
                        left.put((String) key, member);
                    }
                });
                yield left;
            }
            default -> value;
        };
    }

    private static boolean isNothing(Object value) {
        return value instanceof Map<?, ?> members && members.isEmpty()
            || value instanceof List<?> many && many.isEmpty();
    }
}
