package roster.base.scim;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import roster.base.json.Json;
import roster.base.scim.Attribute.Trait;
import roster.base.scim.Attribute.Type;
import roster.model.Refused;
import roster.model.Text;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/// Reads values as clients send them, in all the forms in which they do, into the one form that is kept: text, booleans,
/// parts under canonical names, lists of those.
final class Values {
    /// The most elements of an attribute, but for the members of a group, and for roles: clients send all back that they read.
    static final int ELEMENTS_MAX = 100;
    private static final int ROLES_MAX = 1000;

    private static final String VALUE = "value";
    private static final String MEMBERS = "members";
    private static final String ROLES = "roles";
    private static final String NO_TYPE = "not of the type %s";

    private final Consumer<Skipped> skipped;

    /// @param skipped told of each member that is not read
    Values(Consumer<Skipped> skipped) {
        this.skipped = skipped;
    }

    /// A member that was not read.
    ///
    /// @param readOnly whether it is known, and read-only
    record Skipped(String name, boolean readOnly) {}

    /// What was read.
    ///
    /// @param value of [Sent#VALUE] only: text, a boolean, a map of parts, or a list of such maps. A list may be empty, if
    ///     its elements said nothing; a map may be, if it had no part that is read
    record Read(Sent sent, Object value) {
        static final Read NULL = new Read(Sent.NULL, "");
        static final Read EMPTY = new Read(Sent.EMPTY, "");

        static Read of(Object value) {
            return new Read(Sent.VALUE, value);
        }

        @SuppressWarnings("unchecked") // lists are made here, and of such maps
        List<Map<String, Object>> elements() {
            return (List<Map<String, Object>>) value;
        }
    }

    /// The members of an object under names in lower case; of two that differ in case only, the last.
    static Map<String, Map.Entry<String, JsonNode>> members(JsonNode object) {
        var members = new LinkedHashMap<String, Map.Entry<String, JsonNode>>();
        object.forEachEntry((name, value) -> members.putLast(name.toLowerCase(Locale.ROOT), Map.entry(name, value)));
        return members;
    }

    static JsonNode member(JsonNode object, String name) {
        var member = members(object).get(name.toLowerCase(Locale.ROOT));
        return member == null ? MissingNode.getInstance() : member.getValue();
    }

    /// @param name of the attribute or part, for refusals
    Read read(Attribute attribute, String name, JsonNode node) {
        if (node.isNull() || node.isMissingNode()) {
            return Read.NULL;
        }
        return attribute.multiValued() ? elements(attribute, name, node)
            : attribute.isComplex() ? complex(attribute, name, node) : simple(attribute, name, node);
    }

    private Read simple(Attribute attribute, String name, JsonNode node) {
        if (node.isNull()) {
            return Read.NULL;
        }
        if (node.isArray() && node.size() <= 1) {
            return node.isEmpty() ? Read.EMPTY : simple(attribute, name, node.get(0));
        }
        if (node.isObject()) {
            var value = members(node).get(VALUE);
            if (value != null) {
                return simple(attribute, name, value.getValue());
            }
            if (node.isEmpty()) {
                return Read.EMPTY;
            }
        }
        if (attribute.type() == Type.BOOLEAN) {
            return Read.of(flag(name, node));
        }
        if (!node.isString()) {
            throw Bad.syntax(name, NO_TYPE.formatted(attribute.type()));
        }
        return Read.of(checked(attribute, name, node.asString()));
    }

    private static boolean flag(String name, JsonNode node) {
        if (node.isBoolean()) {
            return node.asBoolean();
        }
        if (!node.isString()) {
            throw Bad.syntax(name, NO_TYPE.formatted(Type.BOOLEAN));
        }
        return Booleans.parse(node.asString()).orElseThrow(() -> Bad.value(name, "is true or false"));
    }

    static String checked(Attribute attribute, String name, String text) {
        if (text.length() > attribute.lengthMax() && Text.length(text) > attribute.lengthMax()) {
            throw Bad.value(name, "longer than %d characters".formatted(attribute.lengthMax()));
        }
        var line = attribute.traits().contains(Trait.LINES) ? text.replaceAll("[\\n\\r\\t]", " ") : text;
        if (line.chars().anyMatch(Character::isISOControl) || !Text.storable(text)) {
            throw Bad.value(name, "has control characters");
        }
        return text;
    }

    private Read complex(Attribute attribute, String name, JsonNode node) {
        if (node.isArray() && node.size() <= 1) {
            return node.isEmpty() ? Read.EMPTY : read(attribute, name, node.get(0));
        }
        if (node.isString() && attribute.sub(VALUE).isPresent()) {
            return node.asString().isEmpty() ? Read.EMPTY : Read.of(bare(attribute, name, node));
        }
        if (!node.isObject()) {
            throw Bad.syntax(name, NO_TYPE.formatted(attribute.type()));
        }
        var value = members(node).get(VALUE);
        if (node.isEmpty() || attribute.sub(VALUE).isPresent() && value != null && isNothing(value.getValue())) {
            return Read.EMPTY;
        }
        var told = new ArrayList<Skipped>();
        var parts = parts(attribute, name, node, told::add);
        told.forEach(skipped);
        // An object without anything to read in it is not the same as an empty one, which clears.
        return parts.isEmpty() && told.isEmpty() ? Read.EMPTY : Read.of(parts);
    }

