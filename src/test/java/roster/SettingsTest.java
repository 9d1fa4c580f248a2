package roster;

import static com.tngtech.archunit.core.domain.JavaModifier.STATIC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import roster.base.settings.Setting;
import roster.base.settings.Settings;
import roster.base.settings.WrongSetting;
import roster.core.mail.MailFeature;

class SettingsTest {
    @TempDir
    Path folder;

    private Settings read(Map<String, String> environment) {
        return Settings.read(Config.ALL, environment, folder);
    }

    @ParameterizedTest
    @CsvSource({"ROSTER_PROT,ROSTER_PORT", "ROSTER_DATABASE_URI,ROSTER_DATABASE_URL", "ROSTER_LOGS,ROSTER_LOG",
        "ROSTER_SMPT_URL,ROSTER_SMTP_URL", "ROSTER_SECRETKEY,ROSTER_SECRET_KEY"})
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
    }

    @Test
    void a_wrong_name_in_the_file_is_refused_too() throws IOException {
        Files.writeString(folder.resolve("roster.properties"), "port=9001\n");
        assertThatThrownBy(() -> read(Map.of())).hasMessageStartingWith("port was not used. Did you mean ROSTER_");
    }

    @Test
    void a_file_that_is_no_text_is_refused() throws IOException {
        Files.write(folder.resolve("roster.properties"), new byte[] {'a', '=', (byte) 0xff});
        assertThatThrownBy(() -> read(Map.of())).isInstanceOf(WrongSetting.class)
            .hasMessageContaining("roster.properties cannot be read");
        Files.writeString(folder.resolve("roster.properties"), "ROSTER_HOST=\\u12");
        assertThatThrownBy(() -> read(Map.of())).isInstanceOf(WrongSetting.class);
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
