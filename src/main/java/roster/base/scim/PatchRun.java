package roster.base.scim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import roster.base.scim.Filter.Compare;
import roster.base.scim.Operand.Flag;
import roster.base.scim.Operand.Written;
import roster.base.scim.Operation.Add;
import roster.base.scim.Operation.Remove;
import roster.base.scim.Operation.RemoveThese;
import roster.base.scim.Operation.Replace;
import roster.model.ScimType;
import roster.model.Text;

/// Applies operations to a copy of a resource, one after the other.
final class PatchRun {
    private static final String TYPE = "type";

    private final ResourceType type;
    private final Attributes before;
    private final Map<String, Object> values;
    private final Set<String> copied = new HashSet<>();

    /// Those multi-valued attributes that were changed, as lists that may be.
    private final Map<String, List<Map<String, Object>>> lists = new HashMap<>();

    private final Map<String, Attribute> changedLists = new HashMap<>();
    private final Map<String, String> folded = new HashMap<>();
    private final UnaryOperator<String> folding = text -> folded.computeIfAbsent(text, Text::folded);

    PatchRun(ResourceType type, Attributes before) {
        this.type = type;
        this.before = before;
        this.values = new LinkedHashMap<>(before.values());
    }

    /// @throws roster.model.Refused with `noTarget` if a path chooses nothing; with `invalidValue` beyond a limit
    void apply(Operation operation) {
        var path = operation.path();
        if (path.name().attribute().multiValued()) {
            change(operation, elements(path.name().attribute()));
            return;
        }
        switch (operation) {
            case Replace(_, var value) -> set(path.name(), value);
            case Remove _ -> clear(path.name());
            case Add _,RemoveThese _ -> throw new IllegalStateException("one value, changed as many");
        }
    }

    private void set(AttributeName name, Object value) {
        var holder = holder(name);
        if (name.sub().isEmpty()) {
            holder.put(name.attribute().name(), value);
            return;
        }
        var part = name.sub().get().name();
        // What was known of another person or thing does not hold for this one.
        holder.put(name.attribute().name(), part.equals("value") ? Map.of(part, value)
            : Elements.with(parts(holder, name), part, value));
    }

    private void clear(AttributeName name) {
        var holder = holder(name);
        if (name.sub().isEmpty() || name.sub().get().name().equals("value")) {
            holder.remove(name.attribute().name());
        } else {
            holder.put(name.attribute().name(), Elements.without(parts(holder, name), name.sub().get().name()));
        }
    }

    private Map<String, Object> holder(AttributeName name) {
        return name.extension().isEmpty() ? values : ownCopy(name.extension().get().id());
    }

    private Map<String, Object> ownCopy(String urn) {
        if (copied.add(urn)) {
            values.put(urn, new LinkedHashMap<>(cast(values.getOrDefault(urn, Map.of()))));
        }
        return cast(values.get(urn));
    }

    private static Map<String, Object> parts(Map<String, Object> holder, AttributeName name) {
        return cast(holder.getOrDefault(name.attribute().name(), Map.of()));
    }

    @SuppressWarnings("unchecked") // maps within attributes have text as keys
    private static Map<String, Object> cast(Object parts) {
        return (Map<String, Object>) parts;
    }

    private List<Map<String, Object>> elements(Attribute attribute) {
        changedLists.put(attribute.name(), attribute);
        return lists.computeIfAbsent(attribute.name(), name -> values.get(name) instanceof List<?> many
            ? new ArrayList<>(many.stream().map(PatchRun::cast).toList()) : new ArrayList<>());
    }

    private void change(Operation operation, List<Map<String, Object>> elements) {
        var path = operation.path();
        switch (operation) {
            case Remove _ when path.name().sub().isPresent() -> {
                var part = path.name().sub().get().name();
                chosen(path, elements).forEach(i -> elements.set(i, Elements.without(elements.get(i), part)));
            }
            case Remove _ -> elements.removeIf(meets(path));
            case RemoveThese(_, var these) ->
                elements.removeIf(one -> these.stream().anyMatch(by -> Elements.named(by, one, folding)));
            case Replace(_, var value) when path.filter().isEmpty() && path.name().sub().isEmpty() -> {
                elements.clear();
                elements.addAll(sent(value));
            }
            case Add(_, var value) when path.filter().isEmpty() && path.name().sub().isEmpty() ->
                join(elements, sent(value));
            case Add(_, var value) -> edit(path, elements, value, false);
            case Replace(_, var value) -> edit(path, elements, value, true);
        }
        Values.mustBeFew(path.name().attribute(), path.name().text(), elements.size());
    }

