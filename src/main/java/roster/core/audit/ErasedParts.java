package roster.core.audit;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import roster.base.json.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// What of one entry is to be erased, and what it reads afterwards.
///
/// @param entry as it is
/// @param gone erased details as they are, by place
/// @param left what stays of those that are erased in part, by place
/// @param texts actor and subject afterwards, by place
/// @param facts before and after the change, afterwards
record ErasedParts(Entry entry, SortedMap<String, String> gone, SortedMap<String, String> left,
    SortedMap<String, String> texts, SortedMap<String, ObjectNode> facts) {

    static ErasedParts of(Entry entry, Optional<String> before, Optional<String> after, Optional<Erased> erased,
        People people) {
        var parts = new ErasedParts(entry, new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
        before.ifPresent(json -> parts.facts.put(Entry.BEFORE, parsed(json)));
        after.ifPresent(json -> parts.facts.put(Entry.AFTER, parsed(json)));
        entry.details().forEach((place, value) -> {
            if (!erased.map(earlier -> earlier.has(place) && Erased.isMark(place, value)).orElse(false)) {
                parts.look(people, place, value);
            }
        });
        return parts;
    }

    private static ObjectNode parsed(String json) {
        return (ObjectNode) Json.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    private void look(People people, String place, String value) {
        var dot = place.indexOf('.') + 1;
        var members = facts.get(place.substring(0, dot));
        var node = members == null ? StringNode.valueOf(value) : members.get(place.substring(dot));
        people.without(entry, place, node).ifPresent(rest -> take(place, value, rest));
    }

    private void take(String place, String value, JsonNode rest) {
        var dot = place.indexOf('.') + 1;
        var members = facts.get(place.substring(0, dot));
        gone.put(place, value);
        if (members == null) {
            texts.put(place, rest.asString());
        } else {
            members.set(place.substring(dot), rest);
        }
        var text = members == null ? rest.asString() : Entry.canonical(rest);
        if (!Erased.isMark(place, text)) {
            left.put(place, text);
        }
    }

    boolean isEmpty() {
        return gone.isEmpty();
    }

    String text(String place) {
        return texts.getOrDefault(place, entry.details().get(place));
    }

    /// The network address; none once it is erased.
    Optional<String> address() {
        return gone.containsKey(Entry.ADDRESS) ? Optional.empty()
            : Optional.ofNullable(entry.details().get(Entry.ADDRESS));
    }

    Optional<String> before() {
        return Optional.ofNullable(facts.get(Entry.BEFORE)).map(JsonNode::toString);
    }

    Optional<String> after() {
        return Optional.ofNullable(facts.get(Entry.AFTER)).map(JsonNode::toString);
    }
}
