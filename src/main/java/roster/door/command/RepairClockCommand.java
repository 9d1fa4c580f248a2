package roster.door.command;

import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import roster.base.json.Json;
import roster.core.org.ClockRepair;

/// `roster org repair-clock`
@CommandLine.Command(name = "repair-clock",
    description = {"Repairs an organization that was written while the clock of the database was ahead, once that "
        + "clock is right again.",
        "Invitations sent meanwhile end when they would if they were sent now, e-mails that wait are sent, and "
            + "nothing is counted or stored as of a time to come. The audit trail and the times that lists show stay "
            + "as they were written. The repair leaves audit entries. While an organization is ahead, "
            + "/health/ready answers 503."},
    footer = {"", "Example:", "  roster org repair-clock --org Acme"})
final class RepairClockCommand implements Command {
    @Mixin
    private OrgOption of = new OrgOption();

    @Option(names = "--json", description = "Print a JSON object.")
    private boolean json;

    @Override
    public void run(CommandContext context) {
        var org = context.org(of.org);
        var repaired = new TreeMap<String, Integer>();
        var first = context.write(org, context.nouns.clockRepair()::repair);
        for (var next = first; next.isPresent();) {
            next.get().repaired().forEach((what, rows) -> repaired.merge(what, rows, Integer::sum));
            next = next.get().done() ? Optional.empty() : context.write(org, context.nouns.clockRepair()::repair);
        }
        if (json) {
            context.printJson(Json.members("id", org.id(), "seconds_ahead",
                first.map(RepairClockCommand::ahead).orElse(0L), "repaired", repaired));
        } else if (first.isEmpty()) {
            context.print("%s is not ahead of the clock; there is nothing to repair.\n"
                .formatted(Table.harmless(org.name())));
        } else {
            context.print("%s was %s ahead of the clock. Repaired: %s.\n".formatted(
                Table.harmless(org.name()), Table.counted(ahead(first.get()), "second", "seconds"),
                repaired.entrySet().stream().map(each -> "%s: %,d".formatted(each.getKey(), each.getValue()))
                    .collect(Collectors.joining(", "))));
        }
    }

    private static long ahead(ClockRepair.Outcome outcome) {
        return Duration.between(outcome.now(), outcome.ahead()).toSeconds();
    }

}
