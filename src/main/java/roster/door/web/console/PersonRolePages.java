package roster.door.web.console;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import roster.base.db.Database;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.base.html.Form;
import roster.base.http.Response;
import roster.base.http.SessionMust;
import roster.core.permission.Catalogue;
import roster.core.role.Holdings;
import roster.core.role.HoldingsChange;
import roster.core.role.Roles;
import roster.core.user.Members;
import roster.core.user.Users;
import roster.model.Email;
import roster.model.Id;
import roster.model.Paging;
import roster.model.Problem.Forbidden;
import roster.model.Problem.LastAdministrator;
import roster.model.Problem.NotFound;
import roster.model.Problem.Stale;
import roster.model.Problem.Unfit;
import roster.model.Refused;
import roster.model.Role;
import roster.model.User;

/// `/console/people/{id}/roles/edit`: gives a person roles, and takes them. `/roles/review` says before what they gain and
/// lose: what is to be given and taken is in its address, and is saved by its form, or by one that undoes.
public final class PersonRolePages {
    /// Roles that are shown besides those the person has.
    private static final int SHOWN = 50;

    /// As many roles are given and taken together: each takes four to six statements, and a rehearsal keeps the writes of
    /// the organisation waiting.
    private static final int MOST = 50;

    /// The longest text that is searched for, in characters.
    private static final int TEXT_MAX = 200;

    private static final String ROLE = "role";
    private static final String QUERY = "q";
    private static final String GONE = "A role you chose is gone meanwhile.";
    private static final String OTHERS = "Roles were deleted since you chose. Choose again.";
    private static final String HAS = "Has it";
    private static final String HAS_NOT = "Has it not";

    /// @param more what is not shown; empty: all roles are
    /// @param fields what the form holds besides
    public record RolesForm(Shell shell, Back back, String heading, String query, boolean findable,
        List<Box> boxes, String more, String note, String fault, String action, Map<String, String> fields,
        String cancel) {}

    public record Box(String id, String name, String permissions, boolean ticked) {}

    /// What was done, or would be.
    private record Done(User user, User now, RolesWish wish, List<Role> given, List<Role> taken) {}

    private final Persons persons;
    private final Database db;
    private final Users users;
    private final Members members;
    private final Roles roles;
    private final Catalogue catalogue;
    private final Meanwhile meanwhile;
    private final FromDirectory directories;

    PersonRolePages(Persons persons, ConsoleDoor.Rooms rooms, Meanwhile meanwhile, Catalogue catalogue, Database db) {
        this.persons = persons;
        this.db = db;
        this.users = rooms.user().users;
        this.members = rooms.user().members;
        this.roles = rooms.role().roles;
        this.catalogue = catalogue;
        this.meanwhile = meanwhile;
        this.directories = new FromDirectory(rooms.provisioning().marks);
    }

    void addTo(Console.Pages pages) {
        pages.get(EditPages.ROLES, EditPages.NEEDS, this::edit)
            .add("POST", EditPages.ROLES, EditPages.NEEDS, SessionMust.BE_FRESH, EditPages.BYTES_MAX, this::save)
            .get(EditPages.ROLES_REVIEW, EditPages.NEEDS, this::review);
    }

    /// What the address asks for; none: it is not known any more.
    private static Optional<RolesWish> asked(Visit visit) {
        return RolesWish.read(visit, name -> visit.request().query().first(name).orElse(""));
    }

    private Response edit(Visit visit) {
        var asked = asked(visit);
        return persons.act(visit, asked.isPresent() ? 200 : 412, "web/console/person-roles.jte",
            (tx, user) -> form(visit, tx, user, asked.orElse(RolesWish.NOTHING).of(user.roles()),
                visit.request().query().first(QUERY).orElse(""), meanwhile.fields(user),
                asked.isPresent() ? "" : OTHERS));
    }

