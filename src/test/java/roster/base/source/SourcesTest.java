package roster.base.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Time, ids and randomness come from [Sources] and, in SQL, from `roster_now()`: what drew them anywhere else could not
/// be replaced.
class SourcesTest {
    private static final Path MAIN = Path.of("src", "main", "java", "roster");

    /// Each has its reason: no request can see what it draws.
    private static final Map<String, List<String>> ALLOWED = Map.of(
        // The header Date: the time of day, whatever clock the rest goes by.
        "base/http/ResponseBytes.java", List.of("currentTimeMillis"),
        // How old files of another version are, by the clock that dates files.
        "base/postgres/PostgresBinaries.java", List.of("Instant.now"),
        // How long the start took, by the clock of the JVM's start.
        "Serve.java", List.of("currentTimeMillis"),
        // The password of the embedded server, which leaves no other trace.
        "base/postgres/DataFolder.java", List.of("new Randomness"),
        // Ids of version 5, which are derived from a name.
        "model/Id.java", List.of("UuidCreator"));

    private static final Pattern DRAWN = Pattern.compile(
        "SecureRandom|ThreadLocalRandom|Math\\.random|new Random\\(|new Randomness|new Ids\\(|UuidCreator|randomUUID"
            + "|Instant\\.now|currentTimeMillis|Clock\\.system|InstantSource\\.system");

    private static final Pattern SQL_TIME = Pattern.compile(
        "clock_timestamp|(?<![\\w.])now\\(\\)\\s*[-+,)'\"]|statement_timestamp|current_timestamp|current_date",
        Pattern.CASE_INSENSITIVE);

    private static List<String> found(Pattern pattern, String except) throws IOException {
        var found = new ArrayList<String>();
        try (var files = Files.walk(MAIN)) {
            for (var file : files.filter(name -> name.toString().endsWith(".java")).sorted().toList()) {
                var name = MAIN.relativize(file).toString();
                var matcher = pattern.matcher(Files.readString(file));
                while (!name.startsWith(except) && matcher.find()) {
                    if (!ALLOWED.getOrDefault(name, List.of()).contains(matcher.group())) {
                        found.add(name + ": " + matcher.group());
                    }
                }
            }
        }
        return found;
    }

    @Test
    void only_base_source_draws_time_ids_and_randomness() throws IOException {
        assertThat(found(DRAWN, "base/source")).isEmpty();
        assertThat(found(DRAWN, "nothing")).contains("base/source/Ids.java: UuidCreator");
    }

    @Test
    void sql_asks_roster_now() throws IOException {
        assertThat(found(SQL_TIME, "nothing")).isEmpty();
        assertThat("expires_at <= now()'").containsPattern(SQL_TIME);
        assertThat("SELECT clock_timestamp() AS now").containsPattern(SQL_TIME);
    }
}