    private static boolean isNothing(JsonNode node) {
        return node.isNull() || node.isContainer() && node.isEmpty() || node.isString() && node.asString().isEmpty();
    }

    /// What is to become of the elements that a path chooses: parts, of which the value may be left out.
    Map<String, Object> chosen(Attribute attribute, String name, JsonNode node) {
        if (node.isArray()) {
            if (node.size() != 1) {
                throw Bad.value(name, "one value is needed");
            }
            return chosen(attribute, name, node.get(0));
        }
        if (!node.isObject() && attribute.sub(VALUE).isEmpty()) {
            throw Bad.syntax(name, NO_TYPE.formatted(attribute.type()));
        }
        return node.isObject() ? parts(attribute, name, node, skipped) : bare(attribute, name, node);
    }

    private Map<String, Object> parts(Attribute attribute, String name, JsonNode object, Consumer<Skipped> skip) {
        var members = members(object);
        var parts = new LinkedHashMap<String, Object>();
        for (var sub : attribute.subAttributes()) {
            var member = members.remove(sub.name().toLowerCase(Locale.ROOT));
            if (member == null) {
                continue;
            }
            if (member.getValue().isNull()) {
                continue;
            }
            var partName = name + "." + sub.name();
            if (sub.readOnly()) {
                skip.accept(new Skipped(partName, true));
                continue;
            }
            var read = read(sub, partName, member.getValue());
            if (read.sent() == Sent.VALUE) {
                parts.put(sub.name(), read.value());
            }
        }
        members.values().removeIf(member -> member.getValue().isNull());
        members.values().forEach(member -> skip.accept(new Skipped(name + "." + member.getKey(), false)));
        return parts;
    }

    private Read elements(Attribute attribute, String name, JsonNode node) {
        if (node.isObject()) {
            var inner = member(node, attribute.name());
            if (inner.isArray()) {
                return elements(attribute, name, inner);
            }
        }
        if (node.isContainer() && node.isEmpty()) {
            return node.isArray() ? Read.EMPTY : Read.of(List.of()); // an object is one element, which says nothing
        }
        var elements = new LinkedHashSet<Map<String, Object>>();
        if (node.isArray()) {
            node.forEach(one -> element(attribute, name, one).ifPresent(elements::add));
        } else {
            element(attribute, name, node).ifPresent(elements::add);
        }
        mustBeFew(attribute, name, elements.size());
        if (elements.stream().filter(Elements::isPrimary).count() > 1) {
            throw Bad.value(name, "more than one is primary");
        }
        return Read.of(List.copyOf(elements));
    }

    static void mustBeFew(Attribute attribute, String name, int elements) {
        var most = attribute.name().equals(ROLES) ? ROLES_MAX : ELEMENTS_MAX;
        if (elements > most && !attribute.name().equals(MEMBERS)) {
            throw Bad.value(name, "more than %d".formatted(most));
        }
    }

    private Optional<Map<String, Object>> element(Attribute attribute, String name, JsonNode node) {
        if (node.isNull()) {
            return Optional.empty();
        }
        if (node.isArray()) {
            throw Bad.syntax(name, NO_TYPE.formatted(attribute.type()));
        }
        var parts = chosen(attribute, name, node);
        if (attribute.name().equals(ROLES)) {
            parts = role(parts, node);
        }
        if (attribute.name().equals(MEMBERS)) {
            if (!(parts.get(VALUE) instanceof String id) || id.isEmpty()) {
                throw Bad.value(name, "a member without value");
            }
            return Optional.of(Map.of(VALUE, id));
        }
        return Elements.saysNothing(attribute, parts) ? Optional.empty() : Optional.of(Elements.frozen(parts));
    }

    private static Map<String, Object> bare(Attribute attribute, String name, JsonNode node) {
        if (!node.isString()) {
            throw Bad.syntax(name, NO_TYPE.formatted(attribute.type()));
        }
        var parts = new LinkedHashMap<String, Object>();
        parts.put(VALUE, checked(attribute.sub(VALUE).orElseThrow(), name, node.asString()));
        return parts;
    }

    /// Some directories send a role as JSON in a text, others by its name alone.
    private static Map<String, Object> role(Map<String, Object> parts, JsonNode node) {
        if (parts.get(VALUE) instanceof String text && text.startsWith("{")) {
            inText(text).ifPresent(value -> parts.put(VALUE, value));
        } else if (!parts.containsKey(VALUE) && node.isObject() && member(node, "display").isString()) {
            parts.put(VALUE, checked(Attribute.text("display", ""), ROLES, member(node, "display").asString()));
        }
        return parts;
    }

    private static Optional<String> inText(String text) {
        try {
            var node = Json.parseRequest(text.getBytes(StandardCharsets.UTF_8));
            return Stream.of(VALUE, "displayName").map(name -> member(node, name))
                .filter(JsonNode::isString).map(JsonNode::asString).filter(value -> !value.isEmpty()).findFirst();
        } catch (Refused e) {
            return Optional.empty(); // a name that begins with a brace
        }
    }
}
