package roster.door.scim;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import roster.base.db.Database;
import roster.base.http.Conditions;
import roster.base.http.Needs;
import roster.base.http.Response;
import roster.base.scim.Filter;
import roster.base.scim.ResourceType;
import roster.base.scim.Selection;
import roster.base.secret.CursorCodec;
import roster.core.provisioning.KnownPerson;
import roster.core.provisioning.PeopleSearch;
import roster.core.provisioning.ProvisionedUser;
import roster.core.provisioning.ProvisionedUsers;
import roster.core.provisioning.ProvisionedUsers.Asked;
import roster.core.provisioning.RequestDigest;
import roster.model.Problem.NotFound;
import roster.model.Problem.NotImplemented;
import roster.model.Refused;

/// `/Users`, and `/Me`: the people of the caller's organisation.
final class UserApi {
    private static final String PATH = ResourceType.USER.endpoint();
    private static final String ONE = PATH + "/{id}";
    private static final String ME = "/Me";

    static final ListAsked.Sortable SORTABLE = new ListAsked.Sortable(ResourceType.USER, PeopleSearch.SORTABLE);

    private final Database db;
    private final ProvisionedUsers users;
    private final PeopleSearch search;
    private final UserResources resources;
    private final Lists lists;

    UserApi(Database db, ProvisionedUsers users, PeopleSearch search, UserResources resources, CursorCodec cursors) {
        this.db = db;
        this.users = users;
        this.search = search;
        this.resources = resources;
        this.lists = new Lists(cursors, PATH);
    }

    void addTo(ScimRoutes routes) {
        routes.get(PATH, call -> list(call, ListAsked.inQuery(call))).post(PATH, this::create)
            .post(PATH + SearchApi.SEARCH, call -> list(call, ListAsked.inBody(call)))
            .get(ONE, this::read).put(ONE, this::replace).patch(ONE, this::patch).delete(ONE, this::delete);
        routes.add("GET", ME, Needs.Simple.KEYS, this::me);
        for (var method : List.of("POST", "PUT", "PATCH", "DELETE")) {
            routes.add(method, ME, Needs.Simple.KEYS, _ -> {
                throw new Refused(new NotImplemented());
            });
        }
    }

    private Response list(Call call, ListAsked asked) {
        var filter = asked.filter().map(text -> Filter.parse(ResourceType.USER, text));
        var order = asked.order(SORTABLE);
        var part = lists.part(call, asked, order);
        var selection = asked.selection(ResourceType.USER);
        var found = search.list(call.caller(), new PeopleSearch.Query(filter, order, part,
            user -> resources.json(call, resources.rendered(user), Selection.ALL)));
        return call.written(200, lists.written(call, asked, order, found.total(), found.next(),
            found.users().stream().map(known -> resources.json(call, known, selection)).toList()));
    }

    private Response create(Call call) {
        var body = call.resource(ResourceType.USER);
        return created(call, db.write(call.caller(), tx -> users.create(tx, body)));
    }

    private Response created(Call call, ProvisionedUser user) {
        var created = resources.rendered(user);
        return shown(call, 201, created).with("Location", call.location(created.path()));
    }

    /// Creates people each of whom is managed by the next one, and the last by the first: all of them, or none.
    ///
    /// @param calls whose resources say nothing of these managers
    /// @param refused is told by its place which of them is the reason, before that is thrown
    List<Response> createCircle(List<Call> calls, IntConsumer refused) {
        var bodies = calls.stream().map(call -> call.resource(ResourceType.USER)).toList();
        var made = new ArrayList<ProvisionedUser>();
        try {
            var linked = db.write(calls.getFirst().caller(), tx -> {
                bodies.forEach(body -> made.add(users.create(tx, body)));
                return users.manageInCircle(tx, made);
            });
            return IntStream.range(0, calls.size()).mapToObj(i -> created(calls.get(i), linked.get(i))).toList();
        } catch (Refused e) {
            refused.accept(Math.min(made.size(), calls.size() - 1));
            throw e;
        }
    }

    private Response read(Call call) {
        return shownUnlessThere(call, users.find(reading(call, call.id())));
    }

    /// The person, unless the client has them as they are.
    private Response shownUnlessThere(Call call, KnownPerson found) {
        var whole = resources.whole(call, found);
        return Conditions.unchanged(call.request(), whole.tags()) ? Response.empty(304).with("ETag", whole.etag())
            : shown(call, 200, found);
    }

    private Response replace(Call call) {
        var asked = changing(call);
        return shown(call, 200, users.unchanged(asked).orElseGet(() -> users.replace(asked,
            call.resource(ResourceType.USER), (known, version) -> resources.whole(call, known).is(version))));
    }

    private Response patch(Call call) {
        var asked = changing(call);
        return shown(call, 200,
            users.unchanged(asked).orElseGet(() -> users.patch(asked, call.patch(ResourceType.USER))));
    }

    private Response delete(Call call) {
        users.delete(asked(call, call.id(), Optional.empty(), condition(call)));
        return Response.noContent();
    }

    private Response me(Call call) {
        var me = call.caller().user().map(id -> users.find(reading(call, id.toString())))
            .orElseThrow(() -> new Refused(new NotFound("User not found")));
        return shownUnlessThere(call, me).with("Content-Location", call.location(UserResources.path(me)));
    }

    /// An operation of a bulk request comes after others of it.
    private static Asked asked(Call call, String id, Optional<RequestDigest> digest,
        Consumer<KnownPerson> condition) {
        return new Asked(call.caller(), id, call.part().isPresent(), digest, condition);
    }

    private static Asked reading(Call call, String id) {
        return asked(call, id, Optional.empty(), _ -> {});
    }

    private Asked changing(Call call) {
        return asked(call, call.id(), call.digest(), condition(call));
    }

    private Consumer<KnownPerson> condition(Call call) {
        return known -> call.mustBeMet(() -> resources.whole(call, known).tags());
    }

    private Response shown(Call call, int status, KnownPerson known) {
        return call.answer(status, resources.json(call, known, call.selection(ResourceType.USER)))
            .with("ETag", resources.whole(call, known).etag());
    }

    private Response shown(Call call, int status, UserResources.Rendered user) {
        return call.answer(status, resources.json(call, user, call.selection(ResourceType.USER)))
            .with("ETag", user.etag());
    }
}
