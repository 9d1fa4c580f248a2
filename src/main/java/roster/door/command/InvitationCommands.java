package roster.door.command;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.core.invitation.Invitations;
import roster.core.mail.Delivery;
import roster.core.mail.Delivery.State;
import roster.model.Id;
import roster.model.Invitation;
import roster.model.Org;

/// `roster invitation …`
@CommandLine.Command(name = "invitation", description = "Manages invitations of an organization and their e-mails.",
    subcommands = {InvitationCommands.Listing.class, InvitationCommands.Show.class, InvitationCommands.Resend.class,
        InvitationCommands.Cancel.class, InvitationCommands.Bounced.class})
final class InvitationCommands {
    /// On a terminal, in characters.
    private static final int WHY_SHOWN = 60;

    @CommandLine.Command(name = "list",
        description = {
            "Lists invitations with their e-mails, newest first. An e-mail is queued, sent, deferred, failed, "
                + "dropped or bounced."},
        footer = {"", "Examples:", "  roster invitation list --org Acme --state deferred,failed,bounced",
            "  roster invitation list --org Acme --count"})
    static final class Listing implements Command {
        @Spec
        private CommandSpec spec;

        @Mixin
        private OrgOption of = new OrgOption();

        @Option(names = "--state", paramLabel = "STATE", split = ",",
            description = "Only e-mails in this state. Separate several with commas.")
        private List<String> states = List.of();

        @Option(names = "--count", description = "Print only the number of e-mails in each state.")
        private boolean count;

        @Option(names = "--limit", paramLabel = "N", defaultValue = "100",
            description = "How many to list, from 1 to 100000. Default: ${DEFAULT-VALUE}.")
        private int limit;

        @Option(names = "--json", description = "Print a JSON array, or an object with --count.")
        private boolean json;

        @Override
        public void check() {
            if (limit < 1 || limit > 100_000) {
                throw new ParameterException(spec.commandLine(), "--limit: from 1 to 100000");
            }
            asked();
        }

        private Set<State> asked() {
            var asked = EnumSet.noneOf(State.class);
            for (var text : states) {
                asked.add(State.of(text).orElseThrow(() -> new ParameterException(spec.commandLine(),
                    "--state: queued, sent, deferred, failed, dropped or bounced, not '%s'".formatted(text))));
            }
            return asked.isEmpty() ? EnumSet.allOf(State.class) : asked;
        }

        @Override
        public void run(CommandContext context) {
            var org = context.org(of.org);
            if (count) {
                var counts = new LinkedHashMap<String, Long>();
                var found = context.nouns.db().read(tx -> context.nouns.deliveries().counts(tx, org.id(),
                    Invitations.LETTER));
                asked().forEach(state -> counts.put(state.text(), found.getOrDefault(state, 0L)));
                if (json) {
                    context.printJson(counts);
                } else {
                    counts.forEach((state, number) -> context.print("%s %d\n".formatted(state, number)));
                }
                return;
            }
            var found = context.nouns.db().read(tx -> context.nouns.deliveries().list(tx, org.id(), Invitations.LETTER,
                asked(), limit));
            if (json) {
                context.printJson(found.stream().map(InvitationCommands::facts).toList());
            } else {
                var table = new Table("ID", "EMAIL", "STATE", "ATTEMPTS", "WHY");
                found.forEach(one -> table.row(one.subject(), one.recipient(), one.state().text(), one.attempts(),
                    Table.cut(one.why().orElse(""), WHY_SHOWN)));
                context.print(table.toString());
            }
        }
    }

    /// The invitation that a command is about, and how to print it.
    static final class Named {
        @Parameters(paramLabel = "ID", description = "Id of the invitation.")
        private String id;

        @Mixin
        private OrgOption of = new OrgOption();

        @Option(names = "--json", description = "Print a JSON object.")
        private boolean json;

        /// Changes the invitation and prints the result.
        private void change(CommandContext context, BiConsumer<WriteTx, String> change) {
            var org = context.org(of.org);
            print(context, context.write(org, tx -> {
                change.accept(tx, id);
                return Id.parse(id).flatMap(uuid -> facts(context, tx, org.id(), uuid)).orElseThrow();
            }), json);
        }
    }

