package roster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `./roster`, with a release beside it that has no sources, and a Java that says how it was called.
class LauncherTest {
    private static final int PATIENCE_SECONDS = 60;

    @TempDir
    Path folder;

    @BeforeEach
    void install() throws IOException {
        Files.copy(Path.of("roster"), folder.resolve("roster"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.createFile(Files.createDirectory(folder.resolve("target")).resolve("roster.jar"));
        Files.createDirectories(folder.resolve("jdk/bin"));
        Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"25\"\n");
        var java = Files.writeString(folder.resolve("jdk/bin/java"), """
            #!/bin/sh
            locale charmap
            for last; do :; done
            printf '%s\\n' "$ROSTER_DATA" "$last"
            """);
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
    }

    private String run(Map<String, String> environment, String argument) throws IOException, InterruptedException {
        var builder = new ProcessBuilder("bash", folder.resolve("roster").toString(), argument)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().keySet().removeIf(name -> name.startsWith("LC_") || name.equals("LANG"));
        builder.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
        builder.environment().putAll(environment);
        var process = builder.start();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        return out;
    }

    @ParameterizedTest
    @CsvSource({"LANG, C", "LC_ALL, C", "LC_ALL, POSIX", "LC_CTYPE, C", "LANG, xx_XX.UTF-8", "LC_ALL, xx_XX.UTF-8",
        "LANG, ''", "LC_ALL, C.UTF-8"})
    void java_reads_letters_beyond_ascii_in_every_locale(String variable, String locale) throws Exception {
        assertThat(run(Map.of(variable, locale, "ROSTER_DATA", "daten-ü"), "Müller"))
            .isEqualTo("UTF-8\ndaten-ü\nMüller\n");
    }

    @Test
    void what_makes_starts_fast_is_recorded_again_for_another_jar() throws Exception {
        var cache = folder.resolve("target/roster.aot");
        var calls = folder.resolve("calls");
        Files.createFile(folder.resolve("pom.xml"));
        Files.writeString(folder.resolve("jdk/bin/java"), "#!/bin/sh\necho \"$*\" >>%s\n".formatted(calls));
        Files.setLastModifiedTime(folder.resolve("pom.xml"), FileTime.from(Instant.EPOCH));

        run(Map.of(), "one");
        run(Map.of(), "two");
        assertThat(lastWords(calls)).containsExactly("train", "one", "two");
        assertThat(Files.size(cache)).as("nothing was recorded").isZero();

        Files.setLastModifiedTime(cache, FileTime.from(Instant.EPOCH));
        run(Map.of(), "three");
        run(Map.of(), "four");
        assertThat(lastWords(calls)).containsExactly("train", "one", "two", "train", "three", "four");

        Files.writeString(cache, "a cache");
        run(Map.of(), "five");
        assertThat(Files.readAllLines(calls).getLast()).contains("-XX:AOTCache=" + cache);
    }

    private static List<String> lastWords(Path calls) throws IOException {
        return Files.readAllLines(calls).stream().map(line -> line.substring(line.lastIndexOf(' ') + 1)).toList();
    }
}
