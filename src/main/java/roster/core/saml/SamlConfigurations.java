package roster.core.saml;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.core.access.Grants;
import roster.core.audit.AuditLog;
import roster.core.audit.AuditLog.Subject;
import roster.core.audit.Change;
import roster.core.org.ConfigType;
import roster.core.org.OrgConfig;
import roster.core.org.OrgConfigs;
import roster.core.role.Roles;
import roster.model.Id;
import roster.model.Org;
import roster.model.Problem.Invalid;
import roster.model.Problem.NotFound;
import roster.model.Problem.Unfit;
import roster.model.Refused;
import roster.model.Role;

/// How users of an organisation sign in by SAML: the rules, and the SQL of the `saml_configurations` table. Stored for
/// sign-in, which does not exist yet. The preferences are settings of the organisation and exist without metadata.
public final class SamlConfigurations {
    private final AuditLog audit;
    private final OrgConfigs configs;
    private final Roles roles;
    private final Grants grants;

    public SamlConfigurations(AuditLog audit, OrgConfigs configs, Roles roles, Grants grants) {
        this.audit = audit;
        this.configs = configs;
        this.roles = roles;
        this.grants = grants;
    }

    record ConfigurationId(UUID value) implements Id {}

    /// @param ssoUrl,expiresAt as [IdpMetadata] has them
    public record Configuration(UUID id, String entityId, Optional<String> ssoUrl, Optional<Instant> expiresAt,
        Instant createdAt, Instant modifiedAt, Preferences preferences) {
        /// What audit entries record about it, but for the preferences.
        public Map<String, Object> facts() {
            var facts = new LinkedHashMap<String, Object>();
            facts.put("entity_id", entityId);
            facts.put("sso_url", ssoUrl);
            facts.put("expires_at", expiresAt);
            facts.put("created_at", createdAt);
            return facts;
        }
    }

    /// @param idpInitiated whether sign-in may begin at the identity provider
    /// @param jitDomains domains whose people become users when they first sign in, as `example.com`
    /// @param defaultRoles the roles that these users get, by name; without roles that were deleted since
    public record Preferences(boolean idpInitiated, List<String> jitDomains, List<Role> defaultRoles) {
        /// What audit entries record about them.
        public Map<String, Object> facts() {
            var facts = new LinkedHashMap<String, Object>();
            facts.put("idp_initiated", idpInitiated);
            facts.put("jit_domains", jitDomains);
            facts.put("default_roles", defaultRoles.stream().map(role -> role.id().toString()).toList());
            return facts;
        }
    }

    /// What to change; what is not present stays.
    ///
    /// @param defaultRoles ids as they were sent
    public record Edit(Optional<Boolean> idpInitiated, Optional<List<String>> jitDomains,
        Optional<List<String>> defaultRoles) {}

    public Preferences preferences(Tx tx, Org.Id org) {
        var ids = texts(tx, org, OrgConfig.SAML_DEFAULT_ROLES).stream().flatMap(id -> Id.parse(id).stream())
            .map(Role.Id::new).toList();
        return new Preferences(configs.isOn(tx, org, OrgConfig.SAML_IDP_INITIATED),
            texts(tx, org, OrgConfig.SAML_JIT_DOMAINS), roles.all(tx, org, ids));
    }

    private List<String> texts(Tx tx, Org.Id org, OrgConfig config) {
        return ((List<?>) configs.find(tx, org, config).value()).stream().map(Object::toString).toList();
    }

    /// An organisation has one at most.
    public Optional<Configuration> find(Tx tx, Org.Id org) {
        return tx.query("""
            SELECT id, entity_id, sso_url, expires_at, created_at, modified_at FROM saml_configurations WHERE org_id = ?
            """, org).optional(row -> new Configuration(row.uuid("id"), row.text("entity_id"),
            row.optionalText("sso_url"), row.optionalInstant("expires_at"), row.instant("created_at"),
            row.instant("modified_at"), preferences(tx, org)));
    }

    /// @param id as it was sent
    /// @throws Refused with [NotFound]
    public Configuration named(Tx tx, Org.Id org, String id) {
        return find(tx, org).filter(found -> Id.parse(id).filter(found.id()::equals).isPresent())
            .orElseThrow(() -> new Refused(new NotFound(id + " not found")));
    }

