package roster.key;

import java.util.Collection;
import java.util.List;
import roster.db.Tx;
import roster.jsonapi.Resource;
import roster.model.Org;
import roster.model.User;

/// How users are shown who stand beside their keys.
@FunctionalInterface
public interface Owners {
    /// These users; what is no user of the organisation is skipped.
    List<Resource> resources(Tx tx, Org.Id org, Collection<User.Id> ids);
}
