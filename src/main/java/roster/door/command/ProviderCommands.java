package roster.door.command;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import roster.base.db.Tx;
import roster.core.identity.Provider;
import roster.core.identity.ProviderEdit;
import roster.model.Org;

/// `roster idp`: the OpenID providers of an organisation.
@CommandLine.Command(name = "idp", description = "Configures the OpenID providers by which users sign in.",
    subcommands = {ProviderCommands.Listing.class, ProviderCommands.Set.class, ProviderCommands.Check.class,
        ProviderCommands.Remove.class})
final class ProviderCommands {
    private ProviderCommands() {}

    /// The provider with this id or name.
    private static Optional<Provider> find(CommandContext context, Tx tx, Org org, String named) {
        return context.nouns.providers().all(tx, org.id()).stream()
            .filter(one -> one.id().toString().equals(named) || one.terms().name().equals(named)).findFirst();
    }

    private static Provider found(CommandContext context, Tx tx, Org org, String named) {
        return find(context, tx, org, named).orElseThrow(() -> new Failed(
            "there is no provider '%s'; `roster idp list` shows those there are".formatted(Table.harmless(named))));
    }

    private static void tellIfNoWay(CommandContext context, Org org) {
        if (!context.nouns.db().read(tx -> context.nouns.usableProviders().anyWay(tx, org.id()))) {
            context.print(("No way to sign in to %s works now. Keys go on working, and so does "
                + "`roster user sign-in-link`.\n").formatted(Table.harmless(org.name())));
        }
    }

    @CommandLine.Command(name = "list", description = "Lists the providers.",
        footer = {"", "Example:", "  roster idp list --org Acme"})
    static final class Listing implements Command {
        @Mixin
        private OrgOption of = new OrgOption();

        @Override
        public void run(CommandContext context) {
            var org = context.org(of.org);
            var all = context.nouns.db().read(tx -> context.nouns.providers().all(tx, org.id()));
            var table = new Table("ID", "NAME", "PRODUCT", "ISSUER", "STATE");
            all.forEach(one -> table.row(one.id(), one.terms().name(), one.client().profile().text(),
                one.client().issuer(), one.enabled() ? "enabled" : "disabled"));
            context.print(all.isEmpty() ? "No providers.\n" : table.toString());
            tellIfNoWay(context, org);
        }
    }

    @CommandLine.Command(name = "set",
        description = {"Configures a provider, or changes one that is there. What is not named stays.",
            "The client's secret is read from a file or from standard input, never from an argument, which lists of "
                + "processes and histories of shells would show."},
        footer = {"", "Example:",
            "  roster idp set Okta --org Acme --profile okta --issuer https://acme.okta.com --client-id 0oa1 "
                + "--secret-file /root/okta --domain acme.com",
            "  pass show okta | roster idp set Okta --org Acme --secret-file -"})
    static final class Set implements Command {
        @Parameters(paramLabel = "NAME", description = "As the sign-in page has it, or the id of one that is there.")
        private String named;

        @Mixin
        private OrgOption of = new OrgOption();

        @Option(names = "--profile", paramLabel = "PRODUCT",
            description = "google, okta, entra, keycloak or generic. Never changes.")
        private Optional<String> profile = Optional.empty();

        @Option(names = "--issuer", paramLabel = "URL", description = "Its issuer. Never changes.")
        private Optional<String> issuer = Optional.empty();

        @Option(names = "--client-id", paramLabel = "ID", description = "What Roster is called there.")
        private Optional<String> clientId = Optional.empty();

        @Option(names = "--secret-file", paramLabel = "FILE",
            description = "File with the client's secret; - reads standard input.")
        private Optional<String> secretFile = Optional.empty();

        @Option(names = "--client-auth", paramLabel = "HOW",
            description = "How Roster shows the secret there: basic, as a header; post, in the form.")
        private Optional<String> clientAuth = Optional.empty();

        @Option(names = "--scope", paramLabel = "SCOPE",
            description = "A scope to ask for, such as openid or email. Repeatable; replaces those before.")
        private List<String> scopes;

        @Option(names = "--domain", paramLabel = "DOMAIN",
            description = "A domain of whose addresses it may speak. Repeatable; replaces those before.")
        private List<String> domains;

        @Option(names = "--addresses", paramLabel = "HOW",
            description = "Whether users must confirm their address by an e-mail: claim, unless the provider says that it is "
                + "verified; letter, always; trusted, never.")
        private Optional<String> addresses = Optional.empty();

