package roster.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.Await;
import roster.support.TestRoster;

/// The official TypeScript client, as it comes, over the user and role operations: `src/test/typescript/client.ts`.
/// `./check` fetches what it needs.
class TypeScriptClientTest {
    private static final Path FOLDER = Path.of("src/test/typescript").toAbsolutePath();
    private static final Path COMPILER = FOLDER.resolve("node_modules/typescript/bin/tsc");
    private static final Path COMPILED = Path.of("target/typescript/client.js").toAbsolutePath();

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private record Ran(int exit, String out) {}

    @Test
    void every_user_and_role_operation_does_what_the_contract_says() throws Exception {
        var there = Files.exists(COMPILER) && hasNode();
        if (!there) {
            System.out
                .println("TypeScriptClientTest skipped: no Node.js, or the client is not fetched; ./check does it");
        }
        assumeTrue(there, "no Node.js, or the client is not fetched");
        var ada = roster.newOrg("typescript").founder();
        var compiled = run(Map.of(), "node", COMPILER.toString(), "-p", FOLDER.toString());
        assertThat(compiled.exit()).as(compiled.out()).isZero();

        var ran = run(Map.of("ROSTER_ADDRESS", roster.address(), "DD_API_KEY", ada.apiKey(), "DD_APP_KEY",
            ada.applicationKey(), "NODE_PATH", FOLDER.resolve("node_modules").toString()), "node", COMPILED.toString());

        System.out.println(ran.out());
        assertThat(ran.exit()).as(ran.out()).isZero();
        assertThat(ran.out()).containsPattern("[0-9]+ calls, all as the contract says");
    }

    private static boolean hasNode() throws InterruptedException {
        try {
            return run(Map.of(), "node", "--version").exit() == 0;
        } catch (IOException e) {
            return false; // there is no such program
        }
    }

    private static Ran run(Map<String, String> environment, String... command)
        throws IOException, InterruptedException {
        var builder = new ProcessBuilder(List.of(command)).redirectErrorStream(true);
        builder.environment().putAll(environment);
        var process = builder.start();
        process.getOutputStream().close();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return new Ran(process.exitValue(), out);
    }
}
