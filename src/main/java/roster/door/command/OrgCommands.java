package roster.door.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import roster.core.founding.Founding;
import roster.core.access.SecondFactorPolicy;
import roster.core.access.SessionTimes;
import roster.core.org.OrgConfig;
import roster.model.Org;

/// `roster org …`
@CommandLine.Command(name = "org", description = "Manages the organizations of this installation.",
    subcommands = {OrgCommands.Create.class, OrgCommands.Listing.class, OrgCommands.Setting.class,
        OrgCommands.Children.class, RepairClockCommand.class})
final class OrgCommands {
    @CommandLine.Command(name = "create",
        description = {"Creates an organization with its managed roles, an Active administrator, an API key and the "
            + "administrator's application key.", "The keys are shown once; store them."},
        footer = {"", "Example:", "  roster org create \"Acme\" --admin-email ada@acme.test"})
    static final class Create implements Command {
        @Parameters(paramLabel = "NAME", description = "Name, up to 100 characters.")
        private String name;

        @Option(names = "--admin-email", paramLabel = "EMAIL", required = true,
            description = "E-mail address of the first administrator.")
        private String adminEmail;

        @Option(names = "--again", description = "Also if an organization of this name exists.")
        private boolean again;

        @Option(names = "--json", description = "Print a JSON object.")
        private boolean json;

        @Override
        public void run(CommandContext context) {
            var founded =
                context.nouns.db().createOrg(context.caller(new Org.Id(context.nouns.db().sources().ids().next())),
                    tx -> {
                        context.nouns.orgs().called(tx, name).stream().filter(org -> !again).findFirst()
                            .ifPresent(org -> {
                                throw new Failed(
                                    "there is an organization '%s' already (%s); --again creates another one of that name"
                                        .formatted(Table.harmless(org.name()), org.id()));
                            });
                        return context.nouns.founding().found(tx,
                            new Founding.Wishes(name, adminEmail, Optional.empty(), Optional.empty()));
                    });
            if (json) {
                var shown = facts(founded.org());
                shown.put("admin_id", founded.admin().id());
                shown.put("admin_email", founded.admin().email());
                shown.put("api_key_id", founded.apiKey().id());
                shown.put("api_key", founded.apiKey().secret());
                shown.put("application_key_id", founded.applicationKey().id());
                shown.put("application_key", founded.applicationKey().secret());
                context.printJson(shown);
            } else {
                context.print("""
                    Created organization %s (%s) with the administrator %s.
                    Its keys, shown once:
                    DD_API_KEY=%s
                    DD_APP_KEY=%s
                    A link by which the administrator signs in: roster user sign-in-link %3$s --org %2$s
                    """.formatted(Table.harmless(founded.org().name()), founded.org().id(), founded.admin().email(),
                    founded.apiKey().secret(), founded.applicationKey().secret()));
            }
        }
    }

    @CommandLine.Command(name = "list", description = "Lists the organizations, oldest first.",
        footer = {"", "Example:", "  roster org list --json"})
    static final class Listing implements Command {
        @Option(names = "--json", description = "Print a JSON array.")
        private boolean json;

        @Override
        public void run(CommandContext context) {
            var orgs = context.nouns.db().read(tx -> context.nouns.orgs().all(tx));
            if (json) {
                context.printJson(orgs.stream().map(OrgCommands::facts).toList());
            } else {
                var table = new Table("ID", "PUBLIC ID", "NAME", "");
                orgs.forEach(org -> table.row(org.id(), org.publicId(), org.name(), org.disabled() ? "disabled" : ""));
                context.print(table.toString());
            }
        }
    }

    @CommandLine.Command(name = "set", description = "Changes settings of an organization.",
        footer = {"", "Examples:", "  roster org set --invite-expiration 30d --org Acme",
            "  roster org set --ip-allowlist off --org Acme",
            "  roster org set --second-factor administrators --org Acme",
            "  roster org set --session-idle 900 --max-session-duration 28800 --org Acme"})
    static final class Setting implements Command {
        @Spec
        private CommandSpec spec;

        @Mixin
        private OrgOption of = new OrgOption();

        @Option(names = "--invite-expiration", paramLabel = "48h|30d",
            description = "How long invitations sent from now on can be accepted.")
        private Optional<String> inviteExpiration = Optional.empty();

