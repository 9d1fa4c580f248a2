package roster.core.org;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.base.json.Json;
import roster.core.access.Grants;
import roster.core.audit.AuditLog;
import roster.core.audit.AuditLog.Subject;
import roster.core.audit.Change;
import roster.model.Id;
import roster.model.Org;
import roster.model.Permission;
import roster.model.Problem.Forbidden;
import roster.model.Problem.NotFound;
import roster.model.Problem.Unfit;
import roster.model.Refused;
import roster.model.Role;
import tools.jackson.databind.JsonNode;

/// The settings of organisations: the SQL of the `org_configs` table, and the rule of who may add and invite users.
public final class OrgConfigs {
    private final AuditLog audit;
    private final Grants grants;

    public OrgConfigs(AuditLog audit, Grants grants) {
        this.audit = audit;
        this.grants = grants;
    }

    /// A setting and its value.
    ///
    /// @param modifiedAt none if it was never changed
    public record Standing(OrgConfig config, Object value, Optional<Instant> modifiedAt) {}

    /// All that are listed, in the order of the contract.
    public List<Standing> all(Tx tx, Org.Id org) {
        var changed = tx.query("SELECT name, value::text AS value, modified_at FROM org_configs WHERE org_id = ?", org)
            .list(row -> Map.entry(row.text("name"), new Changed(row.text("value"), row.instant("modified_at"))))
            .stream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        return Arrays.stream(OrgConfig.values()).filter(OrgConfig::isListed)
            .map(config -> standing(config, Optional.ofNullable(changed.get(config.text())))).toList();
    }

    public Standing find(Tx tx, Org.Id org, OrgConfig config) {
        return findLater(tx, org, config).get();
    }

    /// The same, asked for with the statement that follows.
    public Supplier<Standing> findLater(Tx tx, Org.Id org, OrgConfig config) {
        var found = tx.laterOptional(row -> new Changed(row.text("value"), row.instant("modified_at")),
            "SELECT value::text AS value, modified_at FROM org_configs WHERE org_id = ? AND name = ?", org,
            config.text());
        return () -> standing(config, found.get());
    }

    private record Changed(String json, Instant at) {}

    private static Standing standing(OrgConfig config, Optional<Changed> changed) {
        return new Standing(config,
            changed.map(row -> config.type().stored(Json.parse(row.json().getBytes(StandardCharsets.UTF_8))))
                .orElse(config.initial()),
            changed.map(Changed::at));
    }

    public boolean isOn(Tx tx, Org.Id org, OrgConfig config) {
        return find(tx, org, config).value().equals(true);
    }

    /// Where an organisation lets only administrators add and invite users, others may not.
    ///
    /// @throws Refused with [Forbidden]
    public void mustLetInvite(WriteTx tx) {
        if (!tx.caller().holds(Permission.USER_ACCESS_MANAGE) && isOn(tx, tx.org(), OrgConfig.ADMIN_ONLY_INVITES)) {
            throw new Refused(new Forbidden(Permission.USER_ACCESS_MANAGE));
        }
    }

    /// Whether a setting may have a value.
    public static boolean isFit(OrgConfig config, Object value) {
        return config.type().value(Json.parse(Json.bytes(value))).isPresent();
    }

    /// @param name as it was sent
    /// @throws Refused with [NotFound] if there is no such setting
    public static OrgConfig named(String name) {
        return OrgConfig.named(name)
            .orElseThrow(() -> new Refused(new NotFound("OrgConfig: %s not found".formatted(name))));
    }

    /// @throws Refused with [NotFound] for a name that is none, [Unfit] for a value that is not of the setting's type
    public Standing set(WriteTx tx, String name, JsonNode value) {
        return change(tx, named(name), value);
    }

    /// Changes a setting, listed or not. No-op, without an audit entry, for the value it has.
    ///
    /// @param value stored in the form of the setting's type, as domains in lower case
    /// @throws Refused with [Unfit] for a value that is not of the setting's type, [Forbidden] for one by which signing in
    ///     gives a role that can do more than the caller
    public Standing set(WriteTx tx, OrgConfig config, Object value) {
        return change(tx, config, Json.parse(Json.bytes(value)));
    }

    private Standing change(WriteTx tx, OrgConfig config, JsonNode sent) {
        var value = config.type().value(sent).orElseThrow(() -> new Refused(new Unfit(
            "The value provided for parameter 'OrgConfig: %s' is invalid".formatted(
                sent.isString() ? sent.asString() : sent))));
        var was = find(tx, tx.org(), config);
        if (was.value().equals(value)) {
            return was;
        }
        mustBeGivable(tx, config, was.value(), value);
        if (config == OrgConfig.SCIM_DEFAULT_ROLE && !value.equals("")) {
            grants.mustHoldAllOf(tx, Id.parse(value.toString()).map(Role.Id::new).orElseThrow());
        }
        store(tx, config, value);
        audit.record(tx, "org_config.updated", new Subject("org_config", config.id(tx.org()), config.text()),
            new Change(fact(config, was.value()), fact(config, value)));
        return new Standing(config, value, Optional.of(tx.now()));
    }

    /// By these settings signing in gives users a role: another role, or the same to users who did not get it before.
    private void mustBeGivable(WriteTx tx, OrgConfig config, Object was, Object value) {
        var widens = switch (config) {
            case SAML_AUTOCREATE_ROLE -> true;
            case SAML_AUTOCREATE -> value.equals(true);
            case SAML_AUTOCREATE_DOMAINS -> !((List<?>) was).containsAll((List<?>) value);
            default -> false;
        };
        if (widens) {
            var role = config == OrgConfig.SAML_AUTOCREATE_ROLE ? value
                : find(tx, tx.org(), OrgConfig.SAML_AUTOCREATE_ROLE).value();
            grants.mustHoldAllOf(tx, ConfigType.ACCESS_ROLES.get(role.toString()));
        }
    }

    private static Map<String, Object> fact(OrgConfig config, Object value) {
        var fact = new LinkedHashMap<String, Object>();
        fact.put(config.text(), value);
        return fact;
    }

    /// Stores the row alone; the caller of this method records why.
    public void store(WriteTx tx, OrgConfig config, Object value) {
        tx.update("""
            INSERT INTO org_configs (org_id, name, value, modified_at, version) VALUES (?, ?, ?::jsonb, ?, ?)
            ON CONFLICT (org_id, name) DO UPDATE
               SET value = excluded.value, modified_at = excluded.modified_at, version = excluded.version
            """, tx.org(), config.text(), new String(Json.bytes(value), StandardCharsets.UTF_8), tx.now(),
            tx.version());
    }
}
