package roster.door.web;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.door.web.AcceptInvitationTest.actions;
import static roster.support.Inviting.invited;
import static roster.support.Inviting.link;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.Answer;
import roster.support.Await;
import roster.support.HeldOrg;
import roster.support.Inviting;
import roster.support.TestRoster;
import roster.support.Threads;

/// Many forms for one invitation at the same time.
class AcceptAtOnceTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static Answer press(String link) {
        return Inviting.accept(roster, link);
    }

    @Test
    void of_many_who_accept_at_once_one_wins() throws Exception {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var link = link(ada.org(), invited(ada, ada.org().newPending("bob@acme.test").id()));
        var tries = new ArrayList<Callable<Integer>>();
        for (int i = 0; i < 50; i++) {
            tries.add(() -> press(link).status());
        }
        var statuses = new ArrayList<Integer>();
        try (var threads = new Threads()) {
            for (var done : threads.invokeAll(tries)) {
                statuses.add(done.get());
            }
        }

        System.out.println("50 acceptances at once: %s".formatted(
            statuses.stream().collect(Collectors.groupingBy(status -> status, TreeMap::new, Collectors.counting()))));
        assertThat(statuses).allMatch(List.of(200, 410, 503)::contains).containsOnlyOnce(200);
        assertThat(actions(ada.org(), "invitation.accepted")).hasSize(1);
    }

    @Test
    void while_a_form_is_looked_at_another_on_the_same_link_is_asked_to_come_again() throws Exception {
        var first = HeldOrg.inTime(AcceptAtOnceTest::acceptedBesideAnother);

        assertThat(first.status()).isEqualTo(200);
    }

    /// The answer to a form beside which another was sent.
    private static Answer acceptedBesideAnother() throws Exception {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var bob = ada.org().newPending("bob@acme.test");
        var link = link(ada.org(), invited(ada, bob.id()));
        Answer first;
        try (var threads = new Threads();
            var held = new HeldOrg(ada.org())) {
            var waiting = threads.submit(() -> press(link));
            held.awaitWaiting(1, waiting);
            var second = Inviting.accept(roster, link, "Eve", "another fine pass phrase");
            if (waiting.isDone()) {
                return waiting.get(); // it gave up too early to be met
            }
            assertThat(second.status()).isEqualTo(503);
            assertThat(second.header("Retry-After")).contains("1");
            assertThat(second.text()).contains("One moment");
            held.release();
            first = waiting.get(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        if (first.status() == 200) {
            assertThat(ada.get("/api/v2/users/" + bob.id()).text("/data/attributes/name")).isEqualTo("Bob Miller");
            assertThat(Inviting.accept(roster, link, "Eve", "another fine pass phrase").status()).isEqualTo(410);
        }
        return first;
    }

    @Test
    void after_a_form_that_would_not_do_the_next_is_looked_at() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var link = link(ada.org(), invited(ada, ada.org().newPending("bob@acme.test").id()));

        assertThat(Inviting.accept(roster, link, "Bob", "passwordpassword").status()).isEqualTo(422);
        assertThat(press(link).status()).isEqualTo(200);
    }

    @Test
    void who_sends_forms_without_end_on_one_link_does_not_keep_others_from_accepting() throws Exception {
        var eve = roster.newOrg("evil").newAdmin("eve@evil.test");
        var evil = link(eve.org(), invited(eve, eve.org().newPending("mallory@evil.test").id()));
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var good = link(ada.org(), invited(ada, ada.org().newPending("bob@acme.test").id()));
        var slowToJudge = "4@8({[<369!1|7$5+2xX%0".repeat(4);
        var over = new AtomicBoolean();
        var begun = new CountDownLatch(40);
        try (var threads = new Threads()) {
            var badNames = new ArrayList<Future<Set<Integer>>>();
            var badPasswords = new ArrayList<Future<Set<Integer>>>();
            for (int i = 0; i < 20; i++) {
                badNames.add(threads.submit(() -> sending(evil, "<b>", slowToJudge, begun, over)));
                badPasswords.add(threads.submit(() -> sending(evil, "Mallory", "passwordpassword", begun, over)));
            }
            try {
                assertThat(begun.await(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
                assertThat(press(good).status()).isEqualTo(200);
            } finally {
                over.set(true);
            }
            for (var statuses : badNames) {
                assertThat(statuses.get(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS)).containsOnly(422);
            }
            for (var statuses : badPasswords) {
                assertThat(statuses.get(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isSubsetOf(422, 503);
            }
        }
    }

    /// Sends the form until it is over.
    ///
    /// @param begun counted down at the first answer
    /// @return how it was answered
    private static Set<Integer> sending(String link, String name, String password, CountDownLatch begun,
        AtomicBoolean over) {
        var statuses = new HashSet<Integer>();
        statuses.add(Inviting.accept(roster, link, name, password).status());
        begun.countDown();
        while (!over.get()) {
            statuses.add(Inviting.accept(roster, link, name, password).status());
        }
        return statuses;
    }
}
