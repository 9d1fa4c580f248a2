package roster.door.web.console;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import roster.core.key.KeyPage;
import roster.core.key.KeyQuery;
import roster.core.key.ListedKey;
import roster.door.web.console.KeyPages.Asked;
import roster.door.web.console.KeyPages.Found;
import roster.door.web.console.KeysPage.KeyTable;
import roster.door.web.console.KeysPage.Owner;
import roster.door.web.console.KeysPage.Row;
import roster.door.web.console.PeoplePage.Column;
import roster.door.web.console.PeoplePage.Empty;
import roster.door.web.console.PeoplePage.Way;
import roster.door.web.console.RolesPage.Hidden;
import roster.model.Email;
import roster.model.User;

/// A page of a list of keys in words.
final class KeysShown {
    private static final Map<KeyQuery.Use, String> USES = new LinkedHashMap<>();
    static {
        USES.put(KeyQuery.Use.ANY, "Any use");
        USES.put(KeyQuery.Use.NOT_FOR_90_DAYS, "Not for 90 days");
        USES.put(KeyQuery.Use.NEVER, "Never");
    }

    private final Visit visit;
    private final KeyTab tab;
    private final Asked asked;
    private final KeyPage list;
    private final Map<KeyTab, Long> counts;
    private final Optional<User> owner;
    private final ListAddress address;
    private final Shell shell;

    KeysShown(Visit visit, KeyTab tab, Asked asked, Found found) {
        this.visit = visit;
        this.tab = tab;
        this.asked = asked;
        this.list = found.page();
        this.counts = found.counts();
        this.owner = found.owner();
        this.address = asked.address();
        this.shell = visit.shell(Section.KEYS, (asked.isFaulty() ? "Error: " : "") + tab.plural()
            + asked.query().text().map(text -> " matching “" + text + "”").orElse(""));
    }

    private String href(ListAddress to) {
        return visit.link().to(to).orElseThrow();
    }

    KeysPage page() {
        return new KeysPage(shell, tabs(), tab.lead(), href(ListAddress.of(tab.list(), KeyPages.ORDER)), asked.typed(),
            asked.fault(), ownerField(), address.values().entrySet().stream()
                .filter(one -> List.of("use", "sort").contains(one.getKey()))
                .map(one -> new Hidden(one.getKey(), one.getValue())).toList(),
            segments(), chips(), visit.link().to(tab.create()), "New " + tab.noun(), table());
    }

    /// The other lists, by the same filters.
    private List<PersonHead.Tab> tabs() {
        return counts.entrySet().stream().map(one -> new PersonHead.Tab(one.getKey().plural(),
            Words.number(one.getValue()),
            href(new ListAddress(one.getKey().list(), KeyPages.ORDER, address.begun().without("sort").values())),
            one.getKey() == tab)).toList();
    }

    private Field ownerField() {
        return Field.of("owner", tab.owner(), owner.map(KeysShown::typed).orElse(asked.owner()))
            .hinting("The email address of a person, or the id of a service account.").faulty(asked.ownerFault());
    }

    /// What finds an owner again: only people have addresses of their own.
    private static String typed(User user) {
        return user.serviceAccount() || Email.isAnonymous(user.email()) ? user.id().toString() : user.email();
    }

    private List<Segment> segments() {
        return USES.entrySet().stream().map(one -> {
            var use = one.getKey();
            return new Segment("use-" + use.word(), one.getValue(), href(use == KeyQuery.Use.ANY
                ? address.without("use") : address.with("use", use.word())), asked.query().use() == use,
                Optional.of(Words.number(list.byUse().get(use))));
        }).toList();
    }

    private List<FilterChip> chips() {
        return asked.query().owner().map(id -> new FilterChip(tab.owner() + ": "
            + owner.map(Persons::name).orElse("not here"), href(address.without("owner")))).stream().toList();
    }

