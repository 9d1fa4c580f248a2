package roster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.door.command.Outcome;
import roster.support.TestRoster;

/// What the data folder and the database must be like before anything is written to them.
class BeforeTheStartTest {
    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_BOOTSTRAP_ORG", "secrets"));

    @TempDir
    Path folder;

    private Outcome migrate(Map<String, String> more) {
        var environment = new HashMap<>(Map.of("ROSTER_DATA", folder.resolve("data").toString()));
        environment.putAll(more);
        return Main.outcome(List.of("migrate"), environment, form -> {});
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "!!", "c2hvcnQ="})
    void a_damaged_key_is_named_and_a_missing_one_is_not_made_up(String damaged) throws IOException {
        assertThat(migrate(Map.of()).exit()).isZero();
        var file = folder.resolve("data/secret-key");
        Files.writeString(file, damaged);

        var outcome = migrate(Map.of());
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err()).contains(file.toString(), "damaged").hasLineCount(1).doesNotContain("Exception");

        Files.delete(file);
        var missing = migrate(Map.of());
        assertThat(missing.exit()).isEqualTo(1);
        assertThat(missing.err()).contains(file.toString(), "is missing", "put it back").hasLineCount(1);
        assertThat(file).doesNotExist();
    }

    @Test
    void a_database_that_will_not_do_is_left_as_it_is() throws SQLException {
        var url = TestRoster.newDatabase(); // on a server that flushes nothing
        var outcome = migrate(Map.of("ROSTER_DATABASE_URL", url, "ROSTER_SECRET_KEY", TestRoster.SECRET_KEY));

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err()).contains("fsync is off");
        try (var connection = DriverManager.getConnection(url);
            var tables = connection.createStatement().executeQuery(
                "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")) {
            tables.next();
            assertThat(tables.getInt(1)).isZero();
        }
    }

    /// As backups are restored by programs that keep no modes, as another user or with a wide umask.
    @Test
    void a_restored_folder_that_others_may_read_is_closed_to_them() throws IOException {
        assertThat(migrate(Map.of()).exit()).isZero();
        var data = folder.resolve("data");
        Files.writeString(data.resolve("first-keys"), "DD_API_KEY=x\n");
        Files.writeString(data.resolve("mailbox-token"), "0123\n");
        Files.delete(data.resolve("lock")); // no part of a backup
        var secrets = List.of("postgres-password", "secret-key", "first-keys", "mailbox-token");
        set(data, "rwxrwxr-x");
        set(data.resolve("postgresql"), "rwxr-xr-x");
        for (var file : secrets) {
            set(data.resolve(file), "rw-r--r--");
        }

        var outcome = migrate(Map.of());

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.exit()).isZero();
        assertThat(Files.getPosixFilePermissions(data)).doesNotContainAnyElementsOf(OF_OTHERS);
        assertThat(mode(data.resolve("postgresql"))).isEqualTo("rwx------");
        for (var file : secrets) {
            assertThat(mode(data.resolve(file))).as(file).isEqualTo("rw-------");
        }
    }

    private static final Set<PosixFilePermission> OF_OTHERS = PosixFilePermissions.fromString("---rw-rwx");

    private static void set(Path path, String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void a_folder_made_beside_an_outside_database_is_for_its_owner_alone() throws IOException {
        var data = folder.resolve("a/b");
        try (var node = roster.anotherNode(Map.of("ROSTER_DATA", data.toString(), "ROSTER_DATABASE_URL",
            TestRoster.newDatabase()))) {
            assertThat(node.made()).isPresent();
        }

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data))).isEqualTo("rwx------");
    }
}
