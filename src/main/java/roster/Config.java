package roster;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import roster.Settings.Wrong;
import roster.base.db.Database;
import roster.base.net.TrustedProxies;
import roster.base.postgres.NotStarted;
import roster.base.secret.Secrets;
import roster.base.work.Rate;
import roster.core.founding.Founding;
import roster.core.key.Keys;
import roster.core.mail.MailCertificates;
import roster.core.org.Orgs;
import roster.model.Email;
import roster.model.Text;

/// The settings, read and found good.
///
/// @param database an outside one; none: the embedded one in `data`
/// @param mailFrom the address that letters come from; none: `roster@` and the public URL's host
/// @param smtpTrust trusts the certificates of the mail server's authority, and no others; none: Java's own
/// @param mailRate letters this node sends in a period; none: `off`
/// @param invitesPerInviter letters one user's invitations may cause in a period; none: `off`
/// @param invitesPerOrg the same, of all users of an organisation
/// @param secretKeys the making one first; empty: the data folder's own
/// @param rateLimit for an organisation, on this node; none: `off`
/// @param directoryMemory what users may take in memory, in bytes; none: a quarter of the heap
/// @param bench whether there is the route that benchmarks compare with, and answers tell their time
/// @param logJson whether the log is written as JSON; none: text on a terminal, else JSON
public record Config(
    String host,
    int port,
    Path data,
    Optional<Database.Address> database,
    Optional<URI> publicUrl,
    Optional<URI> smtpUrl,
    Optional<String> mailFrom,
    Optional<SSLContext> smtpTrust,
    Optional<Rate> mailRate,
    Optional<Rate> invitesPerInviter,
    Optional<Rate> invitesPerOrg,
    List<byte[]> secretKeys,
    Optional<Rate> rateLimit,
    TrustedProxies trustedProxies,
    Founding.Wishes bootstrap,
    OptionalInt managementPort,
    OptionalLong directoryMemory,
    boolean bench,
    Optional<Boolean> logJson) {

    /// @throws Wrong naming the setting, what is wrong with it, and what is expected
    public static Config of(Settings settings) {
        var config = new Config(
            settings.get(Setting.ROSTER_HOST).orElseThrow(),
            port(settings, Setting.ROSTER_PORT).orElseThrow(),
            read(settings, Setting.ROSTER_DATA, text -> Path.of(text).toAbsolutePath().normalize()).orElseThrow(),
            read(settings, Setting.ROSTER_DATABASE_URL, Config::database),
            read(settings, Setting.ROSTER_PUBLIC_URL, text -> url(text, List.of("http", "https"))),
            read(settings, Setting.ROSTER_SMTP_URL, text -> url(text, List.of("smtp", "smtps"))),
            read(settings, Setting.ROSTER_MAIL_FROM, Config::address),
            read(settings, Setting.ROSTER_SMTP_CA_FILE, name -> MailCertificates.inFile(Path.of(name))),
            limit(settings, Setting.ROSTER_MAIL_RATE),
            limit(settings, Setting.ROSTER_INVITES_PER_INVITER),
            limit(settings, Setting.ROSTER_INVITES_PER_ORG),
            secretKeys(settings),
            limit(settings, Setting.ROSTER_RATE_LIMIT),
            read(settings, Setting.ROSTER_TRUSTED_PROXIES, TrustedProxies::parse).orElse(TrustedProxies.NONE),
            bootstrap(settings),
            port(settings, Setting.ROSTER_MANAGEMENT_PORT),
            read(settings, Setting.ROSTER_DIRECTORY_MEMORY, Config::bytes).orElse(OptionalLong.empty()),
            read(settings, Setting.ROSTER_BENCH, Config::bench).orElseThrow(),
            read(settings, Setting.ROSTER_LOG, Config::logJson));
        if (config.smtpUrl().isPresent() && config.publicUrl().isEmpty()) {
            throw new Wrong(
                "ROSTER_SMTP_URL is set, but ROSTER_PUBLIC_URL is not: links in mails are made from it alone");
        }
        if (config.port() != 0 && config.managementPort().equals(OptionalInt.of(config.port()))) {
            throw new Wrong("ROSTER_MANAGEMENT_PORT is the API's port: leave it out to have both on one");
        }
        if (config.database().isPresent() && config.secretKeys().isEmpty()) {
            throw new Wrong("ROSTER_SECRET_KEY (or ROSTER_SECRET_KEY_FILE) must be set with ROSTER_DATABASE_URL: "
                + "32 bytes or more in base64, as `openssl rand -base64 32` prints");
        }
        return config;
    }

    private static Optional<Rate> limit(Settings settings, Setting setting) {
        return read(settings, setting, Rate::parse).flatMap(limit -> limit);
    }

    private static OptionalInt port(Settings settings, Setting setting) {
        return read(settings, setting, text -> {
            if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > 65_535) {
                throw new IllegalArgumentException("expected a port from 0 to 65535");
            }
            return OptionalInt.of(Integer.parseInt(text));
        }).orElse(OptionalInt.empty());
    }

    /// A PostgreSQL JDBC URL; user and password are parameters of it.
    private static Database.Address database(String text) {
        if (!text.startsWith("jdbc:postgresql://")) {
            throw new IllegalArgumentException("expected jdbc:postgresql://host:port/database?user=…&password=…");
        }
        var address = new Database.Address(text, Optional.empty(), Optional.empty());
        if (!address.wellFormed()) {
            throw new IllegalArgumentException("expected jdbc:postgresql://host:port/database?user=…&password=…; "
                + "escape special characters");
        }
        return address;
    }

    private static URI url(String text, List<String> schemes) {
        try {
            var url = new URI(text);
            if (url.getScheme() == null || !schemes.contains(url.getScheme()) || url.getHost() == null
                || url.getQuery() != null || url.getFragment() != null) {
                throw new IllegalArgumentException("expected " + schemes.getFirst() + "://host…");
            }
            return url;
        } catch (URISyntaxException e) { // not passed on: it shows the text, password included
            throw new IllegalArgumentException(
                "expected " + schemes.getFirst() + "://host…; escape special characters");
        }
    }

    private static List<byte[]> secretKeys(Settings settings) {
        var given = settings.get(Setting.ROSTER_SECRET_KEY);
        var file = settings.get(Setting.ROSTER_SECRET_KEY_FILE);
        if (given.isPresent() && file.isPresent()) {
            throw new Wrong("ROSTER_SECRET_KEY and ROSTER_SECRET_KEY_FILE are both set: one is enough");
        }
        var fromFile = read(settings, Setting.ROSTER_SECRET_KEY_FILE, name -> {
            try {
                return secretKeys(Files.readString(Path.of(name)).strip());
            } catch (IOException e) {
                throw new IllegalArgumentException("cannot be read: " + NotStarted.reason(e, "read"));
            }
        });
        return read(settings, Setting.ROSTER_SECRET_KEY, Config::secretKeys).or(() -> fromFile).orElse(List.of());
    }

    private static List<byte[]> secretKeys(String list) {
        var keys = new ArrayList<byte[]>();
        for (var one : list.split(",")) {
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

    private static Founding.Wishes bootstrap(Settings settings) {
        return new Founding.Wishes(
            read(settings, Setting.ROSTER_BOOTSTRAP_ORG, text -> inForm(text,
                Text.length(text) <= Orgs.NAME_MAX && Text.oneLine(text),
                "expected one line of up to %d characters".formatted(Orgs.NAME_MAX))).orElseThrow(),
            read(settings, Setting.ROSTER_BOOTSTRAP_EMAIL, Config::address).orElseThrow(),
            read(settings, Setting.ROSTER_BOOTSTRAP_API_KEY,
                text -> inForm(text, Keys.isApiKey(text), "expected 32 lower-case hex characters")),
            read(settings, Setting.ROSTER_BOOTSTRAP_APP_KEY,
                text -> inForm(text, Keys.isApplicationKey(text), "expected 40 lower-case hex characters")));
    }

    private static String address(String text) {
        return Email.folded(text).orElseThrow(() -> new IllegalArgumentException("expected an e-mail address"));
    }

    private static String inForm(String text, boolean good, String expected) {
        if (!good) {
            throw new IllegalArgumentException(expected);
        }
        return text;
    }

    /// A number of bytes, or of KB, MB or GB of 1024 each.
    private static OptionalLong bytes(String text) {
        var form = Pattern.compile("([1-9][0-9]{0,11})\\s*([KMG]?)B?", Pattern.CASE_INSENSITIVE).matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("expected a size, such as 512MB, 2GB or a number of bytes");
        }
        return OptionalLong.of(Long.parseLong(form.group(1)) * switch (form.group(2).toUpperCase(Locale.ROOT)) {
            case "K" -> 1L << 10;
            case "M" -> 1L << 20;
            case "G" -> 1L << 30;
            default -> 1L;
        });
    }

    private static boolean bench(String text) {
        return switch (text) {
            case "on" -> true;
            case "off" -> false;
            default -> throw new IllegalArgumentException("expected on or off");
        };
    }

    private static boolean logJson(String text) {
        return switch (text) {
            case "json" -> true;
            case "text" -> false;
            default -> throw new IllegalArgumentException("expected text or json");
        };
    }

    private static <T> Optional<T> read(Settings settings, Setting setting, Function<String, T> reader) {
        return settings.get(setting).map(text -> {
            try {
                return reader.apply(text);
            } catch (IllegalArgumentException e) {
                throw new Wrong("%s: %s".formatted(setting, e.getMessage()));
            }
        });
    }
}
