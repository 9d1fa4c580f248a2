package roster.model;

import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;

/// A way to sign in. Every organisation has one identity provider per login method, enabled or disabled.
public enum LoginMethod {
    /// With a password.
    STANDARD("standard"),
    GOOGLE_OIDC("google_oidc"),
    /// By a provider of OpenID Connect that the organisation has configured.
    OIDC("oidc"),
    SAML("saml");

    private final String text;

    LoginMethod(String text) {
        this.text = text;
    }

    /// The name in the API and the database.
    public String text() {
        return text;
    }

    public static Optional<LoginMethod> named(String text) {
        return Arrays.stream(values()).filter(method -> method.text.equals(text)).findFirst();
    }

    /// Id of an organisation's identity provider for this login method.
    public record Id(UUID value) implements roster.model.Id {}

    public Id id(Org.Id org) {
        return new Id(roster.model.Id.named(org.value(), "identity_providers/" + text));
    }
}
