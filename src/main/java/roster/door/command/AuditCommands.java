package roster.door.command;

import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import roster.core.audit.Trail;
import roster.core.audit.Trail.Head;

/// `roster audit …`
@CommandLine.Command(name = "audit", description = "Verifies the audit trail of an organization.",
    subcommands = {AuditCommands.Verify.class, AuditCommands.ShowHead.class})
final class AuditCommands {
    @CommandLine.Command(name = "verify",
        description = {"Checks that every entry of the audit trail exists and is unchanged.",
            "Names entries that were altered, removed, added or reordered. A missing end is found if the organization's "
                + "row still names the last entry; otherwise compare with a head that you stored elsewhere (--head).",
            "Beside a running server it has one minute, enough for about three million entries."},
        footer = {"", "Examples:", "  roster audit verify --org Acme",
            "  roster audit verify --head \"$(cat /backup/acme.head)\""})
    static final class Verify implements Command {
        @Mixin
        private OrgOption of = new OrgOption();

        @Option(names = "--head", paramLabel = "HEAD",
            description = "What `roster audit head` printed earlier. The trail must still contain that entry.")
        private Optional<String> head = Optional.empty();

        @Option(names = "--json", description = "Print a JSON object.")
        private boolean json;

        @Spec
        private CommandSpec spec;

        @Override
        public void check() {
            head.filter(text -> Head.parse(text).isEmpty()).ifPresent(text -> {
                throw new ParameterException(spec.commandLine(),
                    "--head: expected what `roster audit head` prints, not '%s'".formatted(text));
            });
        }

        @Override
        public void run(CommandContext context) {
            var org = context.org(of.org);
            var verdict = context.nouns.trail().verify(org.id(), head.flatMap(Head::parse));
            if (json) {
                context.printJson(facts(verdict));
            } else {
                context
                    .print("%s: %s checked%s%s%s.\n".formatted(Table.harmless(org.name()),
                        Table.counted(verdict.entries(), "entry", "entries"),
                        counted(verdict.uncovered(), "from before there were seals"),
                        counted(verdict.unsealed(), "made by SQL since, which the next write seals"),
                        counted(verdict.erased(), "without details that an anonymization erased")));
            }
            if (!verdict.good()) {
                throw new Failed("the audit trail of %s was altered:\n%s".formatted(Table.harmless(org.name()),
                    verdict.faults().stream().map(fault -> "  " + Table.harmless(fault))
                        .collect(Collectors.joining("\n"))));
            }
            if (!json) {
                context.print("No entry is missing or altered. Head: %s\n".formatted(verdict.head()));
            }
        }

        private static String counted(long entries, String which) {
            return entries == 0 ? "" : "; %,d %s".formatted(entries, which);
        }

        private static LinkedHashMap<String, Object> facts(Trail.Verdict verdict) {
            var facts = new LinkedHashMap<String, Object>();
            facts.put("good", verdict.good());
            facts.put("entries", verdict.entries());
            facts.put("uncovered", verdict.uncovered());
            facts.put("unsealed", verdict.unsealed());
            facts.put("erased", verdict.erased());
            facts.put("faults", verdict.faults());
            facts.put("head", verdict.head().toString());
            return facts;
        }
    }

    @CommandLine.Command(name = "head",
        description = {"Prints the head of the audit trail: the position of its last entry, and that entry's seal.",
            "Store it elsewhere. Later, `roster audit verify --head` shows whether entries at the end are missing."},
        footer = {"", "Example:", "  roster audit head --org Acme > /backup/acme.head"})
    static final class ShowHead implements Command {
        @Mixin
        private OrgOption of = new OrgOption();

        @Override
        public void run(CommandContext context) {
            context.print(context.nouns.trail().head(context.org(of.org).id()) + "\n");
        }
    }
}
