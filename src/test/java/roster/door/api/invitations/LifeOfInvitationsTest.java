package roster.door.api.invitations;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.support.Inviting.OWN_PATH;
import static roster.support.Inviting.PATH;
import static roster.support.Inviting.invite;
import static roster.support.Inviting.invited;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.core.org.OrgConfig;
import roster.support.Answer;
import roster.support.HeldOrg;
import roster.support.Inviting;
import roster.support.Recipe;
import roster.support.Recipe.Call;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// Invitations between e-mail and acceptance.
class LifeOfInvitationsTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    static final List<Recipe> RECIPES = List.of(
        new Recipe("DELETE /api/v2/roster/invitations/{invitation_id}",
            org -> new Call(Inviting.OWN_PATH + "/" + Inviting.newInvitation(org))),
        new Recipe("POST /api/v2/roster/invitations/{invitation_id}/resend",
            org -> new Call(Inviting.OWN_PATH + "/" + Inviting.newInvitation(org) + "/resend")),
        new Recipe("DELETE /api/v2/users/{user_id}/invitations", org -> {
            var invited = org.newPending("invited@acme.test").id();
            Inviting.invited(org.founder(), invited);
            return new Call("/api/v2/users/%s/invitations".formatted(invited));
        }));

    @Test
    void sending_again_makes_a_new_email_with_a_new_link_and_the_old_link_ends() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var id = invited(ada, ada.org().newPending("bob@acme.test").id());
        var oldLink = Inviting.link(ada.org(), id);
        var answer = resend(ada, id);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().propertyNames()).containsExactly("data");
        assertThat(answer.at("/data")).isEqualTo(ada.get(PATH + "/" + id).at("/data"));
        var newLink = Inviting.link(ada.org(), id);
        assertThat(newLink).isNotEqualTo(oldLink);
        assertThat(roster.send("GET", oldLink, null).status()).isEqualTo(404);
        assertThat(Inviting.accept(roster, oldLink).status()).isEqualTo(404);
        assertThat(roster.send("GET", newLink, null).status()).isEqualTo(200);
        assertThat(
            roster.sql("SELECT state, last_error FROM letters WHERE org_id = ? AND subject_id = ? ORDER BY created_at",
                ada.org().id().value(), UUID.fromString(id)))
            .containsExactly(Arrays.asList("dropped", "sent again"), Arrays.asList("queued", null));
    }

    @Test
    void sending_an_expired_invitation_again_gives_it_a_new_life() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var id = invited(ada, ada.org().newPending("bob@acme.test").id());
        Inviting.expire(ada.org(), id);
        assertThat(state(ada, id)).isEqualTo("expired");
        var answer = resend(ada, id);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(OffsetDateTime.parse(answer.text("/data/attributes/expires_at")))
            .isAfter(OffsetDateTime.parse(answer.text("/data/attributes/created_at")).plusHours(48));
        assertThat(state(ada, id)).isEqualTo("open");
        assertThat(roster.send("GET", Inviting.link(ada.org(), id), null).status()).isEqualTo(200);
    }

    @Test
    void what_cannot_be_sent_again_says_why_and_no_email_goes_out() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var bob = ada.org().newPending("bob@acme.test").id();
        var disabled = invited(ada, bob);
        ada.delete("/api/v2/users/" + bob);
        var eve = ada.org().newPending("eve@acme.test").id();
        var used = invited(ada, eve);
        Inviting.accept(roster, Inviting.link(ada.org(), used));
        var active = invited(ada, ada.id());
        var dan = ada.org().newPending("dan@acme.test").id();
        var expired = invited(ada, dan);
        Inviting.expire(ada.org(), expired);
        ada.patch("/api/v2/users/" + dan, """
            {"data":{"type":"users","id":"%s","attributes":{"email":"daniel@acme.test"}}}""".formatted(dan));
        var before = List.of(letters(ada.org(), disabled), letters(ada.org(), used), letters(ada.org(), expired));
        var version = ada.org().version();

        refused(resend(ada, disabled), 409, "User %s is disabled".formatted(bob));
        refused(resend(ada, used), 409, "Invitation %s has been used".formatted(used));
        refused(resend(ada, active), 409, "Invitation %s has been used".formatted(active));
        refused(resend(ada, expired), 409, "User %s has another address than invitation %s".formatted(dan, expired));
        assertThat(List.of(letters(ada.org(), disabled), letters(ada.org(), used), letters(ada.org(), expired)))
            .isEqualTo(before);
        assertThat(ada.org().version()).isEqualTo(version);
    }

    @Test
    void a_cancelled_invitation_is_gone_but_for_the_list_and_the_page_of_its_link() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var bob = ada.org().newPending("bob@acme.test").id();
        var id = invited(ada, bob);
        var link = Inviting.link(ada.org(), id);

        assertThat(cancel(ada, id).status()).isEqualTo(204);
        refused(ada.get(PATH + "/" + id), 404, id + " not found");
        refused(cancel(ada, id), 404, id + " not found");
        refused(resend(ada, id), 404, id + " not found");
        assertThat(state(ada, id)).isEqualTo("cancelled");
        assertThat(roster.send("GET", link, null).status()).isEqualTo(410);
        assertThat(Inviting.accept(roster, link).status()).isEqualTo(410);
        assertThat(ada.get("/api/v2/users/" + bob).text("/data/attributes/status")).isEqualTo("Pending");
        assertThat(invite(ada, bob).text("/data/0/attributes/invite_type")).isEqualTo("basic_reminder");
    }

    @Test
    void what_is_over_cannot_be_cancelled() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var expired = invited(ada, ada.org().newPending("bob@acme.test").id());
        Inviting.expire(ada.org(), expired);
        var used = invited(ada, ada.org().newPending("eve@acme.test").id());
        Inviting.accept(roster, Inviting.link(ada.org(), used));

        refused(cancel(ada, expired), 409, "Invitation %s has expired".formatted(expired));
        refused(cancel(ada, used), 409, "Invitation %s has been used".formatted(used));
        assertThat(ada.get(PATH + "/" + expired).status()).isEqualTo(200);
        assertThat(ada.get(PATH + "/" + used).status()).isEqualTo(200);
    }

    @Test
    void all_invitations_of_a_user_are_cancelled_at_once_and_others_stay() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var bob = ada.org().newPending("bob@acme.test").id();
        var eve = invited(ada, ada.org().newPending("eve@acme.test").id());
        var sent = invite(ada, bob, bob).each("/data", "/id");
        var expired = invited(ada, bob);
        Inviting.expire(ada.org(), expired);
        var answer = cancelAll(ada, bob);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("{}");
        sent.forEach(id -> assertThat(ada.get(PATH + "/" + id).status()).isEqualTo(404));
        assertThat(ada.get(PATH + "/" + expired).status()).isEqualTo(200);
        assertThat(state(ada, eve)).isEqualTo("open");
        assertThat(roster.sql("SELECT count(*) FROM audit_entries WHERE org_id = ? AND action = 'invitation.cancelled'",
            ada.org().id().value())).containsExactly(List.of(2L));
    }

    @Test
    void with_nothing_to_cancel_the_answer_is_the_same_and_nothing_changes() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var bob = ada.org().newPending("bob@acme.test").id();
        var version = ada.org().version();

        assertThat(cancelAll(ada, bob).text()).isEqualTo("{}");
        assertThat(cancelAll(ada, ada.id()).text()).isEqualTo("{}");
        assertThat(ada.org().version()).isEqualTo(version);
        refused(cancelAll(ada, UUID.randomUUID()), 404, "user not found");
        refused(cancelAll(ada, "no-user"), 404, "user not found");
    }

    @Test
    void invitations_of_a_disabled_user_can_be_cancelled_so_that_enabling_does_not_revive_them() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var bob = ada.org().newPending("bob@acme.test").id();
        var sent = invite(ada, bob, bob).each("/data", "/id");
        var first = Inviting.link(ada.org(), sent.getFirst());
        var second = Inviting.link(ada.org(), sent.getLast());
        ada.delete("/api/v2/users/" + bob);

        assertThat(cancel(ada, sent.getFirst()).status()).isEqualTo(204);
        assertThat(cancelAll(ada, bob).status()).isEqualTo(200);
        ada.patch("/api/v2/users/" + bob, """
            {"data":{"type":"users","id":"%s","attributes":{"disabled":false}}}""".formatted(bob));
        assertThat(Inviting.accept(roster, first).status()).isEqualTo(410);
        assertThat(Inviting.accept(roster, second).status()).isEqualTo(410);
    }

    @Test
    void the_audit_tells_who_sent_again_and_who_cancelled() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var sam = ada.org().newStandard("sam@acme.test");
        var id = invited(ada, ada.org().newPending("bob@acme.test").id());
        resend(sam, id);
        cancel(sam, id);

        assertThat(roster.sql("""
            SELECT action, actor_name, before->>'generation', after->>'generation', after ?? 'cancelled_at'
              FROM audit_entries WHERE org_id = ? AND subject_id = ? ORDER BY version, entry
            """, ada.org().id().value(), UUID.fromString(id))).containsExactly(
            Arrays.asList("invitation.sent", "ada@acme.test", null, "1", false),
            Arrays.asList("invitation.resent", "sam@acme.test", "1", "2", false),
            Arrays.asList("invitation.cancelled", "sam@acme.test", null, null, true));
    }

    @Test
    void cancelling_and_accepting_at_once_end_one_way_only() {
        var org = roster.newOrg("acme");
        var ada = org.newAdmin("ada@acme.test");
        for (var round = 0; round < 20; round++) {
            var bob = org.newPending("bob%d@acme.test".formatted(round)).id();
            var id = invited(ada, bob);
            var link = Inviting.link(org, id);
            var answers = List.of("cancel", "accept").parallelStream()
                .map(what -> what.equals("cancel") ? cancel(ada, id).status() : Inviting.accept(roster, link).status())
                .toList();
            var status = ada.get("/api/v2/users/" + bob).text("/data/attributes/status");

            assertThat(answers).isIn(List.of(204, 410), List.of(409, 200));
            assertThat(status).isEqualTo(answers.getFirst() == 204 ? "Pending" : "Active");
        }
    }

    @Test
    void with_the_organisations_setting_invitations_live_30_days_from_then_on() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var elsewhere = roster.newOrg("other").newAdmin("ada@other.test");
        var bob = ada.org().newPending("bob@acme.test").id();
        var before = invited(ada, bob);
        longInvitations(ada.org(), true);

        assertThat(life(invite(ada, bob), "/data/0")).isEqualTo(Duration.ofDays(30));
        assertThat(life(ada.get(PATH + "/" + before), "/data")).isEqualTo(Duration.ofHours(48));
        assertThat(life(resend(ada, before), "/data")).isBetween(Duration.ofDays(30), Duration.ofDays(31));
        assertThat(life(invite(elsewhere, elsewhere.org().newPending("bob@other.test").id()), "/data/0"))
            .isEqualTo(Duration.ofHours(48));
        longInvitations(ada.org(), false);
        assertThat(life(invite(ada, bob), "/data/0")).isEqualTo(Duration.ofHours(48));
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void cancelling_very_many_lets_other_writes_in_between() throws Exception {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var bob = ada.org().newPending("bob@acme.test").id();
        var many = ada.org().write(tx -> roster.program().invitation.invitations.send(tx,
            Collections.nCopies(1200, bob.toString())));

        HeldOrg.inTime(() -> {
            try (var held = new HeldOrg(ada.org()); var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var all = threads.submit(() -> cancelAll(ada, bob));
                held.awaitWaiting(1, all);
                var beside = threads.submit(() -> ada.post("/api/v2/users", """
                    {"data":{"type":"users","attributes":{"email":"beside@acme.test"}}}"""));
                held.awaitWaiting(2, all, beside);
                held.release();
                assertThat(beside.get().status()).isIn(201, 409, 503);
                return all.get();
            }
        });

        var created = entries(ada.org(), "action = 'user.created' AND subject_name = 'beside@acme.test'");
        var cancelled = entries(ada.org(), "action = 'invitation.cancelled'");
        assertThat(cancelled).hasSize(many.size());
        assertThat(created).singleElement().satisfies(version -> assertThat(version).isGreaterThan(cancelled.getFirst())
            .isLessThan(cancelled.getLast()));
        assertThat(
            cancelled.stream().collect(Collectors.groupingBy(version -> version, Collectors.counting())).values())
            .allSatisfy(inOneWrite -> assertThat(inOneWrite).isLessThanOrEqualTo(500));
        assertThat(roster.sql("SELECT 1 FROM letters WHERE org_id = ? AND state IN ('queued', 'deferred')",
            ada.org().id().value())).isEmpty();
        assertThat(ada.get(OWN_PATH + "?filter%5Bstate%5D=open").at("/data")).isEmpty();
    }

    private static List<Long> entries(TestOrg org, String which) {
        return roster
            .sql("SELECT version FROM audit_entries WHERE org_id = ? AND " + which + " ORDER BY version, entry",
                org.id().value())
            .stream().map(row -> (Long) row.getFirst()).toList();
    }

    private static void longInvitations(TestOrg org, boolean on) {
        org.write(tx -> {
            roster.program().org.configs.set(tx, OrgConfig.LONG_INVITATIONS, on);
            return null;
        });
    }

    private static Duration life(Answer answer, String at) {
        return Duration.between(OffsetDateTime.parse(answer.text(at + "/attributes/created_at")),
            OffsetDateTime.parse(answer.text(at + "/attributes/expires_at")));
    }

    private static Answer resend(TestUser user, String id) {
        return user.post(OWN_PATH + "/" + id + "/resend", null);
    }

    private static Answer cancel(TestUser user, String id) {
        return user.delete(OWN_PATH + "/" + id);
    }

    private static Answer cancelAll(TestUser user, Object userId) {
        return user.delete("/api/v2/users/" + userId + "/invitations");
    }

    private static String state(TestUser user, String id) {
        var listed = user.get(OWN_PATH + "?page%5Bsize%5D=100");
        var at = listed.each("/data", "/id").indexOf(id);
        return listed.text("/data/%d/attributes/state".formatted(at));
    }

    private static long letters(TestOrg org, String id) {
        return (Long) roster.sqlValue("SELECT count(*) FROM letters WHERE org_id = ? AND subject_id = ?",
            org.id().value(), UUID.fromString(id));
    }

    private static void refused(Answer answer, int status, String text) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.errors()).containsExactly(text);
    }
}
