package roster;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import roster.base.db.Database;
import roster.base.net.TrustedProxies;
import roster.base.postgres.NotStarted;
import roster.base.secret.Secrets;
import roster.base.settings.Parsers;
import roster.base.settings.Setting;
import roster.base.settings.Settings;
import roster.base.settings.WrongSetting;
import roster.core.access.AccessFeature;
import roster.core.directory.DirectoryFeature;
import roster.core.founding.FoundingFeature;
import roster.core.identity.IdentityFeature;
import roster.core.mail.MailFeature;
import roster.core.org.OrgFeature;
import roster.core.session.SessionFeature;
import roster.door.ops.OpsDoor;

/// The settings of the program itself, and all settings there are.
public final class Config {
    public static final Setting<String> HOST =
        Setting.of("ROSTER_HOST", "Address the API listens on", Parsers::host).standard("127.0.0.1");

    public static final Setting<Integer> PORT = Setting.of("ROSTER_PORT",
        "Port the API listens on. `0` takes a free port and prints it", Parsers::port).standard("8080");

    public static final Setting<Path> DATA = Setting.of("ROSTER_DATA",
        "Folder for the embedded database and for local secrets. Created with mode 0700",
        text -> Parsers.path(text).toAbsolutePath().normalize()).standard("./data");

    public static final Setting<Database.Address> DATABASE_URL = Setting.of("ROSTER_DATABASE_URL",
        "JDBC URL of a PostgreSQL server, version 15 or newer: `jdbc:postgresql://host/database?user=…&password=…`. May "
            + "name several hosts. Requires `ROSTER_SECRET_KEY` or `ROSTER_SECRET_KEY_FILE`",
        Config::database).derived("the embedded PostgreSQL").secretInUrl();

    public static final Setting<URI> PUBLIC_URL = Setting.of("ROSTER_PUBLIC_URL",
        "Base of every link, in e-mails and in answers; may have a path. Roster never takes it from a request header. "
            + "Without it, links in answers have no host. Required when `ROSTER_SMTP_URL` is set",
        text -> Parsers.url(text, List.of("http", "https"))).derived("the listen address").secretInUrl();

    public static final Setting<List<byte[]>> SECRET_KEY = Setting.of("ROSTER_SECRET_KEY",
        "Root of everything that must be readable or derivable again: 32 bytes or more in base64, as `openssl rand "
            + "-base64 32` prints. May list several, comma-separated: the first is used for new secrets, all are used for "
            + "reading. Required, here or in `ROSTER_SECRET_KEY_FILE`, when `ROSTER_DATABASE_URL` is set",
        Config::secretKeys)
        .derived("with the embedded database, made in the data folder").secret();

    public static final Setting<List<byte[]>> SECRET_KEY_FILE = Setting.of("ROSTER_SECRET_KEY_FILE",
        "File that holds the value of `ROSTER_SECRET_KEY`. Set only one of the two", Config::secretKeysIn);

    public static final Setting<TrustedProxies> TRUSTED_PROXIES = Setting.of("ROSTER_TRUSTED_PROXIES",
        "Addresses and CIDR blocks, comma-separated, whose `X-Forwarded-For` header is believed",
        TrustedProxies::parse);

    public static final Setting<Duration> IDLE_TIMEOUT = Setting.of("ROSTER_IDLE_TIMEOUT",
        "How long a connection may be open without a request before it is closed: `650s`, `10m`, `1h`. Keep it longer than "
            + "load balancers keep theirs, so that they never send a request into a closing connection",
        Parsers::duration).standard("650s");

    /// Of the settings that the program reads by itself.
    private static final List<Setting<?>> OWN =
        List.of(HOST, PORT, DATA, DATABASE_URL, PUBLIC_URL, SECRET_KEY, SECRET_KEY_FILE, TRUSTED_PROXIES, IDLE_TIMEOUT,
            Logging.FORMAT);

    /// All settings there are. They are read before any feature is built, so features hand them out as constants, too;
    /// SettingsTest finds one that is missing here.
    public static final List<Setting<?>> ALL =
        Stream.of(OWN, AccessFeature.SETTINGS, MailFeature.SETTINGS, DirectoryFeature.SETTINGS,
            FoundingFeature.SETTINGS, OrgFeature.SETTINGS, SessionFeature.SETTINGS, IdentityFeature.SETTINGS,
            OpsDoor.SETTINGS)
            .flatMap(List::stream).toList();

    private Config() {}

    /// Reads the settings and finds each value, and all together, good.
    ///
    /// @throws WrongSetting naming the setting, what is wrong with it, and what is expected
    public static Settings read(Map<String, String> environment, Path folder) {
        var settings = Settings.read(ALL, environment, folder);
        if (settings.value(SECRET_KEY).isPresent() && settings.value(SECRET_KEY_FILE).isPresent()) {
            throw new WrongSetting("%s and %s are both set: one is enough".formatted(SECRET_KEY, SECRET_KEY_FILE));
        }
        settings.check();
        IdentityFeature.check(settings);
        if (settings.get(MailFeature.SMTP_URL).isPresent() && settings.get(PUBLIC_URL).isEmpty()) {
            throw new WrongSetting("%s is set, but %s is not: links in e-mails are made from it alone"
                .formatted(MailFeature.SMTP_URL, PUBLIC_URL));
        }
        if (settings.require(PORT) != 0
            && settings.get(OpsDoor.MANAGEMENT_PORT).equals(Optional.of(settings.require(PORT)))) {
            throw new WrongSetting("%s is the API's port: leave it out to have both on one"
                .formatted(OpsDoor.MANAGEMENT_PORT));
        }
        if (settings.get(DATABASE_URL).isPresent() && secretKeys(settings).isEmpty()) {
            throw new WrongSetting(
                ("%s (or %s) must be set with %s: 32 bytes or more in base64, as `openssl rand -base64 "
                    + "32` prints").formatted(SECRET_KEY, SECRET_KEY_FILE, DATABASE_URL));
        }
        return settings;
    }

    /// The making key first; empty: the data folder's own.
    public static List<byte[]> secretKeys(Settings settings) {
        return settings.get(SECRET_KEY).or(() -> settings.get(SECRET_KEY_FILE)).orElse(List.of());
    }

    /// A PostgreSQL JDBC URL; user and password are parameters of it.
    private static Database.Address database(String text) {
        var address = new Database.Address(text, Optional.empty(), Optional.empty());
        if (!text.startsWith("jdbc:postgresql://")) {
            throw new IllegalArgumentException("expected jdbc:postgresql://host:port/database?user=…&password=…");
        }
        if (!address.wellFormed()) {
            throw new IllegalArgumentException("expected jdbc:postgresql://host:port/database?user=…&password=…; "
                + "escape special characters");
        }
        return address;
    }

    private static List<byte[]> secretKeysIn(String file) {
        try {
            return secretKeys(Files.readString(Parsers.path(file)).strip());
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot be read: " + NotStarted.reason(e, "read"));
        }
    }

    private static List<byte[]> secretKeys(String list) {
        var keys = new ArrayList<byte[]>();
        for (var one : list.split(",", -1)) {
            byte[] key;
            try {
                key = Base64.getDecoder().decode(one.strip());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("expected base64", e);
            }
            if (key.length < Secrets.ROOT_MIN) {
                throw new IllegalArgumentException("expected %d bytes or more, in base64".formatted(Secrets.ROOT_MIN));
            }
            keys.add(key);
        }
        return List.copyOf(keys);
    }
}
