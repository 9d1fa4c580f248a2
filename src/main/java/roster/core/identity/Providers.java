package roster.core.identity;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import roster.base.db.Row;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.base.net.OutwardAddresses;
import roster.base.secret.Purpose;
import roster.base.secret.Secrets;
import roster.core.access.Grants;
import roster.core.audit.AuditLog;
import roster.core.audit.AuditLog.Subject;
import roster.core.audit.Change;
import roster.core.identity.Profile.Addresses;
import roster.core.identity.Provider.Client;
import roster.core.identity.Provider.Terms;
import roster.core.role.Roles;
import roster.core.session.Sessions;
import roster.model.Caller;
import roster.model.LoginMethod;
import roster.model.Org;
import roster.model.Permission;
import roster.model.Problem.Conflict;
import roster.model.Problem.Forbidden;
import roster.model.Problem.NotFound;
import roster.model.Problem.Unfit;
import roster.model.Refused;
import roster.model.Role;
import roster.model.User;

/// The providers of OpenID Connect that organisations have configured: their rules, and the SQL of `oidc_providers`.
///
/// A provider says who its users are, so those who configure one can become anyone in their organisation. They need
/// `org_management` and `user_access_manage`.
public final class Providers {
    private static final String COLUMNS = """
        p.org_id, p.id, p.kind, p.name, p.profile, p.issuer, p.client_id, p.secret_set_at, p.client_auth, p.scopes,
        p.domains, p.addresses, p.link, p.create_users, p.default_role, p.second_factor, p.second_factor_values,
        p.enabled, p.changed_by, p.created_at, p.modified_at""";

    private static final String SELECT =
        "SELECT " + COLUMNS + " FROM oidc_providers p WHERE p.org_id = ? AND p.removed_at IS NULL";

    private static final List<Permission> NEEDED = List.of(Permission.ORG_MANAGEMENT, Permission.USER_ACCESS_MANAGE);

    private final AuditLog audit;
    private final Grants grants;
    private final Roles roles;
    private final Sessions sessions;
    private final OutwardAddresses reachable;
    private final Purpose secrets;

    Providers(AuditLog audit, Grants grants, Roles roles, Sessions sessions, OutwardAddresses reachable,
        Secrets secrets) {
        this.audit = audit;
        this.grants = grants;
        this.roles = roles;
        this.sessions = sessions;
        this.reachable = reachable;
        this.secrets = secrets.purpose("provider secrets");
        roles.onDelete(this::withoutRole);
    }

    /// @throws Refused with [Forbidden] for a caller who may not configure providers, nor read how they are configured
    public static void mustConfigure(Caller caller) {
        for (var needed : NEEDED) {
            if (!caller.holds(needed)) {
                throw new Refused(new Forbidden(needed));
            }
        }
    }

    /// Whether a caller may configure providers, and read how they are configured.
    public static boolean mayConfigure(Caller caller) {
        return NEEDED.stream().allMatch(caller::holds);
    }

    /// All of an organisation, Google first, then in the order in which they were made.
    public List<Provider> all(Tx tx, Org.Id org) {
        return tx.query(SELECT + " ORDER BY p.kind = 'google_oidc' DESC, p.created_at, p.id", org)
            .list(Providers::provider);
    }

    public Optional<Provider> find(Tx tx, Org.Id org, UUID id) {
        return findLater(tx, org, id).get();
    }

    /// The same, asked for with the statement that follows.
    Supplier<Optional<Provider>> findLater(Tx tx, Org.Id org, UUID id) {
        return tx.laterOptional(Providers::provider, SELECT + " AND p.id = ?", org, id);
    }

    /// @param id as it was sent
    /// @throws Refused with [NotFound]
    public Provider named(Tx tx, Org.Id org, String id) {
        return roster.model.Id.parse(id).flatMap(uuid -> find(tx, org, uuid))
            .orElseThrow(() -> new Refused(new NotFound(id + " not found")));
    }

    /// Whether this was a provider of the organisation, and is none any more.
    public boolean wasRemoved(Tx tx, Org.Id org, UUID id) {
        return tx.query("SELECT 1 FROM oidc_providers WHERE org_id = ? AND id = ? AND removed_at IS NOT NULL", org, id)
            .any();
    }

    /// The organisation whose provider has an id.
    public Optional<Org.Id> orgOf(Tx tx, UUID id) {
        return tx.query("SELECT org_id FROM oidc_provider_pointers WHERE id = ?", id)
            .optional(row -> new Org.Id(row.uuid("org_id")));
    }

