package roster.base.scim;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// An attribute, or a part of one, by its canonical name.
///
/// @param extension the schema that has the attribute, if it is an extension
/// @param sub a part of a complex attribute
public record AttributeName(Optional<Schema> extension, Attribute attribute, Optional<Attribute> sub) {
    static AttributeName of(Attribute attribute) {
        return new AttributeName(Optional.empty(), attribute, Optional.empty());
    }

    /// What its values are: the part, or the whole attribute.
    public Attribute leaf() {
        return sub.orElse(attribute);
    }

    AttributeName whole() {
        return new AttributeName(extension, attribute, Optional.empty());
    }

    /// This one, and of a complex attribute its `value`, which is what filters mean by it.
    Optional<AttributeName> comparable() {
        return leaf().isComplex()
            ? leaf().sub("value").map(value -> new AttributeName(extension, attribute, Optional.of(value)))
            : Optional.of(this);
    }

    public boolean readOnly() {
        return attribute.readOnly() || sub.filter(one -> one.readOnly() || one.immutable()).isPresent();
    }

    /// As clients write it: `name.givenName`, or with the URN of an extension before it.
    public String text() {
        return extension.map(schema -> schema.id() + ":").orElse("") + attribute.name()
            + sub.map(one -> "." + one.name()).orElse("");
    }

    @Override
    public String toString() {
        return text();
    }

    /// Whether [#text] is this.
    public boolean is(String text) {
        return text().equals(text);
    }

    /// What a resource has under this name: none, one, or many if it is multi-valued.
    ///
    /// @param resource under canonical names, extensions under their URN
    Stream<Object> values(Map<?, ?> resource) {
        return each(whole(resource)).flatMap(value -> each(part(value)));
    }

    /// The same, but of many elements only the primary one, or the first if none is.
    Optional<Object> single(Map<?, ?> resource) {
        var all = each(whole(resource)).toList();
        return all.stream().filter(AttributeName::isPrimary).findFirst().or(() -> all.stream().findFirst())
            .map(this::part);
    }

    private static boolean isPrimary(Object element) {
        return element instanceof Map<?, ?> parts && Boolean.TRUE.equals(parts.get("primary"));
    }

    private Object whole(Map<?, ?> resource) {
        Object holder = extension.isPresent() ? resource.get(extension.get().id()) : resource;
        return holder instanceof Map<?, ?> members ? members.get(attribute.name()) : null;
    }

    private Object part(Object value) {
        return sub.isEmpty() ? value : value instanceof Map<?, ?> parts ? parts.get(sub.get().name()) : null;
    }

    private static Stream<Object> each(Object value) {
        return value instanceof List<?> many ? many.stream().map(one -> (Object) one) : Stream.ofNullable(value);
    }
}
