package roster.door.web.console;

/// A field of a form: as it was sent, if there is something wrong with it.
///
/// @param id of the control, and its name in the form
/// @param hint,fault empty: none
public record Field(String id, String label, String value, String hint, String fault) {
    public static Field of(String id, String label, String value) {
        return new Field(id, label, value, "", "");
    }

    public Field hinting(String text) {
        return new Field(id, label, value, text, fault);
    }

    public Field faulty(String text) {
        return new Field(id, label, value, hint, text);
    }

    public boolean isFaulty() {
        return !fault.isEmpty();
    }

    /// For `aria-describedby`; null: nothing does.
    public String describedBy() {
        var ids = (hint.isEmpty() ? "" : id + "-hint ") + (fault.isEmpty() ? "" : id + "-fault");
        return ids.isBlank() ? null : ids.strip();
    }
}
