package roster.core.user;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import roster.base.db.Insert;
import roster.base.db.Row;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.core.access.Grants;
import roster.core.audit.AuditLog;
import roster.core.audit.Change;
import roster.core.role.Administrators;
import roster.core.role.Roles;
import roster.model.Org;
import roster.model.Problem.LastAdministrator;
import roster.model.Refused;
import roster.model.Role;
import roster.model.User;

/// Which users have which roles: the rules, and the SQL of the `role_members` table.
public final class Members {
    private record Membership(User.Id user, Role.Id role) {}

    private static final Insert<Membership> INSERT = Insert.of("""
        INSERT INTO role_members (org_id, user_id, role_id, added_by, version) VALUES (?, ?, ?, ?, ?)
        """, (tx, member) -> List.of(tx.org(), member.user(), member.role(), tx.caller().user(), tx.version()));

    private static final int TOUCHED_AT_ONCE = 10_000;

    /// Of a list of users, PostgreSQL does not know how long it is. Where most roles or organisations are small, it looks through
    /// all members of the role, or all users of the organisation. So few are named one by one.
    private static final int ONE_BY_ONE = 8;

    /// So many rows are worth new plans, those of foreign keys included.
    private static final int MANY = 1000;

    private static final String MAPPING = "mapping";

    private final AuditLog audit;
    private final Roles roles;
    private final Grants grants;
    private final Administrators administrators;

    public Members(AuditLog audit, Roles roles, Grants grants, Administrators administrators) {
        this.audit = audit;
        this.roles = roles;
        this.grants = grants;
        this.administrators = administrators;
    }

    /// Gives a user a role. No-op if they have it already. One that came by a mapping stays from then on, whatever is said of them.
    ///
    /// @throws roster.model.Refused as [Grants#mustBeGivable] does
    public void add(WriteTx tx, Role role, User user) {
        grants.mustBeGivable(tx, role);
        var mapped = tx.update("""
            UPDATE role_members SET source = 'hand', added_by = ?, version = ?
             WHERE org_id = ? AND user_id = ? AND role_id = ? AND source = 'mapping'
            """, tx.caller().user(), tx.version(), tx.org(), user.id(), role.id()) > 0;
        if (mapped || !user.roles().contains(role.id())) {
            if (!mapped) {
                insert(tx, role.id(), user.id());
            }
            touch(tx, user);
            audit.record(tx, "role.member_added", Roles.subject(role).about(user.id()),
                new Change(Map.of(), facts(user)));
        }
    }

    /// @throws Refused as [Grants#mustBeGivable] does
    void mustBeGivable(WriteTx tx, Role role) {
        grants.mustBeGivable(tx, role);
    }

    /// Gives users a role, as [#add] does to each.
    ///
    /// @param users at most a few thousand, each once
    /// @return who was changed
    Set<User.Id> addAll(WriteTx tx, Role role, List<User> users) {
        grants.mustBeGivable(tx, role);
        var mapped = Set.copyOf(tx.query("""
            UPDATE role_members SET source = 'hand', added_by = ?, version = ?
             WHERE org_id = ? AND user_id = ANY (?::uuid[]) AND role_id = ? AND source = 'mapping'
            RETURNING user_id
            """, tx.caller().user(), tx.version(), tx.org(), users.stream().map(User::id).toList(), role.id())
            .list(row -> new User.Id(row.uuid("user_id"))));
        var without = users.stream().filter(user -> !user.roles().contains(role.id())).toList();
        var changed = users.stream().filter(user -> mapped.contains(user.id()) || !user.roles().contains(role.id()))
            .toList();
        tx.insertAll(INSERT, without.stream().map(user -> new Membership(user.id(), role.id())).toList());
        touchAll(tx, changed);
        audit.recordAll(tx, "role.member_added", changed.stream().map(user -> new AuditLog.SubjectChange(
            Roles.subject(role).about(user.id()), new Change(Map.of(), facts(user)))).toList());
        return changed.stream().map(User::id).collect(Collectors.toSet());
    }

