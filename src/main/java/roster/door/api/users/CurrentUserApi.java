package roster.door.api.users;

import static roster.model.Permission.USER_SELF_PROFILE_WRITE;

import java.util.ArrayList;
import java.util.List;
import roster.base.db.Database;
import roster.base.db.Tx;
import roster.base.http.Needs;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.base.jsonapi.Document;
import roster.base.jsonapi.RequestDocument;
import roster.base.jsonapi.Resource;
import roster.core.org.Orgs;
import roster.core.role.Roles;
import roster.core.user.Users;
import roster.door.api.shared.OrgResources;
import roster.door.api.shared.RoleResources;
import roster.door.api.shared.UserResources;
import roster.model.Problem.Mismatch;
import roster.model.Problem.NotFound;
import roster.model.Refused;
import roster.model.User;

/// `/api/v2/current_user`: the caller's own user.
public final class CurrentUserApi {
    private static final String PATH = "/api/v2/current_user";

    private final Database db;
    private final Users users;
    private final Roles roles;
    private final Orgs orgs;
    private final RoleResources roleResources;

    public CurrentUserApi(Database db, Users users, Roles roles, Orgs orgs, RoleResources roleResources) {
        this.db = db;
        this.users = users;
        this.roles = roles;
        this.orgs = orgs;
        this.roleResources = roleResources;
    }

    public void addTo(Routes routes) {
        routes.get(PATH, Needs.Simple.KEYS, this::read);
        routes.patch(PATH, USER_SELF_PROFILE_WRITE, this::update);
    }

    private Response read(Request request) {
        return db.read(tx -> shown(tx, users.find(tx, request.caller().org(), self(request))
            .orElseThrow(() -> new Refused(new NotFound("user not found"))))).answer(200);
    }

    private Document shown(Tx tx, User user) {
        var included = new ArrayList<>(roleResources.included(roles.all(tx, user.org(), user.roles())));
        orgs.find(tx, user.org()).map(OrgResources::resource).ifPresent(included::add);
        Resource shown = UserResources.listed(user).toManyIds("team_roles", "team_roles", List.of());
        return Document.of(shown).including(included);
    }

    private static User.Id self(Request request) {
        return request.caller().user().orElseThrow(() -> new Refused(new NotFound("user not found")));
    }

    private Response update(Request request) {
        var sent = RequestDocument.resource(request, "users");
        var sentId = sent.text("id");
        var edit = UserApi.edit(sent.object("attributes"));
        sent.done();
        var id = self(request).toString();
        RequestDocument.mustAgree(sentId, id, Mismatch.IDS);
        return db.write(request.caller(), tx -> shown(tx, users.updateSelf(tx, edit))).answer(200);
    }
}
