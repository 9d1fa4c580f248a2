package roster.core.user;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.base.db.WriteTx;
import roster.model.User;
import roster.support.TestRoster;

/// Rooms that have rows about users are told what happens to them, each of them.
class UserLifeTest {
    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_RATE_LIMIT", "off"));

    private static final List<String> TOLD = new ArrayList<>();

    private record Recorder(String name) implements UserLife {
        private void note(WriteTx tx, String what, User user) {
            assertThat(user.org()).isEqualTo(tx.org());
            TOLD.add("%s: %s %s".formatted(name, what, user.email()));
        }

        @Override
        public Supplier<Map<User.Id, Map<String, Object>>> disabled(WriteTx tx, List<User> users) {
            users.forEach(user -> note(tx, "disabled", user));
            return () -> users.stream().collect(Collectors.toMap(User::id, _ -> Map.of(name, "a key")));
        }

        @Override
        public void enabled(WriteTx tx, List<User> users) {
            users.forEach(user -> note(tx, "enabled", user));
        }

        @Override
        public void addressChanged(WriteTx tx, User user, Optional<String> left) {
            note(tx, "address changed", user);
        }

        @Override
        public Map<String, Object> anonymised(WriteTx tx, User user) {
            note(tx, "anonymised", user);
            return Map.of(name, "a key");
        }
    }

    @BeforeAll
    static void follow() {
        roster.program().user.users.follow(new Recorder("first"));
        roster.program().user.users.follow(new Recorder("second"));
    }

    @Test
    void every_listener_is_told_in_order_and_what_ended_is_audited() {
        var org = roster.newOrg("acme");
        var bob = org.newPending("bob@acme.test");
        var user = bob.id().toString();
        var users = roster.program().user.users;

        org.write(tx -> users.update(tx, user, new Users.Edit(Optional.of("Bob"), Optional.empty(), Optional.empty(),
            Optional.empty())));
        org.write(tx -> users.update(tx, user, new Users.Edit(Optional.empty(), Optional.of("rob@acme.test"),
            Optional.empty(), Optional.empty())));
        org.write(tx -> users.update(tx, user, disabled(true)));
        org.write(tx -> users.update(tx, user, disabled(false)));
        org.founder().send("PUT", "/api/v2/anonymize_users", """
            {"data":{"type":"anonymize_users_request","attributes":{"user_ids":["%s"]}}}""".formatted(user));

        assertThat(TOLD).containsExactly(
            "first: address changed rob@acme.test", "second: address changed rob@acme.test",
            "first: disabled rob@acme.test", "second: disabled rob@acme.test",
            "first: enabled rob@acme.test", "second: enabled rob@acme.test",
            "first: anonymised rob@acme.test", "second: anonymised rob@acme.test");
        assertThat(roster.sql("""
            SELECT action, before->>'first', before->>'second' FROM audit_entries
             WHERE org_id = ? AND before->'second' IS NOT NULL ORDER BY version
            """, org.id().value()))
            .containsExactly(List.of("user.disabled", "a key", "a key"), List.of("user.anonymized", "a key", "a key"));
    }

    private static Users.Edit disabled(boolean disabled) {
        return new Users.Edit(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(disabled));
    }
}
