package roster.base.scim;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import roster.model.Text;

/// What a list is sorted by, and which way.
///
/// @param whole whether by all values of an attribute that has many, which no list is, but look-ups are
/// @see <a href="https://www.rfc-editor.org/rfc/rfc7644#section-3.4.2.3">RFC 7644, 3.4.2.3</a>
public record SortOrder(AttributeName attribute, boolean descending, boolean whole) {
    /// Between values. No text has control characters.
    private static final String SEPARATOR = "\u0001";

    /// By one attribute.
    public static SortOrder ascending(AttributeName attribute) {
        return new SortOrder(attribute, false, false);
    }

    /// By all values of an attribute.
    public static SortOrder byAll(AttributeName attribute) {
        return new SortOrder(attribute, false, true);
    }

    /// @param sortBy the name of an attribute, as a client sent it. One with parts means its `value`
    /// @param sortable what such resources are sorted by, as [AttributeName#text] has it
    /// @return nothing for any other attribute
    public static Optional<SortOrder> parse(ResourceType type, Set<String> sortable, String sortBy,
        boolean descending) {
        return Names.resolve(type, sortBy) instanceof Resolved.Known(var name)
            ? name.comparable().filter(attribute -> sortable.contains(attribute.text()))
                .map(attribute -> new SortOrder(attribute, descending, false))
            : Optional.empty();
    }

    /// What a resource is sorted by: text that is in the order of its code points. Of an attribute with many values it is the
    /// primary one, or the first.
    ///
    /// @param resource under canonical names, extensions under their URN; times as text
    public Optional<String> key(Map<?, ?> resource) {
        return whole ? attribute.values(resource).map(this::compared).sorted()
            .reduce((values, value) -> values + SEPARATOR + value)
            : attribute.single(resource).map(this::compared);
    }

    private String compared(Object value) {
        return attribute.leaf().caseExact() ? value.toString() : Text.folded(value.toString());
    }

    /// The values that a key is made of.
    public List<String> values(String key) {
        return whole ? List.of(key.split(SEPARATOR, -1)) : List.of(key);
    }

    /// A text by which orders can be told apart: equal for equal orders, and for no others.
    public String text() {
        return attribute.text() + (descending ? " descending" : "") + (whole ? " all" : "");
    }
}