    @CommandLine.Command(name = "show", description = "Shows an invitation and its e-mail.",
        footer = {"", "Example:", "  roster invitation show 0199… --org Acme"})
    static final class Show implements Command {
        @Mixin
        private Named named = new Named();

        @Override
        public void run(CommandContext context) {
            var org = context.org(named.of.org);
            print(context, context.nouns.db()
                .read(tx -> Id.parse(named.id).flatMap(uuid -> facts(context, tx, org.id(), uuid)))
                .orElseThrow(() -> new Failed("%s not found".formatted(Table.harmless(named.id)))), named.json);
        }
    }

    @CommandLine.Command(name = "resend",
        description = {
            "Sends an invitation again, also if it expired: a new e-mail with a new link. The links of earlier "
                + "e-mails stop working."},
        footer = {"", "Example:", "  roster invitation resend 0199… --org Acme"})
    static final class Resend implements Command {
        @Mixin
        private Named named = new Named();

        @Override
        public void run(CommandContext context) {
            named.change(context, (tx, id) -> context.nouns.sentInvitations().resend(tx, id));
        }
    }

    @CommandLine.Command(name = "cancel", description = "Cancels an invitation. Its link stops working.",
        footer = {"", "Example:", "  roster invitation cancel 0199… --org Acme"})
    static final class Cancel implements Command {
        @Mixin
        private Named named = new Named();

        @Override
        public void run(CommandContext context) {
            named.change(context, (tx, id) -> context.nouns.sentInvitations().cancel(tx, id));
        }
    }

    @CommandLine.Command(name = "bounced",
        description = {"Records that the e-mail of an invitation bounced. Roster does not read mail: report here what "
            + "the mail server reported to you."},
        footer = {"", "Example:", "  roster invitation bounced 0199… --reason \"550 no such user\" --org Acme"})
    static final class Bounced implements Command {
        @Parameters(paramLabel = "ID",
            description = "Id of the invitation, or the part before the @ in the e-mail's Message-ID.")
        private String id;

        @Mixin
        private OrgOption of = new OrgOption();

        @Option(names = "--reason", paramLabel = "TEXT", required = true,
            description = "What the mail server reported.")
        private String reason;

        @Option(names = "--json", description = "Print a JSON object.")
        private boolean json;

        @Override
        public void run(CommandContext context) {
            var org = context.org(of.org);
            print(context, facts(context.write(org,
                tx -> context.nouns.deliveries().bounced(tx, Invitations.LETTER, id, reason))), json);
        }
    }

    private static void print(CommandContext context, Map<String, Object> facts, boolean json) {
        if (json) {
            context.printJson(facts);
        } else {
            facts.forEach((name, value) -> {
                if (!(value instanceof Optional<?> maybe && maybe.isEmpty())) {
                    context.print("%s %s\n".formatted(name, Table.harmless(
                        String.valueOf(value instanceof Optional<?> some ? some.orElseThrow() : value))));
                }
            });
        }
    }

    /// An invitation and its e-mail.
    private static Optional<Map<String, Object>> facts(CommandContext context, Tx tx, Org.Id org, UUID id) {
        return context.nouns.invitations().standing(tx, org, new Invitation.Id(id)).map(standing -> {
            var facts = new LinkedHashMap<String, Object>();
            facts.put("id", standing.invitation().id());
            facts.put("email", standing.invitation().email());
            facts.put("invitation", standing.state().name().toLowerCase(Locale.ROOT));
            facts.put("created_at", standing.invitation().createdAt());
            facts.put("expires_at", standing.invitation().expiresAt());
            context.nouns.deliveries().of(tx, org, Invitations.LETTER, standing.invitation().id())
                .ifPresentOrElse(delivery -> facts.putAll(facts(delivery)), () -> facts.put("letter", "none"));
            return facts;
        });
    }

    private static Map<String, Object> facts(Delivery delivery) {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("id", delivery.subject());
        facts.put("email", delivery.recipient());
        facts.put("letter", delivery.state().text());
        facts.put("why", delivery.why());
        facts.put("attempts", delivery.attempts());
        facts.put("letter_id", delivery.letter());
        facts.put("queued_at", delivery.queuedAt());
        facts.put("next_attempt_at", delivery.nextAttemptAt());
        facts.put("sent_at", delivery.sentAt());
        return facts;
    }
}
