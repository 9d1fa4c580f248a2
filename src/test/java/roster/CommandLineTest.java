package roster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import roster.base.json.Json;
import roster.door.command.Commands;
import roster.door.command.Outcome;
import roster.support.Answer;
import roster.support.Await;
import roster.support.TestRoster;
import tools.jackson.databind.JsonNode;

/// Commands beside a running server with the embedded database: it is the server that does them.
class CommandLineTest {
    /// So deep that no system takes its socket's path.
    @TempDir
    static Path temporary;

    private static Path data;
    private static Node server;

    @BeforeAll
    static void start() throws IOException {
        data = Files.createDirectories(temporary.resolve("a-folder-with-a-long-name".repeat(5))).resolve("data");
        server = Node.start(Config.read(Map.of("ROSTER_DATA", data.toString(), "ROSTER_PORT", "0"),
            temporary), Surroundings.PRODUCTION);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Outcome run(String... args) {
        return Main.outcome(List.of(args), Map.of("ROSTER_DATA", data.toString()), form -> {});
    }

    private static JsonNode json(String... args) {
        var all = new ArrayList<>(List.of(args));
        all.add("--json");
        var outcome = run(all.toArray(String[]::new));
        assertThat(outcome.exit()).as(outcome.err()).isZero();
        return Json.parse(outcome.out().getBytes(StandardCharsets.UTF_8));
    }

    private static JsonNode newOrg(String name) {
        return json("org", "create", name, "--admin-email", "ada@acme.test");
    }

    private static Answer get(JsonNode org, String applicationKey, String path) {
        return TestRoster.send(server.address(), "GET", path, null, Map.of(
            "DD-API-KEY", org.path("api_key").asString(), "DD-APPLICATION-KEY", applicationKey));
    }

    private static List<String> auditOf(JsonNode org) {
        return Await.read(server.roster.kernel().db(), tx -> tx.query("""
            SELECT action, actor_kind, actor_name FROM audit_entries WHERE org_id = ? ORDER BY version, entry
            """, UUID.fromString(org.path("id").asString()))
            .list(row -> row.text("action") + " " + row.text("actor_kind") + " " + row.text("actor_name")));
    }

    @Test
    void an_organization_is_made_with_an_administrator_whose_keys_work() {
        var org = newOrg("made");
        assertThat(get(org, org.path("application_key").asString(), "/api/v2/users").at("/data/0/attributes/status")
            .asString()).isEqualTo("Active");
        assertThat(auditOf(org)).isNotEmpty()
            .allSatisfy(entry -> assertThat(entry).endsWith(" CLI cli:" + System.getProperty("user.name")));
        assertThat(json("org", "list").valueStream().map(one -> one.path("name").asString())).contains("Roster",
            "made");
        assertThat(run("org", "list").out()).contains("PUBLIC ID", org.path("id").asString());
    }

    @Test
    void users_are_created_listed_and_disabled_by_the_api_s_rules() {
        var org = newOrg("people").path("public_id").asString();
        var bob = json("user", "create", "Bob@acme.test", "--org", org, "--name", "Bob Müller", "--title", "Dr",
            "--role", " datadog STANDARD role ");
        assertThat(bob.path("status").asString()).isEqualTo("Pending");
        assertThat(bob.path("role_ids")).hasSize(1);

        assertThat(run("user", "create", "bob@acme.test", "--org", org))
            .isEqualTo(new Outcome(1, "", "roster: User bob@acme.test already exists\n"));
        assertThat(run("user", "create", "bob@acme", "--org", org, "--role", "no such role").err())
            .isEqualTo("roster: Role no such role not found\n");
        assertThat(run("user", "create", "no-address", "--org", org).err())
            .isEqualTo("roster: email: Not a valid email address.\n");

        var listed = json("user", "list", "--org", org, "--filter", "MÜLLER", "--status", "pending,active");
        assertThat(listed.path("users").valueStream().map(user -> user.path("email").asString()))
            .containsExactly("bob@acme.test");
        assertThat(listed.path("filtered").asInt()).isEqualTo(1);
        assertThat(listed.path("total").asInt()).isEqualTo(2);
        assertThat(json("user", "list", "--org", org, "--page-size", "1").path("users")).hasSize(1);
        assertThat(run("user", "list", "--org", org).out()).contains("Bob Müller",
            "2 of 2 shown, 2 in the organization");

        assertThat(run("user", "disable", "bob@acme.test", "--org", org).exit()).isZero();
        assertThat(json("user", "list", "--org", org, "--status", "Disabled").path("users")).hasSize(1);
        assertThat(run("user", "disable", bob.path("id").asString(), "--org", org))
            .isEqualTo(new Outcome(1, "", "roster: bob@acme.test is disabled already\n"));
    }

    @Test
    void long_columns_are_cut_on_a_terminal_only() {
        var org = newOrg("wide").path("id").asString();
        var email = "b".repeat(64) + "@acme.test";
        var name = "😀".repeat(41);
        run("user", "create", email, "--org", org, "--name", name);
        assertThat(run("user", "list", "--org", org).out()).contains(email, name);
        var typed = List.of("user", "list", "--org", org);
        assertThat(run(Commands.forTerminal(typed).toArray(String[]::new)).out()).doesNotContain(email, name)
            .contains("b".repeat(59) + "…  " + "😀".repeat(39) + "…\n");
        assertThat(Commands.forTerminal(List.of("org", "list"))).containsExactly("org", "list");
    }

    @ParameterizedTest
    @ValueSource(strings = {"two\nlines", "a\u0007b", "a\u2028b", "a\u0085b"})
    void the_name_of_an_organization_is_one_line(String name) {
        assertThat(run("org", "create", name, "--admin-email", "ada@acme.test"))
            .isEqualTo(new Outcome(1, "", "roster: name: Must not contain line breaks or control characters.\n"));
    }

    @Test
    void the_last_administrator_stays() {
        var org = newOrg("locked").path("id").asString();
        var outcome = run("user", "disable", "ada@acme.test", "--org", org);
        assertThat(outcome).isEqualTo(new Outcome(1, "",
            "roster: Forbidden: An organization must keep at least one active administrator\n"));
    }

    @Test
    void keys_are_issued_listed_and_revoked() {
        var org = newOrg("keys");
        var id = org.path("id").asString();
        var narrow = json("key", "issue", "--org", id, "--user", "ada@acme.test", "--name", "laptop", "--scope",
            "user_access_read");
        assertThat(get(org, narrow.path("key").asString(), "/api/v2/users").status()).isEqualTo(200);
        var api = json("key", "issue", "--org", id, "--api", "--name", "shop");
        assertThat(api.path("key").asString()).matches("[0-9a-f]{32}");

        var listed = run("key", "list", "--org", id).out();
        assertThat(listed).contains("laptop", "shop", "user_access_read")
            .doesNotContain(narrow.path("key").asString(), api.path("key").asString());
        assertThat(listed.lines().filter(line -> line.contains("laptop")).findFirst().orElseThrow())
            .contains("  user_access_read  ");
        assertThat(listed.lines().filter(line -> line.contains("First application key")).findFirst().orElseThrow())
            .contains("  (all)  ");
        assertThat(json("key", "list", "--org", id)).hasSize(4);

        assertThat(run("key", "revoke", narrow.path("id").asString(), "--org", id).exit()).isZero();
        assertThat(get(org, narrow.path("key").asString(), "/api/v2/users").status()).isEqualTo(403);
        assertThat(run("key", "revoke", api.path("id").asString(), "--org", id).exit()).isZero();
        assertThat(run("key", "revoke", org.path("api_key_id").asString(), "--org", id).exit()).isEqualTo(1);
        assertThat(run("key", "revoke", "x", "--org", id).err()).isEqualTo("roster: x not found\n");
        assertThat(auditOf(org)).anySatisfy(entry -> assertThat(entry).startsWith("application_key.revoked CLI cli:"));

        json("user", "create", "eve@acme.test", "--org", id);
        run("user", "disable", "eve@acme.test", "--org", id);
        assertThat(run("key", "issue", "--org", id, "--user", "eve@acme.test", "--name", "late").err())
            .isEqualTo("roster: User eve@acme.test is disabled\n");
    }

    @Test
    void access_tokens_are_listed_and_revoked_with_the_keys() {
        var org = newOrg("tokens");
        var id = org.path("id").asString();
        var headers = Map.of("DD-API-KEY", org.path("api_key").asString(), "DD-APPLICATION-KEY",
            org.path("application_key").asString(), "Content-Type", "application/json");
        var token = TestRoster.send(server.address(), "POST", "/api/v2/personal_access_tokens", """
            {"data":{"type":"personal_access_tokens","attributes":{"name":"leaked","scopes":["user_access_read"],
             "expires_at":"2999-01-01T00:00:00Z"}}}""", headers);
        var secret = token.text("/data/attributes/key");
        assertThat(get(org, secret, "/api/v2/users").status()).isEqualTo(200);

        assertThat(run("key", "list", "--org", id).out()).contains("leaked", token.id(),
            token.text("/data/attributes/public_portion")).doesNotContain(secret);
        assertThat(json("key", "list", "--org", id).path(0).path("public_portion").asString())
            .isEqualTo(token.text("/data/attributes/public_portion"));
        assertThat(run("key", "revoke", token.id(), "--org", id).exit()).isZero();

        assertThat(get(org, secret, "/api/v2/users").status()).isEqualTo(403);
        assertThat(run("key", "list", "--org", id).out()).doesNotContain("leaked");
        assertThat(run("key", "revoke", token.id(), "--org", id).exit()).isEqualTo(1);
        assertThat(auditOf(org)).anySatisfy(entry -> assertThat(entry).startsWith("access_token.revoked CLI cli:"));
    }

    @Test
    void the_organization_is_named_where_there_are_several() {
        var first = newOrg("twin").path("id").asString();
        assertThat(run("org", "create", " twin ", "--admin-email", "ada@acme.test"))
            .isEqualTo(new Outcome(1, "", ("roster: there is an organization 'twin' already (%s); "
                + "--again creates another one of that name\n").formatted(first)));
        assertThat(run("org", "create", "twin", "--admin-email", "ada@acme.test", "--again").exit()).isZero();
        assertThat(run("user", "list", "--org", "twin").err()).startsWith("roster: 2 organizations are called 'twin'");
        assertThat(run("user", "list", "--org", "no\u001b[31mne").err())
            .startsWith("roster: there is no organization 'no?[31mne'");
        assertThat(run("user", "list").err()).contains("name one with --org");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "org", "bogus", "user create", "user list --status bogus", "user list --page-size 0",
        "user list --page-size many", "key issue --name x", "key issue --api --user x --name x",
        "key issue --api --name x --scope y", "org list --bogus"})
    void wrong_use_ends_with_2_and_says_what_is_right(String typed) {
        var outcome = run(typed.isEmpty() ? new String[0] : typed.split(" "));
        assertThat(outcome.exit()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).startsWith("roster: ").contains("Usage: roster");
    }