        @Option(names = "--ip-allowlist", paramLabel = "off",
            description = "Switches the IP allowlist off, for administrators who locked themselves out. Its entries "
                + "stay.")
        private Optional<String> ipAllowlist = Optional.empty();

        @Option(names = "--second-factor", paramLabel = "off|administrators|everyone",
            description = "Who needs a second factor to sign in. Applies to running sessions at once.")
        private Optional<String> secondFactor = Optional.empty();

        @Option(names = "--session-idle", paramLabel = "SECONDS",
            description = "Without use for so long a session ends: 300 to 86400, 0 for the server's setting. Applies to "
                + "running sessions at once.")
        private Optional<Long> sessionIdle = Optional.empty();

        @Option(names = "--max-session-duration", paramLabel = "SECONDS",
            description = "The longest a session lasts, 30 days at most, 0 for the server's setting. Applies to running "
                + "sessions at once.")
        private Optional<Long> maxSessionDuration = Optional.empty();

        @Option(names = "--authn-mappings", paramLabel = "own|replace|off",
            description = "What AuthN mappings do at each sign-in by a provider: their roles come and go with the claims, "
                + "or roles become the mapped ones.")
        private Optional<String> authnMappings = Optional.empty();

        @Option(names = "--disabled", paramLabel = "yes|no",
            description = "Whether the organization's keys and sessions are refused, and no user can sign in.")
        private Optional<String> disabled = Optional.empty();

        @Option(names = "--json", description = "Print a JSON object.")
        private boolean json;

        @Override
        public void check() {
            if (Stream.of(inviteExpiration, ipAllowlist, disabled, secondFactor, sessionIdle, maxSessionDuration,
                authnMappings).allMatch(Optional::isEmpty)) {
                throw new ParameterException(spec.commandLine(), "name at least one thing to set");
            }
            sessionIdle.filter(sent -> sent != 0 && (sent < 300 || sent > 86_400)).ifPresent(sent -> {
                throw new ParameterException(spec.commandLine(), "--session-idle: 300 to 86400, or 0, not " + sent);
            });
            maxSessionDuration.filter(sent -> sent < 0).ifPresent(sent -> {
                throw new ParameterException(spec.commandLine(), "--max-session-duration: seconds, or 0, not " + sent);
            });
            authnMappings.filter(sent -> !List.of("own", "replace", "off").contains(sent)).ifPresent(sent -> {
                throw new ParameterException(spec.commandLine(),
                    "--authn-mappings: own, replace or off, not '%s'".formatted(sent));
            });
            secondFactor.filter(sent -> SecondFactorPolicy.named(sent).isEmpty()).ifPresent(sent -> {
                throw new ParameterException(spec.commandLine(),
                    "--second-factor: off, administrators or everyone, not '%s'".formatted(sent));
            });
            disabled.filter(sent -> !List.of("yes", "no").contains(sent)).ifPresent(sent -> {
                throw new ParameterException(spec.commandLine(), "--disabled: yes or no, not '%s'".formatted(sent));
            });
            inviteExpiration.filter(sent -> !List.of("48h", "30d").contains(sent)).ifPresent(sent -> {
                throw new ParameterException(spec.commandLine(), "--invite-expiration: 48h or 30d, not '%s'"
                    .formatted(sent));
            });
            ipAllowlist.filter(sent -> !sent.equals("off")).ifPresent(sent -> {
                throw new ParameterException(spec.commandLine(),
                    "--ip-allowlist: only off, not '%s'; switch it on through the API, from an address on the list"
                        .formatted(sent));
            });
        }

