package roster.door.web.console;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import roster.core.bulk.Act;
import roster.core.index.InvitationQuery.Sort;
import roster.core.invitation.Fate;
import roster.core.invitation.InvitationSearch;
import roster.core.invitation.Tracked;
import roster.core.invitation.TrackedInvitations.Listed;
import roster.door.web.console.InvitationPages.Asked;
import roster.door.web.console.InvitationsPage.Filters;
import roster.door.web.console.InvitationsPage.InvitationTable;
import roster.door.web.console.InvitationsPage.Labelled;
import roster.door.web.console.InvitationsPage.Row;
import roster.door.web.console.PeoplePage.Column;
import roster.door.web.console.PeoplePage.Empty;
import roster.door.web.console.PeoplePage.Selected;
import roster.door.web.console.PeoplePage.Way;
import roster.model.User;

/// A page of the list of invitations in words.
final class InvitationsShown {
    /// Those that have chips.
    private static final List<String> FILTERS = List.of("state", "sender", "sent_from", "expires");

    /// By their labels, what columns sort by; none: nothing.
    private static final Map<String, Optional<Sort>> COLUMNS = new LinkedHashMap<>();
    static {
        COLUMNS.put("For", Optional.of(Sort.EMAIL));
        COLUMNS.put("State", Optional.empty());
        COLUMNS.put("Delivery", Optional.empty());
        COLUMNS.put("Sent by", Optional.empty());
        COLUMNS.put("Sent", Optional.of(Sort.CREATED_AT));
        COLUMNS.put("Expires", Optional.of(Sort.EXPIRES_AT));
    }

    private static final Map<String, Set<Fate>> SEGMENTS = new LinkedHashMap<>();
    static {
        SEGMENTS.put("All", Set.of());
        SEGMENTS.put("Open", Fate.OPEN);
        SEGMENTS.put("Accepted", Set.of(Fate.ACCEPTED));
        SEGMENTS.put("Expired", Set.of(Fate.EXPIRED));
        SEGMENTS.put("Cancelled", Set.of(Fate.CANCELLED));
    }

    private final Visit visit;
    private final Asked asked;
    private final Listed list;
    private final Map<User.Id, User> people;
    private final ListAddress address;
    private final Shell shell;

    /// @param people who are invited and who invited, as far as they are known
    InvitationsShown(Visit visit, Asked asked, Listed list, Map<User.Id, User> people) {
        this.visit = visit;
        this.asked = asked;
        this.list = list;
        this.people = people;
        this.address = asked.address();
        this.shell = visit.shell(Section.INVITATIONS, title());
    }

    private String title() {
        return asked.search().text().map(text -> "Invitations matching “" + text + "”").orElse("Invitations");
    }

    private String href(ListAddress to) {
        return visit.link().to(to).orElseThrow();
    }

    private static ListAddress bare() {
        return ListAddress.of(InvitationPages.PATH, InvitationPages.ORDER);
    }

    /// The list of those that got so far.
    static ListAddress of(Set<Fate> fates) {
        return bare().with("state", word(fates));
    }

    private static String word(Set<Fate> fates) {
        return new InvitationSearch(Optional.empty(), fates, Optional.empty(), Optional.empty(), false,
            Sort.CREATED_AT, true).words().getOrDefault("state", "");
    }

    InvitationsPage page() {
        return new InvitationsPage(shell, href(bare()), asked.typed(), asked.fault(), address.value("sort").orElse(""),
            filters(), segments(), chips(), chips().isEmpty() ? Optional.empty() : Optional.of(href(unfiltered())),
            visit.link().to("/console/invite"), table());
    }

    private Filters filters() {
        var states = new LinkedHashMap<String, String>();
        states.put("", "Any");
        Stream.concat(Stream.of(Fate.OPEN, Fate.ATTENTION), Stream.of(Fate.values()).map(Set::of))
            .forEach(fates -> states.put(word(fates), InvitationWords.fates(fates)));
        var state = address.value("state").orElse("");
        states.putIfAbsent(state, InvitationWords.fates(asked.search().fates()));
        var senders = new LinkedHashMap<String, String>();
        senders.put("", "Anyone");
        visit.caller().user().ifPresent(self -> senders.put(self.toString(), "Me"));
        asked.search().sender().ifPresent(id -> senders.putIfAbsent(id.toString(), called(id)));
        return new Filters(states, state, senders, address.value("sender").orElse(""),
            address.value("sent_from").orElse(""), asked.search().endingSoon());
    }

    private String called(User.Id id) {
        return Optional.ofNullable(people.get(id)).map(Persons::name).orElse("A person who is gone");
    }

    private List<Segment> segments() {
        var without = address.without("sel").without("state");
        return SEGMENTS.entrySet().stream().map(segment -> {
            var fates = segment.getValue();
            return new Segment("state-" + Words.small(segment.getKey()), segment.getKey(),
                href(without.with("state", word(fates))), asked.search().fates().equals(fates),
                Optional.of(Words.number(count(fates))));
        }).toList();
    }

    /// How many match all other conditions.
    private long count(Set<Fate> fates) {
        return list.byState().entrySet().stream().filter(one -> fates.isEmpty()
            || fates.contains(Fate.of(one.getKey(), Optional.empty())))
            .mapToLong(Map.Entry::getValue).sum();
    }

    private List<FilterChip> chips() {
        var chips = new ArrayList<FilterChip>();
        if (!SEGMENTS.containsValue(asked.search().fates())) {
            chip(chips, "State: " + InvitationWords.fates(asked.search().fates()), "state");
        }
        asked.search().sender().ifPresent(id -> chip(chips, "Sent by: " + called(id), "sender"));
        asked.search().sentFrom().ifPresent(day -> chip(chips, "Sent since " + Times.day(day), "sent_from"));
        if (asked.search().endingSoon()) {
            chip(chips, "Expires within a day", "expires");
        }
        return chips;
    }

