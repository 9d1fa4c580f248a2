package roster.door.web.console;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import roster.base.http.Needs;
import roster.base.http.Response;
import roster.core.directory.DirectoryFeature;
import roster.core.directory.RoleImpact;
import roster.core.directory.RoleList;
import roster.core.directory.RoleQuery;
import roster.core.index.PackedUser;
import roster.core.index.PeopleFilter;
import roster.core.index.PeopleFilter.Kind;
import roster.core.index.PeopleQuery;
import roster.core.index.PeopleRequest;
import roster.core.index.PeopleRequest.Place;
import roster.core.index.UserQuery;
import roster.core.permission.Catalogue;
import roster.core.permission.Catalogue.Entry;
import roster.model.Permission;
import roster.model.Problem.NotFound;
import roster.model.Refused;
import roster.model.Role;
import roster.model.Text;
import roster.model.User;

/// `/console/permissions`: all permissions that there are, and who holds each.
public final class PermissionPages {
    static final String PATH = "/console/permissions";
    static final String PERMISSION = PATH + "/{name}";
    private static final List<String> ORDER = List.of("q");

    /// How many roles, and how many people, the page of a permission names.
    private static final int ROLES_SHOWN = 50;
    private static final int PEOPLE_SHOWN = 10;

    public record CataloguePage(Shell shell, String find, String query, String fault, CatalogueTable list) {}

    /// The part that is swapped.
    ///
    /// @param clear the address without the search, where nothing was found
    public record CatalogueTable(Shell shell, String heading, String of, String title, List<Group> groups,
        Optional<String> clear) {}

    public record Group(String name, List<Row> rows) {}

    /// @param roles,people how many hold it
    public record Row(String name, Marked label, Marked description, boolean everyone, Optional<String> href,
        String roles, String people) {}

    /// @param moreRoles the list of all roles that hold it, if more are than are shown
    /// @param allPeople the list of all who hold it; none: there is no such list
    public record PermissionPage(Shell shell, String label, String name, String description, String group,
        boolean everyone, String rolesText, List<Holder> roles, Optional<String> moreRoles, String peopleText,
        List<Person> people, Optional<String> allPeople) {}

    public record Holder(String name, boolean managed, Optional<String> href, String people,
        Optional<String> peopleHref) {}

    public record Person(Avatar avatar, String name, String email, Optional<String> href, List<String> from) {}

    private final DirectoryFeature directory;
    private final Catalogue catalogue;

    PermissionPages(DirectoryFeature directory, Catalogue catalogue) {
        this.directory = directory;
        this.catalogue = catalogue;
    }

    void addTo(Console.Pages pages) {
        var read = Needs.sessionOf(Permission.USER_ACCESS_READ);
        pages.get(PATH, read, this::list);
        pages.get(PERMISSION, read, this::show);
    }

    private Response list(Visit visit) {
        var address = ListAddress.of(PATH, ORDER, visit.request().query()).begun();
        var typed = address.value("q").orElse("");
        var tooLong = RoleQuery.isTooLong(typed);
        if (!visit.isPart() && !tooLong && !address.isOf(visit.request().query())) {
            return visit.moved(address);
        }
        var sought = tooLong ? Optional.<String>empty() : address.value("q");
        var table = table(visit, sought);
        var status = tooLong ? 422 : 200;
        if (visit.isPart()) {
            return visit.page(status, "web/console/permissions-list.jte", table).with("HX-Replace-Url",
                visit.link().to(address).orElseThrow());
        }
        return visit.page(status, "web/console/permissions.jte", new CataloguePage(table.shell(),
            visit.link().to(PATH).orElseThrow(), typed,
            tooLong ? "Search for at most %d characters.".formatted(RoleQuery.TEXT_MAX) : "", table));
    }

    private CatalogueTable table(Visit visit, Optional<String> sought) {
        record Counts(Map<Permission, Long> people, Map<Permission, Integer> roles) {}
        var counts = directory.directory.read(visit.caller(), view -> {
            var roles = new LinkedHashMap<Permission, Integer>();
            view.roles().forEach(role -> role.permissions()
                .forEach(permission -> roles.merge(permission, 1, Integer::sum)));
            return new Counts(RoleImpact.people(view, catalogue), roles);
        });
        var shell = visit.shell(Section.ROLES,
            sought.map(text -> "Permissions matching “" + text + "”").orElse("Permissions"));
        var groups = new LinkedHashMap<String, List<Row>>();
        var found = 0;
        for (var entry : catalogue.listed()) {
            if (sought.filter(text -> !says(entry, Text.folded(text.strip()))).isPresent()) {
                continue;
            }
            found++;
            var permission = entry.permission();
            groups.computeIfAbsent(entry.group(), _ -> new ArrayList<>()).add(new Row(permission.name(),
                Marked.of(entry.displayName(), sought), Marked.of(entry.description(), sought),
                catalogue.defaults().contains(permission), visit.link().to(PERMISSION, permission.name()),
                Words.number(counts.roles().getOrDefault(permission, 0)),
                Words.number(counts.people().getOrDefault(permission, 0L))));
        }
        var all = catalogue.listed().size();
        return new CatalogueTable(shell, heading(found, sought), found == all ? "" : "of " + Words.number(all),
            shell.title() + " · " + shell.viewer().org() + " · Roster",
            groups.entrySet().stream().map(group -> new Group(group.getKey(), group.getValue())).toList(),
            found == 0 ? visit.link().to(PATH) : Optional.empty());
    }

