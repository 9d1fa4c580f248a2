package roster.door.web.console;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import roster.base.db.Tx;
import roster.base.http.Needs;
import roster.base.http.Response;
import roster.core.audit.TrailEntry;
import roster.core.audit.TrailOfUser;
import roster.core.permission.Catalogue;
import roster.core.role.Holdings;
import roster.core.role.Roles;
import roster.core.user.History;
import roster.core.user.History.Cause;
import roster.core.user.History.UserAsOf;
import roster.door.web.console.PersonPage.Alone;
import roster.door.web.console.PersonPage.AsOf;
import roster.door.web.console.PersonPage.Chip;
import roster.door.web.console.PersonPage.Facts;
import roster.door.web.console.PersonPage.May;
import roster.door.web.console.PersonPage.Moment;
import roster.door.web.console.PersonPage.Profile;
import roster.door.web.console.PersonPage.RoleLine;
import roster.model.Email;
import roster.model.Org;
import roster.model.Permission;
import roster.model.Problem.BadParameter;
import roster.model.Problem.Forbidden;
import roster.model.Problem.NotFound;
import roster.model.Refused;
import roster.model.Role;
import roster.model.User;
import tools.jackson.databind.JsonNode;

/// `/console/people/{id}`: who a person is, now or at a past moment.
public final class ProfilePages {
    private static final String TEMPLATE = "web/console/person.jte";
    private static final String AS_OF = "as_of";
    private static final DateTimeFormatter FIELD = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm");

    /// The years that the field can write, as the database can.
    private static final int YEAR_MIN = 1;
    private static final int YEAR_MAX = 9999;

    /// Entries on the page, and permissions that are named of each role.
    private static final int NAMED = 8;

    private final Persons persons;
    private final Roles roles;
    private final History history;
    private final Catalogue catalogue;
    private final FromDirectory directories;

    ProfilePages(Persons persons, ConsoleDoor.Rooms rooms, Catalogue catalogue) {
        this.persons = persons;
        this.roles = rooms.role().roles;
        this.history = rooms.user().history;
        this.catalogue = catalogue;
        this.directories = new FromDirectory(rooms.provisioning().marks);
    }

    void addTo(Console.Pages pages) {
        pages.get(PersonPages.PATH, Needs.sessionOf(Permission.USER_ACCESS_READ), this::profile);
    }

    private Response profile(Visit visit) {
        var sent = visit.request().query().first(AS_OF).filter(text -> !text.isEmpty());
        return sent.isEmpty() ? persons.page(visit, TEMPLATE, (tx, user) -> now(visit, tx, user))
            : then(visit, moment(visit, sent.get()));
    }

    private PersonPage.Profile now(Visit visit, Tx tx, User user) {
        var held = roles.all(tx, user.org(), user.roles());
        var holdings = new Holdings(catalogue, held);
        var head = persons.head(visit, tx, user, PersonPages.PATH, holdings.count());
        var historyHref = visit.link().to(PersonPages.HISTORY, user.id());
        var since = historyHref.isPresent() ? history.memberships(tx, user) : Map.<Role.Id, Cause>of();
        var givers = persons.names(tx, user.org(), since.values());
        return new Profile(head, Optional.empty(),
            held.stream().map(role -> new RoleLine(role.name(), visit.link().to("/console/roles/{id}", role.id()),
                Optional.ofNullable(since.get(role.id())).map(cause -> given(visit, cause, givers)).orElse(""),
                Words.counted(holdings.count(role), "permission"))).toList(),
            visit.link().to(EditPages.ROLES, user.id()).filter(_ -> !Email.isAnonymous(user.email())),
            held.isEmpty() ? Optional.empty()
                : Optional.of(may(visit, user, holdings, held)),
            historyHref.map(href -> UserTrail.latest(visit, tx, history, user, href)),
            facts(visit, tx, user, historyHref.isPresent()),
            historyHref.map(_ -> momentField(visit, tx, user, "")));
    }

    private static String given(Visit visit, Cause cause, Map<UUID, String> givers) {
        return "Given by " + cause.by().map(id -> givers.getOrDefault(id, Sentences.ANONYMISED))
            .orElseGet(() -> Sentences.actorName(cause.byName())) + " on " + visit.times().full(cause.at()).text();
    }

    private static May may(Visit visit, User user, Holdings holdings, List<Role> held) {
        var alone = holdings.alone().entrySet().stream().map(one -> new Alone(
            one.getValue().size() == 1 ? "1 permission comes"
                : Words.counted(one.getValue().size(), "permission") + " come",
            one.getKey().name(), one.getValue().stream().limit(NAMED).map(entry -> new Chip(entry.permission().name(),
                visit.link().to(PersonPermissionPages.WHY, user.id(), entry.permission().name()))).toList(),
            Math.max(0, one.getValue().size() - NAMED))).toList();
        var text =
            user.disabled() ? "They are disabled and may do nothing now. This applies again when they are enabled."
                : held.size() == 1 ? "All of it comes from " + held.getFirst().name() + "."
                : alone.isEmpty() ? "Nothing comes from one role alone." : "";
        return new May(text, alone, holdings.count() == 1 ? "The 1 permission, and why"
            : "All " + Words.counted(holdings.count(), "permission") + ", and why",
            visit.link().to(PersonPages.PERMISSIONS, user.id()));
    }

