package roster.door.api.users;

import static roster.model.Permission.SERVICE_ACCOUNT_WRITE;
import static roster.model.Permission.USER_ACCESS_INVITE;
import static roster.model.Permission.USER_ACCESS_MANAGE;
import static roster.model.Permission.USER_ACCESS_READ;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import roster.base.db.Database;
import roster.base.db.Tx;
import roster.base.http.Conditions;
import roster.base.http.Needs;
import roster.base.http.Query;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.base.jsonapi.Document;
import roster.base.jsonapi.PageParameters;
import roster.base.jsonapi.Resource;
import roster.base.jsonapi.Sent;
import roster.base.secret.CursorCodec;
import roster.base.secret.Secrets;
import roster.core.access.Catalogue;
import roster.core.directory.DirectoryCache;
import roster.core.index.ListRequest;
import roster.core.index.UserQuery;
import roster.core.org.Orgs;
import roster.core.role.Roles;
import roster.core.user.Users;
import roster.door.api.shared.Idempotency;
import roster.door.api.shared.OrgResources;
import roster.door.api.shared.RoleResources;
import roster.door.api.shared.UserResources;
import roster.model.Id;
import roster.model.Org;
import roster.model.Paging;
import roster.model.Permission;
import roster.model.Problem.BadParameter;
import roster.model.Problem.Mismatch;
import roster.model.Problem.NotFound;
import roster.model.Problem.Stale;
import roster.model.Refused;
import roster.model.User;

/// `/api/v2/users`: the people of the caller's organisation.
public final class UserApi {
    /// The longest page, and what `meta.page.max_page_size` says.
    static final int PAGE_MAX = 1000;

    private static final String PATH = "/api/v2/users";

    private static final NotFound USER_NOT_FOUND = new NotFound("user not found");

    private final Database db;
    private final DirectoryCache memory;
    private final Users users;
    private final Roles roles;
    private final Orgs orgs;
    private final Catalogue catalogue;
    private final RoleResources roleResources;
    private final Idempotency idempotency;
    private final UserCursors cursors;
    private final UserTags tags;
    private final RenderedUsers fragments;

    /// @param fragmentBytes what parts of answers may take that are kept for the next
    public UserApi(Database db, DirectoryCache memory, Users users, Roles roles, Orgs orgs, Catalogue catalogue,
        RoleResources roleResources, Secrets secrets, Idempotency idempotency, long fragmentBytes) {
        this.db = db;
        this.memory = memory;
        this.users = users;
        this.roles = roles;
        this.orgs = orgs;
        this.catalogue = catalogue;
        this.roleResources = roleResources;
        this.idempotency = idempotency;
        this.cursors = new UserCursors(new CursorCodec(secrets));
        this.tags = new UserTags(secrets, catalogue);
        this.fragments = new RenderedUsers(roleResources, tags, fragmentBytes);
    }

    public void addTo(Routes routes) {
        var editing = new Needs.OneOf(List.of(USER_ACCESS_MANAGE, SERVICE_ACCOUNT_WRITE));
        routes.get(PATH, USER_ACCESS_READ, this::list);
        routes.post(PATH, USER_ACCESS_INVITE, this::create);
        routes.get("/api/v2/users/{user_id}", USER_ACCESS_READ, this::read);
        routes.patch("/api/v2/users/{user_id}", editing, this::update);
        routes.delete("/api/v2/users/{user_id}", editing, this::disable);
        routes.get("/api/v2/users/{user_id}/orgs", Needs.Simple.KEYS, this::organizations);
        routes.get("/api/v2/users/{user_id}/permissions", USER_ACCESS_READ, this::permissions);
    }

    private Response list(Request request) {
        var org = request.caller().org();
        var walk = walk(org, request.query());
        return memory.read(request.caller(), view -> shown(request, tags.of(org, view.state(), walk), () -> {
            var listed = view.list(walk);
            var page = listed.page();
            var kept = page.items();
            return Document.ofRenderedList(fragments.listed(kept))
                .includingRendered(fragments.included(view, kept))
                .count("total_count", page.total())
                .count("total_filtered_count", page.filtered())
                .count("max_page_size", PAGE_MAX)
                .next(listed.next().map(place -> PATH + "?page%5Bcursor%5D=" + cursors.seal(org, walk.query(), place)));
        })).answer();
    }

    /// An answer that the client may have already.
    ///
    /// @param document none if he has
    private record Shown(String tag, Optional<Document> document) {
        Response answer() {
            return document.map(shown -> shown.answer(200)).orElseGet(() -> Response.empty(304)).with("ETag", tag);
        }
    }

    private static Shown shown(Request request, List<String> tags, Supplier<Document> document) {
        return new Shown(tags.getFirst(),
            Conditions.unchanged(request, tags) ? Optional.empty() : Optional.of(document.get()));
    }

    /// A cursor brings its query along. Parameters that are sent with it must say the same, but for the page's size.
    private ListRequest walk(Org.Id org, Query sent) {
        var query = query(sent);
        var cursor = sent.first("page[cursor]");
        if (cursor.isEmpty()) {
            return new ListRequest(query, Optional.empty());
        }
        return cursors.open(org, cursor.get()).filter(walk -> agree(sent, query, walk.query()))
            .map(walk -> sent.first("page[size]").isEmpty() ? walk
                : new ListRequest(walk.query().sized(query.paging()), walk.after()))
            .orElseThrow(() -> new Refused(new BadParameter("page[cursor]")));
    }

    private static boolean agree(Query sent, UserQuery query, UserQuery sealed) {
        var sorted = sent.first("sort").isPresent() || sent.first("sort_dir").isPresent();
        return sent.first("page[number]").isEmpty()
            && (query.text().isEmpty() || query.text().equals(sealed.text()))
            && (query.statuses().isEmpty() || query.statuses().equals(sealed.statuses()))
            && (!sorted || query.sort() == sealed.sort() && query.descending() == sealed.descending());
    }

