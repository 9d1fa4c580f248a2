package roster.door.web.console;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import roster.base.http.Needs;
import roster.base.http.Query;
import roster.base.http.Response;
import roster.core.Kernel;
import roster.core.audit.TrailOfRole;
import roster.core.directory.DirectoryFeature;
import roster.core.directory.DirectoryView;
import roster.core.directory.RoleImpact;
import roster.core.directory.RoleQuery;
import roster.core.index.PeopleRequest.Place;
import roster.core.permission.Catalogue;
import roster.core.role.RoleComparison;
import roster.core.role.Roles;
import roster.door.web.console.RolePage.Acts;
import roster.door.web.console.RolePage.Compared;
import roster.door.web.console.RolePage.Counted;
import roster.door.web.console.RolePage.Group;
import roster.door.web.console.RolePage.Item;
import roster.door.web.console.RolePage.Told;
import roster.model.Id;
import roster.model.Permission;
import roster.model.Problem.NotFound;
import roster.model.Refused;
import roster.model.Role;

/// `/console/roles`: the list of roles, one role, and the pages about it.
public final class RolePages {
    static final String PATH = "/console/roles";
    static final String ROLE = PATH + "/{id}";
    static final String MEMBERS = ROLE + "/members";

    /// The parameters of the list, in order.
    static final List<String> ORDER = List.of("q", "permission", "sort", "for", "with");

    private static final Needs TRAIL = Needs.sessionOf(Permission.AUDIT_LOGS_READ);

    /// How many of its latest changes the page of a role shows.
    private static final int ENTRIES = 10;

    private final DirectoryFeature directory;
    private final Catalogue catalogue;
    private final FromDirectory directories;
    private final RoleComparePages compares;
    private final RoleEditPages edits;
    private final RoleReviewPages reviews;
    private final RoleDeletePages deletes;

    RolePages(Kernel kernel, DirectoryFeature directory, Roles roles, FromDirectory directories) {
        this.directories = directories;
        this.directory = directory;
        this.catalogue = kernel.catalogue();
        this.compares = new RoleComparePages(directory, catalogue);
        this.edits = new RoleEditPages(directory, roles, catalogue, directories);
        this.reviews = new RoleReviewPages(kernel.db(), directory, roles, catalogue);
        this.deletes = new RoleDeletePages(kernel.db(), directory, roles, catalogue);
    }

    void addTo(Console.Pages pages) {
        var read = Needs.sessionOf(Permission.USER_ACCESS_READ);
        pages.get(PATH, read, this::list);
        pages.get(ROLE, read, this::show);
        pages.get(MEMBERS, read, this::members);
        compares.addTo(pages);
        edits.addTo(pages);
        reviews.addTo(pages);
        deletes.addTo(pages);
    }

    /// What an address asks for.
    ///
    /// @param address canonical
    /// @param fault of the search; empty: none
    record Asked(ListAddress address, RoleQuery query, Place place, Optional<Picking> picking, String typed,
        String fault) {}

    private Response list(Visit visit) {
        PeoplePages.keepRows(visit);
        var asked = asked(visit, visit.request().query());
        if (!visit.isPart() && asked.fault().isEmpty() && !asked.address().isOf(visit.request().query())) {
            return visit.moved(asked.address());
        }
        var list = directory.directory.read(visit.caller(), view -> directory.roles.list(view, visit.caller().org(),
            asked.query(), asked.place(), visit.viewer().preference().rows()));
        var provisioned = visit.read(tx -> directories.ofRoles(tx, visit.caller().org(),
            list.roles().stream().map(one -> one.role().id()).toList()));
        var shown = new RolesShown(visit, asked, list, catalogue, provisioned);
        var status = asked.fault().isEmpty() ? 200 : 422;
        return visit.isPart() ? visit.page(status, "web/console/roles-list.jte", shown.table()).with("HX-Replace-Url",
            visit.link().to(asked.address()).orElseThrow())
            : visit.page(status, "web/console/roles.jte", shown.page());
    }

    private Asked asked(Visit visit, Query sent) {
        var address = ListAddress.of(PATH, ORDER, sent);
        var typed = address.value("q").orElse("");
        var tooLong = RoleQuery.isTooLong(typed);
        var words = tooLong ? address.without("q") : address;
        var query = RoleQuery.read(words::value);
        var place = directory.roles.place(visit.caller().org(), query, words.value(ListAddress.AFTER),
            words.value(ListAddress.BEFORE));
        var picking = Picking.of(words);
        var canonical = new ListAddress(PATH, ORDER, query.words());
        if (picking.isPresent()) {
            canonical = canonical.with("for", picking.get().purpose().word()).with("with", picking.get().other());
        }
        return new Asked(canonical.placed(place, words), query, place, picking, typed,
            tooLong ? "Search for at most %d characters.".formatted(RoleQuery.TEXT_MAX) : "");
    }

