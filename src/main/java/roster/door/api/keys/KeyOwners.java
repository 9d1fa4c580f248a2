package roster.door.api.keys;

import java.util.Collection;
import java.util.List;
import roster.base.db.Tx;
import roster.base.jsonapi.Resource;
import roster.core.user.Users;
import roster.door.api.shared.UserResources;
import roster.model.Org;
import roster.model.User;

/// The users to whom keys belong.
public final class KeyOwners {
    private final Users users;

    public KeyOwners(Users users) {
        this.users = users;
    }

    /// These users, as included with keys; ids that are no users of the organisation are skipped.
    public List<Resource> resources(Tx tx, Org.Id org, Collection<User.Id> ids) {
        return users.all(tx, org, ids).stream().map(UserResources::resource).toList();
    }

    /// @param id as it was sent
    /// @throws roster.model.Refused with NotFound, naming the id, if it is not that of a service account of the organisation
    public User serviceAccount(Tx tx, Org.Id org, String id) {
        return users.serviceAccount(tx, org, id);
    }
}
