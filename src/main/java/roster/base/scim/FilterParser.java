package roster.base.scim;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import roster.base.scim.Attribute.Type;
import roster.base.scim.Filter.And;
import roster.base.scim.Filter.Compare;
import roster.base.scim.Filter.Element;
import roster.base.scim.Filter.Not;
import roster.base.scim.Filter.Nothing;
import roster.base.scim.Filter.Operator;
import roster.base.scim.Filter.Or;
import roster.base.scim.Filter.Present;
import roster.model.Refused;
import roster.model.ScimType;

/// Reads filters, and the filters in paths.
///
/// Beyond the grammar it takes values without quotation marks, up to a blank or bracket, and `attr[filter].sub op value`.
final class FilterParser {
    /// Finds the attribute of a name. Nothing stands for one that is not kept.
    interface Scope extends Function<String, Optional<AttributeName>> {}

    private final FilterText text;
    private final ScimType fault;
    private int comparisons;
    private int levels;

    /// @param fault what to refuse with
    /// @throws Refused if the text is too long
    FilterParser(String typed, ScimType fault) {
        this.text = new FilterText(typed, fault);
        this.fault = fault;
    }

    Filter whole(Scope scope) {
        var filter = any(scope);
        text.mustEnd();
        return filter;
    }

    FilterText text() {
        return text;
    }

    private Filter any(Scope scope) {
        return joined("or", () -> joined("and", () -> one(scope), And::new), Or::new);
    }

    private Filter joined(String word, Supplier<Filter> part, Function<List<Filter>, Filter> join) {
        var parts = new ArrayList<Filter>();
        do {
            parts.add(part.get());
        } while (text.word(word));
        return parts.size() == 1 ? parts.getFirst() : join.apply(flat(word, parts));
    }

    private static List<Filter> flat(String word, List<Filter> parts) {
        return parts.stream().flatMap(part -> switch (part) {
            case And(var all) when word.equals("and") -> all.stream();
            case Or(var any) when word.equals("or") -> any.stream();
            default -> Stream.of(part);
        }).toList();
    }

    private Filter one(Scope scope) {
        if (text.opens('(')) {
            return nested(scope, ')');
        }
        var name = text.name();
        if (name.equalsIgnoreCase("not") && text.opens('(')) {
            return new Not(nested(scope, ')'));
        }
        var found = scope.apply(name);
        return text.opensNow('[') ? element(found) : term(found);
    }

    private Filter nested(Scope scope, char end) {
        if (++levels > Filter.LEVELS_MAX) {
            throw bad("More than %d levels".formatted(Filter.LEVELS_MAX));
        }
        var filter = any(scope);
        text.mustClose(end);
        levels--;
        return filter;
    }

    private Filter element(Optional<AttributeName> found) {
        var inside = elements(found, name -> part(found, name));
        if (!text.opensNow('.')) {
            return found.<Filter>map(attribute -> new Element(attribute, inside)).orElseGet(Nothing::new);
        }
        var sub = part(found, text.name());
        var operator = text.operator();
        if (found.isEmpty()) {
            term(sub, operator);
            return new Nothing();
        }
        return switch (term(sub, operator)) {
            case Not(var equal) -> new Not(both(found.get(), inside, equal));
            case Filter term -> both(found.get(), inside, term);
        };
    }

    private static Filter both(AttributeName name, Filter one, Filter other) {
        return new Element(name, new And(flat("and", List.of(one, other))));
    }

    private Optional<AttributeName> part(Optional<AttributeName> of, String typed) {
        return of.map(whole -> switch (Names.part(whole.attribute(), typed)) {
            case Resolved.Known(var name) -> name;
            default -> throw bad("Unknown attribute " + Bad.shown(whole.text() + "." + typed));
        });
    }

    /// The filter in brackets, of which the first was read.
    ///
    /// @param parts finds the parts of an element
    Filter elements(Optional<AttributeName> of, Scope parts) {
        if (of.isPresent() && (of.get().sub().isPresent() || !of.get().attribute().isComplex())) {
            throw bad(of.get().text() + " has no elements with parts");
        }
        return nested(typed -> {
            if (text.opensNow('[')) {
                throw bad("Brackets in brackets");
            }
            return parts.apply(typed);
        }, ']');
    }

    private Filter term(Optional<AttributeName> found) {
        return term(found, text.operator());
    }

    private Filter term(Optional<AttributeName> found, String operator) {
        if (++comparisons > Filter.COMPARISONS_MAX) {
            throw bad("More than %d comparisons".formatted(Filter.COMPARISONS_MAX));
        }
        if (operator.equals("pr")) {
            return found.<Filter>map(Present::new).orElseGet(Nothing::new);
        }
        var isNot = operator.equals("ne");
        var sign = operator(isNot ? "eq" : operator);
        var value = text.value();
        var equal = found.map(name -> compare(name, sign, value)).orElseGet(
            () -> value.isNull() ? new Not(new Nothing()) : new Nothing());
        return !isNot ? equal : equal instanceof Not(var inner) ? inner : new Not(equal);
    }

    private Operator operator(String typed) {
        for (var operator : Operator.values()) {
            if (operator.name().equals(typed.toUpperCase(Locale.ROOT))) {
                return operator;
            }
        }
        throw bad("Unknown operator " + Bad.shown(typed));
    }

    private Filter compare(AttributeName found, Operator operator, FilterText.Value value) {
        if (value.isNull()) {
            if (operator != Operator.EQ) {
                throw bad("null can be compared by eq and ne only");
            }
            return new Not(new Present(found));
        }
        var name = found.comparable().orElseThrow(() -> bad(found.text() + " has parts: name one of them"));
        var operand = operand(name, operator, value.text());
        return operand instanceof Operand.Written && isOfNone(operator, value.text()) ? new Nothing()
            : new Compare(name, operator, operand);
    }

    /// No text that is kept has the character NUL, which PostgreSQL does not take in a question either.
    private static boolean isOfNone(Operator operator, String text) {
        return (operator == Operator.EQ || isOfText(operator)) && text.indexOf('\0') >= 0;
    }

    private Operand operand(AttributeName name, Operator operator, String value) {
        var attribute = name.leaf();
        if (attribute.type() == Type.BOOLEAN) {
            if (operator != Operator.EQ) {
                throw bad(name.text() + " is a boolean: it can be compared by eq and ne only");
            }
            return new Operand.Flag(Booleans.parse(value)
                .orElseThrow(() -> bad(name.text() + " is a boolean: it is true or false")));
        }
        if (attribute.type() == Type.DATE_TIME && !isOfText(operator)) {
            return new Operand.Time(ScimTimes.parse(value)
                .orElseThrow(() -> bad(name.text() + " is a time, such as 2026-11-29T09:00:00Z")));
        }
        return Operand.Written.of(value, attribute.caseExact());
    }

    private static boolean isOfText(Operator operator) {
        return operator == Operator.CO || operator == Operator.SW || operator == Operator.EW;
    }

    Refused bad(String detail) {
        return Bad.request(fault, detail);
    }
}
