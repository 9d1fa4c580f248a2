package roster.door.api.orgs;

import roster.base.feature.Feature;
import roster.base.http.Routes;
import roster.base.secret.CursorCodec;
import roster.core.Kernel;
import roster.core.access.AccessFeature;
import roster.core.founding.FoundingFeature;
import roster.core.org.OrgFeature;
import roster.core.saml.SamlFeature;
import roster.core.user.UserFeature;
import roster.door.api.shared.Idempotency;

/// Organisations and their settings.
public final class OrgDoor implements Feature {
    private final OrgApi orgs;
    private final OldOrgApi oldOrgs;
    private final ChildOrgApi childOrgs;
    private final GlobalOrgApi globalOrgs;
    private final OrgConfigApi configs;
    private final IpAllowlistApi ipAllowlists;
    private final DomainAllowlistApi domainAllowlists;

    public OrgDoor(Kernel kernel, AccessFeature access, OrgFeature org, SamlFeature saml, UserFeature user,
        FoundingFeature founding) {
        orgs = new OrgApi(kernel.db(), org.orgs, org.children);
        oldOrgs =
            new OldOrgApi(kernel.db(), org.orgs, org.configs, saml.identityProviders, saml.configurations);
        childOrgs = new ChildOrgApi(new Idempotency(kernel.db(), access.keptAnswers), founding.children, oldOrgs);
        globalOrgs = new GlobalOrgApi(kernel.db(), user.users, org.orgs, new CursorCodec(kernel.secrets()),
            kernel.publicUrl());
        configs = new OrgConfigApi(kernel.db(), org.configs);
        ipAllowlists = new IpAllowlistApi(kernel.db(), org.ipAllowlists);
        domainAllowlists = new DomainAllowlistApi(kernel.db(), org.domainAllowlists);
    }

    @Override
    public void addTo(Routes routes) {
        orgs.addTo(routes);
        oldOrgs.addTo(routes);
        childOrgs.addTo(routes);
        globalOrgs.addTo(routes);
        configs.addTo(routes);
        ipAllowlists.addTo(routes);
        domainAllowlists.addTo(routes);
    }
}