        @Option(names = "--link", paramLabel = "HOW",
            description = "How an account there becomes that of a user who is here: confirm, they prove once that both are "
                + "theirs; automatic, at once.")
        private Optional<String> link = Optional.empty();

        @Option(names = "--create-users", paramLabel = "yes|no", description = "Whether new users get an account.")
        private Optional<String> createUsers = Optional.empty();

        @Option(names = "--default-role", paramLabel = "ROLE",
            description = "Role of new users: its name, in any letter case, or id.")
        private Optional<String> defaultRole = Optional.empty();

        @Option(names = "--second-factor", paramLabel = "WHO",
            description = "Who asks for a second factor: roster; provider, who is believed that it did if its token shows it.")
        private Optional<String> secondFactor = Optional.empty();

        @Option(names = "--second-factor-value", paramLabel = "VALUE",
            description = "A value of amr or acr that shows it. Repeatable; replaces those before.")
        private List<String> secondFactorValues;

        @Spec
        private CommandSpec spec;

        @Override
        public void check() {
            if (createUsers.filter(text -> !List.of("yes", "no").contains(text)).isPresent()) {
                throw new ParameterException(spec.commandLine(), "--create-users takes yes or no");
            }
        }

        @Override
        public Optional<String> input() {
            return secretFile;
        }

        @Override
        public void run(CommandContext context) {
            var org = context.org(of.org);
            var provider = context.write(org, tx -> {
                var old = find(context, tx, org, named);
                var role = defaultRole.map(sent -> UserCommands.roleId(context, tx, sent));
                var edit = new ProviderEdit(old.isPresent() ? Optional.empty() : Optional.of(named), profile, issuer,
                    clientId, context.input(), clientAuth, Optional.ofNullable(scopes), Optional.ofNullable(domains),
                    addresses, link,
                    createUsers.map("yes"::equals),
                    role.isPresent() ? Optional.of(role) : Optional.empty(), secondFactor,
                    Optional.ofNullable(secondFactorValues));
                return old.isPresent() ? context.nouns.providers().update(tx, old.get().id().toString(), edit)
                    : context.nouns.providers().create(tx, edit);
            });
            context.print("%s  %s%n".formatted(provider.id(), Table.harmless(provider.terms().name())));
            context.print("Redirect address: %s\n".formatted(
                context.nouns.publicUrl().reference("/sign-in/callback/" + provider.id())));
        }
    }

    @CommandLine.Command(name = "check",
        description = "Looks, step by step, whether users could sign in by a provider.",
        footer = {"", "Example:", "  roster idp check Okta --org Acme"})
    static final class Check implements Command {
        @Parameters(paramLabel = "NAME", description = "Name or id.")
        private String named;

        @Mixin
        private OrgOption of = new OrgOption();

        @Override
        public void run(CommandContext context) {
            var org = context.org(of.org);
            var report = context.nouns.providerCheck()
                .of(context.nouns.db().read(tx -> found(context, tx, org, named)));
            report.steps()
                .forEach(step -> context.print("%-4s  %s: %s%n".formatted(step.ok() ? "ok" : "FAIL", step.name(),
                    Table.harmless(step.detail()))));
            report.lastFault().ifPresent(fault -> context.print("Last fault: %s%n".formatted(Table.harmless(fault))));
            if (!report.ok()) {
                throw new Failed("users cannot sign in by it: " + Table.harmless(report.steps().stream()
                    .filter(step -> !step.ok()).map(step -> step.name() + ": " + step.detail()).findFirst()
                    .orElse("")));
            }
        }
    }

    @CommandLine.Command(name = "remove",
        description = "Removes a provider, its secret, and whose account the identities there are. Sessions by it end.",
        footer = {"", "Example:", "  roster idp remove Okta --org Acme"})
    static final class Remove implements Command {
        @Parameters(paramLabel = "NAME", description = "Name or id.")
        private String named;

        @Mixin
        private OrgOption of = new OrgOption();

        @Override
        public void run(CommandContext context) {
            var org = context.org(of.org);
            context.write(org, tx -> {
                context.nouns.identityProviders().remove(tx, found(context, tx, org, named).id().toString());
                return null;
            });
            context.print("Removed.\n");
            tellIfNoWay(context, org);
        }
    }
}
