package roster.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.DriverManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresTest {
    @TempDir
    Path temp;

    @Test
    void a_commit_is_flushed() throws Exception {
        try (var postgres = EmbeddedPostgres.start(temp.resolve("data"), EmbeddedPostgres.Options.durable());
                var connection = DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
                var settings = connection.createStatement().executeQuery(
                    "SELECT setting FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit')")) {
            while (settings.next()) {
                assertThat(settings.getString(1)).isEqualTo("on");
            }
        }
    }
}
