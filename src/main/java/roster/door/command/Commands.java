package roster.door.command;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import roster.base.json.Json;
import roster.base.jsonapi.ErrorDocument;
import roster.model.Id;
import roster.model.Problem;
import roster.model.Refused;

/// The command line: what may be typed, and what it does to the database.
public final class Commands {
    /// What was asked for, once it is known that it was asked rightly.
    public sealed interface Asked {
        /// A question about the command line itself, or a mistake in it: this is the answer to print.
        record Answered(Outcome outcome) implements Asked {}

        record Serve() implements Asked {}

        record Migrate() implements Asked {}

        record ShowConfig(boolean json) implements Asked {}

        record Version(boolean json) implements Asked {}

        record Train() implements Asked {}

        /// Something that only a running server can tell: to be sent to it.
        record Status() implements Asked {}

        /// Something with the database: to be run by [#run], there where the database is.
        ///
        /// @param founds whether it makes sense where there is no database yet
        record Work(boolean founds) implements Asked {}

        /// Something long: to be run by [#run(LongCommand, Function, Terminal)], here.
        record Long(LongCommand command) implements Asked {}
    }

    @CommandLine.Command(name = "roster", description = "Users, roles and invitations, self-hosted.",
        subcommands = {ServeCommand.class, StatusCommand.class, MigrateCommand.class, OrgCommands.class,
            UserCommands.class,
            KeyCommands.class, InvitationCommands.class, AuditCommands.class, VerifyAnonymisedCommand.class,
            ImportCommand.class, ExportCommand.class, SeedCommand.class,
            ConfigCommands.class,
            VersionCommand.class, TrainCommand.class},
        footer = {"", "Settings are read from the environment (ROSTER_…), then from roster.properties;",
            "`roster config show` shows them. Beside a running server with the embedded database",
            "commands ask that server; else they open the database themselves.", "",
            "Exit codes: 0 done, 1 failed, 2 used wrongly."})
    private static final class RootCommand {}

    @CommandLine.Command(name = "serve",
        description = {"Starts the server. SIGTERM or Ctrl-C stops it: running requests may take up to 10 s to end.",
            "The first start makes an organization with an administrator, and puts his keys into first-keys in the "
                + "data folder."},
        footer = {"", "Examples:", "  roster serve", "  ROSTER_PORT=8081 ROSTER_DATA=/srv/roster roster serve"})
    private static final class ServeCommand {}

    @CommandLine.Command(name = "migrate",
        description = "Brings the database's schema up to date, as every start of the server does.",
        footer = {"", "Example:", "  roster migrate"})
    private static final class MigrateCommand {}

    @CommandLine.Command(name = "config", description = "The settings.", subcommands = ShowCommand.class)
    private static final class ConfigCommands {}

    @CommandLine.Command(name = "show",
        description = "Shows each setting, its value, and where it came from. Secrets are masked.",
        footer = {"", "Example:", "  roster config show --json"})
    private static final class ShowCommand {
        @Option(names = "--json", description = "Print a JSON array.")
        private boolean json;
    }

    @CommandLine.Command(name = "version", description = "The versions of Roster, Java and the embedded PostgreSQL.",
        footer = {"", "Example:", "  roster version --json"})
    private static final class VersionCommand {
        @Option(names = "--json", description = "Print a JSON object.")
        private boolean json;
    }

    @CommandLine.Command(name = "train", hidden = true,
        description = "Runs a short life of the server in a folder of its "
            + "own, for Java to make its cache from. For the launcher.")
    private static final class TrainCommand {}

    /// Has `user list` cut long columns.
    static final String CUT = "--cut";

    private static final Logger LOG = LoggerFactory.getLogger(Commands.class);

    private final Nouns nouns;
    private final Optional<ServingNode> node;

    public Commands(Nouns nouns) {
        this(nouns, Optional.empty());
    }

    private Commands(Nouns nouns, Optional<ServingNode> node) {
        this.nouns = nouns;
        this.node = node;
    }

    /// The same commands on a node that serves, `roster status` included.
    public Commands on(ServingNode serving) {
        return new Commands(nouns, Optional.of(serving));
    }

    /// Reads what was typed. Nothing is done yet.
    public static Asked parse(List<String> args) {
        var line = line();
        try {
            var typed = line.parseArgs(args.toArray(String[]::new));
            var last = typed.asCommandLineList().getLast();
            if (last.isUsageHelpRequested()) {
                return new Asked.Answered(new Outcome(Outcome.DONE, last.getUsageMessage(), ""));
            }
            return switch (last.<Object>getCommand()) {
                case ServeCommand serve -> new Asked.Serve();
                case MigrateCommand migrate -> new Asked.Migrate();
                case TrainCommand train -> new Asked.Train();
                case ShowCommand show -> new Asked.ShowConfig(show.json);
                case VersionCommand version -> new Asked.Version(version.json);
                case StatusCommand status -> new Asked.Status();
                case Command work -> {
                    work.check();
                    yield new Asked.Work(work instanceof OrgCommands.Create);
                }
                case LongCommand command -> {
                    command.check();
                    yield new Asked.Long(command);
                }
                default -> throw new ParameterException(last, "Which command?");
            };
        } catch (ParameterException e) {
            return new Asked.Answered(misused(e));
        }
    }

