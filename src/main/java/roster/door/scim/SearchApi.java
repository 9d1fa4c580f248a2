package roster.door.scim;

import java.util.List;
import roster.base.http.Response;
import roster.base.scim.Filter;
import roster.base.scim.ResourceType;
import roster.base.scim.Selection;
import roster.base.secret.CursorCodec;
import roster.core.provisioning.ResourceSearch;

/// `/.search`: people and groups in one list.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc7644#section-3.4.3">RFC 7644, 3.4.3</a>
final class SearchApi {
    /// Beside the resources that are searched.
    static final String SEARCH = "/.search";

    private final ResourceSearch search;
    private final UserResources users;
    private final GroupResources groups;
    private final GroupAnswers answers;
    private final Lists lists;

    SearchApi(ResourceSearch search, UserResources users, GroupResources groups, GroupAnswers answers,
        CursorCodec cursors) {
        this.search = search;
        this.users = users;
        this.groups = groups;
        this.answers = answers;
        this.lists = new Lists(cursors, "");
    }

    void addTo(ScimRoutes routes) {
        routes.post(SEARCH, this::list);
    }

    private Response list(Call call) {
        var asked = ListAsked.inBody(call);
        var ofUsers = asked.filter().map(text -> Filter.parse(ResourceType.USER, List.of(ResourceType.GROUP), text));
        var ofGroups = asked.filter().map(text -> Filter.parse(ResourceType.GROUP, List.of(ResourceType.USER), text));
        var order = asked.order(UserApi.SORTABLE, GroupApi.SORTABLE);
        var part = lists.part(call, asked, order);
        var found = search.list(call.caller().org(), ofUsers, ofGroups, order, part,
            user -> users.json(call, users.rendered(user), Selection.ALL), groups.shown(call));
        var few = found.resources().stream().flatMap(one -> one.group().stream()).toList();
        var userSelection = asked.selection(ResourceType.USER);
        var groupSelection = asked.selection(ResourceType.GROUP);
        return answers.answered(call, 200, groupSelection, tx -> new GroupAnswers.Body(few, lists.answer(call, asked,
            order, found.total(), found.next(),
            found.resources().stream().map(one -> one.user()
                .map(user -> users.json(call, users.rendered(user), userSelection))
                .orElseGet(() -> groups.shown(call, groupSelection, tx, one.group().orElseThrow()))).toList()),
            List.of()));
    }
}
