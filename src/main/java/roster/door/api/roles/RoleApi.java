package roster.door.api.roles;

import static roster.model.Permission.USER_ACCESS_MANAGE;
import static roster.model.Permission.USER_ACCESS_READ;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import roster.base.db.Database;
import roster.base.db.WriteTx;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.base.jsonapi.Document;
import roster.base.jsonapi.PageParameters;
import roster.base.jsonapi.RequestDocument;
import roster.base.jsonapi.Sorting;
import roster.core.directory.DirectoryCache;
import roster.core.directory.DirectoryView;
import roster.core.permission.Catalogue;
import roster.core.role.Roles;
import roster.door.api.shared.RoleResources;
import roster.model.Id;
import roster.model.Problem.Mismatch;
import roster.model.Role;

/// `/api/v2/roles` and `/api/v2/permissions`: the roles of the caller's organisation, and all permissions that exist.
public final class RoleApi {
    private static final int PAGE_MAX = 100;

    private final Database db;
    private final Roles roles;
    private final RoleResources resources;
    private final Catalogue catalogue;
    private final DirectoryCache directory;

    public RoleApi(Database db, Roles roles, DirectoryCache directory, RoleResources resources, Catalogue catalogue) {
        this.db = db;
        this.roles = roles;
        this.directory = directory;
        this.resources = resources;
        this.catalogue = catalogue;
    }

    public void addTo(Routes routes) {
        routes.get("/api/v2/roles", USER_ACCESS_READ, this::list);
        routes.fresh().post("/api/v2/roles", USER_ACCESS_MANAGE, this::create);
        routes.get("/api/v2/roles/{role_id}", USER_ACCESS_READ, this::read);
        routes.get("/api/v2/roles/templates", USER_ACCESS_READ, this::templates);
        routes.fresh().patch("/api/v2/roles/{role_id}", USER_ACCESS_MANAGE, this::update);
        routes.fresh().delete("/api/v2/roles/{role_id}", USER_ACCESS_MANAGE, this::delete);
        routes.fresh().post("/api/v2/roles/{role_id}/clone", USER_ACCESS_MANAGE, this::copy);
        routes.get("/api/v2/roles/{role_id}/permissions", USER_ACCESS_READ, this::permissionsOf);
        routes.fresh().post("/api/v2/roles/{role_id}/permissions", USER_ACCESS_MANAGE,
            request -> change(request, roles::grant));
        routes.fresh().delete("/api/v2/roles/{role_id}/permissions", USER_ACCESS_MANAGE,
            request -> change(request, roles::revoke));
        routes.get("/api/v2/permissions", USER_ACCESS_READ, this::permissions);
    }

    private Response list(Request request) {
        var query = request.query();
        var paging = PageParameters.paging(query, PAGE_MAX);
        var sorting = Sorting.of(query, Roles.Sort.values(), "name");
        var filter = new Roles.Filter(query.first("filter"), query.first("filter[id]").map(RoleApi::ids));
        var members = enabledMembers(request);
        var page =
            db.read(tx -> roles.list(tx, request.caller().org(), filter, sorting.by(), sorting.descending(), paging,
                members));
        return Document.of(page.items().stream().map(resources::resource).toList())
            .count("total_count", page.total())
            .count("total_filtered_count", page.filtered())
            .answer(200);
    }

    /// What is no id is skipped, like an unknown id.
    private static List<Role.Id> ids(String list) {
        return Arrays.stream(list.split(",")).map(text -> Id.parse(text.strip())).flatMap(Optional::stream)
            .map(Role.Id::new).toList();
    }

    private Response create(Request request) {
        var sent = RequestDocument.resourceOfOptionalType(request, "roles");
        var attributes = sent.object("attributes");
        var name = attributes.text("name");
        var optOut = attributes.flagIfSent("default_permissions_opt_out").orElse(false);
        var from = attributes.texts("receives_permissions_from");
        var permissions = sent.references("permissions", "permissions");
        sent.done();
        var role = db.write(request.caller(), tx -> roles.create(tx, name, permissions, optOut, from));
        return Document.of(resources.resource(new Roles.Counted(role, 0))).answer(200);
    }

    private Response read(Request request) {
        var sent = request.pathText("role_id");
        var role = db.read(tx -> roles.named(tx, request.caller().org(), sent));
        return counted(request, role);
    }

    private Response update(Request request) {
        var id = request.pathText("role_id");
        var sent = RequestDocument.resource(request, "roles");
        var sentId = sent.text("id");
        var attributes = sent.optionalObject("attributes");
        var edit = new Roles.Edit(attributes.textIfSent("name"), sent.referencesIfSent("permissions", "permissions"),
            attributes.flagIfSent("default_permissions_opt_out").orElse(false),
            attributes.textsIfSent("receives_permissions_from"));
        sent.done();
        RequestDocument.mustAgree(sentId, id,
            new Mismatch("The id attribute in the request body does not match the role_id in the URL"));
        return counted(request, db.write(request.caller(), tx -> roles.update(tx, id, edit)));
    }

    private Response copy(Request request) {
        var sent = RequestDocument.resource(request, "roles");
        var attributes = sent.object("attributes");
        var name = attributes.text("name");
        var from = attributes.texts("receives_permissions_from");
        sent.done();
        var role = db.write(request.caller(), tx -> roles.copy(tx, request.pathText("role_id"), name, from));
        return Document.of(resources.resource(new Roles.Counted(role, 0))).answer(200);
    }

    private Response counted(Request request, Role role) {
        var members = enabledMembers(request).getOrDefault(role.id(), 0L);
        return Document.of(resources.resource(new Roles.Counted(role, members))).answer(200);
    }

    private Map<Role.Id, Long> enabledMembers(Request request) {
        return directory.read(request.caller(), DirectoryView::enabledMembers);
    }

    private interface Change {
        Role made(WriteTx tx, String role, String permission);
    }

    private Response change(Request request, Change change) {
        var permission = RequestDocument.referenced(request, "permissions");
        return held(db.write(request.caller(), tx -> change.made(tx, request.pathText("role_id"), permission)));
    }

    private Response permissionsOf(Request request) {
        return held(db.read(tx -> roles.named(tx, request.caller().org(), request.pathText("role_id"))));
    }

    private Response held(Role role) {
        return Document.of(catalogue.listed(role.permissions()).stream().map(resources::resource).toList()).answer(200);
    }

    /// The three managed roles, as templates for others.
    private Response templates(Request request) {
        var managed = db.read(tx -> Arrays.stream(Role.Managed.values())
            .map(which -> roles.managed(tx, request.caller().org(), which)).toList());
        return Document.of(managed.stream().map(resources::template).toList()).answer(200);
    }

    private Response delete(Request request) {
        db.write(request.caller(), tx -> {
            roles.delete(tx, request.pathText("role_id"));
            return null;
        });
        return Response.noContent();
    }

    private Response permissions(Request request) {
        return Document.of(catalogue.listed().stream().map(resources::resource).toList()).answer(200);
    }
}
