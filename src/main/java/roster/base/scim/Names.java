package roster.base.scim;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import roster.base.scim.Resolved.Known;
import roster.base.scim.Resolved.Malformed;
import roster.base.scim.Resolved.NotKept;
import roster.base.scim.Resolved.Unknown;
import roster.base.scim.Resolved.Whole;
import roster.model.Text;

/// Finds attributes by the names that clients send: in any case, after a URN or without one.
///
/// A URN ends at its last colon, not at the dot of `2.0`; so URNs are recognised as a whole. A dot after one is read as the
/// colon. Attributes of extensions are found without their URN, too.
final class Names {
    private static final Pattern ONE_NAME =
        Pattern.compile("(\\$?[A-Za-z][A-Za-z0-9_$-]*)(?:\\.(\\$?[A-Za-z][A-Za-z0-9_$-]*))?");
    private static final Pattern FOREIGN = Pattern.compile("[A-Za-z0-9:._$%/#+-]+");
    private static final String URN = "urn:";

    /// So many characters of a name make up for one wrong one.
    private static final int LETTERS_A_SLIP = 4;

    /// Longer names have no near one; looking for it takes time with their length.
    private static final int NEAR_MAX = 100;

    private Names() {}

    static Resolved resolve(ResourceType type, String typed) {
        if (!typed.regionMatches(true, 0, URN, 0, URN.length())) {
            return resolve(type, Optional.empty(), typed);
        }
        for (var schema : Stream.concat(Stream.of(type.schema()), type.extensions().stream()).toList()) {
            var urn = schema.id();
            if (typed.regionMatches(true, 0, urn, 0, urn.length())) {
                var extension = urn.equals(type.schema().id()) ? Optional.<Schema>empty() : Optional.of(schema);
                if (typed.length() == urn.length()) {
                    return new Whole(extension);
                }
                var next = typed.charAt(urn.length());
                if (next == ':' || next == '.') {
                    return resolve(type, extension, typed.substring(urn.length() + 1));
                }
            }
        }
        return FOREIGN.matcher(typed).matches() ? new NotKept() : new Malformed();
    }

    private static Resolved resolve(ResourceType type, Optional<Schema> extension, String typed) {
        var parts = ONE_NAME.matcher(typed);
        if (!parts.matches()) {
            return new Malformed();
        }
        var name = parts.group(1);
        var found = extension.isPresent() ? extension.flatMap(schema -> in(schema, name))
            : type.attribute(name).map(AttributeName::of)
                .or(() -> type.extensions().stream().flatMap(schema -> in(schema, name).stream()).findFirst());
        if (found.isEmpty()) {
            return type.notKept().stream().anyMatch(name::equalsIgnoreCase) ? new NotKept() : new Unknown(typed);
        }
        if (parts.group(2) == null) {
            return new Known(found.get());
        }
        return found.get().attribute().sub(parts.group(2))
            .<Resolved>map(
                sub -> new Known(new AttributeName(found.get().extension(), found.get().attribute(), Optional.of(sub))))
            .orElseGet(() -> new Unknown(typed));
    }

    private static Optional<AttributeName> in(Schema schema, String name) {
        return schema.attribute(name)
            .map(attribute -> new AttributeName(Optional.of(schema), attribute, Optional.empty()));
    }

    /// A part of a complex attribute, named alone, as in the brackets of a filter.
    static Resolved part(Attribute attribute, String typed) {
        var one = ONE_NAME.matcher(typed);
        if (!one.matches() || one.group(2) != null) {
            return new Malformed();
        }
        return attribute.sub(typed).<Resolved>map(sub -> new Known(AttributeName.of(sub)))
            .orElseGet(() -> new Unknown(attribute.name() + "." + typed));
    }

    /// What to say of an unknown name.
    static String unknown(ResourceType type, String typed) {
        return "Unknown attribute " + Bad.shown(typed)
            + nearest(type, typed).map(near -> ". Did you mean %s?".formatted(near)).orElse("");
    }

    private static Optional<String> nearest(ResourceType type, String typed) {
        if (typed.length() > NEAR_MAX) {
            return Optional.empty();
        }
        var wrong = typed.substring(typed.lastIndexOf(':') + 1).toLowerCase(Locale.ROOT);
        return all(type).stream()
            .filter(one -> slips(one, wrong) <= Math.max(1, one.length() / LETTERS_A_SLIP))
            .min(Comparator.comparingInt(one -> slips(one, wrong)));
    }

    private static int slips(String one, String wrong) {
        return Text.distance(one.toLowerCase(Locale.ROOT), wrong);
    }

    private static List<String> all(ResourceType type) {
        var names = new ArrayList<String>();
        Stream.of(type.schema().attributes().stream(), ResourceType.COMMON.stream(),
            type.extensions().stream().flatMap(schema -> schema.attributes().stream())).flatMap(each -> each)
            .forEach(attribute -> {
                names.add(attribute.name());
                attribute.subAttributes().forEach(sub -> names.add(attribute.name() + "." + sub.name()));
            });
        return names;
    }
}
