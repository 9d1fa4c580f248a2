package roster.core.role;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import roster.base.db.ByKeys;
import roster.base.db.Listing;
import roster.base.db.Row;
import roster.base.db.Tx;
import roster.base.db.Where;
import roster.base.db.WriteTx;
import roster.core.access.Grants;
import roster.core.audit.AuditLog;
import roster.core.audit.AuditLog.Subject;
import roster.core.audit.Change;
import roster.core.permission.Catalogue;
import roster.model.Id;
import roster.model.Org;
import roster.model.Page;
import roster.model.Paging;
import roster.model.Permission;
import roster.model.Problem;
import roster.model.Problem.Conflict;
import roster.model.Problem.Invalid;
import roster.model.Problem.NotFound;
import roster.model.Problem.Stale;
import roster.model.Problem.Unfit;
import roster.model.Refused;
import roster.model.Role;
import roster.model.Text;

/// The roles of an organisation: their rules, and the SQL of the `roles` table.
public final class Roles {
    /// A role, and how many enabled users have it.
    public record Counted(Role role, long userCount) {}

    /// What a list may be sorted by. Ties: by name, then id.
    public enum Sort {
        NAME("r.name_folded"),
        MODIFIED_AT("r.modified_at"),
        USER_COUNT("user_count");

        private final String column;

        Sort(String column) {
            this.column = column;
        }
    }

    /// @param text substring of the name, letter case ignored
    /// @param ids only these, if given
    public record Filter(Optional<String> text, Optional<List<Role.Id>> ids) {}

    /// As roles are listed: by folded name, compared by code point, then by id; as the SQL below does.
    public static final Comparator<Role> BY_NAME = Comparator
        .comparing((Role role) -> Text.folded(role.name()).getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned)
        .thenComparing(role -> role.id().value().toString());

    private static final String COLUMNS = """
        r.org_id, r.id, r.name, r.managed, r.permissions, r.receives_permissions_from, r.created_at, r.modified_at,
        r.external_id,
        (SELECT u.handle FROM users u WHERE u.org_id = r.org_id AND u.id = r.created_by) AS created_by_handle,
        (SELECT u.handle FROM users u WHERE u.org_id = r.org_id AND u.id = r.modified_by) AS modified_by_handle""";

    private final AuditLog audit;
    private final Catalogue catalogue;
    private final Grants grants;
    private final Administrators administrators;
    private final List<BiConsumer<WriteTx, Role>> ends = new ArrayList<>();

    public Roles(AuditLog audit, Catalogue catalogue, Grants grants, Administrators administrators) {
        this.audit = audit;
        this.catalogue = catalogue;
        this.grants = grants;
        this.administrators = administrators;
    }

    /// Adds something that ends with a role, in the write that deletes it: for rooms that have rows about roles. Only
    /// before the first request.
    public void onDelete(BiConsumer<WriteTx, Role> end) {
        ends.add(end);
    }

    public Optional<Role> find(Tx tx, Org.Id org, Role.Id id) {
        return tx.query("SELECT " + COLUMNS + " FROM roles r WHERE r.org_id = ? AND r.id = ?", org, id)
            .optional(this::role);
    }

    /// @throws Refused with [NotFound] if the text is no id of a role of the organisation
    public Role named(Tx tx, Org.Id org, String id) {
        return Id.parse(id).flatMap(uuid -> find(tx, org, new Role.Id(uuid)))
            .orElseThrow(() -> new Refused(new NotFound(id + " not found")));
    }

    /// The role of this name, in any letter case. Roles of earlier versions of Roster may have blanks around theirs. Each name is
    /// looked up by itself, for which there is OFFSET 0: PostgreSQL would rather read all roles where most organisations have few.
    public Optional<Role> withName(Tx tx, Org.Id org, String name) {
        return tx.query("SELECT " + COLUMNS + """
             FROM unnest(?::text[]) AS named (name)
            CROSS JOIN LATERAL (SELECT * FROM roles WHERE org_id = ? AND name_folded = named.name OFFSET 0) r
            ORDER BY length(r.name_folded) LIMIT 1
            """, List.of(Text.folded(Text.name(name)), Text.folded(name)), org).optional(this::role);
    }

    /// The roles that directories call so.
    public List<Role> withExternalId(Tx tx, Org.Id org, String externalId) {
        return tx.query("SELECT " + COLUMNS + " FROM roles r WHERE r.org_id = ? AND r.external_id = ?", org, externalId)
            .list(this::role);
    }

