package roster.core.event;

import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import roster.base.db.Tx;
import roster.model.Org;

/// Things of a kind as they are now.
@FunctionalInterface
interface CurrentFacts {
    /// @return by id, in the words of the trail and what else the API shows of them; without those that are not there any more
    Map<UUID, Map<String, Object>> of(Tx tx, Org.Id org, Collection<UUID> ids);
}
