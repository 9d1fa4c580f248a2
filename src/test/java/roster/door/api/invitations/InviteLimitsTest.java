package roster.door.api.invitations;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.support.Inviting.invite;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.base.work.Stop;
import roster.model.Invitation;
import roster.support.Inviting;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.Threads;

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
        invite(ada, pending(ada.org(), "a", 2));
        later(ada.org(), "59 minutes");
        invite(ada, pending(ada.org(), "c", 3));
        var next = pending(ada.org(), "b", 1);
        var refused = invite(ada, next);
        assertThat(refused.status()).isEqualTo(429);
        assertThat(Integer.parseInt(refused.header("Retry-After").orElseThrow())).isBetween(1, 60);

        later(ada.org(), "2 minutes");
        assertThat(invite(ada, next).status()).isEqualTo(201);
        assertThat(invite(ada, pending(ada.org(), "d", 2)).status()).isEqualTo(429);
        assertThat(invite(ada, pending(ada.org(), "e", 1)).status()).isEqualTo(201);
    }

    /// As if time had passed since what was sent so far.
    private static void later(TestOrg org, String time) {
        roster.sql("UPDATE invitation_counts SET at = at - ?::interval WHERE org_id = ?", time, org.id().value());
    }

    @Test
    void who_is_anonymised_counts_still_and_no_address_is_kept_for_it() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var statuses = new ArrayList<Integer>();
        for (int i = 0; i < 8; i++) {
            var victim = ada.org().newPending("victim@people.test").id();
            statuses.add(invite(ada, victim).status());
            assertThat(ada.send("PUT", "/api/v2/anonymize_users", """
                {"data":{"type":"anonymize_users_request","attributes":{"user_ids":["%s"]}}}
                """.formatted(victim)).texts("/data/attributes/anonymized_user_ids")).hasSize(1);
        }

        assertThat(statuses).containsExactly(201, 201, 201, 201, 201, 429, 429, 429);
        assertThat(roster.sql("SELECT sender_id, number FROM invitation_counts WHERE org_id = ?",
            ada.org().id().value())).hasSize(5).containsOnly(List.of(ada.user().id().value(), 1));
        assertThat(roster.sqlValue("SELECT string_agg(t::text, ' ') FROM invitation_counts t WHERE org_id = ?",
            ada.org().id().value()).toString()).doesNotContain("victim");
    }

    @Test
    void sending_one_again_and_again_ends_at_the_limit() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var id = Inviting.invited(ada, pending(ada.org(), "a", 1)[0]);
        for (int i = 0; i < 4; i++) {
            assertThat(ada.post(Inviting.OWN_PATH + "/" + id + "/resend", null).status()).isEqualTo(200);
        }
        assertThat(ada.post(Inviting.OWN_PATH + "/" + id + "/resend", null).status()).isEqualTo(429);
    }

    @Test
    void counts_are_deleted_once_no_limit_looks_at_them() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        invite(ada, pending(ada.org(), "a", 2));
        later(ada.org(), "61 minutes");
        invite(ada, pending(ada.org(), "b", 3));

        roster.program().mail.limits.sweep(new Stop());

        assertThat(roster.sql("SELECT number FROM invitation_counts WHERE org_id = ?", ada.org().id().value()))
            .containsExactly(List.of(3));
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
    void invitations_without_an_email_count_as_well() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var active = ada.org().newUser("active@acme.test").id();
        assertThat(invite(ada, active, active, active).status()).isEqualTo(201);
        assertThat(invite(ada, active, active).status()).isEqualTo(201);
        var refused = invite(ada, active);

        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.header("X-RateLimit-Name")).contains("invitations-per-inviter");
        assertThat(roster.sqlValue("SELECT count(*) FROM invitations WHERE org_id = ?", ada.org().id().value()))
            .isEqualTo(5L);
        assertThat(letters(ada.org())).isZero();
    }

    @Test
    void those_of_the_command_line_do_not_count() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
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
        try (var second = roster.anotherNode(Map.of()); var threads = new Threads()) {
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
        assertThat(answer.errors().getFirst()).contains("More invitations than may be sent in 3600 seconds: 5, not 6.");
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
