package roster.door.web.console;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import roster.core.bulk.Act;
import roster.core.directory.DirectoryView;
import roster.core.directory.PeopleList;
import roster.core.index.PackedUser;
import roster.core.index.PeopleFilter.Kind;
import roster.door.web.console.PeoplePage.Column;
import roster.door.web.console.PeoplePage.Empty;
import roster.door.web.console.PeoplePage.Filters;
import roster.door.web.console.PeoplePage.PeopleTable;
import roster.door.web.console.PeoplePage.Row;
import roster.door.web.console.PeoplePage.Selected;
import roster.door.web.console.PeoplePage.Way;
import roster.door.web.console.PeoplePages.Asked;
import roster.model.Email;
import roster.model.Role;
import roster.model.User;
import roster.model.User.Status;

/// A page of people in words.
final class PeopleShown {
    /// How many roles of a person have a chip of their own.
    private static final int CHIPS = 2;

    /// The most roles that can be chosen from on the page.
    private static final int ROLES_SHOWN = 50;

    /// Those that have chips.
    private static final List<String> FILTERS = List.of("role", "kind", "seen", "mfa", "added_from", "added_to");

    private static final List<Status> SEGMENTS = List.of(Status.ACTIVE, Status.PENDING, Status.DISABLED);
    private static final Map<String, String> COLUMNS = new LinkedHashMap<>();
    static {
        COLUMNS.put("name", "Name");
        COLUMNS.put("status", "Status");
        COLUMNS.put("", "Roles");
        COLUMNS.put("last_sign_in", "Last sign-in");
        COLUMNS.put("created_at", "Added");
    }

    private final Visit visit;
    private final Asked asked;
    private final PeopleList list;
    private final Optional<Turned> turned;
    private final List<User> users;
    private final Map<Role.Id, String> roleNames;
    private final List<Role> choices;
    private final Shell shell;
    private final ListAddress address;

    /// A text that finds as many.
    record Turned(String text, long matching) {}

    /// @param turned what finds someone, where the text that was typed finds no one
    /// @param view that the list comes from; it is not kept
    PeopleShown(Visit visit, Asked asked, PeopleList list, Optional<Turned> turned, DirectoryView view) {
        this.visit = visit;
        this.asked = asked;
        this.list = list;
        this.turned = turned;
        this.users = list.users().stream().map(PackedUser::user).toList();
        this.address = asked.address();
        var held = new HashSet<>(asked.query().filter().roles());
        users.forEach(user -> held.addAll(user.roles()));
        roleNames = view.roles(held).stream().collect(Collectors.toMap(Role::id, Role::name));
        choices = view.allRoles(ROLES_SHOWN);
        shell = visit.shell(Section.PEOPLE, title());
    }

    private String title() {
        return asked.query().text().map(text -> "People matching “" + text + "”").orElse("People");
    }

    private String href(ListAddress to) {
        return visit.link().to(to).orElseThrow();
    }

    /// Those whom the page is about.
    List<User.Id> people() {
        return users.stream().map(User::id).toList();
    }

    /// @param provisioned what is said of those whom a directory looks after
    PeoplePage page(Map<User.Id, String> provisioned) {
        return new PeoplePage(shell, href(bare()), asked.typed(), asked.fault(), address.value("status").orElse(""),
            address.value("sort").orElse(""), filters(), segments(), chips(),
            chips().isEmpty() ? Optional.empty() : Optional.of(clearFilters()), export(),
            visit.link().to("/console/invite"), table(provisioned));
    }

    private static ListAddress bare() {
        return ListAddress.of(PeoplePages.PATH, PeoplePages.ORDER);
    }

    private Optional<String> export() {
        var here = address.without("sel").without("sort");
        return visit.link().to(new ListAddress(PeoplePages.PATH + ".csv", PeoplePages.ORDER,
            address.value("sort").map(sort -> here.with("sort", sort)).orElse(here).values()));
    }

    private Filters filters() {
        var role = address.value("role").orElse("");
        var offered = new LinkedHashMap<String, String>();
        offered.put("", "Any role");
        offered.put("none", "No roles");
        choices.forEach(one -> offered.put(one.id().toString(), one.name()));
        if (!role.isEmpty()) {
            offered.putIfAbsent(role, roleText());
        }
        return new Filters(offered, role,
            choices.isEmpty() ? visit.link().to(new Picking(Picking.Purpose.PEOPLE, "").address()) : Optional.empty(),
            address.value("kind").orElse(""), address.value("seen").orElse(""), address.value("mfa").isPresent(),
            address.value("added_from").orElse(""), address.value("added_to").orElse(""), false);
    }