    /// Removes users from a role that no administrator is one by.
    ///
    /// @param users who have it; at most a few thousand
    void removeAll(WriteTx tx, Role role, List<User> users) {
        var ids = users.stream().map(user -> user.id().value()).toList();
        tx.update("DELETE FROM role_members WHERE org_id = ? AND user_id = ANY (?::uuid[]) AND role_id = ?", tx.org(),
            ids,
            role.id());
        tx.gone("role_member", ids);
        touchAll(tx, users);
        audit.recordAll(tx, "role.member_removed", users.stream().map(user -> new AuditLog.SubjectChange(
            Roles.subject(role).about(user.id()), new Change(facts(user), Map.of()))).toList());
    }

    private static void touchAll(WriteTx tx, List<User> users) {
        touch(tx, users.stream().map(User::id).toList());
    }

    /// In statements of so many, as the time of each has a limit.
    private static void touch(WriteTx tx, List<User.Id> users) {
        if (users.size() <= ONE_BY_ONE) {
            users.forEach(user -> touch(tx, user));
            return;
        }
        for (int i = 0; i < users.size(); i += TOUCHED_AT_ONCE) {
            tx.later("UPDATE users SET version = ? WHERE org_id = ? AND id = ANY (?::uuid[])", tx.version(), tx.org(),
                users.subList(i, Math.min(users.size(), i + TOUCHED_AT_ONCE)));
        }
    }

    /// What becomes of the members of a role.
    ///
    /// @param clears whether all go who are not added
    /// @param added,removed none is in both; ids that are no users are skipped
    public record Edit(boolean clears, Set<User.Id> added, Set<User.Id> removed) {
        public boolean isNothing() {
            return !clears && added.isEmpty() && removed.isEmpty();
        }

        /// Whether so many users are changed, or may be, that plans from when the tables were small would not do.
        private boolean isLarge() {
            return clears || added.size() + removed.size() >= MANY;
        }
    }

    /// A user whose membership came or went.
    private record Moved(User.Id user, String handle) {}

    /// A user who may become a member.
    ///
    /// @param source of their membership, if they are one already
    private record Candidate(Moved user, Optional<String> source) {}

    /// Changes the members of a role as a set: as many statements for 10,000 users as for one, and none reads those who stay.
    /// Each user who comes or goes has an audit entry, and each who comes is given the role as [#add] does. Whether an
    /// administrator is left is asked once, of all together.
    ///
    /// @param whom an SQL condition on `u`, a row of `users`, without values: others are neither added nor removed
    /// @return those of [Edit#added] who have the role now
    /// @throws Refused as [Grants#mustBeGivable] does if users are added; with LastAdministrator
    public Set<User.Id> change(WriteTx tx, Role role, Edit edit, String whom) {
        if (edit.isLarge()) {
            tx.planAnew();
        }
        var candidates = candidates(tx, role, edit.added(), whom);
        if (!candidates.isEmpty()) {
            grants.mustBeGivable(tx, role);
        }
        var come = candidates.stream().filter(one -> one.source().isEmpty()).map(Candidate::user).toList();
        var mapped = candidates.stream().filter(one -> one.source().filter(MAPPING::equals).isPresent())
            .map(Candidate::user).toList();
        tx.insertAll(INSERT, come.stream().map(user -> new Membership(user.user(), role.id())).toList());
        if (!mapped.isEmpty()) {
            tx.later("""
                UPDATE role_members SET source = 'hand', added_by = ?, version = ?
                 WHERE org_id = ? AND user_id = ANY (?::uuid[]) AND role_id = ?
                """, tx.caller().user(), tx.version(), tx.org(), mapped.stream().map(Moved::user).toList(), role.id());
        }
        var gone = edit.clears() || !edit.removed().isEmpty()
            ? administrators.keeping(tx, role, () -> removed(tx, role, edit, whom)) : List.<Moved>of();
        if (!gone.isEmpty()) {
            tx.gone("role_member", gone.stream().map(user -> user.user().value()).toList());
        }
        var given = Stream.concat(come.stream(), mapped.stream()).toList();
        touch(tx, Stream.concat(given.stream(), gone.stream()).map(Moved::user).toList());
        audit.recordAll(tx, "role.member_removed", gone.stream().map(user -> new AuditLog.SubjectChange(
            Roles.subject(role).about(user.user()), new Change(facts(user), Map.of()))).toList());
        audit.recordAll(tx, "role.member_added", given.stream().map(user -> new AuditLog.SubjectChange(
            Roles.subject(role).about(user.user()), new Change(Map.of(), facts(user)))).toList());
        return candidates.stream().map(one -> one.user().user()).collect(Collectors.toSet());
    }

