package roster.base.scim;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Values that name other resources: the members of a group, the roles and the manager of a user.
public final class References {
    private static final List<String> SETS = List.of("members", "roles");
    private static final String ENTERPRISE = Schemas.ENTERPRISE_USER.id();
    private static final String MANAGER = "manager";
    private static final String VALUE = "value";

    private References() {}

    /// The same with other words for these values. Those for which there is none are left out.
    public static ResourceBody translated(ResourceBody body, Function<String, Optional<String>> words) {
        var attributes = body.attributes();
        for (var set : SETS) {
            if (attributes.has(set)) {
                attributes = attributes.with(set, attributes.elements(set).stream()
                    .flatMap(element -> element.text(VALUE).flatMap(words).stream().map(word -> {
                        var parts = new LinkedHashMap<>(element.values());
                        parts.put(VALUE, word);
                        return parts;
                    })).toList());
            }
        }
        var parts = attributes.parts(ENTERPRISE);
        var manager = manager(body);
        if (manager.isPresent()) {
            var word = manager.flatMap(words);
            attributes = attributes.with(ENTERPRISE, (word.isEmpty() ? parts.without(MANAGER)
                : parts.with(MANAGER, parts.parts(MANAGER).with(VALUE, word.get()).values())).values());
        }
        return new ResourceBody(attributes, body.sent(), body.skipped(), body.version());
    }

    /// The manager of a user.
    static Optional<String> manager(ResourceBody body) {
        return body.attributes().parts(ENTERPRISE).parts(MANAGER).text(VALUE);
    }

    /// The same of a patch.
    public static Patch translated(Patch patch, Function<String, Optional<String>> words) {
        var translated = patch.translated(MANAGER, words);
        for (var set : SETS) {
            translated = translated.translated(set, words);
        }
        return translated;
    }
}
