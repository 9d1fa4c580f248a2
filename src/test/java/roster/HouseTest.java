package roster;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// How code and text are cut and worded, as CONTRIBUTING.md has it, wherever that can be counted.
class HouseTest {
    private static final int LINES_MAX = 400;
    private static final int PARAMETERS_MAX = 7;

    /// People are "they", and have a role: caller, user, operator, client. The console says "Nobody matches".
    private static final Pattern NO_WORDS =
        Pattern.compile("\\b(he|his|him|himself|whoever|somebody|nobody(?! matches))\\b", Pattern.CASE_INSENSITIVE);

    private static final List<Path> TEXTS = List.of(Path.of("src/main"), Path.of("docs"), Path.of("README.md"),
        Path.of("CONTRIBUTING.md"), Path.of("CHANGELOG.md"));

    /// Migrations that were applied cannot change any more, not even in a comment.
    private static final Pattern APPLIED = Pattern.compile("V([1-9]|1[0-9]|2[01])__.*\\.sql");

    private static List<Path> files(List<Path> roots) throws IOException {
        var found = new ArrayList<Path>();
        for (var root : roots) {
            try (var files = Files.walk(root)) {
                files.filter(Files::isRegularFile).forEach(found::add);
            }
        }
        return found;
    }

    private static Stream<String> lines(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).lines(); // also of pictures
        } catch (IOException e) {
            throw new AssertionError(file.toString(), e);
        }
    }

    @Test
    void no_file_of_code_is_longer_than_400_lines() throws IOException {
        assertThat(files(List.of(Path.of("src/main/java"), Path.of("src/test/java"), Path.of("bench"))).stream()
            .filter(file -> file.toString().endsWith(".java")).filter(file -> lines(file).count() > LINES_MAX))
            .isEmpty();
    }

    @Test
    void no_constructor_outside_records_takes_more_than_seven_parameters() {
        assertThat(new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("roster").stream().filter(type -> !type.isRecord() && !type.isAnonymousClass())
            .flatMap(type -> type.getConstructors().stream())
            .filter(constructor -> constructor.getRawParameterTypes().size() > PARAMETERS_MAX)
            .map(constructor -> constructor.getFullName())).isEmpty();
    }

    @Test
    void people_are_they() throws IOException {
        var found = new ArrayList<String>();
        for (var file : files(TEXTS)) {
            if (!APPLIED.matcher(file.getFileName().toString()).matches() && !file.toString().endsWith(".png")) {
                lines(file).filter(line -> NO_WORDS.matcher(line).find())
                    .forEach(line -> found.add(file + ": " + line.strip()));
            }
        }
        assertThat(found).isEmpty();
    }
}
