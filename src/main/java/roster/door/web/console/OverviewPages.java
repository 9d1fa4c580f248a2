package roster.door.web.console;

import roster.base.http.Needs;
import roster.base.http.Response;

/// `/console/`: what there is, and what needs attention.
public final class OverviewPages {
    public record OverviewPage(Shell shell) {}

    void addTo(Console.Pages pages) {
        pages.get(Console.PATH, Needs.Simple.SESSION, this::show);
    }

    private Response show(Visit visit) {
        return visit.page("web/console/overview.jte", new OverviewPage(visit.shell(Section.OVERVIEW, "Overview")));
    }
}
