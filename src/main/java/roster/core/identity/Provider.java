package roster.core.identity;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import roster.core.identity.Profile.Addresses;
import roster.model.LoginMethod;
import roster.model.Org;
import roster.model.Role;
import roster.model.User;

/// A provider of OpenID Connect as an organisation has configured it.
///
/// @param method `google_oidc`, of which there is one, or `oidc`
/// @param enabled whether users may sign in by it; for Google, whether the method is enabled decides
/// @param changedBy who changed it last; none: the operator
public record Provider(Id id, Org.Id org, LoginMethod method, boolean enabled, Client client, Terms terms,
    Optional<User.Id> changedBy, Instant createdAt, Instant modifiedAt) {
    /// The most of an organisation, beside Google.
    public static final int MAX = 5;

    public record Id(UUID value) implements roster.model.Id {
        @Override
        public String toString() {
            return value.toString();
        }
    }

    /// What Roster is at the provider.
    ///
    /// @param issuer never changes: another one is another provider
    /// @param basic how it shows its secret: as basic authentication, or else in the form
    public record Client(Profile profile, String issuer, String id, boolean basic, List<String> scopes,
        Optional<Instant> secretSetAt) {}

    /// What the organisation makes of what the provider says.
    ///
    /// @param domains of whose addresses the provider may speak
    /// @param automatic whether an account with the address becomes theirs at once, without proof
    /// @param believesFactor whether the provider is believed that it asked for a second factor, which one of the values shows
    public record Terms(String name, List<String> domains, Addresses addresses, boolean automatic,
        boolean createUsers, Optional<Role.Id> defaultRole, boolean believesFactor, List<String> factorValues) {}

    /// What an audit entry records. The secret is not part of it; nor is, for Google, whether the method is enabled.
    Map<String, Object> facts() {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("name", terms.name());
        facts.put("profile", client.profile().text());
        facts.put("issuer", client.issuer());
        facts.put("client_id", client.id());
        facts.put("secret_set_at", client.secretSetAt().map(Instant::toString).orElse(null));
        facts.put("client_auth", clientAuth());
        facts.put("scopes", client.scopes());
        facts.put("domains", terms.domains());
        facts.put("addresses", terms.addresses().text());
        facts.put("link", link());
        facts.put("create_users", terms.createUsers());
        facts.put("default_role", terms.defaultRole().map(Role.Id::toString).orElse(null));
        facts.put("second_factor", secondFactor());
        facts.put("second_factor_values", terms.factorValues());
        if (method == LoginMethod.OIDC) {
            facts.put("enabled", enabled);
        }
        facts.put("created_at", createdAt.toString());
        return facts;
    }

    public String clientAuth() {
        return client.basic() ? "basic" : "post";
    }

    public String link() {
        return terms.automatic() ? "automatic" : "confirm";
    }

    public String secondFactor() {
        return terms.believesFactor() ? "provider" : "roster";
    }
}
