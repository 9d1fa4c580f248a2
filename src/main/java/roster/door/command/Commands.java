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
import roster.model.Problem;
import roster.model.Refused;

/// The command line: its commands, and what they do to the database.
public final class Commands {
    /// What was asked for, after the arguments were checked.
    public sealed interface Asked {
        /// A request for help or a usage error: this is what to print.
        record Answered(Outcome outcome) implements Asked {}

        record Serve() implements Asked {}

        record Migrate() implements Asked {}

        record ShowConfig(boolean json) implements Asked {}

        record Version(boolean json) implements Asked {}

        record Train() implements Asked {}

        /// Something that only a running server can tell.
        record Status() implements Asked {}

        /// A short command on the database: to be run by [#run] in the process that has the database open.
        ///
        /// @param founds whether it may create the database
        /// @param input what [CommandInput] is to read for it first
        record Work(boolean founds, Optional<String> input) implements Asked {}

        /// A long command: to be run by [#run(LongCommand, Function, Terminal)] in this process.
        record Long(LongCommand command) implements Asked {}
    }

    @CommandLine.Command(name = "roster", description = "Users, roles and invitations, self-hosted.",
        subcommands = {ServeCommand.class, StatusCommand.class, MigrateCommand.class, OrgCommands.class,
            UserCommands.class,
            ProviderCommands.class, KeyCommands.class, InvitationCommands.class, AuditCommands.class,
            VerifyAnonymisedCommand.class,
            ImportCommand.class, ExportCommand.class, SeedCommand.class,
            ConfigCommands.class,
            VersionCommand.class, HelpCommand.class, TrainCommand.class},
        footer = {"", "Settings are read from the environment (ROSTER_…), then from roster.properties;",
            "`roster config show` shows them. Beside a running server with the embedded database,",
            "commands are sent to that server. Otherwise they open the database themselves.", "",
            "Exit codes: 0 success, 1 failure, 2 usage error."})
    private static final class RootCommand {}

    @CommandLine.Command(name = "serve",
        description = {"Starts the server. SIGTERM or Ctrl-C stops it; running requests get up to 10 s to finish.",
            "The first start creates an organization with an administrator, and writes their keys to the file "
                + "first-keys in the data folder."},
        footer = {"", "Examples:", "  roster serve", "  ROSTER_PORT=8081 ROSTER_DATA=/srv/roster roster serve"})
    private static final class ServeCommand {}

    @CommandLine.Command(name = "migrate",
        description = "Brings the schema of the database up to date. Every start of the server does this, too.",
        footer = {"", "Example:", "  roster migrate"})
    private static final class MigrateCommand {}

    @CommandLine.Command(name = "config", description = "Shows the settings.", subcommands = ShowCommand.class)
    private static final class ConfigCommands {}

    @CommandLine.Command(name = "show",
        description = "Shows each setting, its value and its origin. Secrets are masked.",
        footer = {"", "Example:", "  roster config show --json"})
    private static final class ShowCommand {
        @Option(names = "--json", description = "Print a JSON array.")
        private boolean json;
    }

    @CommandLine.Command(name = "version",
        description = "Shows the versions of Roster, Java and the embedded PostgreSQL.",
        footer = {"", "Example:", "  roster version --json"})
    private static final class VersionCommand {
        @Option(names = "--json", description = "Print a JSON object.")
        private boolean json;
    }

    @CommandLine.Command(name = "help", description = "Explains a command, as its option --help does.",
        footer = {"", "Examples:", "  roster help", "  roster help user create"})
    private static final class HelpCommand {
        @CommandLine.Parameters(paramLabel = "COMMAND", arity = "0..*",
            description = "The command to explain. Default: all commands in short.")
        private List<String> command = new ArrayList<>();
    }

    @CommandLine.Command(name = "train", hidden = true,
        description = "Starts and stops a server in a temporary folder, "
            + "for Java to create its startup cache. For the launcher.")
    private static final class TrainCommand {}

    /// Makes `user list` cut long columns.
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

    /// @throws ParameterException if there is no such command
    private static CommandLine explained(CommandLine line, List<String> command) {
        var found = line;
        for (var word : command) {
            var next = found.getSubcommands().get(word);
            if (next == null) {
                throw new ParameterException(found, "there is no command '%s'".formatted(word));
            }
            found = next;
        }
        return found;
    }

