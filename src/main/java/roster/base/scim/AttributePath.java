package roster.base.scim;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import roster.model.ScimType;

/// What a patch changes: an attribute, a part of it, or those elements of it that meet a filter.
///
/// @param name with the part that follows the brackets, if any
/// @see <a href="https://www.rfc-editor.org/rfc/rfc7644#section-3.5.2">RFC 7644, 3.5.2</a>
public record AttributePath(AttributeName name, Optional<Filter> filter) {
    /// What a path leads to.
    sealed interface Target {
        record Known(AttributePath path) implements Target {}

        /// A URN alone.
        record Whole(Optional<Schema> extension) implements Target {}

        /// Something that is accepted and not kept.
        record NotKept() implements Target {}

        record Unknown(String typed) implements Target {}
    }

    /// @throws roster.model.Refused with `invalidPath` if it does not parse
    static Target parse(ResourceType type, String typed) {
        var parser = new FilterParser(typed, ScimType.INVALID_PATH);
        var text = parser.text();
        var resolved = Names.resolve(type, text.name());
        var brackets = text.opensNow('[');
        var unknown = new ArrayList<String>();
        var filter = brackets
            ? Optional.of(parser.elements(name(resolved), part -> part(resolved, part, unknown)))
            : Optional.<Filter>empty();
        var sub = brackets && text.opensNow('.') ? Optional.of(text.name()) : Optional.<String>empty();
        text.mustEnd();
        return switch (resolved) {
            case Resolved.Malformed _ -> throw parser.bad("Not a path: not an attribute");
            case Resolved.Unknown(var name) -> new Target.Unknown(name);
            case Resolved.NotKept _ -> new Target.NotKept();
            case Resolved.Whole(var extension) -> {
                if (brackets) {
                    throw parser.bad("Not a path: a schema has no elements");
                }
                yield new Target.Whole(extension);
            }
            case Resolved.Known(var name) when filter.isPresent() -> chosen(parser, name, filter.get(), sub, unknown);
            case Resolved.Known(var name) -> new Target.Known(new AttributePath(name, Optional.empty()));
        };
    }

    private static Optional<AttributeName> name(Resolved resolved) {
        return resolved instanceof Resolved.Known(var name) ? Optional.of(name) : Optional.empty();
    }

    private static Optional<AttributeName> part(Resolved of, String typed, List<String> unknown) {
        if (!(of instanceof Resolved.Known(var whole))) {
            return Optional.empty();
        }
        return switch (Names.part(whole.attribute(), typed)) {
            case Resolved.Known(var name) -> Optional.of(name);
            case Resolved.Malformed _ -> throw Bad.request(ScimType.INVALID_PATH, "Not a path: not an attribute");
            default -> {
                unknown.add(whole.text() + "." + typed);
                yield Optional.empty();
            }
        };
    }

    private static Target chosen(FilterParser parser, AttributeName name, Filter filter, Optional<String> sub,
        List<String> unknown) {
        if (!name.attribute().multiValued()) {
            throw parser.bad("Not a path: %s has one value, and none to choose from".formatted(name.text()));
        }
        var part = sub.flatMap(typed -> part(new Resolved.Known(name), typed, unknown));
        return unknown.isEmpty()
            ? new Target.Known(new AttributePath(
                new AttributeName(name.extension(), name.attribute(), part.map(AttributeName::attribute)),
                Optional.of(filter)))
            : new Target.Unknown(unknown.getFirst());
    }

    public boolean readOnly() {
        return name.readOnly();
    }
}
