package roster.door.scim;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.door.scim.UserClient.ok;
import static roster.door.scim.UserClient.person;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.TestRoster;

/// People whom a directory creates are invited where the organisation wants it, as far as it may: the contract's sections 6.1
/// and 14.
class ScimInvitationsTest {
    @RegisterExtension
    static final TestRoster roster =
        TestRoster.with(Map.of("ROSTER_INVITES_PER_INVITER", "2/1h", "ROSTER_INVITES_PER_ORG", "3/1h"));

    private final UserClient directory = UserClient.of(roster.newOrg("acme"));

    @BeforeEach
    void they_are_invited() {
        ok(directory.admin().patch("/api/v2/org_configs/roster_scim_invitations",
            "{\"data\":{\"type\":\"org_configs\",\"attributes\":{\"value\":true}}}"), 200);
    }

    private long count(String table) {
        return (long) roster.sqlValue("SELECT count(*) FROM %s WHERE org_id = ?".formatted(table),
            directory.org().id().value());
    }

    @Test
    void beyond_the_limits_they_are_created_without_one_and_the_trail_says_so() {
        directory.created(person("ann@acme.test", ""));
        directory.created(person("bob@acme.test", ""));
        var version = directory.org().version();
        var role = directory.org().newRole("Ops", List.of());

        var id = directory.created(person("cat@acme.test", "\"roles\":[\"Ops\"]"));

        assertThat(directory.status(id)).isEqualTo("Pending");
        assertThat(directory.get(id).each("/roles", "/value")).containsExactly(role.toString());
        assertThat(count("invitations")).isEqualTo(2);
        assertThat(count("letters")).isEqualTo(2);
        assertThat(directory.entriesSince(version)).containsExactly("role.created", "user.created",
            "role.member_added", "scim.invitation_skipped");
        assertThat(directory.org().version()).as("in the write that creates them").isEqualTo(version + 2);
        assertThat(
            roster.sql("SELECT subject_id::text, after->>'why' FROM audit_entries WHERE org_id = ? AND action = ?",
                directory.org().id().value(), "scim.invitation_skipped"))
            .containsExactly(List.of(id, "too many invitations"));
        assertThat(roster.sqlValue("SELECT sum(number) FROM invitation_counts WHERE org_id = ?",
            directory.org().id().value()).toString()).as("those that were sent count").isEqualTo("2");
    }

    @Test
    void the_limit_of_the_organisation_is_one_too() {
        var other = new UserClient(directory.org().newAdmin("ada@acme.test"), directory.node(), directory.base());
        directory.created(person("ann@acme.test", ""));
        directory.created(person("bob@acme.test", ""));
        other.created(person("cat@acme.test", ""));

        var version = directory.org().version();
        other.created(person("dan@acme.test", ""));

        assertThat(directory.entriesSince(version)).containsExactly("user.created", "scim.invitation_skipped");
        assertThat(count("invitations")).isEqualTo(3);
    }

    @Test
    void in_a_bulk_request_the_first_are_invited_and_all_are_created() {
        var version = directory.org().version();

        BulkClient.of(directory.org()).done(BulkClient.person("ann"), BulkClient.person("bob"),
            BulkClient.person("cat"), BulkClient.person("dan", "\"active\":false"));

        assertThat(directory.entriesSince(version)).containsExactly("user.created", "invitation.sent", "user.created",
            "invitation.sent", "user.created", "scim.invitation_skipped", "user.created");
    }

    @Test
    void who_is_revived_is_invited_as_one_who_is_created() {
        var id = directory.created(person("ann@acme.test", ""));
        ok(directory.delete(id), 204);
        directory.created(person("ann@acme.test", ""));
        assertThat(count("invitations")).isEqualTo(2);
        ok(directory.delete(id), 204);
        var version = directory.org().version();

        assertThat(directory.created(person("ann@acme.test", ""))).isEqualTo(id);

        assertThat(directory.entriesSince(version)).contains("user.restored", "scim.invitation_skipped");
        assertThat(count("invitations")).isEqualTo(2);
    }

    @Test
    void who_is_restored_is_not_invited_again() {
        var id = directory.created(person("ann@acme.test", ""));
        ok(directory.patch(id, "{\"op\":\"replace\",\"path\":\"active\",\"value\":false}"), 200);
        var version = directory.org().version();

        assertThat(directory.created(person("ann@acme.test", ""))).isEqualTo(id);

        assertThat(directory.entriesSince(version)).containsExactly("user.restored");
    }
}
