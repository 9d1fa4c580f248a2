package roster.door.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.Operator;

/// `roster invitation …` and `roster org set`.
class InvitationCommandTest {
    @RegisterExtension
    static final Operator operator = new Operator();

    /// @return the id of Bob's invitation
    private static String invited(String org) throws IOException {
        var file = operator.folder().resolve(org + ".csv");
        Files.writeString(file, "email,invite\nbob@acme.test,yes\n");
        assertThat(operator.run("import", file, "--org", org).exit()).isZero();
        return operator.column("SELECT id::text AS it FROM invitations WHERE org_id = ?", org).getFirst();
    }

    private static void sent(String org) {
        operator.server().roster.kernel().db().note(tx -> tx.update(
            "UPDATE letters SET state = 'sent', sent_at = now() WHERE org_id = ?::uuid", org));
    }

    @Test
    void emails_are_listed_by_state_counted_and_shown() throws Exception {
        var org = operator.newOrg("Acme");
        var id = invited(org);

        assertThat(operator.run("invitation", "list", "--org", org).out()).contains(id, "bob@acme.test", "queued");
        assertThat(operator.json("invitation", "list", "--org", org, "--state", "sent,failed").size()).isZero();
        assertThat(operator.json("invitation", "list", "--org", org, "--count").path("queued").asInt()).isOne();
        var shown = operator.json("invitation", "show", id, "--org", org);
        assertThat(shown.path("invitation").asString()).isEqualTo("open");
        assertThat(shown.path("letter").asString()).isEqualTo("queued");
        assertThat(operator.run("invitation", "show", id, "--org", org).out()).contains("email bob@acme.test\n",
            "letter queued\n");
    }

    @Test
    void a_bounce_can_be_reported_once_the_email_was_sent() throws Exception {
        var org = operator.newOrg("Acme");
        var id = invited(org);
        var early = operator.run("invitation", "bounced", id, "--reason", "gone", "--org", org);
        assertThat(early.exit()).isEqualTo(1);
        assertThat(early.err()).contains("Only a letter that was sent can bounce; this one is queued");

        sent(org);
        assertThat(operator.json("invitation", "bounced", id, "--reason", "550 gone", "--org", org).path("letter")
            .asString()).isEqualTo("bounced");
        assertThat(operator.run("invitation", "list", "--org", org).out()).contains("bounced", "550 gone");
    }

    @Test
    void sending_again_makes_a_new_email_and_cancelling_drops_it() throws Exception {
        var org = operator.newOrg("Acme");
        var id = invited(org);
        sent(org);
        assertThat(operator.json("invitation", "resend", id, "--org", org).path("letter").asString())
            .isEqualTo("queued");
        assertThat(operator.column("SELECT state AS it FROM letters WHERE org_id = ? ORDER BY state", org))
            .containsExactly("queued", "sent");
        assertThat(operator.run("invitation", "cancel", id, "--org", org).out()).contains("invitation cancelled\n");

        for (var command : List.of("resend", "cancel")) {
            var version = operator.version(org);
            var refused = operator.run("invitation", command, id, "--org", org);
            assertThat(refused.exit()).as(command).isEqualTo(1);
            assertThat(refused.err()).contains(id + " not found");
            assertThat(operator.version(org)).isEqualTo(version);
        }
        assertThat(operator.column("""
            SELECT action AS it FROM audit_entries WHERE org_id = ? AND action LIKE 'invitation.%' ORDER BY version
            """, org)).containsExactly("invitation.sent", "invitation.resent", "invitation.cancelled");
    }

    @Test
    void unknown_ids_states_and_times_are_refused_and_nothing_changes() throws Exception {
        var org = operator.newOrg("Acme");
        var other = operator.newOrg("Acme");
        var foreign = invited(other);
        var version = operator.version(org);
        for (var id : List.of("x", "00000000-0000-7000-8000-000000000000", foreign)) {
            for (var command : List.of("show", "resend", "cancel")) {
                var ran = operator.run("invitation", command, id, "--org", org);
                assertThat(ran.exit()).as(command).isEqualTo(1);
                assertThat(ran.err()).contains(id + " not found");
            }
        }
        assertThat(operator.run("invitation", "list", "--state", "lost", "--org", org).exit()).isEqualTo(2);
        assertThat(operator.run("invitation", "list", "--limit", "0", "--org", org).exit()).isEqualTo(2);
        var wrong = operator.run("org", "set", "--invite-expiration", "31d", "--org", org);
        assertThat(wrong.exit()).isEqualTo(2);
        assertThat(wrong.err()).contains("--invite-expiration: 48h or 30d, not '31d'");
        assertThat(operator.version(org)).isEqualTo(version);
    }

    @Test
    void an_organization_gives_invitations_30_days_from_then_on() throws Exception {
        var org = operator.newOrg("Acme");
        var id = invited(org);
        assertThat(days(org)).containsExactly("2");
        assertThat(operator.json("org", "set", "--invite-expiration", "30d", "--org", org).path("invite_expiration")
            .asString()).isEqualTo("30d");
        assertThat(days(org)).as("those that are out stay as they are").containsExactly("2");
        operator.run("invitation", "resend", id, "--org", org);
        assertThat(days(org)).containsExactly("30");
        assertThat(operator.run("org", "set", "--invite-expiration", "48h", "--org", org).out())
            .isEqualTo("Invitations that Acme sends from now on can be accepted for 48h.\n");
        assertThat(operator.column("""
            SELECT action AS it FROM audit_entries WHERE org_id = ? AND action = 'org_config.updated'
            """, org)).hasSize(2);
    }

    private static List<String> days(String org) {
        return operator.column("""
            SELECT round(extract(epoch FROM expires_at - now()) / 86400)::text AS it FROM invitations WHERE org_id = ?
            """, org);
    }
}
