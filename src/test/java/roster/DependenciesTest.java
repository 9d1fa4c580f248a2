package roster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// `docs/dependencies.md` tells which versions are held back. A row that is no longer true fails here; which versions could
/// be newer is asked by `build/newer` at the end of `./check`.
class DependenciesTest {
    private static final Pattern PROPERTY = Pattern.compile("<([a-z0-9.]+\\.version)>([^<]+)<");
    private static final Pattern ROW =
        Pattern.compile("\\| `([a-z0-9.]+)` \\| (\\S+) \\| (\\S+) \\| (\\d{4}-\\d\\d-\\d\\d) \\| (\\S.*\\S) \\|");

    private static Map<String, String> versions() throws IOException {
        var versions = new TreeMap<String, String>();
        var found = PROPERTY.matcher(Files.readString(Path.of("pom.xml")));
        while (found.find()) {
            versions.put(found.group(1), found.group(2));
        }
        return versions;
    }

    @Test
    void each_version_that_is_held_back_is_the_one_in_use_and_has_a_reason() throws IOException {
        var versions = versions();
        var rows = Files.readAllLines(Path.of("docs/dependencies.md")).stream()
            .filter(line -> line.startsWith("| `")).toList();
        assertThat(rows).isNotEmpty().allSatisfy(line -> {
            var row = ROW.matcher(line);
            assertThat(row.matches()).as(line).isTrue();
            assertThat(versions).containsEntry(row.group(1), row.group(2));
            assertThat(row.group(3)).isNotEqualTo(row.group(2));
        });
    }

    @Test
    void every_version_is_a_property_at_the_top() throws IOException {
        var inPlace = Pattern.compile("<version>([^<$]+)</version>").matcher(Files.readString(Path.of("pom.xml")));
        assertThat(inPlace.results().map(found -> found.group(1))).containsExactly("0.1.0");
    }
}
