package roster.base.postgres;

import static java.nio.file.attribute.PosixFilePermissions.fromString;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import roster.base.postgres.EmbeddedPostgres.Options;
import roster.support.Await;

class EmbeddedPostgresTest {
    private static final Duration SOON = Await.PATIENCE;

    @TempDir
    static Path sharedTemp;

    static Path sharedFolder;
    static EmbeddedPostgres shared;

    @TempDir
    Path temp;

    @BeforeAll
    static void start() {
        sharedFolder = sharedTemp.resolve("made/on/the/way");
        shared = EmbeddedPostgres.start(sharedFolder, Options.durable());
    }

    @AfterAll
    static void stop() {
        shared.close();
    }

    @Test
    void a_commit_is_flushed() throws Exception {
        for (var setting : new String[] {"fsync", "full_page_writes", "synchronous_commit", "data_checksums"}) {
            assertThat(ask(shared, "SHOW " + setting)).as(setting).isEqualTo("on");
        }
    }

    @Test
    void only_the_password_opens_it() {
        for (var wrong : new String[] {"", "roster", "postgres", shared.password() + "x"}) {
            assertThatThrownBy(() -> DriverManager.getConnection(shared.jdbcUrl(), shared.user(), wrong).close())
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("password");
        }
    }

    @Test
    void others_are_kept_out_of_the_folder() throws Exception {
        // Where PostgreSQL runs as another user than root, that user's group may pass through, and no more.
        assertThat(fromString("rwx--x---")).containsAll(Files.getPosixFilePermissions(sharedFolder));
        for (var file : new String[] {"lock", "postgres-password", "postgresql.log"}) {
            assertThat(mode(sharedFolder.resolve(file))).as(file).isEqualTo("rw-------");
        }
        assertThat(mode(sharedFolder.resolve("postgresql"))).isEqualTo("rwx------");
    }

    @Test
    void no_secret_reaches_its_text_or_log() throws Exception {
        assertThat(shared.toString()).doesNotContain(shared.password());
        try (var connection = connect(shared);
            var statement = connection.prepareStatement("SELECT (? || 'hush')::int, 'hush'")) {
            statement.setString(1, "hush");
            assertThatThrownBy(statement::execute).isInstanceOf(SQLException.class).hasMessageContaining("hush");
        }
        assertThat(sharedFolder.resolve("postgresql.log")).content().doesNotContain("hush", shared.password());
    }

    @Test
    void one_roster_a_folder() throws Exception {
        var me = ProcessHandle.current().pid();
        assertThatThrownBy(() -> EmbeddedPostgres.start(sharedFolder, Options.durable()))
            .isInstanceOf(DataFolderInUse.class)
            .hasMessageContaining("pid " + me).hasMessageContaining("ROSTER_DATA");

        // After that refusal the lock still keeps other processes out.
        assertThat(other(sharedFolder).inputReader().readAllAsString())
            .contains("another Roster (pid %d) is running on the data folder %s"
                .formatted(me, sharedFolder.toRealPath()));
        assertThat(ask(shared, "SELECT 1")).isEqualTo("1");
    }

    @Test
    void a_killed_server_comes_back_on_its_port() throws Exception {
        run(shared, "CREATE TABLE kept AS SELECT 42 AS answer");
        var killed = shared.pid();
        // A process that does not look up from its work outlives its postmaster, and keeps the next one from starting.
        var busy = connect(shared);
        Thread.ofVirtual().start(() -> {
            try (var statement = busy.createStatement()) {
                statement.execute("DO 'BEGIN LOOP END LOOP; END'");
            } catch (SQLException e) {
                // As it should: its server is gone.
            }
        });
        await(() -> ask(shared, "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'DO %'")
            .equals("1"));

        ProcessHandle.of(killed).orElseThrow().destroyForcibly();

        await(() -> shared.pid() != killed && shared.running() && ask(shared, "SELECT answer FROM kept").equals("42"));
    }