    /// The role that an address is about.
    ///
    /// @throws Refused with [NotFound]
    static Role role(DirectoryView view, Visit visit) {
        var sent = visit.request().pathText("id");
        return Id.parse(sent).flatMap(id -> view.role(new Role.Id(id)))
            .orElseThrow(() -> new Refused(new NotFound(sent + " not found")));
    }

    private Response members(Visit visit) {
        var role = directory.directory.read(visit.caller(), view -> role(view, visit));
        return visit.moved(ListAddress.of(PeoplePages.PATH, PeoplePages.ORDER).with("role", role.id().toString()));
    }

    /// A role, and what it is shown with.
    private record Seen(Role role, RoleImpact impact, Optional<Role> standard) {}

    private Response show(Visit visit) {
        var seen = directory.directory.read(visit.caller(), view -> {
            var role = role(view, visit);
            return new Seen(role, RoleImpact.of(view, catalogue, role, role.permissions()),
                view.roles().stream().filter(one -> one.managed().equals(Optional.of(Role.Managed.STANDARD)))
                    .filter(one -> !one.id().equals(role.id())).findFirst());
        });
        var role = seen.role();
        var shell = visit.shell(Section.ROLES, role.name());
        var link = visit.link();
        var held = catalogue.listed(role.permissions()).size();
        return visit.page("web/console/role.jte", new RolePage(shell, role.id().toString(), role.name(),
            role.managed().isPresent(),
            Words.counted(held, "permission") + " · " + Words.people(seen.impact().people()),
            acts(link, role), groups(link, role), people(link, seen), serviceAccounts(link, seen),
            new Told(shell.times().full(role.createdAt()), role.createdBy().orElse("")),
            new Told(shell.times().full(role.modifiedAt()), role.modifiedBy().orElse("")),
            seen.standard().map(standard -> compared(link, role, standard)), history(visit, role),
            visit.read(tx -> directories.of(tx, role))));
    }

    private static Optional<TrailShown> history(Visit visit, Role role) {
        return TRAIL.areMetBy(visit.caller()) ? Optional.of(TrailShown.of(visit,
            visit.read(tx -> TrailOfRole.list(tx, role.org(), role.id(), ENTRIES)), Optional.empty(), Map.of()))
            : Optional.empty();
    }

    private static Acts acts(Link link, Role role) {
        var changeable = role.managed().isEmpty();
        return new Acts(link.to(RoleComparePages.address(role.id().toString(), "")),
            link.to(RoleEditPages.CLONE, role.id()),
            changeable ? link.to(RoleEditPages.EDIT, role.id()) : Optional.empty(),
            changeable ? link.to(RoleDeletePages.DELETE, role.id()) : Optional.empty());
    }

    private static Counted people(Link link, Seen seen) {
        var count = seen.impact().people();
        return new Counted(Words.people(count), count == 0 ? Optional.empty()
            : RolesShown.people(link, seen.role().id()));
    }

    private static Counted serviceAccounts(Link link, Seen seen) {
        var count = seen.impact().serviceAccounts();
        return new Counted(Words.counted(count, "service account"), count == 0 ? Optional.empty()
            : link.to(ListAddress.of(PeoplePages.PATH, PeoplePages.ORDER).with("role", seen.role().id().toString())
                .with("kind", "service")));
    }

    private List<Group> groups(Link link, Role role) {
        var all = new LinkedHashMap<String, Integer>();
        catalogue.listed().forEach(entry -> all.merge(entry.group(), 1, Integer::sum));
        var groups = new LinkedHashMap<String, List<Item>>();
        catalogue.listed(role.permissions()).forEach(entry -> groups
            .computeIfAbsent(entry.group(), _ -> new ArrayList<>())
            .add(new Item(entry.permission().name(), entry.displayName(), entry.description(),
                catalogue.defaults().contains(entry.permission()),
                link.to(PermissionPages.PERMISSION, entry.permission().name()))));
        return groups.entrySet().stream().map(group -> new Group(group.getKey(),
            group.getValue().size() + " of " + all.get(group.getKey()), group.getValue())).toList();
    }

    private Compared compared(Link link, Role role, Role standard) {
        var compared = RoleComparison.of(catalogue, role.permissions(), standard.permissions());
        return new Compared("Compared with Standard: " + (compared.differences() == 0 ? "the same"
            : Words.number(compared.first().size()) + " more, " + Words.number(compared.second().size()) + " fewer"),
            link.to(RoleComparePages.address(role.id().toString(), standard.id().toString())));
    }
}