    private Facts facts(Visit visit, Tx tx, User user, boolean trail) {
        var times = visit.times();
        var how = trail && user.lastLoginAt().isPresent()
            ? TrailOfUser.latest(tx, user.org(), user.id(), "sign_in.succeeded").map(ProfilePages::how).orElse("") : "";
        return new Facts(Marked.of(user.email(), Optional.empty()), Marked.of(user.handle(), Optional.empty()),
            user.title().orElse(""), user.lastLoginAt().map(times::brief), how,
            Optional.of(times.full(user.createdAt())), Optional.of(times.full(user.modifiedAt())),
            directories.of(tx, user), user.id().toString());
    }

    private static String how(TrailEntry entry) {
        return "with " + Sentences.method(entry.after().path("method").asString(""))
            + entry.address().map(", from %s"::formatted).orElse("");
    }

    private static Moment momentField(Visit visit, Tx tx, User user, String value) {
        return new Moment(visit.link().to(PersonPages.PATH, user.id()).orElseThrow(), value,
            "Your time zone, %s. The trail begins %s.".formatted(visit.times().zone().getId(),
                visit.times().day(TrailOfUser.begin(tx, user.org())).text()));
    }

    /// A moment as the field sends it, in the zone of the one who asks, or as links have it.
    private static Instant moment(Visit visit, String sent) {
        try {
            return roster.base.json.Times.parse(sent).or(() -> Optional.of(LocalDateTime.parse(sent))
                .filter(time -> time.getYear() >= YEAR_MIN && time.getYear() <= YEAR_MAX)
                .map(time -> time.atZone(visit.times().zone()).toInstant()))
                .orElseThrow(() -> new Refused(new BadParameter(AS_OF)));
        } catch (DateTimeException e) {
            throw new Refused(new BadParameter(AS_OF));
        }
    }

    private Response then(Visit visit, Instant moment) {
        if (visit.link().to(PersonPages.HISTORY, visit.request().pathText("id")).isEmpty()) {
            throw new Refused(new Forbidden(Permission.AUDIT_LOGS_READ));
        }
        return persons.page(visit, TEMPLATE, (tx, user) -> then(visit, tx, user, moment));
    }

    private PersonPage.Profile then(Visit visit, Tx tx, User user, Instant moment) {
        var now = persons.head(visit, tx, user, PersonPages.PATH, 0);
        var then = asOf(tx, user, moment);
        var at = visit.times().full(moment).text();
        var href = visit.link().to(PersonPages.PATH, user.id()).orElseThrow();
        var field = Optional.of(momentField(visit, tx, user,
            FIELD.format(moment.atZone(visit.times().zone()).truncatedTo(ChronoUnit.MINUTES))));
        var name = then.flatMap(one -> text(one, "name")).or(() -> then.flatMap(one -> text(one, "email")))
            .orElse(now.name());
        var head = new PersonHead(visit.shell(Section.PEOPLE, name + " on " + at), now.id(), name,
            then.flatMap(one -> text(one, "email")).filter(email -> !email.equals(name))
                .map(email -> Marked.of(email, Optional.empty())),
            Avatar.of(user.id().value(), Optional.of(name), name), then.map(ProfilePages::status), false, now.self(),
            now.back(), List.of(), List.of());
        return new Profile(head, Optional.of(new AsOf(then.isPresent() ? "As they were on " + at + "."
            : "They were not here yet on " + at + ".", href)),
            then.map(one -> rolesThen(visit, tx, user.org(), one)).orElse(List.of()), Optional.empty(),
            Optional.empty(), Optional.empty(), factsThen(visit, user, then), field);
    }

    private Optional<UserAsOf> asOf(Tx tx, User user, Instant moment) {
        try {
            return Optional.of(history.asOf(tx, user.org(), user.id().toString(), moment));
        } catch (Refused e) {
            if (e.problem() instanceof NotFound) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static Optional<String> text(UserAsOf then, String fact) {
        return then.facts().get(fact) instanceof JsonNode value && !value.isNull()
            ? Optional.of(value.asString()).filter(text -> !text.isBlank()) : Optional.empty();
    }

    private static User.Status status(UserAsOf then) {
        if (text(then, "disabled").filter("true"::equals).isPresent()) {
            return User.Status.DISABLED;
        }
        return text(then, "verified").filter("true"::equals).isPresent() ? User.Status.ACTIVE : User.Status.PENDING;
    }

    private List<RoleLine> rolesThen(Visit visit, Tx tx, Org.Id org, UserAsOf then) {
        var there = new LinkedHashMap<UUID, Role>();
        roles.all(tx, org, then.roles().stream().map(Role.Id::new).toList())
            .forEach(role -> there.put(role.id().value(), role));
        var names = history.roleNames(tx, org, then.roles());
        return then.roles().stream().map(id -> new RoleLine(
            Optional.ofNullable(there.get(id)).map(Role::name).orElse(names.getOrDefault(id, "A role that is gone")),
            Optional.ofNullable(there.get(id)).flatMap(role -> visit.link().to("/console/roles/{id}", role.id())), "",
            there.containsKey(id) ? "" : "Deleted since")).toList();
    }

    private static Facts factsThen(Visit visit, User user, Optional<UserAsOf> then) {
        return new Facts(Marked.of(then.flatMap(one -> text(one, "email")).orElse("none"), Optional.empty()),
            Marked.of(then.flatMap(one -> text(one, "handle")).orElse("none"), Optional.empty()),
            then.flatMap(one -> text(one, "title")).orElse(""), Optional.empty(), "", Optional.empty(),
            then.map(one -> visit.times().full(one.last().at())), Optional.empty(), user.id().toString());
    }
}
