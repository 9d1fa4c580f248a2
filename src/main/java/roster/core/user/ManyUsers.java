package roster.core.user;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
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

/// Changes many users in one write, by the rules of [Users] and [Members], and with a constant number of statements, unless the
/// last administrator is among them. A refusal of one stops no other.
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
        var refused = new HashMap<User.Id, Problem>();
        var powerful = administrators.makingThem(tx, tx.org(), rolesOf(enabled));
        var some = editable(tx, enabled, refused).stream()
            .collect(Collectors.partitioningBy(user -> user.roles().stream().anyMatch(powerful::contains)));
        change(tx, some.get(false), true);
        keepingOne(tx, some.get(true), refused, administratorsOfThem -> change(tx, administratorsOfThem, true));
        return refused;
    }

    /// Enables users again.
    ///
    /// @param disabled as for [#disable]
    /// @return who was not, and why
    public Map<User.Id, Problem> enable(WriteTx tx, List<User> disabled) {
        var refused = new HashMap<User.Id, Problem>();
        change(tx, editable(tx, disabled, refused), false);
        return refused;
    }

    private static List<User> editable(WriteTx tx, List<User> all, Map<User.Id, Problem> refused) {
        var editable = new ArrayList<User>();
        for (var user : all) {
            try {
                Editing.mustBeAllowed(tx.caller(), user);
                editable.add(user);
            } catch (Refused e) {
                refused.put(user.id(), e.problem());
            }
        }
        return editable;
    }

    private void change(WriteTx tx, List<User> all, boolean disabled) {
        if (all.isEmpty()) {
            return;
        }
        tx.later(
            "UPDATE users SET disabled = ?, modified_at = ?, version = ? WHERE org_id = ? AND id = ANY (?::uuid[])",
            disabled, tx.now(), tx.version(), tx.org(), all.stream().map(User::id).toList());
        var change = new Change(Map.of("disabled", !disabled), Map.of("disabled", disabled));
        var ended = disabled ? users.cutOff(tx, all, change) : Map.<User.Id, Change>of();
        if (!disabled) {
            users.enabled(tx, all);
        }
        audit.recordAll(tx, disabled ? "user.disabled" : "user.enabled",
            all.stream().map(user -> new SubjectChange(Users.subject(user), ended.getOrDefault(user.id(), change)))
                .toList());
    }

    /// Makes a change to users by whom the organisation may have its administrators: to all of them at once if an
    /// administrator is left then. Otherwise to one half after the other in the same way, so that it ends as if one after the
    /// other had been changed.
    private void keepingOne(WriteTx tx, List<User> some, Map<User.Id, Problem> refused, Consumer<List<User>> change) {
        if (some.isEmpty()) {
            return;
        }
        try {
            tx.attempt(() -> administrators.keeping(tx, () -> {
                change.accept(some);
                return some;
            }));
        } catch (Refused e) {
            if (!(e.problem() instanceof Problem.LastAdministrator)) {
                throw e;
            }
            if (some.size() == 1) {
                refused.put(some.getFirst().id(), e.problem());
            } else {
                keepingOne(tx, some.subList(0, some.size() / 2), refused, change);
                keepingOne(tx, some.subList(some.size() / 2, some.size()), refused, change);
            }
        }
    }

    private static Set<Role.Id> rolesOf(Collection<User> all) {
        return all.stream().flatMap(user -> user.roles().stream()).collect(Collectors.toSet());
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
            keepingOne(tx, having, refused, some -> members.removeAll(tx, role, some));
        }
        return refused;
    }
}
