package roster.door.api.invitations;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.support.Inviting.invite;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.model.Invitation;
import roster.support.Inviting;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// Invitation e-mails are limited, on all nodes and for all requests together, so that Roster cannot be used for spam.
class InviteLimitsTest {
    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_INVITES_PER_INVITER", "5/1h",
        "ROSTER_INVITES_PER_ORG", "8/1h"));

    @Test
    void beyond_the_inviters_limit_nothing_is_sent_and_the_answer_says_when() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        assertThat(invite(ada, pending(ada.org(), "a", 4)).status()).isEqualTo(201);
        var version = ada.org().version() + 2; // for those who are made here
        var answer = invite(ada, pending(ada.org(), "b", 2));

        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.errors()).containsExactly("Too many requests");
        assertThat(answer.header("X-RateLimit-Name")).contains("invitations-per-inviter");
        assertThat(answer.header("X-RateLimit-Limit")).contains("5");
        assertThat(answer.header("X-RateLimit-Period")).contains("3600");
        assertThat(answer.header("X-RateLimit-Remaining")).contains("1");
        assertThat(answer.header("X-RateLimit-Reset")).isEqualTo(answer.header("Retry-After"));
        assertThat(Integer.parseInt(answer.header("Retry-After").orElseThrow())).isBetween(3500, 3600);
        assertThat(ada.org().version()).isEqualTo(version);
        assertThat(letters(ada.org())).isEqualTo(4);
        assertThat(invite(ada, pending(ada.org(), "c", 1)).status()).isEqualTo(201);
    }

    @Test
    void sending_again_counts_like_sending() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var id = Inviting.invited(ada, pending(ada.org(), "a", 1)[0]);
        invite(ada, pending(ada.org(), "b", 4));
        var version = ada.org().version();
        var answer = ada.post(Inviting.OWN_PATH + "/" + id + "/resend", null);

        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.header("X-RateLimit-Name")).contains("invitations-per-inviter");
        assertThat(ada.org().version()).isEqualTo(version);
        assertThat(letters(ada.org())).isEqualTo(5);
    }

    @Test
    void the_period_ends_for_each_email_by_itself() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        invite(ada, pending(ada.org(), "a", 5));
        var next = pending(ada.org(), "b", 1);
        roster.sql("""
            UPDATE letters SET created_at = created_at - interval '59 minutes'
             WHERE org_id = ? AND id IN (SELECT id FROM letters WHERE org_id = ? LIMIT 2)
            """, ada.org().id().value(), ada.org().id().value());
        var refused = invite(ada, next);
        assertThat(refused.status()).isEqualTo(429);
        assertThat(Integer.parseInt(refused.header("Retry-After").orElseThrow())).isBetween(1, 60);

        roster.sql("UPDATE letters SET created_at = created_at - interval '2 minutes' WHERE org_id = ?",
            ada.org().id().value());
        assertThat(invite(ada, next).status()).isEqualTo(201);
    }

    @Test
    void all_of_an_organisation_share_a_limit_and_other_organisations_do_not() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var eve = ada.org().newAdmin("eve@acme.test");
        invite(ada, pending(ada.org(), "a", 5));
        var answer = invite(eve, pending(ada.org(), "b", 4));

        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.header("X-RateLimit-Name")).contains("invitations-per-organization");
        assertThat(answer.header("X-RateLimit-Remaining")).contains("3");
        var other = roster.newOrg("other").newAdmin("ada@acme.test");
        assertThat(invite(other, pending(other.org(), "a", 5)).status()).isEqualTo(201);
    }

    @Test
    void invitations_without_an_email_and_those_of_the_command_line_do_not_count() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var active = IntStream.range(0, 6).mapToObj(i -> (Object) ada.org().newUser("u" + i + "@acme.test").id())
            .toArray();
        assertThat(invite(ada, active).status()).isEqualTo(201);
        var many = List.of(pending(ada.org(), "cli", 20)).stream().map(Object::toString).toList();
        assertThat(ada.org().<List<Invitation>>write(tx -> roster.program().invitation.invitations.send(tx, many)))
            .hasSize(20);
        assertThat(invite(ada, pending(ada.org(), "a", 5)).status()).isEqualTo(201);
    }

    @Test
    void two_nodes_asked_at_once_keep_one_count() throws Exception {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var people = pending(ada.org(), "a", 20);
        var statuses = new ArrayList<Integer>();
        try (var second = roster.anotherNode(Map.of()); var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var calls = new ArrayList<Callable<Integer>>();
            for (int i = 0; i < people.length; i++) {
                var node = i % 2 == 0 ? roster.address() : second.address();
                var body = Inviting.body(people[i]);
                calls.add(() -> ada.sendTo(node, "POST", Inviting.PATH, body, Map.of()).status());
            }
            for (var call : threads.invokeAll(calls)) {
                statuses.add(call.get());
            }
        }

        assertThat(statuses.stream().filter(status -> status == 201)).hasSize(5);
        assertThat(statuses.stream().filter(status -> status == 429)).hasSize(15);
        assertThat(letters(ada.org())).isEqualTo(5);
    }

    @Test
    void more_at_once_than_the_limit_is_never_let_through() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var answer = invite(ada, pending(ada.org(), "a", 6));

        assertThat(answer.status()).as("to come back later would not help").isEqualTo(400);
        assertThat(answer.header("Retry-After")).isEmpty();
        assertThat(answer.errors().getFirst()).contains("More letters than may be sent in 3600 seconds: 5, not 6.");
        assertThat(letters(ada.org())).isZero();
    }

    private static Object[] pending(TestOrg org, String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> (Object) org.newPending(prefix + i + "@people.test").id())
            .toArray();
    }

    private static int letters(TestOrg org) {
        return roster.sql("SELECT id FROM letters WHERE org_id = ?", org.id().value()).size();
    }
}