    /// Stores the metadata of the identity provider, replacing earlier ones.
    public Configuration keep(WriteTx tx, IdpMetadata metadata) {
        var was = find(tx, tx.org());
        var id = was.map(Configuration::id).orElseGet(tx::newId);
        tx.update("""
            INSERT INTO saml_configurations (org_id, id, entity_id, sso_url, expires_at, created_at, modified_at, version)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (org_id, id) DO UPDATE
               SET entity_id = excluded.entity_id, sso_url = excluded.sso_url, expires_at = excluded.expires_at,
                   modified_at = excluded.modified_at, version = excluded.version
            """, tx.org(), id, metadata.entityId(), metadata.ssoUrl(), metadata.expiresAt(), tx.now(), tx.now(),
            tx.version());
        var is = find(tx, tx.org()).orElseThrow();
        audit.record(tx, was.isPresent() ? "saml_configuration.updated" : "saml_configuration.created",
            new Subject("saml_configuration", new ConfigurationId(id), is.entityId()),
            new Change(was.map(Configuration::facts).orElse(Map.of()), is.facts()));
        return is;
    }

    /// @throws Refused with [NotFound], or as [#prefer]
    public Configuration update(WriteTx tx, String id, Edit edit) {
        named(tx, tx.org(), id);
        prefer(tx, edit);
        return find(tx, tx.org()).orElseThrow();
    }

    /// What is wrong with a list of domains, if anything.
    public static Optional<String> domainsFault(List<String> domains) {
        if (domains.size() > ConfigType.ENTRIES_MAX) {
            return Optional.of("Longer than maximum length %d.".formatted(ConfigType.ENTRIES_MAX));
        }
        return domains.stream().allMatch(domain -> ConfigType.folded(domain).isPresent()) ? Optional.empty()
            : Optional.of("Not a list of domains, as example.com.");
    }

    /// Changes the preferences, with or without metadata.
    ///
    /// @throws Refused with [Invalid] as [#domainsFault] has it, [Unfit] for an unknown role or none where there are
    ///     domains, [Forbidden] for a role that can do more than the caller, also where only its domains are new
    public Preferences prefer(WriteTx tx, Edit edit) {
        edit.jitDomains().flatMap(SamlConfigurations::domainsFault).ifPresent(reason -> {
            throw new Refused(new Invalid("jit_domains", reason));
        });
        var was = preferences(tx, tx.org());
        var is = new Preferences(edit.idpInitiated().orElse(was.idpInitiated()),
            edit.jitDomains().map(SamlConfigurations::folded).orElse(was.jitDomains()),
            edit.defaultRoles().map(ids -> givable(tx, ids)).orElse(was.defaultRoles()));
        if (!is.jitDomains().isEmpty() && is.defaultRoles().isEmpty()) {
            throw new Refused(new Unfit("A default role is required when jit_domains is not empty"));
        }
        if (is.facts().equals(was.facts())) {
            return was;
        }
        if (!was.jitDomains().containsAll(is.jitDomains())) { // others get the roles now
            is.defaultRoles().forEach(role -> grants.mustHoldAllOf(tx, role));
        }
        configs.store(tx, OrgConfig.SAML_IDP_INITIATED, is.idpInitiated());
        configs.store(tx, OrgConfig.SAML_JIT_DOMAINS, is.jitDomains());
        configs.store(tx, OrgConfig.SAML_DEFAULT_ROLES,
            is.defaultRoles().stream().map(role -> role.id().toString()).toList());
        tx.update("UPDATE saml_configurations SET modified_at = ?, version = ? WHERE org_id = ?", tx.now(),
            tx.version(),
            tx.org());
        audit.record(tx, "saml_configuration.updated", new Subject("saml_configuration", tx.org(), "preferences"),
            Change.between(was.facts(), is.facts()));
        return is;
    }

    public static List<String> folded(List<String> domains) {
        return domains.stream().flatMap(domain -> ConfigType.folded(domain).stream()).distinct().toList();
    }

    private List<Role> givable(WriteTx tx, List<String> ids) {
        var wanted = ids.stream().map(id -> Id.parse(id).flatMap(uuid -> roles.find(tx, tx.org(), new Role.Id(uuid)))
            .orElseThrow(() -> new Refused(new Unfit("Role %s not found".formatted(id))))).toList();
        wanted.forEach(role -> grants.mustHoldAllOf(tx, role));
        return roles.all(tx, tx.org(), wanted.stream().map(Role::id).toList());
    }
}
