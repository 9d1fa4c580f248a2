package roster.door.web.console;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import roster.base.db.Database;
import roster.base.db.Tx;
import roster.base.http.Needs;
import roster.base.http.Response;
import roster.core.index.InvitationQuery;
import roster.core.invitation.InvitationList;
import roster.core.invitation.Invitations;
import roster.core.invitation.Tracked;
import roster.core.invitation.Invitations.Standing;
import roster.core.mail.Deliveries;
import roster.core.mail.Delivery;
import roster.core.permission.Catalogue;
import roster.core.role.Holdings;
import roster.core.role.Roles;
import roster.core.session.Session;
import roster.core.session.Sessions;
import roster.core.user.History;
import roster.core.user.Users;
import roster.door.web.console.PersonPage.InvitationRow;
import roster.door.web.console.PersonPage.SessionRow;
import roster.model.Page;
import roster.model.Paging;
import roster.model.Permission;
import roster.model.Problem.BadParameter;
import roster.model.Refused;
import roster.model.User;

/// `/console/people/{id}/invitations`, `/access`, `/history`: what was sent to a person, how they come in, and what happened.
public final class PersonPages {
    static final String PATH = PeoplePages.PERSON;
    static final String PERMISSIONS = PATH + "/permissions";
    static final String INVITATIONS = PATH + "/invitations";
    static final String ACCESS = PATH + "/access";
    static final String HISTORY = PATH + "/history";

    private static final int INVITATIONS_SHOWN = 50;
    private static final String PAGE = "page";
    private static final Pattern PAGE_NUMBER = Pattern.compile("[1-9][0-9]{0,5}");
    private static final String ALL = "all";

    private final Persons persons;
    private final Database db;
    private final Users users;
    private final Roles roles;
    private final History history;
    private final Catalogue catalogue;
    private final Sessions sessions;
    private final InvitationList invitations;
    private final Deliveries deliveries;
    private final PersonKeys keys;

    PersonPages(Persons persons, ConsoleDoor.Rooms rooms, Catalogue catalogue, Database db) {
        this.persons = persons;
        this.db = db;
        this.catalogue = catalogue;
        users = rooms.user().users;
        roles = rooms.role().roles;
        history = rooms.user().history;
        sessions = rooms.session().sessions;
        invitations = rooms.invitation().list;
        deliveries = rooms.mail().deliveries;
        keys = new PersonKeys(rooms.key());
    }

    void addTo(Console.Pages pages) {
        pages.get(INVITATIONS, Needs.sessionOf(Permission.USER_ACCESS_INVITE), this::invitations)
            .get(ACCESS, Needs.sessionOf(Permission.USER_ACCESS_MANAGE, Permission.ORG_APP_KEYS_READ),
                visit -> persons.page(visit, "web/console/person-access.jte", (tx, user) -> access(visit, tx, user)))
            .postFresh(ACCESS, Needs.sessionOf(Permission.USER_ACCESS_MANAGE), this::end)
            .get(HISTORY, Needs.sessionOf(Permission.AUDIT_LOGS_READ),
                visit -> persons.page(visit, "web/console/person-history.jte", (tx, user) -> history(visit, tx, user)));
    }

    private PersonHead head(Visit visit, Tx tx, User user, String route) {
        return persons.head(visit, tx, user, route,
            new Holdings(catalogue, roles.all(tx, user.org(), user.roles())).count());
    }

    private Response invitations(Visit visit) {
        var number = visit.request().query().first(PAGE).map(PersonPages::pageNumber).orElse(1L);
        var id = visit.read(tx -> persons.named(visit, tx)).id();
        var page = invitations.page(visit.caller().org(), new InvitationQuery(Optional.empty(), Optional.empty(),
            Optional.empty(), Optional.of(id), InvitationQuery.Sort.CREATED_AT, true,
            new Paging(INVITATIONS_SHOWN, number - 1)));
        return persons.page(visit, "web/console/person-invitations.jte",
            (tx, user) -> invitations(visit, tx, user, page, number));
    }

