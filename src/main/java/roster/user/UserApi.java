package roster.user;

import static roster.model.Permission.SERVICE_ACCOUNT_WRITE;
import static roster.model.Permission.USER_ACCESS_INVITE;
import static roster.model.Permission.USER_ACCESS_MANAGE;
import static roster.model.Permission.USER_ACCESS_READ;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import roster.access.Catalogue;
import roster.db.Database;
import roster.db.Tx;
import roster.http.Needs;
import roster.http.Query;
import roster.http.Request;
import roster.http.Response;
import roster.http.Routes;
import roster.jsonapi.Document;
import roster.jsonapi.Paging;
import roster.jsonapi.Resource;
import roster.jsonapi.Sent;
import roster.model.Id;
import roster.model.Org;
import roster.model.Permission;
import roster.model.Problem.BadParameter;
import roster.model.Problem.Mismatch;
import roster.model.Problem.NotFound;
import roster.model.Problem.NotOneself;
import roster.model.Refused;
import roster.model.Role;
import roster.model.User;
import roster.org.Orgs;
import roster.role.RoleResources;
import roster.role.Roles;

/// `/api/v2/users`: the people of the caller's organisation.
public final class UserApi {
    /// The longest page, and what `meta.page.max_page_size` says.
    static final int PAGE_MAX = 1000;

    private static final NotFound USER_NOT_FOUND = new NotFound("user not found");

    private final Database db;
    private final Users users;
    private final Directory directory;
    private final Roles roles;
    private final Orgs orgs;
    private final Catalogue catalogue;
    private final RoleResources roleResources;

    public UserApi(Database db, Users users, Directory directory, Roles roles, Orgs orgs, Catalogue catalogue,
        RoleResources roleResources) {
        this.db = db;
        this.users = users;
        this.directory = directory;
        this.roles = roles;
        this.orgs = orgs;
        this.catalogue = catalogue;
        this.roleResources = roleResources;
    }

    public void addTo(Routes routes) {
        var editing = new Needs.OneOf(List.of(USER_ACCESS_MANAGE, SERVICE_ACCOUNT_WRITE));
        routes.get("/api/v2/users", USER_ACCESS_READ, this::list);
        routes.post("/api/v2/users", USER_ACCESS_INVITE, this::create);
        routes.get("/api/v2/users/{user_id}", USER_ACCESS_READ, this::read);
        routes.patch("/api/v2/users/{user_id}", editing, this::update);
        routes.delete("/api/v2/users/{user_id}", editing, this::disable);
        routes.get("/api/v2/users/{user_id}/orgs", Needs.Simple.KEYS, this::organizations);
        routes.get("/api/v2/users/{user_id}/permissions", USER_ACCESS_READ, this::permissions);
    }

    private Response list(Request request) {
        var query = query(request.query());
        return db.read(tx -> {
            var page = directory.users(tx, request.caller().org(), query);
            return Document.of(page.users().stream().map(UserResources::listed).toList())
                .including(included(tx, request.caller().org(), page.users()))
                .count("total_count", page.total())
                .count("total_filtered_count", page.filtered())
                .count("max_page_size", PAGE_MAX);
        }).answer(200);
    }

    private static UserQuery query(Query sent) {
        var paging = Paging.of(sent, PAGE_MAX);
        var sort = sent.first("sort").orElse("name");
        var minus = sort.startsWith("-");
        var descending = switch (sent.first("sort_dir").orElse("asc")) {
            case "asc" -> minus;
            case "desc" -> true;
            default -> throw new Refused(new BadParameter("sort_dir"));
        };
        return new UserQuery(sent.first("filter"), sent.first("filter[status]").map(UserApi::statuses),
            sort(minus ? sort.substring(1) : sort), descending, paging);
    }

    private static UserQuery.Sort sort(String name) {
        return switch (name) {
            // Users have no users to count: the documented word sorts by name.
            case "name", "user_count" -> UserQuery.Sort.NAME;
            case "email", "handle", "status", "title", "created_at", "modified_at" ->
                UserQuery.Sort.valueOf(name.toUpperCase(Locale.ROOT));
            default -> throw new Refused(new BadParameter("sort"));
        };
    }

