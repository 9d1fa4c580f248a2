package roster.door.web.console;

import java.util.List;
import java.util.Optional;
import roster.base.html.Form;

/// A field that was changed while its form was open, by others or by the user who sends it.
///
/// @param field its name in the form
/// @param began its value when the form was shown
/// @param now its value now
/// @param yours its value as it was sent
public record Clash(String field, String label, String began, String now, String yours) {
    /// Beside each field, a form holds the value it was shown with.
    static final String BEGAN = "was_";

    static final String YOURS = "yours_";
    private static final String TAKE = "take_";

    /// What a form says of a field.
    ///
    /// @param began none: the form does not know
    public record Sent(Optional<String> began, String value) {}

    /// Reads a field of a form, or of the page of a clash.
    public static Sent sent(Form form, String field) {
        var began = form.names().contains(BEGAN + field) ? Optional.of(form.text(BEGAN + field))
            : Optional.<String>empty();
        return form.names().contains(YOURS + field)
            ? new Sent(began, form.text(TAKE + field).isEmpty() ? began.orElse("") : form.text(YOURS + field))
            : new Sent(began, form.text(field));
    }

    /// Whether a field was changed by others since its form was shown.
    public static boolean isStale(Sent sent, String now) {
        return sent.began().filter(began -> !began.equals(now)).isPresent();
    }

    /// Whether the user chose their own value, on the page of a clash.
    static boolean takesYours(Form form, String field) {
        return !form.text(TAKE + field).isEmpty();
    }

    public boolean theirs() {
        return !now.equals(began);
    }

    public boolean changedByYou() {
        return !yours.equals(began);
    }

    /// Whether there is something to choose.
    public boolean open() {
        return changedByYou() && !yours.equals(now);
    }

    /// Where both changed it, the value now is preselected.
    public boolean takesYours() {
        return open() && !theirs();
    }

    /// The fields that are shown.
    public static List<Clash> shown(List<Clash> all) {
        return all.stream().filter(one -> one.theirs() || one.changedByYou()).toList();
    }
}
