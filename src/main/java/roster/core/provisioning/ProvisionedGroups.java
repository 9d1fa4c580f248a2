package roster.core.provisioning;

import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import roster.base.db.ByKeys;
import roster.base.db.Row;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.base.scim.SetEffect;
import roster.core.audit.AuditLog;
import roster.core.audit.Change;
import roster.core.provisioning.ProvisionedGroup.Member;
import roster.core.role.RoleNames;
import roster.core.role.Roles;
import roster.core.user.Members;
import roster.model.Id;
import roster.model.Org;
import roster.model.Problem.BadScim;
import roster.model.Problem.Conflict;
import roster.model.Problem.NotFound;
import roster.model.Refused;
import roster.model.Role;
import roster.model.ScimType;
import roster.model.Text;
import roster.model.User;

/// Roles as the groups of directories, which give them names and members, and never permissions.
public final class ProvisionedGroups {
    /// Of ids that are skipped, an audit entry names so many.
    private static final int SKIPPED_NAMED = 100;

    private final AuditLog audit;
    private final Roles roles;
    private final RoleNames names;
    private final Members members;

    public ProvisionedGroups(AuditLog audit, Roles roles, RoleNames names, Members members) {
        this.audit = audit;
        this.roles = roles;
        this.names = names;
        this.members = members;
    }

    /// What a group is to be.
    ///
    /// @param members what becomes of its members, by ids as they were sent: none that SCIM does not show is added or removed
    record Edit(String name, Optional<String> externalId, SetEffect members) {}

    /// What the members of a role come to.
    private record Sums(Role.Id role, long members, long sum, Instant changedAt) {
        static Sums of(Row row) {
            return new Sums(new Role.Id(row.uuid("role_id")), row.number("members"), row.number("sum"),
                row.instant("changed_at"));
        }
    }

    private static ProvisionedGroup group(Role role, Optional<Sums> sums) {
        return new ProvisionedGroup(role, sums.map(Sums::members).orElse(0L), sums.map(Sums::sum).orElse(0L),
            sums.map(Sums::changedAt).filter(role.modifiedAt()::isBefore).orElse(role.modifiedAt()));
    }

    public Optional<ProvisionedGroup> find(Tx tx, Org.Id org, Role.Id id) {
        var sums = tx.laterOptional(Sums::of, """
            SELECT role_id, members, sum, changed_at FROM role_member_sums WHERE org_id = ? AND role_id = ?
            """, org, id);
        return roles.find(tx, org, id).map(role -> group(role, sums.get()));
    }

    /// @param id as it was sent
    /// @throws Refused with [NotFound]
    public ProvisionedGroup named(Tx tx, Org.Id org, String id) {
        return Id.parse(id).flatMap(uuid -> find(tx, org, new Role.Id(uuid)))
            .orElseThrow(() -> new Refused(new NotFound("Group %s not found".formatted(id))));
    }

    private List<ProvisionedGroup> groups(Tx tx, Org.Id org, List<Role> some) {
        if (some.isEmpty()) {
            return List.of();
        }
        var sums = tx.query("""
            SELECT role_id, members, sum, changed_at FROM role_member_sums WHERE org_id = ? AND role_id = ANY (?::uuid[])
            """, org, some.stream().map(Role::id).toList()).list(Sums::of).stream()
            .collect(Collectors.toMap(Sums::role, Function.identity()));
        return some.stream().map(role -> group(role, Optional.ofNullable(sums.get(role.id())))).toList();
    }

    public List<ProvisionedGroup> all(Tx tx, Org.Id org) {
        return groups(tx, org, roles.changedSince(tx, org, 0));
    }

    /// Those with one of these ids.
    List<ProvisionedGroup> all(Tx tx, Org.Id org, Collection<Role.Id> ids) {
        return groups(tx, org, roles.all(tx, org, ids));
    }

    List<ProvisionedGroup> withName(Tx tx, Org.Id org, String name) {
        return groups(tx, org, roles.withName(tx, org, name).stream().toList());
    }

    List<ProvisionedGroup> withExternalId(Tx tx, Org.Id org, String externalId) {
        return groups(tx, org, roles.withExternalId(tx, org, externalId));
    }

    /// Those of which a user is a member, if SCIM shows that user.
    Set<Role.Id> of(Tx tx, Org.Id org, User.Id user) {
        return Set.copyOf(tx.query("""
            SELECT m.role_id FROM role_members m JOIN users u ON u.org_id = m.org_id AND u.id = m.user_id
             WHERE m.org_id = ? AND m.user_id = ? AND\s""" + ShownUsers.ALONE, org, user)
            .list(row -> new Role.Id(row.uuid("role_id"))));
    }

    /// Reads the members that SCIM shows, by id.
    public void eachMember(Tx tx, Org.Id org, Role.Id role, Consumer<Member> reader) {
        tx.query("""
            SELECT m.user_id, u.display
              FROM (SELECT user_id FROM role_members WHERE org_id = ? AND role_id = ? ORDER BY user_id OFFSET 0) m
             CROSS JOIN LATERAL (SELECT COALESCE(NULLIF(u.name, ''), u.email) AS display FROM users u
                                  WHERE u.org_id = ? AND u.id = m.user_id AND\s""" + ShownUsers.ALONE + """
                                 OFFSET 0) u
             ORDER BY m.user_id
            """, org, role, org)
            .each(row -> reader.accept(member(row)));
    }

