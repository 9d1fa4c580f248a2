package roster.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import roster.support.Await;

/// A program of others that ran to its end.
///
/// @param out what it printed, errors too
record Program(int exit, String out) {
    /// Runs it, with nothing to read.
    ///
    /// @param environment besides that of the tests
    static Program run(Map<String, String> environment, String... command) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(List.of(command)).redirectErrorStream(true);
        builder.environment().putAll(environment);
        var process = builder.start();
        process.getOutputStream().close();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return new Program(process.exitValue(), out);
    }

    /// Whether a command works on this machine.
    static boolean works(String... command) throws InterruptedException {
        try {
            return run(Map.of(), command).exit() == 0;
        } catch (IOException e) {
            return false; // there is no such program
        }
    }

    /// Skips the test, and says so, where its programs are missing.
    static void needed(Class<?> test, boolean there, String missing) {
        if (!there) {
            System.out.println("%s skipped: %s; ./check does it".formatted(test.getSimpleName(), missing));
        }
        assumeTrue(there, missing);
    }
}
