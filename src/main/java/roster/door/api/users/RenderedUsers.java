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
import roster.core.directory.DirectoryCache;
import roster.core.index.PackedUser;
import roster.door.api.shared.RoleResources;
import roster.door.api.shared.UserResources;
import roster.model.Role;

/// Parts of answers about users, as JSON that was made before: most of what a read costs is to make it.
///
/// Nothing here can be out of date, because nothing is found by the name of what may change. A user's part is found by the
/// very array he is packed in, which is never changed, and used if his roles are those it was made with; roles and
/// permissions by a number that is another one after every change to a role. What nobody asks for any more is forgotten
/// as room is needed.
final class RenderedUsers {
    private static final int INCLUDED_BYTES = 300;

    /// Of all bytes, this part is for roles and permissions.
    private static final int INCLUDED_PART = 8;

    private final RoleResources roleResources;
    private final UserTags tags;
    private final UserJsonCache users;
    private final Cache<Held, Optional<byte[]>> included;

    /// @param bytesMax what all of them may take, about
    RenderedUsers(RoleResources roleResources, UserTags tags, long bytesMax) {
        this.roleResources = roleResources;
        this.tags = tags;
        this.users = new UserJsonCache(bytesMax - bytesMax / INCLUDED_PART);
        this.included = Caffeine.newBuilder().executor(Runnable::run).maximumWeight(bytesMax / INCLUDED_PART)
            .<Held, Optional<byte[]>>weigher((held, json) -> json.map(some -> some.length).orElse(0) + INCLUDED_BYTES)
            .build();
    }

    private record Held(long rolesNumber, Set<Role.Id> ids) {}

    /// A user as GetUser shows him: his tags, and his JSON in pieces.
    record Alone(List<String> tags, List<byte[]> json) {}

    Alone alone(DirectoryCache.View view, PackedUser user) {
        var fragment = users.of(user);
        var number = view.rolesNumber();
        var tagged = fragment.tagged;
        if (number == DirectoryCache.NOT_REMEMBERED || tagged.rolesNumber() != number) {
            tagged = new UserJsonCache.Tagged(number, tags.of(user.user(), view.roles(user.roles())));
            fragment.tagged = tagged;
        }
        return new Alone(tagged.tags(), UserResources.alone(fragment.json));
    }

    /// Users as lists show them: the JSON of each.
    List<byte[]> listed(List<PackedUser> some) {
        var listed = new ArrayList<byte[]>(some.size());
        some.forEach(user -> listed.add(users.of(user).json));
        return listed;
    }

    /// The distinct roles of these users, then the distinct permissions of those roles: an array of JSON. Nothing if there
    /// are none.
    Optional<byte[]> included(DirectoryCache.View view, List<PackedUser> some) {
        // Many have the very same few sets of roles.
        Set<List<Role.Id>> sets = Collections.newSetFromMap(new IdentityHashMap<>());
        some.forEach(user -> sets.add(user.roles()));
        var ids = new HashSet<Role.Id>();
        sets.forEach(ids::addAll);
        var number = view.rolesNumber();
        return number == DirectoryCache.NOT_REMEMBERED ? rendered(view, ids)
            : included.get(new Held(number, ids), held -> rendered(view, held.ids()));
    }

    private Optional<byte[]> rendered(DirectoryCache.View view, Collection<Role.Id> ids) {
        var resources = roleResources.included(view.roles(ids));
        return resources.isEmpty() ? Optional.empty() : Optional.of(Json.bytes(resources));
    }
}