    /// @param ticked the roles whose boxes are ticked: all of them are shown, as are those the person has
    private RolesForm form(Visit visit, Tx tx, User user, Collection<Role.Id> ticked, String typed,
        Map<String, String> hidden, String fault) {
        var name = Persons.name(user);
        var query = typed.length() > TEXT_MAX ? "" : typed;
        var found = roles.list(tx, user.org(), new Roles.Filter(Optional.of(query).filter(text -> !text.isBlank()),
            Optional.empty()), Roles.Sort.NAME, false, new Paging(SHOWN, 0), Map.of());
        var shown = new LinkedHashMap<Role.Id, Role>();
        roles.all(tx, user.org(), Stream.concat(user.roles().stream(), ticked.stream()).distinct().toList())
            .forEach(role -> shown.put(role.id(), role));
        found.items().forEach(one -> shown.putIfAbsent(one.role().id(), one.role()));
        var holdings = new Holdings(catalogue, List.of());
        var href = Persons.href(visit, user);
        return new RolesForm(
            visit.shell(Persons.section(user), (fault.isEmpty() ? "" : "Error: ") + "Change the roles of " + name),
            new Back(href, name), "Change the roles of " + name, query, found.total() > SHOWN,
            shown.values().stream().sorted(Roles.BY_NAME).map(role -> new Box(role.id().toString(), role.name(),
                Words.counted(holdings.count(role), "permission"), ticked.contains(role.id()))).toList(),
            found.filtered() > SHOWN ? "The first %d of %s roles%s. Search for the others by name.".formatted(SHOWN,
                Words.number(found.filtered()), query.isBlank() ? "" : " that match") : "",
            directories.beforeGiving(tx, user), fault, visit.link().post(EditPages.ROLES, user.id()).orElseThrow(),
            hidden, href);
    }

    private Response save(Visit visit) {
        var form = visit.form();
        var known = wish(visit, form);
        var wish = known.orElse(_ -> RolesWish.NOTHING);
        if (known.isEmpty()) {
            return again(visit, form, wish, OTHERS, 412);
        }
        if (!form.text("find").isEmpty()) {
            return again(visit, form, wish, "", 200);
        }
        var isDraft = isOfBoxes(form);
        Function<WriteTx, Done> act =
            tx -> done(tx, visit, form.text(Meanwhile.STAMP), user -> wish.apply(user.roles()));
        try {
            var done = isDraft ? db.rehearse(visit.caller(), act) : db.write(visit.caller(), act);
            return done.wish().isNothing()
                ? visit.goOn(Persons.path(done.user()), Notice.done("Nothing was changed."))
                : isDraft ? visit.goOn(visit.read(tx -> done.wish().address(tx, EditPages.ROLES_REVIEW, done.user(),
                    form.text(Meanwhile.STAMP))))
                : visit.goOn(Persons.path(done.user()), visit.read(tx -> told(tx, done)));
        } catch (Refused e) {
            return switch (e.problem()) {
                case Stale _ -> changed(visit, form::text, wish);
                case LastAdministrator _,Forbidden _,Unfit _ -> again(visit, form, wish, Words.of(e.problem()), 422);
                case NotFound _ when exists(visit) -> again(visit, form, wish, GONE, 422);
                default -> throw e;
            };
        }
    }

    /// What is asked for, rehearsed.
    private Response review(Visit visit) {
        var asked = asked(visit);
        if (asked.isEmpty()) {
            return edit(visit);
        }
        var wish = asked.get();
        var stamp = visit.request().query().first(Meanwhile.STAMP).orElse("");
        if (wish.isNothing()) {
            return visit.goOn(EditPages.path(visit) + "/roles/edit");
        }
        Optional<String> refusal;
        try {
            db.rehearse(visit.caller(), tx -> done(tx, visit, stamp, _ -> wish));
            refusal = Optional.empty();
        } catch (Refused e) {
            switch (e.problem()) {
                case Stale _ -> {
                    return changed(visit, _ -> "", _ -> wish);
                }
                case LastAdministrator _,Forbidden _,Unfit _ -> refusal = Optional.of(Words.of(e.problem()));
                case NotFound _ when exists(visit) -> refusal = Optional.of(GONE);
                default -> throw e;
            }
        }
        var why = refusal;
        return persons.act(visit, 200, "web/console/person-roles-review.jte",
            (tx, user) -> review(visit, tx, user, wish, stamp, why));
    }

