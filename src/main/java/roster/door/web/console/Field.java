package roster.door.web.console;

import java.util.Optional;

/// A field of a form: as it was sent, if there is something wrong with it.
///
/// @param id of the control, and its name in the form
/// @param hint,fault empty: none
/// @param way out of the fault
public record Field(String id, String label, String value, String hint, String fault, Optional<Way> way) {
    /// Where a fault can be looked at.
    public record Way(String label, String href) {}

    public static Field of(String id, String label, String value) {
        return new Field(id, label, value, "", "", Optional.empty());
    }

    public Field hinting(String text) {
        return new Field(id, label, value, text, fault, way);
    }

    public Field faulty(String text) {
        return new Field(id, label, value, hint, text, way);
    }

    public Field leadingTo(Optional<Way> other) {
        return new Field(id, label, value, hint, fault, other);
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
