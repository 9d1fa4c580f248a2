package roster.door.api.signin;

import roster.base.feature.Feature;
import roster.base.http.Routes;
import roster.core.Kernel;
import roster.core.directory.DirectoryFeature;
import roster.core.factor.FactorFeature;
import roster.core.identity.IdentityFeature;
import roster.core.role.RoleFeature;
import roster.core.saml.SamlFeature;
import roster.core.session.SessionFeature;
import roster.core.signin.SignInFeature;
import roster.core.user.UserFeature;
import roster.door.api.shared.RoleResources;

/// How an organisation signs people in.
public final class SigninDoor implements Feature {
    private final IdentityProviderApi providers;
    private final SamlApi saml;
    private final AuthnMappingApi mappings;
    private final SessionApi sessions;
    private final OpenIdProviderApi openId;
    private final IdentityApi identities;
    private final PasswordResetApi resets;
    private final SecondFactorApi secondFactors;

    /// The ways to sign in.
    public record Ways(SamlFeature saml, FactorFeature factor, SessionFeature session, SignInFeature signIn,
        IdentityFeature identity) {}

    public SigninDoor(Kernel kernel, UserFeature user, RoleFeature role, DirectoryFeature directory, Ways ways) {
        var signin = ways.saml();
        var session = ways.session();
        var identity = ways.identity();
        var resources = new RoleResources(kernel.catalogue());
        providers = new IdentityProviderApi(kernel.db(), signin.identityProviders, signin.loginMethods, user.users,
            directory.lists, role.roles, resources);
        saml = new SamlApi(kernel.db(), signin.configurations, resources);
        sessions = new SessionApi(kernel.db(), session.sessions, user.users);
        openId = new OpenIdProviderApi(kernel.db(), identity.providers, signin.identityProviders, identity.check);
        identities = new IdentityApi(kernel.db(), identity.identities, user.users);
        resets = new PasswordResetApi(ways.signIn().resets);
        secondFactors = new SecondFactorApi(kernel.db(), ways.factor().factors, user.users);
        mappings = new AuthnMappingApi(kernel.db(), identity.authnMappings, role.roles, resources);
    }

    @Override
    public void addTo(Routes routes) {
        providers.addTo(routes);
        saml.addTo(routes);
        mappings.addTo(routes);
        sessions.addTo(routes);
        openId.addTo(routes);
        identities.addTo(routes);
        resets.addTo(routes);
        secondFactors.addTo(routes);
    }
}
