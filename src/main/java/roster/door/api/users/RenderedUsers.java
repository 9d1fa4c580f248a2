package roster.door.api.users;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import roster.base.json.Json;
import roster.core.directory.DirectoryView;
import roster.core.index.PackedUser;
import roster.door.api.shared.RoleResources;
import roster.door.api.shared.UserResources;
import roster.model.Role;

/// A cache of JSON that answers about users are made of: making it is most of what a read costs.
///
/// Nothing in it can be out of date, as no key outlives a change. A user's JSON is found by the array that the user is
/// packed in, which is never modified, and is used only with the roles that it was made with. Roles and permissions are
/// found by a number that changes with every change to a role. Entries that are no longer asked for are evicted when memory
/// is needed.
final class RenderedUsers {
    /// The approximate size of an entry of roles and permissions besides its JSON, in bytes.
    private static final int INCLUDED_BYTES = 300;

    /// Roles and permissions take one in so many bytes of the cache.
    private static final int INCLUDED_PART = 8;

    private final RoleResources roleResources;
    private final UserTags tags;
    private final UserJsonCache users;
    private final Cache<RoleSet, Optional<byte[]>> included;

    /// @param bytesMax the approximate limit of the whole cache, in bytes
    RenderedUsers(RoleResources roleResources, UserTags tags, long bytesMax) {
        this.roleResources = roleResources;
        this.tags = tags;
        this.users = new UserJsonCache(bytesMax - bytesMax / INCLUDED_PART);
        this.included = Caffeine.newBuilder().executor(Runnable::run).maximumWeight(bytesMax / INCLUDED_PART)
            .<RoleSet,
                Optional<byte[]>>weigher((roleSet, json) -> json.map(some -> some.length).orElse(0) + INCLUDED_BYTES)
            .build();
    }

    /// @param rolesNumber as in [DirectoryView#rolesNumber]
    private record RoleSet(long rolesNumber, Set<Role.Id> ids) {}

    /// A user as in the answer of GetUser: the tags, and the JSON in pieces.
    record Alone(List<String> tags, List<byte[]> json) {}

    Alone alone(DirectoryView view, PackedUser user) {
        var entry = users.of(user);
        var number = view.rolesNumber();
        var tagged = entry.tagged;
        if (number == DirectoryView.UNNUMBERED || tagged.rolesNumber() != number) {
            tagged = new UserJsonCache.Tagged(number, tags.of(user.user(), view.roles(user.roles())));
            entry.tagged = tagged;
        }
        return new Alone(tagged.tags(), UserResources.alone(entry.json));
    }

    /// Users as in the answers of lists: the JSON of each.
    List<byte[]> listed(List<PackedUser> some) {
        var listed = new ArrayList<byte[]>(some.size());
        some.forEach(user -> listed.add(users.of(user).json));
        return listed;
    }

    /// The distinct roles of users, then the distinct permissions of those roles, as a JSON array.
    ///
    /// @return nothing if there are none
    @SuppressWarnings("ReferenceEquality") // as in the set
    Optional<byte[]> included(DirectoryView view, List<PackedUser> some) {
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

    private Optional<byte[]> rendered(DirectoryView view, Collection<Role.Id> ids) {
        var resources = roleResources.included(view.roles(ids));
        return resources.isEmpty() ? Optional.empty() : Optional.of(Json.bytes(resources));
    }
}
