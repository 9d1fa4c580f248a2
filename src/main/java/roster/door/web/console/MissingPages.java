package roster.door.web.console;

import roster.base.http.Needs;
import roster.base.http.Response;
import roster.model.Problem.NoSuchPath;
import roster.model.Refused;

/// Addresses below the console at which there is no page.
final class MissingPages {
    void addTo(Console.Pages pages) {
        for (var template : new String[] {"{a}", "{a}/{b}", "{a}/{b}/{c}", "{a}/{b}/{c}/{d}"}) {
            pages.get(Console.PATH + template, Needs.Simple.SESSION, MissingPages::none);
        }
    }

    private static Response none(Visit visit) {
        throw new Refused(new NoSuchPath());
    }
}
