package roster.core.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.support.Inviting.invited;
import static roster.support.MailServer.eventually;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import roster.Node;
import roster.base.source.Ids;
import roster.base.work.Rate;
import roster.base.work.Stop;
import roster.model.Org;
import roster.support.Answer;
import roster.support.Await;
import roster.support.Inviting;
import roster.support.MailServer;
import roster.support.Relay;
import roster.support.TestRoster;
import roster.support.TestUser;
import roster.support.Threads;

/// Whatever a mail server does wrong, and wherever: what becomes of the letter, and how many copies there are.
class FaultsTest {
    private static final MailServer mail = new MailServer();

    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_SMTP_URL", mail.url(), "ROSTER_PUBLIC_URL",
        "https://people.example.test"));

    /// Wherever a server can say something about a letter.
    private static final List<String> STEPS = List.of("RCPT", "DATA", Relay.END);

    @AfterAll
    static void stop() {
        mail.close();
    }

    private static Stream<Arguments> passing() {
        var faults = new ArrayList<Arguments>();
        for (var step : List.of("AUTH", "MAIL", "RCPT", "DATA", Relay.END)) {
            faults.add(Arguments.of(step, "421 4.3.2 closing"));
            faults.add(Arguments.of(step, "450 4.2.0 later"));
            if (!step.equals(Relay.END)) { // there the letter is in, and a copy more is made: MailerTest
                faults.add(Arguments.of(step, Relay.DROP));
            }
        }
        faults.add(Arguments.of("MAIL", "550 5.7.1 not from you")); // that is about ROSTER_MAIL_FROM
        faults.add(Arguments.of("MAIL", "554 5.7.1 not from you"));
        faults.add(Arguments.of(Relay.CONNECT, "421 4.3.2 too busy"));
        faults.add(Arguments.of(Relay.CONNECT, "450 4.2.0 later"));
        faults.add(Arguments.of(Relay.CONNECT, "550 5.7.1 not today")); // that is about us, and mends
        faults.add(Arguments.of(Relay.CONNECT, Relay.DROP));
        return faults.stream();
    }

    @ParameterizedTest
    @MethodSource("passing")
    void what_passes_delays_a_letter_and_makes_no_second_copy(String step, String answer) {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var address = UUID.randomUUID() + "@acme.test";
        try (var line = smtp(mail.url(), Smtp.Waits.STANDARD).line()) {
            mail.relay().refuse(step, answer, 1);
            assertThat(line.send(letterTo(address), LETTER)).isInstanceOf(Smtp.Outcome.NotNow.class);
            assertThat(mail.letters(address)).isEmpty();
            assertThat(line.send(letterTo(address), LETTER)).isInstanceOf(Smtp.Outcome.Sent.class);
            assertThat(mail.letters(address)).hasSize(1);
        }

        mail.relay().refuse(step, answer, 1);
        var delivery = delivered(ada, "sent");
        assertThat(mail.letters(delivery.recipient())).hasSize(1);
        mail.relay().forget();
    }

    @ParameterizedTest
    @MethodSource("steps")
    void what_a_server_refuses_for_good_fails_at_once_wherever_it_does(String step) {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        mail.relay().refuse(step, "550 5.7.1 never: " + step, 1);
        var delivery = delivered(ada, "failed");

        assertThat(delivery.attempts()).isEqualTo(1);
        assertThat(delivery.why()).hasValueSatisfying(why -> assertThat(why).contains("550 5.7.1 never: " + step));
        assertThat(delivery.nextAttemptAt()).isEmpty();
        assertThat(mail.letters(delivery.recipient())).isEmpty();
    }

    private static Stream<String> steps() {
        return STEPS.stream();
    }

    @Test
    void a_letter_that_is_put_off_says_why_and_until_when() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        mail.relay().refuse("RCPT", "450 4.2.0 greylisted", 1_000);
        var delivery = delivered(ada, "deferred");
        mail.relay().forget();

        assertThat(delivery.why()).hasValueSatisfying(why -> assertThat(why).contains("450 4.2.0 greylisted"));
        assertThat(delivery.nextAttemptAt()).isPresent();
        assertThat(delivery.sentAt()).isEmpty();
        eventually(() -> mail.letters(delivery.recipient()).size() == 1);
    }

    /// All letters are of one sender.
    @Test
    void a_refused_sender_is_told_and_holds_up_the_other_letters_too() {
        try (var line = smtp(mail.url(), Smtp.Waits.STANDARD).line()) {
            mail.relay().refuse("MAIL", "550 5.7.1 not from you", 1);
            assertThat(line.send(letterTo("any@acme.test"), LETTER)).isInstanceOfSatisfying(Smtp.Outcome.NotNow.class,
                refused -> {
                    assertThat(refused.why()).contains("550 5.7.1 not from you");
                    assertThat(refused.forAll()).isTrue();
                });
        }
    }

    /// Each line comes in time, and the answer never ends.
    @Test
    void an_attempt_ends_though_the_server_goes_on_talking() throws IOException {
        var connections = new AtomicInteger();
        try (var server = new ServerSocket(0)) {
            Thread.ofVirtual().start(() -> talkForEver(server, connections));
            var waits = new Smtp.Waits(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(5),
                Duration.ofMillis(300));
            try (var line = smtp("smtp://127.0.0.1:" + server.getLocalPort(), waits).line()) {
                for (var i = 1; i <= 2; i++) {
                    assertThat(line.send(letterTo("any@acme.test"), LETTER))
                        .isEqualTo(new Smtp.Outcome.NotNow("the server took too long", true));
                    var attempts = i;
                    Await.until("the server has seen each attempt", () -> connections.get() == attempts);
                }
            }
        }
    }

    private static void talkForEver(ServerSocket server, AtomicInteger connections) {
        while (!server.isClosed()) {
            try (var client = server.accept()) {
                connections.incrementAndGet();
                while (true) {
                    client.getOutputStream().write("220-wait\r\n".getBytes(StandardCharsets.US_ASCII));
                    Thread.sleep(10);
                }
            } catch (IOException e) {
                // The client hung up, or the test is over.
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /// It is looking at the letter, as for viruses: hanging up would send it again.
    @Test
    void a_verdict_is_awaited_longer_than_other_answers() {
        var waits = new Smtp.Waits(Duration.ofSeconds(5), Duration.ofSeconds(3), Duration.ofMinutes(1),
            Duration.ofMinutes(2));
        try (var line = smtp(mail.url(), waits).line()) {
            for (var i = 0; i < 2; i++) {
                mail.relay().slow(Relay.END, Duration.ofSeconds(4));
                assertThat(line.send(letterTo("slow@acme.test"), LETTER)).isInstanceOf(Smtp.Outcome.Sent.class);
            }
            assertThat(mail.letters("slow@acme.test")).hasSize(2);
            var held = mail.relay().hold("RCPT");
            assertThat(line.send(letterTo("stalled@acme.test"), LETTER)).as("other answers, then as before")
                .isInstanceOf(Smtp.Outcome.NotNow.class);
            held.countDown();
        }
    }

    @Test
    void two_nodes_on_one_outbox_send_each_letter_once() throws Exception {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var people = IntStream.range(0, 60).mapToObj(i -> ada.org().newPending("both%d@acme.test".formatted(i)))
            .toList();
        var before = sentBy(roster.node());
        try (var second = roster.anotherNode(Map.of());
            var threads = new Threads()) {
            var calls = IntStream.range(0, people.size()).<Callable<Answer>>mapToObj(i -> () -> ada.sendTo(
                i % 2 == 0 ? roster.address() : second.address(), "POST", Inviting.PATH,
                Inviting.body(people.get(i).id()), Map.of())).toList();
            for (var call : threads.invokeAll(calls)) {
                assertThat(call.get().status()).isEqualTo(201);
            }
            eventually(() -> roster.sql("SELECT 1 FROM letters WHERE org_id = ? AND state = 'sent'",
                ada.org().id().value()).size() == people.size());

            assertThat(sentBy(roster.node()) - before).as("by the first").isPositive();
            assertThat(sentBy(second)).as("by the second").isPositive();
        }
        assertThat(people).allSatisfy(person -> assertThat(mail.letters(person.email())).hasSize(1));
        assertThat(roster.sql("SELECT DISTINCT attempts FROM letters WHERE org_id = ?", ada.org().id().value()))
            .containsExactly(List.of(1));
    }

    private static double sentBy(Node node) {
        return node.roster.kernel().meters().counter("roster.mail.letters", "outcome", "sent").count();
    }

    @Test
    void a_run_that_was_killed_leaves_claims_that_the_next_one_may_end() {
        var org = roster.newOrg("acme");
        var ada = org.newAdmin("ada@acme.test");
        var held = mail.relay().hold("RCPT");
        var id = invited(ada, org.newPending("killed@acme.test").id());
        eventually(() -> mail.relay().heard().contains("RCPT TO:<killed@acme.test>"));
        // As after a kill: the e-mail is claimed, and not being sent.
        roster.db().note(tx -> {
            assertThat(Outbox.DUE.claim(tx, org.id(), Duration.ofHours(1))).as("no one else takes it").isEmpty();
            assertThat(Outbox.DUE.endClaims(tx)).isEqualTo(1);
            assertThat(Outbox.DUE.claim(tx, org.id(), Duration.ZERO)).isPresent();
            return null;
        });
        held.countDown();
        eventually(() -> Inviting.letterState(org, id).equals("sent"));
        assertThat(mail.letters("killed@acme.test")).hasSize(1);
    }

    @Test
    void letters_are_spaced_evenly_and_one_that_comes_alone_does_not_wait() {
        var rate = new SendRate(Optional.of(new Rate(10, 1)));
        assertThat(rate.turn(0)).isZero();
        assertThat(rate.turn(0)).isEqualTo(100_000_000L);
        assertThat(rate.turn(50_000_000L)).isEqualTo(150_000_000L);
        assertThat(rate.turn(2_000_000_000L)).as("after a rest").isZero();
        assertThat(rate.turn(2_000_000_000L)).as("and no burst").isEqualTo(100_000_000L);
        var none = new SendRate(Optional.empty());
        assertThat(none.turn(0) + none.turn(0) + none.turn(0)).isZero();
        var stop = new Stop();
        stop.request();
        assertThat(rate.await(stop)).as("whether to go on").isFalse();
    }

    private static final Letter LETTER = new Letter("a", "b", "c");

    private static Outbox.Queued letterTo(String address) {
        return new Outbox.Queued(new Org.Id(new Ids().next()), UUID.randomUUID(), "test", UUID.randomUUID(), address,
            Instant.now(),
            1, Optional.empty());
    }

    private static Smtp smtp(String url, Smtp.Waits waits) {
        return new Smtp(URI.create(url), "people@example.test", "people.example.test", Optional.empty(), waits);
    }

    /// Invites a user, and waits until their e-mail is in this state.
    private static Delivery delivered(TestUser inviter, String state) {
        var org = inviter.org();
        var id = invited(inviter, org.newPending(UUID.randomUUID() + "@acme.test").id());
        eventually(() -> Inviting.letterState(org, id).equals(state));
        return Await.read(roster.db(), tx -> roster.program().mail.deliveries.list(tx, org.id(), "invitation",
            List.of(Delivery.State.values()), 1)).getFirst();
    }
}
