package roster.door.web.console;

import java.util.EnumMap;
import java.util.Map;
import java.util.UUID;
import roster.core.invitation.Fate;
import roster.support.Inviting;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// An organisation with an invitation of each fate, for `queued@people.test` and so on. `sam` sent the one that came back, its
/// founder the others.
final class InvitedOrg {
    final TestOrg org;
    final ConsoleUser admin;
    final TestUser sam;
    final Map<Fate, String> ids = new EnumMap<>(Fate.class);

    InvitedOrg(TestRoster roster) {
        org = roster.newOrg("inviting");
        admin = ConsoleUser.of(org.founder());
        sam = org.newStandard("sam@inviting.test");
        for (var fate : Fate.values()) {
            var id = Inviting.invited(fate == Fate.BOUNCED ? sam : org.founder(),
                org.newPending(fate.word() + "@people.test").id());
            ids.put(fate, id);
            switch (fate) {
                case QUEUED -> {
                }
                case SENT -> Inviting.sent(org, id);
                case DEFERRED -> letter(id, "deferred", "421 try later");
                case FAILED -> letter(id, "failed", "550 no such user <b>here</b>");
                case BOUNCED -> letter(id, "bounced", "552 mailbox full");
                case ACCEPTED -> Inviting.accept(roster, Inviting.link(org, id));
                case EXPIRED -> Inviting.expire(org, id);
                case CANCELLED -> org.founder().delete(Inviting.OWN_PATH + "/" + id);
            }
        }
    }

    private void letter(String invitation, String state, String why) {
        org.roster().sql("""
            UPDATE letters SET state = ?, last_error = ?, attempts = 1,
                               next_attempt_at = roster_now() + interval '12 minutes 30 seconds'
             WHERE org_id = ? AND subject_id = ?
            """, state, why, org.id().value(), UUID.fromString(invitation));
    }

    /// The page of the invitation that got so far.
    String path(Fate fate) {
        return "/console/invitations/" + ids.get(fate);
    }
}
