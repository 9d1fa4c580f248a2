package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import roster.support.Attacks;

/// Each attack of the list is a test that is named by its number.
@Timeout(60)
class AttackRowsTest {
    private static final Pattern TEST = Pattern.compile("\n    void (\\w+)\\(");

    @Test
    void each_row_has_a_test() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src", "test", "java"))) {
            var tested = new TreeSet<String>();
            files.filter(file -> file.toString().endsWith("Test.java")).map(AttackRowsTest::text)
                .flatMap(text -> TEST.matcher(text).results()).map(found -> found.group(1))
                .forEach(name -> tested.addAll(Attacks.numbers(name)));
            assertThat(Attacks.rows()).hasSize(66);
            assertThat(tested).containsAll(Attacks.rows().keySet());
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
