package roster.door.web.console;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import roster.core.audit.TrailEntry;
import roster.core.directory.DirectoryView;
import roster.core.directory.PeopleList;
import roster.core.index.PackedUser;
import roster.core.index.PeopleQuery;
import roster.core.key.KeyUse;
import roster.door.web.console.PeoplePage.Column;
import roster.door.web.console.PeoplePage.Empty;
import roster.door.web.console.PeoplePage.Way;
import roster.door.web.console.RolesPage.Hidden;
import roster.door.web.console.ServiceAccountPages.Asked;
import roster.door.web.console.ServiceAccountsPage.AccountTable;
import roster.door.web.console.ServiceAccountsPage.Row;
import roster.model.Role;
import roster.model.User;
import roster.model.User.Status;

/// A page of the list of service accounts in words.
final class ServiceAccountsShown {
    /// How many roles of an account have a chip of their own.
    private static final int CHIPS = 2;

    private static final List<Status> SEGMENTS = List.of(Status.ACTIVE, Status.DISABLED);

    private final Visit visit;
    private final Asked asked;
    private final Found found;
    private final PeopleList list;
    private final ListAddress address;
    private final Shell shell;

    /// What the list is shown with.
    ///
    /// @param roles names by id
    /// @param keys none: they may not be seen
    /// @param creations none: the trail may not be read
    record Found(PeopleList list, Map<Role.Id, String> roles, Optional<Map<User.Id, KeyUse>> keys,
        Optional<Map<UUID, TrailEntry>> creations) {
        static Found of(DirectoryView view, PeopleList list, PeopleQuery query) {
            var held = new HashSet<>(query.filter().roles());
            list.users().stream().map(PackedUser::user).forEach(user -> held.addAll(user.roles()));
            return new Found(list, view.roles(held).stream().collect(Collectors.toMap(Role::id, Role::name)),
                Optional.empty(), Optional.empty());
        }

        Found with(Optional<Map<User.Id, KeyUse>> use, Optional<Map<UUID, TrailEntry>> trail) {
            return new Found(list, roles, use, trail);
        }
    }

    ServiceAccountsShown(Visit visit, Asked asked, Found found) {
        this.visit = visit;
        this.asked = asked;
        this.found = found;
        this.list = found.list();
        this.address = asked.address();
        this.shell = visit.shell(Section.SERVICE_ACCOUNTS, (asked.fault().isEmpty() ? "" : "Error: ")
            + "Service accounts" + asked.query().text().map(text -> " matching “" + text + "”").orElse(""));
    }

    private String href(ListAddress to) {
        return visit.link().to(to).orElseThrow();
    }

    ServiceAccountsPage page() {
        return new ServiceAccountsPage(shell, href(bare()), asked.typed(), asked.fault(),
            address.values().entrySet().stream()
                .filter(one -> List.of("status", "role", "sort").contains(one.getKey()))
                .map(one -> new Hidden(one.getKey(), one.getValue())).toList(),
            segments(), chips(), visit.link().to(ServiceAccountNewPages.NEW), table());
    }

    private static ListAddress bare() {
        return ListAddress.of(ServiceAccountPages.PATH, ServiceAccountPages.ORDER);
    }

    private List<Segment> segments() {
        var without = address.without("status");
        var statuses = asked.query().filter().statuses();
        var segments = new ArrayList<Segment>();
        segments.add(new Segment("status-all", "All", href(without), statuses.isEmpty(), Optional.of(
            Words.number(list.byStatus().values().stream().mapToLong(Long::longValue).sum()))));
        for (var status : SEGMENTS) {
            var word = status.text().toLowerCase(Locale.ROOT);
            segments.add(new Segment("status-" + word, status.text(), href(without.with("status", word)),
                statuses.size() == 1 && statuses.contains(status),
                Optional.of(Words.number(list.byStatus().get(status)))));
        }
        return segments;
    }

    private List<FilterChip> chips() {
        var names = new ArrayList<String>();
        asked.query().filter().roles().forEach(id -> names.add(found.roles().getOrDefault(id, "one that is gone")));
        names.sort(null);
        if (asked.query().filter().withoutRoles()) {
            names.add("none");
        }
        return names.isEmpty() ? List.of()
            : List.of(new FilterChip("Role: " + String.join(" or ", names), href(address.without("role"))));
    }

