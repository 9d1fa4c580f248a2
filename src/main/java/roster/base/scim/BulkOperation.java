package roster.base.scim;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import roster.model.Refused;
import tools.jackson.databind.JsonNode;

/// One operation of a bulk request.
///
/// @param method in upper case, whichever it is
/// @param bulkId the client's name for the resource
/// @param path as sent
/// @param version what the resource must be, as `If-Match` has it
/// @param data the missing node, if there is none
public record BulkOperation(String method, Optional<String> bulkId, String path, Optional<String> version,
    JsonNode data) {
    private static final String REFERENCE = "bulkId:";

    /// What a path leads to.
    ///
    /// @param id none for the collection; it may be a reference
    public record Target(ResourceType type, Optional<String> id) {
        /// As routes have it, below the base: `/Users`, or `/Users/{id}`.
        public String template() {
            return type.endpoint() + id.map(_ -> "/{id}").orElse("");
        }
    }

    /// @return none if it is neither a collection of resources nor one of them
    public Optional<Target> target() {
        var plain = path.startsWith("//") ? path.substring(1) : path.startsWith("/") ? path : "/" + path;
        var trimmed = plain.endsWith("/") ? plain.substring(0, plain.length() - 1) : plain;
        for (var type : ResourceType.ALL) {
            if (trimmed.equals(type.endpoint())) {
                return Optional.of(new Target(type, Optional.empty()));
            }
            if (trimmed.startsWith(type.endpoint() + "/")) {
                return segment(trimmed.substring(type.endpoint().length() + 1))
                    .map(id -> new Target(type, Optional.of(id)));
            }
        }
        return Optional.empty();
    }

    private static Optional<String> segment(String encoded) {
        if (encoded.isEmpty() || encoded.contains("/") || encoded.contains("?")) {
            return Optional.empty();
        }
        try {
            return Optional.of(URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// The `bulkId` that a value refers to.
    public static Optional<String> referred(String value) {
        return value.regionMatches(true, 0, REFERENCE, 0, REFERENCE.length())
            ? Optional.of(value.substring(REFERENCE.length())) : Optional.empty();
    }

    /// Each `bulkId` that it refers to, in its path or in its data. Of data that cannot be read there is none.
    public Set<String> references() {
        var found = new LinkedHashSet<String>();
        target().flatMap(Target::id).flatMap(BulkOperation::referred).ifPresent(found::add);
        if (mentions(data)) {
            target().ifPresent(target -> collect(target.type(), found));
        }
        return found;
    }

    /// The `bulkId` of the manager of a user, if it is a reference.
    ///
    /// @throws Refused if the data cannot be read
    public Optional<String> manager() {
        return References.manager(ResourceBody.read(ResourceType.USER, data)).flatMap(BulkOperation::referred);
    }

    private void collect(ResourceType type, Set<String> found) {
        Function<String, Optional<String>> collecting = value -> {
            referred(value).ifPresent(found::add);
            return Optional.of(value);
        };
        try {
            if (method.equals("PATCH")) {
                References.translated(Patch.read(type, data), collecting);
            } else {
                References.translated(ResourceBody.read(type, data), collecting);
            }
        } catch (Refused e) {
            return; // so will the operation be
        }
    }

    /// Whether there is anything like a reference: most data have none, and need not be read twice.
    private static boolean mentions(JsonNode node) {
        if (node.isString()) {
            return node.asString().toLowerCase(Locale.ROOT).contains(REFERENCE.toLowerCase(Locale.ROOT));
        }
        for (var inner : node) {
            if (mentions(inner)) {
                return true;
            }
        }
        return false;
    }
}
