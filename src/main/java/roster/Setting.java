package roster;

import java.util.Arrays;
import java.util.Optional;

/// The settings there are, as in the table of the README.
public enum Setting {
    ROSTER_HOST("127.0.0.1"),
    ROSTER_PORT("8080"),
    ROSTER_DATA("./data"),
    ROSTER_DATABASE_URL(null),
    ROSTER_PUBLIC_URL(null),
    ROSTER_SMTP_URL(null),
    ROSTER_MAIL_FROM(null),
    ROSTER_SECRET_KEY(null),
    ROSTER_SECRET_KEY_FILE(null),
    ROSTER_RATE_LIMIT("60000/60s"),
    ROSTER_TRUSTED_PROXIES(null),
    ROSTER_BOOTSTRAP_ORG("Roster"),
    ROSTER_BOOTSTRAP_EMAIL("admin@roster.invalid"),
    ROSTER_BOOTSTRAP_API_KEY(null),
    ROSTER_BOOTSTRAP_APP_KEY(null),
    ROSTER_MANAGEMENT_PORT(null),
    ROSTER_LOG(null);

    private final String standard;

    Setting(String standard) {
        this.standard = standard;
    }

    /// The value when nothing is set.
    public Optional<String> standard() {
        return Optional.ofNullable(standard);
    }

    /// The value as it may be shown: what is secret is masked, of a URL only its password.
    public String shown(String value) {
        return switch (this) {
            case ROSTER_SECRET_KEY, ROSTER_BOOTSTRAP_API_KEY, ROSTER_BOOTSTRAP_APP_KEY -> "***";
            case ROSTER_DATABASE_URL, ROSTER_SMTP_URL, ROSTER_PUBLIC_URL -> value
                .replaceAll("(?i)((?:password|passwd|pwd|secret|token)=)[^&;]*", "$1***")
                .replaceAll("//([^/@:]*):[^/]*@", "//$1:***@");
            default -> value;
        };
    }

    public static Optional<Setting> named(String name) {
        return Arrays.stream(values()).filter(setting -> setting.name().equals(name)).findFirst();
    }

    /// The setting whose name is most like this one.
    public static Setting nearest(String name) {
        return Arrays.stream(values())
            .min((a, b) -> Integer.compare(distance(a.name(), name), distance(b.name(), name)))
            .orElseThrow();
    }

    /// How many letters must be changed, added, left out or swapped with their neighbour to make one of the other.
    private static int distance(String one, String other) {
        var d = new int[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            for (int j = 0; j <= other.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                var same = one.charAt(i - 1) == other.charAt(j - 1);
                d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + (same ? 0 : 1));
                if (i > 1 && j > 1 && one.charAt(i - 1) == other.charAt(j - 2)
                    && one.charAt(i - 2) == other.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[one.length()][other.length()];
    }
}
