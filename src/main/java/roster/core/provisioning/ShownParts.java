package roster.core.provisioning;

import java.util.Set;
import roster.base.scim.AttributeName;
import roster.base.scim.Filter;

/// What of resources is made where they are shown, as it depends on the address by which they are asked for, or on all of the
/// rest. Filters may ask for it.
final class ShownParts {
    private static final Set<String> NAMES = Set.of("schemas", "location", "version", "$ref");

    private ShownParts() {}

    static boolean areIn(Filter filter) {
        return filter.asksFor(ShownParts::isOne);
    }

    static boolean isOne(AttributeName name) {
        return NAMES.contains(name.leaf().name());
    }
}
