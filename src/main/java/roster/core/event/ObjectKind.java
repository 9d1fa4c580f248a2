package roster.core.event;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The kinds of things that events are about.
public enum ObjectKind {
    USER("user", "users"),
    ROLE("role", "roles"),
    INVITATION("invitation", "user_invitations"),
    API_KEY("api_key", "api_keys"),
    APPLICATION_KEY("application_key", "application_keys"),
    ACCESS_TOKEN("access_token", "personal_access_tokens"),
    SESSION("session", "roster_sessions"),
    IDENTITY("identity", "roster_identities"),
    IDENTITY_PROVIDER("identity_provider", "identity_providers"),
    SAML_CONFIGURATION("saml_configuration", "saml_configurations"),
    AUTHN_MAPPING("authn_mapping", "authn_mappings"),
    ORG("org", "orgs"),
    ORG_CONFIG("org_config", "org_configs"),
    IP_ALLOWLIST("ip_allowlist", "ip_allowlist"),
    DOMAIN_ALLOWLIST("domain_allowlist", "domain_allowlist"),
    /// All users, as they were exported.
    USER_LIST("user_list", "user_list"),
    /// The trail, as it was exported.
    AUDIT_TRAIL("audit_trail", "audit_trail");

    private static final Map<String, ObjectKind> BY_NAME =
        Arrays.stream(values()).collect(Collectors.toMap(kind -> kind.name, Function.identity()));

    private final String name;
    private final String type;

    ObjectKind(String name, String type) {
        this.name = name;
        this.type = type;
    }

    /// As the trail has it.
    static Optional<ObjectKind> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /// The type of the API's resource, and the first part of the subject of events.
    public String type() {
        return type;
    }
}
