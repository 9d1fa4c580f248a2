package roster.model;

import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;

/// A way for people to sign in. Every organisation has each of them, as an identity provider that is enabled or not.
public enum LoginMethod {
    /// By password.
    STANDARD("standard"),
    GOOGLE_OIDC("google_oidc"),
    SAML("saml");

    private final String text;

    LoginMethod(String text) {
        this.text = text;
    }

    /// As on the wire.
    public String text() {
        return text;
    }

    public static Optional<LoginMethod> named(String text) {
        return Arrays.stream(values()).filter(method -> method.text.equals(text)).findFirst();
    }

    /// Of the identity provider that an organisation has for it from the beginning.
    public record Id(UUID value) implements roster.model.Id {}

    public Id id(Org.Id org) {
        return new Id(roster.model.Id.named(org.value(), "identity_providers/" + text));
    }
}
