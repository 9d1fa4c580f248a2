package roster.door.web.console;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import roster.core.key.ListedKey;
import roster.model.User;

/// The page on which an act on a key began, and to which it leads back.
enum KeyOrigin {
    LIST, ME, ACCOUNT, PERSON;

    /// The parameter, and the field of forms, that says it.
    static final String NAME = "at";

    /// @param sent anything
    static KeyOrigin of(String sent) {
        return Stream.of(values()).filter(one -> one.word().equals(sent)).findFirst().orElse(LIST);
    }

    static KeyOrigin of(Visit visit) {
        return of(visit.request().query().first(NAME).orElse(""));
    }

    /// Empty for the usual one.
    String word() {
        return this == LIST ? "" : name().toLowerCase(Locale.ROOT);
    }

    /// Of an address that has no other parameters.
    String query() {
        return this == LIST ? "" : "?" + NAME + "=" + word();
    }

    /// @param path without that of the public URL
    record Way(String path, Back back) {}

    /// @param owner none: it has none
    Way way(Visit visit, KeyTab tab, Optional<ListedKey.Owner> owner) {
        var link = visit.link();
        var mine = link.to(MyKeyPages.PATH).map(href -> new Way(MyKeyPages.PATH, new Back(href, "Your keys")));
        var account = owner.filter(ListedKey.Owner::service)
            .flatMap(one -> way(link, ServiceAccountPages.KEYS, one.id(), KeyWords.called(one)));
        var person = owner.flatMap(one -> way(link, PersonPages.ACCESS, one.id(), KeyWords.called(one)));
        var list = link.to(tab.list()).map(href -> new Way(tab.list(), new Back(href, tab.plural())));
        var ways = switch (this) {
            case LIST -> Stream.of(list, account, mine);
            case ME -> Stream.of(mine, list);
            case ACCOUNT -> Stream.of(account, list, mine);
            case PERSON -> Stream.of(person, list, mine);
        };
        return ways.flatMap(Optional::stream).findFirst()
            .orElseGet(() -> new Way(Console.PATH, new Back(link.to(Console.PATH).orElseThrow(), "Overview")));
    }

    private static Optional<Way> way(Link link, String template, User.Id id, String label) {
        return link.to(template, id).map(href -> new Way(template.replace("{id}", id.toString()),
            new Back(href, label)));
    }
}
