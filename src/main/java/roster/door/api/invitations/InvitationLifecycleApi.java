package roster.door.api.invitations;

import static roster.model.Permission.USER_ACCESS_INVITE;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import roster.base.db.Database;
import roster.base.http.Query;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.base.jsonapi.Document;
import roster.base.jsonapi.PageParameters;
import roster.base.jsonapi.Resource;
import roster.base.jsonapi.Sorting;
import roster.core.index.InvitationQuery;
import roster.core.index.InvitationRequest.Choice;
import roster.core.invitation.Fate;
import roster.core.invitation.InvitationLifecycle;
import roster.core.invitation.InvitationList;
import roster.core.invitation.Invitations.Standing;
import roster.model.Id;
import roster.model.Invitation.State;
import roster.model.Problem.BadParameter;
import roster.model.Refused;
import roster.model.User;

/// `/api/v2/roster/invitations`: lists, resends and cancels invitations. An addition of Roster to the contract.
public final class InvitationLifecycleApi {
    private static final int PAGE_MAX = 100;

    private final Database db;
    private final InvitationLifecycle sentInvitations;
    private final InvitationList list;

    public InvitationLifecycleApi(Database db, InvitationLifecycle sentInvitations, InvitationList list) {
        this.db = db;
        this.sentInvitations = sentInvitations;
        this.list = list;
    }

    public void addTo(Routes routes) {
        routes.get("/api/v2/roster/invitations", USER_ACCESS_INVITE, this::list);
        routes.post("/api/v2/roster/invitations/{invitation_id}/resend", USER_ACCESS_INVITE, this::resend);
        routes.delete("/api/v2/roster/invitations/{invitation_id}", USER_ACCESS_INVITE, this::cancel);
    }

    private Response list(Request request) {
        var query = query(request.query());
        var page = list.page(request.caller().org(), query, request.query().first("filter[delivery]")
            .map(InvitationLifecycleApi::fates).orElse(Set.of()));
        return Document.of(page.items().stream().map(InvitationLifecycleApi::listed).toList())
            .count("total_count", page.total())
            .count("total_filtered_count", page.filtered())
            .answer(200);
    }

    private static InvitationQuery query(Query sent) {
        var paging = PageParameters.paging(sent, PAGE_MAX);
        var sorting = Sorting.of(sent, InvitationQuery.Sort.values(), "-created_at");
        return new InvitationQuery(sent.first("filter"),
            sent.first("filter[state]").map(InvitationLifecycleApi::states).map(Choice::of),
            userId(sent, "filter[inviter]"), userId(sent, "filter[user]"),
            sorting.by(), sorting.descending(), paging);
    }

    private static Set<State> states(String words) {
        var wanted = EnumSet.noneOf(State.class);
        for (var word : words.split(",", -1)) {
            wanted
                .add(Stream.of(State.values()).filter(state -> state.name().equalsIgnoreCase(word.strip())).findFirst()
                    .orElseThrow(() -> new Refused(new BadParameter("filter[state]"))));
        }
        return wanted;
    }

    private static Set<Fate> fates(String words) {
        var wanted = EnumSet.noneOf(Fate.class);
        for (var word : words.split(",", -1)) {
            wanted.add(Fate.OPEN.stream().filter(fate -> fate.word().equalsIgnoreCase(word.strip())).findFirst()
                .orElseThrow(() -> new Refused(new BadParameter("filter[delivery]"))));
        }
        return wanted;
    }

    private static Optional<User.Id> userId(Query sent, String name) {
        return sent.first(name).map(text -> Id.parse(text).map(User.Id::new)
            .orElseThrow(() -> new Refused(new BadParameter(name))));
    }

    private Response resend(Request request) {
        var id = request.pathText("invitation_id");
        var renewed = db.write(request.caller(), tx -> sentInvitations.resend(tx, id));
        return Document.of(InvitationApi.resource(renewed)).answer(200);
    }

    private Response cancel(Request request) {
        db.write(request.caller(), tx -> {
            sentInvitations.cancel(tx, request.pathText("invitation_id"));
            return null;
        });
        return Response.noContent();
    }

    /// The attributes of the contract, and the state of the invitation.
    private static Resource listed(Standing standing) {
        var invitation = standing.invitation();
        var resource = InvitationApi.resource(invitation)
            .with("email", invitation.email())
            .with("state", standing.state().name().toLowerCase(Locale.ROOT))
            .with("generation", invitation.generation())
            .with("accepted_at", invitation.acceptedAt())
            .with("cancelled_at", invitation.cancelledAt());
        invitation.inviter().ifPresent(inviter -> resource.toOne("inviter", "users", inviter));
        return resource;
    }

}