    /// All members but those whom directories have deleted, by id: service accounts and anonymised users are among them.
    List<UUID> memberIds(Tx tx, ProvisionedGroup group) {
        return tx.query("""
            SELECT m.user_id
              FROM role_members m
             WHERE m.org_id = ? AND m.role_id = ?
               AND NOT EXISTS (SELECT 1 FROM scim_users h
                                WHERE h.org_id = m.org_id AND h.user_id = m.user_id AND h.hidden)
             ORDER BY m.user_id
            """, group.role().org(), group.role().id()).list(row -> row.uuid("user_id"));
    }

    /// Those of these users whom SCIM shows.
    List<Member> shown(Tx tx, Org.Id org, Collection<User.Id> users) {
        return tx.query("SELECT u.id AS user_id, COALESCE(NULLIF(u.name, ''), u.email) AS display"
            + ByKeys.from("users", "id", "u") + "WHERE " + ShownUsers.ALONE, List.copyOf(users), org)
            .list(ProvisionedGroups::member);
    }

    private static Member member(Row row) {
        return new Member(new User.Id(row.uuid("user_id")), row.text("display"));
    }

    /// Creates a group: a role without any permission.
    ///
    /// @param users ids, as they were sent
    /// @throws Refused with [BadScim] for a bad name, and as [#change] does for members; with [Conflict] for a name in use
    ProvisionedGroup create(WriteTx tx, String name, Optional<String> externalId, Collection<String> users) {
        var role = named(name, () -> roles.createWithoutPermissions(tx, name, externalId));
        mark(tx, role);
        change(tx, role, new SetEffect(false, new LinkedHashSet<>(users), Set.of()));
        return find(tx, tx.org(), role.id()).orElseThrow();
    }

    /// Whether [#change] may change or refuse something.
    boolean mayChange(Tx tx, ProvisionedGroup group, Edit edit) {
        var role = group.role();
        var users = ids(edit.members());
        return !edit.name().equals(role.name()) || !edit.externalId().equals(role.externalId())
            || users.added().size() < edit.members().added().size()
            || !users.isNothing() && members.mayChange(tx, role, users, ShownUsers.ALONE);
    }

    /// Changes a group. What is as it was changes nothing.
    ///
    /// @param group under the lock
    /// @throws Refused with [BadScim] for a bad name, another one of a managed role, a group as a member, or if users are added
    ///     of whom none is known; with [Conflict] for a name in use; with LastAdministrator
    ProvisionedGroup change(WriteTx tx, ProvisionedGroup group, Edit edit) {
        var role = group.role();
        if (role.managed().isPresent() && !Text.name(edit.name()).equals(role.name())) {
            throw bad(ScimType.MUTABILITY, "displayName: managed roles cannot be renamed");
        }
        change(tx, named(edit.name(), () -> names.identify(tx, role, edit.name(), edit.externalId())), edit.members());
        mark(tx, role);
        return find(tx, tx.org(), role.id()).orElseThrow();
    }

    /// That a directory looks after a role, for [DirectoryMarks].
    private static void mark(WriteTx tx, Role role) {
        tx.later("""
            INSERT INTO scim_groups AS g (org_id, role_id, changed_by) VALUES (?, ?, ?)
            ON CONFLICT (org_id, role_id) DO UPDATE SET changed_by = excluded.changed_by
             WHERE g.changed_by IS DISTINCT FROM excluded.changed_by
            """, tx.org(), role.id(), tx.caller().user());
    }

    private static Role named(String name, Supplier<Role> change) {
        RoleNames.fault(name).ifPresent(_ -> {
            throw bad(ScimType.INVALID_VALUE,
                "displayName: must not be blank or longer than %d characters".formatted(Role.NAME_MAX));
        });
        try {
            return change.get();
        } catch (Refused e) {
            throw e.problem() instanceof Conflict
                ? new Refused(new Conflict("displayName is taken: " + Text.name(name))) : e;
        }
    }

    private void change(WriteTx tx, Role role, SetEffect users) {
        var edit = ids(users);
        if (users.added().isEmpty() && edit.isNothing()) {
            return;
        }
        var known = members.change(tx, role, edit, ShownUsers.ALONE);
        var skipped = new HashSet<>(edit.added());
        skipped.removeAll(known);
        if (!skipped.isEmpty()
            && !roles.all(tx, tx.org(), skipped.stream().map(id -> new Role.Id(id.value())).toList()).isEmpty()) {
            throw bad(ScimType.INVALID_VALUE, "members: a group cannot be a member");
        }
        if (known.isEmpty() && !users.added().isEmpty()) {
            throw bad(ScimType.INVALID_VALUE, "members: none of these is a user");
        }
        var others = users.added().size() - edit.added().size(); // texts that are no ids
        if (!skipped.isEmpty() || others > 0) {
            audit.record(tx, "scim.members_skipped", Roles.subject(role), new Change(Map.of(), Map.of(
                "skipped", skipped.size() + others,
                "users", skipped.stream().map(User.Id::toString).sorted().limit(SKIPPED_NAMED).toList())));
        }
    }

    private static Members.Edit ids(SetEffect users) {
        return new Members.Edit(users.clears(), ids(users.added()), ids(users.removed()));
    }

    private static Set<User.Id> ids(Collection<String> sent) {
        return sent.stream().flatMap(id -> Id.parse(id).stream()).map(User.Id::new).collect(Collectors.toSet());
    }

    /// Deletes a group. Its members stay users.
    ///
    /// @throws Refused with Unfit for a managed role; with LastAdministrator
    void delete(WriteTx tx, ProvisionedGroup group) {
        roles.delete(tx, group.role().id().toString());
    }

    private static Refused bad(ScimType type, String detail) {
        return new Refused(new BadScim(type, detail));
    }
}
