package roster.door.web.console;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import roster.core.audit.TrailEntry;
import tools.jackson.databind.JsonNode;

/// What a directory said of a person, as entries of the audit trail have it: attribute by attribute.
final class DirectoryFacts {
    /// The member of entries that holds it.
    static final String NAME = "scim";

    private static final String URN = "urn:";
    private static final String ROLES = "roles";

    private DirectoryFacts() {}

    /// Whether an entry has it whole; what was erased is only told of.
    static boolean areIn(TrailEntry entry) {
        return isWhole(entry.before().path(NAME)) && isWhole(entry.after().path(NAME))
            && (entry.before().has(NAME) || entry.after().has(NAME));
    }

    private static boolean isWhole(JsonNode said) {
        return said.isObject() || said.isNull() || said.isMissingNode();
    }

    /// Whether a directory says something of a person for the first time.
    static boolean begin(TrailEntry entry) {
        return entry.after().path(NAME).isObject() && !entry.before().path(NAME).isObject();
    }

    /// Each attribute that differs.
    static List<Difference> of(TrailEntry entry) {
        var was = new LinkedHashMap<String, String>();
        var is = new LinkedHashMap<String, String>();
        read(entry.before().path(NAME), "", was);
        read(entry.after().path(NAME), "", is);
        var names = new TreeSet<>(was.keySet());
        names.addAll(is.keySet());
        var all = new ArrayList<Difference>();
        for (var name : names) {
            var before = was.getOrDefault(name, "none");
            var after = is.getOrDefault(name, "none");
            if (!before.equals(after)) {
                all.add(new Difference(name, before, after));
            }
        }
        return all;
    }

    private static void read(JsonNode said, String prefix, Map<String, String> values) {
        said.properties().forEach(one -> {
            var name = one.getKey();
            var value = one.getValue();
            if (name.equals(ROLES)) {
                values.put(ROLES, text(value));
            } else if (value.isObject()) {
                read(value, name.startsWith(URN) ? prefix : prefix + name + ".", values);
            } else {
                values.put(prefix + name, value.isArray() ? text(value) : Changes.text(value));
            }
        });
    }

    /// Elements of a list, each by its value, and its type or whatever else it has.
    private static String text(JsonNode elements) {
        return StreamSupport.stream(elements.spliterator(), false).map(one -> one.isObject() ? one.properties().stream()
            .sorted(Comparator.comparing(part -> !part.getKey().equals("value")))
            .map(Map.Entry::getValue).filter(value -> !value.isBoolean()).map(Changes::text)
            .collect(Collectors.joining(" ")) : Changes.text(one)).collect(Collectors.joining(", "));
    }
}