    /// The arguments as they are for a person at a terminal: the server that runs the command has none.
    public static List<String> forTerminal(List<String> args) {
        if (args.size() < 2 || !args.subList(0, 2).equals(List.of("user", "list"))) {
            return args;
        }
        var all = new ArrayList<>(args);
        all.add(2, CUT);
        return all;
    }

    /// Runs a command that works on the database. Its writes are the operator's.
    ///
    /// @param operator name of the operating system's user
    public Outcome run(List<String> args, String operator) {
        var context = new CommandContext(nouns, node, operator, Id.next().toString());
        try {
            var typed = line().parseArgs(args.toArray(String[]::new)).asCommandLineList().getLast();
            var outcome = done(typed, context);
            // The name alone: arguments hold names and addresses.
            LOG.atInfo().addKeyValue("operator", operator).addKeyValue("exit", outcome.exit())
                .addKeyValue("request_id", context.requestId()).log(typed.getCommandSpec().qualifiedName());
            return outcome;
        } catch (ParameterException e) {
            return misused(e);
        }
    }

    private static Outcome done(CommandLine typed, CommandContext context) {
        try {
            switch (typed.<Object>getCommand()) {
                case MigrateCommand migrate ->
                    context.print("A server is running, which brought the schema up to date\n");
                case Command command -> {
                    command.check();
                    command.run(context);
                }
                default -> throw new Failed("this is no command for a server");
            }
            return new Outcome(Outcome.DONE, context.printed(), "");
        } catch (ParameterException e) {
            return misused(e);
        } catch (Failed e) {
            return Outcome.failed(e.getMessage());
        } catch (Refused e) {
            return Outcome.failed(text(e));
        } catch (RuntimeException e) {
            LOG.atError().addKeyValue("request_id", context.requestId()).setCause(e).log("A command failed");
            return Outcome
                .failed("something went wrong; the log says what (request %s)".formatted(context.requestId()));
        }
    }

    /// Runs a long command in this process.
    ///
    /// @param handler does its steps, as [#handle] does
    public static Outcome run(LongCommand command, Function<BulkRequest, BulkAnswer> handler, Terminal terminal) {
        try {
            return command.run(new BulkClient(handler), terminal);
        } catch (Failed e) {
            return Outcome.failed(e.getMessage());
        }
    }

    /// Does one step of a long command: it is on disk when this returns.
    public BulkAnswer handle(BulkRequest request, String operator) {
        var context = new CommandContext(nouns, node, operator, Id.next().toString());
        try {
            return new BulkHandler(context).done(request);
        } catch (Failed e) {
            return new BulkAnswer.Failed(e.getMessage());
        } catch (Refused e) {
            return e.problem() instanceof Problem.Unavailable ? new BulkAnswer.Busy() : new BulkAnswer.Failed(text(e));
        } catch (RuntimeException e) {
            LOG.atError().addKeyValue("request_id", context.requestId()).setCause(e).log("A step of a command failed");
            return new BulkAnswer.Failed(
                "something went wrong; the log says what (request %s)".formatted(context.requestId()));
        }
    }

    private static CommandLine line() {
        var line = new CommandLine(new RootCommand());
        addHelp(line);
        return line.setUsageHelpWidth(100);
    }

    private static void addHelp(CommandLine line) {
        line.getCommandSpec().mixinStandardHelpOptions(false).addOption(CommandLine.Model.OptionSpec
            .builder("-h", "--help").usageHelp(true).type(boolean.class).description("Show this help.").build());
        line.getSubcommands().values().forEach(Commands::addHelp);
    }

    private static Outcome misused(ParameterException e) {
        var text = new StringWriter();
        var err = new PrintWriter(text);
        err.println("roster: " + Table.harmless(e.getMessage()));
        CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
        e.getCommandLine().usage(err);
        err.flush();
        return new Outcome(Outcome.USAGE, "", text.toString());
    }

    /// The same words as the API's; of a bad value only what is wrong with it, as nobody sent a document here.
    private static String text(Refused refused) {
        if (refused.problem() instanceof Problem.Invalid(var faults)) {
            return faults.stream().map(fault -> switch (fault) {
                case Problem.Fault.Member(var field, var reason) -> field + ": " + reason;
                case Problem.Fault.Shape(var detail, var pointer) -> pointer + ": " + detail;
            }).collect(Collectors.joining("; "));
        }
        return Json.parse(ErrorDocument.of(refused.problem()).body()).get("errors").valueStream()
            .map(node -> node.asString()).collect(Collectors.joining(": "));
    }
}
