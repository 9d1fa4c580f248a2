package roster.door.web.console;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A page that asks before an act: a question, what will happen, and a button that names the act.
///
/// @param lead what the act does; empty: the facts say it
/// @param refusal why it cannot be done, in the place of the button; empty: it can
/// @param typing what must be typed first
/// @param fields that the form holds besides
/// @param button such as `Disable Marta Fernández Ruiz`
/// @param danger whether it takes something away
public record Ask(Shell shell, Back back, String question, String lead, List<Fact> facts, String refusal,
    Optional<Field> typing, String action, Map<String, String> fields, String button, boolean danger, String cancel) {
    /// @param permanent whether it cannot be taken back
    public record Fact(String icon, String text, boolean permanent) {
        static Fact of(String icon, String text) {
            return new Fact(icon, text, false);
        }
    }

    /// Something is wrong with what was typed.
    public boolean isFaulty() {
        return typing.filter(Field::isFaulty).isPresent();
    }
}
