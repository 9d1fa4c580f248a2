package roster.door.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import roster.core.key.ApplicationKeys;
import roster.core.key.Keys;
import roster.model.Id;

/// `roster key …`
@CommandLine.Command(name = "key", description = "Manages the API keys and application keys of an organization.",
    subcommands = {KeyCommands.Issue.class, KeyCommands.Listing.class, KeyCommands.Revoke.class})
final class KeyCommands {
    @CommandLine.Command(name = "issue",
        description = {"Issues an API key for the organization, or an application key for one of its users.",
            "The key is shown once; store it."},
        footer = {"", "Examples:", "  roster key issue --org Acme --api --name \"web shop\"",
            "  roster key issue --org Acme --user ada@acme.test --name laptop --scope user_access_read"})
    static final class Issue implements Command {
        @ArgGroup(exclusive = true, multiplicity = "1")
        private Kind kind;

        static final class Kind {
            @Option(names = "--api", required = true, description = "Issue an API key: it identifies the organization.")
            private boolean api;

            @Option(names = "--user", paramLabel = "USER", required = true,
                description = "Issue an application key for this user: id, e-mail address or handle.")
            private String user;
        }

        @Mixin
        private OrgOption of = new OrgOption();

        @Option(names = "--name", paramLabel = "NAME", required = true, description = "Name of the key in lists.")
        private String name;

        @Option(names = "--scope", paramLabel = "PERMISSION", split = ",",
            description = "Limits the application key to this permission of its owner. Repeatable. Default: all of "
                + "the owner's permissions.")
        private List<String> scopes = new ArrayList<>();

        @Option(names = "--json", description = "Print a JSON object.")
        private boolean json;

        @Spec
        private CommandSpec spec;

        @Override
        public void check() {
            if (kind.api && !scopes.isEmpty()) {
                throw new ParameterException(spec.commandLine(), "--scope goes with --user: API keys have no scopes");
            }
            if (scopes.stream().anyMatch(String::isBlank)) { // a key that an empty variable would leave without limits
                throw new ParameterException(spec.commandLine(), "--scope needs the name of a permission");
            }
        }

        @Override
        public void run(CommandContext context) {
            var org = context.org(of.org);
            var issued = context.write(org, tx -> kind.api ? context.nouns.apiKeys().issue(tx, name)
                : context.nouns.applicationKeys().issue(tx, UserCommands.found(context, tx, org.id(), kind.user),
                    new ApplicationKeys.Wish(name,
                        scopes.isEmpty() ? Optional.empty()
                            : Optional.of(scopes.stream().map(String::strip).toList()))));
            if (json) {
                var shown = new LinkedHashMap<String, Object>();
                shown.put("id", issued.id());
                shown.put("kind", kind.api ? "api_key" : "application_key");
                shown.put("key", issued.secret());
                context.printJson(shown);
            } else {
                context
                    .print("Issued %s %s, shown once:\n%s=%s\n".formatted(kind.api ? "API key" : "application key",
                        issued.id(), kind.api ? "DD_API_KEY" : "DD_APP_KEY", issued.secret()));
            }
        }
    }

    @CommandLine.Command(name = "list",
        description = {"Lists keys and access tokens, without their secrets.",
            "SCOPES of an application key without a restriction are (all); (none) can do nothing."},
        footer = {"", "Example:", "  roster key list --org Acme --json"})
    static final class Listing implements Command {
        @Mixin
        private OrgOption of = new OrgOption();

        @Option(names = "--json", description = "Print a JSON array.")
        private boolean json;

        @Override
        public void run(CommandContext context) {
            var org = context.org(of.org);
            var keys = context.nouns.db().read(tx -> context.nouns.keys().all(tx, org.id()));
            if (json) {
                context.printJson(keys.stream().map(Listing::facts).toList());
            } else {
                var table = new Table("ID", "KIND", "HINT", "OWNER", "SCOPES", "NAME");
                keys.forEach(key -> table.row(key.id(), key.kind(), key.hint(), key.ownerHandle().orElse(""),
                    scopes(key), key.name()));
                context.print(table.toString());
            }
        }

        /// API keys have no scopes at all. Without a restriction, an application key does what its owner may.
        private static String scopes(Keys.Listed key) {
            if (key.owner().isEmpty()) {
                return "";
            }
            return key.scopes().map(scopes -> scopes.isEmpty() ? "(none)" : String.join(",", scopes)).orElse("(all)");
        }

        private static Map<String, Object> facts(Keys.Listed key) {
            var facts = new LinkedHashMap<String, Object>();
            facts.put("id", key.id());
            facts.put("kind", key.kind());
            facts.put("name", key.name());
            facts.put(key.kind().equals("access_token") ? "public_portion" : "last4", key.hint());
            facts.put("owner_id", key.owner());
            facts.put("owner_handle", key.ownerHandle());
            facts.put("scopes", key.scopes());
            facts.put("created_at", key.createdAt());
            return facts;
        }
    }

    @CommandLine.Command(name = "revoke",
        description = "Revokes an API key, application key or access token. The next request with it is refused.",
        footer = {"", "Example:", "  roster key revoke 01999b5c-7d2a-7000-8000-000000000001 --org Acme"})
    static final class Revoke implements Command {
        @Parameters(paramLabel = "ID", description = "Id of the key or token, as `roster key list` shows it.")
        private String id;

        @Mixin
        private OrgOption of = new OrgOption();

        @Override
        public void run(CommandContext context) {
            var uuid = Id.parse(id).orElseThrow(() -> new Failed("%s not found".formatted(Table.harmless(id))));
            context.write(context.org(of.org), tx -> {
                context.nouns.keys().revoke(tx, uuid);
                return null;
            });
            context.print("Revoked key %s.\n".formatted(uuid));
        }
    }
}
