package roster.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.base.json.Json;
import roster.support.TestRoster;
import tools.jackson.databind.JsonNode;

/// scim2-tester and scim2-cli, as they come, over both bases. `./check` installs them.
class Scim2TesterTest {
    private static final Path PROGRAMS = Path.of("target/python/bin").toAbsolutePath();

    private static final String ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    /// What scim2-tester finds fault with. Why it is right so is told in `docs/scim-conformance.md`.
    private static final List<String> DEVIATIONS = List.of("User check_add_attribute roles",
        "User check_replace_attribute roles", "User check_add_attribute " + ENTERPRISE,
        "User check_replace_attribute " + ENTERPRISE, "User check_add_attribute " + ENTERPRISE + ":manager",
        "User check_replace_attribute " + ENTERPRISE + ":manager", "Group check_add_attribute members",
        "Group check_replace_attribute members", "User check_remove_attribute displayName",
        "User check_remove_attribute active");

    /// The same, below the base whose errors have a member more.
    private static final List<String> DEVIATIONS_OF_ERRORS = List.of("random_url", "access_invalid_resource_type",
        "access_invalid_schema", "User object_deletion", "Group object_deletion");

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    /// One check of the tester.
    private record Check(String status, String name, String reason) {
        static Check of(JsonNode line) {
            return new Check(line.path("status").asString(), "%s %s %s".formatted(line.path("resource").asString(),
                line.path("check").asString(), line.path("attribute").asString()).strip(),
                line.path("reason").asString());
        }
    }

    private static void needed() {
        Program.needed(Scim2TesterTest.class, Files.exists(PROGRAMS.resolveSibling("installed")),
            "no Python, or scim2-tester is not installed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/scim/v2", "/api/v2/scim"})
    void every_check_passes_but_those_that_the_contract_has_otherwise(String base) throws Exception {
        needed();
        var ada = roster.newOrg("tester").founder();

        var ran = Program.run(Map.of("ROSTER_ADDRESS", roster.address() + base, "ROSTER_TOKEN", ada.applicationKey()),
            PROGRAMS.resolve("python").toString(), "src/test/python/tester.py");

        assertThat(ran.exit()).as(ran.out()).isZero();
        var checks = ran.out().lines()
            .map(line -> Check.of(Json.parse(line.getBytes(StandardCharsets.UTF_8)))).toList();
        assertThat(checks).hasSizeGreaterThan(50);
        var deviations = new ArrayList<>(DEVIATIONS);
        if (base.equals("/api/v2/scim")) {
            deviations.addAll(DEVIATIONS_OF_ERRORS);
        }
        assertThat(checks.stream().filter(check -> !check.status().equals("SUCCESS")).map(Check::name).distinct())
            .as(ran.out()).containsExactlyInAnyOrderElementsOf(deviations);
    }
}
