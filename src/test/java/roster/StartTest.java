package roster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.sql.DriverManager;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import roster.base.db.Migrations;
import roster.door.command.Outcome;
import roster.support.TestRoster;

/// What an operator reads when Roster does not start: one line that says what to do, and 1 as exit code.
class StartTest {
    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_BOOTSTRAP_ORG", "starts"));

    @TempDir
    Path folder;

    private Outcome serve(String... namesAndValues) {
        var environment = new HashMap<>(Map.of("ROSTER_DATA", folder.resolve("data").toString(), "ROSTER_PORT", "0",
            "ROSTER_SECRET_KEY", TestRoster.SECRET_KEY));
        for (int i = 0; i < namesAndValues.length; i += 2) {
            environment.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return Main.outcome(List.of("serve"), environment, form -> {});
    }

    private static void fails(Outcome outcome, String... says) {
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).startsWith("roster: ").contains(says).endsWith("\n").hasLineCount(1)
            .doesNotContain("Exception", "\tat ");
    }

    @Test
    void a_port_that_is_taken() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            var port = Integer.toString(taken.getLocalPort());
            fails(serve("ROSTER_PORT", port), "Cannot listen on 127.0.0.1 port " + port,
                "set ROSTER_HOST or ROSTER_PORT");
            fails(serve("ROSTER_MANAGEMENT_PORT", port), "set ROSTER_MANAGEMENT_PORT");
        }
    }

    @Test
    void an_address_of_another_machine() {
        fails(serve("ROSTER_HOST", "192.0.2.1"), "Cannot listen on 192.0.2.1 port 0 (that is no address of this "
            + "machine)");
        fails(serve("ROSTER_HOST", "nowhere.invalid"), "(there is no such host)");
    }

    /// What was made could not be taken back: keys that were never shown.
    @Test
    void nothing_is_made_for_a_server_that_cannot_listen() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            var port = Integer.toString(taken.getLocalPort());
            fails(serve("ROSTER_PORT", port), "Cannot listen on 127.0.0.1 port " + port);
            fails(serve("ROSTER_MANAGEMENT_PORT", port), "set ROSTER_MANAGEMENT_PORT");
        }
        fails(serve("ROSTER_HOST", "192.0.2.1"), "that is no address of this machine");
        fails(serve("ROSTER_HOST", "nowhere.invalid"), "there is no such host");
        var wrong = serve("ROSTER_HOST", "127.0.0.1:8080");
        assertThat(wrong.exit()).isEqualTo(2);
        assertThat(wrong.err()).startsWith("roster: ROSTER_HOST: expected a host name or an address");
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void an_address_in_brackets_is_listened_on() throws IOException {
        var loopback = InetAddress.ofLiteral("::1");
        assumeTrue(NetworkInterface.getByInetAddress(loopback) != null, "this machine has no IPv6");
        try (var other = roster.anotherNode(Map.of("ROSTER_HOST", "[::1]", "ROSTER_PORT", "0"))) {
            assertThat(other.address()).matches("http://\\[::1]:[0-9]+");
            assertThat(TestRoster.send(other.address(), "GET", "/health/ready", null, Map.of()).status())
                .isEqualTo(200);
        }
    }

    @Test
    void a_restart_says_where_the_first_keys_are_while_their_file_is_there() throws IOException {
        var data = Files.createDirectory(folder.resolve("data"));
        Files.writeString(data.resolve("first-keys"), keysOf(UUID.randomUUID()));
        var keys = Files.writeString(data.resolve("first-keys-2"), keysOf(roster.newOrg("acme").id()));
        try (var other = roster.anotherNode(Map.of("ROSTER_PORT", "0", "ROSTER_DATA", data.toString()))) {
            assertThat(other.made()).isEmpty();
            assertThat(announced(other)).contains("first keys are in " + keys, ". " + keys + " && curl ");
            Files.delete(keys);
            assertThat(announced(other)).doesNotContain("curl", "first-keys").contains("listens on");
        }
    }

    @Test
    void a_first_start_leaves_the_keys_of_another_database_alone() throws IOException {
        var data = Files.createDirectory(folder.resolve("shared"));
        var keys = Files.writeString(data.resolve("first-keys"), "DD_API_KEY=x\nDD_APP_KEY=y\n");
        try (var other = roster.anotherNode(Map.of("ROSTER_PORT", "0", "ROSTER_DATA", data.toString(),
            "ROSTER_DATABASE_URL", TestRoster.newDatabase()))) {
            assertThat(keys).hasContent("DD_API_KEY=x\nDD_APP_KEY=y\n");
            assertThat(other.made().orElseThrow().keyFile()).contains(data.resolve("first-keys-2"));
            assertThat(announced(other)).contains(data.resolve("first-keys-2").toString());
        }
    }

    /// Operators encrypt the file, or put other things beside it.
    @Test
    void what_else_is_called_like_the_first_keys_is_left_alone() throws IOException {
        var data = Files.createDirectory(folder.resolve("others"));
        Files.write(data.resolve("first-keys"), new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
        Files.createDirectory(data.resolve("first-keys-2"));
        Files.createSymbolicLink(data.resolve("first-keys-3"), data.resolve("nowhere"));
        Files.writeString(data.resolve("first-keys.gpg"), "\u0000");
        try (var other = roster.anotherNode(Map.of("ROSTER_PORT", "0", "ROSTER_DATA", data.toString()))) {
            assertThat(announced(other)).doesNotContain("curl", "first-keys").contains("listens on", "Ready in");
        }
        assertThat(data.resolve("first-keys")).isRegularFile();
    }

    @Test
    void a_first_start_that_did_not_get_to_its_commit_leaves_no_keys_that_look_good() throws IOException {
        var data = Files.createDirectory(folder.resolve("anew"));
        Files.writeString(data.resolve("first-keys.new"), keysOf(UUID.randomUUID()));
        try (var other = roster.anotherNode(Map.of("ROSTER_PORT", "0", "ROSTER_DATA", data.toString(),
            "ROSTER_DATABASE_URL", TestRoster.newDatabase()))) {
            assertThat(other.made().orElseThrow().keyFile()).contains(data.resolve("first-keys"));
            assertThat(data.resolve("first-keys.new")).doesNotExist();
        }
    }

    @Test
    void a_first_start_that_got_no_further_than_its_commit_is_finished_by_the_next() throws IOException {
        var data = Files.createDirectory(folder.resolve("further"));
        Files.writeString(data.resolve("first-keys.new"), keysOf(roster.newOrg("acme").id()));
        try (var other = roster.anotherNode(Map.of("ROSTER_PORT", "0", "ROSTER_DATA", data.toString()))) {
            assertThat(announced(other)).contains("first keys are in " + data.resolve("first-keys") + ";");
            assertThat(data.resolve("first-keys.new")).doesNotExist();
        }
    }

    private static String keysOf(Object org) {
        return "# Keys of organization %s, for ada@acme.test. Delete this file.\nDD_API_KEY=x\nDD_APP_KEY=y\n"
            .formatted(org);
    }

    private static String announced(Node node) {
        var out = new ByteArrayOutputStream();
        Serve.announce(node, new PrintStream(out, true, StandardCharsets.UTF_8), false);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void a_database_that_is_not_there() {
        fails(serve("ROSTER_DATABASE_URL", "jdbc:postgresql://127.0.0.1:1/x?user=me&password=geheim"),
            "the database jdbc:postgresql://127.0.0.1:1/x?user=me&password=*** cannot be reached", "refused");
    }

    @Test
    void a_database_that_may_lose_what_it_acknowledged() {
        fails(serve("ROSTER_DATABASE_URL", TestRoster.newDatabase()), "fsync is off");
    }

    @Test
    void a_database_with_too_few_connections() throws Exception {
        var database = TestRoster.newDatabase();
        var role = "few_" + UUID.randomUUID().toString().substring(0, 8);
        try (var connection = DriverManager.getConnection(database); var statement = connection.createStatement()) {
            statement.execute("CREATE ROLE %s LOGIN PASSWORD 'geheim' CONNECTION LIMIT 4".formatted(role));
        }
        var url = database.substring(0, database.indexOf('?')) + "?user=" + role + "&password=geheim";

        fails(serve("ROSTER_DATABASE_URL", url), "the database allows 4 connections: every node needs 18");
    }

    @Test
    void a_data_folder_that_is_no_folder_beside_a_database_of_its_own() throws Exception {
        var database = TestRoster.newDatabase();
        var file = Files.createFile(folder.resolve("file"));
        for (var data : List.of(file, file.resolve("below"), file.resolve("far/below"))) {
            fails(serve("ROSTER_DATABASE_URL", database, "ROSTER_DATA", data.toString()),
                "the data folder " + data + " cannot be used: " + file + " is a file; set ROSTER_DATA to a folder");
        }
        try (var connection = DriverManager.getConnection(database);
            var tables = connection.getMetaData().getTables(null, "public", "%", new String[] {"TABLE"})) {
            assertThat(tables.next()).as("nothing was made").isFalse();
        }
    }

    @Test
    void a_data_folder_that_is_no_folder() throws IOException {
        Files.writeString(folder.resolve("data"), "a file");
        fails(serve(), "the data folder", "ROSTER_DATA");
        fails(serve("ROSTER_DATA", folder.resolve("data/below").toString()), "is something else", "ROSTER_DATA");
    }

    @Test
    void a_data_folder_that_others_may_read_and_that_holds_other_things() throws IOException {
        var open = Files.createDirectory(folder.resolve("data"));
        Files.writeString(open.resolve("letter"), "x");
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
        fails(serve(), "is open to other users");
    }

    @Test
    void another_secret_key() {
        var other = Base64.getEncoder().encodeToString(new byte[32]);
        assertThatThrownBy(() -> roster.anotherNode(Map.of("ROSTER_SECRET_KEY", other)))
            .isInstanceOf(CannotStart.class)
            .hasMessageContaining("written with another secret key");
    }

    @Test
    void a_schema_that_is_newer_or_was_changed() {
        roster.sql("""
            INSERT INTO flyway_schema_history (installed_rank, version, description, type, script, checksum,
                                               installed_by, execution_time, success)
            VALUES (999, '999', 'later', 'SQL', 'V999__later.sql', 1, 'x', 1, true)
            """);
        try {
            assertThatThrownBy(() -> roster.anotherNode(Map.of("ROSTER_PORT", "0")))
                .isInstanceOf(Migrations.Unusable.class).hasMessageContaining("V999__later.sql")
                .hasMessageContaining("does not know");
        } finally {
            roster.sql("DELETE FROM flyway_schema_history WHERE version = '999'");
        }
        roster.sql("UPDATE flyway_schema_history SET checksum = checksum + 1 WHERE version = '1'");
        try {
            assertThatThrownBy(() -> roster.anotherNode(Map.of("ROSTER_PORT", "0")))
                .isInstanceOf(Migrations.Unusable.class).hasMessageContaining("another form of V1__");
        } finally {
            roster.sql("UPDATE flyway_schema_history SET checksum = checksum - 1 WHERE version = '1'");
        }
    }

    @Test
    void a_second_node_on_one_database_starts_without_migrating() {
        try (var other = roster.anotherNode(Map.of("ROSTER_PORT", "0"))) {
            assertThat(other.roster.migrated()).isZero();
            assertThat(other.made()).isEmpty();
        }
        assertThat(roster.program().migrated()).isPositive();
    }
}
