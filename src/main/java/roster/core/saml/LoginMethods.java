package roster.core.saml;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import roster.base.db.WriteTx;
import roster.core.audit.AuditLog;
import roster.core.audit.AuditLog.Subject;
import roster.core.audit.Change;
import roster.core.session.Sessions;
import roster.core.user.Users;
import roster.model.LoginMethod;
import roster.model.Problem.Unfit;
import roster.model.Refused;

/// The methods by which single users may sign in, instead of those of their organisation: `login_methods` of `users`.
public final class LoginMethods {
    private final AuditLog audit;
    private final Users users;
    private final IdentityProviders providers;
    private final Sessions sessions;

    public LoginMethods(AuditLog audit, Users users, IdentityProviders providers, Sessions sessions) {
        this.sessions = sessions;
        this.audit = audit;
        this.users = users;
        this.providers = providers;
    }

    /// Replaces a user's methods, and ends their sessions by others. With none, those of the organisation apply. A method that the organisation has not
    /// enabled may be named too: one user keeps a password for emergencies while all others sign in by SAML.
    ///
    /// @param userId,providerIds as they were sent
    /// @throws Refused with [NotFound] for an unknown user or provider, [Unfit] for SAML without metadata and for a provider that was removed
    public void override(WriteTx tx, String userId, List<String> providerIds) {
        var user = users.named(tx, tx.org(), userId);
        var methods = EnumSet.noneOf(LoginMethod.class);
        for (var id : providerIds) {
            if (providers.wasRemoved(tx, tx.org(), id)) {
                throw new Refused(new Unfit("Identity provider %s was removed".formatted(id)));
            }
            var provider = providers.named(tx, tx.org(), id);
            if (!providers.isUsable(tx, provider.method())) {
                throw new Refused(new Unfit("Identity provider %s has no metadata".formatted(id)));
            }
            methods.add(provider.method());
        }
        if (methods.equals(user.loginMethods())) {
            return;
        }
        tx.update(
            "UPDATE users SET login_methods = ?::text[], modified_at = ?, version = ? WHERE org_id = ? AND id = ?",
            texts(methods), tx.now(), tx.version(), tx.org(), user.id());
        audit.record(tx, "identity_provider.override_updated",
            new Subject("identity_provider", user.id(), user.handle()), new Change(facts(user.loginMethods()),
                facts(methods)));
        sessions.endOther(tx, user.id(), texts(methods.isEmpty() ? providers.enabled(tx, tx.org()) : methods));
    }

    private static Map<String, Object> facts(Set<LoginMethod> methods) {
        return Map.of("allowed_login_methods", texts(methods));
    }

    public static List<String> texts(Set<LoginMethod> methods) {
        return methods.stream().map(LoginMethod::text).toList();
    }
}