    private List<Segment> segments() {
        var without = address.without("status").without("sel");
        var statuses = asked.query().filter().statuses();
        var all = list.byStatus().values().stream().mapToLong(Long::longValue).sum();
        var segments = new ArrayList<Segment>();
        segments.add(new Segment("status-all", "All", href(without), statuses.isEmpty(),
            Optional.of(Words.number(all))));
        for (var status : SEGMENTS) {
            var word = status.text().toLowerCase(java.util.Locale.ROOT);
            segments.add(new Segment("status-" + word, status.text(), href(without.with("status", word)),
                statuses.size() == 1 && statuses.contains(status),
                Optional.of(Words.number(list.byStatus().get(status)))));
        }
        return segments;
    }

    private List<FilterChip> chips() {
        var chips = new ArrayList<FilterChip>();
        address.value("role").ifPresent(_ -> chip(chips, "Role: " + roleText(), "role"));
        address.value("kind").ifPresent(kind -> chip(chips,
            kind.equals("service") ? "Service accounts" : "People and service accounts", "kind"));
        address.value("seen").ifPresent(seen -> chip(chips, "Last sign-in: " + (seen.equals("never") ? "never"
            : seen.equals("90d") ? "not for 90 days" : "never, or not for 90 days"), "seen"));
        address.value("mfa").ifPresent(_ -> chip(chips, "Second factor: no", "mfa"));
        address.value("added_from").ifPresent(day -> chip(chips, "Added since " + day(day), "added_from"));
        address.value("added_to").ifPresent(day -> chip(chips, "Added until " + day(day), "added_to"));
        return chips;
    }

    private void chip(List<FilterChip> chips, String text, String parameter) {
        chips.add(new FilterChip(text, href(address.without("sel").without(parameter))));
    }

    private static String day(String day) {
        return Times.day(LocalDate.parse(day));
    }

    private String roleText() {
        var names = new ArrayList<String>();
        asked.query().filter().roles().forEach(id -> names.add(roleNames.getOrDefault(id, "one that is gone")));
        names.sort(null);
        if (asked.query().filter().withoutRoles()) {
            names.add("none");
        }
        return String.join(" or ", names);
    }

    private PeopleTable table(Map<User.Id, String> provisioned) {
        var isAll = address.value("sel").isPresent() && list.matching() > 0;
        var bulk = visit.link().post("/console/bulk");
        var others = bulk.isPresent() && !isAll && list.matching() > users.size();
        return new PeopleTable(shell, heading(), isNarrowed() ? Optional.of("of " + Words.number(list.all()))
            : Optional.empty(), shell.title() + " · " + shell.viewer().org() + " · Roster",
            Words.number(list.matching()), columns(),
            users.stream().map(user -> row(user, provisioned)).toList(), pager(), empty(),
            others ? Optional.of(href(address.with("sel", "all"))) : Optional.empty(),
            isAll ? Optional.of(new Selected("All " + Words.people(list.matching()) + " that match are selected",
                href(address.without("sel")))) : Optional.empty(),
            bulk, Act.of(visit.caller()), address.without("sel").text(),
            asked.query().filter().statuses().equals(java.util.Set.of(
                Status.DISABLED)));
    }

    private boolean isNarrowed() {
        return list.matching() != list.all();
    }

    private String heading() {
        var noun = switch (asked.query().filter().kind()) {
            case PEOPLE -> Words.people(list.matching());
            case SERVICE -> Words.counted(list.matching(), "service account");
            case BOTH -> list.matching() == 1 ? "1 person or service account"
                : Words.number(list.matching()) + " people and service accounts";
        };
        var text = asked.query().text().map(sought -> " “" + sought + "”").orElse("");
        if (list.matching() == 0) {
            return text.isEmpty() && !isNarrowed() ? "No people" : "Nobody matches" + text;
        }
        return isNarrowed() || !text.isEmpty() ? noun + (list.matching() == 1 ? " matches" : " match") + text : noun;
    }

