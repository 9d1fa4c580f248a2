package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `docs/promises.md` names the tests that keep each promise.
class PromisesPageTest {
    private static final Pattern TEST = Pattern.compile("\\b[A-Z]\\w*Test\\b");

    @ParameterizedTest
    @ValueSource(strings = {"docs/promises.md", "CONTRIBUTING.md"})
    void the_tests_named_on_a_page_exist(String page) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src", "test", "java"))) {
            var tests = files.map(file -> file.getFileName().toString().replaceFirst("\\.java$", ""))
                .collect(Collectors.toSet());
            assertThat(TEST.matcher(Files.readString(Path.of(page))).results().map(found -> found.group())).isNotEmpty()
                .isSubsetOf(tests);
        }
    }

    @Test
    void each_promise_has_its_tests() throws IOException {
        var page = Files.readString(Path.of("docs", "promises.md"));
        var promises = Stream.of(page.split("\n## P")).skip(1).toList();
        assertThat(promises).hasSameSizeAs(page.lines().filter(line -> line.startsWith("| [P")).toList()).isNotEmpty()
            .allSatisfy(promise -> {
                assertThat(promise).contains("**Kept by**");
                assertThat(TEST.matcher(promise).find()).isTrue();
            });
    }
}
