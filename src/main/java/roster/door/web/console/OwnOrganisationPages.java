package roster.door.web.console;

import java.util.Optional;
import roster.base.http.Needs;
import roster.base.http.Response;
import roster.door.web.SwitchPages;
import roster.door.web.SwitchPages.Places;

/// `/console/me/organisations`: the organisations of the user who asks. This page alone tells of others than the one in which
/// it acts.
public final class OwnOrganisationPages {
    static final String PATH = "/console/me/organisations";

    /// @param swap where a form is sent that swaps sessions, with a token of its own
    public record OrganisationsPage(Shell shell, Places places, String swap, String token) {}

    private final SwitchPages switching;

    OwnOrganisationPages(SwitchPages switching) {
        this.switching = switching;
    }

    void addTo(Console.Pages pages) {
        pages.get(PATH, Needs.Simple.SESSION, this::show);
    }

    private Response show(Visit visit) {
        var shell = visit.shell(Optional.empty(), "Your organisations");
        return visit.page("web/console/own-organisations.jte", new OrganisationsPage(shell,
            switching.places(visit.request()), visit.link().post(SwitchPages.PATH).orElseThrow(),
            Kept.token(shell.csrf())));
    }
}
