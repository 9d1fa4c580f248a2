package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import roster.support.Await;
import roster.support.HeldOrg;
import roster.support.Inviting;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// P4: what expires while a request is on its way is refused, by the clock of the database.
@Timeout(180)
class ExpiredMeanwhileTest {
    private static final AtomicLong nanos = new AtomicLong();

    @RegisterExtension
    static final TestRoster roster =
        TestRoster.with(Map.of("ROSTER_RATE_LIMIT", "off"), InstantSource.system(), nanos::get);

    private static final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private static final String CUT_OFF = "{\"errors\":[\"Forbidden\"]}";
    private static final String NEW_ROLE = "{\"data\":{\"type\":\"roles\",\"attributes\":{\"name\":\"too late\"}}}";

    private TestOrg org;

    @BeforeEach
    void org() {
        org = roster.newOrg("acme");
    }

    @AfterEach
    void clockIsRight() {
        roster.setDatabaseClock(Duration.ZERO);
    }

    @AfterAll
    static void noThreads() {
        threads.close();
    }

    /// A token for everything that ends a month from now.
    private String token() {
        var answer = org.founder().post("/api/v2/personal_access_tokens", """
            {"data":{"type":"personal_access_tokens","attributes":{"name":"a token","scopes":["user_access_manage",\
            "user_access_invite","org_management","audit_logs_read"],"expires_at":"%s"}}}
            """.formatted(Instant.now().plus(Duration.ofDays(30))));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        return answer.text("/data/attributes/key");
    }

    private static void aMonthPasses() {
        roster.setDatabaseClock(Duration.ofDays(31));
    }

    /// Sends a request whose body comes after something has happened, once the server waits for it.
    ///
    /// @return the status line and the body of the answer
    private static String slow(String method, String path, Map<String, String> headers, String body,
        Runnable meanwhile) {
        var api = URI.create(roster.address());
        try (var socket = new Socket(api.getHost(), api.getPort())) {
            socket.setSoTimeout((int) Await.PATIENCE.toMillis());
            var head = new StringBuilder("%s %s HTTP/1.1\r\nHost: localhost\r\n".formatted(method, path));
            headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
            head.append("Content-Length: %d\r\nConnection: close\r\nExpect: 100-continue\r\n\r\n"
                .formatted(body.length()));
            socket.getOutputStream().write(head.toString().getBytes(StandardCharsets.US_ASCII));
            var goOn = "HTTP/1.1 100 Continue\r\n\r\n";
            assertThat(new String(socket.getInputStream().readNBytes(goOn.length()), StandardCharsets.US_ASCII))
                .isEqualTo(goOn);
            meanwhile.run();
            socket.getOutputStream().write(body.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String withToken(String token, String method, String path, String body, Runnable meanwhile) {
        return slow(method, path, Map.of("Authorization", "Bearer " + token, "Content-Type", "application/json"), body,
            meanwhile);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        POST  | /api/v2/roles              | {"data":{"type":"roles","attributes":{"name":"too late"}}}
        POST  | /api/v2/users              | {"data":{"type":"users","attributes":{"email":"late@acme.test"}}}
        PUT   | /api/v1/org/PUBLIC         | {"name":"too late"}
        PATCH | /api/v2/users/SELF         | {"data":{"type":"users","id":"SELF","attributes":{"name":"late"}}}
        """)
    void a_token_that_expires_before_the_body_of_a_write_has_come_changes_nothing(String method, String path,
        String body) {
        var token = token();
        var before = org.version();
        var publicId = (String) roster.sqlValue("SELECT public_id FROM orgs WHERE id = ?", org.id().value());

        var answer = withToken(token, method, path.replace("SELF", org.founder().id()).replace("PUBLIC", publicId),
            body.replace("SELF", org.founder().id()), ExpiredMeanwhileTest::aMonthPasses);

        assertThat(answer).startsWith("HTTP/1.1 403 ").endsWith(CUT_OFF);
        assertThat(org.version()).isEqualTo(before);
    }

    @Test
    void a_repeated_answer_is_refused_as_the_work_would_be() {
        var token = token();
        var headers = Map.of("Authorization", "Bearer " + token, "Content-Type", "application/json", "Idempotency-Key",
            "again");
        var user = "{\"data\":{\"type\":\"users\",\"attributes\":{\"email\":\"bob@acme.test\"}}}";
        assertThat(slow("POST", "/api/v2/users", headers, user, () -> {})).startsWith("HTTP/1.1 201 ");
        assertThat(slow("POST", "/api/v2/users", headers, user, () -> {})).contains("Idempotency-Replayed: true");

        assertThat(slow("POST", "/api/v2/users", headers, user, ExpiredMeanwhileTest::aMonthPasses))
            .startsWith("HTTP/1.1 403 ").endsWith(CUT_OFF);
    }

    @Test
    void a_token_that_has_not_expired_yet_still_writes_however_slow_the_body() {
        assertThat(withToken(token(), "POST", "/api/v2/roles", NEW_ROLE,
            () -> roster.setDatabaseClock(Duration.ofDays(29)))).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void a_token_that_expires_while_a_write_waits_for_its_turn_changes_nothing() throws Exception {
        var late = HeldOrg.inTime(() -> {
            roster.setDatabaseClock(Duration.ZERO);
            var token = token();
            try (var held = new HeldOrg(org)) {
                var write = threads
                    .submit(() -> TestUser.withToken(roster, token, "POST", "/api/v2/roles", NEW_ROLE));
                held.awaitWaiting(1, write);
                aMonthPasses();
                held.release();
                return write.get(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        });

        assertThat(Got.of(late)).isEqualTo(new Got(403, Got.CUT_OFF));
        assertThat(roles("too late")).isZero();
    }

    @Test
    void an_invitation_that_expires_before_its_form_has_come_is_not_accepted() {
        var invitation = Inviting.newInvitation(org);

        var answer = slow("POST", Inviting.link(org, invitation), Map.of("Content-Type", Inviting.FORM),
            Inviting.form("Bob Miller", Inviting.PASSWORD), () -> roster.setDatabaseClock(Duration.ofHours(49)));

        assertThat(answer).startsWith("HTTP/1.1 410 ");
        assertThat(roster.sqlValue("SELECT accepted_at IS NULL FROM invitations WHERE org_id = ?", org.id().value()))
            .isEqualTo(true);
    }

    @Test
    void a_token_that_expires_before_a_search_has_come_reads_nothing() {
        var answer = withToken(token(), "POST", "/api/v2/audit/events/search", "{}", () -> {
            aMonthPasses();
            nanos.addAndGet(Duration.ofDays(31).toNanos());
        });

        assertThat(answer).startsWith("HTTP/1.1 403 ").endsWith(CUT_OFF);
    }

    @Test
    void a_user_who_is_disabled_before_a_search_has_come_reads_nothing() {
        var bob = org.newAdmin("bob@acme.test");
        var headers = Map.of("DD-API-KEY", bob.apiKey(), "DD-APPLICATION-KEY", bob.applicationKey(), "Content-Type",
            "application/json");

        var answer = slow("POST", "/api/v2/audit/events/search", headers, "{}", () -> {
            assertThat(org.founder().delete("/api/v2/users/" + bob.id()).status()).isEqualTo(204);
            nanos.addAndGet(Duration.ofSeconds(2).toNanos());
        });

        assertThat(answer).startsWith("HTTP/1.1 403 ").endsWith(CUT_OFF);
    }

    private long roles(String name) {
        return (long) roster.sqlValue("SELECT count(*) FROM roles WHERE org_id = ? AND name = ?", org.id().value(),
            name);
    }
}