    private static UserQuery query(Query sent) {
        return query(sent, PageParameters.paging(sent, PAGE_MAX), "name", UserApi::sort);
    }

    /// @param usual what to sort by when nothing is sent
    public static UserQuery query(Query sent, Paging paging, String usual, Function<String, UserQuery.Sort> by) {
        var sort = sent.first("sort").orElse(usual);
        var minus = sort.startsWith("-");
        var descending = switch (sent.first("sort_dir").orElse("asc")) {
            case "asc" -> minus;
            case "desc" -> true;
            default -> throw new Refused(new BadParameter("sort_dir"));
        };
        return new UserQuery(sent.first("filter"), sent.first("filter[status]").map(UserApi::statuses),
            by.apply(minus ? sort.substring(1) : sort), descending, paging);
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

    static Set<User.Status> statuses(String list) {
        var wanted = EnumSet.noneOf(User.Status.class);
        for (var word : list.split(",", -1)) {
            wanted.add(
                User.Status.parse(word.strip()).orElseThrow(() -> new Refused(new BadParameter("filter[status]"))));
        }
        return wanted;
    }

    private Response create(Request request) {
        var sent = Sent.resource(request, "users");
        var wish = newcomer(sent);
        sent.done();
        return idempotency.once(request,
            tx -> changed(tx, users.create(tx, wish.email(), wish.name(), wish.title(), wish.roleIds())),
            changed -> changed.answer(201));
    }

    /// Somebody to be added, as he was sent.
    record Newcomer(String email, Optional<String> name, Optional<String> title, List<String> roleIds) {}

    static Newcomer newcomer(Sent sent) {
        var attributes = sent.object("attributes");
        return new Newcomer(attributes.email("email"),
            attributes.checked("name", attributes.optionalText("name"), Users::nameFault),
            attributes.checked("title", attributes.optionalText("title"), Users::titleFault),
            sent.references("roles", "roles"));
    }

    private Response read(Request request) {
        return memory.read(request.caller(), view -> {
            var user = sought(request, view::packed);
            var alone = fragments.alone(view, user);
            return shown(request, alone.tags(), () -> Document.ofRendered(alone.json())
                .includingRendered(fragments.included(view, List.of(user))));
        }).answer();
    }

    private static <T> T sought(Request request, Function<User.Id, Optional<T>> known) {
        return Id.parse(request.pathText("user_id")).map(User.Id::new).flatMap(known)
            .orElseThrow(() -> new Refused(USER_NOT_FOUND));
    }

    private Response update(Request request) {
        var id = request.pathText("user_id");
        var sent = Sent.resource(request, "users");
        var sentId = sent.text("id");
        var edit = edit(sent.object("attributes"));
        sent.done();
        Sent.mustAgree(sentId, id, Mismatch.IDS);
        var changed = db.write(request.caller(), tx -> {
            if (request.header("If-Match").isPresent()) {
                mustBeMet(request, tx, users.editable(tx, id));
            }
            return changed(tx, users.update(tx, id, edit));
        });
        var preference = Preference.of(request);
        return preference.on(preference.wantsBody() ? changed.answer(200) : changed.noContent());
    }

    static Users.Edit edit(Sent attributes) {
        return new Users.Edit(
            attributes.checked("name", attributes.textIfSent("name"), Users::nameFault),
            attributes.emailIfSent("email"),
            attributes.checked("title", attributes.textOrNullIfSent("title"),
                title -> title.flatMap(Users::titleFault)),
            attributes.flagIfSent("disabled"));
    }

    private void mustBeMet(Request request, Tx tx, User user) {
        if (!Conditions.met(request, tags.of(user, roles.all(tx, user.org(), user.roles())))) {
            throw new Refused(new Stale());
        }
    }

    private Response disable(Request request) {
        db.write(request.caller(), tx -> {
            users.disable(tx, request.pathText("user_id"));
            return null;
        });
        return Response.noContent();
    }

    private Response organizations(Request request) {
        var user = memory.read(request.caller(), view -> sought(request, view::find));
        return db.read(tx -> {
            var elsewhere = users.elsewhere(tx, request.caller(), user);
            var shown = new ArrayList<Resource>();
            orgs.find(tx, user.org()).map(OrgResources::resource).ifPresent(shown::add);
            elsewhere.forEach(other -> orgs.find(tx, other.org()).map(OrgResources::resource).ifPresent(shown::add));
            return Document.of(UserResources.resource(user)
                .toMany("other_orgs", "orgs", elsewhere.stream().map(Users.Elsewhere::org).toList())
                .toMany("other_users", "users", elsewhere.stream().map(Users.Elsewhere::user).toList()))
                .including(shown);
        }).answer(200);
    }

    private Response permissions(Request request) {
        return memory.read(request.caller(), view -> {
            var held = new LinkedHashSet<Permission>();
            view.roles(sought(request, view::find).roles()).forEach(role -> held.addAll(role.permissions()));
            return Document.of(catalogue.listed(held).stream().map(roleResources::resource).toList());
        }).answer(200);
    }

    /// A user after a write. The tag is the one that GetUser would give, as a condition for the next change.
    private record Changed(Document document, String tag) {
        Response answer(int status) {
            return document.answer(status).with("ETag", tag);
        }

        Response noContent() {
            return Response.noContent().with("ETag", tag);
        }
    }

    private Changed changed(Tx tx, User user) {
        var held = roles.all(tx, user.org(), user.roles());
        return new Changed(Document.of(UserResources.resource(user)).including(roleResources.included(held)),
            tags.of(user, held).getFirst());
    }
}
