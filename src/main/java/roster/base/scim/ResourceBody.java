package roster.base.scim;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import roster.model.ScimType;
import tools.jackson.databind.JsonNode;

/// A resource as a client sends it, to be created or to replace another.
///
/// @param attributes what was sent and is writable
/// @param sent how attributes stand in the body, by the text of their names; those that are not there are absent
/// @param skipped names of members that are unknown or read-only
/// @param version the `meta.version` that the client read before, if it sent it back
public record ResourceBody(Attributes attributes, Map<String, Sent> sent, List<String> skipped,
    Optional<String> version) {

    /// @throws roster.model.Refused with `invalidSyntax` for wrong types; with `invalidValue` for values of bad form, beyond
    ///     the limits, or if a required attribute other than `emails` is missing
    public static ResourceBody read(ResourceType type, JsonNode body) {
        if (!body.isObject()) {
            throw Bad.request(ScimType.INVALID_SYNTAX, "The body is not an object");
        }
        var reader = new OperationReader(type, true);
        reader.each(OperationReader.Kind.ADD, "", body);
        var run = new PatchRun(type, Attributes.NONE);
        reader.operations().forEach(run::apply);
        var attributes = run.result();
        for (var attribute : type.schema().attributes()) {
            if (attribute.required() && !attribute.multiValued() && !attributes.has(attribute.name())) {
                throw Bad.value(attribute.name(), "is required");
            }
        }
        var version = Values.member(Values.member(body, "meta"), "version");
        return new ResourceBody(attributes, Map.copyOf(reader.sent()), reader.skipped(),
            version.isString() ? Optional.of(version.asString()) : Optional.empty());
    }

    /// How an attribute stands in the body.
    ///
    /// @param name as [AttributeName#text] of an attribute as a whole
    public Sent how(String name) {
        return sent.getOrDefault(name, Sent.ABSENT);
    }
}
