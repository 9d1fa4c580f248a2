package roster.door.command;

import java.time.Duration;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import roster.base.work.BatchSize;
import roster.door.command.BulkAnswer.PeopleCreated;
import roster.door.command.BulkAnswer.RolesReady;
import roster.door.command.BulkRequest.CreateDemoPeople;
import roster.door.command.BulkRequest.CreateDemoRoles;

/// `roster seed`
@CommandLine.Command(name = "seed",
    description = {"Adds made-up users to an organization, for demonstrations and benchmarks.",
        "Each has one of five roles with three to eight permissions; one in a thousand has the Standard role instead. "
            + "Most are Active, some Pending or Disabled; they were added over three years, and many signed in lately. "
            + "The same --seed makes the same users. Existing users are not changed, and no e-mail is sent."},
    footer = {"", "Example:", "  roster seed --users 1000 --org Acme"})
final class SeedCommand implements LongCommand {
    private static final long USERS_MAX = 100_000_000;

    @Option(names = "--users", paramLabel = "N", required = true, description = "How many users, from 1 to 100000000.")
    private long users;

    @Mixin
    private OrgOption of = new OrgOption();

    @Option(names = "--seed", paramLabel = "NUMBER", defaultValue = "1",
        description = "Each number makes other users. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(names = "--anyway", description = "Also if the organization has users besides its administrators.")
    private boolean anyway;

    @Spec
    private CommandSpec spec;

    @Override
    public void check() {
        if (users < 1 || users > USERS_MAX) {
            throw new ParameterException(spec.commandLine(), "--users takes 1 to %d".formatted(USERS_MAX));
        }
    }

    @Override
    public Outcome run(BulkClient client, Terminal terminal) {
        var org = client.org(of.org);
        client.ask(new CreateDemoRoles(org, anyway), RolesReady.class);
        var created = 0L;
        try (var progress = new Progress(terminal, "Adding users", users)) {
            var batch = new BatchSize();
            for (long from = 0; from < users;) {
                var count = (int) Math.min(batch.rows(), users - from);
                var began = System.nanoTime();
                created += client.ask(new CreateDemoPeople(org, seed, from, count), PeopleCreated.class).created();
                batch.took(count, Duration.ofNanos(System.nanoTime() - began));
                progress.add(count);
                from += count;
            }
            return new Outcome(Outcome.DONE, String.format(Locale.ROOT, "%s added, %s there already; %,.0f a second\n",
                Table.counted(created, "user", "users"), Table.counted(users - created, "was", "were"),
                users / progress.seconds()), "");
        }
    }
}
