package roster;

import static com.tngtech.archunit.core.domain.JavaModifier.STATIC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import roster.base.settings.Setting;
import roster.base.settings.Settings;
import roster.base.settings.WrongSetting;
import roster.core.founding.FoundingFeature;
import roster.core.mail.MailFeature;

class SettingsTest {
    @TempDir
    Path folder;

    private Settings read(Map<String, String> environment) {
        return Settings.read(Config.ALL, environment, folder);
    }

    @ParameterizedTest
    @CsvSource({"ROSTER_PROT,ROSTER_PORT", "ROSTER_DATABASE_URI,ROSTER_DATABASE_URL", "ROSTER_LOGS,ROSTER_LOG",
        "ROSTER_SMPT_URL,ROSTER_SMTP_URL", "ROSTER_SECRETKEY,ROSTER_SECRET_KEY",
        "ROSTER_DATA_DIR,ROSTER_DATA", "ROSTER_DATA_FOLDER,ROSTER_DATA", "ROSTER_LISTEN_PORT,ROSTER_PORT",
        "ROSTER_LISTEN_HOST,ROSTER_HOST", "ROSTER_LOG_FORMAT,ROSTER_LOG",
        "ROSTER_BOOTSTRAP_ADMIN_EMAIL,ROSTER_BOOTSTRAP_EMAIL", "ROSTER_PROXIES,ROSTER_TRUSTED_PROXIES"})
    void an_unknown_setting_is_refused_with_the_nearest_known_name(String wrong, String meant) {
        assertThatThrownBy(() -> read(Map.of(wrong, "1"))).isInstanceOf(WrongSetting.class)
            .hasMessage("%s was not used. Did you mean %s?", wrong, meant);
    }

    @Test
    void a_name_in_small_letters_is_refused_with_the_known_name() throws IOException {
        Files.writeString(folder.resolve("roster.properties"), "roster_port=9001\n");
        assertThatThrownBy(() -> read(Map.of())).isInstanceOf(WrongSetting.class)
            .hasMessage("roster_port was not used. Did you mean ROSTER_PORT?");
    }

    @Test
    void the_environment_beats_the_file_and_the_file_the_default() throws IOException {
        Files.writeString(folder.resolve("roster.properties"), "ROSTER_PORT=9001\nROSTER_HOST=0.0.0.0\n");
        var settings = read(Map.of("ROSTER_PORT", " 9002 "));
        assertThat(settings.value(Config.PORT)).contains(new Settings.Value("9002", "environment"));
        assertThat(settings.value(Config.HOST)).contains(new Settings.Value("0.0.0.0", "roster.properties"));
        assertThat(settings.value(Config.DATA)).contains(new Settings.Value("./data", "default"));
        assertThat(settings.value(MailFeature.SMTP_URL)).isEmpty();
    }

    @Test
    void an_empty_value_counts_as_not_set() {
        assertThat(read(Map.of("ROSTER_PORT", "", "ROSTER_SMTP_URL", "  ")).get(Config.PORT)).contains(8080);
    }

