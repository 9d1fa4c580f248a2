package roster.door.web.console;

import java.util.Optional;
import roster.base.http.Needs;
import roster.base.http.Response;
import roster.core.user.Users;
import roster.door.web.console.PersonPage.Keys;

/// `/console/me/keys`: one's own application keys and access tokens.
public final class MyKeyPages {
    static final String PATH = "/console/me/keys";

    /// @param keys none: the caller may not have any
    public record MyKeysPage(Shell shell, Back back, Optional<Keys> keys, Optional<String> newKey,
        Optional<String> newToken) {}

    private final Users users;
    private final PersonKeys keys;

    MyKeyPages(ConsoleDoor.Rooms rooms) {
        users = rooms.user().users;
        keys = new PersonKeys(rooms.key());
    }

    void addTo(Console.Pages pages) {
        pages.get(PATH, Needs.Simple.SESSION, this::show);
    }

    private Response show(Visit visit) {
        visit.viewer();
        var own = visit.read(tx -> {
            var user = users.find(tx, visit.caller().org(), visit.caller().user().orElseThrow()).orElseThrow();
            return PersonKeys.areReadable(visit.caller(), user)
                ? Optional.of(keys.shown(visit, tx, user, KeyOrigin.ME)) : Optional.<Keys>empty();
        });
        return visit.page("web/console/me-keys.jte", new MyKeysPage(visit.shell(Optional.empty(), "Your keys"),
            new Back(visit.link().to(MePages.PATH).orElseThrow(), "You"), own, create(visit, KeyTab.APPLICATION),
            create(visit, KeyTab.TOKENS)));
    }

    private static Optional<String> create(Visit visit, KeyTab tab) {
        return visit.link().to(tab.create()).map(href -> href + KeyOrigin.ME.query());
    }
}
