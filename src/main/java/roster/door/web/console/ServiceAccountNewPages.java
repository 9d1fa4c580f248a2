package roster.door.web.console;

import java.util.List;
import java.util.Optional;
import roster.base.db.Database;
import roster.base.html.Form;
import roster.base.http.Needs;
import roster.base.http.Response;
import roster.core.access.Grants;
import roster.core.directory.DirectoryFeature;
import roster.core.role.Roles;
import roster.core.user.NewUsers;
import roster.core.user.Users;
import roster.model.Permission;
import roster.model.Problem;
import roster.model.Problem.Forbidden;
import roster.model.Problem.Invalid;
import roster.model.Problem.Unfit;
import roster.model.Refused;
import roster.model.User;

/// `/console/service-accounts/new`: creates a service account.
public final class ServiceAccountNewPages {
    static final String NEW = ServiceAccountPages.PATH + "/new";

    /// What the form makes, and the field that says which one.
    private static final String ACCOUNT = "account";

    /// Roles that are offered as boxes.
    private static final int ROLES_SHOWN = 50;

    private final Database db;
    private final DirectoryFeature directory;
    private final Users users;
    private final NewUsers newUsers;
    private final FormIds ids;

    ServiceAccountNewPages(Database db, ConsoleDoor.Rooms rooms, FormIds ids) {
        this.db = db;
        this.ids = ids;
        users = rooms.user().users;
        directory = rooms.directory();
        newUsers = rooms.user().newUsers;
    }

    void addTo(Console.Pages pages) {
        var write = Needs.sessionOf(Permission.SERVICE_ACCOUNT_WRITE);
        pages.get(NEW, write, visit -> page(visit, new Filled("", "", List.of(),
            ids.next(visit, ACCOUNT)), Optional.empty()))
            .postFresh(NEW, write, this::create);
    }

    /// @param roles to choose from
    /// @param more whether there are others
    /// @param fault that is of no field; empty: none
    public record AccountForm(Shell shell, Back back, String fault, Field name, Field email, List<Box> roles,
        boolean more, String id, String action) {
        public List<Field> all() {
            return List.of(name, email);
        }
    }

    public record Box(String id, String name, boolean ticked) {}

    /// @param roles ids, as they were sent
    /// @param id sealed
    private record Filled(String name, String email, List<String> roles, String id) {}

    private Response page(Visit visit, Filled filled, Optional<Problem> problem) {
        var all = directory.directory.read(visit.caller(), view -> view.roles());
        var offered = all.stream().filter(role -> Grants.isWithin(visit.caller(), role.permissions()))
            .sorted(Roles.BY_NAME).toList();
        var name = Field.of("name", "Name", filled.name()).hinting("Such as Okta provisioning.");
        var email = Field.of("email", "Email", filled.email())
            .hinting("Of those who look after it. Others may have the same address.");
        return visit.page(problem.isEmpty() ? 200 : 422, "web/console/service-account-new.jte", new AccountForm(
            visit.shell(Section.SERVICE_ACCOUNTS, (problem.isEmpty() ? "" : "Error: ") + "New service account"),
            new Back(visit.link().to(ServiceAccountPages.PATH).orElseThrow(), "Service accounts"),
            problem.filter(one -> !(one instanceof Invalid)).map(Words::of).orElse(""),
            problem.map(one -> name.faulty(Words.ofField(one, "name", filled.name()))).orElse(name),
            problem.map(one -> email.faulty(Words.ofField(one, "email", filled.email()))).orElse(email),
            offered.stream().limit(ROLES_SHOWN).map(role -> new Box(role.id().toString(), role.name(),
                filled.roles().contains(role.id().toString()))).toList(),
            offered.size() > ROLES_SHOWN, filled.id(), visit.link().post(NEW).orElseThrow()));
    }

    private Response create(Visit visit) {
        var filled = filled(visit.form());
        var opened = ids.opened(visit, ACCOUNT, filled.id());
        if (opened.isEmpty()) {
            return page(visit, new Filled(filled.name(), filled.email(), filled.roles(), ids.next(visit, ACCOUNT)),
                Optional.of(new Unfit(FormIds.OUTDATED)));
        }
        var id = new User.Id(opened.get().id());
        try {
            var account = db.write(visit.caller(), tx -> users.find(tx, tx.org(), id)
                .orElseGet(() -> newUsers.createServiceAccount(tx, new NewUsers.Wish(filled.email().strip(),
                    Optional.of(filled.name().strip()).filter(name -> !name.isEmpty()), Optional.empty(), List.of()),
                    filled.roles(), id)));
            return visit.goOn(Persons.path(account), Notice.done(Persons.name(account) + " is created."));
        } catch (Refused e) {
            return switch (e.problem()) {
                case Invalid _,Unfit _,Forbidden _ -> page(visit, filled, Optional.of(e.problem()));
                default -> throw e;
            };
        }
    }

    private static Filled filled(Form form) {
        return new Filled(form.text("name"), form.text("email"), form.all("role"),
            form.text(ACCOUNT));
    }
}
