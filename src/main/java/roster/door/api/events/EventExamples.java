package roster.door.api.events;

import static roster.base.json.Json.members;

import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import roster.base.json.Json;
import roster.core.event.Event;
import roster.core.event.EventId;
import roster.core.event.EventType;
import roster.core.event.ObjectAsOf.Told;
import roster.core.event.ObjectKind;
import roster.model.Org;
import tools.jackson.databind.JsonNode;

/// An event of each type, for those who read the catalogue.
final class EventExamples {
    private static final Instant AT = Instant.parse("2026-11-29T09:00:00.123456Z");
    private static final Org.Id ORG = new Org.Id(UUID.fromString("0199f0c2-b7e8-7a7d-9c3e-5f60718293a4"));
    private static final UUID SUBJECT = UUID.fromString("0199f0c2-b7e8-7a7d-9c3e-5f60718293a5");
    private static final UUID ADA = UUID.fromString("0199f0c2-b7e8-7a7d-9c3e-5f60718293a6");
    private static final UUID ROLE = UUID.fromString("0199f0c2-b7e8-7a7d-9c3e-5f60718293a7");
    private static final UUID KEY = UUID.fromString("0199f0c2-b7e8-7a7d-9c3e-5f60718293a8");
    private static final UUID APPLICATION_KEY = UUID.fromString("0199f0c2-b7e8-7a7d-9c3e-5f60718293a9");

    private static final Map<String, Object> NOTHING = Map.of();

    private static final Map<ObjectKind, Map<String, Object>> FACTS = facts();

    private EventExamples() {}

    static Map<String, Object> of(EventType type, EventForm form) {
        var verb = type.name().substring(type.name().indexOf('.') + 1);
        var facts = Optional.ofNullable(FACTS.get(type.kind()));
        var begins = List.of("created", "issued", "sent", "linked").contains(verb);
        var ends = List.of("deleted", "revoked", "unlinked", "ended").contains(verb);
        var before = ends ? facts.orElse(Map.of("why", "signed_out")) : begins ? NOTHING : changed(type, "Bob");
        var after = begins ? facts.orElse(NOTHING) : ends ? NOTHING : changed(type, "Robert");
        var told = ends || facts.isEmpty() ? Optional.<Map<String, Object>>empty() : facts;
        return form.of(event(type, json(before), json(after)), Optional.of(new Told(told, false)));
    }

    private static Map<String, Object> changed(EventType type, String value) {
        return FACTS.containsKey(type.kind()) && FACTS.get(type.kind()).containsKey("name") ? members("name", value)
            : Map.of();
    }

    private static Event event(EventType type, JsonNode before, JsonNode after) {
        var about = switch (type.kind()) {
            case INVITATION, APPLICATION_KEY, ACCESS_TOKEN, SESSION, IDENTITY -> Optional.of(ADA);
            case ROLE -> type.name().contains("member") ? Optional.of(ADA) : Optional.<UUID>empty();
            default -> Optional.<UUID>empty();
        };
        return new Event(new EventId(ORG, 4711, 1, 1), type.name(), Optional.of(type.kind()), SUBJECT, about, AT,
            new Event.Actor("user", Optional.of(ADA), "ada@acme.test", Optional.of(KEY), Optional.of(APPLICATION_KEY),
                Optional.empty(), Optional.of("203.0.113.9")),
            "0199f0c2-b7e8-7a7d-9c3e-5f60718293aa", before, after, false);
    }

    private static JsonNode json(Map<String, Object> facts) {
        return Json.parse(Json.bytes(facts));
    }

    private static Map<ObjectKind, Map<String, Object>> facts() {
        var at = AT.toString();
        var all = new EnumMap<ObjectKind, Map<String, Object>>(ObjectKind.class);
        all.put(ObjectKind.USER,
            members("email", "bob@acme.test", "handle", "bob@acme.test", "name", "Robert", "title", null,
                "verified", true, "disabled", false, "service_account", false, "created_at", at, "roles",
                List.of(ROLE.toString()), "modified_at", at, "allowed_login_methods", List.of(), "mfa_enabled", false,
                "last_login_time", null));
        all.put(ObjectKind.ROLE, members("name", "Robert", "created_at", at, "permissions", List.of("user_access_read"),
            "receives_permissions_from", List.of(), "modified_at", at));
        all.put(ObjectKind.INVITATION, members("user", ADA.toString(), "email", "bob@acme.test", "invite_type",
            "basic_invite", "generation", 1, "created_at", at, "expires_at", at));
        all.put(ObjectKind.API_KEY, members("name", "Robert", "last4", "0f3c", "category", "default",
            "remote_config_read_enabled", true, "created_at", at, "modified_at", at));
        all.put(ObjectKind.APPLICATION_KEY,
            members("name", "Robert", "last4", "0f3c", "owner", ADA.toString(), "scopes",
                List.of("user_access_read"), "created_at", at));
        all.put(ObjectKind.ACCESS_TOKEN, members("name", "Robert", "public_portion", "4Zt2kQ", "owner", ADA.toString(),
            "scopes", List.of("user_access_read"), "created_at", at, "expires_at", at, "modified_at", null));
        all.put(ObjectKind.IDENTITY_PROVIDER, members("authentication_method", "oidc", "enabled", true));
        all.put(ObjectKind.SAML_CONFIGURATION, members("entity_id", "https://idp.example.com", "sso_url",
            "https://idp.example.com/sso", "expires_at", null, "created_at", at, "modified_at", at, "idp_initiated",
            false,
            "jit_domains", List.of(), "default_roles", List.of(ROLE.toString())));
        all.put(ObjectKind.AUTHN_MAPPING, members("saml_assertion_attribute_id", "1", "attribute_key", "team",
            "attribute_value", "ops", "role", ROLE.toString(), "created_at", at, "modified_at", at));
        all.put(ObjectKind.ORG,
            members("name", "Robert", "public_id", "abcdef123", "description", null, "disabled", false,
                "created_at", at, "modified_at", at));
        all.put(ObjectKind.ORG_CONFIG, members("name", "security_contacts", "description",
            "Who is told of security matters", "value_type", "list(string)", "value", List.of("sec@acme.test"),
            "modified_at",
            at));
        all.put(ObjectKind.IP_ALLOWLIST, members("enabled", true, "entries", List.of(members("id", KEY.toString(),
            "cidr_block", "203.0.113.0/24", "note", "office", "created_at", at, "modified_at", at))));
        all.put(ObjectKind.DOMAIN_ALLOWLIST, members("enabled", true, "domains", List.of("@acme.test")));
        return all;
    }
}
