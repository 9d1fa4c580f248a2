package roster.core.founding;

import java.util.Optional;
import roster.base.db.WriteTx;
import roster.core.founding.Founding.Founded;
import roster.core.founding.Founding.Wishes;
import roster.core.org.ChildOrgs;
import roster.core.user.Users;
import roster.model.Caller;
import roster.model.Org;

/// Creates an organisation for another one, whose caller becomes its first administrator: for products that make one for
/// each of their customers. Nothing of the parent is given to it.
public final class ChildFounding {
    private final ChildOrgs children;
    private final Founding founding;
    private final Users users;

    public ChildFounding(ChildOrgs children, Founding founding, Users users) {
        this.children = children;
        this.founding = founding;
        this.users = users;
    }

    /// Creates the organisation within a write of its parent: both are committed, or neither.
    ///
    /// @throws roster.model.Refused as [ChildOrgs#admit] does
    public Founded found(WriteTx parent, String name) {
        children.admit(parent, name);
        var caller = users.find(parent, parent.org(), parent.caller().user().orElseThrow()).orElseThrow();
        var proved = users.provedAddress(parent, caller).isPresent();
        var wishes = new Wishes(name, caller.email(), Optional.empty(), Optional.empty());
        return parent.createOrg(Caller.founder(new Org.Id(parent.newId()), parent.caller()), child -> {
            var founded = founding.found(child, wishes, caller.name(), proved);
            children.adopt(parent, child, founded.org());
            return founded;
        });
    }
}
