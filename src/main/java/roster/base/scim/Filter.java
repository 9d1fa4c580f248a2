package roster.base.scim;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import roster.model.ScimType;
import roster.model.Text;

/// A filter, as a tree to match on or to take apart.
///
/// It is smaller than the grammar: `ne` is [Not] of `eq`, `x eq null` is [Not] of [Present], and `attr[filter].sub op value` is
/// an [Element] that meets both. A complex attribute that is compared is its `value`. So a filter that looks people up by
/// address is a [Compare] of `emails.value`, or an [Element] of `emails` with one inside.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc7644#section-3.4.2.2">RFC 7644, 3.4.2.2</a>
public sealed interface Filter {
    /// The longest filter, in UTF-16 units.
    int LENGTH_MAX = 10_000;

    /// The most comparisons, `pr` among them.
    int COMPARISONS_MAX = 100;

    /// How deep parentheses and brackets may be in each other.
    int LEVELS_MAX = 32;

    enum Operator {
        EQ, CO, SW, EW, GT, GE, LT, LE
    }

    /// Meets all, of which there are at least two, none of them an [And].
    record And(List<Filter> all) implements Filter {
        public And {
            all = List.copyOf(all);
        }
    }

    /// Meets one of at least two.
    record Or(List<Filter> any) implements Filter {
        public Or {
            any = List.copyOf(any);
        }
    }

    record Not(Filter filter) implements Filter {}

    /// Has a value that compares so with this one.
    ///
    /// @param name never a complex attribute
    record Compare(AttributeName name, Operator operator, Operand operand) implements Filter {
        /// Whether this is an `eq` on an attribute, by [AttributeName#text].
        public boolean isEqual(String text) {
            return operator == Operator.EQ && name.is(text);
        }
    }

    /// Has a value.
    record Present(AttributeName name) implements Filter {}

    /// Has one element that meets a filter, which names parts of it.
    ///
    /// @param name a complex attribute
    record Element(AttributeName name, Filter filter) implements Filter {}

    /// Is about something that is accepted and never kept: no resource has it.
    record Nothing() implements Filter {}

    /// @throws roster.model.Refused with `invalidFilter` if it does not parse, names an unknown attribute, compares what cannot
    ///     be compared so, or is beyond a limit
    static Filter parse(ResourceType type, String text) {
        return parse(type, List.of(), text);
    }

    /// The same for a list of resources of several types: what only others have, resources of this one have no value of.
    static Filter parse(ResourceType type, List<ResourceType> others, String text) {
        return new FilterParser(text, ScimType.INVALID_FILTER).whole(typed -> switch (Names.resolve(type, typed)) {
            case Resolved.Known(var name) -> Optional.of(name);
            case Resolved.NotKept _ -> Optional.empty();
            case Resolved.Unknown _ when others.stream()
                .anyMatch(other -> Names.resolve(other, typed) instanceof Resolved.Known) -> Optional.empty();
            case Resolved.Unknown(var unknown) ->
                throw Bad.request(ScimType.INVALID_FILTER, Names.unknown(type, unknown));
            case Resolved.Whole _,Resolved.Malformed _ ->
                throw Bad.request(ScimType.INVALID_FILTER, "Not an attribute: " + Bad.shown(typed));
        });
    }

    /// @param resource under canonical names, extensions under their URN; times as text
    default boolean matches(Map<String, ?> resource) {
        return matches(resource, Text::folded);
    }

    /// @param folding [Text#folded], or one that remembers
    default boolean matches(Map<?, ?> resource, UnaryOperator<String> folding) {
        return switch (this) {
            case And(var all) -> all.stream().allMatch(one -> one.matches(resource, folding));
            case Or(var any) -> any.stream().anyMatch(one -> one.matches(resource, folding));
            case Not(var filter) -> !filter.matches(resource, folding);
            case Compare(var name, var operator, var operand) ->
                name.values(resource).anyMatch(value -> operand.meets(operator, value, folding));
            case Present(var name) -> name.values(resource).anyMatch(Filter::isSomething);
            case Element(var name, var filter) -> name.values(resource)
                .anyMatch(value -> value instanceof Map<?, ?> element && filter.matches(element, folding));
            case Nothing _ -> false;
        };
    }

    private static boolean isSomething(Object value) {
        return !(value instanceof Map<?, ?> parts && parts.isEmpty()
            || value instanceof List<?> many && many.isEmpty());
    }

    /// The attributes of a resource that it looks at, some of them several times.
    default Stream<AttributeName> names() {
        return switch (this) {
            case And(var all) -> all.stream().flatMap(Filter::names);
            case Or(var any) -> any.stream().flatMap(Filter::names);
            case Not(var filter) -> filter.names();
            case Compare(var name, _, _) -> Stream.of(name);
            case Present(var name) -> Stream.of(name);
            case Element(var name, _) -> Stream.of(name);
            case Nothing _ -> Stream.empty();
        };
    }

    /// Whether it looks at an attribute of a kind, also within the elements of another.
    default boolean asksFor(Predicate<AttributeName> kind) {
        return switch (this) {
            case And(var all) -> all.stream().anyMatch(one -> one.asksFor(kind));
            case Or(var any) -> any.stream().anyMatch(one -> one.asksFor(kind));
            case Not(var filter) -> filter.asksFor(kind);
            case Compare(var name, _, _) -> kind.test(name);
            case Present(var name) -> kind.test(name);
            case Element(var name, var filter) -> kind.test(name) || filter.asksFor(kind);
            case Nothing _ -> false;
        };
    }

    /// The filters that a resource must meet all of: those of an [And], else this one.
    default List<Filter> conjuncts() {
        return this instanceof And(var all) ? all : List.of(this);
    }
}
