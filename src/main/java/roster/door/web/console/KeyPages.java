package roster.door.web.console;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import roster.base.db.Database;
import roster.base.db.Tx;
import roster.base.http.Query;
import roster.base.http.Response;
import roster.core.index.PeopleRequest.Place;
import roster.core.key.KeyFeature;
import roster.core.key.KeyPage;
import roster.core.key.KeyQuery;
import roster.core.user.Users;
import roster.model.Email;
import roster.model.Id;
import roster.model.User;

/// `/console/keys/api`, `/application`, `/tokens`: the lists of keys, and what is done with them.
public final class KeyPages {
    /// The parameters of each list, in order.
    static final List<String> ORDER = List.of("q", "owner", "use", "sort");

    private static final String OWNER = "owner";

    private final KeyFeature key;
    private final Users users;
    private final KeyNewPages news;
    private final KeyEditPages edits;
    private final KeyRevokePages revokes;

    KeyPages(Database db, ConsoleDoor.Rooms rooms, FormIds ids) {
        key = rooms.key();
        users = rooms.user().users;
        news = new KeyNewPages(db, rooms, ids);
        edits = new KeyEditPages(db, rooms.key());
        revokes = new KeyRevokePages(db, rooms.key());
    }

    void addTo(Console.Pages pages) {
        for (var tab : KeyTab.all()) {
            pages.get(tab.list(), tab.reading(), visit -> list(visit, tab));
            news.addTo(pages, tab);
            edits.addTo(pages, tab);
            revokes.addTo(pages, tab);
        }
    }

    /// What an address asks for.
    ///
    /// @param address canonical
    /// @param fault of the search; empty: none
    /// @param owner whose keys are sought, as typed; empty: anyone's
    /// @param ownerFault empty: none
    record Asked(ListAddress address, KeyQuery query, Place place, String typed, String fault, String owner,
        String ownerFault) {
        boolean isFaulty() {
            return !fault.isEmpty() || !ownerFault.isEmpty();
        }
    }

    /// What a list is shown with.
    ///
    /// @param counts of all lists that the caller may open, by the same filters
    /// @param owner whose keys are listed; none: anyone's
    record Found(KeyPage page, Map<KeyTab, Long> counts, Optional<User> owner) {}

    private Response list(Visit visit, KeyTab tab) {
        PeoplePages.keepRows(visit);
        var asked = asked(visit, tab, visit.request().query());
        if (!visit.isPart() && !asked.isFaulty() && !asked.address().isOf(visit.request().query())) {
            return visit.moved(asked.address());
        }
        var rows = visit.viewer().preference().rows();
        var shown = new KeysShown(visit, tab, asked, visit.read(tx -> found(visit, tx, tab, asked, rows)));
        var status = asked.isFaulty() ? 422 : 200;
        return visit.isPart() ? visit.page(status, "web/console/keys-part.jte", shown.page()).with("HX-Replace-Url",
            visit.link().to(asked.address()).orElseThrow())
            : visit.page(status, "web/console/keys.jte", shown.page());
    }

    private Found found(Visit visit, Tx tx, KeyTab tab, Asked asked, int rows) {
        var page = key.lists.page(tx, visit.caller(), tab.kind(), asked.query(), asked.place(), rows);
        var counts = new EnumMap<KeyTab, Long>(KeyTab.class);
        for (var one : KeyTab.all()) {
            if (one == tab) {
                counts.put(one, page.matching());
            } else if (visit.link().to(one.list()).isPresent()) {
                counts.put(one, key.lists.count(tx, visit.caller(), one.kind(), asked.query()));
            }
        }
        return new Found(page, counts, asked.query().owner().flatMap(id -> users.find(tx, visit.caller().org(), id)));
    }

    private Asked asked(Visit visit, KeyTab tab, Query sent) {
        var address = ListAddress.of(tab.list(), ORDER, sent);
        var typed = address.value("q").orElse("");
        var tooLong = KeyQuery.isTooLong(typed);
        var owner = address.value(OWNER).orElse("").strip();
        var id = owner(visit, owner);
        var unknown = !owner.isEmpty() && id.isEmpty();
        var words = (tooLong ? address.spelled("q", "") : address).spelled(OWNER, id.map(User.Id::toString).orElse(""));
        var query = KeyQuery.read(words::value);
        var place = key.lists.place(visit.caller().org(), tab.kind(), query, words.value(ListAddress.AFTER),
            words.value(ListAddress.BEFORE));
        var canonical = new ListAddress(tab.list(), ORDER, query.words());
        return new Asked(switch (place) {
            case Place.First _ -> canonical;
            case Place.End _ -> canonical.at(ListAddress.BEFORE, ListAddress.END);
            case Place.After _ -> canonical.at(ListAddress.AFTER, words.value(ListAddress.AFTER).orElseThrow());
            case Place.Before _ -> canonical.at(ListAddress.BEFORE, words.value(ListAddress.BEFORE).orElseThrow());
        }, query, place, typed,
            tooLong ? "Search for at most %d characters.".formatted(KeyQuery.TEXT_MAX) : "", owner,
            unknown ? "No one here has this address or id." : "");
    }

    /// Whose keys are sought, by an id or an address.
    private Optional<User.Id> owner(Visit visit, String typed) {
        var id = Id.parse(typed).map(User.Id::new);
        return id.isPresent() ? id : Email.folded(typed).flatMap(address -> visit.read(
            tx -> users.withAddress(tx, visit.caller().org(), address))).map(User::id);
    }
}
