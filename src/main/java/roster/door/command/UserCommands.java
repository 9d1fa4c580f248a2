package roster.door.command;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.core.index.UserQuery;
import roster.model.Email;
import roster.model.Id;
import roster.model.Org;
import roster.model.Paging;
import roster.model.User;

/// `roster user …`
@CommandLine.Command(name = "user", description = "Manages the users of an organization.",
    subcommands = {UserCommands.Create.class, UserCommands.Listing.class, UserCommands.Disable.class,
        SignInCommands.Link.class, SignInCommands.Listing.class, SignInCommands.SignOut.class})
final class UserCommands {
    private static final int PAGE_SIZE_MAX = 1000;

    /// On a terminal, in characters.
    private static final int EMAIL_SHOWN = 60;
    private static final int NAME_SHOWN = 40;

    /// Finds a user by id, e-mail address or handle.
    ///
    /// @throws Failed if there is no such user
    static User found(CommandContext context, Tx tx, Org.Id org, String named) {
        return Id.parse(named).flatMap(id -> context.nouns.users().find(tx, org, new User.Id(id)))
            .or(() -> Email.known(named).flatMap(email -> context.nouns.users().withAddress(tx, org, email)))
            .orElseThrow(() -> new Failed("%s not found".formatted(Table.harmless(named))));
    }

    @CommandLine.Command(name = "create",
        description = "Creates a user, who is Pending until they accept an invitation.",
        footer = {"", "Example:",
            "  roster user create bob@acme.test --org Acme --name \"Bob\" --role \"Datadog Standard Role\""})
    static final class Create implements Command {
        @Parameters(paramLabel = "EMAIL", description = "E-mail address.")
        private String email;

        @Mixin
        private OrgOption of = new OrgOption();

        @Option(names = "--name", paramLabel = "NAME", description = "Name, up to 55 characters.")
        private Optional<String> name = Optional.empty();

        @Option(names = "--title", paramLabel = "TITLE", description = "Job title.")
        private Optional<String> title = Optional.empty();

        @Option(names = "--role", paramLabel = "NAME",
            description = "A role for the user: its name, in any letter case, or id. Repeatable.")
        private List<String> roles = new ArrayList<>();

        @Option(names = "--json", description = "Print a JSON object.")
        private boolean json;

        @Override
        public void run(CommandContext context) {
            var org = context.org(of.org);
            var user = context.write(org, tx -> context.nouns.newUsers().create(tx, email, name, title,
                roles.stream().map(role -> roleId(context, tx, role)).toList()));
            if (json) {
                context.printJson(facts(user));
            } else {
                context.print("Created user %s (%s).\n".formatted(user.email(), user.id()));
            }
        }

    }

    /// The id of a role that is named by its name, in any letter case; else what was sent.
    static String roleId(CommandContext context, WriteTx tx, String role) {
        return context.nouns.roles().withName(tx, tx.org(), role).map(found -> found.id().toString()).orElse(role);
    }

    @CommandLine.Command(name = "list", description = "Lists one page of users, sorted by name.",
        footer = {"", "Examples:", "  roster user list --org Acme --filter bob",
            "  roster user list --status active,pending --page-size 1000 --json"})
    static final class Listing implements Command {
        @Mixin
        private OrgOption of = new OrgOption();

        @Option(names = "--filter", paramLabel = "TEXT",
            description = "Only users whose name or e-mail address contains this text.")
        private Optional<String> filter = Optional.empty();

        @Option(names = "--status", paramLabel = "STATUS", split = ",",
            description = {"Only users with this status: Active, Pending or Disabled, in any case.",
                "Separate several with commas."})
        private List<String> statuses = new ArrayList<>();

        @Option(names = "--page-size", paramLabel = "N", defaultValue = "100",
            description = "Users on a page, from 1 to 1000. Default: ${DEFAULT-VALUE}.")
        private int pageSize;

        @Option(names = "--page-number", paramLabel = "N", defaultValue = "0",
            description = "Number of the page, from 0. Default: ${DEFAULT-VALUE}.")
        private int pageNumber;

        /// Not for users: Main adds it on a terminal.
        @Option(names = Commands.CUT, hidden = true)
        private boolean cut;

        @Option(names = "--json", description = "Print a JSON object with users and counts.")
        private boolean json;

        @Spec
        private CommandSpec spec;

        @Override
        public void check() {
            if (pageSize < 1 || pageSize > PAGE_SIZE_MAX) {
                throw wrong("--page-size takes 1 to %d".formatted(PAGE_SIZE_MAX));
            }
            if (pageNumber < 0) {
                throw wrong("--page-number counts from 0");
            }
            statuses();
        }

        @Override
        public void run(CommandContext context) {
            var query = new UserQuery(filter.filter(text -> !text.isEmpty()), statuses(), UserQuery.Sort.NAME, false,
                new Paging(pageSize, pageNumber));
            var org = context.org(of.org);
            var page = context.nouns.db().read(tx -> context.nouns.directory().users(tx, org.id(), query));
            if (json) {
                var shown = new LinkedHashMap<String, Object>();
                shown.put("users", page.items().stream().map(UserCommands::facts).toList());
                shown.put("filtered", page.filtered());
                shown.put("total", page.total());
                context.printJson(shown);
            } else {
                var table = new Table("ID", "STATUS", "EMAIL", "NAME");
                page.items().forEach(user -> table.row(user.id(), user.status().text(),
                    cut ? Table.cut(user.email(), EMAIL_SHOWN) : user.email(),
                    cut ? Table.cut(user.name().orElse(""), NAME_SHOWN) : user.name().orElse("")));
                context.print(table + "%d of %d shown, %d in the organization\n".formatted(page.items().size(),
                    page.filtered(), page.total()));
            }
        }

        private Optional<Set<User.Status>> statuses() {
            if (statuses.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(statuses.stream()
                .map(text -> User.Status.parse(text.strip())
                    .orElseThrow(() -> wrong("--status takes Active, Pending and Disabled")))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(User.Status.class))));
        }

        private ParameterException wrong(String message) {
            return new ParameterException(spec.commandLine(), message);
        }
    }

    @CommandLine.Command(name = "disable",
        description = {"Disables a user.",
            "Their application keys and access tokens are revoked, and their open invitations stop working.",
            "The last Active administrator of an organization cannot be disabled."},
        footer = {"", "Example:", "  roster user disable bob@acme.test --org Acme"})
    static final class Disable implements Command {
        @Parameters(paramLabel = "USER", description = "The user's id, e-mail address or handle.")
        private String named;

        @Mixin
        private OrgOption of = new OrgOption();

        @Override
        public void run(CommandContext context) {
            var org = context.org(of.org);
            var user = context.write(org, tx -> {
                var found = found(context, tx, org.id(), named);
                if (found.disabled()) {
                    throw new Failed("%s is disabled already".formatted(found.email()));
                }
                context.nouns.users().disable(tx, found.id().toString());
                return found;
            });
            context.print("Disabled user %s (%s).\n".formatted(user.email(), user.id()));
        }
    }

    private static Map<String, Object> facts(User user) {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("id", user.id());
        facts.put("email", user.email());
        facts.put("handle", user.handle());
        facts.put("name", user.name());
        facts.put("title", user.title());
        facts.put("status", user.status().text());
        facts.put("service_account", user.serviceAccount());
        facts.put("role_ids", user.roles());
        facts.put("created_at", user.createdAt());
        facts.put("modified_at", user.modifiedAt());
        return facts;
    }
}
