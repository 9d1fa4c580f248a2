package roster.door.api.users;

import static roster.model.Permission.USER_ACCESS_READ;

import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import roster.base.http.Query;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.base.jsonapi.Document;
import roster.base.jsonapi.PageParameters;
import roster.base.net.PublicUrl;
import roster.base.secret.CursorCodec;
import roster.core.directory.DirectoryCache;
import roster.core.index.ListRequest;
import roster.core.index.UserQuery;
import roster.core.permission.Catalogue;
import roster.door.api.shared.RoleResources;
import roster.model.Id;
import roster.model.Org;
import roster.model.Paging;
import roster.model.Permission;
import roster.model.Problem.BadParameter;
import roster.model.Problem.NotFound;
import roster.model.Refused;
import roster.model.User;

/// `/api/v2/users`, read: the users of the caller's organisation, listed and one by one, and what they hold. All of it
/// comes from memory, where the organisation fits into it.
public final class UserListApi {
    /// The longest page, and what `meta.page.max_page_size` says.
    static final int PAGE_MAX = 1000;

    private static final String PATH = "/api/v2/users";

    private final DirectoryCache directory;
    private final Catalogue catalogue;
    private final RoleResources roleResources;
    private final UserCursors cursors;
    private final UserTags tags;
    private final PublicUrl publicUrl;
    private final RenderedUsers rendered;

    UserListApi(DirectoryCache directory, Catalogue catalogue, RoleResources roleResources, CursorCodec cursors,
        UserTags tags, PublicUrl publicUrl, RenderedUsers rendered) {
        this.directory = directory;
        this.catalogue = catalogue;
        this.roleResources = roleResources;
        this.cursors = new UserCursors(cursors);
        this.tags = tags;
        this.publicUrl = publicUrl;
        this.rendered = rendered;
    }

    public void addTo(Routes routes) {
        routes.get(PATH, USER_ACCESS_READ, this::list);
        routes.get(PATH + "/{user_id}", USER_ACCESS_READ, this::read);
        routes.get(PATH + "/{user_id}/permissions", USER_ACCESS_READ, this::permissions);
    }

    private Response list(Request request) {
        var org = request.caller().org();
        var wanted = wanted(org, request.query());
        return directory.read(request.caller(), view -> Shown.to(request, tags.of(org, view.state(), wanted), () -> {
            var listed = view.list(wanted);
            var page = listed.page();
            var users = page.items();
            return Document.ofRenderedList(rendered.listed(users))
                .includingRendered(rendered.included(view, users))
                .count("total_count", page.total())
                .count("total_filtered_count", page.filtered())
                .count("max_page_size", PAGE_MAX)
                .next(listed.next().map(position -> publicUrl
                    .reference(PATH + "?page%5Bcursor%5D=" + cursors.seal(org, wanted.query(), position))));
        })).answer();
    }

    /// A cursor contains its query. Parameters that are sent with it must agree with it, except for the page size.
    private ListRequest wanted(Org.Id org, Query sent) {
        var query = query(sent);
        var cursor = sent.first("page[cursor]");
        if (cursor.isEmpty()) {
            return new ListRequest(query, Optional.empty());
        }
        return cursors.open(org, cursor.get()).filter(wanted -> agree(sent, query, wanted.query()))
            .map(wanted -> sent.first("page[size]").isEmpty() ? wanted
                : new ListRequest(wanted.query().sized(query.paging()), wanted.after()))
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
        return query(sent, PageParameters.paging(sent, PAGE_MAX), "name", UserListApi::sort);
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
        return new UserQuery(sent.first("filter"), sent.first("filter[status]").map(UserListApi::statuses),
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

    private Response read(Request request) {
        return directory.read(request.caller(), view -> {
            var user = sought(request, view::packed);
            var alone = rendered.alone(view, user);
            return Shown.to(request, alone.tags(), () -> Document.ofRendered(alone.json())
                .includingRendered(rendered.included(view, List.of(user))));
        }).answer();
    }

    static <T> T sought(Request request, Function<User.Id, Optional<T>> known) {
        return Id.parse(request.pathText("user_id")).map(User.Id::new).flatMap(known)
            .orElseThrow(() -> new Refused(new NotFound("user not found")));
    }

    private Response permissions(Request request) {
        return directory.read(request.caller(), view -> {
            var held = new LinkedHashSet<Permission>();
            view.roles(sought(request, view::find).roles()).forEach(role -> held.addAll(role.permissions()));
            return Document.of(catalogue.listed(held).stream().map(roleResources::resource).toList());
        }).answer(200);
    }
}
