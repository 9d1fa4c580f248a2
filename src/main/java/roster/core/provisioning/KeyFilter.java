package roster.core.provisioning;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import roster.base.scim.Attribute;
import roster.base.scim.Attribute.Type;
import roster.base.scim.AttributeName;
import roster.base.scim.Filter;
import roster.base.scim.Filter.And;
import roster.base.scim.Filter.Compare;
import roster.base.scim.Filter.Element;
import roster.base.scim.Filter.Operator;
import roster.base.scim.Operand;
import roster.base.scim.ScimTimes;
import roster.base.scim.SortOrder;
import roster.core.provisioning.PeopleScans.Watch;
import roster.model.Text;

/// A filter on one attribute by which lists may be sorted. The [ListKeys] of that order tell whom it matches: for most filters
/// these are a part of them, which is found without looking at each.
///
/// @param order by the attribute, ascending
record KeyFilter(Filter filter, SortOrder order) {
    /// So many keys are looked at together.
    private static final int AT_ONCE = 1000;

    /// Lists are sorted by one of them; a filter is about all.
    private static final String ADDRESSES = PersonEmails.EMAILS + ".value";

    /// A part of the keys.
    ///
    /// @param from how many come before it
    /// @param to how many come before its end
    record Range(long from, long to) {
        private Range with(Range other) {
            var begin = Math.max(from, other.from);
            return new Range(begin, Math.max(begin, Math.min(to, other.to)));
        }
    }

    static Optional<KeyFilter> of(Filter filter) {
        var names = filter.names().distinct().toList();
        if (names.size() != 1 || !PeopleSearch.SORTABLE.contains(names.getFirst().text())) {
            return Optional.empty();
        }
        var name = names.getFirst();
        return Optional
            .of(new KeyFilter(filter, name.is(ADDRESSES) ? SortOrder.byAll(name) : SortOrder.ascending(name)));
    }

    /// The same of a filter that all match who match another.
    static Optional<KeyFilter> ofWider(Filter filter) {
        return filter instanceof Element(var name, var inner) && name.is(PersonEmails.EMAILS)
            ? inner.conjuncts().stream().flatMap(part -> ofAddress(name.attribute(), part).stream()).findFirst()
            : of(filter);
    }

    private static Optional<KeyFilter> ofAddress(Attribute emails, Filter ofElement) {
        return ofElement instanceof Compare(var name, var operator, var operand) && name.is("value")
            ? of(new Compare(new AttributeName(Optional.empty(), emails, Optional.of(name.attribute())), operator,
                operand))
            : Optional.empty();
    }

    /// The value that all have who match, if the filter says one.
    Optional<String> value() {
        return filter instanceof Compare(_, var operator, var operand) && operator == Operator.EQ ? switch (operand) {
            case Operand.Written(_, _, var key) -> Optional.of(key);
            case Operand.Flag(var flag) -> Optional.of(Boolean.toString(flag));
            case Operand.Time _ -> Optional.empty();
        } : Optional.empty();
    }

    /// Where those are who match.
    ///
    /// @param all in the order
    /// @return none if they are not beside one another
    Optional<Range> range(Ordered all) {
        return order.whole() ? Optional.empty() : range(filter, all);
    }

    private Optional<Range> range(Filter part, Ordered all) {
        return switch (part) {
            case And(var parts) -> {
                var ranges = parts.stream().map(one -> range(one, all)).toList();
                yield ranges.stream().allMatch(Optional::isPresent)
                    ? ranges.stream().flatMap(Optional::stream).reduce(Range::with) : Optional.empty();
            }
            case Filter.Present _ -> Optional.of(new Range(0, all.rank(ListKeys.NO_VALUES)));
            case Compare(_, var operator, Operand.Written(_, _, var key)) -> range(operator, key, all);
            case Compare(_, _, Operand.Flag(var flag)) -> range(Operator.EQ, Boolean.toString(flag), all);
            case Compare(_, var operator, Operand.Time(var time)) when ScimTimes.isUsual(time) -> {
                var shown = ScimTimes.truncated(time);
                var range = range(ofTruncated(operator, shown.equals(time)), Text.folded(ScimTimes.text(shown)), all);
                yield operator == Operator.EQ && !shown.equals(time) ? Optional.of(new Range(0, 0)) : range;
            }
            default -> Optional.empty();
        };
    }

    /// What is shown of times ends at the millisecond: none is between that and the next one.
    private static Operator ofTruncated(Operator operator, boolean isExact) {
        return isExact ? operator : switch (operator) {
            case GE -> Operator.GT;
            case LT -> Operator.LE;
            default -> operator;
        };
    }

    private static Optional<Range> range(Operator operator, String value, Ordered all) {
        if (value.indexOf(0) >= 0) {
            return Optional.empty(); // it ends the value of a key
        }
        return switch (operator) {
            case EQ -> Optional.of(new Range(before(all, value), through(all, value)));
            case SW -> Optional.of(new Range(all.rank(ListKeys.beginning(value)), all.rank(ListKeys.afterAll(value))));
            case GT -> Optional.of(new Range(through(all, value), all.rank(ListKeys.NO_VALUES)));
            case GE -> Optional.of(new Range(before(all, value), all.rank(ListKeys.NO_VALUES)));
            case LT -> Optional.of(new Range(0, before(all, value)));
            case LE -> Optional.of(new Range(0, through(all, value)));
            case CO, EW -> Optional.empty();
        };
    }

    private static long before(Ordered all, String value) {
        return all.rank(ListKeys.valued(value));
    }

    private static long through(Ordered all, String value) {
        return all.rank(ListKeys.afterAll(ListKeys.valued(value)));
    }

    /// Whether those who match are beside one another, so that they are found without looking at each key.
    boolean isRange() {
        return range(Ordered.of(List.of())).isPresent();
    }

    /// Passes on the keys of those who match.
    ///
    /// @param all in the order
    /// @param watch told of each key that is looked at
    /// @param reader says whether it takes more
    void each(Ordered all, Watch watch, Predicate<byte[]> reader) {
        var range = range(all);
        var part = range.orElseGet(() -> new Range(0, all.count()));
        for (var from = part.from(); from < part.to(); from += AT_ONCE) {
            for (var key : all.keys(from, (int) Math.min(AT_ONCE, part.to() - from))) {
                watch.look();
                if ((range.isPresent() || matches(key)) && !reader.test(key)) {
                    return;
                }
            }
        }
    }

    private boolean matches(byte[] key) {
        return filter.matches(ListKeys.value(key).map(this::resource).orElse(Map.of()),
            isTime() ? Text::folded : UnaryOperator.identity());
    }

    private boolean isTime() {
        return order.attribute().leaf().type() == Type.DATE_TIME;
    }

    /// What has a value and nothing else, folded but for times.
    private Map<String, Object> resource(String key) {
        var name = order.attribute();
        var parts =
            order.values(key).stream().map(text -> name.sub().<Object>map(sub -> Map.of(sub.name(), value(text)))
                .orElseGet(() -> value(text))).toList();
        return Map.of(name.attribute().name(), order.whole() ? parts : parts.getFirst());
    }

    private Object value(String text) {
        return order.attribute().leaf().type() == Type.BOOLEAN ? Boolean.valueOf(text)
            : isTime() ? text.toUpperCase(Locale.ROOT) : text;
    }
}
