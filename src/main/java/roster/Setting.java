package roster;

import java.util.Arrays;
import java.util.Optional;
import roster.model.Text;

/// The settings there are, as in the table of the README.
public enum Setting {
    ROSTER_HOST("127.0.0.1"),
    ROSTER_PORT("8080"),
    ROSTER_DATA("./data"),
    ROSTER_DATABASE_URL(null),
    ROSTER_PUBLIC_URL(null, "the listen address"),
    ROSTER_SMTP_URL(null),
    ROSTER_MAIL_FROM(null, "roster@ and the host of ROSTER_PUBLIC_URL"),
    ROSTER_SMTP_CA_FILE(null, "the certificates Java trusts"),
    ROSTER_MAIL_RATE("20/1s"),
    ROSTER_INVITES_PER_INVITER("1000/1h"),
    ROSTER_INVITES_PER_ORG("5000/1h"),
    ROSTER_SECRET_KEY(null, "of ROSTER_SECRET_KEY_FILE; else, with the embedded database, made in the data folder"),
    ROSTER_SECRET_KEY_FILE(null),
    ROSTER_RATE_LIMIT("60000/60s"),
    ROSTER_TRUSTED_PROXIES(null),
    ROSTER_BOOTSTRAP_ORG("Roster"),
    ROSTER_BOOTSTRAP_EMAIL("admin@roster.invalid"),
    ROSTER_BOOTSTRAP_API_KEY(null),
    ROSTER_BOOTSTRAP_APP_KEY(null),
    ROSTER_MANAGEMENT_PORT(null, "the API port"),
    ROSTER_DIRECTORY_MEMORY(null, "a quarter of the heap"),
    ROSTER_BENCH("off"),
    ROSTER_LOG(null, "text on a terminal, else json");

    private final String standard;
    private final String derived;

    Setting(String standard) {
        this(standard, null);
    }

    Setting(String standard, String derived) {
        this.standard = standard;
        this.derived = derived;
    }

    /// The value when nothing is set.
    public Optional<String> standard() {
        return Optional.ofNullable(standard);
    }

    /// Where the value comes from when nothing is set and there is no fixed one, in words.
    public Optional<String> derived() {
        return Optional.ofNullable(derived);
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
            .min((a, b) -> Integer.compare(Text.distance(a.name(), name), Text.distance(b.name(), name)))
            .orElseThrow();
    }
}
