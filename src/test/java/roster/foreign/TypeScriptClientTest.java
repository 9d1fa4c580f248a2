package roster.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.TestRoster;

/// The official TypeScript client, as it comes, over the user and role operations: `src/test/typescript/client.ts`.
/// `./check` fetches what it needs.
class TypeScriptClientTest {
    private static final Path FOLDER = Path.of("src/test/typescript").toAbsolutePath();
    private static final Path COMPILER = FOLDER.resolve("node_modules/typescript/bin/tsc");
    private static final Path COMPILED = Path.of("target/typescript/client.js").toAbsolutePath();

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    @Test
    void every_user_and_role_operation_does_what_the_contract_says() throws Exception {
        Program.needed(getClass(), Files.exists(COMPILER) && Program.works("node", "--version"),
            "no Node.js, or the client is not fetched");
        var ada = roster.newOrg("typescript").founder();
        var compiled = Program.run(Map.of(), "node", COMPILER.toString(), "-p", FOLDER.toString());
        assertThat(compiled.exit()).as(compiled.out()).isZero();

        var ran = Program.run(Map.of("ROSTER_ADDRESS", roster.address(), "DD_API_KEY", ada.apiKey(), "DD_APP_KEY",
            ada.applicationKey(), "NODE_PATH", FOLDER.resolve("node_modules").toString()), "node", COMPILED.toString());

        System.out.println(ran.out());
        assertThat(ran.exit()).as(ran.out()).isZero();
        assertThat(ran.out()).containsPattern("[0-9]+ calls, all as the contract says");
    }
}
