package roster.door.api.users;

import static roster.model.Permission.USER_ACCESS_MANAGE;
import static roster.model.Permission.USER_ACCESS_READ;

import java.util.LinkedHashSet;
import java.util.Optional;
import roster.base.db.Database;
import roster.base.db.WriteTx;
import roster.base.http.Query;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.base.jsonapi.Document;
import roster.base.jsonapi.PageParameters;
import roster.base.jsonapi.RequestDocument;
import roster.core.directory.DirectoryCache;
import roster.core.directory.DirectoryView;
import roster.core.index.PackedUser;
import roster.core.index.UserQuery;
import roster.core.role.Roles;
import roster.core.user.Members;
import roster.core.user.Users;
import roster.door.api.shared.RoleResources;
import roster.door.api.shared.UserResources;
import roster.model.Id;
import roster.model.Page;
import roster.model.Paging;
import roster.model.Problem.BadParameter;
import roster.model.Problem.NotFound;
import roster.model.Refused;
import roster.model.Role;
import roster.model.User;

/// `/api/v2/roles/{role_id}/users`: the users who have a role.
public final class MemberApi {
    private static final int PAGE_MAX = 100;

    /// The members in the answer to a change.
    private static final UserQuery FIRST = new UserQuery(Optional.empty(), Optional.empty(), UserQuery.Sort.NAME, false,
        new Paging(10, 0));

    private final Database db;
    private final Users users;
    private final DirectoryCache memory;
    private final Roles roles;
    private final Members members;
    private final RoleResources roleResources;

    public MemberApi(Database db, DirectoryCache memory, Users users, Roles roles, Members members,
        RoleResources roleResources) {
        this.db = db;
        this.users = users;
        this.memory = memory;
        this.roles = roles;
        this.members = members;
        this.roleResources = roleResources;
    }

    public void addTo(Routes routes) {
        routes.get("/api/v2/roles/{role_id}/users", USER_ACCESS_READ, this::list);
        routes.fresh().post("/api/v2/roles/{role_id}/users", USER_ACCESS_MANAGE,
            request -> change(request, members::add));
        routes.fresh().delete("/api/v2/roles/{role_id}/users", USER_ACCESS_MANAGE,
            request -> change(request, members::remove));
    }

    private Response list(Request request) {
        var query = query(request.query());
        return memory.read(request.caller(), view -> {
            var page = view.members(named(view, request.pathText("role_id")), query);
            var roleIds = new LinkedHashSet<Role.Id>();
            page.items().forEach(user -> roleIds.addAll(user.roles()));
            return document(page).including(roleResources.included(view.roles(roleIds), view.enabledMembers()))
                .count("total_filtered_count", page.filtered());
        }).answer(200);
    }

    private static Role named(DirectoryView view, String id) {
        return Id.parse(id).map(Role.Id::new).flatMap(view::role)
            .orElseThrow(() -> new Refused(new NotFound(id + " not found")));
    }

    private static UserQuery query(Query sent) {
        var paging = PageParameters.paging(sent, PAGE_MAX);
        var sort = sent.first("sort").orElse("name");
        var descending = sort.startsWith("-");
        return new UserQuery(sent.first("filter"), Optional.empty(),
            switch (descending ? sort.substring(1) : sort) {
                case "name" -> UserQuery.Sort.NAME;
                case "email" -> UserQuery.Sort.EMAIL;
                case "status" -> UserQuery.Sort.STATUS;
                default -> throw new Refused(new BadParameter("sort"));
            }, descending, paging);
    }

    private interface Membership {
        void change(WriteTx tx, Role role, User user);
    }

    private Response change(Request request, Membership membership) {
        var userId = RequestDocument.referenced(request, "users");
        var changed = db.write(request.caller(), tx -> {
            var role = roles.named(tx, tx.org(), request.pathText("role_id"));
            membership.change(tx, role, users.named(tx, tx.org(), userId));
            return role;
        });
        // After the commit: counting a million members under the organisation's lock would delay its other writes.
        return memory.readNow(changed.org(), view -> document(view.members(changed, FIRST))).answer(200);
    }

    private static Document document(Page<PackedUser> page) {
        return Document.of(page.items().stream().map(user -> UserResources.resource(user.user())).toList()).count(
            "total_count",
            page.total());
    }
}
