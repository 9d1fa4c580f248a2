package roster.core.identity;

import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import roster.base.db.ByKeys;
import roster.base.db.Listing;
import roster.base.db.Row;
import roster.base.db.Tx;
import roster.base.db.Where;
import roster.base.db.WriteTx;
import roster.core.access.Grants;
import roster.core.audit.AuditLog.Subject;
import roster.core.audit.AuditLog;
import roster.core.audit.Change;
import roster.core.role.Roles;
import roster.model.Id;
import roster.model.Org;
import roster.model.Page;
import roster.model.Paging;
import roster.model.Problem.Conflict;
import roster.model.Problem.Invalid;
import roster.model.Problem.NotFound;
import roster.model.Refused;
import roster.model.Role;
import roster.model.Text;
import roster.model.User;

/// Which roles users get by what the identity provider says about them: the rules, and the SQL of `authn_mappings` and
/// `saml_assertion_attributes`. They apply at each sign-in by a provider ([MappedRoles]).
public final class AuthnMappings {
    /// The longest key and value, in characters.
    public static final int TEXT_MAX = 255;

    /// A key and value that an identity provider may send. Equal pairs have one id in an organisation.
    public record Attribute(long id, String key, String value) {}

    public record Mapping(MappingId id, Attribute attribute, Role.Id role, Instant createdAt, Instant modifiedAt) {
        /// What audit entries record about it.
        public Map<String, Object> facts() {
            var facts = new LinkedHashMap<String, Object>();
            facts.put("saml_assertion_attribute_id", Long.toString(attribute.id()));
            facts.put("attribute_key", attribute.key());
            facts.put("attribute_value", attribute.value());
            facts.put("role", role.toString());
            facts.put("created_at", createdAt.toString());
            return facts;
        }
    }

    public record MappingId(UUID value) implements Id {}

    /// What a list may be sorted by. Ties: by id.
    public enum Sort {
        CREATED_AT("created_at", "m.created_at"),
        ROLE_ID("role_id", "m.role_id"),
        ATTRIBUTE_ID("saml_assertion_attribute_id", "m.attribute_id"),
        ROLE_NAME("role.name", "r.name_folded"),
        KEY("saml_assertion_attribute.attribute_key", "lower(a.attribute_key)"),
        VALUE("saml_assertion_attribute.attribute_value", "lower(a.attribute_value)");

        private final String text;
        private final String column;

        Sort(String text, String column) {
            this.text = text;
            this.column = column;
        }

        /// By its name on the wire.
        public static Optional<Sort> named(String text) {
            return List.of(values()).stream().filter(sort -> sort.text.equals(text)).findFirst();
        }
    }

    /// What is absent stays.
    ///
    /// @param role as it was sent
    public record Edit(Optional<String> key, Optional<String> value, Optional<String> role) {}

    private static final String COLUMNS =
        "m.id, m.attribute_id, a.attribute_key, a.attribute_value, m.role_id, m.created_at, m.modified_at";

    private static final String FROM = """
        FROM authn_mappings m
        JOIN saml_assertion_attributes a ON a.org_id = m.org_id AND a.id = m.attribute_id
        JOIN roles r ON r.org_id = m.org_id AND r.id = m.role_id""";

    private final AuditLog audit;
    private final Roles roles;
    private final Grants grants;

    /// Mappings to a role are deleted with it.
    public AuthnMappings(AuditLog audit, Roles roles, Grants grants) {
        this.audit = audit;
        this.roles = roles;
        this.grants = grants;
        roles.onDelete(this::deleteAllTo);
    }

    public Page<Mapping> list(Tx tx, Org.Id org, Optional<String> filter, Sort sort, boolean descending,
        Paging paging) {
        var total = tx.query("SELECT count(*) AS n FROM authn_mappings WHERE org_id = ?", org)
            .one(row -> row.number("n"));
        var where = Where.of("m.org_id = ?", org);
        filter.ifPresent(text -> where.and("""
            (strpos(lower(a.attribute_key), lower(?)) > 0 OR strpos(lower(a.attribute_value), lower(?)) > 0
             OR strpos(r.name_folded, ?) > 0)""", text, text, Text.folded(text)));
        return new Listing(COLUMNS, FROM, where).page(tx, Listing.order(descending, sort.column, "m.id"), paging,
            total, AuthnMappings::mapping);
    }

