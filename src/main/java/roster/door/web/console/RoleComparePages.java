package roster.door.web.console;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import roster.base.http.Needs;
import roster.base.http.Response;
import roster.core.directory.DirectoryFeature;
import roster.core.directory.DirectoryView;
import roster.core.directory.RoleImpact;
import roster.core.permission.Catalogue;
import roster.core.permission.Catalogue.Entry;
import roster.core.role.RoleComparison;
import roster.core.role.RoleDraft;
import roster.core.role.Roles;
import roster.door.web.console.RoleComparePage.Chosen;
import roster.door.web.console.RoleComparePage.Compared;
import roster.door.web.console.RoleComparePage.Group;
import roster.door.web.console.RoleComparePage.Head;
import roster.door.web.console.RoleComparePage.Line;
import roster.door.web.console.RoleComparePage.Way;
import roster.model.Id;
import roster.model.Permission;
import roster.model.Problem.BadParameter;
import roster.model.Problem.NotFound;
import roster.model.Refused;
import roster.model.Role;

/// `/console/roles/compare?a=&b=&show=`: two roles, permission by permission.
public final class RoleComparePages {
    static final String PATH = RolePages.PATH + "/compare";
    private static final List<String> ORDER = List.of("a", "b", "show");
    private static final String SHOW = "show";
    private static final String ALL = "all";

    /// The boxes of the list of roles.
    private static final String TICKED = "role";

    private final DirectoryFeature directory;
    private final Catalogue catalogue;

    RoleComparePages(DirectoryFeature directory, Catalogue catalogue) {
        this.directory = directory;
        this.catalogue = catalogue;
    }

    void addTo(Console.Pages pages) {
        pages.get(PATH, Needs.sessionOf(Permission.USER_ACCESS_READ), this::compare);
    }

    /// @param first,second ids; empty: not chosen yet
    static ListAddress address(String first, String second) {
        return ListAddress.of(PATH, ORDER).with("a", first).with("b", second);
    }

    /// What is compared, all as of one moment.
    private record Seen(Optional<Role> first, Optional<Role> second, Map<Role.Id, Long> people, long both,
        Map<String, String> choice) {}

    private Response compare(Visit visit) {
        var query = visit.request().query();
        var ticked = query.all(TICKED);
        var sent = ListAddress.of(PATH, ORDER, query);
        if (ticked.size() == 2) {
            return visit.moved(address(ticked.getFirst(), ticked.getLast()));
        }
        var address = sent.value(SHOW).filter("differences"::equals).isPresent() ? sent.without(SHOW) : sent;
        if (address.value(SHOW).filter(show -> !show.equals(ALL)).isPresent()) {
            throw new Refused(new BadParameter(SHOW));
        }
        if (ticked.isEmpty() && !address.isOf(query)) {
            return visit.moved(address);
        }
        var seen = directory.directory.read(visit.caller(), view -> seen(view, address));
        var fault = ticked.isEmpty() ? "" : "Tick two roles to compare them; you ticked " + Words.number(ticked.size())
            + ".";
        return visit.page(fault.isEmpty() ? 200 : 422, "web/console/role-compare.jte",
            page(visit, address, seen, fault));
    }

    private static Seen seen(DirectoryView view, ListAddress address) {
        var first = chosen(view, address, "a");
        var second = chosen(view, address, "b");
        Map<String, String> choice = view.allRoles(RoleEditPages.ROLES_SHOWN).stream().collect(Collectors.toMap(
            role -> role.id().toString(), Role::name, (one, _) -> one, LinkedHashMap::new));
        return new Seen(first, second, view.people(), first.isPresent() && second.isPresent()
            ? RoleImpact.both(view, first.get().id(), second.get().id()) : 0, choice);
    }

    private static Optional<Role> chosen(DirectoryView view, ListAddress address, String name) {
        return address.value(name).map(id -> Id.parse(id).map(Role.Id::new)
            .orElseThrow(() -> new Refused(new BadParameter(name))))
            .map(id -> view.role(id).orElseThrow(() -> new Refused(new NotFound(id + " not found"))));
    }

