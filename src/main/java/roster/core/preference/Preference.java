package roster.core.preference;

import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// How one user wants the console to look.
///
/// @param rows of a page of a list, one of [#ROWS]
/// @param zone in which times are shown; none: the organisation's
/// @param keys whether single keys are shortcuts
public record Preference(Theme theme, Density density, int rows, Optional<ZoneId> zone, boolean keys) {
    public static final List<Integer> ROWS = List.of(25, 50, 100);

    /// Of users who have chosen nothing.
    public static final Preference INITIAL =
        new Preference(Theme.SYSTEM, Density.COMFORTABLE, 50, Optional.empty(), true);

    public enum Theme {
        /// As the system has it.
        SYSTEM, LIGHT, DARK;

        /// Its name in forms and in the database.
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// Of rows in lists.
    public enum Density {
        COMFORTABLE, COMPACT;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// The same with another number of rows.
    public Preference showing(int otherRows) {
        return new Preference(theme, density, otherRows, zone, keys);
    }
}
