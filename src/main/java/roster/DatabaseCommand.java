package roster;

import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import roster.base.postgres.DataFolderInUse;
import roster.base.settings.Settings;
import roster.door.command.CommandClient;
import roster.door.command.Commands;
import roster.door.command.LongCommand;
import roster.door.command.Outcome;
import roster.door.command.Terminal;

/// Commands that need the database: the server that runs on the data folder does them, or they open the database
/// themselves for a moment.
final class DatabaseCommand {
    /// How long to wait for another process to give up the data folder, or to begin to serve on it.
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private DatabaseCommand() {}

    /// @param founds whether a database may be made for it
    static Outcome run(Settings settings, List<String> args, boolean founds) {
        if (!founds && settings.get(Config.DATABASE_URL).isEmpty() && !Files.exists(settings.require(Config.DATA))) {
            return noFolder(settings);
        }
        return run(settings, () -> CommandClient.run(settings.require(Config.DATA), args),
            roster -> roster.commands().run(args, System.getProperty("user.name")));
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
        return Outcome.failed("there is no data folder %s; set ROSTER_DATA, or begin with `roster serve`"
            .formatted(settings.require(Config.DATA)));
    }

    static Outcome migrate(Settings settings) {
        // A server brings the schema up to date when it starts: whatever it answers, it runs.
        return run(settings, () -> CommandClient.run(settings.require(Config.DATA), List.of("migrate")),
            roster -> new Outcome(Outcome.DONE,
                roster.migrated() == 0 ? "The schema is up to date\n"
                    : "%d migration%s applied\n".formatted(roster.migrated(), roster.migrated() == 1 ? "" : "s"),
                ""));
    }

    /// @param beside by the server that runs on the data folder, if one does
    private static Outcome run(Settings settings, Supplier<Optional<Outcome>> beside, Function<Roster, Outcome> alone) {
        var until = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            var answer = settings.get(Config.DATABASE_URL).isPresent() ? Optional.<Outcome>empty() : beside.get();
            if (answer.isPresent()) {
                return answer.get();
            }
            try (var roster = Roster.open(settings, Surroundings.PRODUCTION)) {
                return alone.apply(roster);
            } catch (DataFolderInUse e) { // it starts just now, or is another command
                if (System.nanoTime() > until) {
                    throw e;
                }
                pause();
            }
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
