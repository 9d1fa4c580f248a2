package roster.core.identity;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import roster.base.db.Tx;
import roster.core.access.AllowedMethods;
import roster.core.identity.Profile.Addresses;
import roster.core.identity.Provider.Client;
import roster.core.identity.Provider.Terms;
import roster.core.org.Orgs;
import roster.model.LoginMethod;
import roster.model.Org;

/// The providers by which users may sign in: those that their organisation has configured and enabled, and Google by the client
/// of the installation, where the organisation has none of its own.
public final class UsableProviders {
    /// The name of the installation's client in addresses. It is one client, so Google sends browsers to one address.
    static final String INSTALLATION = "google";

    private final Providers providers;
    private final Orgs orgs;
    private final Optional<GoogleClient> google;

    /// The client of the installation.
    record GoogleClient(String id, String secret) {
        @Override
        public String toString() {
            return "GoogleClient";
        }
    }

    UsableProviders(Providers providers, Orgs orgs, Optional<GoogleClient> google) {
        this.providers = providers;
        this.orgs = orgs;
        this.google = google;
    }

    public Optional<Provider> find(Tx tx, Org.Id org, UUID id) {
        return findLater(tx, org, id).get();
    }

    /// The same, asked for with the statement that follows.
    Supplier<Optional<Provider>> findLater(Tx tx, Org.Id org, UUID id) {
        var own = providers.findLater(tx, org, id);
        return () -> own.get().isPresent() ? own.get().filter(Provider::enabled)
            : google.filter(_ -> id.equals(LoginMethod.GOOGLE_OIDC.id(org).value()))
                .map(client -> ofInstallation(org, client));
    }

    /// A provider that sends a browser back.
    ///
    /// @param sealed the secret of Roster there, if it is the organisation's
    record Asked(Supplier<Optional<Provider>> provider, Supplier<Optional<String>> sealed) {}

    /// A provider and the secret of Roster there, asked for with the statement that follows.
    Asked askLater(Tx tx, Org.Id org, UUID id) {
        return new Asked(findLater(tx, org, id), providers.sealedLater(tx, org, id));
    }

    /// The provider of an id in an address.
    ///
    /// @param publicId of the organisation, without which Google by the installation's client is not found
    public Optional<Provider> named(Tx tx, String id, Optional<String> publicId) {
        return roster.model.Id.parse(id).flatMap(uuid -> providers.orgOf(tx, uuid)
            .or(() -> publicId.flatMap(name -> orgs.withPublicId(tx, name)).map(Org::id))
            .filter(org -> orgs.find(tx, org).filter(one -> !one.disabled()).isPresent())
            .flatMap(org -> find(tx, org, uuid)));
    }

    /// Those that the sign-in page of an organisation offers: Google if the method is enabled, or a user has it as their own.
    public List<Provider> offered(Tx tx, Org.Id org) {
        var googles = find(tx, org, LoginMethod.GOOGLE_OIDC.id(org).value())
            .filter(_ -> AllowedMethods.allowsAnyone(tx, org, LoginMethod.GOOGLE_OIDC));
        return Stream.concat(googles.stream(), providers.all(tx, org).stream()
            .filter(one -> one.method() == LoginMethod.OIDC && one.enabled())).toList();
    }

    /// Whether the users of an organisation have any way to sign in that works: SAML does not, nor Google without a client.
    public boolean anyWay(Tx tx, Org.Id org) {
        return AllowedMethods.allowsAnyone(tx, org, LoginMethod.STANDARD) || !offered(tx, org).isEmpty();
    }

    private static boolean isOfInstallation(Provider provider) {
        return provider.client().secretSetAt().isEmpty();
    }

    /// What a provider is called in the address that it sends browsers to.
    String key(Provider provider) {
        return isOfInstallation(provider) ? INSTALLATION : provider.id().toString();
    }

    String secret(Provider provider, Optional<String> sealed) {
        return isOfInstallation(provider) ? google.orElseThrow().secret() : providers.secret(provider, sealed);
    }

    private static Provider ofInstallation(Org.Id org, GoogleClient client) {
        var profile = Profile.GOOGLE;
        return new Provider(new Provider.Id(LoginMethod.GOOGLE_OIDC.id(org).value()), org, LoginMethod.GOOGLE_OIDC,
            true,
            new Client(profile, profile.onlyIssuer().orElseThrow(), client.id(), true, profile.scopes(),
                Optional.empty()),
            new Terms("Google", List.of(), Addresses.CLAIM, false, false, Optional.empty(), false, List.of()),
            Optional.empty(), Instant.EPOCH, Instant.EPOCH);
    }
}
