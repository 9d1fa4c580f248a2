package roster.door.command;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import roster.base.json.Json;
import roster.base.work.WorkerStatus;

/// `roster status`
@CommandLine.Command(name = "status",
    description = {"Shows the server that is running on the data folder, and its background workers.",
        "For each worker: what it is for, what wakes it, its last run and last failure, and when it runs next. Times "
            + "are UTC."},
    footer = {"", "Example:", "  roster status --json"})
final class StatusCommand implements Command {
    private static final DateTimeFormatter TIME =
        DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);

    @Option(names = "--json", description = "Print a JSON object.")
    private boolean json;

    @Override
    public void run(CommandContext context) {
        var node = context.node();
        if (json) {
            context.printJson(Json.members("node", facts(node), "workers",
                node.workers().get().stream().map(StatusCommand::facts).toList()));
            return;
        }
        var now = node.clock().instant();
        context.print("Roster %s on %s, since %s, with %s\n".formatted(node.version(), node.address(),
            shown(node.since(), now), node.embedded() ? "the embedded PostgreSQL" : "an external PostgreSQL"));
        node.workers().get().forEach(worker -> context.print("\n" + text(worker, now)));
    }

    private static String text(WorkerStatus worker, Instant now) {
        var text = new StringBuilder("%s: %s\n  %s\n".formatted(worker.name(), state(worker), worker.purpose()));
        line(text, "wakes", worker.wakes());
        line(text, "runs", worker.runs() == 0 ? "none yet" : "%d, %d failed; the longest took %s"
            .formatted(worker.runs(), worker.failures(), length(worker.longest())));
        worker.last()
            .ifPresent(
                run -> line(text, "last run", "%s, took %s".formatted(shown(run.began(), now), length(run.took()))));
        worker.lastSuccess().ifPresent(success -> line(text, "last success", shown(success, now)));
        worker.lastFailure().ifPresent(failure -> line(text, "last failure",
            "%s: %s".formatted(shown(failure.at(), now), failure.what())));
        worker.next().ifPresent(next -> line(text, "next run", TIME.format(next) + " at the latest"));
        return text.toString();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append("  %-12s  %s\n".formatted(name, Table.harmless(value)));
    }

    private static String shown(Instant time, Instant now) {
        var ago = Duration.between(time, now);
        return ago.isNegative() ? TIME.format(time) // the clock was set back since
            : "%s (%s ago)".formatted(TIME.format(time), shown(ago));
    }

    /// In whole units: hours from 2 h on, for example.
    private static String shown(Duration ago) {
        return ago.toSeconds() < 120 ? ago.toSeconds() + " s" : ago.toMinutes() < 120 ? ago.toMinutes() + " min"
            : ago.toHours() < 48 ? ago.toHours() + " h" : ago.toDays() + " days";
    }

    private static String length(Duration run) {
        return run.toSeconds() < 10 ? run.toMillis() + " ms"
            : String.format(Locale.ROOT, "%.1f s", run.toMillis() / 1000.0);
    }

    private static String state(WorkerStatus worker) {
        return worker.running() ? "running" : "waiting";
    }

    private static Map<String, Object> facts(ServingNode node) {
        return Json.members("version", node.version(), "address", node.address(), "since", node.since(), "database",
            node.embedded() ? "embedded" : "external");
    }

    private static Map<String, Object> facts(WorkerStatus worker) {
        return Json.members("name", worker.name(), "purpose", worker.purpose(), "state", state(worker),
            "wakes", worker.wakes(), "runs", worker.runs(), "failures", worker.failures(),
            "total_ms", worker.total().toMillis(), "longest_ms", worker.longest().toMillis(),
            "last_run", worker.last().map(run -> Json.members("began_at", run.began(), "took_ms",
                run.took().toMillis())),
            "last_success_at", worker.lastSuccess(),
            "last_failure", worker.lastFailure().map(failure -> Json.members("at", failure.at(), "what",
                failure.what())),
            "next_run_at", worker.next());
    }
}
