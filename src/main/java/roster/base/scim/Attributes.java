package roster.base.scim;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import roster.base.json.Json;
import roster.model.ScimType;
import tools.jackson.databind.JsonNode;

/// What a resource has, under canonical names, those of an extension under its URN: text, booleans, maps of parts, lists of
/// maps. Immutable. Attributes without a value are not there.
///
/// Two of them are equal if they have the same values, in whatever order their members came; elements have an order.
public final class Attributes {
    /// The most that one resource may have, as JSON in UTF-8, members apart.
    public static final int BYTES_MAX = 64 * 1024;

    public static final Attributes NONE = new Attributes(Map.of());

    private final Map<String, Object> values;

    private Attributes(Map<String, Object> values) {
        this.values = values;
    }

    /// @param canonical as [#values] gives it, by which a resource was kept or rendered
    public static Attributes of(Map<String, ?> canonical) {
        return new Attributes(object(canonical));
    }

    /// @param kept the JSON of [#values]
    public static Attributes of(JsonNode kept) {
        return of(object(kept));
    }

    private static Map<String, Object> object(Map<?, ?> members) {
        var copy = LinkedHashMap.<String, Object>newLinkedHashMap(members.size());
        members.forEach((name, value) -> {
            var copied = value(value);
            if (!isNothing(copied)) {
                copy.put((String) name, copied);
            }
        });
        return Collections.unmodifiableMap(copy);
    }

    private static boolean isNothing(Object value) {
        return value == null || value instanceof Map<?, ?> parts && parts.isEmpty()
            || value instanceof List<?> many && many.isEmpty();
    }

    private static Object value(Object value) {
        return switch (value) {
            case null -> null;
            case Map<?, ?> members -> object(members);
            case List<?> many -> many.stream().map(Attributes::value).toList();
            default -> value;
        };
    }

    private static Map<String, Object> object(JsonNode node) {
        var members = new LinkedHashMap<String, Object>();
        node.forEachEntry((name, value) -> {
            if (!value.isNull()) {
                members.put(name, value(value));
            }
        });
        return members;
    }

    private static Object value(JsonNode node) {
        if (node.isObject()) {
            return object(node);
        }
        if (node.isArray()) {
            var many = new ArrayList<Object>(node.size());
            node.forEach(one -> many.add(value(one)));
            return many;
        }
        return node.isBoolean() ? (Object) node.asBoolean() : node.asString();
    }

    /// All of them, to be written as JSON or matched with a [Filter].
    public Map<String, Object> values() {
        return values;
    }

    public boolean has(String name) {
        return values.containsKey(name);
    }

    public Optional<String> text(String name) {
        return values.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    public Optional<Boolean> flag(String name) {
        return values.get(name) instanceof Boolean flag ? Optional.of(flag) : Optional.empty();
    }

    /// The parts of a complex attribute, or the attributes of an extension by its URN.
    public Attributes parts(String name) {
        return values.get(name) instanceof Map<?, ?> parts ? new Attributes(cast(parts)) : NONE;
    }

    /// The elements of a multi-valued attribute, in order.
    public List<Attributes> elements(String name) {
        return values.get(name) instanceof List<?> many
            ? many.stream().filter(one -> one instanceof Map).map(one -> new Attributes(cast(one))).toList()
            : List.of();
    }

    @SuppressWarnings("unchecked") // all maps within have text as keys
    private static Map<String, Object> cast(Object parts) {
        return (Map<String, Object>) parts;
    }

    /// With this in place of what is there.
    ///
    /// @param value in the form of [#values]; empty lists and maps are as nothing
    public Attributes with(String name, Object value) {
        var copy = new LinkedHashMap<>(values);
        copy.put(name, value);
        return of(copy);
    }

    public Attributes without(String... names) {
        var copy = new LinkedHashMap<>(values);
        copy.keySet().removeAll(List.of(names));
        return new Attributes(Collections.unmodifiableMap(copy));
    }

    /// Members, groups and roles do not count: they are the organisation's, and who has many of them can still be disabled.
    ///
    /// @throws roster.model.Refused with `invalidValue` if this is more than one resource may have
    Attributes checked() {
        if (Json.bytes(without("members", "groups", "roles").values).length > BYTES_MAX) {
            throw Bad.request(ScimType.INVALID_VALUE, "More than %d bytes".formatted(BYTES_MAX));
        }
        return this;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Attributes attributes && values.equals(attributes.values);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(values);
    }

    @Override
    public String toString() {
        return new String(Json.bytes(values), StandardCharsets.UTF_8);
    }
}
