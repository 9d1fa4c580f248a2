package roster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import roster.base.settings.Parsers;
import roster.base.settings.Settings;
import roster.base.settings.WrongSetting;
import roster.door.ops.OpsDoor;

class ConfigTest {
    private static final String KEY = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY=";

    @TempDir
    Path folder;

    private Settings config(String... namesAndValues) {
        Map<String, String> environment = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            environment.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return Config.read(environment, folder);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "ROSTER_PORT | 65536 | expected a port",
        "ROSTER_PORT | -1 | expected a port",
        "ROSTER_PORT | http | expected a port",
        "ROSTER_MANAGEMENT_PORT | 99999 | expected a port",
        "ROSTER_MANAGEMENT_PORT | 8080 | is the API's port",
        "ROSTER_DATABASE_URL | postgres://localhost/roster | expected jdbc:postgresql://",
        "ROSTER_DATABASE_URL | jdbc:postgresql://localhost:port/x | expected jdbc:postgresql://",
        "ROSTER_DATABASE_URL | jdbc:postgresql://localhost/x;password=pass word | expected jdbc:postgresql://",
        "ROSTER_DATABASE_URL | jdbc:postgresql://localhost/x&password=pass word | expected jdbc:postgresql://",
        "ROSTER_DATABASE_URL | jdbc:postgresql://localhost/x%3Bpassword=pass word | expected jdbc:postgresql://",
        "ROSTER_DATABASE_URL | jdbc:postgresql://localhost/x?user=me;password=pass word | expected jdbc:postgresql://",
        "ROSTER_DATABASE_URL | jdbc:postgresql://localhost/x?user=me%3Bpassword=pass word | expected jdbc:postgresql://",
        "ROSTER_DATABASE_URL | jdbc:postgresql://localhost/x?user=me#pass word | expected jdbc:postgresql://",
        "ROSTER_DATABASE_URL | jdbc:postgresql://localhost/x?password=a;b | ROSTER_SECRET_KEY",
        "ROSTER_DATABASE_URL | jdbc:postgresql://localhost/x?ssl=true&user=me@host&password=a=b/c | ROSTER_SECRET_KEY",
        "ROSTER_DATABASE_URL | jdbc:postgresql://[::1]:5432,b:1/x | ROSTER_SECRET_KEY",
        "ROSTER_DATABASE_URL | jdbc:postgresql://localhost/x | ROSTER_SECRET_KEY",
        "ROSTER_PUBLIC_URL | ftp://here | expected http://",
        "ROSTER_PUBLIC_URL | http:/here | expected http://",
        "ROSTER_PUBLIC_URL | https://münchen.test | expected http://host…; write münchen.test as xn--mnchen-3ya.test",
        "ROSTER_PUBLIC_URL | https://München.test:8443/x | write München.test as xn--mnchen-3ya.test",
        "ROSTER_PUBLIC_URL | https://two_words.test | expected http://host…",
        "ROSTER_SMTP_URL | smtp://me:pass%20word@bücher.test | write bücher.test as xn--bcher-kva.test",
        "ROSTER_SMTP_URL | http://mail | expected smtp://",
        "ROSTER_SMTP_URL | smtp://me:pass word@mail | expected smtp://",
        "ROSTER_SMTP_URL | smtp://mail.test | ROSTER_PUBLIC_URL",
        "ROSTER_SECRET_KEY | short | base64",
        "ROSTER_SECRET_KEY | c2hvcnQ= | expected 32 bytes",
        "ROSTER_SECRET_KEY_FILE | /nowhere/at/all | cannot be read",
        "ROSTER_RATE_LIMIT | many | ROSTER_RATE_LIMIT",
        "ROSTER_TRUSTED_PROXIES | 10.0.0.0/99 | ROSTER_TRUSTED_PROXIES",
        "ROSTER_BOOTSTRAP_EMAIL | plain | expected an e-mail address",
        "ROSTER_BOOTSTRAP_EMAIL | ada@acme.test; | expected an e-mail address",
        "ROSTER_MAIL_FROM | roster@acme.test, | expected an e-mail address",
        "ROSTER_BOOTSTRAP_API_KEY | ABCDEF | expected 32 lower-case hex",
        "ROSTER_BOOTSTRAP_APP_KEY | 12345 | expected 40 lower-case hex",
        "ROSTER_DIRECTORY_MEMORY | much | expected a size, such as 512MB",
        "ROSTER_DIRECTORY_MEMORY | 0 | expected a size",
        "ROSTER_DIRECTORY_MEMORY | -1MB | expected a size",
        "ROSTER_DIRECTORY_MEMORY | 1.5GB | expected a size",
        "ROSTER_DIRECTORY_MEMORY | 5TB | expected a size",
        "ROSTER_DIRECTORY_MEMORY | 8589934592GB | expected a size that fits into 64 bits",
        "ROSTER_DIRECTORY_MEMORY | 99999GB | expected half of the heap or less",
        "ROSTER_PUBLIC_URL | http://here:65536 | expected http://",
        "ROSTER_SMTP_URL | smtp://mail:0 | expected smtp://",
        "ROSTER_SECRET_KEY | , | expected 32 bytes or more",
        "ROSTER_SMTP_CA_FILE | /nowhere/ca.pem | cannot be read",
        "ROSTER_SMTP_CA_FILE | pom.xml | expected certificates in PEM form",
        "ROSTER_IDLE_TIMEOUT | 0 | expected a duration",
        "ROSTER_IDLE_TIMEOUT | 25h | expected a duration",
        "ROSTER_IDLE_TIMEOUT | 86401 | expected a duration",
        "ROSTER_IDLE_TIMEOUT | 650ms | expected a duration",
        "ROSTER_IDLE_TIMEOUT | -1s | expected a duration",
        "ROSTER_IDLE_TIMEOUT | off | expected a duration",
        "ROSTER_HOST | [::1]:8080 | expected a host name or an address",
        "ROSTER_HOST | [::1 | expected a host name or an address",
        "ROSTER_HOST | [127.0.0.1] | expected a host name or an address",
        "ROSTER_HOST | 127.0.0.1:8080 | expected a host name or an address",
        "ROSTER_HOST | http://localhost | expected a host name or an address",
        "ROSTER_HOST | localhost/ | expected a host name or an address",
        "ROSTER_HOST | * | expected a host name or an address",
        "ROSTER_HOST | 127.1 | expected a host name or an address",
        "ROSTER_HOST | 256.0.0.1 | expected a host name or an address",
        "ROSTER_HOST | 1:2:3 | expected a host name or an address",
        "ROSTER_HOST | two words | expected a host name or an address",
        "ROSTER_DATA | da\0ta | expected a path",
        "ROSTER_SECRET_KEY_FILE | da\0ta | expected a path",
        "ROSTER_SMTP_CA_FILE | da\0ta | expected a path",
        "ROSTER_BENCH | yes | expected on or off",
        "ROSTER_LOG | xml | expected text or json"})
    void a_bad_value_is_refused_by_name_and_never_repeated(String name, String value, String why) {
        assertThatThrownBy(() -> config(name, value)).isInstanceOf(WrongSetting.class)
            .hasMessageContaining(name).hasMessageContaining(why)
            .satisfies(e -> assertThat(e.getMessage()).doesNotContain("pass word"));
    }

    @ParameterizedTest
    @CsvSource({"[::1], ::1", "::1, ::1", "[2001:DB8:0::1], 2001:db8::1", "0.0.0.0, 0.0.0.0", "::, ::",
        "localhost, localhost", "my-host_1.test, my-host_1.test", "1and1.test, 1and1.test",
        "[fe80::1%lo], fe80::1%lo"})
    void a_host_is_a_name_or_an_address_in_brackets_or_not(String written, String host) {
        assertThat(config("ROSTER_HOST", written).require(Config.HOST)).isEqualTo(host);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "4096, 4096", "24KB, 24576", "512MB, 536870912", "512m, 536870912", "2 GB, 2147483648"})
    void a_size_is_a_number_of_bytes_or_of_units_of_1024(String size, long bytes) {
        assertThat(Parsers.bytes(size)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "650, 650", "650s, 650", "10m, 600", "1h, 3600", "24h, 86400"})
    void a_duration_is_a_number_of_seconds_or_of_a_unit(String duration, long seconds) {
        assertThat(Parsers.duration(duration)).hasSeconds(seconds);
    }

    @Test
    void an_organization_s_name_is_bounded() {
        assertThatThrownBy(() -> config("ROSTER_BOOTSTRAP_ORG", "\u200b\u3164")).isInstanceOf(WrongSetting.class)
            .hasMessageContaining("expected one line of up to 100 characters, of which some are visible");
        assertThatThrownBy(() -> config("ROSTER_BOOTSTRAP_ORG", "x".repeat(101))).isInstanceOf(WrongSetting.class)
            .hasMessageContaining("up to 100 characters");
    }

    @Test
    void a_secret_key_is_given_once_only() {
        assertThatThrownBy(() -> config("ROSTER_SECRET_KEY", KEY, "ROSTER_SECRET_KEY_FILE", "key"))
            .hasMessageContaining("both set");
    }

    @Test
    void several_secret_keys_are_read_in_their_order() {
        var second = "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXpBQkNERUY=";
        assertThat(Config.secretKeys(config("ROSTER_SECRET_KEY", KEY + ", " + second))).hasSize(2)
            .first().satisfies(key -> assertThat(new String(key)).startsWith("ABCDEF"));
    }

    @Test
    void nothing_set_is_a_good_start() {
        var config = config();
        assertThat(config.require(Config.HOST)).isEqualTo("127.0.0.1");
        assertThat(config.require(Config.PORT)).isEqualTo(8080);
        assertThat(config.require(Config.DATA)).isEqualTo(Path.of("data").toAbsolutePath());
        assertThat(config.get(Config.DATABASE_URL)).isEmpty();
        assertThat(config.get(OpsDoor.MANAGEMENT_PORT)).isEmpty();
        assertThat(config.require(Config.IDLE_TIMEOUT)).hasSeconds(650);
        assertThat(config.get(Logging.FORMAT)).isEmpty();
    }
}