    private AccountTable table() {
        return new AccountTable(shell, heading(), isNarrowed() ? Optional.of("of " + Words.number(list.all()))
            : Optional.empty(), shell.title() + " · " + shell.viewer().org() + " · Roster", columns(),
            list.users().stream().map(PackedUser::user).map(this::row).toList(),
            Pager.of(visit, address, new Pager.Range(list.users().isEmpty(), list.rank(), list.lastRank(),
                list.matching()), list.before(), list.after()),
            empty(), found.keys().isPresent(), found.creations().isPresent());
    }

    private boolean isNarrowed() {
        return list.matching() != list.all();
    }

    private String heading() {
        var text = asked.query().text().map(sought -> " “" + sought + "”").orElse("");
        if (list.matching() == 0) {
            return isNarrowed() || !text.isEmpty() ? "No service account matches" + text : "No service accounts";
        }
        var noun = Words.counted(list.matching(), "service account");
        return isNarrowed() || !text.isEmpty() ? noun + (list.matching() == 1 ? " matches" : " match") + text : noun;
    }

    private List<Column> columns() {
        var columns = new ArrayList<>(List.of(sorted("name", "Name"), sorted("status", "Status"), fixed("Roles")));
        if (found.keys().isPresent()) {
            columns.add(fixed("Keys"));
            columns.add(fixed("Last used"));
        }
        if (found.creations().isPresent()) {
            columns.add(fixed("Created by"));
        }
        columns.add(sorted("created_at", "Added"));
        return columns;
    }

    private static Column fixed(String label) {
        return new Column("by-" + label.toLowerCase(Locale.ROOT).replace(' ', '-'), label, Optional.empty(), null);
    }

    private Column sorted(String word, String label) {
        var sort = address.value("sort").orElse("name");
        var ascending = sort.equals(word);
        var to = ascending ? "-" + word : word;
        return new Column("by-" + word, label, Optional.of(href(to.equals("name") ? address.without("sort")
            : address.with("sort", to))), ascending ? "ascending" : sort.equals("-" + word) ? "descending" : null);
    }

    private Row row(User user) {
        var sought = asked.query().text().filter(text -> !PeoplePages.isId(text));
        var name = Persons.name(user);
        var names = user.roles().stream().map(found.roles()::get).filter(one -> one != null).toList();
        var all = names.size() == CHIPS + 1 ? names.size() : CHIPS;
        var use = found.keys().map(keys -> keys.getOrDefault(user.id(), KeyUse.NONE)).orElse(KeyUse.NONE);
        return new Row(user.id().toString(), visit.link().to(ServiceAccountPages.ACCOUNT, user.id()),
            Marked.of(name, sought), Optional.of(user.email()).filter(email -> !email.equals(name))
                .map(email -> Marked.of(email, sought)),
            user.status(), names.stream().limit(all).toList(), names.stream().skip(all).toList(),
            Words.number(use.keys()), use.lastUsedAt().map(shell.times()::brief),
            found.creations().flatMap(entries -> Optional.ofNullable(entries.get(user.id().value())))
                .map(entry -> maker(visit, entry)).orElse(""),
            shell.times().day(user.createdAt()));
    }

    /// Who created an account, in the words of the trail.
    static String maker(Visit visit, TrailEntry entry) {
        var actor = new Sentences(visit.link(), Optional.empty()).actor(entry).text();
        return entry.actor().isPresent() ? actor : Words.capital(actor);
    }

    private Optional<Empty> empty() {
        if (!list.users().isEmpty()) {
            return Optional.empty();
        }
        if (list.all() == 0) {
            return Optional.of(new Empty("robot", "No service accounts yet.",
                "A service account is a user that is no person: programs act as it, with keys of its own.",
                visit.link().to(ServiceAccountNewPages.NEW).map(to -> new Way("New service account", to, true)).stream()
                    .toList()));
        }
        return Optional.of(new Empty("search", heading() + ".", "", Stream.of(
            asked.query().text().map(_ -> new Way("Clear the search", href(address.without("q")), false)),
            Optional.of(new Way("Show all service accounts", href(bare()), false))).flatMap(Optional::stream)
            .toList()));
    }
}