    private PersonRoleReview review(Visit visit, Tx tx, User user, RolesWish wish, String stamp,
        Optional<String> refusal) {
        var after = wish.of(user.roles());
        var before = roles.all(tx, user.org(), user.roles());
        var change = HoldingsChange.of(catalogue, before, roles.all(tx, user.org(), after));
        var title = "Review the roles of " + Persons.name(user);
        var draft = wish.address(tx, EditPages.ROLES, user, "");
        return new PersonRoleReview(visit.shell(Persons.section(user), title),
            new Back(visit.link().to(EditPages.ROLES, user.id()).orElseThrow()
                + draft.substring(draft.indexOf('?')), "Change it again"),
            title, PersonRoleReview.lead(change),
            PersonRoleReview.roles(catalogue, roles.all(tx, user.org(), wish.give()),
                roles.all(tx, user.org(), wish.take())),
            PersonRoleReview.lines(change),
            PersonRoleReview.facts(change, user, Persons.isSelf(visit, user), directories.beforeGiving(tx, user)),
            refusal, refusal.isPresent() ? Optional.empty() : visit.link().post(EditPages.ROLES, user.id()),
            wish.fields(stamp), Persons.href(visit, user));
    }

    private boolean exists(Visit visit) {
        return visit.read(tx -> Id.parse(visit.request().pathText("id")).map(User.Id::new)
            .flatMap(id -> users.find(tx, visit.caller().org(), id))).isPresent();
    }

    /// First all that is given, so that an administrator may change one such role for another.
    private Done done(WriteTx tx, Visit visit, String stamp, Function<User, RolesWish> asked) {
        var user = users.editable(tx, visit.request().pathText("id"));
        meanwhile.mustBeUnchanged(stamp, user);
        var wish = asked.apply(user);
        if (wish.size() > MOST) {
            throw new Refused(new Unfit(
                "At most %d roles are given and taken together; these are %d.".formatted(MOST, wish.size())));
        }
        var given = named(tx, wish.give());
        var taken = named(tx, wish.take());
        given.forEach(role -> members.add(tx, role, user));
        taken.forEach(role -> members.remove(tx, role, user));
        return new Done(user, users.find(tx, user.org(), user.id()).orElseThrow(), wish, given, taken);
    }

    /// With the way to take it back.
    private Notice told(Tx tx, Done done) {
        return told(done.user(), done.given(), done.taken()).with(new Notice.Undo("Undo", EditPages.ROLES,
            List.of(done.user().id().toString()),
            done.wish().back().shortFields(tx, done.user(), meanwhile.stamp(done.now()))));
    }

    private List<Role> named(WriteTx tx, Set<Role.Id> ids) {
        var found = roles.all(tx, tx.org(), ids);
        if (found.size() < ids.size()) {
            throw new Refused(new NotFound("role not found"));
        }
        return found;
    }

    private static Notice told(User user, List<Role> given, List<Role> taken) {
        var name = Persons.name(user);
        if (given.size() + taken.size() > 1) {
            return Notice.done(name + ": " + Words.list(Stream.of(
                given.isEmpty() ? "" : Words.counted(given.size(), "role") + " given",
                taken.isEmpty() ? "" : Words.counted(taken.size(), "role") + " taken")
                .filter(text -> !text.isEmpty()).toList()) + ".");
        }
        return Notice.done(given.isEmpty() ? "%s no longer has the role %s.".formatted(name, taken.getFirst().name())
            : "%s has the role %s now.".formatted(name, given.getFirst().name()));
    }

    /// Whether a form is that of the page; others are sent by a review, by what undoes, or by the choice between versions.
    private static boolean isOfBoxes(Form form) {
        return !Meanwhile.isChosen(form) && !form.text(Meanwhile.BEGAN).isEmpty();
    }

