package roster.core.org;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.core.audit.AuditLog;
import roster.core.audit.AuditLog.Subject;
import roster.core.audit.Change;
import roster.model.LoginMethod;
import roster.model.Org;
import roster.model.Problem.NotFound;
import roster.model.Problem.Unfit;
import roster.model.Refused;

/// By which methods an organisation lets its people sign in. Kept for when people can: calls with keys ask for none.
public final class IdentityProviders {
    private final AuditLog audit;
    private final OrgConfigs configs;

    public IdentityProviders(AuditLog audit, OrgConfigs configs) {
        this.audit = audit;
        this.configs = configs;
    }

    public record Provider(LoginMethod.Id id, LoginMethod method, boolean enabled) {}

    public List<Provider> all(Tx tx, Org.Id org) {
        return Arrays.stream(LoginMethod.values()).map(method -> provider(tx, org, method)).toList();
    }

    private Provider provider(Tx tx, Org.Id org, LoginMethod method) {
        return new Provider(method.id(org), method, configs.isOn(tx, org, config(method)));
    }

    private static OrgConfig config(LoginMethod method) {
        return switch (method) {
            case STANDARD -> OrgConfig.LOGIN_STANDARD;
            case GOOGLE_OIDC -> OrgConfig.LOGIN_GOOGLE_OIDC;
            case SAML -> OrgConfig.LOGIN_SAML;
        };
    }

    /// @param id as it was sent
    /// @throws Refused with [NotFound] if the organisation has none of this id
    public Provider named(Tx tx, Org.Id org, String id) {
        return roster.model.Id.parse(id)
            .flatMap(uuid -> all(tx, org).stream().filter(one -> one.id().value().equals(uuid)).findFirst())
            .orElseThrow(() -> new Refused(new NotFound(id + " not found")));
    }

    /// @throws Refused with [Unfit] if none would be enabled any more
    public Provider setEnabled(WriteTx tx, LoginMethod method, boolean enabled) {
        var was = provider(tx, tx.org(), method);
        if (was.enabled() == enabled) {
            return was;
        }
        if (!enabled && all(tx, tx.org()).stream().filter(Provider::enabled).count() == 1) {
            throw new Refused(new Unfit("The last enabled identity provider cannot be disabled"));
        }
        configs.store(tx, config(method), enabled);
        audit.record(tx, "identity_provider.updated", new Subject("identity_provider", was.id(), method.text()),
            new Change(Map.of("enabled", was.enabled()), Map.of("enabled", enabled)));
        return new Provider(was.id(), method, enabled);
    }
}