    @SuppressWarnings("unchecked") // the operation is made so
    private static List<Map<String, Object>> sent(Object value) {
        return (List<Map<String, Object>>) value;
    }

    private Predicate<Map<String, Object>> meets(AttributePath path) {
        return path.filter().<Predicate<Map<String, Object>>>map(filter -> one -> filter.matches(one, folding))
            .orElse(_ -> true);
    }

    private List<Integer> chosen(AttributePath path, List<Map<String, Object>> elements) {
        var meets = meets(path);
        var chosen = new ArrayList<Integer>();
        for (int i = 0; i < elements.size(); i++) {
            if (meets.test(elements.get(i))) {
                chosen.add(i);
            }
        }
        return chosen;
    }

    private void join(List<Map<String, Object>> elements, List<Map<String, Object>> more) {
        if (elements.isEmpty()) {
            elements.addAll(more);
            return;
        }
        for (var one : more) {
            var at = 0;
            while (at < elements.size() && !Elements.same(elements.get(at), one, folding)) {
                at++;
            }
            if (at < elements.size()) {
                elements.set(at, Elements.merged(elements.get(at), one));
            } else {
                elements.add(one);
            }
            if (Elements.isPrimary(one)) {
                takeFromOthers(elements, at);
            }
        }
    }

    private static void takeFromOthers(List<Map<String, Object>> elements, int primary) {
        for (int i = 0; i < elements.size(); i++) {
            if (i != primary && Elements.isPrimary(elements.get(i))) {
                elements.set(i, Elements.notPrimary(elements.get(i)));
            }
        }
    }

    /// Changes the elements that a path chooses; where it chooses none, makes the one it describes.
    private void edit(AttributePath path, List<Map<String, Object>> elements, Object value, boolean replaces) {
        var name = path.name();
        Map<String, Object> parts =
            name.sub().isPresent() ? Map.of(name.sub().get().name(), value) : sent(value).getFirst();
        var chosen = chosen(path, elements);
        if (chosen.isEmpty()) {
            elements.add(Map.of());
            chosen = List.of(elements.size() - 1);
        }
        if (chosen.size() > 1 && Elements.isPrimary(parts)) {
            throw Bad.value(name.text(), "more than one is primary");
        }
        var described = path.filter().map(filter -> described(name, filter)).orElse(Optional.of(Map.of()));
        for (var i : chosen) {
            var old = elements.get(i);
            if (old.isEmpty() && described.isEmpty()) {
                throw Bad.request(ScimType.NO_TARGET, name.text() + ": the filter matches nothing");
            }
            var base = old.isEmpty() || replaces && name.sub().isEmpty() ? described.orElse(Map.of()) : old;
            elements.set(i, Elements.merged(base, parts));
            if (Elements.isPrimary(parts)) {
                takeFromOthers(elements, i);
            }
        }
    }

    /// The element that a filter describes, if it is `type eq "x"` or `primary eq true`.
    ///
    /// @throws roster.model.Refused with `invalidValue` for a text that could not be sent as the type either
    private static Optional<Map<String, Object>> described(AttributeName name, Filter filter) {
        return switch (filter) {
            case Compare compare when compare.isEqual(TYPE) && compare.operand() instanceof Written(var text, _, _) ->
                name.attribute().sub(TYPE)
                    .map(type -> Map.<String, Object>of(TYPE,
                        Values.checked(type, name.attribute().name() + "." + TYPE, text)));
            case Compare compare when compare.isEqual("primary") && compare.operand() instanceof Flag(var flag)
                && flag ->
                Optional.of(Map.of("primary", true));
            default -> Optional.empty();
        };
    }

    /// What came of it, in the order of the schemas.
    ///
    /// @throws roster.model.Refused with `invalidValue` if a required attribute was emptied, or all is too large
    Attributes result() {
        lists.forEach((name, elements) -> {
            var attribute = changedLists.get(name);
            elements.removeIf(one -> Elements.saysNothing(attribute, one));
            if (elements.isEmpty() && attribute.required() && before.has(name)) {
                throw Bad.value(name, "cannot be removed");
            }
            values.put(name, elements);
        });
        var ordered = new LinkedHashMap<String, Object>();
        Stream.of(ResourceType.COMMON.stream().map(Attribute::name).filter(name -> !name.equals("meta")),
            type.schema().attributes().stream().map(Attribute::name), type.extensions().stream().map(Schema::id),
            values.keySet().stream()).flatMap(names -> names)
            .forEach(name -> ordered.putIfAbsent(name, values.get(name)));
        return Attributes.of(ordered).checked();
    }
}