    /// Whether [#change] may change something, or skip users. Said of each large edit, which is not looked at.
    public boolean mayChange(Tx tx, Role role, Edit edit, String whom) {
        if (edit.added().size() + edit.removed().size() >= MANY) {
            return true;
        }
        var candidates = candidates(tx, role, edit.added(), whom);
        return candidates.size() < edit.added().size()
            || candidates.stream().anyMatch(one -> one.source().filter(source -> !source.equals(MAPPING)).isEmpty())
            || (edit.clears() || !edit.removed().isEmpty()) && !leaving(tx, role, edit, whom, 1).isEmpty();
    }

    private static List<Candidate> candidates(Tx tx, Role role, Set<User.Id> users, String whom) {
        return users.isEmpty() ? List.of() : tx.query("""
            SELECT u.id, u.handle, m.source
              FROM unnest(?::uuid[]) AS named (id)
             CROSS JOIN LATERAL (SELECT u.id, u.handle FROM users u
                                  WHERE u.org_id = ? AND u.id = named.id AND\s""" + whom + """
                                 OFFSET 0) u
              LEFT JOIN LATERAL (SELECT source FROM role_members
                                  WHERE org_id = ? AND role_id = ? AND user_id = u.id OFFSET 0) m ON true
             ORDER BY u.id
            """, List.copyOf(users), role.org(), role.org(), role.id())
            .list(row -> new Candidate(moved(row), row.optionalText("source")));
    }

    private static List<Moved> removed(WriteTx tx, Role role, Edit edit, String whom) {
        var gone = leaving(tx, role, edit, whom, Integer.MAX_VALUE);
        if (gone.size() <= ONE_BY_ONE) {
            gone.forEach(one -> tx.later("DELETE FROM role_members WHERE org_id = ? AND user_id = ? AND role_id = ?",
                role.org(), one.user(), role.id()));
            return gone;
        }
        for (int i = 0; i < gone.size(); i += TOUCHED_AT_ONCE) {
            tx.later("DELETE FROM role_members WHERE org_id = ? AND role_id = ? AND user_id = ANY (?::uuid[])",
                role.org(),
                role.id(),
                gone.subList(i, Math.min(gone.size(), i + TOUCHED_AT_ONCE)).stream().map(Moved::user).toList());
        }
        return gone;
    }

    /// The members whom an edit removes. OFFSET 0 keeps PostgreSQL to this order: of tables that were filled a moment ago it
    /// knows nothing, and may read all users for each of these. For the same reason EXCEPT, and not a condition on each member:
    /// it might look through all who stay for each of these.
    private static List<Moved> leaving(Tx tx, Role role, Edit edit, String whom, int most) {
        var those = List.copyOf(edit.clears() ? edit.added() : edit.removed());
        var from = edit.clears() ? """
            (SELECT user_id FROM role_members WHERE org_id = ? AND role_id = ?
             EXCEPT SELECT id FROM unnest(?::uuid[]) AS kept (id) OFFSET 0) m""" : """
            (SELECT m.user_id FROM (VALUES (?::uuid, ?::uuid)) AS in_role (org_id, role_id)
              CROSS JOIN unnest(?::uuid[]) AS named (id)
              CROSS JOIN LATERAL (SELECT user_id FROM role_members
                                   WHERE org_id = in_role.org_id AND role_id = in_role.role_id
                                     AND user_id = named.id OFFSET 0) m OFFSET 0) m""";
        return tx.query("SELECT u.id, u.handle FROM " + from + """

             CROSS JOIN LATERAL (SELECT u.id, u.handle FROM users u
                                  WHERE u.org_id = ? AND u.id = m.user_id AND\s""" + whom + """
                                 OFFSET 0) u
             LIMIT ?
            """, role.org(), role.id(), those, role.org(), most).list(Members::moved);
    }

    private static Moved moved(Row row) {
        return new Moved(new User.Id(row.uuid("id")), row.text("handle"));
    }

    private static Map<String, Object> facts(Moved user) {
        return Map.of("user", user.user().toString(), "handle", user.handle());
    }

    /// Gives a user a role by what their provider says of them. Whether it may be given was looked at. No-op if they have it.
    public void addMapped(WriteTx tx, Role role, User user) {
        if (!user.roles().contains(role.id())) {
            insert(tx, role.id(), user.id());
            tx.update("UPDATE role_members SET source = 'mapping' WHERE org_id = ? AND user_id = ? AND role_id = ?",
                tx.org(), user.id(), role.id());
            touch(tx, user);
            audit.record(tx, "role.member_added", Roles.subject(role).about(user.id()),
                new Change(Map.of(), facts(user)));
        }
    }

