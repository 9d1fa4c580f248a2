package roster.promise;

import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import roster.support.TestOrg;
import tools.jackson.databind.JsonNode;

/// Everything in an organisation as its lists show it, in words that the facts of the audit trail use as well.
///
/// @param things by kind and id: values by the name of the fact
record ListedState(Map<String, Map<String, String>> things) {
    /// What every list of users may show of someone.
    static final List<String> PERSONAL =
        List.of("email", "handle", "name", "title", "mfa_enabled", "last_login_time");

    /// How an OpenID provider is configured, whether or not the method is enabled, which is an `identity_provider`.
    static final String PROVIDER = "configured_provider";

    static ListedState of(TestOrg org) {
        var seen = new ListedState(new TreeMap<>());
        var ada = org.founder();
        var permissions = new TreeMap<String, String>();
        ada.get("/api/v2/permissions").at("/data")
            .forEach(one -> permissions.put(one.at("/id").asString(), one.at("/attributes/name").asString()));
        seen.list(org, "/api/v2/users?page%5Bsize%5D=1000", "user", ListedState::user);
        seen.list(org, "/api/v2/roles?page%5Bsize%5D=100", "role", (one, facts) -> role(one, facts, permissions));
        ada.get("/scim/v2/Groups?count=1000&excludedAttributes=members").at("/Resources").forEach(
            one -> seen.of("role", one.at("/id").asString()).put("external_id", word(one.at("/externalId"))));
        seen.list(org, "/api/v2/api_keys?page%5Bsize%5D=100", "api_key",
            (one, facts) -> attributes(one, facts, "name", "last4",
                "category", "remote_config_read_enabled", "created_at", "modified_at"));
        seen.list(org, "/api/v2/application_keys?page%5Bsize%5D=100", "application_key", (one, facts) -> {
            attributes(one, facts, "name", "last4", "scopes", "created_at");
            facts.put("owner", one.at("/relationships/owned_by/data/id").asString());
        });
        seen.list(org, "/api/v2/personal_access_tokens?page%5Bsize%5D=100", "access_token", (one, facts) -> {
            attributes(one, facts, "name", "public_portion", "scopes", "expires_at", "created_at");
            facts.put("owner", one.at("/relationships/owned_by/data/id").asString());
        });
        seen.list(org, "/api/v2/roster/invitations?page%5Bsize%5D=100", "invitation", (one, facts) -> {
            attributes(one, facts, "email", "invite_type", "expires_at", "generation", "accepted_at", "cancelled_at",
                "created_at");
            facts.put("user", one.at("/relationships/user/data/id").asString());
        });
        var own = ada.get("/api/v2/org").at("/included/0");
        attributes(own, seen.of("org", own.at("/id").asString()), "name", "public_id", "description", "disabled",
            "modified_at");
        ada.get("/api/v2/org_configs").at("/data")
            .forEach(one -> seen.of("org_config", one.at("/attributes/name").asString())
                .put("value", word(one.at("/attributes/value"))));
        var networks = seen.of("ip_allowlist", org.id().toString());
        var list = ada.get("/api/v2/ip_allowlist").at("/data/attributes");
        networks.put("enabled", word(list.at("/enabled")));
        networks.put("entries", word(list.at("/entries").valueStream().map(ListedState::network).toList()));
        var domains = seen.of("domain_allowlist", org.id().toString());
        ada.get("/api/v2/domain_allowlist").at("/data/attributes").properties()
            .forEach(each -> domains.put(each.getKey(), word(each.getValue())));
        seen.list(org, "/api/v2/identity_providers", "identity_provider",
            (one, facts) -> attributes(one, facts, "enabled"));
        seen.list(org, "/api/v2/roster/identity_providers?page%5Bsize%5D=100", PROVIDER,
            (one, facts) -> attributes(one, facts, "name", "profile", "issuer", "client_id", "secret_set_at",
                "client_auth", "scopes", "domains", "addresses", "link", "create_users", "default_role",
                "second_factor", "second_factor_values", "created_at", "modified_at"));
        List.copyOf(seen.things().keySet()).stream().filter(key -> key.startsWith("user ")).forEach(key -> {
            var user = key.substring("user ".length());
            seen.list(org, "/api/v2/roster/users/%s/identities?page%%5Bsize%%5D=100".formatted(user), "identity",
                (one, facts) -> {
                    attributes(one, facts, "issuer", "subject", "how", "linked_at");
                    facts.put("provider", one.at("/attributes/provider_id").asString());
                    facts.put("user", user);
                });
        });
        seen.list(org, "/api/v2/saml_configurations", "saml_configuration", (one, facts) -> {
            attributes(one, facts, "entity_id", "sso_url", "expires_at", "created_at", "idp_initiated", "jit_domains");
            facts.put("default_roles", ids(one.at("/relationships/default_roles/data")));
        });
        seen.list(org, "/api/v2/authn_mappings?page%5Bsize%5D=100", "authn_mapping", (one, facts) -> {
            attributes(one, facts, "saml_assertion_attribute_id", "attribute_key", "attribute_value", "created_at",
                "modified_at");
            facts.put("role", one.at("/relationships/role/data/id").asString());
        });
        return seen;
    }

