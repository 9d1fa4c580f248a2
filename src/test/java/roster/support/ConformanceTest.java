package roster.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// What the last run of the whole suite left in `docs/conformance.md`.
class ConformanceTest {
    @Test
    void every_status_of_the_nine_operations_is_shown_by_a_test_and_no_recording_differs() throws IOException {
        assertThat(Files.readAllLines(Path.of("docs", "conformance.md"))).isNotEmpty()
            .noneMatch(line -> line.contains(Conformance.NO_TEST)).noneMatch(line -> line.contains("| differs at "));
    }
}
