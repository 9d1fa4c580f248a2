package roster.door.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.OpenApiCheck;
import roster.support.TestRoster;

/// The document itself. That the answers are as it says is seen wherever a test asks for one ([OpenApiCheck]).
class OpenApiTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    @Test
    void the_document_is_valid_openapi() {
        var parsed = OpenApiCheck.parse();

        assertThat(parsed.getMessages()).isEmpty();
        assertThat(parsed.getOpenAPI().getOpenapi()).isEqualTo("3.0.3");
    }

    @Test
    void every_route_is_documented_and_nothing_else() {
        var documented = new TreeSet<String>();
        OpenApiCheck.parse().getOpenAPI().getPaths().forEach((template, path) -> path.readOperationsMap()
            .keySet().forEach(method -> documented.add(method + " " + template)));
        var served = new TreeSet<String>();
        roster.node().routes.all().stream().filter(route -> !route.template().startsWith("/console/"))
            .forEach(route -> served.add(route.method() + " " + route.template()));

        assertThat(documented).isEqualTo(served);
    }

    @Test
    void every_operation_says_what_it_is_for() {
        var ids = new HashSet<String>();
        OpenApiCheck.parse().getOpenAPI().getPaths().forEach((template, path) -> path.readOperationsMap()
            .forEach((method, operation) -> {
                assertThat(operation.getSummary()).as("summary of %s %s", method, template).isNotBlank();
                assertThat(operation.getDescription()).as("description of %s %s", method, template).isNotBlank();
                assertThat(operation.getTags()).as("tags of %s %s", method, template).hasSize(1);
                assertThat(ids.add(operation.getOperationId())).as("one id for %s %s", method, template).isTrue();
            }));
    }

    @Test
    void the_document_is_served_as_it_is() {
        var answer = roster.send("GET", "/openapi.yaml", null);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).contains("application/yaml");
        assertThat(answer.text()).startsWith("openapi: 3.0.3\n");
    }
}
