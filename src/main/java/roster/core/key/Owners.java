package roster.core.key;

import java.util.Collection;
import java.util.List;
import roster.base.db.Tx;
import roster.base.jsonapi.Resource;
import roster.model.Org;
import roster.model.User;

/// Those to whom keys belong: the room that knows them comes further on.
public interface Owners {
    /// These users, as they are shown beside their keys; what is no user of the organisation is skipped.
    List<Resource> resources(Tx tx, Org.Id org, Collection<User.Id> ids);

    /// @param id as it was sent
    /// @throws roster.model.Refused with NotFound, naming the id, if it is not that of a service account of the organisation
    User serviceAccount(Tx tx, Org.Id org, String id);
}