    private static String heading(int found, Optional<String> sought) {
        var text = sought.map(some -> " “" + some + "”").orElse("");
        if (found == 0) {
            return "No permission matches" + text;
        }
        return Words.counted(found, "permission")
            + (sought.isEmpty() ? "" : (found == 1 ? " matches" : " match") + text);
    }

    private static boolean says(Entry entry, String sought) {
        return Text.folded(entry.permission().name()).contains(sought)
            || Text.folded(entry.displayName()).contains(sought) || Text.folded(entry.description()).contains(sought)
            || Text.folded(entry.group()).contains(sought);
    }

    /// Who holds a permission, all as of one moment.
    private record Seen(RoleList roles, Set<Role.Id> ids, List<User> some, Map<Role.Id, String> names, long people) {}

    private Response show(Visit visit) {
        var sent = visit.request().pathText("name");
        var entry = catalogue.find(new Permission(sent)).filter(Entry::listed)
            .orElseThrow(() -> new Refused(new NotFound(sent + " not found")));
        var seen = seen(visit, entry.permission());
        var link = visit.link();
        var shell = visit.shell(Section.ROLES, entry.displayName());
        var roles = seen.roles().roles().stream().map(listed -> new Holder(listed.role().name(),
            listed.role().managed().isPresent(), link.to(RolePages.ROLE, listed.role().id()),
            Words.people(listed.people()), RolesShown.people(link, listed.role().id()))).toList();
        return visit.page("web/console/permission.jte", new PermissionPage(shell, entry.displayName(), sent,
            entry.description(), entry.group(), catalogue.defaults().contains(entry.permission()),
            seen.roles().matching() == 0 ? "No role holds it" : Words.counted(seen.roles().matching(), "role")
                + (seen.roles().matching() == 1 ? " holds it" : " hold it"),
            roles, seen.roles().matching() > roles.size()
                ? link.to(ListAddress.of(RolePages.PATH, RolePages.ORDER).with("permission", sent)) : Optional.empty(),
            seen.people() == 0 ? "No one holds it" : Words.people(seen.people())
                + (seen.people() == 1 ? " holds it" : " hold it"),
            seen.some().stream().map(user -> person(link, user, seen.names())).toList(),
            seen.people() > seen.some().size() && seen.ids().size() <= ROLES_SHOWN
                ? link.to(ListAddress.of(PeoplePages.PATH, PeoplePages.ORDER).with("role",
                    seen.ids().stream().map(Role.Id::toString).sorted().collect(Collectors.joining(","))))
                : Optional.empty()));
    }

    private Seen seen(Visit visit, Permission permission) {
        var org = visit.caller().org();
        return directory.directory.read(visit.caller(), view -> {
            var roles = directory.roles.list(view, org,
                new RoleQuery(Optional.empty(), Optional.of(permission), RoleQuery.Sort.NAME, false), Place.FIRST,
                ROLES_SHOWN);
            var names = view.roles().stream().filter(role -> role.permissions().contains(permission))
                .collect(Collectors.toMap(Role::id, Role::name));
            if (names.isEmpty()) {
                return new Seen(roles, Set.of(), List.of(), names, 0);
            }
            var any = PeopleFilter.of(Kind.PEOPLE);
            var filter = new PeopleFilter(any.statuses(), names.keySet(), false, any.kind(), any.seen(),
                any.withoutSecondFactor(), any.addedFrom(), any.addedTo());
            var some = view.people(new PeopleRequest(new PeopleQuery(Optional.empty(), filter, UserQuery.Sort.NAME,
                false), Place.FIRST, PEOPLE_SHOWN, visit.times().now(), visit.viewer().zone()));
            return new Seen(roles, names.keySet(), some.users().stream().map(PackedUser::user).toList(), names,
                some.matching());
        });
    }

    private static Person person(Link link, User user, Map<Role.Id, String> names) {
        return new Person(Avatar.of(user.id().value(), user.name(), user.email()),
            user.name().filter(name -> !name.isBlank()).orElse(user.email()), user.email(),
            link.to(PeoplePages.PERSON, user.id()),
            user.roles().stream().map(names::get).filter(name -> name != null).toList());
    }
}
