package roster.core.provisioning;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.List;
import java.util.Optional;
import roster.base.db.Database;
import roster.base.db.OrgVersions.State;
import roster.base.scim.Filter;
import roster.base.scim.SortOrder;
import roster.core.directory.OrgStates;
import roster.model.Caller;
import roster.model.Org;
import roster.model.Role;

/// Finds groups by their names, as directories do before each push. What was found is kept in the memory of this node, and is
/// good at just the state of the organisation that it was found at: all that is shown of a group but its members is.
public final class GroupLookUps {
    private static final int NAMES_MAX = 5000;

    private final Database db;
    private final ProvisionedGroups groups;
    private final Cache<Key, Known> known =
        Caffeine.newBuilder().executor(Runnable::run).maximumSize(NAMES_MAX).build();

    GroupLookUps(Database db, ProvisionedGroups groups) {
        this.db = db;
        this.groups = groups;
    }

    private record Key(Org.Id org, String name) {}

    private record Known(State state, List<ProvisionedGroup> groups) {}

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
        var key = new Key(caller.org(), name);
        var there = known.getIfPresent(key);
        if (there != null && there.state().equals(state)) {
            return there.groups();
        }
        var read = db.read(tx -> {
            var now = OrgStates.later(tx, caller.org());
            var found = groups.withName(tx, caller.org(), name);
            return new Known(now.get().orElseThrow(), found);
        });
        if (name.length() <= Role.NAME_MAX) { // a filter may name what no group can be called
            known.put(key, read);
        }
        return read.groups();
    }
}