    private static Set<User.Status> statuses(String list) {
        var wanted = EnumSet.noneOf(User.Status.class);
        for (var word : list.split(",", -1)) {
            wanted.add(
                User.Status.parse(word.strip()).orElseThrow(() -> new Refused(new BadParameter("filter[status]"))));
        }
        return wanted;
    }

    private Response create(Request request) {
        var sent = Sent.resource(request, "users");
        var attributes = sent.object("attributes");
        var email = attributes.email("email");
        var name = attributes.checked("name", attributes.optionalText("name"), Users::nameFault);
        var title = attributes.checked("title", attributes.optionalText("title"), Users::titleFault);
        var roleIds = sent.references("roles", "roles");
        sent.done();
        return db.write(request.caller(), tx -> {
            var user = users.create(tx, email, name, title, roleIds);
            return answer(tx, UserResources.resource(user), user);
        }).answer(201);
    }

    private Response read(Request request) {
        return db.read(tx -> {
            var user = sought(tx, request);
            return answer(tx, UserResources.read(user), user);
        }).answer(200);
    }

    private User sought(Tx tx, Request request) {
        return Id.parse(request.pathText("user_id")).map(User.Id::new)
            .flatMap(id -> users.find(tx, request.caller().org(), id))
            .orElseThrow(() -> new Refused(USER_NOT_FOUND));
    }

    private Response update(Request request) {
        var id = request.pathText("user_id");
        var sent = Sent.resource(request, "users");
        var sentId = sent.text("id");
        var attributes = sent.object("attributes");
        var edit = new Users.Edit(
            attributes.checked("name", attributes.textIfSent("name"), Users::nameFault),
            attributes.emailIfSent("email"),
            attributes.checked("title", attributes.textOrNullIfSent("title"),
                title -> title.flatMap(Users::titleFault)),
            attributes.flagIfSent("disabled"));
        sent.done();
        if (!sentId.toLowerCase(Locale.ROOT).equals(id.toLowerCase(Locale.ROOT))) {
            throw new Refused(new Mismatch("UUID's in the URL and request body do not match"));
        }
        var document = db.write(request.caller(), tx -> {
            var user = users.update(tx, id, edit);
            return answer(tx, UserResources.resource(user), user);
        });
        var preference = Preference.of(request);
        return preference.on(preference.wantsBody() ? document.answer(200) : Response.noContent());
    }

    private Response disable(Request request) {
        db.write(request.caller(), tx -> {
            users.disable(tx, request.pathText("user_id"));
            return null;
        });
        return Response.noContent();
    }

    private Response organizations(Request request) {
        return db.read(tx -> {
            var user = sought(tx, request);
            if (!request.caller().user().equals(Optional.of(user.id()))) {
                throw new Refused(new NotOneself());
            }
            var elsewhere = users.elsewhere(tx, user);
            var shown = new ArrayList<Resource>();
            orgs.find(tx, user.org()).map(Orgs::resource).ifPresent(shown::add);
            elsewhere.forEach(other -> orgs.find(tx, other.org()).map(Orgs::resource).ifPresent(shown::add));
            return Document.of(UserResources.resource(user)
                .toMany("other_orgs", "orgs", elsewhere.stream().map(Users.Elsewhere::org).toList())
                .toMany("other_users", "users", elsewhere.stream().map(Users.Elsewhere::user).toList()))
                .including(shown);
        }).answer(200);
    }

    private Response permissions(Request request) {
        return db.read(tx -> {
            var user = sought(tx, request);
            var held = new LinkedHashSet<Permission>();
            roles.all(tx, user.org(), user.roles()).forEach(role -> held.addAll(role.permissions()));
            return Document.of(catalogue.listed(held).stream().map(roleResources::resource).toList());
        }).answer(200);
    }

    private Document answer(Tx tx, Resource resource, User user) {
        return Document.of(resource).including(included(tx, user.org(), List.of(user)));
    }

    /// The distinct roles of these users, then the distinct permissions of those roles.
    private List<Resource> included(Tx tx, Org.Id org, Collection<User> some) {
        var ids = new LinkedHashSet<Role.Id>();
        some.forEach(user -> ids.addAll(user.roles()));
        return roleResources.included(roles.all(tx, org, ids));
    }
}
