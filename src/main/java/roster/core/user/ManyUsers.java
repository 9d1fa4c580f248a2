package roster.core.user;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.core.audit.AuditLog;
import roster.core.audit.AuditLog.SubjectChange;
import roster.core.audit.Change;
import roster.core.role.Administrators;
import roster.model.Org;
import roster.model.Problem;
import roster.model.Refused;
import roster.model.Role;
import roster.model.User;

/// Changes many users in one write, by the rules of [Users] and [Members], and with a constant number of statements for all
/// those with whom nothing else ends. A refusal of one stops no other.
public final class ManyUsers {
    private final AuditLog audit;
    private final Users users;
    private final Members members;
    private final Administrators administrators;

    ManyUsers(AuditLog audit, Users users, Members members, Administrators administrators) {
        this.audit = audit;
        this.users = users;
        this.members = members;
        this.administrators = administrators;
    }

    /// Disables users, with all effects of [Users#disable].
    ///
    /// @param enabled as this write has them, each once; at most a few thousand, as the organisation's lock is held meanwhile
    /// @return who was not, and why
    public Map<User.Id, Problem> disable(WriteTx tx, List<User> enabled) {
        return changed(tx, enabled, true, user -> users.disable(tx, user.id().toString()));
    }

    /// Enables users again.
    ///
    /// @param disabled as for [#disable]
    /// @return who was not, and why
    public Map<User.Id, Problem> enable(WriteTx tx, List<User> disabled) {
        return changed(tx, disabled, false, user -> users.enable(tx, user));
    }

    private interface Single {
        void change(User user);
    }

    private Map<User.Id, Problem> changed(WriteTx tx, List<User> all, boolean disabled, Single single) {
        var refused = new HashMap<User.Id, Problem>();
        var concerned = new HashSet<>(users.concerned(tx, all.stream().map(User::id).toList()));
        var powerful = administrators.makingThem(tx, tx.org(), rolesOf(all));
        var plain = new ArrayList<User>();
        for (var user : all) {
            if (concerned.contains(user.id()) || user.roles().stream().anyMatch(powerful::contains)) {
                attempt(tx, user, refused, () -> single.change(user));
            } else {
                attempt(user, refused, () -> {
                    Editing.mustBeAllowed(tx.caller(), user);
                    plain.add(user);
                });
            }
        }
        if (!plain.isEmpty()) {
            tx.update(
                "UPDATE users SET disabled = ?, modified_at = ?, version = ? WHERE org_id = ? AND id = ANY (?::uuid[])",
                disabled, tx.now(), tx.version(), tx.org(), ids(plain));
            var change = new Change(Map.of("disabled", !disabled), Map.of("disabled", disabled));
            audit.recordAll(tx, disabled ? "user.disabled" : "user.enabled",
                plain.stream().map(user -> new SubjectChange(Users.subject(user), change)).toList());
        }
        return refused;
    }

    private static Set<Role.Id> rolesOf(Collection<User> all) {
        return all.stream().flatMap(user -> user.roles().stream()).collect(Collectors.toSet());
    }

    private static List<User.Id> ids(List<User> all) {
        return all.stream().map(User::id).toList();
    }

    private static void attempt(WriteTx tx, User user, Map<User.Id, Problem> refused, Runnable change) {
        attempt(user, refused, () -> tx.attempt(() -> {
            change.run();
            return user;
        }));
    }

    private static void attempt(User user, Map<User.Id, Problem> refused, Runnable change) {
        try {
            change.run();
        } catch (Refused e) {
            if (e.problem() instanceof Problem.Unavailable) {
                throw e;
            }
            refused.put(user.id(), e.problem());
        }
    }

    /// Gives users a role, as [Members#add] does.
    ///
    /// @param all as for [#disable]
    /// @return who was changed: did not have it, or by a mapping only
    /// @throws Refused as [Members#add] does, for all of them
    public Set<User.Id> give(WriteTx tx, Role role, List<User> all) {
        return members.addAll(tx, role, all);
    }

    /// Why the caller cannot give people a role, if they cannot.
    public Optional<Problem> ungivable(WriteTx tx, Role role) {
        try {
            members.mustBeGivable(tx, role);
            return Optional.empty();
        } catch (Refused e) {
            return Optional.of(e.problem());
        }
    }

    /// The humans who have these addresses, as [Users#withAddress] finds them, by the address sought.
    ///
    /// @param addresses folded
    public Map<String, User> withAddresses(Tx tx, Org.Id org, Collection<String> addresses) {
        if (addresses.isEmpty()) {
            return Map.of();
        }
        var sought = List.copyOf(addresses);
        var found = new HashMap<String, User>();
        tx.query("SELECT " + Users.COLUMNS + """
             FROM users u
             WHERE u.org_id = ? AND u.id IN (
                   SELECT id FROM users WHERE org_id = ? AND NOT service_account AND email = ANY (?)
                    UNION ALL
                   SELECT id FROM users WHERE org_id = ? AND NOT service_account AND handle = ANY (?))
            """, org, org, sought, org, sought).list(Users::user).forEach(user -> {
            found.putIfAbsent(user.handle(), user);
            found.put(user.email(), user);
        });
        return found;
    }

    /// Takes a role from users, as [Members#remove] does.
    ///
    /// @param having it, as for [#disable]
    /// @return from whom it was not, and why
    public Map<User.Id, Problem> take(WriteTx tx, Role role, List<User> having) {
        var refused = new HashMap<User.Id, Problem>();
        if (administrators.makingThem(tx, tx.org(), List.of(role.id())).isEmpty()) {
            members.removeAll(tx, role, having);
        } else {
            having.forEach(user -> attempt(tx, user, refused, () -> members.remove(tx, role, user)));
        }
        return refused;
    }
}
