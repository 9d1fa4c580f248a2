package roster.door.scim;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import roster.base.db.Database;
import roster.base.db.Tx;
import roster.base.http.Conditions;
import roster.base.http.Response;
import roster.base.scim.Attributes;
import roster.base.scim.Filter;
import roster.base.scim.ResourceBody;
import roster.base.scim.ResourceType;
import roster.base.scim.Selection;
import roster.base.scim.Sent;
import roster.base.scim.SetEffect;
import roster.base.secret.CursorCodec;
import roster.core.provisioning.GroupLookUps;
import roster.core.provisioning.GroupSearch;
import roster.core.provisioning.KnownMembers;
import roster.core.provisioning.MemberChanges;
import roster.core.provisioning.ProvisionedGroup;
import roster.core.provisioning.ProvisionedGroups;
import roster.core.provisioning.ProvisionedGroups.Edit;
import roster.core.provisioning.ProvisioningFeature;
import roster.model.Problem;
import roster.model.Refused;

/// `/Groups`: the roles of the caller's organisation, as directories name them and put people into them.
final class GroupApi {
    private static final String GROUPS = "/Groups";
    private static final String GROUP = "/Groups/{id}";
    private static final String NAME = "displayName";
    private static final String EXTERNAL_ID = "externalId";
    private static final String MEMBERS = GroupAnswers.MEMBERS;

    static final ListAsked.Sortable SORTABLE = new ListAsked.Sortable(ResourceType.GROUP, GroupSearch.SORTABLE);

    private final Database db;
    private final ProvisionedGroups groups;
    private final MemberChanges changes;
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
        this.changes = provisioning.memberChanges;
        this.knownMembers = provisioning.knownMembers;
        this.search = provisioning.groupSearch;
        this.lookUps = provisioning.groupLookUps;
        this.resources = resources;
        this.answers = answers;
        this.lists = new Lists(cursors, GROUPS);
    }

    void addTo(ScimRoutes routes) {
        routes.get(GROUPS, call -> list(call, ListAsked.inQuery(call)))
            .post(GROUPS + SearchApi.SEARCH, call -> list(call, ListAsked.inBody(call))).get(GROUP, this::read)
            .delete(GROUP, this::delete);
        routes.large().post(GROUPS, this::create).put(GROUP, this::replace).patch(GROUP, this::patch);
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
        var sent = call.resource(ResourceType.GROUP);
        var group = db.write(call.caller(), tx -> groups.create(tx, sent.attributes().text(NAME).orElseThrow(),
            externalId(sent.attributes()), members(sent)));
        return shown(call, 201, selection, group.role().id().toString());
    }

    private static Optional<String> externalId(Attributes attributes) {
        return attributes.text(EXTERNAL_ID).filter(id -> !id.isEmpty());
    }

    private static List<String> members(ResourceBody sent) {
        return sent.attributes().elements(MEMBERS).stream().flatMap(one -> one.text("value").stream())
            .map(GroupApi::id).toList();
    }

    /// Ids are the same in upper and lower case.
    private static String id(String typed) {
        return typed.toLowerCase(Locale.ROOT);
    }

    private Response replace(Call call) {
        var selection = call.selection(ResourceType.GROUP);
        var sent = call.resource(ResourceType.GROUP);
        var how = sent.how(MEMBERS);
        var named = how == Sent.VALUE ? new LinkedHashSet<>(members(sent)) : new LinkedHashSet<String>();
        var members = new SetEffect(how == Sent.EMPTY || !named.isEmpty(), named, Set.of());
        var group = change(call, (_, before) -> new Edit(sent.attributes().text(NAME).orElseThrow(),
            sent.how(EXTERNAL_ID) == Sent.ABSENT ? before.role().externalId() : externalId(sent.attributes()),
            members));
        return shown(call, 200, selection, group.role().id().toString());
    }

    private Response patch(Call call) {
        var selection = call.selection(ResourceType.GROUP);
        var sent = call.patch(ResourceType.GROUP).translated(MEMBERS, typed -> Optional.of(id(typed)));
        var group = change(call, (tx, before) -> {
            var after = sent.apply(Attributes.of(before.attributes()).without("meta", "id"));
            return new Edit(after.text(NAME).orElseThrow(), externalId(after),
                changes.of(tx, before, sent.changes(MEMBERS)));
        });
        return call.base() == Base.COMPATIBLE || selection.isGiven() && call.part().isEmpty()
            ? shown(call, 200, selection, group.role().id().toString())
            : Response.noContent().with("ETag", resources.tag(group));
    }

    /// Changes a group under the lock, which is not waited for if nothing is to be changed.
    private ProvisionedGroup change(Call call, BiFunction<Tx, ProvisionedGroup, Edit> wish) {
        var same = db.read(tx -> Optional.of(met(call, tx))
            .filter(group -> !groups.mayChange(tx, group, wish.apply(tx, group))));
        return same.orElseGet(() -> db.write(call.caller(), tx -> {
            var group = met(call, tx);
            return groups.change(tx, group, wish.apply(tx, group));
        }));
    }

    /// The group, if it is as the client says that it is.
    private ProvisionedGroup met(Call call, Tx tx) {
        var group = groups.named(tx, call.caller().org(), call.id());
        call.mustBeMet(() -> resources.tags(group));
        return group;
    }

    private Response delete(Call call) {
        try {
            db.write(call.caller(), tx -> {
                groups.delete(tx, met(call, tx));
                return null;
            });
            return Response.noContent();
        } catch (Refused e) {
            if (e.problem() instanceof Problem.Unfit(var texts)) { // the role, not the request
                return call.answer(new ScimError(403, String.join("; ", texts)));
            }
            throw e;
        }
    }
}