    private KeyTable table() {
        return new KeyTable(shell, heading(), isNarrowed() ? Optional.of("of " + Words.number(list.all()))
            : Optional.empty(), shell.title() + " · " + shell.viewer().org() + " · Roster", columns(),
            list.keys().stream().map(this::row).toList(), pager(), empty(), tab.ends(), tab.owner(), tab.hasScopes());
    }

    private boolean isNarrowed() {
        return list.matching() != list.all();
    }

    private String heading() {
        var text = asked.query().text().map(sought -> " “" + sought + "”").orElse("");
        if (list.matching() == 0) {
            return isNarrowed() || !text.isEmpty() ? "No " + tab.noun() + " matches" + text : "No " + tab.noun() + "s";
        }
        var noun = Words.counted(list.matching(), tab.noun());
        return isNarrowed() || !text.isEmpty() ? noun + (list.matching() == 1 ? " matches" : " match") + text : noun;
    }

    private List<Column> columns() {
        var columns = new ArrayList<Column>();
        columns.add(sorted(KeyQuery.Sort.NAME, "Name"));
        columns.add(new Column("by-ends", tab.ends(), Optional.empty(), null));
        columns.add(new Column("by-owner", tab.owner(), Optional.empty(), null));
        if (tab.hasScopes()) {
            columns.add(new Column("by-may", "May", Optional.empty(), null));
        }
        columns.add(sorted(KeyQuery.Sort.LAST_USED_AT, "Last used"));
        columns.add(sorted(KeyQuery.Sort.CREATED_AT, "Created"));
        return columns;
    }

    private Column sorted(KeyQuery.Sort sort, String label) {
        var query = asked.query();
        var first = sort == KeyQuery.Sort.NAME ? "" : "-"; // the latest come first
        var word = query.sort() != sort ? first + sort.word() : query.descending() ? sort.word() : "-" + sort.word();
        return new Column("by-" + sort.word(), label, Optional.of(href(
            word.equals(KeyQuery.Sort.NAME.word()) ? address.without("sort") : address.with("sort", word))),
            query.sort() != sort ? null : query.descending() ? "descending" : "ascending");
    }

    private Row row(ListedKey key) {
        var times = shell.times();
        return new Row(key.id().toString(),
            Marked.of(key.name(), asked.query().text().filter(text -> !PeoplePages.isId(text))), key.name(),
            tab.edit(visit, key, KeyOrigin.LIST), KeyWords.ends(key),
            key.owner().map(one -> new Owner(KeyWords.called(one), one.service(),
                KeyWords.page(visit.link(), one))),
            KeyWords.may(key.scopes()), key.lastUsedAt().map(times::brief), times.day(key.createdAt()),
            key.expiresAt().map(times::day), KeyWords.isOver(key, times),
            tab.isApi() ? visit.link().to(KeyTab.SHOW, key.id()) : Optional.empty(),
            tab.revoke(visit, key, KeyOrigin.LIST));
    }

    private Pager pager() {
        return Pager.of(visit, address,
            new Pager.Range(list.keys().isEmpty(), list.rank(), list.lastRank(), list.matching()),
            list.before(), list.after());
    }

    private Optional<Empty> empty() {
        if (!list.keys().isEmpty()) {
            return Optional.empty();
        }
        if (list.all() == 0) {
            return Optional.of(new Empty("key", "No keys yet.", "A key lets a program use the API as its owner.",
                visit.link().to(tab.create()).map(href -> new Way("New " + tab.noun(), href, true)).stream()
                    .toList()));
        }
        var ways = Stream.of(
            asked.query().text().map(_ -> new Way("Clear the search", href(address.without("q")), false)),
            Optional.of(new Way("Show all " + tab.noun() + "s", href(ListAddress.of(tab.list(), KeyPages.ORDER)),
                false)))
            .flatMap(Optional::stream).toList();
        return Optional.of(new Empty("search", heading() + ".", "", ways));
    }
}