    /// These roles, by name; ids that are no roles of the organisation are skipped.
    public List<Role> all(Tx tx, Org.Id org, Collection<Role.Id> ids) {
        return ids.isEmpty() ? List.of() : tx.query("SELECT " + COLUMNS + ByKeys.from("roles", "id", "r")
            + " ORDER BY r.name_folded, r.id", List.copyOf(ids), org).list(this::role);
    }

    /// Roles that were created or changed after this version; after 0, all.
    public List<Role> changedSince(Tx tx, Org.Id org, long version) {
        return tx.query("SELECT " + COLUMNS + " FROM roles r WHERE r.org_id = ? AND r.version > ?", org, version)
            .list(this::role);
    }

    /// How many roles an organisation has.
    public long count(Tx tx, Org.Id org) {
        return tx.query("SELECT count(*) AS n FROM roles WHERE org_id = ?", org).one(row -> row.number("n"));
    }

    /// @param counts of enabled users; none for a role that is not in it
    public Page<Counted> list(Tx tx, Org.Id org, Filter filter, Sort sort, boolean descending, Paging paging,
        Map<Role.Id, Long> counts) {
        var counted = List.copyOf(counts.keySet());
        var numbers = counted.stream().map(counts::get).toList();
        var total = count(tx, org);
        var where = Where.of("r.org_id = ?", org)
            .andIf(filter.text().map(Text::folded), "strpos(r.name_folded, ?) > 0")
            .andIf(filter.ids(), "r.id = ANY (?::uuid[])");
        return new Listing(COLUMNS + ", COALESCE(c.n, 0) AS user_count",
            "FROM roles r LEFT JOIN unnest(?::uuid[], ?::bigint[]) AS c(id, n) ON c.id = r.id",
            List.of(counted, numbers), where)
            .page(tx, Listing.order(descending, sort.column, "r.name_folded", "r.id"), paging, total, this::counted);
    }

    /// The three roles that a new organisation starts with.
    public void createManaged(WriteTx tx) {
        for (var managed : Role.Managed.values()) {
            insert(tx, new Role(new Role.Id(tx.newId()), tx.org(), managed.roleName(), Optional.of(managed),
                catalogue.heldBy(managed), List.of(), tx.now(), tx.now(), Optional.empty(), Optional.empty(),
                Optional.empty()));
        }
    }

    public Role managed(Tx tx, Org.Id org, Role.Managed which) {
        return tx.query("SELECT " + COLUMNS + " FROM roles r WHERE r.org_id = ? AND r.managed = ?", org, which.name())
            .one(this::role);
    }

    /// Creates a custom role of the organisation.
    ///
    /// @param permissions ids as they were sent; the ten default permissions are added unless `optOut`
    /// @throws Refused with [Invalid] for a bad name, [Unfit] for an unknown permission, [Conflict] for a name in use,
    ///     Forbidden for a permission that the caller may not hand on
    public Role create(WriteTx tx, String name, Collection<String> permissions, boolean optOut,
        List<String> receivesPermissionsFrom) {
        RoleNames.mustDo(name);
        var holds = effective(permissions, optOut);
        RoleNames.mustBeFree(tx, name, Optional.empty());
        return added(tx, name, holds, receivesPermissionsFrom, Optional.empty());
    }

    /// Creates a custom role without any permission.
    ///
    /// @param externalId what a directory calls it
    /// @throws Refused as [#create] does for the name
    public Role createWithoutPermissions(WriteTx tx, String name, Optional<String> externalId) {
        RoleNames.mustDo(name);
        RoleNames.mustBeFree(tx, name, Optional.empty());
        return added(tx, name, Set.of(), List.of(), externalId);
    }

    private Role added(WriteTx tx, String name, Set<Permission> permissions, List<String> receivesPermissionsFrom,
        Optional<String> externalId) {
        grants.mustHoldAll(tx, permissions);
        return insert(tx, new Role(new Role.Id(tx.newId()), tx.org(), Text.name(name), Optional.empty(), permissions,
            receivesPermissionsFrom, tx.now(), tx.now(), actor(tx), actor(tx), externalId));
    }

