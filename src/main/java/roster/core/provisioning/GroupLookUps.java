package roster.core.provisioning;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import roster.base.db.Database;
import roster.base.db.OrgVersions.State;
import roster.base.scim.Filter;
import roster.base.scim.SortOrder;
import roster.core.directory.OrgStates;
import roster.model.Caller;
import roster.model.Org;
import roster.model.Role;
import roster.model.Text;

/// Finds groups by their names, as directories do before each push. What was found is kept in the memory of this node, and is
/// good at just the state of the organisation that it was found at: all that is shown of a group but its members is.
public final class GroupLookUps {
    /// What a name and a group take in memory, in bytes, besides their texts; and for each character of these, and each
    /// permission of the group.
    private static final int NAME_BYTES = 300;
    private static final int GROUP_BYTES = 600;
    private static final int BYTES_PER_CHARACTER = 2;
    private static final int PERMISSION_BYTES = 150;

    private final Database db;
    private final ProvisionedGroups groups;
    private final Cache<Key, Known> known;

    /// @param bytesMax for the groups of all organisations together
    GroupLookUps(Database db, ProvisionedGroups groups, long bytesMax) {
        this.db = db;
        this.groups = groups;
        this.known = Caffeine.newBuilder().executor(Runnable::run).maximumWeight(bytesMax)
            .weigher((Key key, Known found) -> found.bytes(key)).build();
    }

    /// @param name folded: the same groups have a name in any case
    private record Key(Org.Id org, String name) {}

    private record Known(State state, List<ProvisionedGroup> groups) {
        int bytes(Key key) {
            return NAME_BYTES + BYTES_PER_CHARACTER * key.name().length()
                + groups.stream().mapToInt(group -> bytes(group.role())).sum();
        }

        /// As if nothing were shared: what is found anew shares nothing with what was found before.
        private static int bytes(Role role) {
            var texts = Stream.of(Stream.of(role.name()), role.externalId().stream(), role.createdBy().stream(),
                role.modifiedBy().stream(), role.receivesPermissionsFrom().stream()).flatMap(some -> some);
            return GROUP_BYTES + BYTES_PER_CHARACTER * texts.mapToInt(String::length).sum()
                + PERMISSION_BYTES * role.permissions().size();
        }
    }

    /// A part of those that match, as of a state no older than the caller's request.
    ///
    /// @param order none: the oldest first
    /// @return none if the filter names no name, or asks about members
    public Optional<GroupSearch.Found> find(Caller caller, Filter filter, Optional<SortOrder> order, ListPart part,
        GroupSearch.Shown shown) {
        return GroupSearch.name(filter).map(name -> GroupSearch.among(named(caller, name), filter, order, part, shown));
    }

    private List<ProvisionedGroup> named(Caller caller, String name) {
        var state = new State(caller.version(), caller.stamp());
        var key = new Key(caller.org(), Text.folded(name));
        var there = known.getIfPresent(key);
        if (there != null && there.state().equals(state)) {
            return there.groups();
        }
        var read = db.read(tx -> {
            var now = OrgStates.later(tx, caller.org());
            var found = groups.withName(tx, caller.org(), name);
            return new Known(now.get().orElseThrow(), found);
        });
        if (key.name().length() <= Role.NAME_MAX) { // a filter may name what no group can be called
            known.put(key, read);
        }
        return read.groups();
    }
}
