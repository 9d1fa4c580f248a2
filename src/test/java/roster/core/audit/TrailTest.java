package roster.core.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.core.audit.Trail.Verdict;
import roster.core.user.NewUsers;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// Write access to the database without the secret key is not enough to change the trail unnoticed.
class TrailTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    /// Some history: versions up to 8 or so, the second of them with a user called Bob.
    private static TestOrg lively() {
        var org = roster.newOrg("lively");
        var ada = org.founder();
        var bob = ada.post("/api/v2/users", """
            {"data":{"type":"users","attributes":{"email":"bob@acme.test","name":"Bob \\"B\\" Ö","title":"a\\u0001b"}}}
            """).id();
        ada.patch("/api/v2/users/" + bob, """
            {"data":{"type":"users","id":"%s","attributes":{"name":"Robert"}}}
            """.formatted(bob));
        ada.post("/api/v2/roles", """
            {"data":{"type":"roles","attributes":{"name":"Ops"}}}
            """);
        ada.patch("/api/v2/ip_allowlist", """
            {"data":{"type":"ip_allowlist","attributes":{"enabled":false,"entries":[{"data":{"type":"ip_allowlist_entry",
             "attributes":{"note":"here","cidr_block":"127.0.0.1"}}}]}}}
            """);
        org.write(tx -> roster.program().user.newUsers.createAll(tx, List.of(
            new NewUsers.Wish("one@acme.test", Optional.of("One"), Optional.empty(), List.of()),
            new NewUsers.Wish("two@acme.test", Optional.empty(), Optional.of("T"), List.of()))));
        ada.delete("/api/v2/users/" + bob);
        return org;
    }

    private static Verdict verified(TestOrg org) {
        return roster.program().audit().trail.verify(org.id(), Optional.empty());
    }

    private static void edit(TestOrg org, String sql) {
        roster.sql(sql + " RETURNING 1", org.id().value());
    }

    @Test
    void an_unchanged_trail_is_good() {
        var org = lively();

        var verdict = verified(org);

        assertThat(verdict.faults()).isEmpty();
        assertThat(verdict.entries())
            .isEqualTo(roster.sqlValue("SELECT count(*) FROM audit_entries WHERE org_id = ?", org.id().value()));
        assertThat(verdict.uncovered()).isZero();
        assertThat(verdict.unsealed()).isZero();
        assertThat(verdict.head().version()).isEqualTo(org.version());
        assertThat(verdict.head().seal()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"action = 'user.updated'", "at = at + interval '1 microsecond'", "subject_name = 'eve'",
        "actor_name = 'eve'", "actor_id = NULL", "address = '10.0.0.1'", "address = NULL", "request_id = 'other'",
        "after = after || '{\"email\":\"eve@acme.test\"}'", "after = after - 'email'", "after = NULL",
        "before = '{\"email\":\"x\"}'", "stamp = stamp + 1", "about = subject_id", "api_key_id = NULL",
        "application_key_id = gen_random_uuid()", "salt = NULL", "subject_id = gen_random_uuid()"})
    void an_altered_entry_is_named(String change) {
        var org = lively();

        edit(org, "UPDATE audit_entries SET " + change
            + " WHERE org_id = ? AND subject_name = 'bob@acme.test' AND action = 'user.created'");

        var name = change.equals("subject_name = 'eve'") ? "eve" : "bob@acme.test";
        var action = change.startsWith("action") ? "user.updated" : "user.created";
        assertThat(verified(org).faults()).singleElement().asString()
            .startsWith("entry 2.1 (%s of %s, ".formatted(action, name)).contains("was altered");
    }

    @Test
    void a_missing_entry_is_named() {
        var org = lively();

        edit(org, "DELETE FROM audit_entries WHERE org_id = ? AND version = 3");

        assertThat(verified(org).faults()).containsExactly("entry 3.1 is missing");
    }

    @Test
    void missing_entries_of_one_write_are_named() {
        var org = lively();
        var version = (long) roster.sqlValue(
            "SELECT version FROM audit_entries WHERE org_id = ? AND subject_name = 'one@acme.test'", org.id().value());

        edit(org, "DELETE FROM audit_entries WHERE org_id = ? AND subject_name = 'one@acme.test'");

        assertThat(verified(org).faults()).containsExactly("entry %d.1 is missing".formatted(version));
    }

    @Test
    void the_last_entry_of_a_write_that_is_missing_shows_at_the_next() {
        var org = lively();
        var version = (long) roster.sqlValue(
            "SELECT version FROM audit_entries WHERE org_id = ? AND subject_name = 'two@acme.test'", org.id().value());

        edit(org, "DELETE FROM audit_entries WHERE org_id = ? AND subject_name = 'two@acme.test'");

        assertThat(verified(org).faults()).singleElement().asString()
            .startsWith("entry %d.1 ".formatted(version + 1))
            .endsWith("was altered, or entries between %d.1 and it are missing".formatted(version));
    }

    @Test
    void the_first_entries_are_missed_too() {
        var org = lively();

        edit(org, "DELETE FROM audit_entries WHERE org_id = ? AND version = 1");

        assertThat(verified(org).faults()).containsExactly("entry 1.1 is missing");
    }

    @Test
    void entries_that_changed_places_are_named() {
        var org = lively();

        edit(org, "UPDATE audit_entries SET version = -version WHERE org_id = ? AND version IN (2, 3)");
        edit(org, "UPDATE audit_entries SET version = 5 + version WHERE org_id = ? AND version IN (-2, -3)");

        assertThat(verified(org).faults()).hasSize(2);
        assertThat(verified(org).faults().getFirst()).startsWith("entry 2.1 ");
        assertThat(verified(org).faults().getLast()).startsWith("entry 3.1 ");
    }

    @Test
    void an_entry_that_was_slipped_in_is_named() {
        var org = lively();

        edit(org, """
            INSERT INTO audit_entries (org_id, version, entry, at, stamp, action, subject_kind, subject_id,
                                       subject_name, actor_kind, actor_name, request_id, salt, seal)
            SELECT org_id, version, 2, at, stamp, 'user.updated', subject_kind, subject_id, subject_name, 'CLI', 'eve',
                   'x', salt, seal FROM audit_entries WHERE org_id = ? AND version = 2
            """);
        assertThat(verified(org).faults()).singleElement().asString().startsWith("entry 2.2 (user.updated of bob@");

        edit(org, "UPDATE audit_entries SET seal = NULL WHERE org_id = ? AND version = 2 AND entry = 2");
        assertThat(verified(org).faults()).singleElement().asString()
            .startsWith("entry 2.2 (user.updated of bob@").endsWith("has no seal: it was not written by Roster");
    }

    @Test
    void an_end_that_was_cut_off_is_named() {
        var org = lively();
        var last = org.version();

        edit(org, "DELETE FROM audit_entries WHERE org_id = ? AND version > 4");

        assertThat(verified(org).faults()).containsExactly(
            "the trail ends with 4.1, but the last entry written was %d.1: what came in between is missing"
                .formatted(last));
    }

    @Test
    void an_end_that_was_cut_off_together_with_the_organizations_row_shows_against_a_head_that_was_kept() {
        var org = lively();
        var kept = roster.program().audit().trail.head(org.id());
        assertThat(roster.program().audit().trail.verify(org.id(), Optional.of(kept)).good()).isTrue();

        edit(org, "DELETE FROM audit_entries WHERE org_id = ? AND version > 4");
        edit(org, """
            UPDATE orgs o SET version = 4, stamp = e.stamp, trail_version = 4, trail_entry = 1, trail_seal = e.seal
              FROM audit_entries e WHERE o.id = ? AND e.org_id = o.id AND e.version = 4 AND e.entry = 1
            """);

        assertThat(verified(org).good()).isTrue();
        assertThat(roster.program().audit().trail.verify(org.id(), Trail.Head.parse(kept.toString())).faults())
            .singleElement().asString().contains("no entry %d.1 with the seal of the head".formatted(kept.version()));
    }

    @Test
    void what_is_edited_by_hand_and_touched_is_sealed_by_the_next_write() {
        var org = lively();
        roster.sql("SELECT roster_touch(?, 'mended by hand')", org.id().value());

        var before = verified(org);
        assertThat(before.faults()).isEmpty();
        assertThat(before.unsealed()).isEqualTo(1);

        org.newPending("late@acme.test");
        var after = verified(org);
        assertThat(after.faults()).isEmpty();
        assertThat(after.unsealed()).isZero();

        edit(org, "UPDATE audit_entries SET after = '{\"why\":\"nothing\"}' WHERE org_id = ? AND actor_kind = 'SQL'");
        assertThat(verified(org).faults()).singleElement().asString().contains("org.touched");
    }

    @Test
    void only_roster_can_erase() {
        var org = lively();

        edit(org, """
            UPDATE audit_entries SET after = after || '{"email":"anonymized"}', salt = NULL,
                   erased = '{"digests":{"after.email":"00"},"salts":{},"seal":"00"}'
             WHERE org_id = ? AND version = 2
            """);

        assertThat(verified(org).faults()).singleElement().asString().startsWith("entry 2.1 ");
    }

    @Test
    void an_organization_from_before_there_were_seals_begins_with_its_next_write() {
        var org = lively();
        edit(org, "UPDATE audit_entries SET salt = NULL, seal = NULL WHERE org_id = ?");
        edit(org,
            "UPDATE orgs SET trail_from = version, trail_version = version, trail_entry = 0, trail_seal = NULL WHERE id = ?");
        var old = org.version();

        org.newPending("new@acme.test");

        var verdict = verified(org);
        assertThat(verdict.faults()).isEmpty();
        assertThat(verdict.uncovered()).isEqualTo(roster.sqlValue(
            "SELECT count(*) FROM audit_entries WHERE org_id = ? AND version <= ?", org.id().value(), old));
        edit(org, "UPDATE orgs SET trail_from = trail_from + 1 WHERE id = ?");
        org.newPending("newer@acme.test");
        assertThat(verified(org).good()).isFalse();
    }
}
