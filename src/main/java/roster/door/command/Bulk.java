package roster.door.command;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import roster.base.db.WriteTx;
import roster.core.user.NewUsers.Made;
import roster.core.user.NewUsers.Wish;
import roster.model.Id;
import roster.model.Org;
import roster.model.Problem;
import roster.model.Refused;
import roster.model.Role;
import roster.model.User;
import tools.jackson.databind.JsonNode;

/// The pieces that long commands are made of: each is one transaction of its own.
final class Bulk {
    /// Verdicts about a row; any other begins with `invalid: `.
    static final String CREATED = "created";
    static final String EXISTS = "exists";

    private static final int PEOPLE_A_PAGE = 1000;

    private final Desk desk;

    Bulk(Desk desk) {
        this.desk = desk;
    }

    /// @param piece `kind`, and what that kind needs
    Map<String, Object> done(JsonNode piece) {
        var org = desk.org(Optional.ofNullable(piece.path("org").asString(null)));
        return switch (piece.path("kind").asString("")) {
            case "org" -> Map.of("id", org.id());
            case "import" -> Map.of("verdicts", piece.path("dry_run").asBoolean(false)
                ? rehearsed(org, piece.path("rows")) : desk.write(org, tx -> verdicts(tx, piece.path("rows"))));
            case "export" -> page(org, Optional.ofNullable(piece.path("after").asString(null)));
            case "seed roles" ->
                Map.of("roles", desk.write(org, tx -> seedRoles(tx, piece.path("anyway").asBoolean())));
            case "seed" -> Map.of("created", desk.write(org, tx -> seeded(tx, piece)));
            default -> throw new Failed("the server is of another version");
        };
    }

    /// The verdicts of a write that is taken back: thrown out of it.
    private static final class Rehearsed extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient List<String> verdicts;

