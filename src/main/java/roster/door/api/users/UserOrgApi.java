package roster.door.api.users;

import java.util.ArrayList;
import roster.base.db.Database;
import roster.base.http.Needs;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.base.jsonapi.Document;
import roster.base.jsonapi.Resource;
import roster.core.directory.DirectoryCache;
import roster.core.org.Orgs;
import roster.core.user.AddressOwners;
import roster.core.user.AddressOwners.Elsewhere;
import roster.door.api.shared.OrgResources;
import roster.door.api.shared.UserResources;

/// `/api/v2/users/{user_id}/orgs`: the organisations of the caller.
public final class UserOrgApi {
    private final Database db;
    private final DirectoryCache memory;
    private final Orgs orgs;

    public UserOrgApi(Database db, DirectoryCache memory, Orgs orgs) {
        this.db = db;
        this.memory = memory;
        this.orgs = orgs;
    }

    public void addTo(Routes routes) {
        routes.get("/api/v2/users/{user_id}/orgs", Needs.Simple.KEYS, this::organizations);
    }

    private Response organizations(Request request) {
        var user = memory.read(request.caller(), view -> UserListApi.sought(request, view::find));
        return db.read(tx -> {
            var elsewhere = AddressOwners.elsewhere(tx, request.caller(), user);
            var shown = new ArrayList<Resource>();
            orgs.find(tx, user.org()).map(OrgResources::resource).ifPresent(shown::add);
            elsewhere.forEach(other -> orgs.find(tx, other.org()).map(OrgResources::resource).ifPresent(shown::add));
            return Document.of(UserResources.resource(user)
                .toMany("other_orgs", "orgs", elsewhere.stream().map(Elsewhere::org).toList())
                .toMany("other_users", "users", elsewhere.stream().map(Elsewhere::user).toList()))
                .including(shown);
        }).answer(200);
    }
}