    static String key(String kind, String id) {
        return kind + " " + id;
    }

    private Map<String, String> of(String kind, String id) {
        return things.computeIfAbsent(key(kind, id), each -> new TreeMap<>());
    }

    private void list(TestOrg org, String path, String kind, BiConsumer<JsonNode, Map<String, String>> facts) {
        var answer = org.founder().get(path);
        if (answer.status() != 200) {
            throw new AssertionError(answer);
        }
        answer.at("/data").forEach(one -> facts.accept(one, of(kind, one.at("/id").asString())));
    }

    private static void attributes(JsonNode one, Map<String, String> facts, String... names) {
        for (var name : names) {
            facts.put(name, word(one.at("/attributes/" + name)));
        }
    }

    private static void user(JsonNode one, Map<String, String> facts) {
        attributes(one, facts, "email", "handle", "name", "title", "verified", "disabled", "service_account",
            "created_at", "modified_at", "allowed_login_methods", "mfa_enabled", "last_login_time");
        facts.put("roles", ids(one.at("/relationships/roles/data")));
    }

    private static void role(JsonNode one, Map<String, String> facts, Map<String, String> permissions) {
        attributes(one, facts, "name", "created_at", "modified_at", "receives_permissions_from");
        if (one.at("/attributes/managed").asBoolean()) {
            facts.remove("receives_permissions_from"); // always none
        } else {
            facts.put("permissions", word(one.at("/relationships/permissions/data").valueStream()
                .map(each -> permissions.get(each.at("/id").asString())).filter(Objects::nonNull).toList()));
        }
    }

    private static String network(JsonNode entry) {
        var facts = new TreeMap<String, String>();
        facts.put("id", entry.at("/data/id").asString());
        entry.at("/data/attributes").properties().forEach(each -> facts.put(each.getKey(), word(each.getValue())));
        return facts.toString();
    }

    private static String ids(JsonNode references) {
        return word(references.valueStream().map(each -> each.at("/id").asString()).toList());
    }

    /// Lists in no order, times as instants, and all else as it is.
    static String word(JsonNode value) {
        if (value.isArray()) {
            return word(value.valueStream().map(ListedState::word).toList());
        }
        if (value.isObject()) {
            var members = new TreeMap<String, String>();
            value.properties().forEach(each -> members.put(each.getKey(), word(each.getValue())));
            return members.toString();
        }
        if (value.isMissingNode()) {
            return "null";
        }
        var text = value.isNull() ? "null" : value.asString();
        return text.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}T.*") ? OffsetDateTime.parse(text).toInstant().toString() : text;
    }

    static String word(List<String> words) {
        var sorted = new ArrayList<>(words);
        sorted.sort(null);
        return sorted.toString();
    }
}
