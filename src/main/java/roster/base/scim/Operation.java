package roster.base.scim;

import java.util.List;
import java.util.Map;

/// One step of a patch, in its one form: names resolved, values read, values of many members taken apart.
public sealed interface Operation {
    AttributePath path();

    /// Adds to a multi-valued attribute, or to the elements that the path chooses.
    ///
    /// @param value elements, as a list of maps; if the path ends with a part, the value of that
    record Add(AttributePath path, Object value) implements Operation {}

    /// Sets an attribute or part, or puts elements in the place of those that the path chooses.
    ///
    /// @param value as of [Add]; of a single-valued attribute, text, a boolean or a map of parts
    record Replace(AttributePath path, Object value) implements Operation {}

    /// Removes an attribute, a part, or the elements that the path chooses.
    record Remove(AttributePath path) implements Operation {}

    /// Removes these elements of a multi-valued attribute, and no others.
    record RemoveThese(AttributePath path, List<Map<String, Object>> elements) implements Operation {}

    /// Whether it is about this attribute or a part of it, by the name of the attribute.
    default boolean isOf(String attribute) {
        return path().name().attribute().name().equals(attribute);
    }
}
