package roster.base.scim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import roster.base.scim.Filter.And;
import roster.base.scim.Filter.Compare;
import roster.base.scim.Filter.Not;
import roster.base.scim.Filter.Or;
import roster.base.scim.Operand.Written;
import roster.base.scim.Operation.Add;
import roster.base.scim.Operation.Remove;
import roster.base.scim.Operation.RemoveThese;
import roster.base.scim.Operation.Replace;
import roster.base.scim.OperationReader.Kind;
import roster.model.ScimType;
import tools.jackson.databind.JsonNode;

/// The operations of a PATCH, in order. Immutable, as is what it is applied to.
///
/// @param skipped names that are unknown or read-only
/// @see <a href="https://www.rfc-editor.org/rfc/rfc7644#section-3.5.2">RFC 7644, 3.5.2</a>
public record Patch(ResourceType type, List<Operation> operations, List<String> skipped) {
    public static final int OPERATIONS_MAX = 10_000;

    private static final String MEMBERS = "members";
    private static final String VALUE = "value";

    public Patch {
        operations = List.copyOf(operations);
        skipped = List.copyOf(skipped);
    }

    /// Takes all forms in which directories write patches. Attributes that are unknown or read-only are skipped.
    ///
    /// @throws roster.model.Refused with `invalidSyntax` without a list of operations, for unknown ones and wrong types; with
    ///     `invalidPath` if a path does not parse, or all are unknown; with `mutability` if all are read-only; with
    ///     `noTarget` for a removal without a path; with `invalidValue` for values that are missing or of bad form, and if
    ///     something required is removed; with `tooMany` beyond [#OPERATIONS_MAX]
    public static Patch read(ResourceType type, JsonNode body) {
        var operations = Values.member(body, "operations");
        if (!operations.isArray() || operations.isEmpty()) {
            throw Bad.request(ScimType.INVALID_SYNTAX, "Operations: a list of operations is needed");
        }
        if (operations.size() > OPERATIONS_MAX) {
            throw Bad.request(ScimType.TOO_MANY, "More than %d operations".formatted(OPERATIONS_MAX));
        }
        var reader = new OperationReader(type, false);
        operations.forEach(operation -> read(reader, operation));
        reader.mustKnowSomething();
        return new Patch(type, reader.operations(), reader.skipped());
    }

    private static void read(OperationReader reader, JsonNode operation) {
        var kind = kind(Values.member(operation, "op"));
        var path = path(Values.member(operation, "path"));
        var value = Values.member(operation, VALUE);
        if (path.isPresent()) {
            reader.at(kind, path.get(), value);
        } else if (kind == Kind.REMOVE) {
            throw Bad.request(ScimType.NO_TARGET, "A removal needs a path");
        } else if (value.isMissingNode()) {
            throw Bad.value(VALUE, "is missing");
        } else if (!value.isObject()) {
            throw Bad.syntax(VALUE, "an object is needed where there is no path");
        } else {
            reader.each(kind, "", value);
        }
    }

    private static Kind kind(JsonNode op) {
        return Stream.of(Kind.values()).filter(kind -> op.isString() && kind.name().equalsIgnoreCase(op.asString()))
            .findFirst().orElseThrow(() -> Bad.syntax("op", "is add, replace or remove"));
    }

    /// Some write none as empty text, others as the text None.
    private static Optional<String> path(JsonNode path) {
        if (path.isNull() || path.isMissingNode()) {
            return Optional.empty();
        }
        if (!path.isString()) {
            throw Bad.syntax("path", "not of the type string");
        }
        var text = path.asString();
        return text.isBlank() || text.equalsIgnoreCase("None") ? Optional.empty() : Optional.of(text);
    }

    /// Applies the operations, but for those on the members of a group, which are [#changes].
    ///
    /// @throws roster.model.Refused with `noTarget` if a path chooses nothing; with `invalidValue` beyond a limit, if two
    ///     elements are primary, or if no e-mail is left
    public Attributes apply(Attributes before) {
        var run = new PatchRun(type, before);
        operations.stream().filter(operation -> !operation.isOf(MEMBERS)).forEach(run::apply);
        return run.result();
    }

