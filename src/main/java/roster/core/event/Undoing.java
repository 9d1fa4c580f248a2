package roster.core.event;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import roster.model.LoginMethod;
import tools.jackson.databind.JsonNode;

/// A thing that becomes again what it was, as the later entries about it are undone one by one, the latest first.
final class Undoing {
    static final String ROLES = "roles";
    static final String DEFAULT_ROLES = "default_roles";
    private static final String SECOND_FACTOR = "mfa_enabled";
    private static final String ENABLED = "enabled";
    private static final String LOGIN_METHODS = "allowed_login_methods";

    /// What the name of an action ends with where it makes, or ends, what it is about.
    private static final Set<String> MAKING = Set.of("created", "issued", "sent", "linked");
    private static final Set<String> ENDING = Set.of("deleted", "revoked", "unlinked");

    /// Entries about users that tell of something else of theirs, under names that users' own facts have as well.
    private static final Set<String> ONLY_SECOND_FACTOR =
        Set.of("second_factor.added", "second_factor.removed", "second_factor.reset");

    /// Actions that set what the API shows as the last change of a thing.
    private static final Map<ObjectKind, Set<String>> CHANGES = Map.of(
        ObjectKind.USER, Set.of("user.created", "user.updated", "user.verified", "user.disabled", "user.enabled",
            "user.anonymized", "user.deprovisioned", "user.restored", "identity_provider.override_updated"),
        ObjectKind.ROLE, Set.of("role.created", "role.updated", "role.permission_granted", "role.permission_revoked"),
        ObjectKind.API_KEY, Set.of("api_key.issued", "api_key.updated"),
        ObjectKind.ACCESS_TOKEN, Set.of("access_token.updated"),
        ObjectKind.AUTHN_MAPPING, Set.of("authn_mapping.created", "authn_mapping.updated"),
        ObjectKind.SAML_CONFIGURATION, Set.of("saml_configuration.created", "saml_configuration.updated"),
        ObjectKind.ORG, Set.of("org.created", "org.updated", "org.disabled", "org.enabled"),
        ObjectKind.ORG_CONFIG, Set.of("org_config.updated"));

    private final ObjectKind kind;
    private final Deque<Event> later;
    private Map<String, Object> facts;
    private boolean changed;

    /// @param facts as it is now; null if it is not there any more
    /// @param later the entries about it, the latest first
    Undoing(ObjectKind kind, Map<String, Object> facts, List<Event> later) {
        this.kind = kind;
        this.facts = facts;
        this.later = new ArrayDeque<>(later);
    }

    /// Makes it what it was right after an event.
    void backTo(EventId event) {
        while (!later.isEmpty() && later.peek().id().isBehind(event)) {
            undo(later.remove());
        }
    }

    /// Whether an action sets when the thing was changed last.
    static boolean changes(ObjectKind kind, String action) {
        return CHANGES.getOrDefault(kind, Set.of()).contains(action);
    }

    static Set<String> changes(ObjectKind kind) {
        return CHANGES.getOrDefault(kind, Set.of());
    }

    /// @return as it was; null if it was not there
    Map<String, Object> facts() {
        return facts == null ? null : new LinkedHashMap<>(facts);
    }

    /// Whether anything was undone that had set when it was changed last.
    boolean changed() {
        return changed;
    }

    private void undo(Event entry) {
        changed |= changes(kind, entry.type());
        var verb = entry.type().substring(entry.type().indexOf('.') + 1);
        var itself = entry.kind().filter(kind::equals).isPresent();
        if (kind == ObjectKind.IDENTITY_PROVIDER) {
            undoOfProvider(entry, verb);
        } else if (itself && MAKING.contains(verb)) {
            facts = null;
        } else if (itself && ENDING.contains(verb)) {
            facts = new LinkedHashMap<>();
            changed = true;
            put(entry.before());
        } else if (facts != null) {
            if (kind == ObjectKind.USER) {
                undoOfUser(entry);
            } else if (kind == ObjectKind.ORG_CONFIG) {
                entry.before().properties().forEach(one -> facts.put(CurrentObjects.VALUE, one.getValue()));
            } else if (itself) {
                undoAll(entry);
            }
        }
    }

    /// Signing in with Google can be enabled or not, whether or not a provider is configured for it: only what is said of that
    /// makes or ends the way to sign in.
    private void undoOfProvider(Event entry, String verb) {
        if (MAKING.contains(verb) && entry.after().has(ENABLED)) {
            facts = null;
        } else if (entry.before().has(ENABLED)) {
            if (ENDING.contains(verb)) {
                facts = new LinkedHashMap<>(Map.of("authentication_method", LoginMethod.OIDC.text()));
            }
            facts.put(ENABLED, entry.before().get(ENABLED));
        }
    }

    private void undoOfUser(Event entry) {
        switch (entry.type()) {
            case "role.member_added" -> changeRole(entry.subjectId(), false);
            case "role.member_removed" -> changeRole(entry.subjectId(), true);
            case "identity_provider.override_updated" -> putIfTold(entry, LOGIN_METHODS);
            default -> {
                if (ONLY_SECOND_FACTOR.contains(entry.type())) {
                    putIfTold(entry, SECOND_FACTOR);
                } else if (entry.type().startsWith("user.")) {
                    undoAll(entry);
                }
            }
        }
    }

    private void putIfTold(Event entry, String name) {
        if (entry.before().has(name)) {
            facts.put(name, entry.before().get(name));
        }
    }

    /// Facts that only later entries have were not there.
    private void undoAll(Event entry) {
        entry.after().properties().forEach(one -> facts.put(one.getKey(), null));
        put(entry.before());
    }

    private void put(JsonNode before) {
        before.properties().forEach(one -> facts.put(one.getKey(), one.getValue()));
    }

    private void changeRole(UUID role, boolean has) {
        var roles = roles(facts);
        roles.remove(role.toString());
        if (has) {
            roles.add(role.toString());
        }
        facts.put(ROLES, roles);
    }

    /// The roles of a user's facts, or the default ones of SAML.
    static List<String> roles(Map<String, Object> facts) {
        var roles = facts.containsKey(ROLES) ? facts.get(ROLES) : facts.get(DEFAULT_ROLES);
        return switch (roles) {
            case null -> new ArrayList<>();
            case JsonNode node -> new ArrayList<>(node.valueStream().map(JsonNode::asString).toList());
            case List<?> list -> new ArrayList<>(list.stream().map(Object::toString).toList());
            default -> throw new IllegalStateException("no roles: " + roles);
        };
    }
}