    /// Configures a new provider.
    ///
    /// @throws Refused with [Forbidden] also for a role that can do more than the caller, Invalid, [Unfit] for an unknown role
    ///     or too many providers, [Conflict] if there is such a provider
    public Provider create(WriteTx tx, ProviderEdit edit) {
        mustConfigure(tx.caller());
        var configured = edit.applied(Optional.empty(), reachable, sent -> role(tx, sent));
        var google = configured.client().profile() == Profile.GOOGLE;
        var all = all(tx, tx.org());
        mustBeNew(all, configured.client(), Optional.empty());
        if (!google && all.stream().filter(one -> one.method() == LoginMethod.OIDC).count() == Provider.MAX) {
            throw new Refused(
                new Unfit("An organization has at most %d providers beside Google".formatted(Provider.MAX)));
        }
        configured.terms().defaultRole().ifPresent(id -> mustBeGivable(tx, id));
        var method = google ? LoginMethod.GOOGLE_OIDC : LoginMethod.OIDC;
        var id = new Provider.Id(google ? method.id(tx.org()).value() : tx.newId());
        var made = new Provider(id, tx.org(), method, true, secretSet(configured.client(), tx), configured.terms(),
            tx.caller().user(), tx.now(), tx.now());
        store(tx, made, configured.secret());
        tx.update("INSERT INTO oidc_provider_pointers (id, org_id) VALUES (?, ?) ON CONFLICT DO NOTHING", id, tx.org());
        audit.record(tx, "identity_provider.created", subject(made), Change.created(made.facts()));
        return made;
    }

    private static Client secretSet(Client client, WriteTx tx) {
        return new Client(client.profile(), client.issuer(), client.id(), client.basic(), client.scopes(),
            Optional.of(tx.now()));
    }

    private static void mustBeNew(List<Provider> all, Client client, Optional<Provider.Id> but) {
        if (all.stream().filter(one -> !but.equals(Optional.of(one.id()))).anyMatch(
            one -> one.client().issuer().equals(client.issuer()) && one.client().id().equals(client.id())
                || one.client().profile() == Profile.GOOGLE && client.profile() == Profile.GOOGLE)) {
            throw new Refused(new Conflict("Identity provider already exists"));
        }
    }

    private Role.Id role(WriteTx tx, String sent) {
        return roster.model.Id.parse(sent).flatMap(id -> roles.find(tx, tx.org(), new Role.Id(id))).map(Role::id)
            .orElseThrow(() -> new Refused(new Unfit("Role %s not found".formatted(sent))));
    }

    private void mustBeGivable(WriteTx tx, Role.Id role) {
        grants.mustHoldAllOf(tx, roles.find(tx, tx.org(), role).orElseThrow());
    }

    /// @param id as it was sent
    /// @throws Refused as [#create] does, or with [NotFound]
    public Provider update(WriteTx tx, String id, ProviderEdit edit) {
        mustConfigure(tx.caller());
        var old = named(tx, tx.org(), id);
        var configured = edit.applied(Optional.of(old), reachable, sent -> role(tx, sent));
        mustBeNew(all(tx, tx.org()), configured.client(), Optional.of(old.id()));
        var client = configured.secret().isPresent() ? secretSet(configured.client(), tx) : configured.client();
        var changed = new Provider(old.id(), old.org(), old.method(), old.enabled(), client, configured.terms(),
            tx.caller().user(), old.createdAt(), tx.now());
        if (changed.facts().equals(old.facts())) {
            return old;
        }
        changed.terms().defaultRole().ifPresent(role -> mustBeGivable(tx, role)); // others get it, perhaps by another way
        store(tx, changed, configured.secret());
        audit.record(tx, "identity_provider.updated", subject(changed), Change.between(old.facts(), changed.facts()));
        return changed;
    }

    /// Enables or disables a provider that is not Google. Disabling ends the sessions by it.
    public Provider setEnabled(WriteTx tx, Provider old, boolean enabled) {
        if (old.enabled() == enabled) {
            return old;
        }
        var changed = new Provider(old.id(), old.org(), old.method(), enabled, old.client(), old.terms(),
            old.changedBy(), old.createdAt(), tx.now());
        tx.update("UPDATE oidc_providers SET enabled = ?, modified_at = ?, version = ? WHERE org_id = ? AND id = ?",
            enabled, tx.now(), tx.version(), tx.org(), old.id());
        audit.record(tx, "identity_provider.updated", subject(old), Change.between(old.facts(), changed.facts()));
        if (!enabled) {
            sessions.endProvider(tx, old.id().value(), "method_disabled");
        }
        return changed;
    }

    /// Removes a provider, its secret, and whose account the identities there are. Sessions by it end.
    ///
    /// @throws Refused with [Forbidden]
    public void remove(WriteTx tx, Provider old) {
        mustConfigure(tx.caller());
        tx.update("""
            UPDATE oidc_providers
               SET removed_at = ?, secret_sealed = NULL, secret_set_at = NULL, enabled = false, version = ?
             WHERE org_id = ? AND id = ?
            """, tx.now(), tx.version(), tx.org(), old.id());
        tx.update("DELETE FROM identities WHERE org_id = ? AND provider_id = ?", tx.org(), old.id());
        tx.update("DELETE FROM oidc_provider_pointers WHERE id = ?", old.id());
        audit.record(tx, "identity_provider.deleted", subject(old), Change.deleted(old.facts()));
        sessions.endProvider(tx, old.id().value(), "provider_removed");
    }