    /// These mappings; ids that are none of the organisation's are skipped.
    public List<Mapping> all(Tx tx, Org.Id org, Collection<UUID> ids) {
        return tx.query("SELECT " + COLUMNS + ByKeys.from("authn_mappings", "id", "m")
            + " JOIN saml_assertion_attributes a ON a.org_id = m.org_id AND a.id = m.attribute_id", List.copyOf(ids),
            org).list(AuthnMappings::mapping);
    }

    /// @param id as it was sent
    /// @throws Refused with [NotFound]
    public Mapping named(Tx tx, Org.Id org, String id) {
        return Id.parse(id)
            .flatMap(uuid -> tx.query("SELECT " + COLUMNS + " " + FROM + " WHERE m.org_id = ? AND m.id = ?", org, uuid)
                .optional(AuthnMappings::mapping))
            .orElseThrow(() -> new Refused(new NotFound("Mapping with id %s not found".formatted(id))));
    }

    /// @param roleId as it was sent
    /// @throws Refused with [Invalid] for a blank or too long text, [NotFound] for an unknown role, [Conflict] if there is
    ///     such a mapping, Forbidden for a role that can do more than the caller
    public Mapping create(WriteTx tx, String key, String value, String roleId) {
        var role = roles.named(tx, tx.org(), roleId);
        var attribute = attribute(tx, checked("attribute_key", key), checked("attribute_value", value));
        mustBeNew(tx, attribute, role.id());
        grants.mustHoldAllOf(tx, role);
        var id = new MappingId(tx.newId());
        tx.update("""
            INSERT INTO authn_mappings (org_id, id, attribute_id, role_id, created_at, modified_at, changed_by, version)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """, tx.org(), id, attribute.id(), role.id(), tx.now(), tx.now(), tx.caller().user(), tx.version());
        var mapping = new Mapping(id, attribute, role.id(), tx.now(), tx.now());
        audit.record(tx, "authn_mapping.created", subject(mapping), Change.created(mapping.facts()));
        return mapping;
    }

    /// @param id as it was sent
    /// @throws Refused as [#named] and [#create] do
    public Mapping update(WriteTx tx, String id, Edit edit) {
        var old = named(tx, tx.org(), id);
        var role = edit.role().map(sent -> roles.named(tx, tx.org(), sent).id()).orElse(old.role());
        var key = edit.key().map(sent -> checked("attribute_key", sent)).orElse(old.attribute().key());
        var value = edit.value().map(sent -> checked("attribute_value", sent)).orElse(old.attribute().value());
        if (key.equals(old.attribute().key()) && value.equals(old.attribute().value()) && role.equals(old.role())) {
            return old;
        }
        var attribute = attribute(tx, key, value);
        mustBeNew(tx, attribute, role);
        grants.mustHoldAllOf(tx, roles.find(tx, tx.org(), role).orElseThrow()); // others get it now, or another one
        tx.update("""
            UPDATE authn_mappings SET attribute_id = ?, role_id = ?, modified_at = ?, changed_by = ?, version = ?
             WHERE org_id = ? AND id = ?
            """, attribute.id(), role, tx.now(), tx.caller().user(), tx.version(), tx.org(), old.id());
        forgetUnused(tx, old.attribute());
        var mapping = new Mapping(old.id(), attribute, role, old.createdAt(), tx.now());
        audit.record(tx, "authn_mapping.updated", subject(mapping), Change.between(old.facts(), mapping.facts()));
        return mapping;
    }

    /// Makes the caller the one who says that a mapping is to give its role.
    ///
    /// @param id as it was sent
    /// @throws Refused with [NotFound], Forbidden for a role that can do more than the caller
    public Mapping confirm(WriteTx tx, String id) {
        var mapping = named(tx, tx.org(), id);
        grants.mustHoldAllOf(tx, roles.find(tx, tx.org(), mapping.role()).orElseThrow());
        tx.update("""
            UPDATE authn_mappings SET modified_at = ?, changed_by = ?, version = ? WHERE org_id = ? AND id = ?
            """, tx.now(), tx.caller().user(), tx.version(), tx.org(), mapping.id());
        audit.record(tx, "authn_mapping.updated", subject(mapping),
            new Change(Map.of(), Map.of("confirmed", true)));
        return mapping;
    }

    /// @param id as it was sent
    /// @throws Refused with [NotFound]
    public void delete(WriteTx tx, String id) {
        delete(tx, named(tx, tx.org(), id));
    }

    private void delete(WriteTx tx, Mapping mapping) {
        tx.update("DELETE FROM authn_mappings WHERE org_id = ? AND id = ?", tx.org(), mapping.id());
        forgetUnused(tx, mapping.attribute());
        audit.record(tx, "authn_mapping.deleted", subject(mapping), Change.deleted(mapping.facts()));
    }

