package roster.door.web.console;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import roster.core.directory.RoleList;
import roster.core.directory.RoleQuery;
import roster.core.permission.Catalogue;
import roster.core.permission.Catalogue.Entry;
import roster.door.web.console.PeoplePage.Column;
import roster.door.web.console.PeoplePage.Empty;
import roster.door.web.console.PeoplePage.Way;
import roster.door.web.console.RolePages.Asked;
import roster.door.web.console.RolesPage.Hidden;
import roster.door.web.console.RolesPage.RoleTable;
import roster.door.web.console.RolesPage.Row;
import roster.model.Role;

/// A page of the list of roles in words.
final class RolesShown {
    private static final Map<RoleQuery.Sort, String> COLUMNS = new LinkedHashMap<>();
    static {
        COLUMNS.put(RoleQuery.Sort.NAME, "Name");
        COLUMNS.put(RoleQuery.Sort.PEOPLE, "People");
        COLUMNS.put(RoleQuery.Sort.PERMISSIONS, "Permissions");
        COLUMNS.put(RoleQuery.Sort.MODIFIED_AT, "Changed");
    }

    private final Visit visit;
    private final Asked asked;
    private final RoleList list;
    private final ListAddress address;
    private final Optional<Picking> picking;
    private final Optional<String> holding;
    private final Shell shell;
    private final Map<Role.Id, String> provisioned;

    /// @param provisioned what is said of those of the page that a directory fills
    RolesShown(Visit visit, Asked asked, RoleList list, Catalogue catalogue,
        Map<Role.Id, String> provisioned) {
        this.provisioned = provisioned;
        this.visit = visit;
        this.asked = asked;
        this.list = list;
        this.address = asked.address();
        this.picking = asked.picking();
        this.holding = asked.query().holding().map(permission -> catalogue.find(permission).map(Entry::displayName)
            .orElse(permission.name()));
        this.shell = visit.shell(Section.ROLES, title());
    }

    private String title() {
        return picking.map(Picking::title)
            .orElseGet(() -> asked.query().text().map(text -> "Roles matching “" + text + "”").orElse("Roles"));
    }

    private String href(ListAddress to) {
        return visit.link().to(to).orElseThrow();
    }

    RolesPage page() {
        return new RolesPage(shell, picking.map(pick -> new RolesPage.Pick(pick.title(),
            pick.back(visit.link()).orElse(visit.link().to(RolePages.PATH).orElseThrow()))),
            href(ListAddress.of(RolePages.PATH, RolePages.ORDER)), asked.typed(), asked.fault(),
            address.values().entrySet().stream()
                .filter(one -> List.of("permission", "sort", "for", "with").contains(one.getKey()))
                .map(one -> new Hidden(one.getKey(), one.getValue())).toList(),
            chips(), Optional.empty(), picking.isPresent() ? Optional.empty() : visit.link().to(RoleEditPages.NEW),
            picking.isPresent() ? Optional.empty() : visit.link().to(PermissionPages.PATH), table());
    }

    private List<FilterChip> chips() {
        return holding.map(name -> new FilterChip("Permission: " + name, href(address.without("permission"))))
            .stream().toList();
    }

    RoleTable table() {
        return new RoleTable(shell, heading(), isNarrowed() ? Optional.of("of " + Words.number(list.all()))
            : Optional.empty(), shell.title() + " · " + shell.viewer().org() + " · Roster", columns(),
            list.roles().stream().map(this::row).toList(), pager(), empty(),
            picking.isPresent() || list.all() < 2 ? Optional.empty() : visit.link().to(RoleComparePages.PATH));
    }

    private boolean isNarrowed() {
        return list.matching() != list.all();
    }

    private String heading() {
        var text = asked.query().text().map(sought -> " “" + sought + "”").orElse("");
        if (list.matching() == 0) {
            return "No role matches" + text;
        }
        var noun = Words.counted(list.matching(), "role");
        return isNarrowed() || !text.isEmpty() ? noun + (list.matching() == 1 ? " matches" : " match") + text : noun;
    }

    private List<Column> columns() {
        var sorted = asked.query().sort();
        return COLUMNS.entrySet().stream().map(column -> {
            var sort = column.getKey();
            var first = sort == RoleQuery.Sort.NAME ? "" : "-"; // the most, and the latest, come first
            var word = sorted != sort ? first + sort.word()
                : asked.query().descending() ? sort.word() : "-" + sort.word();
            return new Column("by-" + sort.word(), column.getValue(), Optional.of(href(
                word.equals(RoleQuery.Sort.NAME.word()) ? address.without("sort") : address.with("sort", word))),
                sorted != sort ? null : asked.query().descending() ? "descending" : "ascending");
        }).toList();
    }

    private Row row(RoleList.Listed listed) {
        var role = listed.role();
        var sought = asked.query().text().filter(text -> !PeoplePages.isId(text));
        return new Row(role.id().toString(), role.name(), picking.map(pick -> pick.chosen(visit.link(), role.id()))
            .orElseGet(() -> visit.link().to(RolePages.ROLE, role.id())), Marked.of(role.name(), sought),
            role.managed().isPresent(), Optional.ofNullable(provisioned.get(role.id())), Words.number(listed.people()),
            people(visit.link(), role.id()),
            Words.number(listed.permissions()), shell.times().brief(role.modifiedAt()));
    }

    /// The list of those who have a role.
    static Optional<String> people(Link link, Role.Id id) {
        return link.to(ListAddress.of(PeoplePages.PATH, PeoplePages.ORDER).with("role", id.toString()));
    }

    private Pager pager() {
        return Pager.of(visit, address,
            new Pager.Range(list.roles().isEmpty(), list.rank(), list.lastRank(), list.matching()),
            list.before(), list.after());
    }

    private Optional<Empty> empty() {
        if (!list.roles().isEmpty()) {
            return Optional.empty();
        }
        var ways = new ArrayList<Way>();
        Stream.of(asked.query().text().map(_ -> new Way("Clear the search", href(address.without("q")), false)),
            holding.map(_ -> new Way("Show all roles", href(address.without("permission")), false)))
            .flatMap(Optional::stream).forEach(ways::add);
        return Optional.of(new Empty("search", heading() + ".", "", ways));
    }
}