    /// A role that is deleted is given to no new user any more.
    private void withoutRole(WriteTx tx, Role role) {
        tx.query(SELECT + " AND p.default_role = ?", tx.org(), role.id()).list(Providers::provider).forEach(old -> {
            tx.update("""
                UPDATE oidc_providers SET default_role = NULL, modified_at = ?, version = ? WHERE org_id = ? AND id = ?
                """, tx.now(), tx.version(), tx.org(), old.id());
            audit.record(tx, "identity_provider.updated", subject(old),
                Change.between(Map.of("default_role", role.id().toString()), Map.of()));
        });
    }

    /// The secret of Roster at a provider, as it is stored, asked for with the statement that follows.
    Supplier<Optional<String>> sealedLater(Tx tx, Org.Id org, UUID id) {
        var found = tx.laterOptional(row -> row.optionalText("secret_sealed"),
            "SELECT secret_sealed FROM oidc_providers WHERE org_id = ? AND id = ?", org, id);
        return () -> found.get().flatMap(text -> text);
    }

    /// The secret of Roster at a provider.
    ///
    /// @param sealed as [#sealedLater] found it
    /// @throws IllegalStateException if the secret key that it was sealed with is no longer set
    String secret(Provider provider, Optional<String> sealed) {
        var bound = bound(provider.org(), provider.id());
        return sealed.flatMap(secrets::open).map(bytes -> new String(bytes, StandardCharsets.UTF_8))
            .filter(text -> text.startsWith(bound)).map(text -> text.substring(bound.length()))
            .orElseThrow(() -> new IllegalStateException(
                "the client secret of provider %s was sealed with a secret key that is not set".formatted(
                    provider.id())));
    }

    private static String bound(Org.Id org, Provider.Id id) {
        return "%s %s ".formatted(org.value(), id);
    }

    private void store(WriteTx tx, Provider one, Optional<String> secret) {
        var client = one.client();
        var terms = one.terms();
        var sealed =
            secret.map(text -> secrets.seal((bound(one.org(), one.id()) + text).getBytes(StandardCharsets.UTF_8)));
        var values = new ArrayList<Object>(List.of(tx.org(), one.id(), one.method().text(), terms.name(),
            client.profile().text(), client.issuer(), client.id(), sealed, client.secretSetAt(), one.clientAuth(),
            client.scopes(), terms.domains(), terms.addresses().text(), one.link(), terms.createUsers(),
            terms.defaultRole(), one.secondFactor(), terms.factorValues(), one.enabled(), one.changedBy(),
            one.createdAt(), one.modifiedAt(), tx.version()));
        tx.update("""
            INSERT INTO oidc_providers AS p (org_id, id, kind, name, profile, issuer, client_id, secret_sealed,
                   secret_set_at, client_auth, scopes, domains, addresses, link, create_users, default_role,
                   second_factor, second_factor_values, enabled, changed_by, created_at, modified_at, version)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (org_id, id) DO UPDATE
               SET name = excluded.name, issuer = excluded.issuer, client_id = excluded.client_id,
                   secret_sealed = COALESCE(excluded.secret_sealed, p.secret_sealed),
                   secret_set_at = excluded.secret_set_at, client_auth = excluded.client_auth,
                   scopes = excluded.scopes, domains = excluded.domains, addresses = excluded.addresses,
                   link = excluded.link, create_users = excluded.create_users, default_role = excluded.default_role,
                   second_factor = excluded.second_factor, second_factor_values = excluded.second_factor_values,
                   enabled = excluded.enabled, changed_by = excluded.changed_by, created_at = excluded.created_at,
                   modified_at = excluded.modified_at, removed_at = NULL, version = excluded.version
            """, values.toArray());
    }

    static Subject subject(Provider provider) {
        return new Subject("identity_provider", provider.id(), provider.terms().name());
    }

    private static Provider provider(Row row) {
        return new Provider(new Provider.Id(row.uuid("id")), new Org.Id(row.uuid("org_id")),
            LoginMethod.named(row.text("kind")).orElseThrow(), row.bool("enabled"),
            new Client(Profile.named(row.text("profile")).orElseThrow(), row.text("issuer"), row.text("client_id"),
                row.text("client_auth").equals("basic"), row.texts("scopes"), row.optionalInstant("secret_set_at")),
            new Terms(row.text("name"), row.texts("domains"), Addresses.named(row.text("addresses")).orElseThrow(),
                row.text("link").equals("automatic"), row.bool("create_users"),
                row.optionalUuid("default_role").map(Role.Id::new), row.text("second_factor").equals("provider"),
                row.texts("second_factor_values")),
            row.optionalUuid("changed_by").map(User.Id::new), row.instant("created_at"), row.instant("modified_at"));
    }
}