    private void chip(List<FilterChip> chips, String text, String parameter) {
        chips.add(new FilterChip(text, href(address.without("sel").without(parameter))));
    }

    private ListAddress unfiltered() {
        var clear = address.without("sel");
        for (var filter : FILTERS) {
            clear = clear.without(filter);
        }
        return clear;
    }

    private InvitationTable table() {
        var isAll = address.value("sel").isPresent() && list.matching() > 0;
        var bulk = Act.of(visit.caller()).contains(Act.CANCEL_INVITATIONS) ? visit.link().post(BulkPages.LIST)
            : Optional.<String>empty();
        var others = bulk.isPresent() && !isAll && list.matching() > list.items().size();
        return new InvitationTable(shell, heading(),
            isNarrowed() ? Optional.of("of " + Words.number(list.all())) : Optional.empty(),
            shell.title() + " · " + shell.viewer().org() + " · Roster", attention(), columns(),
            list.items().stream().map(this::row).toList(), pager(), empty(),
            others ? Optional.of(new Labelled("Select all " + Words.number(list.matching()) + " that match",
                href(address.with("sel", "all")))) : Optional.empty(),
            isAll ? Optional.of(new Selected("All " + Words.counted(list.matching(), "invitation")
                + " that match are selected", href(address.without("sel")))) : Optional.empty(),
            bulk, address.without("sel").text());
    }

    private Optional<Labelled> attention() {
        return shell.attention().filter(_ -> !asked.search().fates().equals(Fate.ATTENTION))
            .map(count -> new Labelled(count + (count.equals("1") ? " needs attention" : " need attention"),
                href(of(Fate.ATTENTION))));
    }

    private boolean isNarrowed() {
        return list.matching() != list.all();
    }

    private String heading() {
        var text = asked.search().text().map(sought -> " “" + sought + "”").orElse("");
        if (list.matching() == 0) {
            return text.isEmpty() && !isNarrowed() ? "No invitations" : "No invitation matches" + text;
        }
        var noun = Words.counted(list.matching(), "invitation");
        return isNarrowed() || !text.isEmpty() ? noun + (list.matching() == 1 ? " matches" : " match") + text : noun;
    }

    private List<Column> columns() {
        var search = asked.search();
        return COLUMNS.entrySet().stream().map(column -> column.getValue().map(sort -> {
            var word = InvitationSearch.word(sort);
            var turned = search.sort() == sort ? !search.descending() : sort == Sort.CREATED_AT; // the latest come first
            var to = (turned ? "-" : "") + word;
            return new Column("by-" + word, column.getKey(), Optional.of(href(to.equals("-sent")
                ? address.without("sort") : address.with("sort", to))),
                search.sort() != sort ? null : search.descending() ? "descending" : "ascending");
        }).orElseGet(() -> new Column("by-" + Words.small(column.getKey()).replace(' ', '-'), column.getKey(),
            Optional.empty(), null))).toList();
    }

    private Row row(Tracked one) {
        var invitation = one.invitation();
        var sought = asked.search().text().filter(text -> !PeoplePages.isId(text));
        var here = address.without("sel");
        var ways = InvitationPages.Ways.of(visit, one);
        return new Row(invitation.id().toString(), visit.link().to(InvitationPages.INVITATION, invitation.id())
            .map(href -> Back.leading(href, here)), Marked.of(invitation.email(), sought), invitation.email(),
            Optional.ofNullable(people.get(invitation.user())).flatMap(User::name).orElse(""),
            FateBadge.of(one.fate()), InvitationWords.told(one, shell.times()),
            invitation.inviter().map(this::called).orElse("The operator"),
            invitation.inviter().map(by -> href(address.without("sel").with("sender", by.toString()))),
            shell.times().brief(invitation.createdAt()), shell.times().brief(invitation.expiresAt()),
            ways.again().map(href -> Back.leading(href, here)), ways.cancel().map(href -> Back.leading(href, here)),
            ways.back().map(href -> Back.leading(href, here)));
    }

    private Pager pager() {
        return Pager.of(visit, address, new Pager.Range(list.items().isEmpty(), list.rank(), list.lastRank(),
            list.matching()), list.before(), list.after());
    }

    private Optional<Empty> empty() {
        if (!list.items().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(list.all() == 0 ? new Empty("mail", "No invitations yet",
            "Invite the people you work with. Here you see what became of each invitation.",
            ways(Stream.of(visit.link().to("/console/invite").map(href -> new Way("Invite people", href, true)))))
            : nothing());
    }

    private Empty nothing() {
        var text = asked.search().text();
        var fates = asked.search().fates();
        var elsewhere = fates.isEmpty() ? 0 : count(Set.of());
        var filtered = !chips().isEmpty();
        return new Empty("search", heading() + (SEGMENTS.containsValue(fates) && !fates.isEmpty()
            ? " among the " + Words.small(InvitationWords.fates(fates)) : "") + ".",
            elsewhere == 0 ? "" : Words.counted(elsewhere, "invitation") + (elsewhere == 1 ? " matches" : " match")
                + " in any state.",
            ways(Stream.of(elsewhere == 0 ? Optional.empty()
                : Optional.of(new Way("Show all states", href(address.without("sel").without("state")), false)),
                text.map(_ -> new Way("Clear the search", href(address.without("sel").without("q")), false)),
                filtered ? Optional.of(new Way("Clear the filters", href(unfiltered()), false)) : Optional.empty())));
    }

    private static List<Way> ways(Stream<Optional<Way>> ways) {
        return ways.flatMap(Optional::stream).toList();
    }
}
