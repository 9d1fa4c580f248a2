package roster.door.api.signin;

import static roster.model.Permission.USER_ACCESS_MANAGE;

import roster.base.db.Database;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.base.jsonapi.Document;
import roster.base.jsonapi.PageParameters;
import roster.base.jsonapi.Resource;
import roster.core.identity.Identities;
import roster.core.identity.Identities.Identity;
import roster.core.user.Users;
import roster.model.Problem.NotFound;
import roster.model.Refused;
import roster.model.User;

/// `/api/v2/roster/users/{user_id}/identities`: by which identities at providers a user signs in.
final class IdentityApi {
    private static final String PATH = "/api/v2/roster/users/{user_id}/identities";
    private static final int PAGE_MAX = 100;

    private final Database db;
    private final Identities identities;
    private final Users users;

    IdentityApi(Database db, Identities identities, Users users) {
        this.db = db;
        this.identities = identities;
        this.users = users;
    }

    void addTo(Routes routes) {
        routes.get(PATH, USER_ACCESS_MANAGE, this::list);
        routes.get(PATH + "/{identity_id}", USER_ACCESS_MANAGE, this::read);
        routes.fresh().delete(PATH + "/{identity_id}", USER_ACCESS_MANAGE, this::unlink);
    }

    private User user(Request request) {
        return db.read(tx -> users.named(tx, request.caller().org(), request.pathText("user_id")));
    }

    private Response list(Request request) {
        var paging = PageParameters.paging(request.query(), PAGE_MAX);
        var user = user(request);
        var all = db.read(tx -> identities.of(tx, user.org(), user.id()));
        return Document.of(all.stream().skip(paging.number() * paging.size()).limit(paging.size())
            .map(IdentityApi::resource).toList()).count("total_count", all.size())
            .count("total_filtered_count", all.size()).answer(200);
    }

    private Response read(Request request) {
        var id = request.pathText("identity_id");
        var user = user(request);
        return db.read(tx -> identities.of(tx, user.org(), user.id())).stream()
            .filter(one -> one.id().toString().equalsIgnoreCase(id)).findFirst()
            .map(one -> Document.of(resource(one)).answer(200))
            .orElseThrow(() -> new Refused(new NotFound(id + " not found")));
    }

    private Response unlink(Request request) {
        db.write(request.caller(), tx -> {
            identities.unlink(tx, users.named(tx, tx.org(), request.pathText("user_id")),
                request.pathText("identity_id"));
            return null;
        });
        return Response.noContent();
    }

    private static Resource resource(Identity one) {
        return new Resource("roster_identities", one.id()).with("provider_id", one.provider())
            .with("issuer", one.issuer()).with("subject", one.subject()).with("how", one.how())
            .with("linked_at", one.linkedAt()).with("last_used_at", one.lastUsedAt());
    }
}