    /// What a form asks for, by the roles before: that of the page by its boxes, that of the choice between versions by what is
    /// kept of them, others by name. None: it is not known any more.
    private static Optional<Function<Collection<Role.Id>, RolesWish>> wish(Visit visit, Form form) {
        if (isOfBoxes(form)) {
            var ticked = RolesWish.ids(form.all(ROLE).stream());
            return Optional.of(before -> RolesWish.ticked(ticked, before));
        }
        return RolesWish.read(visit, form::text).map(sent -> Meanwhile.isChosen(form)
            ? new RolesWish(chosen(form, sent.give()), chosen(form, sent.take())) : sent).map(sent -> _ -> sent);
    }

    private static Set<Role.Id> chosen(Form form, Set<Role.Id> sent) {
        return sent.stream().filter(id -> Clash.takesYours(form, id.toString()))
            .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /// The page again, with the boxes as they were ticked. A form that had none begins anew, from the person as they are.
    private Response again(Visit visit, Form form, Function<Collection<Role.Id>, RolesWish> wish, String fault,
        int status) {
        visit.viewer();
        return visit.read(tx -> {
            var user = persons.named(visit, tx);
            var began = meanwhile.began(form, user);
            var before = began.map(Meanwhile.Began::roles).orElse(user.roles());
            return visit.page(status, "web/console/person-roles.jte", form(visit, tx, user,
                wish.apply(before).of(before), form.text(QUERY),
                began.isPresent() ? Meanwhile.fields(form) : meanwhile.fields(user), fault));
        });
    }

    /// @param sent fields of the form; empty: it does not have them
    /// @param wish by the roles that the form was made from
    private Response changed(Visit visit, UnaryOperator<String> sent,
        Function<Collection<Role.Id>, RolesWish> wish) {
        visit.viewer();
        return visit.read(tx -> changed(visit, tx, sent, wish));
    }

    private Response changed(Visit visit, Tx tx, UnaryOperator<String> sent,
        Function<Collection<Role.Id>, RolesWish> wish) {
        var user = persons.named(visit, tx);
        var began = meanwhile.began(sent.apply(Meanwhile.BEGAN), user);
        var called = began.map(Meanwhile.Began::called).orElse(Persons.name(user));
        var asked = wish.apply(began.map(Meanwhile.Began::roles).orElse(List.of()));
        var before = new LinkedHashSet<>(began.map(Meanwhile.Began::roles).orElseGet(() -> {
            var then = RolesWish.without(user.roles(), asked.give()); // after the act that is to be undone
            then.addAll(asked.take());
            return List.copyOf(then);
        }));
        var names = new LinkedHashMap<Role.Id, String>();
        roles.all(tx, user.org(), Stream.of(before, asked.give(), user.roles()).flatMap(Collection::stream).distinct()
            .toList()).forEach(role -> names.put(role.id(), role.name()));
        if (Email.isAnonymous(user.email())) {
            return meanwhile.gone(visit, tx, user, called, Map.of("Roles to give", names(asked.give(), names),
                "Roles to take", names(asked.take(), names)));
        }
        var clashes = new ArrayList<Clash>();
        names.forEach((id, name) -> clashes.add(new Clash(id.toString(), "Role " + name, said(before.contains(id)),
            said(user.roles().contains(id)),
            said(asked.give().contains(id) || before.contains(id) && !asked.take().contains(id)))));
        var mine = clashes.stream().filter(Clash::open).toList();
        began.ifPresent(one -> clashes.addAll(Meanwhile.told(one, user)));
        return meanwhile.choose(visit, tx, user, called, clashes, EditPages.ROLES, Map.of(
            RolesWish.GIVE, joined(mine.stream().filter(one -> one.yours().equals(HAS))),
            RolesWish.TAKE, joined(mine.stream().filter(one -> one.yours().equals(HAS_NOT)))));
    }

    private static String joined(Stream<Clash> clashes) {
        return clashes.map(Clash::field).collect(Collectors.joining(","));
    }

    private static String said(boolean has) {
        return has ? HAS : HAS_NOT;
    }

    private static String names(Set<Role.Id> ids, Map<Role.Id, String> names) {
        return ids.isEmpty() ? "none"
            : ids.stream().map(id -> names.getOrDefault(id, "a role that is gone")).collect(Collectors.joining(", "));
    }
}