    /// The changes to `members` or `roles`, for those who know them as a set.
    public List<SetChange> changes(String attribute) {
        return operations.stream().filter(operation -> operation.isOf(attribute)).map(SetChange::of).toList();
    }

    /// Whether an operation is about one of these attributes.
    public boolean touches(String... attributes) {
        return operations.stream().anyMatch(operation -> Stream.of(attributes).anyMatch(operation::isOf));
    }

    /// The same without the operations on these attributes.
    public Patch without(String... attributes) {
        return new Patch(type,
            operations.stream().filter(operation -> Stream.of(attributes).noneMatch(operation::isOf)).toList(),
            skipped);
    }

    /// What becomes of `active`.
    public Optional<Boolean> active() {
        return operations.stream().filter(operation -> operation.isOf("active"))
            .map(operation -> (Boolean) ((Replace) operation).value()).reduce((_, last) -> last);
    }

    /// The same with other words for the values of an attribute's elements, such as ids for the names of roles. Elements
    /// without one are left out; if that leaves none, so is the operation, which then changes nothing.
    public Patch translated(String attribute, Function<String, Optional<String>> words) {
        var translated = new ArrayList<Operation>();
        for (var operation : operations) {
            if (operation.isOf(attribute)) {
                translated(operation, words).ifPresent(translated::add);
            } else {
                translated.add(operation);
            }
        }
        return new Patch(type, translated, skipped);
    }

    private static Optional<Operation> translated(Operation operation, Function<String, Optional<String>> words) {
        var path = new AttributePath(operation.path().name(),
            operation.path().filter().map(filter -> translated(filter, words)));
        return switch (operation) {
            case Add(_, var value) -> value(path, value, words).map(known -> new Add(path, known));
            case Replace(_, var value) -> value(path, value, words).map(known -> new Replace(path, known));
            case Remove _ -> Optional.of(new Remove(path));
            case RemoveThese(_, var elements) ->
                Optional.of(elements(elements, words)).filter(known -> !known.isEmpty())
                    .map(known -> new RemoveThese(path, known));
        };
    }

    private static Optional<Object> value(AttributePath path, Object value, Function<String, Optional<String>> words) {
        if (value instanceof List<?> elements) {
            var known = elements(elements, words);
            return known.isEmpty() && !elements.isEmpty() ? Optional.empty() : Optional.of(known);
        }
        if (value instanceof Map<?, ?>) {
            return elements(List.of(value), words).stream().<Object>map(known -> known).findFirst();
        }
        return path.name().sub().filter(sub -> sub.name().equals(VALUE)).isPresent()
            ? words.apply((String) value).map(known -> known) : Optional.of(value);
    }

    private static List<Map<String, Object>> elements(List<?> elements, Function<String, Optional<String>> words) {
        var known = new LinkedHashMap<Object, Map<String, Object>>();
        for (var element : elements) {
            var parts = new LinkedHashMap<String, Object>();
            ((Map<?, ?>) element).forEach((name, part) -> parts.put((String) name, part));
            var value = parts.get(VALUE) instanceof String text ? words.apply(text) : Optional.<String>empty();
            if (value.isPresent() || !parts.containsKey(VALUE)) {
                value.ifPresent(word -> parts.put(VALUE, word));
                known.putIfAbsent(parts, Elements.frozen(parts));
            }
        }
        return List.copyOf(known.values());
    }

    private static Filter translated(Filter filter, Function<String, Optional<String>> words) {
        return switch (filter) {
            case And(var all) -> new And(all.stream().map(one -> translated(one, words)).toList());
            case Or(var any) -> new Or(any.stream().map(one -> translated(one, words)).toList());
            case Not(var inner) -> new Not(translated(inner, words));
            case Compare(var name, var operator, Written(var typed, var exact, _)) when name.is(VALUE) ->
                new Compare(name, operator, Written.of(words.apply(typed).orElse(typed), exact));
            default -> filter;
        };
    }
}