    private List<Column> columns() {
        var sort = address.value("sort").orElse("name");
        return COLUMNS.entrySet().stream().map(column -> {
            var ascending = sort.equals(column.getKey());
            var descending = sort.equals("-" + column.getKey());
            if (column.getKey().isEmpty()) {
                return new Column("by-roles", column.getValue(), Optional.empty(), null);
            }
            var to = ascending ? "-" + column.getKey() : column.getKey();
            return new Column("by-" + column.getKey(), column.getValue(), Optional.of(href(to.equals("name")
                ? address.without("sort") : address.with("sort", to))),
                ascending ? "ascending" : descending ? "descending" : null);
        }).toList();
    }

    private Row row(User user, Map<User.Id, String> provisioned) {
        var sought = asked.query().text().filter(text -> !PeoplePages.isId(text));
        var name = user.name().filter(text -> !text.isBlank());
        var names = user.roles().stream().map(roleNames::get).filter(one -> one != null).toList();
        var all = names.size() == CHIPS + 1 ? names.size() : CHIPS;
        return new Row(user.id().toString(), person(user), user.serviceAccount() ? Avatar.machine()
            : Avatar.of(user.id().value(), name, user.email()), name.orElse(user.email()),
            name.map(text -> Marked.of(text, sought)), Marked.of(user.email(), sought), user.status(),
            user.serviceAccount(), Optional.ofNullable(provisioned.get(user.id())), names.stream().limit(all).toList(),
            names.stream().skip(all).toList(),
            user.lastLoginAt().map(shell.times()::brief), shell.times().day(user.createdAt()));
    }

    /// With the list that leads there, to lead back.
    private Optional<String> person(User user) {
        if (user.serviceAccount()) {
            return visit.link().to(ServiceAccountPages.ACCOUNT, user.id());
        }
        return visit.link().to(PeoplePages.PERSON, user.id()).map(href -> Back.leading(href, address.without("sel")));
    }

    private Pager pager() {
        return Pager.of(visit, address, new Pager.Range(users.isEmpty(), list.rank(), list.lastRank(), list.matching()),
            list.before(), list.after());
    }

    private Optional<Empty> empty() {
        if (!users.isEmpty() && !(list.all() == 1 && !isNarrowed() && asked.query().text().isEmpty())) {
            return Optional.empty();
        }
        if (!users.isEmpty()) {
            return asked.query().filter().kind() == Kind.PEOPLE
                ? Optional.of(new Empty("people", "It is just you so far", "Invite the people you work with.",
                    ways(Stream.of(visit.link().to("/console/invite")
                        .map(href -> new Way("Invite people", href, true))))))
                : Optional.empty();
        }
        return Optional.of(nothing());
    }

    private Empty nothing() {
        var text = asked.query().text();
        var statuses = asked.query().filter().statuses();
        var elsewhere = list.byStatus().values().stream().mapToLong(Long::longValue).sum();
        var among = statuses.isEmpty() ? "" : " among the " + statuses.stream().map(status -> status.text()
            .toLowerCase(java.util.Locale.ROOT)).sorted().collect(Collectors.joining(" and the "));
        return new Empty("search", "Nobody matches" + text.map(sought -> " “" + sought + "”").orElse("") + among + ".",
            turned.map(other -> matching(other.matching()) + " “" + other.text() + "”.")
                .orElse(statuses.isEmpty() || elsewhere == 0 ? ""
                    : matching(elsewhere) + " without the status filter."),
            ways(Stream.of(text.flatMap(this::invite),
                turned.map(other -> new Way("Search for “" + other.text() + "”", href(address.with("q", other.text())),
                    true)),
                statuses.isEmpty() || elsewhere == 0 ? Optional.empty()
                    : Optional.of(new Way("Show all statuses", href(address.without("status")), false)),
                text.map(_ -> new Way("Clear the search", href(address.without("q")), false)),
                chips().isEmpty() ? Optional.empty()
                    : Optional.of(new Way("Clear the filters", clearFilters(), false)))));
    }

    private static String matching(long people) {
        return Words.people(people) + (people == 1 ? " matches" : " match");
    }

    private String clearFilters() {
        var clear = address.without("sel");
        for (var filter : FILTERS) {
            clear = clear.without(filter);
        }
        return href(clear);
    }

    private Optional<Way> invite(String sought) {
        return Email.folded(sought).isPresent() ? visit.link().to("/console/invite")
            .map(href -> new Way("Invite " + sought, href + "?who=" + Link.encoded(sought), true)) : Optional.empty();
    }

    private static List<Way> ways(Stream<Optional<Way>> ways) {
        return ways.flatMap(Optional::stream).toList();
    }
}
