package roster.door.web.console;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import roster.base.db.Database;
import roster.base.db.Tx;
import roster.base.html.Form;
import roster.base.http.Needs;
import roster.base.http.Response;
import roster.base.http.SessionMust;
import roster.core.role.Roles;
import roster.core.user.Users;
import roster.model.Email;
import roster.model.Permission;
import roster.model.Problem;
import roster.model.Problem.Conflict;
import roster.model.Problem.Invalid;
import roster.model.Problem.Stale;
import roster.model.Problem.Unfit;
import roster.model.Refused;
import roster.model.Role;
import roster.model.User;

/// `/console/people/{id}/edit`: changes the profile of a person.
public final class EditPages {
    static final String EDIT = PersonPages.PATH + "/edit";
    static final String ROLES = PersonPages.PATH + "/roles/edit";
    static final String ROLES_REVIEW = PersonPages.PATH + "/roles/review";
    static final String DISABLE = PersonPages.PATH + "/disable";
    static final String ENABLE = PersonPages.PATH + "/enable";
    static final String ANONYMISE = PersonPages.PATH + "/anonymise";

    /// Who may act on people.
    static final Needs NEEDS = Needs.sessionOf(Permission.USER_ACCESS_MANAGE);

    /// Who may act on service accounts, or on people: which of them, the noun says.
    static final Needs ANY = Needs.sessionOf(Permission.USER_ACCESS_MANAGE, Permission.SERVICE_ACCOUNT_WRITE);

    /// The largest form, in bytes: it holds the roles it was made from.
    static final int BYTES_MAX = 64 << 10;

    private static final String NAME = "name";
    private static final String EMAIL = "email";
    private static final String TITLE = "title";
    private static final Map<String, String> LABELS = labels();

    private static Map<String, String> labels() {
        var labels = new LinkedHashMap<String, String>();
        labels.put(NAME, "Name");
        labels.put(EMAIL, "Email");
        labels.put(TITLE, "Title");
        return labels;
    }

    /// @param note what is to be known before something is changed; empty: nothing
    /// @param fields what the form holds besides
    /// @param passwordLink,secondFactors help for who can't sign in; none for oneself, who has pages for it
    public record EditForm(Shell shell, Back back, String heading, Field name, Field email, Field title,
        String note, String fault, String action, Map<String, String> fields, String cancel,
        Optional<String> passwordLink, Optional<String> secondFactors, Optional<String> anonymise) {
        public List<Field> all() {
            return List.of(name, email, title);
        }
    }

    /// @param values by field, as typed
    private record Typed(Map<String, String> values) {
        private String get(String field) {
            return values.get(field);
        }
    }

    private final Persons persons;
    private final Database db;
    private final Users users;
    private final Roles roles;
    private final Meanwhile meanwhile;
    private final FromDirectory directories;

    EditPages(Persons persons, ConsoleDoor.Rooms rooms, Meanwhile meanwhile, Database db) {
        this.persons = persons;
        this.db = db;
        this.users = rooms.user().users;
        this.roles = rooms.role().roles;
        this.meanwhile = meanwhile;
        this.directories = new FromDirectory(rooms.provisioning().marks);
    }

    void addTo(Console.Pages pages) {
        pages.get(EDIT, ANY, visit -> persons.act(visit, 200, "web/console/person-edit.jte",
            (tx, user) -> form(visit, tx, user, stored(user), meanwhile.fields(user), Optional.empty())))
            .add("POST", EDIT, ANY, SessionMust.BE_FRESH, BYTES_MAX, this::save);
    }

    private static Typed stored(User user) {
        return new Typed(Map.of(NAME, user.name().orElse(""), EMAIL, user.email(), TITLE, user.title().orElse("")));
    }

    private static Typed typed(Form form) {
        return new Typed(LABELS.keySet().stream().collect(Collectors.toMap(field -> field,
            field -> Clash.sent(form, field).value())));
    }

    private EditForm form(Visit visit, Tx tx, User user, Typed typed, Map<String, String> hidden,
        Optional<Problem> problem) {
        var owner = problem.filter(Conflict.class::isInstance).flatMap(_ -> owner(tx, user, typed));
        var name = Persons.name(user);
        var href = Persons.href(visit, user);
        var own = Persons.isSelf(visit, user);
        var email = field(EMAIL, typed, problem).hinting(own || user.serviceAccount() ? ""
            : "A new address ends their sessions and cancels open invitations, which went to the old one.");
        return new EditForm(visit.shell(Persons.section(user), (problem.isPresent() ? "Error: " : "") + "Edit " + name),
            new Back(href, name), "Edit " + name, field(NAME, typed, problem),
            owner.map(other -> taken(visit, email, typed, other)).orElse(email), field(TITLE, typed, problem),
            directories.beforeEditing(tx, user),
            problem.filter(one -> !(one instanceof Invalid) && owner.isEmpty()).map(Words::of).orElse(""),
            visit.link().post(EDIT, user.id()).orElseThrow(), hidden, href,
            user.serviceAccount() || own ? Optional.empty() : visit.link().to(PersonHelpPages.PASSWORD_LINK, user.id()),
            own || !user.secondFactor() ? Optional.empty()
                : visit.link().to(PersonHelpPages.SECOND_FACTORS, user.id()),
            user.serviceAccount() ? Optional.empty() : visit.link().to(ANONYMISE, user.id()));
    }

