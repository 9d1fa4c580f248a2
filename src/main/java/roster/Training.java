package roster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import roster.base.settings.Settings;
import roster.core.founding.FirstStart;
import roster.door.command.Commands;
import roster.door.command.Outcome;

/// `roster train`, run once after a build with `-XX:AOTCacheOutput`: starts and stops a server twice in a temporary folder,
/// so that Java records what a start needs. Starts with that cache take half the time.
final class Training {
    private Training() {}

    static Outcome run() {
        try {
            var folder = Files.createTempDirectory("roster-train");
            try {
                // No setting of the operator's: training must not touch their data.
                var config = Config.read(
                    Map.of("ROSTER_DATA", folder.resolve("data").toString(), "ROSTER_PORT", "0"), folder);
                FirstStart.Made made;
                try (var first = Node.start(config, Surroundings.PRODUCTION)) {
                    made = first.made().orElseThrow();
                }
                try (var second = Node.start(config, Surroundings.PRODUCTION)) {
                    ask(second, made, "/health/ready");
                    ask(second, made, "/metrics");
                    ask(second, made, "/api/v2/users");
                    choosePassword(second, made);
                    run(config, List.of("status"));
                }
            } finally {
                delete(folder);
            }
            return new Outcome(Outcome.DONE, "", "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void ask(Node node, FirstStart.Made made, String path) throws IOException {
        var address = URI.create(node.address());
        try (var socket = new Socket(address.getHost(), address.getPort())) {
            socket.getOutputStream().write("""
                GET %s HTTP/1.1\r
                Host: localhost\r
                DD-API-KEY: %s\r
                DD-APPLICATION-KEY: %s\r
                Connection: close\r
                \r
                """.formatted(path, made.founded().apiKey().secret(), made.founded().applicationKey().secret())
                .getBytes(StandardCharsets.US_ASCII));
            var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!answer.startsWith("HTTP/1.1 200 ")) {
                throw new IllegalStateException("%s was answered with %s".formatted(path, answer.lines().findFirst()));
            }
        }
    }

    /// The first password after a start would else keep the processors busy with compiling, as it takes the most of them.
    private static void choosePassword(Node node, FirstStart.Made made) {
        node.roster.session.passwords.choose(made.founded().org().id(), "trainee@example.com",
            "a password of the training", List.of("trainee"), () -> true);
    }

    /// Commands, too, are started often, beside a server.
    private static void run(Settings settings, List<String> args) {
        Commands.parse(args);
        var outcome = DatabaseCommand.status(settings, args);
        if (outcome.exit() != Outcome.DONE) {
            throw new IllegalStateException(outcome.err());
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var all = Files.walk(folder)) {
            for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
