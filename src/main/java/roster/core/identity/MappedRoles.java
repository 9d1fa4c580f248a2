package roster.core.identity;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.core.access.Grants;
import roster.core.audit.AuditLog;
import roster.core.audit.Change;
import roster.core.identity.AuthnMappings.Giving;
import roster.core.org.OrgConfig;
import roster.core.org.OrgConfigs;
import roster.core.role.Roles;
import roster.core.user.Members;
import roster.core.user.Users;
import roster.model.Org;
import roster.model.Role;
import roster.model.User;

/// The roles that users have because of what their provider says of them, brought up to date at each sign-in by a provider.
///
/// A mapping gives a role only while who changed it last could give it: else roles that it gave stay, and none is added.
public final class MappedRoles {
    private static final String OFF = "off";
    private static final String REPLACE = "replace";

    private final AuditLog audit;
    private final AuthnMappings mappings;
    private final OrgConfigs configs;
    private final Roles roles;
    private final Members members;
    private final Users users;
    private final Grants grants;

    MappedRoles(AuditLog audit, AuthnMappings mappings, OrgConfigs configs, Roles roles, Members members, Users users,
        Grants grants) {
        this.audit = audit;
        this.mappings = mappings;
        this.configs = configs;
        this.roles = roles;
        this.members = members;
        this.users = users;
        this.grants = grants;
    }

    /// The mappings whose claims a user has, asked for with the statement that follows; none if what they have is not known.
    /// The address counts only if the provider may speak of it.
    Supplier<Optional<List<UUID>>> matchingLater(Tx tx, Org.Id org, Claims claims, boolean vouched) {
        if (claims.isIncomplete()) {
            return Optional::empty;
        }
        var all = mappings.givingLater(tx, org);
        return () -> Optional.of(all.get().stream().filter(one -> matches(one, claims, vouched))
            .map(one -> one.id().value()).toList());
    }

    private static boolean matches(Giving mapping, Claims claims, boolean vouched) {
        var key = mapping.attribute().key();
        return key.equals("email")
            ? vouched && claims.address().filter(one -> one.folded().equals(mapping.attribute().value())).isPresent()
            : claims.values(key).contains(mapping.attribute().value());
    }

    /// What decides about the roles of a user.
    ///
    /// @param matched as [#matchingLater] found
    /// @param mapped roles that they have by mappings
    record Course(Optional<List<UUID>> matched, Supplier<OrgConfigs.Standing> setting, Supplier<List<Giving>> giving,
        Supplier<List<Role.Id>> mapped) {
        private String mode() {
            return setting.get().value().toString();
        }

        /// Whether the organisation lets users in only by roles of mappings, and a user has none.
        boolean refuses() {
            return mode().equals(REPLACE) && matched.isPresent()
                && giving.get().stream().noneMatch(one -> matched.get().contains(one.id().value()));
        }
    }

    /// What decides about the roles of a user, asked for with the statement that follows.
    ///
    /// @param matched as [#matchingLater] found
    Course courseLater(WriteTx tx, User.Id user, Optional<List<UUID>> matched) {
        return new Course(matched, configs.findLater(tx, tx.org(), OrgConfig.AUTHN_MAPPINGS),
            mappings.givingLater(tx, tx.org()), members.mappedLater(tx, tx.org(), user));
    }

    /// Gives and takes roles.
    void apply(WriteTx tx, User user, Course course) {
        var mode = course.mode();
        var all = course.giving().get();
        var mapped = course.mapped().get();
        var matched = course.matched();
        if (mode.equals(OFF) || all.isEmpty() && mapped.isEmpty()) {
            return;
        }
        if (matched.isEmpty()) {
            record(tx, "authn_mapping.skipped", user, Map.of("reason", "incomplete"));
            return;
        }
        var wanted = all.stream().filter(one -> matched.get().contains(one.id().value()))
            .collect(Collectors.groupingBy(Giving::role, LinkedHashMap::new, Collectors.toList()));
        var withheld = new ArrayList<String>();
        var added = add(tx, user, wanted, withheld);
        var unwanted = new LinkedHashSet<>(mode.equals(REPLACE) ? user.roles() : mapped);
        unwanted.removeAll(wanted.keySet());
        var removed = remove(tx, user, unwanted, withheld);
        if (!added.isEmpty() || !removed.isEmpty()) {
            record(tx, "authn_mapping.applied", user, Map.of("added", added, "removed", removed));
        }
        if (!withheld.isEmpty()) {
            record(tx, "authn_mapping.withheld", user, Map.of("roles", withheld));
        }
    }

    private List<String> add(WriteTx tx, User user, Map<Role.Id, List<Giving>> wanted, List<String> withheld) {
        var added = new ArrayList<String>();
        wanted.forEach((id, givers) -> {
            var role = roles.find(tx, tx.org(), id).orElseThrow();
            if (user.roles().contains(id)) {
                return;
            }
            if (givers.stream().anyMatch(one -> mayGive(tx, one.changedBy(), role))) {
                members.addMapped(tx, role, users.find(tx, tx.org(), user.id()).orElseThrow());
                added.add(id.toString());
            } else {
                withheld.add(id.toString());
            }
        });
        return added;
    }

    private List<String> remove(WriteTx tx, User user, Set<Role.Id> unwanted, List<String> withheld) {
        var removed = new ArrayList<String>();
        for (var id : unwanted) {
            var gone = members.removeUnlessLast(tx, roles.find(tx, tx.org(), id).orElseThrow(),
                users.find(tx, tx.org(), user.id()).orElseThrow());
            (gone ? removed : withheld).add(id.toString());
        }
        return removed;
    }

    /// Whether a user could give a role now who said earlier that it is to be given.
    ///
    /// @param author none: the operator, who may give all
    boolean mayGive(WriteTx tx, Optional<User.Id> author, Role role) {
        return mayGive(tx, tx.org(), author, role);
    }

    private boolean mayGive(Tx tx, Org.Id org, Optional<User.Id> author, Role role) {
        return author.isEmpty() || users.find(tx, org, author.get()).filter(
            user -> !user.disabled() && user.verified() && grants.couldGive(tx, org, user.id(), role)).isPresent();
    }

    /// Those of some mappings that give nothing now, as who changed them last could not give the role. Another user can confirm
    /// them: [AuthnMappings#confirm].
    public Set<AuthnMappings.MappingId> silent(Tx tx, Org.Id org, Collection<AuthnMappings.Mapping> some) {
        return mappings.giving(tx, org, some.stream().map(AuthnMappings.Mapping::id).toList()).stream()
            .filter(one -> !mayGive(tx, org, one.changedBy(), roles.find(tx, org, one.role()).orElseThrow()))
            .map(Giving::id).collect(Collectors.toSet());
    }

    private void record(WriteTx tx, String action, User user, Map<String, Object> facts) {
        audit.record(tx, action, Users.subject(user), new Change(Map.of(), facts));
    }
}