    private static Field field(String id, Typed typed, Optional<Problem> problem) {
        var field = Field.of(id, LABELS.get(id), typed.get(id));
        return problem.map(one -> field.faulty(Words.ofField(one, id, typed.get(id)))).orElse(field);
    }

    private static Field taken(Visit visit, Field email, Typed typed, User owner) {
        var name = Persons.name(owner);
        return email.faulty("%s belongs to %s%s.".formatted(typed.get(EMAIL).strip(), name,
            owner.disabled() ? ", who is disabled" : "")).leadingTo(visit.link().to(PersonPages.PATH, owner.id())
                .map(href -> new Field.Way("Open " + name, href)));
    }

    private Response save(Visit visit) {
        var form = visit.form();
        var typed = typed(form);
        try {
            return db.write(visit.caller(), tx -> {
                var user = users.editable(tx, visit.request().pathText("id"));
                meanwhile.mustBeUnchanged(form, user);
                return visit.goOn(Persons.path(user), Notice.done(
                    users.update(tx, user.id().toString(), edit(user, typed)).equals(user) ? "Nothing was changed."
                        : "The changes are saved."));
            });
        } catch (Refused e) {
            return refused(visit, form, typed, e);
        }
    }

    static String path(Visit visit) {
        return PersonPages.PATH.replace("{id}", visit.request().pathText("id"));
    }

    /// Those who have no name yet need not be given one.
    private static Users.Edit edit(User user, Typed typed) {
        var name = typed.get(NAME).strip();
        var title = typed.get(TITLE).strip();
        return new Users.Edit(name.isEmpty() && user.name().isEmpty() ? Optional.empty() : Optional.of(name),
            Optional.of(typed.get(EMAIL).strip()),
            Optional.of(title.isEmpty() ? Optional.empty() : Optional.of(title)), Optional.empty());
    }

    private Response refused(Visit visit, Form form, Typed typed, Refused why) {
        visit.viewer();
        return switch (why.problem()) {
            case Stale _ -> visit.read(tx -> changed(visit, tx, form, typed));
            case Invalid _,Conflict _,Unfit _ -> visit.read(tx -> {
                var user = persons.named(visit, tx);
                return visit.page(422, "web/console/person-edit.jte",
                    form(visit, tx, user, typed, Meanwhile.fields(form),
                        Optional.of(why.problem())));
            });
            default -> throw why;
        };
    }

    private Optional<User> owner(Tx tx, User user, Typed typed) {
        return Email.folded(typed.get(EMAIL)).flatMap(email -> users.withAddress(tx, user.org(), email));
    }

    private Response changed(Visit visit, Tx tx, Form form, Typed typed) {
        var user = persons.named(visit, tx);
        var now = stored(user);
        var began = meanwhile.began(form, user);
        var called = began.map(Meanwhile.Began::called).orElse(Persons.name(user));
        if (Email.isAnonymous(user.email())) {
            var lines = new LinkedHashMap<String, String>();
            LABELS.forEach((field, label) -> lines.put(label, typed.get(field)));
            return meanwhile.gone(visit, tx, user, called, lines);
        }
        var before = began.map(one -> Map.of(NAME, one.name(), EMAIL, one.email(), TITLE, one.title()))
            .orElse(now.values());
        var clashes = new ArrayList<Clash>();
        LABELS.forEach((field, label) -> clashes.add(new Clash(field, label, before.get(field), now.get(field),
            typed.get(field).strip())));
        began.ifPresent(one -> {
            clashes.add(Meanwhile.told("status", "Status", one.status(), user.status().text()));
            clashes.add(Meanwhile.told("roles", "Roles", names(tx, user, one.roles()),
                names(tx, user, user.roles())));
        });
        return meanwhile.choose(visit, tx, user, called, clashes, EDIT, Map.of());
    }

    private String names(Tx tx, User user, List<Role.Id> ids) {
        return ids.isEmpty() ? "none"
            : roles.all(tx, user.org(), ids).stream().map(Role::name).collect(Collectors.joining(", "));
    }
}
