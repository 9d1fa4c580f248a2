package roster.core.provisioning;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import roster.base.json.Json;
import roster.model.Role;

/// A role of a user, and what a directory says of it.
///
/// @param name of the role
record Membership(Role.Id role, String name, Optional<String> type, Optional<Boolean> primary) {
    /// As an element of `roles`.
    Map<String, Object> element() {
        var element = Json.members("value", role.toString(), "display", name);
        element.putAll(told());
        return element;
    }

    /// What a directory says of it.
    Map<String, Object> told() {
        var told = new LinkedHashMap<String, Object>();
        type.ifPresent(text -> told.put("type", text));
        primary.ifPresent(flag -> told.put("primary", flag));
        return told;
    }

    /// As an element of `groups`.
    Map<String, Object> group() {
        return Json.members("value", role.toString(), "display", name, "type", "direct");
    }
}
