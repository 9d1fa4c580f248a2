package roster.core.user;

import java.util.Collection;
import java.util.List;
import roster.base.db.Tx;
import roster.base.jsonapi.Resource;
import roster.core.key.Owners;
import roster.model.Org;
import roster.model.User;

/// Users as those to whom keys belong.
public final class KeyOwners implements Owners {
    private final Users users;

    public KeyOwners(Users users) {
        this.users = users;
    }

    @Override
    public List<Resource> resources(Tx tx, Org.Id org, Collection<User.Id> ids) {
        return users.all(tx, org, ids).stream().map(UserResources::resource).toList();
    }

    @Override
    public User serviceAccount(Tx tx, Org.Id org, String id) {
        return users.serviceAccount(tx, org, id);
    }
}
