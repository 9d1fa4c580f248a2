package roster.core.key;

import java.util.Locale;

/// The kinds of keys by which programs call.
public enum KeyKind {
    API_KEY("API key not found"),
    APPLICATION_KEY("Application key not found"),
    ACCESS_TOKEN("Access token not found");

    private final String missing;

    KeyKind(String missing) {
        this.missing = missing;
    }

    /// As audit entries name it, such as `api_key`.
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// What is said where there is none.
    String missing() {
        return missing;
    }
}