    private RoleComparePage page(Visit visit, ListAddress address, Seen seen, String fault) {
        var first = address.value("a").orElse("");
        var second = address.value("b").orElse("");
        var link = visit.link();
        var title = seen.first().isPresent() && seen.second().isPresent()
            ? "Compare " + seen.first().get().name() + " and " + seen.second().get().name() : "Compare roles";
        return new RoleComparePage(visit.shell(Section.ROLES, (fault.isEmpty() ? "" : "Error: ") + title),
            link.to(PATH).orElseThrow(), seen.choice(),
            chosen(link, seen, seen.first(), new Picking(Picking.Purpose.FIRST, second)),
            chosen(link, seen, seen.second(), new Picking(Picking.Purpose.SECOND, first)),
            first.isEmpty() || second.isEmpty() ? Optional.empty()
                : link.to(address.with("a", second).with("b", first)),
            seen.first().flatMap(a -> seen.second().map(b -> compared(visit, address, seen, a, b))), fault);
    }

    private static Chosen chosen(Link link, Seen seen, Optional<Role> role, Picking picking) {
        return new Chosen(role.map(one -> one.id().toString()).orElse(""), role.map(Role::name).orElse(""),
            seen.choice().isEmpty() ? link.to(picking.address()) : Optional.empty());
    }

    private Compared compared(Visit visit, ListAddress address, Seen seen, Role first, Role second) {
        var compared = RoleComparison.of(catalogue, first.permissions(), second.permissions());
        var link = visit.link();
        var all = address.value(SHOW).isPresent();
        var differing = compared.differences();
        var alike = compared.both().size();
        var segments = List.of(
            new Segment("show-differences", "Differences", link.to(address.without(SHOW)).orElseThrow(), !all,
                Optional.of(Words.number(differing))),
            new Segment("show-all", "All", link.to(address.with(SHOW, ALL)).orElseThrow(), all,
                Optional.of(Words.number(compared.all()))));
        var groups = compared.groups(catalogue, all).entrySet().stream().map(group -> new Group(group.getKey(),
            group.getValue().stream().map(line -> new Line(line.permission().displayName(),
                line.permission().description(),
                link.to(PermissionPages.PERMISSION, line.permission().permission().name()), line.inFirst(),
                line.inSecond())).toList()))
            .toList();
        return new Compared(Words.number(differing) + (differing == 1 ? " differs, " : " differ, ")
            + Words.number(alike) + (alike == 1 ? " is alike" : " are alike"),
            Words.number(compared.first().size()) + " only in " + first.name() + ", "
                + Words.number(compared.second().size()) + " only in " + second.name(),
            segments, head(link, seen, first), head(link, seen, second), groups,
            Words.people(seen.both()) + (seen.both() == 1 ? " holds" : " hold") + " both roles",
            add(link, compared, second), link.to(RoleEditPages.CLONE, first.id())
                .map(href -> new Way("Clone " + first.name() + "…", href)),
            visit.absolute(address.text()));
    }

    private Head head(Link link, Seen seen, Role role) {
        return new Head(role.name(), link.to(RolePages.ROLE, role.id()),
            Words.counted(catalogue.listed(role.permissions()).size(), "permission"),
            Words.people(seen.people().getOrDefault(role.id(), 0L)));
    }

    /// What only the first role holds, put into the second.
    private Optional<Way> add(Link link, RoleComparison compared, Role second) {
        var missing = compared.first().stream().map(Entry::permission).collect(Collectors.toSet());
        if (missing.isEmpty() || second.managed().isPresent()) {
            return Optional.empty();
        }
        var wish = RoleWish.of(new RoleDraft(Optional.empty(), missing, java.util.Set.of()))
            .tagged(Roles.tag(second));
        return link.to(RoleReviewPages.REVIEW, second.id()).map(href -> new Way("Add the "
            + Words.number(missing.size()) + " to " + second.name() + "…", href + wish.query(catalogue)));
    }
}
