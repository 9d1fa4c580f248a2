package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.support.Inviting.invite;
import static roster.support.Inviting.invited;
import static roster.support.Inviting.letterState;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import roster.base.db.OrgClocks;
import roster.core.org.ClockRepair;
import roster.support.Answer;
import roster.support.Await;
import roster.support.Inviting;
import roster.support.MailServer;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// An organisation that was written while the clock of the database was ahead, by two hours and by five years, works as any
/// other once that clock is right again, and all that remains of it can be repaired.
@Timeout(300)
class ClockAheadTest {
    private static final MailServer mail = new MailServer();

    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_SMTP_URL", mail.url(), "ROSTER_PUBLIC_URL",
        "https://people.example.test", "ROSTER_INVITES_PER_INVITER", "3/1h"));

    private static final String NOT_READY = """
        {"status":"unavailable","failed":"organization_clock","reason":"An organization was written while the clock of \
        the database was ahead. The log has its id; repair it with: roster org repair-clock"}""";
    private static final String READY = "{\"status\":\"ok\"}";
    private static final String TOKENS = "/api/v2/personal_access_tokens";

    private static final ListAppender<ILoggingEvent> LOG = new ListAppender<>();

    private final TestOrg org = roster.newOrg("acme");

    @AfterEach
    void repaired() {
        roster.setDatabaseClock(Duration.ZERO);
        repair();
    }

    @AfterAll
    static void stop() {
        logger().detachAppender(LOG);
        mail.close();
    }

    @BeforeAll
    static void listen() {
        LOG.setContext((LoggerContext) LoggerFactory.getILoggerFactory());
        LOG.start();
        logger().addAppender(LOG);
    }

    private static Logger logger() {
        return ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(OrgClocks.class);
    }

    /// What was logged about the organisation.
    private List<String> logged() {
        return List.copyOf(LOG.list).stream()
            .filter(event -> event.getKeyValuePairs().stream().anyMatch(pair -> org.id().equals(pair.value)))
            .map(ILoggingEvent::getFormattedMessage).toList();
    }

    private Optional<ClockRepair.Outcome> repair() {
        return org.write(roster.program().clockRepair::repair);
    }

    private static String ready() {
        return ready(roster.address());
    }

    private static String ready(String node) {
        return TestRoster.send(node, "GET", "/health/ready", null, Map.of()).text();
    }

    /// One write while the clock is ahead.
    private <T> T whileAhead(String ahead, Supplier<T> work) {
        roster.setDatabaseClock(Duration.parse(ahead));
        try {
            return work.get();
        } finally {
            roster.setDatabaseClock(Duration.ZERO);
        }
    }

    private String inviteNew(TestUser inviter, String address) {
        return invited(inviter, org.newPending(address).id());
    }

    private Instant expiry(String invitation) {
        return OffsetDateTime.parse(org.founder().get(Inviting.PATH + "/" + invitation)
            .text("/data/attributes/expires_at")).toInstant();
    }

    private static Answer issueToken(TestUser owner, Duration life) {
        return owner.post(TOKENS, """
            {"data":{"type":"personal_access_tokens","attributes":{"name":"t","scopes":["user_access_read"],\
            "expires_at":"%s"}}}""".formatted(Instant.now().plus(life)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT2H", "P1826D"})
    void it_is_not_ready_until_it_is_repaired(String ahead) {
        assertThat(ready()).isEqualTo(READY);
        whileAhead(ahead, () -> org.newPending("ahead@acme.test"));

        assertThat(ready()).isEqualTo(NOT_READY);
        assertThat(roster.send("GET", "/health/ready", null).status()).isEqualTo(503);
        org.newPending("after@acme.test");
        assertThat(ready()).isEqualTo(NOT_READY);
        assertThat(logged())
            .containsExactly("an organization was written while the clock of the database was ahead; this "
                + "node is not ready until `roster org repair-clock` has repaired its times, or the clock has caught up");

        assertThat(repair()).get().matches(ClockRepair.Outcome::done);
        assertThat(ready()).isEqualTo(READY);
        assertThat(repair()).isEmpty();
        assertThat(roster.program().audit().trail.verify(org.id(), Optional.empty()).faults()).isEmpty();
        assertThat(roster.sqlValue("SELECT count(*) FROM audit_entries WHERE org_id = ? AND action = "
            + "'org.clock_repaired'", org.id().value())).isEqualTo(1L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT2H", "P1826D"})
    void a_node_that_starts_later_is_not_ready_either(String ahead) {
        whileAhead(ahead, () -> org.newPending("ahead@acme.test"));
        try (var other = roster.anotherNode(Map.of())) {
            assertThat(ready(other.address())).isEqualTo(NOT_READY);
            repair();
            assertThat(ready(other.address())).isEqualTo(READY);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT2H", "P1826D"})
    void invitations_last_48_hours_from_now(String ahead) {
        var meanwhile = whileAhead(ahead, () -> inviteNew(org.founder(), "meanwhile@acme.test"));
        var before = Instant.now();

        var after = inviteNew(org.founder(), "after@acme.test");
        var again = inviteNew(org.founder(), "again@acme.test");
        assertThat(org.founder().post(Inviting.OWN_PATH + "/" + again + "/resend", null).status()).isEqualTo(200);
        assertLasts48Hours(before, after);
        assertLasts48Hours(before, again);
        assertThat(expiry(meanwhile)).isAfter(Instant.now().plus(Duration.ofHours(49)));

        repair();
        assertLasts48Hours(before, meanwhile);
        assertLasts48Hours(before, after);
        assertThat(roster.sqlValue("SELECT count(*) FROM audit_entries WHERE org_id = ? AND action = "
            + "'invitation.expiry_repaired' AND subject_id = ?", org.id().value(), UUID.fromString(meanwhile)))
            .isEqualTo(1L);
        assertThat(roster.program().audit().trail.verify(org.id(), Optional.empty()).faults()).isEmpty();
        assertThat(Inviting.accept(roster, Inviting.link(org, meanwhile)).status()).isEqualTo(200);
    }

    private void assertLasts48Hours(Instant before, String invitation) {
        assertThat(expiry(invitation)).isBetween(before.plus(Duration.ofHours(48)),
            Instant.now().plus(Duration.ofHours(48)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT2H", "P1826D"})
    void e_mails_are_sent(String ahead) {
        var name = "mail" + ahead.toLowerCase(Locale.ROOT);
        var meanwhile = whileAhead(ahead, () -> {
            var invitation = inviteNew(org.founder(), name + ".meanwhile@acme.test");
            mail.letter(name + ".meanwhile@acme.test");
            Await.until("the letter is sent", () -> letterState(org, invitation).equals("sent"));
            return invitation;
        });

        inviteNew(org.founder(), name + ".after@acme.test");
        mail.letter(name + ".after@acme.test");
        assertThat(org.founder().post(Inviting.OWN_PATH + "/" + meanwhile + "/resend", null).status()).isEqualTo(200);
        Await.until("the letter of the second time", () -> mail.letters(name + ".meanwhile@acme.test").size() == 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT2H", "P1826D"})
    void e_mails_that_waited_meanwhile_are_sent_after_the_repair(String ahead) {
        var address = "waits" + ahead.toLowerCase(Locale.ROOT) + "@acme.test";
        var invitation = whileAhead(ahead, () -> {
            var id = inviteNew(org.founder(), address);
            Await.until("the letter is sent", () -> letterState(org, id).equals("sent"));
            return id;
        });
        // As if the mail server had been away, and a node had died.
        roster.sql("UPDATE letters SET state = 'deferred', sent_at = NULL, next_attempt_at = created_at + interval "
            + "'1 minute', claimed_until = created_at + interval '15 minutes' WHERE org_id = ?", org.id().value());

        repair();

        Await.until("the letter is sent", () -> letterState(org, invitation).equals("sent"));
        assertThat(mail.letters(address)).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT2H", "P1826D"})
    void tokens_are_issued_and_taken(String ahead) {
        whileAhead(ahead, () -> org.newPending("ahead@acme.test"));

        var issued = issueToken(org.founder(), Duration.ofHours(25));

        assertThat(issued.status()).as(issued.toString()).isEqualTo(201);
        assertThat(TestUser.withToken(roster, issued.text("/data/attributes/key"), "GET", "/api/v2/users", null)
            .status()).isEqualTo(200);
        assertThat(OffsetDateTime.parse(issued.text("/data/attributes/created_at")).toInstant())
            .isBeforeOrEqualTo(Instant.now().plusSeconds(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT2H", "P1826D"})
    void a_token_that_has_expired_while_ahead_is_refused_then_and_taken_again_after(String ahead) {
        var issued = issueToken(org.founder(), Duration.ofHours(25)).text("/data/attributes/key");
        var refused = ahead.equals("P1826D");
        var then = whileAhead(ahead, () -> TestUser.withToken(roster, issued, "GET", "/api/v2/users", null).status());

        assertThat(then).isEqualTo(refused ? 403 : 200);
        assertThat(TestUser.withToken(roster, issued, "GET", "/api/v2/users", null).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT2H", "P1826D"})
    void limits_count_what_was_sent_in_the_last_hour(String ahead) {
        var ada = org.newAdmin("ada@acme.test");
        var pending = org.newPending("bob@acme.test");
        whileAhead(ahead, () -> {
            for (int i = 0; i < 3; i++) {
                invited(ada, pending.id());
            }
            return invite(ada, pending.id());
        });

        for (int i = 0; i < 3; i++) {
            invited(ada, pending.id());
        }
        var tooMany = invite(ada, pending.id());
        assertThat(tooMany.status()).isEqualTo(429);
        assertThat(Long.parseLong(tooMany.headers().get("x-ratelimit-reset").getFirst())).isBetween(1L, 3600L);

        repair();
        assertThat(roster.sqlValue("SELECT count(*) FROM invitation_counts WHERE org_id = ? AND at > roster_now()",
            org.id().value())).isEqualTo(0L);
        assertThat(invite(ada, pending.id()).status()).isEqualTo(429);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT2H", "P1826D"})
    void the_audit_trail_shows_what_happened_and_its_order_is_that_of_versions(String ahead) {
        whileAhead(ahead, () -> org.newRole("meanwhile", List.of()));
        org.newRole("after", List.of());

        var window = org.founder().get("/api/v2/audit/events?filter[query]=@asset.type:role&page[limit]=1000");
        assertThat(window.status()).as(window.toString()).isEqualTo(200);
        var names = window.each("/data", "/attributes/attributes/asset/name");
        assertThat(names).contains("meanwhile", "after");
        var untilNow = org.founder().get(
            "/api/v2/audit/events?filter[query]=@asset.type:role&filter[to]=now&page[limit]=1000");
        assertThat(untilNow.each("/data", "/attributes/attributes/asset/name")).contains("after")
            .doesNotContain("meanwhile");
        assertThat(roster.sql("SELECT subject_name FROM audit_entries WHERE org_id = ? AND action = 'role.created' "
            + "ORDER BY version DESC LIMIT 2", org.id().value()).toString()).isEqualTo("[[after], [meanwhile]]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT2H", "P1826D"})
    void the_history_of_a_user_has_what_happened_meanwhile(String ahead) {
        var bob = whileAhead(ahead, () -> org.newPending("bob@acme.test"));
        assertThat(asOf(bob.id(), Instant.now().plusSeconds(1)).text("/data/attributes/email"))
            .isEqualTo("bob@acme.test");

        var renamed = org.founder().patch("/api/v2/users/" + bob.id(), """
            {"data":{"type":"users","id":"%s","attributes":{"name":"Bob"}}}""".formatted(bob.id()));
        var then = OffsetDateTime.parse(renamed.text("/data/attributes/modified_at")).toInstant();
        assertThat(then).isBefore(Instant.now().plusSeconds(1));
        org.founder().delete("/api/v2/users/" + bob.id());

        assertThat(asOf(bob.id(), then).at("/data/attributes/name").asString()).isEqualTo("Bob");
        assertThat(asOf(bob.id(), then).at("/data/attributes/disabled").asBoolean()).isFalse();
        assertThat(asOf(bob.id(), then.minusSeconds(3600)).status()).isEqualTo(404);
    }

    private Answer asOf(Object user, Instant moment) {
        return org.founder().get("/api/v2/roster/users/%s?as_of=%s".formatted(user, moment));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT2H", "P1826D"})
    void changes_by_hand_have_the_time_of_the_clock(String ahead) {
        whileAhead(ahead, () -> org.newPending("ahead@acme.test"));

        roster.sql("SELECT roster_touch(?, 'by hand')", org.id().value());

        assertThat(roster.sqlValue("SELECT at <= roster_now() FROM audit_entries WHERE org_id = ? AND action = "
            + "'org.touched'", org.id().value())).isEqualTo(true);
        assertThat(ready()).isEqualTo(NOT_READY);
        repair();
        assertThat(ready()).isEqualTo(READY);
        assertThat(roster.program().audit().trail.verify(org.id(), Optional.empty()).faults()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT2H", "P1826D"})
    void stored_answers_are_repeated_for_a_day_from_the_repair(String ahead) {
        var body = "{\"data\":{\"type\":\"users\",\"attributes\":{\"email\":\"once@acme.test\"}}}";
        var key = Map.of("Idempotency-Key", "one");
        var made = whileAhead(ahead, () -> org.founder().send("POST", "/api/v2/users", body, key));

        assertThat(org.founder().send("POST", "/api/v2/users", body, key).id()).isEqualTo(made.id());
        repair();
        assertThat(org.founder().send("POST", "/api/v2/users", body, key).id()).isEqualTo(made.id());
        assertThat(roster.sqlValue("SELECT created_at <= roster_now() FROM idempotency_keys WHERE org_id = ?",
            org.id().value())).isEqualTo(true);
    }

    /// Corrections of a few seconds are no reason for alarm: times increase through them.
    @ParameterizedTest
    @ValueSource(strings = {"PT3S"})
    void a_clock_that_was_ahead_by_less_than_5_seconds_needs_no_repair(String ahead) {
        var meanwhile = whileAhead(ahead, () -> org.newPending("ahead@acme.test"));

        assertThat(org.newPending("after@acme.test").createdAt()).isAfter(meanwhile.createdAt());
        assertThat(ready()).isEqualTo(READY);
        assertThat(repair()).isEmpty();
    }
}
