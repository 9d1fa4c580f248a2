package roster.door.command;

import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import roster.base.settings.Parsers;
import roster.core.signin.Links;

/// `roster user sign-in-link`, `sessions` and `sign-out`.
final class SignInCommands {
    private SignInCommands() {}

    @CommandLine.Command(name = "sign-in-link",
        description = {"Prints a link by which a user signs in, once. It ends earlier ones, and proves no address.",
            "The session lasts an hour at most; there the user can choose a password.",
            "A user who has a second factor is still asked for it."},
        footer = {"", "Example:", "  roster user sign-in-link ada@acme.test --org Acme --valid 1h"})
    static final class Link implements Command {
        @Parameters(paramLabel = "USER", description = "E-mail address, handle or id.")
        private String named;

        @Mixin
        private OrgOption of = new OrgOption();

        @Option(names = "--valid", paramLabel = "TIME", defaultValue = "15m",
            description = "How long the link works: 1m to 24h. Default: ${DEFAULT-VALUE}.")
        private String valid;

        @Option(names = "--reset-second-factor",
            description = "Using the link removes the user's authenticator app, passkeys and recovery codes.")
        private boolean resetSecondFactor;

        @Spec
        private CommandSpec spec;

        @Override
        public void check() {
            good();
        }

        private Duration good() {
            try {
                var good = Parsers.duration(valid);
                if (good.compareTo(Duration.ofMinutes(1)) < 0 || good.compareTo(Links.GOOD_MAX) > 0) {
                    throw new IllegalArgumentException("too short or too long");
                }
                return good;
            } catch (IllegalArgumentException e) {
                throw new ParameterException(spec.commandLine(), "--valid takes 1m to 24h, such as 15m", e);
            }
        }

        @Override
        public void run(CommandContext context) {
            var org = context.org(of.org);
            var token = context.write(org,
                tx -> context.nouns.links().make(tx, UserCommands.found(context, tx, org.id(), named), good(),
                    resetSecondFactor));
            context.print(context.nouns.publicUrl().reference(Links.path(token)) + "\n");
        }
    }

    @CommandLine.Command(name = "sessions", description = "Lists the browsers in which a user is signed in.",
        footer = {"", "Example:", "  roster user sessions ada@acme.test --org Acme"})
    static final class Listing implements Command {
        @Parameters(paramLabel = "USER", description = "E-mail address, handle or id.")
        private String named;

        @Mixin
        private OrgOption of = new OrgOption();

        @Override
        public void run(CommandContext context) {
            var org = context.org(of.org);
            var all = context.nouns.db().read(tx -> context.nouns.sessions().of(tx, org.id(),
                UserCommands.found(context, tx, org.id(), named).id()));
            var table = new Table("ID", "BROWSER", "SIGNED IN BY", "SINCE", "LAST USED", "FROM");
            all.forEach(one -> table.row(one.id(), one.browserName(), one.shownBy(), one.createdAt(),
                one.lastSeenAt(), one.address().orElse("")));
            context.print(all.isEmpty() ? "No sessions.\n" : table.toString());
        }
    }

    @CommandLine.Command(name = "sign-out", description = "Ends all sessions of a user.",
        footer = {"", "Example:", "  roster user sign-out ada@acme.test --org Acme"})
    static final class SignOut implements Command {
        @Parameters(paramLabel = "USER", description = "E-mail address, handle or id.")
        private String named;

        @Mixin
        private OrgOption of = new OrgOption();

        @Override
        public void run(CommandContext context) {
            var org = context.org(of.org);
            var ended = context.write(org, tx -> context.nouns.sessions().endAll(tx,
                UserCommands.found(context, tx, org.id(), named).id(), Optional.empty(), "operator"));
            context.print("Ended %d session%s.\n".formatted(ended, ended == 1 ? "" : "s"));
        }
    }
}