    /// Reads and checks the arguments. Nothing is done yet.
    public static Asked parse(List<String> args) {
        var line = line();
        try {
            var typed = line.parseArgs(args.toArray(String[]::new));
            var last = typed.asCommandLineList().getLast();
            var unknown = typed.asCommandLineList().stream().flatMap(one -> one.getParseResult().unmatched().stream())
                .toList();
            if (!unknown.isEmpty()) { // the library lets a wish for help pass
                throw new CommandLine.UnmatchedArgumentException(last, unknown);
            }
            if (last.isUsageHelpRequested()) {
                return new Asked.Answered(new Outcome(Outcome.DONE, last.getUsageMessage(), ""));
            }
            if (typed.isVersionHelpRequested()) {
                return new Asked.Version(false);
            }
            return switch (last.<Object>getCommand()) {
                case HelpCommand help ->
                    new Asked.Answered(new Outcome(Outcome.DONE, explained(line, help.command).getUsageMessage(), ""));
                case ServeCommand serve -> new Asked.Serve();
                case MigrateCommand migrate -> new Asked.Migrate();
                case TrainCommand train -> new Asked.Train();
                case ShowCommand show -> new Asked.ShowConfig(show.json);
                case VersionCommand version -> new Asked.Version(version.json);
                case StatusCommand status -> new Asked.Status();
                case Command work -> {
                    work.check();
                    yield new Asked.Work(work instanceof OrgCommands.Create, work.input());
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

    /// The arguments for a person at a terminal. The server that runs the command cannot see one.
    public static List<String> forTerminal(List<String> args) {
        if (args.size() < 2 || !args.subList(0, 2).equals(List.of("user", "list"))) {
            return args;
        }
        var all = new ArrayList<>(args);
        all.add(2, CUT);
        return all;
    }

    /// Runs a short command. Its writes are the operator's.
    ///
    /// @param input what [CommandInput] has read for it
    /// @param operator name of the operating system's user
    public Outcome run(List<String> args, Optional<String> input, String operator) {
        var context = new CommandContext(nouns, node, operator, nouns.db().sources().ids().next().toString(), input);
        try {
            var typed = line().parseArgs(args.toArray(String[]::new)).asCommandLineList().getLast();
            var outcome = typed.<Object>getCommand() instanceof StatusCommand ? done(typed, context)
                : elsewhere().map(Outcome::failed).orElseGet(() -> done(typed, context));
            // Only the name: arguments hold names and addresses.
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
        } catch (Failed e) { // what was found before it counts: the steps of a check, a verdict in JSON
            return Outcome.failed(e.getMessage()).after(context.printed());
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
        var context = new CommandContext(nouns, node, operator, nouns.db().sources().ids().next().toString(),
            Optional.empty());
        var elsewhere = elsewhere();
        if (elsewhere.isPresent()) {
            return new BulkAnswer.Failed(elsewhere.get());
        }
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

    /// Why only `roster status` may be asked of this node: those who reach its socket mean the database of the data folder.
    private Optional<String> elsewhere() {
        return node.filter(serving -> !serving.embedded())
            .map(
                serving -> "the server on this data folder uses another database; set ROSTER_DATABASE_URL as it has it");
    }

    private static CommandLine line() {
        var line = new CommandLine(new RootCommand());
        addHelp(line);
        line.getCommandSpec().addOption(CommandLine.Model.OptionSpec.builder("-V", "--version").versionHelp(true)
            .type(boolean.class).description("Show the versions, as `roster version` does.").build());
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
        var line = e.getCommandLine();
        if (line.getSubcommands().isEmpty()) { // all options would push the reason off the screen
            err.print("Usage: " + line.getHelp().synopsis("Usage: ".length()));
            err.println("`" + line.getCommandSpec().qualifiedName() + " --help` explains the options.");
        } else {
            line.usage(err);
        }
        err.flush();
        return new Outcome(Outcome.USAGE, "", text.toString());
    }

    /// The same words as in the API; of a bad value only the reason, as there is no document to point into.
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