    /// What to change of a role; what is absent stays.
    ///
    /// @param permissions ids as they were sent, replacing all that the role holds; the ten defaults are added unless `optOut`
    public record Edit(Optional<String> name, Optional<List<String>> permissions, boolean optOut,
        Optional<List<String>> receivesPermissionsFrom) {}

    /// @param id as it was sent
    /// @throws Refused with [NotFound]; [Unfit] for a managed role, a blank name or an unknown permission; [Invalid] for a
    ///     name that is too long; [Conflict] for a name in use; LastAdministrator
    public Role update(WriteTx tx, String id, Edit edit) {
        edit.name().ifPresent(RoleNames::mustDo);
        var old = changeable(tx, id);
        edit.name().ifPresent(name -> RoleNames.mustBeFree(tx, name, Optional.of(old.id())));
        var permissions = edit.permissions().map(ids -> effective(ids, edit.optOut()));
        return changed(tx, "role.updated", old, edit.name().map(Text::name).orElse(old.name()),
            permissions.orElse(old.permissions()),
            edit.receivesPermissionsFrom().orElse(old.receivesPermissionsFrom()));
    }

    /// What a role is known by for as long as it stays as it is: the time of its last change, which no other change has.
    public static String tag(Role role) {
        return Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, role.modifiedAt()));
    }

    /// For writes that were decided on by what a role was.
    ///
    /// @param id,tag as they were sent
    /// @throws Refused with [NotFound], or [Stale] if the role has changed since
    public void mustBe(WriteTx tx, String id, String tag) {
        if (!tag(named(tx, tx.org(), id)).equals(tag)) {
            throw new Refused(new Stale());
        }
    }

    /// Creates a role with the permissions of another, which may be managed, and no members.
    ///
    /// @param id as it was sent
    /// @throws Refused with [NotFound], and as [#create] does for the name
    public Role copy(WriteTx tx, String id, String name, List<String> receivesPermissionsFrom) {
        RoleNames.mustDo(name);
        var source = named(tx, tx.org(), id);
        RoleNames.mustBeFree(tx, name, Optional.empty());
        return added(tx, name, source.permissions(), receivesPermissionsFrom, Optional.empty());
    }

    /// Grants a permission to a role. No-op if the role holds it already.
    ///
    /// @param id,permission as they were sent
    /// @throws Refused with [NotFound] for either, [Unfit] for a managed role
    public Role grant(WriteTx tx, String id, String permission) {
        return changed(tx, "role.permission_granted", id, permission, Set::add,
            new NotFound("Invalid permission id: %s not found".formatted(permission)));
    }

    /// Revokes a permission from a role. No-op if the role does not hold it.
    ///
    /// @param id,permission as they were sent
    /// @throws Refused with [NotFound] for the role, [Unfit] for a managed role or an unknown permission,
    ///     LastAdministrator
    public Role revoke(WriteTx tx, String id, String permission) {
        return changed(tx, "role.permission_revoked", id, permission, Set::remove, unknown(permission));
    }

    private Role changed(WriteTx tx, String action, String id, String permission,
        BiConsumer<Set<Permission>, Permission> change, Problem unknown) {
        var role = changeable(tx, id);
        var entry = Id.parse(permission).flatMap(catalogue::find).orElseThrow(() -> new Refused(unknown));
        var permissions = new LinkedHashSet<>(role.permissions());
        change.accept(permissions, entry.permission());
        return changed(tx, action, role, role.name(), permissions, role.receivesPermissionsFrom());
    }

    private Role changeable(WriteTx tx, String id) {
        var role = named(tx, tx.org(), id);
        mustBeCustom(role);
        return role;
    }

    static void mustBeCustom(Role role) {
        if (role.managed().isPresent()) {
            throw new Refused(new Unfit("Managed roles cannot be modified"));
        }
    }

    private Role changed(WriteTx tx, String action, Role old, String name, Set<Permission> permissions,
        List<String> receivesPermissionsFrom) {
        if (name.equals(old.name()) && permissions.equals(old.permissions())
            && receivesPermissionsFrom.equals(old.receivesPermissionsFrom())) {
            return old;
        }
        var role = new Role(old.id(), old.org(), name, old.managed(), permissions, receivesPermissionsFrom,
            old.createdAt(), tx.now(), old.createdBy(), actor(tx), old.externalId());
        grants.mustHoldAll(tx, permissions.stream().filter(permission -> !old.permissions().contains(permission))
            .collect(Collectors.toSet()));
        if (permissions.containsAll(old.permissions())) {
            store(tx, role);
        } else {
            administrators.keeping(tx, () -> store(tx, role));
        }
        audit.record(tx, action, subject(role), Change.between(old.facts(), role.facts()));
        return role;
    }

    private static int store(WriteTx tx, Role role) {
        return tx.update("""
            UPDATE roles
               SET name = ?, name_folded = ?, permissions = ?, receives_permissions_from = ?, modified_at = ?,
                   modified_by = ?, version = ?
             WHERE org_id = ? AND id = ?
            """, role.name(), Text.folded(role.name()), names(role.permissions()), role.receivesPermissionsFrom(),
            role.modifiedAt(), tx.caller().user(), tx.version(), tx.org(), role.id());
    }

    private static List<String> names(Set<Permission> permissions) {
        return permissions.stream().map(Permission::name).toList();
    }

    static Optional<String> actor(WriteTx tx) {
        return tx.caller().user().map(user -> tx.caller().name());
    }

    private static Problem unknown(String permissionId) {
        return new Unfit("Invalid permission id: " + permissionId);
    }

    /// @param ids as they were sent
    private Set<Permission> effective(Collection<String> ids, boolean optOut) {
        var found = new LinkedHashSet<Permission>();
        for (var id : ids) {
            var entry = Id.parse(id).flatMap(catalogue::find)
                .orElseThrow(() -> new Refused(unknown(id)));
            found.add(entry.permission());
        }
        // The two legacy permissions: the greater brings the lesser.
        if (found.contains(new Permission("admin"))) {
            found.add(new Permission("standard"));
        }
        if (!optOut) {
            found.addAll(catalogue.defaults());
        }
        return found;
    }

    private Role insert(WriteTx tx, Role role) {
        var custom = role.managed().isEmpty();
        var maker = tx.caller().user().filter(_ -> custom);
        tx.update("""
            INSERT INTO roles (org_id, id, name, name_folded, managed, permissions, receives_permissions_from,
                               created_at, modified_at, created_by, modified_by, external_id, version)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            tx.org(), role.id(), role.name(), Text.folded(role.name()), role.managed().map(Enum::name),
            custom ? Optional.of(names(role.permissions())) : Optional.empty(),
            role.receivesPermissionsFrom(), role.createdAt(), role.modifiedAt(), maker, maker, role.externalId(),
            tx.version());
        audit.record(tx, "role.created", subject(role), Change.created(role.facts()));
        return role;
    }

    /// Deletes a role. Its members lose it.
    ///
    /// @param id as it was sent
    /// @throws Refused with [NotFound], [Unfit] for a managed role, LastAdministrator
    public void delete(WriteTx tx, String id) {
        var role = named(tx, tx.org(), id);
        mustBeDeletable(tx, role);
        tx.update("DELETE FROM role_members WHERE org_id = ? AND role_id = ?", tx.org(), role.id());
        ends.forEach(end -> end.accept(tx, role));
        tx.update("DELETE FROM roles WHERE org_id = ? AND id = ?", tx.org(), role.id());
        tx.gone("role", role.id());
        audit.record(tx, "role.deleted", subject(role), Change.deleted(role.facts()));
    }

    /// @throws Refused as [#delete] does
    public void mustBeDeletable(Tx tx, Role role) {
        if (role.managed().isPresent()) {
            throw new Refused(new Unfit("Managed roles cannot be deleted"));
        }
        administrators.mustRemainWithout(tx, role);
    }

    public static Subject subject(Role role) {
        return new Subject("role", role.id(), role.name());
    }

    private Counted counted(Row row) {
        return new Counted(role(row), row.number("user_count"));
    }

    private Role role(Row row) {
        var managed = row.optionalText("managed").map(Role.Managed::valueOf);
        Set<Permission> permissions = managed.map(catalogue::heldBy).orElseGet(() -> row.texts("permissions").stream()
            .map(Permission::new).collect(Collectors.toSet()));
        return new Role(new Role.Id(row.uuid("id")), new Org.Id(row.uuid("org_id")), row.text("name"), managed,
            permissions, row.texts("receives_permissions_from"), row.instant("created_at"), row.instant("modified_at"),
            row.optionalText("created_by_handle"), row.optionalText("modified_by_handle"),
            row.optionalText("external_id"));
    }
}
