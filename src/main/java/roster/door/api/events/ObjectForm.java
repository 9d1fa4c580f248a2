package roster.door.api.events;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import roster.base.jsonapi.Resource;
import roster.core.event.Event;
import roster.core.event.ObjectKind;
import roster.core.permission.Catalogue;
import roster.door.api.shared.UserResources;
import roster.model.Id;
import roster.model.Permission;
import tools.jackson.databind.JsonNode;

/// What events are about, as the API's resource, without what no entry of the trail tells, such as numbers and last uses.
final class ObjectForm {
    private static final List<String> TIMES =
        List.of("created_at", "modified_at", "last_login_time", "expires_at", "secret_set_at");

    private final Catalogue catalogue;

    ObjectForm(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /// @param facts in the words of the trail
    Optional<Resource> of(Event event, Map<String, Object> facts) {
        return event.kind().map(kind -> resource(kind, event, new Facts(facts)));
    }

    /// Facts, of which some are JSON of the trail and others are values of today.
    private record Facts(Map<String, Object> all) {
        Object get(String name) {
            var value = all.get(name);
            if (TIMES.contains(name)) {
                return time(value);
            }
            return value instanceof JsonNode node && node.isNull() ? null : value;
        }

        private static Object time(Object value) {
            var text = text(value);
            try {
                return text == null ? null : Instant.parse(text);
            } catch (DateTimeParseException e) {
                return text; // erased
            }
        }

        String text(String name) {
            return text(all.get(name));
        }

        private static String text(Object value) {
            return switch (value) {
                case null -> null;
                case JsonNode node -> node.isNull() ? null : node.asString();
                case Optional<?> maybe -> text(maybe.orElse(null));
                default -> value.toString();
            };
        }

        boolean is(String name) {
            return "true".equals(text(name));
        }

        List<String> texts(String name) {
            return switch (all.get(name)) {
                case JsonNode node -> node.valueStream().map(JsonNode::asString).toList();
                case List<?> list -> list.stream().map(Object::toString).toList();
                case null, default -> List.of();
            };
        }

        List<UUID> ids(String name) {
            return texts(name).stream().flatMap(text -> Id.parse(text).stream()).toList();
        }

        Resource put(Resource resource, String... names) {
            for (var name : names) {
                resource.with(name, get(name));
            }
            return resource;
        }
    }

    private Resource resource(ObjectKind kind, Event event, Facts facts) {
        var org = event.id().org();
        var resource = new Resource(kind.type(), event.subjectId());
        return switch (kind) {
            case USER -> user(resource.with("uuid", event.subjectId()), facts).toOne("org", "orgs", org);
            case ROLE -> role(resource, facts);
            case INVITATION ->
                facts.put(resource.with("uuid", event.subjectId()).with("login_method", null), "invite_type",
                    "created_at", "expires_at").toOne("user", "users", facts.text("user"));
            case API_KEY -> facts.put(resource, "created_at", "last4", "modified_at", "remote_config_read_enabled",
                "category", "name");
            case APPLICATION_KEY -> owned(facts.put(resource, "name", "created_at", "last4", "scopes"), facts);
            case ACCESS_TOKEN -> owned(facts.put(resource, "created_at", "expires_at", "modified_at", "name",
                "public_portion", "scopes"), facts);
            case IDENTITY_PROVIDER -> facts.put(resource, "authentication_method", "enabled");
            case SAML_CONFIGURATION -> facts.put(resource, "entity_id", "sso_url", "idp_initiated", "jit_domains",
                "expires_at", "created_at", "modified_at")
                .toManyIds("default_roles", "roles", facts.ids("default_roles"));
            case AUTHN_MAPPING -> facts.put(resource, "saml_assertion_attribute_id", "attribute_key", "attribute_value",
                "created_at", "modified_at")
                .toOne("saml_assertion_attribute", "saml_assertion_attributes",
                    Objects.toString(facts.text("saml_assertion_attribute_id")))
                .toOne("role", "roles", facts.text("role"));
            case ORG -> facts.put(facts.put(resource, "public_id", "name", "description").with("sharing", "all_private")
                .with("url", null), "disabled", "created_at", "modified_at");
            case ORG_CONFIG -> facts.put(resource, "name", "description", "value_type", "value", "modified_at");
            case IP_ALLOWLIST -> facts.put(resource, "enabled", "entries");
            case DOMAIN_ALLOWLIST -> facts.put(resource, "enabled", "domains");
            case SESSION, IDENTITY, USER_LIST, AUDIT_TRAIL -> throw new IllegalStateException("no resource: " + kind);
        };
    }

    private static Resource user(Resource resource, Facts facts) {
        var disabled = facts.is("disabled");
        return facts.put(facts.put(resource, "name", "handle", "created_at", "modified_at", "email")
            .with("icon", UserResources.icon(Objects.toString(facts.text("email")))), "title", "verified",
            "service_account", "disabled", "allowed_login_methods")
            .with("status", disabled ? "Disabled" : facts.is("verified") ? "Active" : "Pending")
            .with("mfa_enabled", facts.is("mfa_enabled")).with("last_login_time", facts.get("last_login_time"))
            .toManyIds("roles", "roles", facts.ids("roles"));
    }

    private Resource role(Resource resource, Facts facts) {
        var managed = facts.text("managed");
        facts.put(resource, "name").with("managed", managed != null);
        facts.put(resource, "created_at", "modified_at");
        if (managed != null) {
            return resource;
        }
        return resource.with("receives_permissions_from", facts.texts("receives_permissions_from"))
            .toManyIds("permissions", "permissions", facts.texts("permissions").stream()
                .flatMap(name -> catalogue.find(new Permission(name)).stream()).map(Catalogue.Entry::id)
                .toList());
    }

    private static Resource owned(Resource resource, Facts facts) {
        return resource.toOne("owned_by", "users", facts.text("owner"));
    }
}