    @Test
    void what_kubernetes_injects_for_a_service_of_our_name_is_ignored() {
        var settings = read(Map.of("ROSTER_PORT", "tcp://10.0.0.1:80", "ROSTER_SERVICE_HOST", "10.0.0.1",
            "ROSTER_SERVICE_PORT_HTTP", "80", "ROSTER_PORT_80_TCP_ADDR", "10.0.0.1"));
        assertThat(settings.get(Config.PORT)).contains(8080);
        read(Map.of("ROSTER_API_PORT", "tcp://10.0.0.1:80", "ROSTER_API_SERVICE_HOST", "10.0.0.1",
            "ROSTER_API_SERVICE_PORT", "80", "ROSTER_API_PORT_80_TCP", "tcp://10.0.0.1:80"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ROSTER_PORT_NUMBER", "ROSTER_SERVICE_NAME", "ROSTER_API_PORT"})
    void what_only_resembles_it_is_refused(String name) {
        assertThatThrownBy(() -> read(Map.of(name, "80"))).isInstanceOf(WrongSetting.class).hasMessageContaining(name);
    }

    @ParameterizedTest
    @CsvSource({"ROSTER_URL,'ROSTER_DATABASE_URL, ROSTER_PUBLIC_URL or ROSTER_SMTP_URL'",
        "ROSTER_SMTP_FROM,ROSTER_MAIL_FROM or ROSTER_SMTP_URL"})
    void settings_that_are_equally_near_are_all_named(String wrong, String meant) {
        assertThatThrownBy(() -> read(Map.of(wrong, "1"))).hasMessage("%s was not used. Did you mean %s?", wrong,
            meant);
    }

    /// Suggesting the nearest of all names would be a guess.
    @ParameterizedTest
    @ValueSource(strings = {"ROSTER_ZZZZZZZZZZZZ", "ROSTER_", "ROSTER_LDAP_BIND_DN"})
    void a_setting_like_no_other_is_refused_without_a_guess(String wrong) {
        assertThatThrownBy(() -> read(Map.of(wrong, "1"))).isInstanceOf(WrongSetting.class)
            .hasMessage("%s was not used: there is no setting like it. The README lists all settings", wrong);
    }

    @Test
    void a_wrong_name_in_the_file_is_refused_too() throws IOException {
        Files.writeString(folder.resolve("roster.properties"), "port=9001\n");
        assertThatThrownBy(() -> read(Map.of())).hasMessage("port was not used. Did you mean ROSTER_PORT?");
        Files.writeString(folder.resolve("roster.properties"), "roster.smtp-url=x\n");
        assertThatThrownBy(() -> read(Map.of()))
            .hasMessage("roster.smtp-url was not used. Did you mean ROSTER_SMTP_URL?");
    }

    @Test
    void a_file_that_is_no_text_is_refused() throws IOException {
        Files.write(folder.resolve("roster.properties"), new byte[] {'a', '=', (byte) 0xff});
        refused("roster.properties cannot be read: it is not UTF-8");
        Files.write(folder.resolve("roster.properties"), "ROSTER_PORT=9001\n".getBytes(StandardCharsets.UTF_16));
        refused("roster.properties cannot be read: it is not UTF-8");
        Files.write(folder.resolve("roster.properties"), "ROSTER_PORT=9001\n".getBytes(StandardCharsets.UTF_16LE));
        refused("roster.properties cannot be read: it is not UTF-8");
        Files.writeString(folder.resolve("roster.properties"), "ROSTER_HOST=\\u12");
        refused("roster.properties cannot be read: a \\u must be followed by four hex digits");
    }

    @Test
    void a_file_that_may_not_be_read_is_not_taken_for_none() throws IOException {
        var file = folder.resolve("roster.properties");
        Files.createDirectory(file);
        refused("roster.properties cannot be read: it is a folder");
        Files.delete(file);
        Files.createSymbolicLink(file, folder.resolve("nowhere"));
        refused("roster.properties cannot be read: it is a link to a file that is not there");
        Files.delete(file);
        Files.writeString(file, "ROSTER_PORT=9001\n");
        Files.setPosixFilePermissions(file, Set.of());
        if (Files.isReadable(file)) { // root reads all files
            assertThat(read(Map.of()).get(Config.PORT)).contains(9001);
        } else {
            refused("roster.properties cannot be read: it may not be read");
        }
    }

    private void refused(String why) {
        assertThatThrownBy(() -> read(Map.of())).isInstanceOf(WrongSetting.class).hasMessageEndingWith(why);
    }

    @Test
    void a_file_may_begin_with_a_byte_order_mark() throws IOException {
        Files.writeString(folder.resolve("roster.properties"), "\uFEFFROSTER_PORT=9001\nROSTER_BOOTSTRAP_ORG=Müller\n");
        var settings = read(Map.of());
        assertThat(settings.get(Config.PORT)).contains(9001);
        assertThat(settings.get(FoundingFeature.ORG)).contains("Müller");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ROSTER_BOOTSTRAP_ORG", "ROSTER_DATA", "ROSTER_SMTP_URL", "ROSTER_MAIL_FROM"})
    void a_value_that_was_not_read_in_this_locale_is_refused(String name) {
        assertThatThrownBy(() -> read(Map.of(name, "M\uFFFD\uFFFDller"))).isInstanceOf(WrongSetting.class)
            .hasMessage(name + " has letters that cannot be read in this locale; set LC_ALL=C.UTF-8");
    }

    @ParameterizedTest
    @CsvSource({"ROSTER_SECRET_KEY,c2VjcmV0,***", "ROSTER_BOOTSTRAP_API_KEY,abc,***",
        "ROSTER_BOOTSTRAP_APP_KEY,abc,***",
        "ROSTER_SMTP_URL,smtp://me:geheim@mail.test:587,smtp://me:***@mail.test:587",
        "ROSTER_SMTP_URL,smtp://me:ge@heim@mail.test,smtp://me:***@mail.test",
        "ROSTER_DATABASE_URL,jdbc:postgresql://h/d?user=me&password=geheim&ssl=true,jdbc:postgresql://h/d?user=me&password=***&ssl=true",
        "ROSTER_DATABASE_URL,jdbc:postgresql://h/d?sslpassword=geheim,jdbc:postgresql://h/d?sslpassword=***",
        "ROSTER_PORT,8080,8080"})
    void secrets_are_never_shown(String name, String value, String shown) {
        var setting = Config.ALL.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();

        assertThat(setting.shown(value)).isEqualTo(shown);
    }

    @Test
    void every_setting_that_a_class_declares_is_read() throws ReflectiveOperationException {
        var declared = new ArrayList<Setting<?>>();
        var classes = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("roster");
        for (var type : classes) {
            for (var field : type.getFields()) {
                if (field.getRawType().isEquivalentTo(Setting.class) && field.getModifiers().contains(STATIC)) {
                    var constant = field.reflect();
                    constant.setAccessible(true);
                    declared.add((Setting<?>) constant.get(null));
                }
            }
        }

        assertThat(declared).containsExactlyInAnyOrderElementsOf(Config.ALL);
        assertThat(declared).hasSizeGreaterThan(20);
    }

    @Test
    void each_has_a_meaning_in_the_readme() throws IOException {
        var readme = Files.readString(Path.of("README.md"));
        var table = new StringBuilder("| setting | default | meaning |\n|---|---|---|\n");
        for (var setting : Config.ALL) {
            assertThat(setting.meaning()).as(setting.name()).matches("(?s)[A-Z`].*[^.]");
            table.append("| `%s` | %s | %s |\n".formatted(setting.name(), setting.standard().map("`%s`"::formatted)
                .or(setting::derived).orElse("none"), setting.meaning()));
        }

        assertThat(readme).as("the README's table of settings; it should be:%n%s", table)
            .contains("<!-- settings: SettingsTest holds this table against the code -->\n" + table
                + "<!-- end of settings -->");
    }
}
