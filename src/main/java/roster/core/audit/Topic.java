package roster.core.audit;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// What entries of the trail are about, in the words of people who look for them. Each kind of entry is of one.
public enum Topic {
    PEOPLE("user", "scim"), INVITATIONS("invitation"), ROLES("role"),
    KEYS("api_key", "application_key", "access_token"),
    SIGNING_IN("sign_in", "sign_in_link", "session", "password", "second_factor", "recovery_codes", "identity"),
    SETTINGS("org", "org_config", "ip_allowlist", "domain_allowlist", "saml_configuration", "identity_provider",
        "authn_mapping"),
    EXPORTS("user_list", "audit_trail");

    /// The nouns of its kinds: what stands before the dot.
    final List<String> nouns;

    Topic(String... nouns) {
        this.nouns = List.of(nouns);
    }

    /// As in addresses: `signing-in`.
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<Topic> named(String word) {
        return Stream.of(values()).filter(one -> one.word().equals(word)).findFirst();
    }

    /// @param action a kind of entry, as `user.created`
    public static Optional<Topic> of(String action) {
        var noun = action.substring(0, Math.max(0, action.indexOf('.')));
        return Stream.of(values()).filter(one -> one.nouns.contains(noun)).findFirst();
    }
}
