package roster.door.command;

import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import roster.model.Email;
import roster.model.Id;
import roster.model.User;

/// `roster verify-anonymised …`
@CommandLine.Command(name = "verify-anonymised",
    description = {
        "Searches all tables for personal data of an anonymized user: the rows that are deleted with a user, and their old "
            + "e-mail address anywhere. Prints each place that still has some."},
    footer = {"", "Example:", "  roster verify-anonymised 018f2c1e-7d1b-7c3a-9a35-6f1f6c1d2e3f --email ada@acme.test"})
final class VerifyAnonymisedCommand implements Command {
    @Parameters(paramLabel = "ID", description = "Id of the user.")
    private String id;

    @Option(names = "--email", paramLabel = "OLD", required = true,
        description = "An e-mail address that the user had.")
    private String email;

    @Mixin
    private OrgOption of = new OrgOption();

    @Spec
    private CommandSpec spec;

    @Override
    public void check() {
        if (Id.parse(id).isEmpty()) {
            throw new ParameterException(spec.commandLine(), "ID: expected the id of a user, not '%s'".formatted(id));
        }
        if (Email.known(email).isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--email: not a valid e-mail address");
        }
    }

    @Override
    public void run(CommandContext context) {
        var org = context.org(of.org);
        var user = new User.Id(Id.parse(id).orElseThrow());
        if (context.nouns.db().read(tx -> context.nouns.users().find(tx, org.id(), user)).isEmpty()) {
            throw new Failed("there is no user %s in %s".formatted(user, Table.harmless(org.name())));
        }
        var found = context.nouns.leftovers().of(org.id(), user, Email.known(email).orElseThrow());
        context.print("%d tables searched.\n".formatted(found.tables()));
        if (!found.places().isEmpty()) {
            throw new Failed(
                "personal data of user %s is left:\n  %s".formatted(user, String.join("\n  ", found.places())));
        }
        context.print("No personal data of user %s is left.\n".formatted(user));
    }
}
