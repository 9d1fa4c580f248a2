package roster.door.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.base.source.Ids;
import roster.model.Caller;
import roster.model.Org;
import roster.support.Operator;

/// `roster audit …` and `roster verify-anonymised`, beside a running server.
class AuditCommandTest {
    @RegisterExtension
    static final Operator operator = new Operator();

    private static String orgWithPeople(String name, String... emails) {
        var org = operator.newOrg(name);
        for (var email : emails) {
            assertThat(operator.run("user", "create", email, "--org", org).exit()).isZero();
        }
        return org;
    }

    private static void edit(String org, String sql) {
        operator.write(org, tx -> tx.update(sql, UUID.fromString(org)));
    }

    @Test
    void a_good_trail_is_good_and_its_head_can_be_kept() {
        var org = orgWithPeople("good", "bob@acme.test", "carl@acme.test");

        var head = operator.run("audit", "head", "--org", org);
        var verified = operator.run("audit", "verify", "--org", org, "--head", head.out().strip());

        assertThat(head.out()).matches("[0-9]+\\.1\\.[0-9A-Za-z_-]+\n");
        assertThat(verified.exit()).as(verified.err()).isZero();
        assertThat(verified.out()).contains("entries checked", "No entry is missing or altered. Head: " + head.out());
        var json = operator.json("audit", "verify", "--org", org);
        assertThat(json.get("good").asBoolean()).isTrue();
        assertThat(json.get("head").asString()).isEqualTo(head.out().strip());
        assertThat(json.get("faults")).isEmpty();
    }

    @Test
    void an_altered_entry_and_a_cut_end_are_named() {
        var org = orgWithPeople("altered", "bob@acme.test", "carl@acme.test");
        edit(org,
            "UPDATE audit_entries SET actor_name = 'cli:mallory' WHERE org_id = ? AND subject_name = 'bob@acme.test'");

        var altered = operator.run("audit", "verify", "--org", org);

        assertThat(altered.exit()).isEqualTo(1);
        assertThat(operator.run("audit", "verify", "--json", "--org", org).out()).contains("\"good\":false");
        assertThat(altered.err()).contains("the audit trail of altered was altered:",
            "  entry 2.1 (user.created of bob@acme.test, ", "was altered");
        edit(org, "DELETE FROM audit_entries WHERE org_id = ? AND version > 1");
        var cut = operator.run("audit", "verify", "--org", org);
        assertThat(cut.exit()).isEqualTo(1);
        assertThat(cut.err()).contains("the last entry written was 3.1: what came in between is missing");
    }

    @Test
    void what_is_no_head_is_a_mistake() {
        var ran = operator.run("audit", "verify", "--head", "yesterday");

        assertThat(ran.exit()).isEqualTo(2);
        assertThat(ran.err()).contains("--head: expected what `roster audit head` prints");
    }

    @Test
    void who_was_anonymised_leaves_nothing_and_who_was_not_does() {
        var org = orgWithPeople("forgotten", "bob@acme.test");
        var id = operator.column("SELECT id::text AS it FROM users WHERE org_id = ? AND email = 'bob@acme.test'", org)
            .getFirst();

        var before = operator.run("verify-anonymised", id, "--email", "BOB@acme.test", "--org", org);
        operator.server().roster.anonymisation.anonymisation.anonymise(
            Caller.cli(new Org.Id(UUID.fromString(org)), "test", new Ids().next().toString()), List.of(id));
        var after = operator.run("verify-anonymised", id, "--email", "bob@acme.test", "--org", org);

        assertThat(before.exit()).isEqualTo(1);
        assertThat(before.err()).contains("users: their e-mail address", "users: 1 row with bob@acme.test",
            "audit_entries: 1 row with bob@acme.test");
        assertThat(after.exit()).as(after.err()).isZero();
        assertThat(after.out()).contains("tables searched", "No personal data of user %s is left.".formatted(id));
        assertThat(operator.run("audit", "verify", "--org", org).out())
            .contains("without details that an anonymization erased", "No entry is missing or altered.");
    }

    @Test
    void a_bad_id_or_address_is_a_usage_error_and_an_unknown_user_a_failure() {
        var org = orgWithPeople("unknown");

        assertThat(operator.run("verify-anonymised", "bob", "--email", "a@b.test").exit()).isEqualTo(2);
        assertThat(operator.run("verify-anonymised", UUID.randomUUID(), "--email", "bob").exit()).isEqualTo(2);
        var unknown = operator.run("verify-anonymised", UUID.randomUUID(), "--email", "a@b.test", "--org", org);
        assertThat(unknown.exit()).isEqualTo(1);
        assertThat(unknown.err()).contains("there is no user");
    }
}
