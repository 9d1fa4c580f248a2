package roster.door.web.console;

import java.util.Optional;

/// A key, shown; or that it cannot be.
///
/// @param text what to do with it
/// @param secret none: it is not shown
public record KeySecretPage(Shell shell, Back back, String title, String text, Optional<Secret> secret) {
    /// @param label of the field
    /// @param curl a call that uses it
    /// @param note about the call; empty: none
    public record Secret(String label, String value, String curl, String note) {
        @Override
        public String toString() {
            return "Secret[" + label + "]";
        }
    }
}
