package roster.door.scim;

import java.util.List;
import java.util.Optional;
import roster.base.db.Database;
import roster.base.db.Tx;
import roster.base.http.Conditions;
import roster.base.http.Response;
import roster.base.scim.Filter;
import roster.base.scim.ResourceType;
import roster.base.scim.Selection;
import roster.base.secret.CursorCodec;
import roster.core.provisioning.GroupChanges;
import roster.core.provisioning.GroupChanges.Asked;
import roster.core.provisioning.GroupLookUps;
import roster.core.provisioning.GroupSearch;
import roster.core.provisioning.KnownMembers;
import roster.core.provisioning.ProvisionedGroups;
import roster.core.provisioning.ProvisioningFeature;
import roster.model.Problem;
import roster.model.Refused;

/// `/Groups`: the roles of the caller's organisation, as directories name them and put people into them.
final class GroupApi {
    private static final String GROUPS = "/Groups";
    private static final String GROUP = "/Groups/{id}";
    private static final String MEMBERS = GroupAnswers.MEMBERS;

    static final ListAsked.Sortable SORTABLE = new ListAsked.Sortable(ResourceType.GROUP, GroupSearch.SORTABLE);

    private final Database db;
    private final ProvisionedGroups groups;
    private final GroupChanges changes;
    private final KnownMembers knownMembers;
    private final GroupSearch search;
    private final GroupLookUps lookUps;
    private final GroupResources resources;
    private final GroupAnswers answers;
    private final Lists lists;

    GroupApi(Database db, ProvisioningFeature provisioning, GroupResources resources, GroupAnswers answers,
        CursorCodec cursors) {
        this.db = db;
        this.groups = provisioning.groups;
        this.changes = provisioning.groupChanges;
        this.knownMembers = provisioning.knownMembers;
        this.search = provisioning.groupSearch;
        this.lookUps = provisioning.groupLookUps;
        this.resources = resources;
        this.answers = answers;
        this.lists = new Lists(cursors, GROUPS);
    }

    void addTo(ScimRoutes routes) {
        var large = routes.large();
        routes.get(GROUPS, call -> list(call, ListAsked.inQuery(call)));
        large.post(GROUPS + SearchApi.SEARCH, call -> list(call, ListAsked.inBody(call)));
        routes.get(GROUP, this::read).delete(GROUP, this::delete);
        large.post(GROUPS, this::create).put(GROUP, this::replace).patch(GROUP, this::patch);
    }

    private Response list(Call call, ListAsked asked) {
        var selection = asked.selection(ResourceType.GROUP);
        var filter = asked.filter().map(typed -> Filter.parse(ResourceType.GROUP, typed));
        var order = asked.order(SORTABLE);
        var part = lists.part(call, asked, order);
        var known = selection.wants(MEMBERS) ? Optional.<GroupSearch.Found>empty()
            : filter.flatMap(some -> lookUps.find(call.caller(), some, order, part, resources.shown(call)));
        if (known.isPresent()) {
            var found = known.get();
            return call.answer(200, lists.answer(call, asked, order, found.total(), found.next(),
                found.groups().stream().map(group -> resources.withoutMembers(call, selection, group)).toList()));
        }
        return answers.answered(call, 200, selection, tx -> {
            var found = search.list(tx, call.caller().org(), filter, order, part, resources.shown(call));
            return new GroupAnswers.Body(found.groups(), lists.answer(call, asked, order, found.total(), found.next(),
                found.groups().stream().map(group -> resources.shown(call, selection, tx, group)).toList()), List.of());
        });
    }

    private Response read(Call call) {
        var id = call.id();
        var selection = call.selection(ResourceType.GROUP);
        if (!call.request().headers("If-None-Match").isEmpty()) {
            var group = db.read(tx -> groups.named(tx, call.caller().org(), id));
            if (Conditions.unchanged(call.request(), resources.tags(group))) {
                return Response.empty(304).with("ETag", resources.tag(group));
            }
        }
        return answers.answered(call, 200, selection, KnownMembers.LEAST, tx -> body(call, 200, selection, tx, id))
            .or(() -> knownMembers.find(call.caller(), id).map(found -> call
                .answer(200, resources.shown(call, selection, found)).with("ETag", resources.tag(found.group()))))
            .orElseGet(() -> shown(call, 200, selection, id));
    }

    private Response shown(Call call, int status, Selection selection, String id) {
        return answers.answered(call, status, selection, tx -> body(call, status, selection, tx, id));
    }

    private GroupAnswers.Body body(Call call, int status, Selection selection, Tx tx, String id) {
        var group = groups.named(tx, call.caller().org(), id);
        var tag = new Response.Header("ETag", resources.tag(group));
        return new GroupAnswers.Body(List.of(group), resources.shown(call, selection, tx, group), status == 201
            ? List.of(new Response.Header("Location", call.location(GroupResources.path(group))), tag)
            : List.of(tag));
    }

    private Response create(Call call) {
        var selection = call.selection(ResourceType.GROUP);
        var group = changes.create(call.caller(), call.resource(ResourceType.GROUP));
        return shown(call, 201, selection, group.role().id().toString());
    }

    private Response replace(Call call) {
        var selection = call.selection(ResourceType.GROUP);
        var group = changes.replace(asked(call), call.resource(ResourceType.GROUP));
        return shown(call, 200, selection, group.role().id().toString());
    }

    private Response patch(Call call) {
        var selection = call.selection(ResourceType.GROUP);
        var group = changes.patch(asked(call), call.patch(ResourceType.GROUP));
        return call.base() == Base.COMPATIBLE || selection.isGiven() && call.part().isEmpty()
            ? shown(call, 200, selection, group.role().id().toString())
            : Response.noContent().with("ETag", resources.tag(group));
    }

    /// The group, if it is as the client says that it is.
    private Asked asked(Call call) {
        return new Asked(call.caller(), call.id(), group -> call.mustBeMet(() -> resources.tags(group)));
    }

    private Response delete(Call call) {
        try {
            changes.delete(asked(call));
            return Response.noContent();
        } catch (Refused e) {
            if (e.problem() instanceof Problem.Unfit(var texts)) { // the role, not the request
                return call.answer(new ScimError(403, String.join("; ", texts)));
            }
            throw e;
        }
    }
}
