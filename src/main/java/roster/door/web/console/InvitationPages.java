package roster.door.web.console;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import roster.base.db.Tx;
import roster.base.http.Needs;
import roster.base.http.Query;
import roster.base.http.Response;
import roster.core.audit.TrailOfInvitation;
import roster.core.index.PeopleRequest.Place;
import roster.core.invitation.InvitationSearch;
import roster.core.invitation.Invitations;
import roster.core.invitation.Tracked;
import roster.core.invitation.TrackedInvitations;
import roster.core.mail.Deliveries;
import roster.core.mail.Delivery;
import roster.core.user.Users;
import roster.door.web.console.InvitationPage.Email;
import roster.door.web.console.InvitationPage.Named;
import roster.door.web.console.PersonHead.Act;
import roster.model.Id;
import roster.model.Invitation;
import roster.model.Org;
import roster.model.Permission;
import roster.model.Problem.NotFound;
import roster.model.Refused;
import roster.model.User;

/// `/console/invitations`: the list of invitations, and one.
public final class InvitationPages {
    static final String PATH = "/console/invitations";
    static final String INVITATION = PATH + "/{id}";
    static final Needs NEEDS = Needs.sessionOf(Permission.USER_ACCESS_INVITE);

    /// The parameters of the list, in order.
    static final List<String> ORDER = List.of("q", "state", "sender", "sent_from", "expires", "sort", "sel");

    private static final Needs TRAIL = Needs.sessionOf(Permission.AUDIT_LOGS_READ);

    /// The latest e-mails, and entries of the trail, that are shown of an invitation.
    private static final int EMAILS = 50;
    private static final int ENTRIES = 50;

    private final TrackedInvitations tracked;
    private final Deliveries deliveries;
    private final Users users;

    InvitationPages(ConsoleDoor.Rooms rooms) {
        tracked = rooms.invitation().tracked;
        deliveries = rooms.mail().deliveries;
        users = rooms.user().users;
    }

    void addTo(Console.Pages pages) {
        pages.get(PATH, NEEDS, this::list).get(INVITATION, NEEDS, this::show);
    }

    /// What an address asks for.
    ///
    /// @param address canonical
    /// @param fault of the search; empty: none
    record Asked(ListAddress address, InvitationSearch search, Place place, String typed, String fault) {}

    private Response list(Visit visit) {
        PeoplePages.keepRows(visit);
        var asked = asked(visit, visit.request().query());
        if (!visit.isPart() && asked.fault().isEmpty() && !asked.address().isOf(visit.request().query())) {
            return visit.moved(asked.address());
        }
        visit.viewer();
        var listed = tracked.list(visit.caller().org(), asked.search(), asked.place(),
            visit.viewer().preference().rows(), visit.times().zone());
        var concerned = new ArrayList<User.Id>();
        asked.search().sender().ifPresent(concerned::add);
        listed.items().forEach(one -> concerned.addAll(concerned(one.invitation())));
        var names = visit.read(tx -> people(tx, visit.caller().org(), concerned));
        var shown = new InvitationsShown(visit, asked, listed, names);
        var status = asked.fault().isEmpty() ? 200 : 422;
        return visit.isPart() ? visit.page(status, "web/console/invitations-part.jte", shown.page())
            .with("HX-Replace-Url", visit.link().to(asked.address()).orElseThrow())
            : visit.page(status, "web/console/invitations.jte", shown.page());
    }

    private static List<User.Id> concerned(Invitation invitation) {
        var concerned = new ArrayList<>(List.of(invitation.user()));
        invitation.inviter().ifPresent(concerned::add);
        return concerned;
    }

    private Map<User.Id, User> people(Tx tx, Org.Id org, Collection<User.Id> ids) {
        return users.all(tx, org, ids.stream().distinct().toList()).stream()
            .collect(Collectors.toMap(User::id, user -> user));
    }

    private Asked asked(Visit visit, Query sent) {
        var address = ListAddress.of(PATH, ORDER, sent);
        var typed = address.value("q").orElse("");
        var tooLong = InvitationSearch.isTooLong(typed);
        var words = tooLong ? address.without("q") : address;
        var search = InvitationSearch.read(words::value);
        var place = tracked.place(visit.caller().org(), search, words.value(ListAddress.AFTER),
            words.value(ListAddress.BEFORE));
        var canonical = new ListAddress(PATH, ORDER, search.words());
        if (words.value("sel").filter("all"::equals).isPresent()) {
            canonical = canonical.with("sel", "all");
        }
        return new Asked(canonical.placed(place, words), search, place, typed,
            tooLong ? "Search for at most %d characters.".formatted(InvitationSearch.TEXT_MAX) : "");
    }

