package roster.core.saml;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.core.audit.AuditLog;
import roster.core.audit.AuditLog.Subject;
import roster.core.audit.Change;
import roster.core.identity.Providers;
import roster.core.org.OrgConfig;
import roster.core.org.OrgConfigs;
import roster.core.session.Sessions;
import roster.model.LoginMethod;
import roster.model.Org;
import roster.model.Problem.NotFound;
import roster.model.Problem.Unfit;
import roster.model.Refused;

/// By which methods an organisation lets its users sign in. API calls with keys do not
/// depend on it.
public final class IdentityProviders {
    private static final List<LoginMethod> SETTABLE =
        List.of(LoginMethod.STANDARD, LoginMethod.GOOGLE_OIDC, LoginMethod.SAML);

    private final AuditLog audit;
    private final OrgConfigs configs;
    private final SamlConfigurations configurations;
    private final Sessions sessions;
    private final Providers openId;

    public IdentityProviders(AuditLog audit, OrgConfigs configs, SamlConfigurations configurations,
        Sessions sessions, Providers openId) {
        this.sessions = sessions;
        this.openId = openId;
        this.audit = audit;
        this.configs = configs;
        this.configurations = configurations;
    }

    public record Provider(LoginMethod.Id id, LoginMethod method, boolean enabled) {}

    /// The methods that each organisation has, and the OpenID providers that it has configured.
    public List<Provider> all(Tx tx, Org.Id org) {
        return Stream.concat(SETTABLE.stream().map(method -> provider(tx, org, method)), openId.all(tx, org).stream()
            .filter(one -> one.method() == LoginMethod.OIDC).map(IdentityProviders::shown)).toList();
    }

    private static Provider shown(roster.core.identity.Provider one) {
        return new Provider(new LoginMethod.Id(one.id().value()), one.method(), one.enabled());
    }

    /// Whether this was a provider of the organisation, and is none any more.
    boolean wasRemoved(Tx tx, Org.Id org, String id) {
        return roster.model.Id.parse(id).filter(uuid -> openId.wasRemoved(tx, org, uuid)).isPresent();
    }

    Set<LoginMethod> enabled(Tx tx, Org.Id org) {
        return all(tx, org).stream().filter(Provider::enabled).map(Provider::method).collect(Collectors.toSet());
    }

    private Provider provider(Tx tx, Org.Id org, LoginMethod method) {
        return new Provider(method.id(org), method, configs.isOn(tx, org, config(method)));
    }

    private static OrgConfig config(LoginMethod method) {
        return switch (method) {
            case STANDARD -> OrgConfig.LOGIN_STANDARD;
            case GOOGLE_OIDC -> OrgConfig.LOGIN_GOOGLE_OIDC;
            case SAML -> OrgConfig.LOGIN_SAML;
            case OIDC -> throw new IllegalArgumentException("each provider has its own setting");
        };
    }

    /// @param id as it was sent
    /// @throws Refused with [NotFound] if the organisation has none of this id
    public Provider named(Tx tx, Org.Id org, String id) {
        return roster.model.Id.parse(id)
            .flatMap(uuid -> all(tx, org).stream().filter(one -> one.id().value().equals(uuid)).findFirst())
            .orElseThrow(() -> new Refused(new NotFound(id + " not found")));
    }

    /// Whether users could sign in by a method if they were allowed to: by SAML, once there are metadata.
    boolean isUsable(WriteTx tx, LoginMethod method) {
        return method != LoginMethod.SAML || configurations.find(tx, tx.org()).isPresent();
    }

    /// Enables or disables a method; disabling ends the sessions by it. No-op if it is so already.
    ///
    /// @throws Refused with [Unfit] for SAML if the organisation has no metadata of its identity provider, or if no method
    ///     would be enabled any more
    public Provider setEnabled(WriteTx tx, LoginMethod method, boolean enabled) {
        return setEnabled(tx, provider(tx, tx.org(), method), enabled);
    }

    /// The same for one of those that [#all] lists.
    ///
    /// @throws Refused as for a method
    public Provider setEnabled(WriteTx tx, Provider was, boolean enabled) {
        var method = was.method();
        if (was.enabled() == enabled) {
            return was;
        }
        if (enabled && !isUsable(tx, method)) {
            throw new Refused(new Unfit("SAML cannot be enabled before the identity provider's metadata are uploaded"));
        }
        if (!enabled) {
            mustNotBeLast(tx);
        }
        if (method == LoginMethod.OIDC) {
            return shown(openId.setEnabled(tx, openId.find(tx, tx.org(), was.id().value()).orElseThrow(), enabled));
        }
        configs.store(tx, config(method), enabled);
        audit.record(tx, "identity_provider.updated", new Subject("identity_provider", was.id(), method.text()),
            new Change(Map.of("enabled", was.enabled()), Map.of("enabled", enabled)));
        if (!enabled) {
            sessions.endMethod(tx, method);
        }
        return new Provider(was.id(), method, enabled);
    }

    /// Enables and disables several, those first that are enabled, for a caller who is signed in.
    ///
    /// @param wanted by their ids
    /// @throws Refused as for one, or with [Unfit] if the session ended by which the caller acts
    public void setEnabled(WriteTx tx, Map<UUID, Boolean> wanted) {
        var begun = sessions.current(tx, tx.caller());
        for (var enabled : List.of(true, false)) {
            wanted.forEach((id, sent) -> {
                if (sent.equals(enabled)) {
                    setEnabled(tx, named(tx, tx.org(), id.toString()), sent);
                }
            });
        }
        if (begun.isPresent() && sessions.current(tx, tx.caller()).isEmpty()) {
            throw new Refused(new Unfit("You are signed in by this method, and would be signed out"));
        }
    }

    private void mustNotBeLast(WriteTx tx) {
        if (all(tx, tx.org()).stream().filter(Provider::enabled).count() == 1) {
            throw new Refused(new Unfit("The last enabled identity provider cannot be disabled"));
        }
    }

    /// Removes an OpenID provider.
    ///
    /// @param id as it was sent
    /// @throws Refused as [Providers#remove] does, or with [NotFound], or [Unfit] if no method would be enabled any more
    public void remove(WriteTx tx, String id) {
        var provider = openId.named(tx, tx.org(), id);
        if (provider.method() == LoginMethod.OIDC && provider.enabled()) {
            mustNotBeLast(tx);
        }
        openId.remove(tx, provider);
    }
}
