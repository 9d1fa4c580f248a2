package roster.base.scim;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import roster.base.scim.Filter.Compare;
import roster.base.scim.Filter.Or;
import roster.base.scim.Operand.Written;

/// One change to a set of members or roles, which can be made without reading who is in it.
public sealed interface SetChange {
    /// @param elements with their `value`, and other parts that were sent
    record Add(List<Attributes> elements) implements SetChange {}

    /// Puts these in the place of all.
    record Replace(List<Attributes> elements) implements SetChange {}

    record Remove(Set<String> values) implements SetChange {}

    record RemoveAll() implements SetChange {}

    /// One that depends on what the elements are, such as `roles[primary eq true].value`: of members, a [Operation.Remove] only.
    record Other(Operation operation) implements SetChange {}

    static SetChange of(Operation operation) {
        var path = operation.path();
        var isWhole = path.filter().isEmpty() && path.name().sub().isEmpty();
        return switch (operation) {
            case Operation.Add(_, List<?> elements) when isWhole -> new Add(attributes(elements));
            case Operation.Replace(_, List<?> elements) when isWhole -> new Replace(attributes(elements));
            case Operation.Remove _ when isWhole -> new RemoveAll();
            case Operation.Remove _ when path.name().sub().isEmpty() && values(path.filter().get()).isPresent() ->
                new Remove(values(path.filter().get()).get());
            case Operation.RemoveThese(_, var elements) ->
                new Remove(texts(elements.stream().map(one -> one.get("value"))));
            default -> new Other(operation);
        };
    }

    private static List<Attributes> attributes(List<?> elements) {
        return elements.stream().map(one -> Attributes.of((Map<String, ?>) cast(one))).toList();
    }

    @SuppressWarnings("unchecked") // elements are maps whose keys are names
    private static Map<String, ?> cast(Object element) {
        return (Map<String, ?>) element;
    }

    private static Set<String> texts(Stream<?> values) {
        var texts = new LinkedHashSet<String>();
        values.forEach(value -> texts.add((String) value));
        return texts;
    }

    /// The values that a filter chooses by, if it is `value eq "x"`, or several of these joined by `or`.
    static Optional<Set<String>> values(Filter filter) {
        var parts = filter instanceof Or(var any) ? any : List.of(filter);
        return parts.stream().allMatch(part -> part instanceof Compare compare && compare.isEqual("value"))
            ? Optional.of(texts(parts.stream().map(part -> ((Written) ((Compare) part).operand()).typed())))
            : Optional.empty();
    }
}
