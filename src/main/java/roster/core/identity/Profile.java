package roster.core.identity;

import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.OIDCClaimsRequest;
import com.nimbusds.openid.connect.sdk.Prompt;
import com.nimbusds.openid.connect.sdk.claims.ClaimRequirement;
import com.nimbusds.openid.connect.sdk.claims.ClaimsSetRequest;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import roster.model.Id;

/// What is known of the products that people use as their provider: where they say what, and what is not to be believed.
public enum Profile {
    GOOGLE("https://accounts.google.com", List.of("openid", "email", "profile"), Addresses.CLAIM, false, false),
    /// Okta says not to rely on `email_verified`. Its ID tokens are thin.
    OKTA("", List.of("openid", "email", "profile", "groups"), Addresses.LETTER, true, true),
    /// The mail attribute is free text; `xms_edov` says whether the domain's owner was verified.
    ENTRA("", List.of("openid", "email", "profile"), Addresses.CLAIM, false, true),
    KEYCLOAK("", List.of("openid", "email", "profile"), Addresses.CLAIM, true, true),
    GENERIC("", List.of("openid", "email", "profile"), Addresses.CLAIM, true, true);

    /// Tenants of Entra that are no single tenant: anyone's.
    private static final Set<String> MANY_TENANTS = Set.of("common", "organizations", "consumers");

    private final String issuer;
    private final List<String> scopes;
    private final Addresses addresses;
    private final boolean userInfo;
    private final boolean logout;

    Profile(String issuer, List<String> scopes, Addresses addresses, boolean userInfo, boolean logout) {
        this.issuer = issuer;
        this.scopes = scopes;
        this.addresses = addresses;
        this.userInfo = userInfo;
        this.logout = logout;
    }

    /// As the API has it.
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Profile> named(String text) {
        return Arrays.stream(values()).filter(one -> one.text().equals(text)).findFirst();
    }

    /// The only issuer there is, if there is only one.
    Optional<String> onlyIssuer() {
        return issuer.isEmpty() ? Optional.empty() : Optional.of(issuer);
    }

    /// What is asked for unless the organisation says otherwise.
    List<String> scopes() {
        return scopes;
    }

    Addresses addresses() {
        return addresses;
    }

    /// The claim that says that the address is the user's.
    String verifiedClaim() {
        return this == ENTRA ? "xms_edov" : "email_verified";
    }

    /// Whether claims that the ID token lacks are asked for at the userinfo endpoint.
    boolean asksUserInfo() {
        return userInfo;
    }

    /// Whether a user can be led to the provider to sign out there too.
    boolean offersLogout() {
        return logout;
    }

    /// Has the provider ask its user who they are, and say when it did. Google cannot be made to ask; it says when it last
    /// did if its client has opted in to that.
    void asksAgain(AuthenticationRequest.Builder request) {
        switch (this) {
            case GOOGLE -> request.claims(new OIDCClaimsRequest().withIDTokenClaimsRequest(new ClaimsSetRequest()
                .add(new ClaimsSetRequest.Entry("auth_time").withClaimRequirement(ClaimRequirement.ESSENTIAL))));
            case OKTA, ENTRA -> request.maxAge(0);
            case KEYCLOAK, GENERIC -> request.maxAge(0).prompt(new Prompt(Prompt.Type.LOGIN));
        }
    }

    /// What is wrong with an issuer, if anything.
    Optional<String> issuerFault(URI url) {
        if (this != ENTRA) {
            return onlyIssuer().filter(only -> !only.equals(url.toString())).map("Must be %s."::formatted);
        }
        var parts = url.getPath().split("/", -1);
        if (parts.length < 3 || !parts[parts.length - 1].equals("v2.0")) {
            return Optional.of("Must end with the id of the tenant and /v2.0.");
        }
        var tenant = parts[parts.length - 2];
        return MANY_TENANTS.contains(tenant)
            ? Optional.of("Must be that of one tenant: with %s, users of any tenant could sign in.".formatted(tenant))
            : Id.parse(tenant).isPresent() ? Optional.empty()
            : Optional.of("Must end with the id of the tenant and /v2.0.");
    }

    /// When an address that a provider of the organisation names counts as the user's.
    public enum Addresses {
        /// If the profile's claim says so.
        CLAIM,
        /// When an e-mail sent there has been answered.
        LETTER,
        /// Always.
        TRUSTED;

        /// As the API has it.
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Optional<Addresses> named(String text) {
            return Arrays.stream(values()).filter(one -> one.text().equals(text)).findFirst();
        }
    }
}