    /// The invitation that an address is about, cancelled ones too.
    ///
    /// @throws Refused with [NotFound]
    static Tracked named(Visit visit, Tx tx, TrackedInvitations all) {
        var sent = visit.request().pathText("id");
        return Id.parse(sent).flatMap(id -> all.find(tx, visit.caller().org(), new Invitation.Id(id)))
            .orElseThrow(() -> new Refused(new NotFound(sent + " not found")));
    }

    private Response show(Visit visit) {
        visit.viewer(); // a read of its own, before the next
        return visit.page("web/console/invitation.jte", visit.read(tx -> page(visit, tx, named(visit, tx, tracked))));
    }

    private InvitationPage page(Visit visit, Tx tx, Tracked one) {
        var invitation = one.invitation();
        var link = visit.link();
        var times = visit.times();
        var people = people(tx, invitation.org(), concerned(invitation));
        var shell = visit.shell(Section.INVITATIONS, "Invitation of " + invitation.email());
        return new InvitationPage(shell,
            Back.of(visit, PATH, ORDER, "Invitations"), Marked.of(invitation.email(), Optional.empty()),
            FateBadge.of(one.fate()), InvitationWords.told(one, times), acts(visit, one),
            named(link, people.get(invitation.user())),
            invitation.inviter().map(by -> named(link, people.get(by)))
                .orElse(new Named("The operator", Optional.empty())),
            invitation.inviter().flatMap(by -> link.to(ListAddress.of(PATH, ORDER).with("sender", by.toString()))),
            InvitationWords.type(invitation.type()), times.full(invitation.createdAt()),
            invitation.generation() == 1 ? "Once" : Words.number(invitation.generation()) + " times",
            times.full(invitation.expiresAt()), invitation.acceptedAt().map(times::full),
            invitation.cancelledAt().map(times::full), invitation.id().toString(),
            deliveries.history(tx, invitation.org(), Invitations.LETTER, invitation.id(), EMAILS).stream()
                .map(email -> email(visit, email)).toList(),
            TRAIL.areMetBy(visit.caller()) ? Optional.of(TrailShown.of(visit,
                TrailOfInvitation.list(tx, invitation.org(), invitation.user(), invitation.id(), ENTRIES),
                Optional.empty(), Map.of())) : Optional.empty());
    }

    private static Named named(Link link, User user) {
        return user == null ? new Named("A person who is gone", Optional.empty())
            : new Named(Persons.name(user), link.to(PersonPages.PATH, user.id()));
    }

    private static Email email(Visit visit, Delivery email) {
        return new Email(visit.times().full(email.queuedAt()), InvitationWords.badge(email),
            InvitationWords.told(email, visit.times()),
            email.attempts() == 0 ? "None yet" : Words.number(email.attempts()),
            email.letter().toString(), visit.link().to(MailboxPages.LETTER, email.letter()));
    }

    private static List<Act> acts(Visit visit, Tracked one) {
        var acts = new ArrayList<Act>();
        var query = Persons.query(visit, "");
        var ways = Ways.of(visit, one);
        ways.again().ifPresent(href -> acts.add(new Act("Send again", "plane", "main", href + query)));
        ways.back().ifPresent(href -> acts.add(new Act("It came back", "return", "", href + query)));
        ways.cancel().ifPresent(href -> acts.add(new Act("Cancel", "cross", "danger", href + query)));
        return acts;
    }

    /// Where an invitation is sent again, cancelled, and recorded that it came back; none: it cannot be, or the caller may not.
    record Ways(Optional<String> again, Optional<String> cancel, Optional<String> back) {
        static Ways of(Visit visit, Tracked one) {
            var link = visit.link();
            var id = one.invitation().id();
            return new Ways(
                one.canBeResent() ? link.to(InvitationActPages.RESEND, id) : Optional.empty(),
                one.canBeCancelled(visit.times().now()) ? link.to(InvitationActPages.CANCEL, id) : Optional.empty(),
                one.canComeBack() ? link.to(InvitationActPages.BOUNCED, id) : Optional.empty());
        }
    }
}