    /// The roles that a user has by mappings.
    public Supplier<List<Role.Id>> mappedLater(Tx tx, Org.Id org, User.Id user) {
        return tx.later(row -> new Role.Id(row.uuid("role_id")), """
            SELECT role_id FROM role_members WHERE org_id = ? AND user_id = ? AND source = 'mapping' ORDER BY role_id
            """, org, user);
    }

    /// Removes a user from a role that mappings no longer give, unless no administrator would be left.
    ///
    /// @return false if the role stays for that
    public boolean removeUnlessLast(WriteTx tx, Role role, User user) {
        var kept = tx.query("""
            SELECT added_by, source FROM role_members WHERE org_id = ? AND user_id = ? AND role_id = ?
            """, tx.org(), user.id(), role.id())
            .optional(row -> new Kept(row.optionalUuid("added_by"), row.text("source")));
        try {
            remove(tx, role, user);
            return true;
        } catch (Refused e) {
            if (!(e.problem() instanceof LastAdministrator)) {
                throw e;
            }
            kept.ifPresent(row -> tx.update("""
                INSERT INTO role_members (org_id, user_id, role_id, added_by, source, version) VALUES (?, ?, ?, ?, ?, ?)
                """, tx.org(), user.id(), role.id(), row.addedBy(), row.source(), tx.version()));
            return false;
        }
    }

    private record Kept(Optional<UUID> addedBy, String source) {}

    /// Removes a user from a role. No-op if they do not have it.
    ///
    /// @throws Refused with LastAdministrator
    public void remove(WriteTx tx, Role role, User user) {
        if (user.roles().contains(role.id())) {
            administrators.keeping(tx, role, () -> tx.update(
                "DELETE FROM role_members WHERE org_id = ? AND user_id = ? AND role_id = ?",
                tx.org(), user.id(), role.id()));
            tx.gone("role_member", user.id());
            touch(tx, user);
            audit.record(tx, "role.member_removed", Roles.subject(role).about(user.id()),
                new Change(facts(user), Map.of()));
        }
    }

    /// Removes a user from the roles that their givers could no longer give. Roles given at the command line stay.
    public void removeUngivable(WriteTx tx, User user) {
        var given = tx.query("""
            SELECT m.role_id, m.added_by, g.id IS NOT NULL AND NOT g.disabled AS giver_enabled
              FROM role_members m LEFT JOIN users g ON g.org_id = m.org_id AND g.id = m.added_by
             WHERE m.org_id = ? AND m.user_id = ? AND m.added_by IS NOT NULL
            """, tx.org(), user.id())
            .list(row -> new Given(new Role.Id(row.uuid("role_id")), new User.Id(row.uuid("added_by")),
                row.bool("giver_enabled")));
        for (var one : given) {
            var role = roles.named(tx, tx.org(), one.role().toString());
            if (!one.giverEnabled() || !grants.couldGive(tx, tx.org(), one.giver(), role)) {
                remove(tx, role, user);
            }
        }
    }

    private record Given(Role.Id role, User.Id giver, boolean giverEnabled) {}

    /// Inserts the row alone; the caller of this method records why.
    void insert(WriteTx tx, Role.Id role, User.Id user) {
        tx.insert(INSERT, new Membership(user, role));
    }

    /// Inserts the rows alone, of new users; the caller of this method records why.
    void insertAll(WriteTx tx, List<User> users) {
        tx.insertAll(INSERT, users.stream()
            .flatMap(user -> user.roles().stream().map(role -> new Membership(user.id(), role))).toList());
    }

    /// Raises the version of the user, as roles are part of what is shown of them: caches must read them again.
    /// `modified_at` stays.
    private static void touch(WriteTx tx, User user) {
        touch(tx, user.id());
    }

    private static void touch(WriteTx tx, User.Id user) {
        tx.later("UPDATE users SET version = ? WHERE org_id = ? AND id = ?", tx.version(), tx.org(), user);
    }

    private static Map<String, Object> facts(User user) {
        return Map.of("user", user.id().toString(), "handle", user.handle());
    }
}
