package roster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.Operator;

/// Every curl in the documentation, run as it stands there, against a server of its own.
class SnippetsTest {
    private static final int PATIENCE_SECONDS = 120;
    private static final String DOCUMENTED = "http://127.0.0.1:8080";

    private static final Pattern FENCED = Pattern.compile("(?ms)^ *```(?:sh)?\\n(.*?)^ *```$");
    private static final Pattern INDENTED = Pattern.compile("(?m)((?:^ {4}.*\\n)+)");

    /// What is a command begins with curl, perhaps after `$(`.
    private static final Pattern CURL = Pattern.compile("(?m)(^\\s*|\\$\\(|&& |\\| )curl -");

    /// Says of each request what it was answered with, and stops at nothing.
    private static final String COUNTING = "curl() { command curl -w '%{stderr}status %{http_code}\\n' \"$@\"; }\n";

    @RegisterExtension
    static final Operator operator = new Operator();

    @BeforeAll
    static void curlIsThere() {
        assumeTrue(Stream.of(System.getenv("PATH").split(":")).anyMatch(folder -> Files.isExecutable(Path.of(folder,
            "curl"))), "curl is not installed");
    }

    /// @param statuses of its requests
    private record Ran(int exit, String out, String err, List<Integer> statuses) {}

    private static List<String> blocks(Path file) throws IOException {
        var text = Files.readString(file);
        // The descriptions in OpenAPI are indented as a whole.
        var forms = file.toString().endsWith(".md") ? Stream.of(FENCED, INDENTED) : Stream.of(FENCED);
        var blocks =
            forms.flatMap(form -> form.matcher(text).results()).sorted(Comparator.comparing(MatchResult::start))
                .map(found -> found.group(1)).filter(block -> CURL.matcher(block).find()).toList();
        assertThat(blocks.stream().mapToInt(SnippetsTest::curls).sum()).as("curls in blocks of %s", file)
            .isEqualTo(curls(text));
        return blocks;
    }

    private static int curls(String text) {
        return (int) Pattern.compile("\\bcurl -").matcher(text).results().count();
    }

    private static List<Path> documentation() throws IOException {
        var files = new ArrayList<>(List.of(Path.of("README.md"), Path.of("CONTRIBUTING.md")));
        for (var folder : List.of("docs", "bench", "src/main/openapi")) {
            try (var found = Files.walk(Path.of(folder))) {
                found.filter(file -> file.toString().matches(".*\\.(md|yaml)")).sorted().forEach(files::add);
            }
        }
        return files;
    }

    private static Ran run(String script) throws IOException, InterruptedException {
        var shell = new ProcessBuilder("sh", "-c", COUNTING + script.replace(DOCUMENTED, operator.server().address()))
            .directory(operator.folder().toFile());
        var err = operator.folder().resolve("err-of-snippets").toFile();
        var process = shell.redirectError(err).start();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        var said = Files.readString(err.toPath());
        return new Ran(process.exitValue(), out, said, Pattern.compile("(?m)^status ([0-9]+)$").matcher(said).results()
            .map(found -> Integer.valueOf(found.group(1))).toList());
    }

    @Test
    void every_curl_works_in_the_order_of_the_documentation() throws Exception {
        var all = new ArrayList<String>();
        for (var file : documentation()) {
            all.addAll(blocks(file));
        }
        assertThat(all).hasSizeGreaterThanOrEqualTo(4);

        // Of another test, or of an earlier run, nothing is left: each is as at the first start.
        var script = String.join("\n", all).replace("ann.lee@", "every.curl@");
        var ran = run(script);

        assertThat(ran.statuses()).as(ran.err() + ran.out()).hasSize(curls(script))
            .allSatisfy(status -> assertThat(status).isBetween(200, 299));
        assertThat(ran.exit()).isZero();
    }

    @Test
    void the_snippets_of_the_readme_can_be_run_again() throws Exception {
        var blocks = blocks(Path.of("README.md"));
        var script = String.join("\n", blocks);

        var first = run(script);
        assertThat(first.statuses()).as(first.err() + first.out()).containsExactly(200, 201, 200, 201);
        var second = run(script);
        assertThat(second.statuses()).as(second.err() + second.out()).containsExactly(200, 409, 200, 201);
        assertThat(second.exit()).isZero();

        var id = operator.json("user", "list", "--filter", "ann.lee@example.com").at("/users/0/id").asString();
        assertThat(second.out()).contains("\"id\":\"" + id + "\"", "User ann.lee@example.com already exists");
        assertThat(operator.run("invitation", "list", "--json").out().split("ann.lee@example.com", -1)).hasSize(3);
    }
}