        Rehearsed(List<String> verdicts) {
            super(null, null, false, false);
            this.verdicts = verdicts;
        }
    }

    private List<String> rehearsed(Org org, JsonNode rows) {
        try {
            return desk.write(org, tx -> {
                throw new Rehearsed(verdicts(tx, rows));
            });
        } catch (Rehearsed e) {
            return e.verdicts;
        }
    }

    private List<String> verdicts(WriteTx tx, JsonNode rows) {
        var verdicts = new ArrayList<String>();
        var wishes = new ArrayList<Wish>();
        var places = new ArrayList<Integer>();
        var invited = new ArrayList<Boolean>();
        var known = new HashMap<String, Optional<Role>>();
        for (var row : rows) {
            var faults = new ArrayList<String>();
            var roles = new ArrayList<Role>();
            for (var name : Cells.divided(row.path("roles").asString(""))) {
                known.computeIfAbsent(name, one -> role(tx, one)).ifPresentOrElse(roles::add,
                    () -> faults.add("roles: there is no role '%s'".formatted(name)));
            }
            var invite = row.path("invite").asString("").strip();
            if (!invite.isEmpty() && !Cells.isYes(invite) && !invite.equalsIgnoreCase("no")) {
                faults.add("invite: yes or no");
            }
            verdicts.add("invalid: " + String.join("; ", faults));
            if (faults.isEmpty()) {
                places.add(verdicts.size() - 1);
                invited.add(Cells.isYes(invite));
                wishes.add(new Wish(row.path("email").asString(""), cell(row, "name"), cell(row, "title"), roles));
            }
        }
        var made = desk.nouns.newUsers().createAll(tx, wishes);
        var toInvite = new ArrayList<User>();
        for (int i = 0; i < made.size(); i++) {
            verdicts.set(places.get(i), verdict(made.get(i)));
            if (made.get(i) instanceof Made.Created(var user) && invited.get(i)) {
                toInvite.add(user);
            }
        }
        desk.nouns.invitations().sendAll(tx, toInvite);
        return verdicts;
    }

    private static Optional<String> cell(JsonNode row, String column) {
        return Optional.of(row.path(column).asString("")).filter(cell -> !cell.isEmpty());
    }

    private Optional<Role> role(WriteTx tx, String name) {
        return desk.nouns.roles().withName(tx, tx.org(), name)
            .or(() -> desk.nouns.roles().withName(tx, tx.org(), name.strip()));
    }

    private static String verdict(Made made) {
        return switch (made) {
            case Made.Created(var user) -> CREATED;
            case Made.Refusal(Problem.Conflict(var text)) -> EXISTS;
            case Made.Refusal(Problem.Invalid(var faults)) -> "invalid: " + faults.stream()
                .map(fault -> switch (fault) {
                    case Problem.Fault.Member(var field, var reason) -> field + ": " + reason;
                    case Problem.Fault.Shape(var detail, var pointer) -> detail;
                }).collect(Collectors.joining("; "));
            case Made.Refusal(var problem) -> throw new Refused(problem);
        };
    }

    private Map<String, Object> page(Org org, Optional<String> after) {
        var from = after.flatMap(Id::parse).map(User.Id::new);
        return desk.nouns.db().read(tx -> {
            var users = desk.nouns.users().enabledHumans(tx, org.id(), from, PEOPLE_A_PAGE);
            var names = new HashMap<Role.Id, String>();
            desk.nouns.roles()
                .all(tx, org.id(), users.stream().flatMap(user -> user.roles().stream()).distinct().toList())
                .forEach(role -> names.put(role.id(), role.name()));
            var page = new LinkedHashMap<String, Object>();
            page.put("rows", users.stream().map(user -> Map.of("email", user.email(), "name", user.name().orElse(""),
                "title", user.title().orElse(""), "roles",
                Cells.joined(user.roles().stream().map(names::get).toList()), "invite", "no")).toList());
            if (from.isEmpty()) {
                page.put("total", desk.nouns.users().count(tx, org.id()));
            }
            if (!users.isEmpty()) {
                page.put("last", users.getLast().id());
            }
            return page;
        });
    }

    /// Makes those of the roles that are not there yet.
    private List<String> seedRoles(WriteTx tx, boolean anyway) {
        if (!anyway && !desk.nouns.users().onlyAdministrators(tx, tx.org())) {
            throw new Failed("the organization has people already; add --anyway to have more");
        }
        for (int i = 0; i < People.ROLES.size(); i++) {
            var name = People.ROLES.get(i);
            if (desk.nouns.roles().withName(tx, tx.org(), name).isEmpty()) {
                desk.nouns.roles().create(tx, name, permissionIds(i), true, List.of());
            }
        }
        return People.ROLES;
    }

    /// Three to eight of those in the catalogue that give no power over people.
    private List<String> permissionIds(int role) {
        var harmless = desk.nouns.catalogue().listed().stream()
            .filter(entry -> !entry.restricted() && !entry.permission().name().matches("admin|standard|.*access.*"))
            .map(entry -> entry.id().toString()).toList();
        return IntStream.range(0, People.PERMISSIONS.get(role))
            .mapToObj(i -> harmless.get((role + i * People.ROLES.size()) % harmless.size())).toList();
    }

    /// @return how many of them were not there yet
    private long seeded(WriteTx tx, JsonNode piece) {
        var roles = People.ROLES.stream().map(name -> desk.nouns.roles().withName(tx, tx.org(), name)
            .orElseThrow(() -> new Failed("the role '%s' was deleted meanwhile".formatted(name)))).toList();
        var standard = desk.nouns.roles().managed(tx, tx.org(), Role.Managed.STANDARD);
        var people = new People(piece.path("seed").asLong());
        var from = piece.path("from").asLong();
        var wishes = new ArrayList<Wish>();
        for (var number = from; number < from + piece.path("count").asInt(); number++) {
            var person = people.person(number);
            wishes.add(new Wish(person.email(), Optional.of(person.name()), Optional.of(person.title()),
                List.of(person.standard() ? standard : roles.get(person.role()))));
        }
        return desk.nouns.newUsers().createAll(tx, wishes).stream().filter(Made.Created.class::isInstance).count();
    }
}
