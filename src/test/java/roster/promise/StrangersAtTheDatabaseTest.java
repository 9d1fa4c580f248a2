package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import roster.support.Await;
import roster.support.ServerProcess;
import roster.support.TestRoster;

/// Any program of the machine can connect to the embedded PostgreSQL, and wait: its places are used up without a password.
/// Roster does not need another one.
class StrangersAtTheDatabaseTest {
    private static final int STRANGERS = 400;
    private static final int CALLERS = 8;

    private final List<Socket> strangers = new ArrayList<>();
    private ServerProcess server;

    @BeforeEach
    void start() throws Exception {
        server = ServerProcess.start("strangers", Map.of());
    }

    @AfterEach
    void end() throws Exception {
        for (var stranger : strangers) {
            stranger.close();
        }
        server.end();
    }

    private int connections() {
        var metrics = TestRoster.send(server.address(), "GET", "/metrics", null, Map.of()).text();
        return metrics.lines().filter(line -> line.startsWith("roster_db_pool_connections "))
            .mapToInt(line -> (int) Double.parseDouble(line.split(" ")[1])).findFirst().orElseThrow();
    }

    private boolean hasNoPlace() {
        try {
            server.sql("SELECT 1");
            return false;
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (SQLException e) {
            return true;
        }
    }

    /// More silent connections than there are places.
    private void crowd() throws IOException {
        var port = server.databasePort();
        for (var i = 0; i < STRANGERS; i++) {
            strangers.add(new Socket("127.0.0.1", port));
        }
        Await.until("no place is left at the database", this::hasNoPlace);
    }

    @Test
    void a_fresh_server_goes_on_while_strangers_take_all_places_of_the_database() throws Exception {
        crowd();
        Await.until("the pool has the connections that were opened at the start", () -> connections() == 16);

        try (var threads = Executors.newFixedThreadPool(CALLERS)) {
            var calls = new ArrayList<Callable<Integer>>();
            for (var i = 0; i < 4 * CALLERS; i++) {
                var body = """
                    {"data":{"type":"users","attributes":{"email":"user%d@acme.test"}}}""".formatted(i);
                calls.add(() -> TestRoster.send(server.address(), "POST", "/api/v2/users", body, ServerProcess.KEYS)
                    .status());
                calls.add(() -> TestRoster
                    .send(server.address(), "GET", "/api/v2/audit/events", null, ServerProcess.KEYS).status());
            }
            for (var answer : threads.invokeAll(calls)) {
                assertThat(answer.get()).isIn(200, 201);
            }
        }
        Await.until("it is ready", // on an overloaded machine the database may not answer in the second that it has
            () -> TestRoster.send(server.address(), "GET", "/health/ready", null, Map.of()).status() == 200);
        assertThat(connections()).as("kept").isEqualTo(16);
    }
}
