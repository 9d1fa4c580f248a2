package roster.core.saml;

import java.util.List;
import roster.base.db.TenantTable;
import roster.base.feature.Feature;
import roster.core.Kernel;
import roster.core.access.AccessFeature;
import roster.core.identity.IdentityFeature;
import roster.core.org.OrgFeature;
import roster.core.role.RoleFeature;
import roster.core.session.SessionFeature;
import roster.core.user.UserFeature;

/// How an organisation signs people in.
public final class SamlFeature implements Feature {
    public final SamlConfigurations configurations;
    public final IdentityProviders identityProviders;
    public final LoginMethods loginMethods;

    public SamlFeature(Kernel kernel, AccessFeature access, OrgFeature org, RoleFeature role,
        UserFeature user, SessionFeature session, IdentityFeature identity) {
        configurations = new SamlConfigurations(kernel.audit(), org.configs, role.roles, access.grants);
        identityProviders = new IdentityProviders(kernel.audit(), org.configs, configurations, session.sessions,
            identity.providers);
        loginMethods = new LoginMethods(kernel.audit(), user.users, identityProviders, session.sessions);
    }

    @Override
    public List<TenantTable> tables() {
        return List.of(TenantTable.of("saml_configurations"));
    }
}
