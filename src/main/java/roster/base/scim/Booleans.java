package roster.base.scim;

import java.util.Optional;

/// Booleans as text, in any case: some directories write `"False"`.
final class Booleans {
    private Booleans() {}

    static Optional<Boolean> parse(String text) {
        return text.equalsIgnoreCase("true") ? Optional.of(true)
            : text.equalsIgnoreCase("false") ? Optional.of(false) : Optional.empty();
    }
}
