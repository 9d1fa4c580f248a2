package roster.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.base.json.Json;
import roster.support.TestRoster;
import tools.jackson.databind.JsonNode;

/// newman, which runs collections of Postman, as it comes: with requests of the kinds that Microsoft's public collection for
/// SCIM has, over both bases. `./check` fetches it.
class NewmanTest {
    private static final Path FOLDER = Path.of("src/test/typescript").toAbsolutePath();
    private static final Path NEWMAN = FOLDER.resolve("node_modules/newman/bin/newman.js");
    private static final Path COLLECTION = FOLDER.resolve("entra.postman_collection.json");

    /// What is answered otherwise. Why it is right so is told in `docs/scim-conformance.md`.
    private static final List<String> DEVIATIONS =
        List.of("Get users, as the published collection spells it: status 200");

    /// The same, below the base where a PATCH of a group answers with the group.
    private static final List<String> DEVIATIONS_OF_GROUPS = List.of("Rename a group: status 204",
        "Rename a group: no body", "Add a member: status 204", "Add a member: no body",
        "Add a member again, and another: status 204", "Add a member again, and another: no body",
        "Remove a member: status 204", "Remove a member: no body");

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    @TempDir
    private Path folder;

    private static void needed() throws InterruptedException {
        Program.needed(NewmanTest.class, Files.exists(NEWMAN) && Program.works("node", "--version"),
            "no Node.js, or newman is not fetched");
    }

    private static JsonNode read(Path file) throws Exception {
        return Json.parse(Files.readAllBytes(file));
    }

    private static List<JsonNode> each(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).toList();
    }

    /// The names of the requests in a collection, in order.
    private static List<String> names(JsonNode items) {
        return each(items).stream().flatMap(one -> one.has("item") ? names(one.path("item")).stream()
            : List.of(one.path("name").asString()).stream()).toList();
    }

    /// What failed, and in which request: an assertion, or the script or the request itself.
    private static String failure(JsonNode failure) {
        var error = failure.path("error");
        return "%s: %s".formatted(failure.at("/source/name").asString(""), error.has("test")
            ? error.path("test").asString() : error.path("message").asString(""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/scim/v2", "/api/v2/scim"})
    void every_request_is_answered_as_expected_but_those_that_the_contract_has_otherwise(String base) throws Exception {
        needed();
        var ada = roster.newOrg("newman").founder();
        var file = folder.resolve("report.json");

        var ran = Program.run(Map.of(), "node", NEWMAN.toString(), "run", COLLECTION.toString(), "--env-var",
            "address=" + roster.address() + base, "--env-var", "token=" + ada.applicationKey(), "--reporters", "json",
            "--reporter-json-export", file.toString(), "--suppress-exit-code");

        assertThat(ran.exit()).as(ran.out()).isZero();
        var run = read(file).path("run");
        var deviations = new ArrayList<>(DEVIATIONS);
        if (base.equals("/api/v2/scim")) {
            deviations.addAll(DEVIATIONS_OF_GROUPS);
        }
        assertThat(each(run.path("failures")).stream().map(NewmanTest::failure))
            .as(() -> run.path("failures").toString()).containsExactlyInAnyOrderElementsOf(deviations);
        assertThat(each(run.path("executions")).stream().map(one -> one.at("/item/name").asString()))
            .containsExactlyElementsOf(names(read(COLLECTION).path("item")));
        assertThat(run.at("/stats/assertions/total").asInt()).isGreaterThan(100);
        assertThat(run.at("/stats/assertions/pending").asInt()).isZero();
    }
}
