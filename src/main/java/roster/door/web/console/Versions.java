package roster.door.web.console;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A page for what was changed meanwhile: each field as it was, is and would be, with the choice between them.
///
/// @param heading such as `This was changed while you were editing`
/// @param text who changed it, and when
/// @param fields that the form holds besides
/// @param discard where the page of the thing is
public record Versions(Shell shell, String heading, String text, List<Version> versions, Optional<String> action,
    Map<String, String> fields, String discard, String discardLabel) {
    public static final String KEEP = "keep_";
    static final String YOURS = "yours_";
    static final String NOW = "now_";
    static final String RESOLVED = "resolved";
    public static final String MINE = "yours";

    /// Which of the two changed it.
    public enum By {
        BOTH, YOU, OTHERS
    }

    /// @param id of the field
    public record Version(String id, String label, String began, String now, String yours, By by) {}

    /// A value as the page shows it.
    public static String shown(String value) {
        return value.isBlank() ? "none" : value;
    }

    /// @return none if the field is as it was
    static Optional<Version> version(String id, String label, String began, String now, String yours) {
        if (yours.equals(now)) {
            return now.equals(began) ? Optional.empty()
                : Optional.of(new Version(id, label, began, now, yours, By.OTHERS));
        }
        return Optional.of(new Version(id, label, began, now, yours, yours.equals(began) ? By.OTHERS
            : now.equals(began) ? By.YOU : By.BOTH));
    }
}