        @Override
        public void run(CommandContext context) {
            var org = context.org(of.org);
            context.write(org, tx -> {
                inviteExpiration.ifPresent(
                    sent -> context.nouns.orgConfigs().set(tx, OrgConfig.LONG_INVITATIONS, sent.equals("30d")));
                ipAllowlist.ifPresent(
                    off -> context.nouns.ipAllowlists().update(tx, Optional.of(false), Optional.empty()));
                secondFactor.ifPresent(sent -> context.nouns.orgConfigs().set(tx, OrgConfig.SECOND_FACTOR, sent));
                sessionIdle.ifPresent(sent -> context.nouns.orgConfigs().set(tx, OrgConfig.SESSION_IDLE, sent));
                maxSessionDuration
                    .ifPresent(sent -> context.nouns.orgConfigs().set(tx, OrgConfig.MAX_SESSION_DURATION, sent));
                authnMappings.ifPresent(sent -> context.nouns.orgConfigs().set(tx, OrgConfig.AUTHN_MAPPINGS, sent));
                disabled.ifPresent(sent -> context.nouns.orgs().setDisabled(tx, sent.equals("yes")));
                return null;
            });
            if (json) {
                var shown = facts(org);
                disabled.ifPresent(sent -> shown.put("disabled", sent.equals("yes")));
                inviteExpiration.ifPresent(sent -> shown.put("invite_expiration", sent));
                ipAllowlist.ifPresent(off -> shown.put("ip_allowlist", off));
                secondFactor.ifPresent(sent -> shown.put("second_factor", sent));
                sessionIdle.ifPresent(sent -> shown.put("session_idle", sent));
                maxSessionDuration.ifPresent(sent -> shown.put("max_session_duration", sent));
                authnMappings.ifPresent(sent -> shown.put("authn_mappings", sent));
                context.printJson(shown);
            } else {
                inviteExpiration
                    .ifPresent(sent -> context.print("Invitations that %s sends from now on can be accepted for %s.\n"
                        .formatted(Table.harmless(org.name()), sent)));
                ipAllowlist.ifPresent(off -> context.print("%s can be called from all addresses.\n"
                    .formatted(Table.harmless(org.name()))));
                secondFactor.ifPresent(sent -> context.print("%s asks for a second factor: %s.\n"
                    .formatted(Table.harmless(org.name()), sent)));
                sessionIdle.ifPresent(sent -> context.print("Sessions at %s end without use: %s.\n"
                    .formatted(Table.harmless(org.name()), after(sent))));
                maxSessionDuration.ifPresent(sent -> context.print("Sessions at %s end: %s.\n"
                    .formatted(Table.harmless(org.name()), after(Math.min(sent, SessionTimes.LONGEST.toSeconds())))));
                authnMappings.ifPresent(sent -> context.print("AuthN mappings of %s: %s.\n"
                    .formatted(Table.harmless(org.name()), sent)));
                disabled.ifPresent(sent -> context.print("%s is %s.\n".formatted(Table.harmless(org.name()),
                    sent.equals("yes") ? "disabled: its keys and sessions are refused, and no user can sign in"
                        : "enabled")));
            }
        }
    }

    private static String after(long seconds) {
        return seconds == 0 ? "as the server is set" : "after %d s".formatted(seconds);
    }

    @CommandLine.Command(name = "children",
        description = {"Sets whether an organization may create others through POST /api/v1/org.",
            "The first organization of an installation may. Those that an organization has created stay."},
        footer = {"", "Example:", "  roster org children Acme on"})
    static final class Children implements Command {
        @Parameters(paramLabel = "ORG", description = "Id, public id or exact name.")
        private String org;

        @Parameters(paramLabel = "on|off", description = "Whether it may create others.")
        private String allowed;

        @Option(names = "--json", description = "Print a JSON object.")
        private boolean json;

        @Spec
        private CommandSpec spec;

        @Override
        public void check() {
            if (!List.of("on", "off").contains(allowed)) {
                throw new ParameterException(spec.commandLine(), "on or off, not '%s'".formatted(allowed));
            }
        }

        @Override
        public void run(CommandContext context) {
            var found = context.org(Optional.of(org));
            context.write(found, tx -> {
                context.nouns.childOrgs().allow(tx, allowed.equals("on"));
                return null;
            });
            if (json) {
                var shown = facts(found);
                shown.put("children", allowed);
                context.printJson(shown);
            } else {
                context.print("%s %s create organizations.\n".formatted(Table.harmless(found.name()),
                    allowed.equals("on") ? "may" : "may not"));
            }
        }
    }

    private static Map<String, Object> facts(Org org) {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("id", org.id());
        facts.put("public_id", org.publicId());
        facts.put("name", org.name());
        facts.put("disabled", org.disabled());
        facts.put("created_at", org.createdAt());
        return facts;
    }
}