    @Test
    void a_restart_keeps_the_data_and_a_stop_leaves_nothing_running() throws Exception {
        var folder = temp.resolve("data");
        var first = EmbeddedPostgres.start(folder, Options.forTests());
        run(first, "CREATE TABLE kept AS SELECT 42 AS answer");
        var open = connect(first);
        var began = System.nanoTime();
        first.close();
        first.close();

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Await.PATIENCE);
        assertThat(new ServerProcesses(folder.toRealPath().resolve("postgresql")).all()).isEmpty();
        assertThat(open.isValid(1)).isFalse();
        try (var second = EmbeddedPostgres.start(folder, Options.durable())) {
            assertThat(ask(second, "SELECT answer FROM kept")).isEqualTo("42");
            assertThat(second.password()).isEqualTo(first.password());
        }
    }

    @Test
    void a_server_that_outlived_its_roster_is_taken_over() throws Exception {
        var folder = temp.resolve("data");
        var killed = other(folder);
        assertThat(killed.inputReader().lines().anyMatch("started"::equals)).isTrue();
        var processes = new ServerProcesses(folder.toRealPath().resolve("postgresql"));
        killed.destroyForcibly().waitFor();
        var orphan = processes.postmaster().orElseThrow();

        try (var postgres = EmbeddedPostgres.start(folder, Options.durable())) {
            assertThat(processes.all()).isNotEmpty().doesNotContain(orphan);
            assertThat(ask(postgres, "SELECT answer FROM kept")).isEqualTo("42");
        }
    }

    @Test
    void a_stranger_with_the_pid_of_a_killed_server_is_left_alone() throws Exception {
        var folder = temp.resolve("data");
        EmbeddedPostgres.start(folder, Options.forTests()).close();
        var stranger = new ProcessBuilder("sleep", "60").start();
        try {
            Files.writeString(folder.resolve("postgresql/postmaster.pid"), "%d\n%s\n%d\n"
                .formatted(stranger.pid(), folder.resolve("postgresql"), Instant.now().getEpochSecond()));

            EmbeddedPostgres.start(folder, Options.forTests()).close();

            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void a_database_made_by_halves_is_made_again() throws Exception {
        var folder = temp.resolve("data");
        DataFolder.open(folder).close();
        var half = Files.createDirectory(folder.resolve("postgresql.unfinished-1"));
        Files.writeString(half.resolve("PG_VERSION"), "18\n");

        EmbeddedPostgres.start(folder, Options.forTests()).close();

        assertThat(half).doesNotExist();
    }

    @Test
    void a_database_of_another_version_is_refused_and_the_folder_given_up() throws Exception {
        var folder = temp.resolve("data");
        DataFolder.open(folder).close();
        Files.createDirectory(folder.resolve("postgresql"));
        Files.writeString(folder.resolve("postgresql/PG_VERSION"), "17\n");
        Files.writeString(folder.resolve("postgres-password"), "known");

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> EmbeddedPostgres.start(folder, Options.forTests()))
                .isExactlyInstanceOf(NotStarted.class)
                .hasMessageContaining("PostgreSQL 17").hasMessageContaining("PostgreSQL 18");
        }
    }

    @Test
    void a_folder_open_to_others_is_closed_only_if_it_is_ours() throws Exception {
        var open = PosixFilePermissions.fromString("rwxrwxr-x");
        Files.setPosixFilePermissions(temp, open);
        DataFolder.open(temp).close();
        assertThat(mode(temp)).isEqualTo("rwx--x---");

        Files.delete(temp.resolve("lock"));
        Files.writeString(temp.resolve("letter"), "Dear Ada");
        Files.setPosixFilePermissions(temp, open);
        assertThatThrownBy(() -> DataFolder.open(temp))
            .isInstanceOf(NotStarted.class)
            .hasMessageContaining("ROSTER_DATA=" + temp.toRealPath().resolve("roster"));
        assertThat(mode(temp)).isEqualTo("rwxrwxr-x");
    }

    /// Another process that starts the server of a folder, says so, and stays until it is killed.
    static final class Other {
        public static void main(String[] arguments) throws Exception {
            try {
                var postgres = EmbeddedPostgres.start(Path.of(arguments[0]), Options.durable());
                run(postgres, "CREATE TABLE kept AS SELECT 42 AS answer");
                System.out.println("started");
                Thread.sleep(Duration.ofMinutes(1));
            } catch (NotStarted e) {
                System.out.println(e.getMessage());
            }
            System.exit(0);
        }
    }

    private static Process other(Path folder) throws IOException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), "-Xshare:auto",
            "-XX:TieredStopAtLevel=1", Other.class.getName(), folder.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD).start();
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static Connection connect(EmbeddedPostgres postgres) throws SQLException {
        return DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
    }

    private static String ask(EmbeddedPostgres postgres, String question) throws SQLException {
        try (var connection = connect(postgres);
            var statement = connection.createStatement();
            var rows = statement.executeQuery(question)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }

    private static void run(EmbeddedPostgres postgres, String sql) throws SQLException {
        try (var connection = connect(postgres); var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private interface Wanted {
        boolean isSo() throws SQLException;
    }

    /// Asks again until it is so. A server that is away is no answer yet.
    private static void await(Wanted wanted) throws InterruptedException {
        var end = System.nanoTime() + SOON.toNanos();
        while (true) {
            try {
                if (wanted.isSo()) {
                    return;
                }
            } catch (SQLException e) {
                assertThat(System.nanoTime() - end).as(e.getMessage()).isNegative();
            }
            assertThat(System.nanoTime() - end).as("nanoseconds left").isNegative();
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
