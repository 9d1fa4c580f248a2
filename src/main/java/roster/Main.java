package roster;

import ch.qos.logback.classic.Level;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.LoggerFactory;
import roster.base.db.Migrations;
import roster.base.postgres.NotStarted;
import roster.base.settings.Settings;
import roster.base.settings.WrongSetting;
import roster.door.command.CommandInput;
import roster.door.command.Commands;
import roster.door.command.Commands.Asked;
import roster.door.command.Failed;
import roster.door.command.Outcome;
import roster.door.command.Terminal;

/// The command line. Exit codes: 0 success, 1 failure, 2 usage error, wrong settings included. Messages go to standard
/// error.
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        // Numbers in SQL, ids, URLs and what is printed have Latin digits, whatever the locale.
        Locale.setDefault(Locale.ROOT);
        // UTF-8 whatever the locale: what is printed is read by scripts too.
        System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8));
        Logging.silence();
        var outcome = outcome(List.of(args), System.getenv(), Logging::use);
        System.out.print(outcome.out());
        System.out.flush();
        System.err.print(outcome.err());
        System.exit(outcome.exit());
    }

    static Outcome outcome(List<String> args, Map<String, String> environment, Consumer<Logging.Form> log) {
        return outcome(args, environment, log, new Terminal(System.in, System.out, System.err, onTerminal()));
    }

    /// Runs one command and returns what it says and its exit code.
    ///
    /// @param terminal for long commands, which write while they run
    public static Outcome outcome(List<String> args, Map<String, String> environment, Consumer<Logging.Form> log,
        Terminal terminal) {
        Function<Level, Settings> configured = from -> {
            var settings = Config.read(environment, Path.of(""));
            log.accept(new Logging.Form(
                settings.get(Logging.FORMAT).map(Logging.Format.JSON::equals).orElseGet(() -> !onTerminal()), from));
            return settings;
        };
        var unreadable = unreadable(args);
        if (unreadable.isPresent()) {
            return wrong("%s cannot be read in this locale; set LC_ALL=C.UTF-8".formatted(unreadable.get()));
        }
        // The most frequent command needs no parser, and starts faster without.
        var asked = args.equals(List.of("serve")) ? new Asked.Serve() : Commands.parse(args);
        try {
            return switch (asked) {
                case Asked.Answered(var outcome) -> outcome;
                case Asked.Version(var json) -> Version.shown(json);
                case Asked.ShowConfig(var json) ->
                    ConfigCommand.shown(Settings.read(Config.ALL, environment, Path.of("")), json);
                case Asked.Serve() -> Serve.run(configured.apply(Level.INFO));
                case Asked.Migrate() -> DatabaseCommand.migrate(configured.apply(Level.WARN));
                case Asked.Train() -> {
                    log.accept(new Logging.Form(true, Level.INFO));
                    yield Training.run();
                }
                case Asked.Status() -> DatabaseCommand.status(configured.apply(Level.WARN), args);
                case Asked.Work(var founds, var input) -> DatabaseCommand.run(configured.apply(Level.WARN),
                    onTerminal() ? Commands.forTerminal(args) : args,
                    input.map(file -> CommandInput.read(file, terminal.in())), founds);
                case Asked.Long(var command) -> DatabaseCommand.run(configured.apply(Level.WARN), command, terminal);
            };
        } catch (WrongSetting e) {
            return wrong(e.getMessage());
        } catch (Failed e) {
            return Outcome.failed(e.getMessage());
        } catch (CannotStart | NotStarted | Migrations.Unusable e) {
            return Outcome.failed(oneLine(e.getMessage()));
        } catch (RuntimeException e) {
            LoggerFactory.getLogger(Main.class).error("{} failed", args.getFirst(), e);
            return Outcome.failed("something went wrong; the log above says what");
        }
    }

    /// What has letters that are none in this locale. Files would be made under other names, and the audit trail would have
    /// another operator.
    private static Optional<String> unreadable(List<String> args) {
        return args.stream().anyMatch(Main::isUnreadable) ? Optional.of("the arguments")
            : isUnreadable(System.getProperty("user.dir")) ? Optional.of("the name of the current folder")
            : isUnreadable(System.getProperty("user.name")) ? Optional.of("the name of the current user")
            : Optional.empty();
    }

    private static boolean isUnreadable(String text) {
        return text.indexOf('\uFFFD') >= 0;
    }

    private static Outcome wrong(String message) {
        return new Outcome(Outcome.USAGE, "", "roster: " + message + "\n");
    }

    private static String oneLine(String message) {
        return String.join(" ", Arrays.stream(message.split("\\R")).map(String::strip).toList());
    }

    /// Whether standard input and output are a terminal.
    static boolean onTerminal() {
        return System.console() != null && System.console().isTerminal();
    }
}
