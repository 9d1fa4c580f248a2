package roster.door.command;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import roster.base.db.WriteTx;
import roster.core.reader.PeopleCsv;
import roster.core.user.NewUsers.Made;
import roster.core.user.NewUsers.Past;
import roster.core.user.NewUsers.Wish;
import roster.door.command.BulkAnswer.Imported;
import roster.door.command.BulkAnswer.OrgFound;
import roster.door.command.BulkAnswer.Page;
import roster.door.command.BulkAnswer.PeopleCreated;
import roster.door.command.BulkAnswer.RolesReady;
import roster.door.command.BulkAnswer.Verdict;
import roster.door.command.BulkRequest.CreateDemoPeople;
import roster.door.command.BulkRequest.CreateDemoRoles;
import roster.door.command.BulkRequest.ExportPage;
import roster.door.command.BulkRequest.FindOrg;
import roster.door.command.BulkRequest.ImportPeople;
import roster.model.Org;
import roster.model.Problem;
import roster.model.Refused;
import roster.model.Role;
import roster.model.User;

/// Does the steps of long commands: each is one transaction.
final class BulkHandler {
    private static final int PEOPLE_A_PAGE = 1000;

    private final CommandContext context;

    BulkHandler(CommandContext context) {
        this.context = context;
    }

    /// @throws Failed if it cannot be done
    /// @throws Refused as the nouns do
    BulkAnswer.Done done(BulkRequest request) {
        return switch (request) {
            case FindOrg(var named) -> new OrgFound(context.org(named).id());
            case ImportPeople(var id, var dryRun, var rows) -> {
                var org = context.org(id);
                yield new Imported(dryRun ? context.rehearse(org, tx -> verdicts(tx, rows))
                    : context.write(org, tx -> verdicts(tx, rows)));
            }
            case ExportPage(var id, var after) -> page(context.org(id), after);
            case CreateDemoRoles(var id, var anyway) -> context.write(context.org(id), tx -> createRoles(tx, anyway));
            case CreateDemoPeople demo -> context.write(context.org(demo.org()), tx -> createPeople(tx, demo));
        };
    }

    private List<Verdict> verdicts(WriteTx tx, List<PeopleCsv.Row> rows) {
        var verdicts = new ArrayList<Verdict>();
        var wishes = new ArrayList<Wish>();
        var places = new ArrayList<Integer>();
        var known = new HashMap<String, Optional<Role>>();
        for (var row : rows) {
            var faults = new ArrayList<String>();
            var roles = new ArrayList<Role>();
            for (var name : row.roles()) {
                known.computeIfAbsent(name, one -> role(tx, one)).ifPresentOrElse(roles::add,
                    () -> faults.add("roles: there is no role '%s'".formatted(name)));
            }
            var invite = row.invite().strip();
            if (!invite.isEmpty() && !row.invites() && !invite.equalsIgnoreCase("no")) {
                faults.add("invite: yes or no");
            }
            verdicts.add(Verdict.invalid(faults));
            if (faults.isEmpty()) {
                places.add(verdicts.size() - 1);
                wishes.add(new Wish(row.email(), row.name(), row.title(), roles));
            }
        }
        var made = context.nouns.newUsers().createAll(tx, wishes);
        var toInvite = new ArrayList<User>();
        for (int i = 0; i < made.size(); i++) {
            verdicts.set(places.get(i), verdict(made.get(i)));
            if (made.get(i) instanceof Made.Created(var user) && rows.get(places.get(i)).invites()) {
                toInvite.add(user);
            }
        }
        context.nouns.invitations().sendAll(tx, toInvite);
        return verdicts;
    }

    private Optional<Role> role(WriteTx tx, String name) {
        return context.nouns.roles().withName(tx, tx.org(), name);
    }

    private static Verdict verdict(Made made) {
        return switch (made) {
            case Made.Created(var user) -> Verdict.CREATED;
            case Made.Refusal(Problem.Conflict(var text)) -> Verdict.EXISTS;
            case Made.Refusal(Problem.Invalid(var faults)) -> Verdict.invalid(faults.stream()
                .map(fault -> switch (fault) {
                    case Problem.Fault.Member(var field, var reason) -> field + ": " + reason;
                    case Problem.Fault.Shape(var detail, var pointer) -> detail;
                }).toList());
            case Made.Refusal(var problem) -> throw new Refused(problem);
        };
    }

    private Page page(Org org, Optional<User.Id> after) {
        return context.nouns.db().read(tx -> {
            var users = context.nouns.users().enabledHumans(tx, org.id(), after, PEOPLE_A_PAGE);
            var names = new HashMap<Role.Id, String>();
            context.nouns.roles()
                .all(tx, org.id(), users.stream().flatMap(user -> user.roles().stream()).distinct().toList())
                .forEach(role -> names.put(role.id(), role.name()));
            var rows = users.stream().map(user -> new PeopleCsv.Row(user.email(), user.name(), user.title(),
                user.roles().stream().map(names::get).toList(), "no")).toList();
            return new Page(rows, users.isEmpty() ? Optional.empty() : Optional.of(users.getLast().id()),
                after.isPresent() ? Optional.empty()
                    : Optional.of(context.nouns.users().countEnabledHumans(tx, org.id())));
        });
    }

    private RolesReady createRoles(WriteTx tx, boolean anyway) {
        if (!anyway && !context.nouns.users().onlyAdministrators(tx, tx.org())) {
            throw new Failed("the organization has users already; --anyway adds more");
        }
        for (int i = 0; i < DemoPeople.ROLES.size(); i++) {
            var name = DemoPeople.ROLES.get(i);
            if (context.nouns.roles().withName(tx, tx.org(), name).isEmpty()) {
                context.nouns.roles().create(tx, name, permissionIds(i), true, List.of());
            }
        }
        return new RolesReady();
    }

    /// Three to eight of those in the catalogue that give no power over people.
    private List<String> permissionIds(int role) {
        var harmless = context.nouns.catalogue().listed().stream()
            .filter(entry -> !entry.restricted() && !entry.permission().name().matches("admin|standard|.*access.*"))
            .map(entry -> entry.id().toString()).toList();
        return IntStream.range(0, DemoPeople.PERMISSIONS.get(role))
            .mapToObj(i -> harmless.get((role + i * DemoPeople.ROLES.size()) % harmless.size())).toList();
    }

    private PeopleCreated createPeople(WriteTx tx, CreateDemoPeople demo) {
        var roles = DemoPeople.ROLES.stream().map(name -> context.nouns.roles().withName(tx, tx.org(), name)
            .orElseThrow(() -> new Failed("the role '%s' was deleted meanwhile".formatted(name)))).toList();
        var standard = context.nouns.roles().managed(tx, tx.org(), Role.Managed.STANDARD);
        var people = new DemoPeople(demo.seed());
        var wishes = new ArrayList<Wish>();
        var pasts = new ArrayList<Past>();
        for (var number = demo.from(); number < demo.from() + demo.count(); number++) {
            var person = people.person(number);
            wishes.add(new Wish(person.email(), Optional.of(person.name()), Optional.of(person.title()),
                List.of(person.standard() ? standard : roles.get(person.role()))));
            pasts.add(person.past());
        }
        return new PeopleCreated(context.nouns.newUsers().createMadeUp(tx, wishes, pasts).stream()
            .filter(Made.Created.class::isInstance).count());
    }
}