    private static long pageNumber(String sent) {
        if (!PAGE_NUMBER.matcher(sent).matches()) {
            throw new Refused(new BadParameter(PAGE));
        }
        return Long.parseLong(sent);
    }

    private PersonPage.Invitations invitations(Visit visit, Tx tx, User user, Page<Standing> page, long number) {
        var sent = deliveries.of(tx, user.org(), Invitations.LETTER,
            page.items().stream().map(one -> one.invitation().id().value()).toList());
        var inviters = users.all(tx, user.org(), page.items().stream()
            .flatMap(one -> one.invitation().inviter().stream()).collect(Collectors.toSet())).stream()
            .collect(Collectors.toMap(User::id, Persons::name));
        var href = visit.link().to(INVITATIONS, user.id()).orElseThrow();
        return new PersonPage.Invitations(head(visit, tx, user, INVITATIONS),
            Words.counted(page.filtered(), "invitation"),
            page.items().stream().map(one -> row(visit, one, sent, inviters)).toList(),
            Optional.of(number).filter(at -> at > 1).map(at -> href + Persons.query(visit, "page=" + (at - 1))),
            Optional.of(number).filter(at -> at * INVITATIONS_SHOWN < page.filtered())
                .map(at -> href + Persons.query(visit, "page=" + (at + 1))));
    }

    private static InvitationRow row(Visit visit, Standing one, Map<UUID, Delivery> sent,
        Map<User.Id, String> inviters) {
        var invitation = one.invitation();
        var tracked = new Tracked(invitation, one.state(), Optional.ofNullable(sent.get(invitation.id().value())));
        var ways = InvitationPages.Ways.of(visit, tracked);
        return new InvitationRow(invitation.email(), FateBadge.of(tracked.fate()),
            InvitationWords.told(tracked, visit.times()),
            invitation.inviter().map(by -> inviters.getOrDefault(by, Sentences.ANONYMISED)).orElse("The operator"),
            visit.times().brief(invitation.createdAt()), visit.times().full(invitation.expiresAt()),
            visit.link().to(InvitationPages.INVITATION, invitation.id()), ways.again(), ways.cancel(), ways.back());
    }

    private PersonPage.Access access(Visit visit, Tx tx, User user) {
        var end = visit.link().post(ACCESS, user.id());
        return new PersonPage.Access(head(visit, tx, user, ACCESS), end, end.isEmpty() ? List.of()
            : sessions.of(tx, user.org(), user.id()).stream().map(one -> row(visit, one)).toList(),
            PersonKeys.areReadable(visit.caller(), user) ? Optional.of(keys.shown(visit, tx, user, KeyOrigin.PERSON))
                : Optional.empty());
    }

    private static SessionRow row(Visit visit, Session one) {
        return new SessionRow(one.id().toString(), one.browserName(), one.shownBy(), one.address().orElse("unknown"),
            visit.times().full(one.createdAt()), visit.times().brief(one.lastSeenAt()),
            visit.caller().session().equals(Optional.of(one.id().value())));
    }

    /// Ends one session, or all of them.
    private Response end(Visit visit) {
        var which = visit.form().text("session");
        var ended = db.write(visit.caller(), tx -> {
            var user = persons.named(visit, tx);
            if (which.equals(ALL)) {
                return sessions.endAll(tx, user.id(), Optional.empty(), "administrator");
            }
            sessions.end(tx, user.id(), which, "administrator");
            return 1;
        });
        return visit.goOn(ACCESS.replace("{id}", visit.request().pathText("id")),
            Notice.done(ended == 0 ? "There was no session." : ended == 1 ? "The session is ended."
                : Words.counted(ended, "session") + " are ended."));
    }

    private PersonPage.History history(Visit visit, Tx tx, User user) {
        return UserTrail.of(visit, tx, history, user, head(visit, tx, user, HISTORY), HISTORY);
    }
}