    @Test
    void the_reason_is_not_buried_under_all_options() {
        var outcome = run("user", "create", "--bogus");
        assertThat(outcome.err().lines()).hasSizeLessThan(12).last().asString()
            .isEqualTo("`roster user create --help` explains the options.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "serve", "status", "migrate", "org", "org create", "org list", "org children", "user",
        "user create",
        "user list",
        "user disable", "key", "key issue", "key list", "key revoke", "config", "config show", "version", "help",
        "import",
        "export", "seed"})
    void every_command_explains_itself(String command) {
        var outcome = run((command + " --help").strip().split(" "));
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).contains("Usage: " + ("roster " + command).strip());
        if (outcome.out().lines().noneMatch(line -> line.startsWith("Commands:"))) {
            assertThat(outcome.out()).containsPattern("Examples?:\n  (ROSTER_.*)?roster " + command);
        }
    }

    @ParameterizedTest
    @CsvSource({"help,--help", "help serve,serve --help", "help user create,user create --help",
        "help org,org --help", "help import,import --help", "help help,help --help"})
    void help_is_a_command_too(String asked, String same) {
        var outcome = run(asked.split(" "));
        assertThat(outcome).isEqualTo(run(same.split(" ")));
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.out()).contains("Usage: roster");
    }

    @Test
    void help_on_what_is_no_command_is_a_usage_error() {
        var outcome = run("help", "usr");
        assertThat(outcome.exit()).isEqualTo(2);
        assertThat(outcome.err()).startsWith("roster: there is no command 'usr'\n")
            .contains("Usage: roster", "Commands:");
        assertThat(run("help", "user", "remove").exit()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "-V"})
    void the_version_is_an_option_too(String option) {
        assertThat(run(option)).isEqualTo(run("version"));
        assertThat(run(option).out()).startsWith("Roster ");
        assertThat(run("--help").out()).contains("-V, --version", "help");
    }

    @Test
    void scopes_are_stored_once_and_roles_found_in_any_letter_case() {
        var id = newOrg("once").path("id").asString();
        json("key", "issue", "--org", id, "--user", "ada@acme.test", "--name", "twice", "--scope",
            "user_access_read, user_access_manage", "--scope", "user_access_read");
        assertThat(json("key", "list", "--org", id).valueStream()
            .filter(key -> key.path("name").asString().equals("twice")).findFirst().orElseThrow().path("scopes")
            .valueStream().map(JsonNode::asString)).containsExactly("user_access_read", "user_access_manage");

        var bob = json("user", "create", "bob@acme.test", "--org", id, "--role", "datadog STANDARD role", "--role",
            "Datadog Standard Role", "--role", " Datadog Read Only Role ");
        assertThat(bob.path("role_ids")).hasSize(2);
        assertThat(run("key", "issue", "--org", id, "--api", "--name", "Web Shop").exit()).isZero();
        assertThat(run("key", "issue", "--org", id, "--api", "--name", "web shop ").exit()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ",user_access_read", "user_access_read,,user_access_manage"})
    void an_empty_scope_is_no_key_without_restriction(String scope) {
        var id = newOrg("empty scope " + UUID.randomUUID()).path("id").asString();
        var outcome = run("key", "issue", "--org", id, "--user", "ada@acme.test", "--name", "x", "--scope", scope);
        assertThat(outcome.exit()).isEqualTo(2);
        assertThat(outcome.err()).startsWith("roster: --scope needs the name of a permission");
        assertThat(json("key", "list", "--org", id)).hasSize(2);
    }

    @Test
    void settings_are_shown_with_their_origin_and_without_secrets() {
        var outcome = Main.outcome(List.of("config", "show"), Map.of("ROSTER_SMTP_URL", "smtp://me:geheim@mail.test",
            "ROSTER_SECRET_KEY", "geheim"), form -> {});
        assertThat(outcome.out()).doesNotContain("geheim").contains("smtp://me:***@mail.test  (environment)",
            "127.0.0.1  (default)", "(not set)", "(the listen address)", "(the API port)");
        assertThat(json("config", "show").valueStream().map(row -> row.path("name").asString()).toList())
            .hasSize(Config.ALL.size());
        assertThat(json("version").path("postgresql").asString()).startsWith("18");
    }

    @Test
    void a_wrong_setting_ends_with_2_and_its_message_alone() {
        assertThat(Main.outcome(List.of("org", "list"), Map.of("ROSTER_PROT", "1"), form -> {}))
            .isEqualTo(new Outcome(2, "", "roster: ROSTER_PROT was not used. Did you mean ROSTER_PORT?\n"));
    }

    @Test
    void migrate_beside_a_server_has_nothing_to_do() {
        assertThat(run("migrate").out()).contains("brought the schema up to date");
    }

    @Test
    void the_socket_is_its_owner_s_alone() throws IOException {
        var socket = data.resolve("roster.sock");
        assertThat(socket.toString().length()).isGreaterThan(108);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket))).isEqualTo("rw-------");
    }

    @Test
    void a_client_that_hangs_or_talks_nonsense_delays_no_other() throws IOException {
        var link = Files.createSymbolicLink(Path.of("/tmp", "r" + UUID.randomUUID()), data);
        var clients = new ArrayList<SocketChannel>();
        try {
            for (int i = 0; i < 40; i++) {
                var client = SocketChannel.open(StandardProtocolFamily.UNIX);
                clients.add(client);
                client.connect(UnixDomainSocketAddress.of(link.resolve("roster.sock")));
                if (i % 2 == 0) {
                    client.write(ByteBuffer.wrap(new byte[] {0x7f, 1, 1, 1, 'x'}));
                }
            }
            assertThat(run("org", "list").exit()).isZero();
        } finally {
            for (var client : clients) {
                client.close();
            }
            Files.delete(link);
        }
    }

    @Test
    void a_second_server_on_the_folder_says_so() {
        var outcome = Main.outcome(List.of("serve"), Map.of("ROSTER_DATA", data.toString()), form -> {});
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err()).matches("roster: another Roster \\(pid \\d+\\) is running on the data folder .*\n");
    }

    @Test
    void no_secret_is_in_the_database_s_rows_of_the_audit() {
        var org = newOrg("quiet");
        var rows =
            Await.read(server.roster.kernel().db(),
                tx -> tx.query("SELECT audit_entries::text AS row FROM audit_entries WHERE org_id = ?",
                    UUID.fromString(org.path("id").asString())).list(row -> row.text("row")));
        assertThat(rows).isNotEmpty().noneMatch(row -> row.contains(org.path("api_key").asString())
            || row.contains(org.path("application_key").asString()));
    }
}