    private void deleteAllTo(WriteTx tx, Role role) {
        tx.query("SELECT " + COLUMNS + " " + FROM + " WHERE m.org_id = ? AND m.role_id = ? ORDER BY m.id", tx.org(),
            role.id())
            .list(AuthnMappings::mapping).forEach(mapping -> delete(tx, mapping));
    }

    /// A mapping, and who changed it last.
    ///
    /// @param changedBy none: the operator, or it is not known
    record Giving(MappingId id, Attribute attribute, Role.Id role, Optional<User.Id> changedBy) {}

    /// All mappings of an organisation, asked for with the statement that follows.
    Supplier<List<Giving>> givingLater(Tx tx, Org.Id org) {
        return tx.later(AuthnMappings::giving,
            "SELECT " + COLUMNS + ", m.changed_by " + FROM + " WHERE m.org_id = ? ORDER BY m.id", org);
    }

    /// Some of the mappings.
    List<Giving> giving(Tx tx, Org.Id org, Collection<MappingId> some) {
        return tx.query("SELECT " + COLUMNS + ", m.changed_by " + FROM
            + " WHERE m.org_id = ? AND m.id = ANY (?::uuid[]) ORDER BY m.id", org, List.copyOf(some))
            .list(AuthnMappings::giving);
    }

    private static Giving giving(Row row) {
        return new Giving(new MappingId(row.uuid("id")), mapping(row).attribute(), new Role.Id(row.uuid("role_id")),
            row.optionalUuid("changed_by").map(User.Id::new));
    }

    private static String checked(String name, String text) {
        var bare = text.strip();
        if (bare.isEmpty()) {
            throw new Refused(new Invalid(name, "Shorter than minimum length 1."));
        }
        if (Text.isLonger(bare, TEXT_MAX)) {
            throw new Refused(new Invalid(name, "Longer than maximum length %d.".formatted(TEXT_MAX)));
        }
        return Text.clean(bare);
    }

    /// A value may be an address: with the last mapping of a pair its text goes. No other pair gets its number.
    private static void forgetUnused(WriteTx tx, Attribute attribute) {
        tx.update("""
            DELETE FROM saml_assertion_attributes a
             WHERE a.org_id = ? AND a.id = ?
               AND NOT EXISTS (SELECT 1 FROM authn_mappings m WHERE m.org_id = a.org_id AND m.attribute_id = a.id)
            """, tx.org(), attribute.id());
    }

    /// A pair with its number, a new one if no mapping of the organisation has the pair.
    private static Attribute attribute(WriteTx tx, String key, String value) {
        var known = tx.query("""
            SELECT id FROM saml_assertion_attributes WHERE org_id = ? AND attribute_key = ? AND attribute_value = ?
            """, tx.org(), key, value).optional(row -> row.number("id"));
        return new Attribute(known.orElseGet(() -> added(tx, key, value)), key, value);
    }

    private static long added(WriteTx tx, String key, String value) {
        var id = tx
            .query("UPDATE orgs SET last_attribute_id = last_attribute_id + 1 WHERE id = ? RETURNING last_attribute_id",
                tx.org())
            .one(row -> row.number("last_attribute_id"));
        tx.update("""
            INSERT INTO saml_assertion_attributes (org_id, id, attribute_key, attribute_value, version)
            VALUES (?, ?, ?, ?, ?)
            """, tx.org(), id, key, value, tx.version());
        return id;
    }

    private static void mustBeNew(WriteTx tx, Attribute attribute, Role.Id role) {
        if (tx.query("SELECT 1 FROM authn_mappings WHERE org_id = ? AND attribute_id = ? AND role_id = ?", tx.org(),
            attribute.id(), role).any()) {
            throw new Refused(new Conflict("Mapping already exists"));
        }
    }

    private static Subject subject(Mapping mapping) {
        // With blanks: an address may have = in it, so that its beginning would not be known.
        return new Subject("authn_mapping", mapping.id(),
            mapping.attribute().key() + " = " + mapping.attribute().value());
    }

    private static Mapping mapping(Row row) {
        return new Mapping(new MappingId(row.uuid("id")),
            new Attribute(row.number("attribute_id"), row.text("attribute_key"), row.text("attribute_value")),
            new Role.Id(row.uuid("role_id")), row.instant("created_at"), row.instant("modified_at"));
    }
}
