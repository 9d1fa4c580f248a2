package roster.core.provisioning;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import roster.base.db.Database;
import roster.base.db.OrgVersions.State;
import roster.core.directory.DirectoryCache;
import roster.core.directory.DirectoryView;
import roster.core.directory.OrgStates;
import roster.core.index.PackedUser;
import roster.core.provisioning.ProvisionedGroup.Member;
import roster.model.Caller;
import roster.model.Email;
import roster.model.Refused;
import roster.model.User;

/// The members of large groups: who they are by one index of the database, and what they are called from the directory in the
/// memory of this node. Reading thousands of users by their keys takes the database several times as long.
public final class KnownMembers {
    /// Of fewer, the database tells the names as fast.
    public static final long LEAST = 500;

    /// With more, the answer is no longer to be made in memory.
    private static final long MOST = 20_000;

    private final Database db;
    private final ProvisionedGroups groups;
    private final DirectoryCache directory;

    KnownMembers(Database db, ProvisionedGroups groups, DirectoryCache directory) {
        this.db = db;
        this.groups = groups;
        this.directory = directory;
    }

    /// @param members whom SCIM shows, by id
    public record Found(ProvisionedGroup group, List<Member> members) {}

    private record Read(State state, ProvisionedGroup group, List<UUID> ids) {}

    /// A group and its members as of one moment, no earlier than the caller's request.
    ///
    /// @param id as it was sent
    /// @return none if the directory is not in memory as of that moment, or there are too many
    /// @throws Refused with NotFound
    public Optional<Found> find(Caller caller, String id) {
        var read = db.read(tx -> {
            var state = OrgStates.later(tx, caller.org());
            var group = groups.named(tx, caller.org(), id);
            return Optional.of(group).filter(one -> one.members() <= MOST)
                .map(one -> new Read(state.get().orElseThrow(), one, groups.memberIds(tx, one)));
        });
        return read.flatMap(one -> named(caller, one));
    }

    private Optional<Found> named(Caller caller, Read read) {
        return directory.readInMemory(caller, view -> Optional.of(view)
            .filter(one -> one.state().equals(read.state())).flatMap(one -> members(one, read.ids())))
            .flatMap(members -> members).map(members -> new Found(read.group(), members));
    }

    private static Optional<List<Member>> members(DirectoryView view, List<UUID> ids) {
        var members = new ArrayList<Member>(ids.size());
        for (var id : ids) {
            var user = view.packed(new User.Id(id));
            if (user.isEmpty()) {
                return Optional.empty();
            }
            user.filter(KnownMembers::isShown).ifPresent(one -> members.add(
                new Member(new User.Id(id), one.name().filter(name -> !name.isEmpty()).orElseGet(one::email))));
        }
        return Optional.of(members);
    }

    private static boolean isShown(PackedUser user) {
        return !user.isServiceAccount() && !Email.isAnonymous(user.email());
    }
}
