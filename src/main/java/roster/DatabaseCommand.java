package roster;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import roster.base.postgres.DataFolderInUse;
import roster.base.settings.Settings;
import roster.door.command.CommandClient;
import roster.door.command.CommandSocket;
import roster.door.command.Commands;
import roster.door.command.LongCommand;
import roster.door.command.Outcome;
import roster.door.command.Terminal;

/// Runs commands that need the database: sends them to the server that runs on the data folder, or opens the database for
/// as long as the command takes.
final class DatabaseCommand {
    /// How long to wait until another process releases the data folder, or begins to serve on it.
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseCommand.class);

    private DatabaseCommand() {}

    /// @param input what the command was told besides its arguments
    /// @param founds whether it may create the database
    static Outcome run(Settings settings, List<String> args, Optional<String> input, boolean founds) {
        if (!founds && settings.get(Config.DATABASE_URL).isEmpty() && !Files.exists(settings.require(Config.DATA))) {
            return noFolder(settings);
        }
        return run(settings, () -> CommandClient.run(settings.require(Config.DATA), args, input),
            roster -> roster.commands().run(args, input, System.getProperty("user.name")));
    }

    /// Runs a long command in this process; its steps are done where the database is open.
    static Outcome run(Settings settings, LongCommand command, Terminal terminal) {
        var folder = settings.require(Config.DATA);
        if (settings.get(Config.DATABASE_URL).isEmpty() && !Files.exists(folder)) {
            return noFolder(settings);
        }
        return run(settings, () -> CommandClient.serves(folder)
            ? Optional.of(Commands.run(command, request -> CommandClient.handle(folder, request), terminal))
            : Optional.empty(),
            roster -> Commands.run(command,
                request -> roster.commands().handle(request, System.getProperty("user.name")), terminal));
    }

    private static Outcome noFolder(Settings settings) {
        return Outcome.failed("there is no data folder %s; set ROSTER_DATA, or start with `roster serve`"
            .formatted(settings.require(Config.DATA)));
    }

    static Outcome migrate(Settings settings) {
        // A server brings the schema up to date when it starts.
        return run(settings,
            () -> CommandClient.run(settings.require(Config.DATA), List.of("migrate"), Optional.empty()),
            roster -> new Outcome(Outcome.DONE,
                roster.migrated() == 0 ? "The schema is up to date\n"
                    : "%d migration%s applied\n".formatted(roster.migrated(), roster.migrated() == 1 ? "" : "s"),
                ""));
    }

    /// Asks the server that runs on the data folder, wherever its database is.
    static Outcome status(Settings settings, List<String> args) {
        var folder = settings.require(Config.DATA);
        return CommandClient.status(folder, args)
            .orElseGet(() -> Outcome.failed("no server answers on the data folder %s".formatted(folder)));
    }

    /// @param beside sends the command to the server that runs on the data folder, if there is one
    private static Outcome run(Settings settings, Supplier<Optional<Outcome>> beside, Function<Roster, Outcome> alone) {
        var until = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            var answer = settings.get(Config.DATABASE_URL).isPresent() ? Optional.<Outcome>empty() : beside.get();
            if (answer.isPresent()) {
                return answer.get();
            }
            try (var roster = Roster.open(settings, Surroundings.PRODUCTION)) {
                return alone.apply(roster);
            } catch (DataFolderInUse e) { // a server that is starting, or another command
                if (System.nanoTime() > until) {
                    throw e;
                }
                pause();
            }
        }
    }

    /// Called before anything is made in the data folder.
    ///
    /// @throws CannotStart if this node would run the database of a folder where a node with another one listens
    static void mustNotShareFolder(Settings settings) {
        var folder = settings.require(Config.DATA);
        if (settings.get(Config.DATABASE_URL).isEmpty()
            && CommandClient.servesAnotherDatabase(folder)) {
            throw anotherDatabase(folder);
        }
    }

    private static CannotStart anotherDatabase(Path folder) {
        return new CannotStart(
            "a Roster with another database is running on the data folder %s; set ROSTER_DATA to another one"
                .formatted(folder));
    }

    /// Listens for commands in the data folder. With the embedded database they need this node, as only one process may
    /// open it. Otherwise nodes may share a data folder, and the first one answers `roster status`.
    ///
    /// @return empty if commands cannot reach this node
    /// @throws CannotStart if they must, and another server listens there
    static Optional<CommandSocket> listen(Settings settings, Commands commands) {
        var folder = settings.require(Config.DATA);
        var embedded = settings.get(Config.DATABASE_URL).isEmpty();
        try {
            var socket = CommandSocket.listen(folder, commands);
            if (socket.isEmpty() && embedded) {
                throw anotherDatabase(folder);
            }
            if (socket.isEmpty()) {
                LOG.info("Another node listens for commands on the data folder {}; `roster status` shows that one",
                    folder);
            }
            return socket;
        } catch (UncheckedIOException e) {
            if (embedded) {
                throw e;
            }
            LOG.warn("`roster status` cannot reach this node: {}", e.getCause().toString());
            return Optional.empty();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
