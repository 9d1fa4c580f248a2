package roster.door.api.users;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import roster.base.json.Json;
import roster.base.jsonapi.Resource;
import roster.core.directory.DirectoryView;
import roster.core.index.PackedUser;
import roster.door.api.shared.RoleResources;
import roster.door.api.shared.UserResources;
import roster.model.Permission;
import roster.model.Role;

/// A cache of JSON that answers about users are made of: making it is most of what a read costs.
///
/// Nothing in it can be out of date. A user's JSON is kept beside the user in the index, until the user or their roles
/// change. Roles and permissions are found by a number that changes with every change to a role. Both are dropped when memory
/// is needed.
final class RenderedUsers {
    /// The approximate size of an entry of roles and permissions besides its JSON, in bytes.
    private static final int INCLUDED_BYTES = 300;

    /// Roles and permissions take one in so many bytes of the cache.
    private static final int INCLUDED_PART = 8;

    private static final byte[] BEGIN = {'['};
    private static final byte[] COMMA = {','};

    private final RoleResources roleResources;
    private final UserTags tags;
    private final KeptUsers users;
    private final Cache<RoleSet, List<byte[]>> included;
    private final Cache<Object, byte[]> shared; // by a role, or by permissions

    /// @param bytesMax the approximate limit of the whole cache, in bytes
    RenderedUsers(RoleResources roleResources, UserTags tags, long bytesMax) {
        this.roleResources = roleResources;
        this.tags = tags;
        this.users = new KeptUsers(bytesMax - bytesMax / INCLUDED_PART);
        var half = bytesMax / INCLUDED_PART / 2;
        this.included = Caffeine.newBuilder().executor(Runnable::run).maximumWeight(half)
            .<RoleSet, List<byte[]>>weigher((_, pieces) -> size(pieces) + INCLUDED_BYTES).build();
        this.shared = Caffeine.newBuilder().executor(Runnable::run).maximumWeight(half)
            .<Object, byte[]>weigher((_, piece) -> piece.length + INCLUDED_BYTES).build();
    }

    /// As if nothing were shared: an entry keeps its pieces in memory for as long as it is here.
    private static int size(List<byte[]> pieces) {
        return pieces.stream().mapToInt(piece -> piece.length).sum();
    }

    /// @param rolesNumber as in [DirectoryView#rolesNumber]
    private record RoleSet(long rolesNumber, Set<Role.Id> ids) {}

    /// A user as in the answer of GetUser: the tags, and the JSON in pieces.
    record Alone(List<String> tags, List<byte[]> json) {}

    Alone alone(DirectoryView view, PackedUser user) {
        var json = users.json(user);
        var number = view.rolesNumber();
        var known = users.tagged(user, json).filter(tagged -> tagged.rolesNumber() == number);
        var tags = known.map(KeptUsers.Tagged::tags)
            .orElseGet(() -> this.tags.of(user.user(), view.roles(user.roles())));
        if (known.isEmpty() && number != DirectoryView.UNNUMBERED) {
            users.keep(user, new KeptUsers.Tagged(json, number, tags));
        }
        return new Alone(tags, UserResources.alone(json));
    }

    /// Users as in the answers of lists: the JSON of each.
    List<byte[]> listed(List<PackedUser> some) {
        var listed = new ArrayList<byte[]>(some.size());
        some.forEach(user -> listed.add(users.json(user)));
        return listed;
    }

    /// The distinct roles of users, then the distinct permissions of those roles, as a JSON array.
    ///
    /// @return its pieces; none if there are no roles
    @SuppressWarnings("ReferenceEquality") // as in the set
    List<byte[]> included(DirectoryView view, List<PackedUser> some) {
        // Most users share one of a few role lists, which are then the same object.
        Set<List<Role.Id>> sets = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Role.Id> before = null;
        for (var user : some) {
            var roles = user.roles();
            if (roles != before) { // neighbours mostly have the same
                sets.add(roles);
                before = roles;
            }
        }
        var ids = new HashSet<Role.Id>();
        sets.forEach(ids::addAll);
        var number = view.rolesNumber();
        return number == DirectoryView.UNNUMBERED ? rendered(view, ids)
            : included.get(new RoleSet(number, ids), roleSet -> rendered(view, roleSet.ids()));
    }

    /// In pieces that sets of roles share: most of what they take is the permissions of a few roles.
    private List<byte[]> rendered(DirectoryView view, Collection<Role.Id> ids) {
        var roles = view.roles(ids);
        if (roles.isEmpty()) {
            return List.of();
        }
        var made = new ArrayList<byte[]>();
        var permissions = new HashSet<Permission>();
        for (var role : roles) {
            made.add(made.isEmpty() ? BEGIN : COMMA);
            made.add(shared.get(role, _ -> Json.bytes(roleResources.included(role))));
            permissions.addAll(role.permissions());
        }
        made.add(shared.get(permissions, _ -> end(roleResources.included(permissions))));
        return List.copyOf(made);
    }

    /// The end of an array, with more resources.
    private static byte[] end(List<Resource> more) {
        var array = Json.bytes(more);
        if (more.isEmpty()) {
            return Arrays.copyOfRange(array, 1, array.length);
        }
        array[0] = ',';
        return array;
    }
}
