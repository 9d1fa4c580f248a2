package roster.core.directory;

import java.util.HashMap;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import roster.base.db.OrgVersions;
import roster.base.db.Tx;
import roster.core.index.UserIndex;
import roster.core.role.Roles;
import roster.model.Org;
import roster.model.Role;

/// Reads an [OrgImage] from the database, or what changed since it was read. All that one call reads is of the snapshot
/// of its transaction.
final class OrgLoader {
    /// With more changed users than this, loading is cheaper: it takes users one by one, not as a list.
    private static final int CHANGES_MAX = 50_000;

    /// While loading, room is claimed again after each so many users.
    private static final int CLAIM_EVERY = 1024;

    /// The size in memory, in bytes, of a user with a short name, a short address and no title.
    private static final long USER_BYTES_MIN = 200;

    private final UserLists lists;
    private final Roles roles;
    private final long bytesMax;

    /// @param bytesMax what one organisation may take at most
    OrgLoader(UserLists lists, Roles roles, long bytesMax) {
        this.lists = lists;
        this.roles = roles;
        this.bytesMax = bytesMax;
    }

    /// Reads what changed since a state.
    ///
    /// @return nothing if the organisation must be loaded: its history does not lead on from the state, or too many users
    ///     changed
    Optional<OrgChanges> changes(Tx tx, Org.Id org, OrgVersions.State since) {
        if (!OrgStates.wentOnFrom(tx, org, since)) {
            return Optional.empty();
        }
        var changedUsers = lists.changedSince(tx, org, since.version(), CHANGES_MAX + 1);
        if (changedUsers.size() > CHANGES_MAX) {
            return Optional.empty();
        }
        var changedRoles = roles.changedSince(tx, org, since.version());
        var deletedRoles = tx.query("SELECT id FROM gone WHERE org_id = ? AND version > ? AND kind = 'role'",
            org, since.version()).list(row -> new Role.Id(row.uuid("id")));
        return Optional.of(new OrgChanges(changedUsers, changedRoles, Set.copyOf(deletedRoles), OrgStates.of(tx, org)));
    }

    /// Reads all users and roles.
    ///
    /// @param claim is told how many bytes the image takes in all, first as an estimate, last the size of the image that
    ///     is returned; throws [NoRoom] to stop loading
    /// @throws NoRoom if the organisation takes more than `bytesMax`
    OrgImage load(Tx tx, Org.Id org, LongConsumer claim) {
        var known = new HashMap<Role.Id, Role>();
        roles.changedSince(tx, org, 0).forEach(role -> known.put(role.id(), role));
        var room = new Room(lists.size(tx, org), claim);
        room.claim(UserIndex.EMPTY + OrgImage.bytes(known.values()) + room.expected * USER_BYTES_MIN);
        var users = new UserIndex(org);
        lists.each(tx, org, user -> {
            users.put(user);
            room.grow(users);
        });
        var image = new OrgImage(users, known, OrgStates.of(tx, org), bytesMax);
        room.claim(image.bytes());
        return image;
    }

    /// What an image that is being loaded has claimed so far.
    private final class Room {
        private final long expected;
        private final LongConsumer claim;
        private long claimed;

        /// @param expected number of users
        private Room(long expected, LongConsumer claim) {
            this.expected = expected;
            this.claim = claim;
        }

        private void claim(long bytes) {
            if (bytes > bytesMax) {
                throw NoRoom.forGood();
            }
            claim.accept(bytes);
            claimed = bytes;
        }

        private void grow(UserIndex users) {
            if (users.isFull() || users.bytes() > bytesMax) {
                throw NoRoom.forGood();
            }
            if (users.size() % CLAIM_EVERY == 0 && users.bytes() > claimed) {
                claim(Math.min(bytesMax, users.bytes() * Math.max(expected, users.size()) / users.size()));
            }
        }
    }
}
