package roster.door.web.console;

import java.util.Optional;
import roster.base.http.Needs;
import roster.base.http.Response;

/// `/console/me`: oneself. `/console/keyboard`: the keys that are shortcuts.
public final class MePages {
    static final String KEYBOARD = "/console/keyboard";

    public record KeyboardPage(Shell shell) {}

    void addTo(Console.Pages pages) {
        pages.get(KEYBOARD, Needs.Simple.SESSION, this::keyboard);
    }

    private Response keyboard(Visit visit) {
        return visit.page("web/console/keyboard.jte", new KeyboardPage(visit.shell(Optional.empty(), "Keyboard")));
    }
}
