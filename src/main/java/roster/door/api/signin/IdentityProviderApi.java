package roster.door.api.signin;

import static roster.model.Permission.ORG_MANAGEMENT;
import static roster.model.Permission.USER_ACCESS_MANAGE;
import static roster.model.Permission.USER_ACCESS_READ;

import java.util.LinkedHashSet;
import roster.base.db.Database;
import roster.base.http.Query;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.base.jsonapi.Document;
import roster.base.jsonapi.PageParameters;
import roster.base.jsonapi.RequestDocument;
import roster.base.jsonapi.Resource;
import roster.core.directory.UserLists;
import roster.core.index.UserQuery;
import roster.core.role.Roles;
import roster.core.saml.IdentityProviders;
import roster.core.saml.LoginMethods;
import roster.core.user.Users;
import roster.door.api.shared.RoleResources;
import roster.door.api.shared.UserResources;
import roster.door.api.users.UserListApi;
import roster.model.Id;
import roster.model.Problem.BadParameter;
import roster.model.Problem.Mismatch;
import roster.model.Problem.NotFound;
import roster.model.Refused;
import roster.model.Role;
import roster.model.User;

/// `/api/v2/identity_providers`, and the users who are bound to single ones of them.
public final class IdentityProviderApi {
    private static final String PATH = "/api/v2/identity_providers";
    private static final int PAGE_MAX = 100;
    private static final int OVERRIDES_MAX = 20;

    private final Database db;
    private final IdentityProviders providers;
    private final LoginMethods methods;
    private final Users users;
    private final UserLists directory;
    private final Roles roles;
    private final RoleResources roleResources;

    public IdentityProviderApi(Database db, IdentityProviders providers, LoginMethods methods, Users users,
        UserLists directory, Roles roles, RoleResources roleResources) {
        this.db = db;
        this.providers = providers;
        this.methods = methods;
        this.users = users;
        this.directory = directory;
        this.roles = roles;
        this.roleResources = roleResources;
    }

    public void addTo(Routes routes) {
        routes.get(PATH, USER_ACCESS_READ, this::list);
        routes.fresh().patch(PATH + "/{idp_id}", ORG_MANAGEMENT, this::update);
        routes.get(PATH + "/{idp_id}/users", USER_ACCESS_READ, this::bound);
        routes.get("/api/v2/users/{user_id}/identity_providers", USER_ACCESS_READ, this::overrides);
        routes.fresh().patch("/api/v2/users/{user_id}/relationships/identity_providers", USER_ACCESS_MANAGE,
            this::override);
    }

    private Response list(Request request) {
        var all = db.read(tx -> providers.all(tx, request.caller().org()));
        return Document.of(all.stream().map(IdentityProviderApi::resource).toList()).answer(200);
    }

    private Response update(Request request) {
        var id = request.pathText("idp_id");
        var sent = RequestDocument.resource(request, "identity_providers");
        var sentId = sent.text("id");
        var enabled = sent.object("attributes").flag("enabled");
        sent.done();
        RequestDocument.mustAgree(sentId, id, Mismatch.IDS);
        return Document.of(resource(db.write(request.caller(),
            tx -> providers.setEnabled(tx, providers.named(tx, tx.org(), id), enabled)))).answer(200);
    }

    private Response bound(Request request) {
        var query = query(request.query());
        var org = request.caller().org();
        return db.read(tx -> {
            var page = directory.boundTo(tx, org, providers.named(tx, org, request.pathText("idp_id")).method(), query);
            var roleIds = new LinkedHashSet<Role.Id>();
            page.items().forEach(user -> roleIds.addAll(user.roles()));
            return Document.of(page.items().stream().map(UserResources::resource).toList())
                .including(roleResources.included(roles.all(tx, org, roleIds)))
                .count("total_count", page.total()).count("total_filtered_count", page.filtered());
        }).answer(200);
    }

    private static UserQuery query(Query sent) {
        return UserListApi.query(sent, PageParameters.paging(sent, PAGE_MAX), "email", name -> switch (name) {
            case "email" -> UserQuery.Sort.EMAIL;
            case "name" -> UserQuery.Sort.NAME;
            default -> throw new Refused(new BadParameter("sort"));
        });
    }

    private Response overrides(Request request) {
        var org = request.caller().org();
        var user = db.read(tx -> Id.parse(request.pathText("user_id")).map(User.Id::new)
            .flatMap(id -> users.find(tx, org, id)))
            .orElseThrow(() -> new Refused(new NotFound("user not found")));
        var bound = db.read(tx -> providers.all(tx, org)).stream()
            .filter(one -> user.loginMethods().contains(one.method()));
        return Document.of(bound.map(one -> new Resource("identity_providers", one.id())
            .with("authentication_method", one.method().text())).toList()).answer(200);
    }

    private Response override(Request request) {
        var ids = RequestDocument.references(request, "identity_providers", OVERRIDES_MAX);
        db.write(request.caller(), tx -> {
            methods.override(tx, request.pathText("user_id"), ids);
            return null;
        });
        return Response.noContent();
    }

    private static Resource resource(IdentityProviders.Provider provider) {
        return new Resource("identity_providers", provider.id())
            .with("authentication_method", provider.method().text())
            .with("enabled", provider.enabled());
    }
}
