package roster.core.user;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.base.db.WriteTx;
import roster.model.Problem;
import roster.model.Role;
import roster.model.User;
import roster.support.SignedIn;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// Who is disabled or enabled together with others loses and gets back what they would alone.
@Timeout(120)
class TogetherTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    /// A user with one of everything that ends with them.
    private record Equipped(TestUser user, SignedIn browser, String token, String link) {
        static Equipped in(TestOrg org, String email) {
            var user = org.newStandard(email);
            var token = user.post("/api/v2/personal_access_tokens", """
                {"data":{"type":"personal_access_tokens","attributes":{"name":"a token","scopes":["user_access_read"],
                 "expires_at":"%s"}}}
                """.formatted(Instant.now().plus(Duration.ofDays(30)))).text("/data/attributes/key");
            var link = org.write(tx -> roster.program().signIn.links.make(tx, user.user(), Duration.ofMinutes(15)));
            return new Equipped(user, SignedIn.in(user), token, link);
        }

        /// Statuses of calls by key, by token and by session, and whether the link is good.
        List<Object> access() {
            return List.of(user.get("/api/v2/users").status(),
                TestUser.withToken(roster, token, "GET", "/api/v2/users", null).status(),
                browser.call("GET", "/api/v2/users", null).status(),
                roster.db().read(tx -> roster.program().signIn.links.find(tx, link)).isPresent());
        }

        /// What the trail says of what happened to them, without the ids of what ended.
        List<List<Object>> trail() {
            return roster.sql("""
                SELECT action, (SELECT string_agg(key, ' ' ORDER BY key) FROM jsonb_each(before)),
                       jsonb_array_length(before->'application_keys'), jsonb_array_length(before->'access_tokens'),
                       jsonb_array_length(before->'sessions'), after->>'disabled'
                  FROM audit_entries
                 WHERE org_id = ? AND coalesce(about, subject_id) = ?
                   AND action IN ('user.disabled', 'user.enabled', 'application_key.revoked', 'access_token.revoked',
                                  'session.ended')
                 ORDER BY action, version, entry
                """, user.org().id().value(), user.user().id().value());
        }
    }

    @Test
    void who_is_disabled_with_others_loses_what_they_would_alone() {
        var org = roster.newOrg("together");
        var alone = Equipped.in(org, "alone@together.test");
        var others = IntStream.range(0, 10).mapToObj(i -> Equipped.in(org, "with%d@together.test".formatted(i)))
            .toList();
        assertThat(alone.access()).containsExactly(200, 200, 200, true);
        assertThat(others).allSatisfy(other -> assertThat(other.access()).isEqualTo(alone.access()));

        org.write(tx -> {
            roster.program().user.users.disable(tx, alone.user().id());
            return null;
        });
        Map<User.Id, Problem> refused =
            org.write(tx -> roster.program().user.many.disable(tx, now(tx, others)));
        assertThat(refused).isEmpty();

        assertThat(alone.access()).doesNotContain(200, true);
        assertThat(others).allSatisfy(other -> assertThat(other.access()).isEqualTo(alone.access()));
        assertThat(alone.trail()).hasSize(4);
        assertThat(others).allSatisfy(other -> assertThat(other.trail()).isEqualTo(alone.trail()));
    }

    /// An e-mail that waited goes on at once.
    @Test
    void who_is_enabled_with_others_gets_back_what_they_would_alone() {
        var org = roster.newOrg("back");
        var users = IntStream.range(0, 10).mapToObj(i -> org.newPending("back%d@back.test".formatted(i))).toList();
        org.write(tx -> roster.program().invitation.invitations.sendAll(tx, users));
        org.write(tx -> roster.program().user.many.disable(tx, users));
        roster.sql("""
            UPDATE letters SET state = 'deferred', claimed_until = NULL, next_attempt_at = roster_now() + interval '1 hour'
             WHERE org_id = ?
            """, org.id().value());
        org.write(tx -> roster.program().user.many.enable(tx, roster.program().user.users.all(tx, org.id(),
            users.stream().map(User::id).toList())));
        assertThat(roster.sqlValue("""
            SELECT count(*) FROM letters WHERE org_id = ? AND next_attempt_at > roster_now() + interval '10 minutes'
            """, org.id().value())).isEqualTo(0L);
        assertThat(roster.sqlValue("SELECT count(*) FROM audit_entries WHERE org_id = ? AND action = 'user.enabled'",
            org.id().value())).isEqualTo(10L);
    }

    /// P6: as if one after the other had been disabled, the last active administrator stays.
    @Test
    void of_administrators_disabled_together_the_last_active_one_stays() {
        var org = roster.newOrg("admins");
        var admin = org.managed(Role.Managed.ADMIN).toString();
        var all = new ArrayList<User>(List.of(org.founder().user()));
        for (int i = 0; i < 6; i++) {
            all.add(org.newAdmin("admin%d@admins.test".formatted(i)).user());
        }
        // Pending: has the role, and is no administrator yet.
        all.add(org.write(tx -> roster.program().user.newUsers.create(tx, "pending@admins.test", Optional.empty(),
            Optional.empty(), List.of(admin))));
        all.addAll(List.of(org.newPending("plain@admins.test"), org.newUser("other@admins.test").user()));

        var refused = org.write(tx -> roster.program().user.many.disable(tx,
            all.stream().map(user -> roster.program().user.users.find(tx, org.id(), user.id()).orElseThrow())
                .toList()));

        assertThat(refused.keySet()).containsExactly(all.get(6).id());
        assertThat(roster.sqlValue("SELECT string_agg(email, ' ') FROM users WHERE org_id = ? AND NOT disabled",
            org.id().value())).isEqualTo("admin5@admins.test");
        assertThat(roster.sqlValue("SELECT count(*) FROM audit_entries WHERE org_id = ? AND action = 'user.disabled'",
            org.id().value())).isEqualTo(9L);
        assertThat(new ArrayList<>(roster.sql("""
            SELECT entry - row_number() OVER (ORDER BY entry) FROM audit_entries
             WHERE org_id = ? AND version = (SELECT max(version) FROM audit_entries WHERE org_id = ?)
            """, org.id().value(), org.id().value()))).as("entries without a gap").containsOnly(List.of(0L));
    }

    private static List<User> now(WriteTx tx, List<Equipped> some) {
        return roster.program().user.users.all(tx, tx.org(), some.stream().map(one -> one.user().user().id()).toList());
    }
}
