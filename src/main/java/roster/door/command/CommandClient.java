package roster.door.command;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import roster.base.json.Json;
import roster.base.work.TimeLimit;

/// The client's end of [CommandSocket]: sends commands to the server that runs on a data folder.
public final class CommandClient {
    private static final int ANSWER_BYTES_MAX = 16 << 20;

    /// How long to wait for an answer.
    private static final Duration WORK = Duration.ofSeconds(60);

    /// How long to wait for an answer that needs no work.
    private static final Duration STATUS = Duration.ofSeconds(5);

    private CommandClient() {}

    /// Has the server run a command.
    ///
    /// @param input as [CommandInput] read it
    /// @return empty if no server is running on the data folder
    public static Optional<Outcome> run(Path folder, List<String> args, Optional<String> input) {
        return run(folder, new SocketRequest.RunCommand(args, input), WORK, "; what was asked may have been done");
    }

    /// Asks for the server's status.
    ///
    /// @return empty if no server is running on the data folder
    public static Optional<Outcome> status(Path folder, List<String> args) {
        if (Files.exists(folder) && !Files.isExecutable(folder)) {
            return Optional.of(Outcome.failed("you may not enter the data folder " + folder));
        }
        return run(folder, new SocketRequest.RunCommand(args, Optional.empty()), STATUS, "");
    }

    private static Optional<Outcome> run(Path folder, SocketRequest request, Duration patience, String unknown) {
        try {
            return ask(folder, request, patience).map(answer -> switch (answer) {
                case Outcome outcome -> outcome;
                case BulkAnswer.Failed(var why) -> Outcome.failed(why);
                case BulkAnswer _ -> Outcome.failed(SocketCodec.OTHER_VERSION);
            });
        } catch (IOException e) {
            return Optional.of(Outcome.failed(noAnswer(e, unknown)));
        }
    }

    /// Has the server do one step of a long command.
    public static BulkAnswer handle(Path folder, BulkRequest request) {
        try {
            return ask(folder, request, WORK).<BulkAnswer>map(answer -> switch (answer) {
                case BulkAnswer bulk -> bulk;
                case Outcome _ -> new BulkAnswer.Failed(SocketCodec.OTHER_VERSION);
            }).orElseGet(() -> new BulkAnswer.Failed("the server has gone"));
        } catch (IOException e) {
            return new BulkAnswer.Failed(noAnswer(e, "; what was asked may have been done"));
        }
    }

    /// Whether a server is running on the data folder.
    public static boolean serves(Path folder) {
        try (var channel = connected(folder).orElse(null)) {
            return channel != null;
        } catch (IOException e) {
            return false;
        }
    }

    /// Whether a node with an external database listens on the data folder.
    public static boolean servesAnotherDatabase(Path folder) {
        return status(folder, List.of("status", "--json")).filter(answer -> answer.exit() == Outcome.DONE)
            .map(answer -> Json.parse(answer.out().getBytes(StandardCharsets.UTF_8)).path("node").path("database")
                .asString(""))
            .filter("external"::equals).isPresent();
    }

    /// @param unknown what to add, as it is not known how far the server came
    private static String noAnswer(IOException e, String unknown) {
        return (e instanceof SocketCodec.NotUnderstood ? e.getMessage()
            : "the server gave no answer (%s)".formatted(e.getMessage())) + unknown;
    }

    private static Optional<SocketAnswer> ask(Path folder, SocketRequest request, Duration patience)
        throws IOException {
        try (var channel = connected(folder).orElse(null)) {
            if (channel == null) {
                return Optional.empty();
            }
            return Optional.of(TimeLimit.within(patience, channel, () -> {
                Frame.write(channel, SocketCodec.bytes(request));
                return SocketCodec.answer(Frame.read(channel, ANSWER_BYTES_MAX));
            }));
        }
    }

    /// @return empty if no server is there
    private static Optional<SocketChannel> connected(Path folder) throws IOException {
        var socket = folder.resolve(CommandSocket.NAME);
        if (!Files.exists(socket)) {
            return Optional.empty();
        }
        var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try (var path = SocketPath.to(socket)) {
            channel.connect(path.address());
            return Optional.of(channel);
        } catch (IOException e) {
            channel.close();
            if (e instanceof ConnectException) {
                return Optional.empty(); // the socket of a server that was killed or has just stopped
            }
            throw e;
        }
    }
}
