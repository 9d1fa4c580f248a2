package roster.door.web.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import roster.base.http.Needs;
import roster.base.http.Response;
import roster.base.http.SessionMust;
import roster.model.Id;

/// `/console/kept`: what was typed before the session was over, to be looked at and sent again. Nothing is done without that.
public final class KeptPages {
    static final String PATH = "/console/kept";
    static final String DONE = "/console/signed-in";

    /// A sealed form, in base64url.
    private static final int BYTES_MAX = 3 * Kept.BYTES_MAX;

    private static final int LINE = 80;
    /// What was sealed, and ids with commas between.
    private static final Pattern SEALED = Pattern.compile("[A-Za-z0-9_.,-]{40,}");

    /// @param id of the control, as one name may be there several times
    /// @param shown whether the user typed or chose it; else it is sent along unseen
    /// @param tall whether it needs more than a line
    public record Typed(String id, String name, String label, String value, boolean shown, boolean tall) {}

    public record KeptForm(Shell shell, String action, List<Typed> fields) {}

    public record SignedInPage(Shell shell) {}

    void addTo(Console.Pages pages) {
        pages.add("POST", PATH, Needs.Simple.SESSION, SessionMust.BE_COMPLETE, BYTES_MAX, this::show)
            .get(DONE, Needs.Simple.SESSION, visit -> visit.page("web/console/signed-in.jte",
                new SignedInPage(visit.shell(Optional.empty(), "Signed in"))));
    }

    private Response show(Visit visit) {
        var sent = visit.kept();
        var fields = new ArrayList<Typed>();
        for (var pair : sent.fields()) {
            var value = pair.value();
            fields.add(new Typed("field-" + fields.size(), pair.name(), label(pair.name()), value,
                !pair.name().startsWith(Clash.BEGAN) && !pair.name().equals("tag") && Id.parse(value).isEmpty()
                    && !SEALED.matcher(value).matches(),
                value.length() > LINE || value.indexOf('\n') >= 0));
        }
        return visit.page("web/console/kept-form.jte", new KeptForm(visit.shell(Optional.empty(),
            "Check and send again"), sent.path(), fields));
    }

    /// `added_from` as `Added from`.
    private static String label(String name) {
        var words = name.replace('_', ' ').strip();
        return words.isEmpty() ? name : words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }
}
