package roster.support;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import roster.model.Invitation;

/// Inviting users, as tests do it.
public final class Inviting {
    public static final String PATH = "/api/v2/user_invitations";

    /// Roster's own, beside the contract.
    public static final String OWN_PATH = "/api/v2/roster/invitations";

    private Inviting() {}

    /// @param userIds ids, or anything else in their place
    public static Answer invite(TestUser inviter, Object... userIds) {
        return inviter.post(PATH, body(userIds));
    }

    public static String body(Object... userIds) {
        return Arrays.stream(userIds)
            .map(
                """
            {"type": "user_invitations", "relationships": {"user": {"data": {"type": "users", "id": "%s"}}}}"""::formatted)
            .collect(Collectors.joining(", ", "{\"data\": [", "]}"));
    }

    /// Invites one user.
    ///
    /// @return the invitation's id
    public static String invited(TestUser inviter, Object userId) {
        var answer = invite(inviter, userId);
        if (answer.status() != 201) {
            throw new AssertionError(answer);
        }
        return answer.text("/data/0/id");
    }

    /// Invites a new user, `invited@acme.test`.
    ///
    /// @return the invitation's id
    public static String newInvitation(TestOrg org) {
        return invited(org.founder(), org.newPending("invited@acme.test").id());
    }

    /// The path of the link in the invitation e-mail.
    public static String link(TestOrg org, String invitationId) {
        var program = org.roster().program();
        return "/invitations/"
            + Await.read(program.kernel().db(),
                tx -> program.invitation.invitations.token(tx, program.invitation.invitations
                    .find(tx, org.id(), new Invitation.Id(UUID.fromString(invitationId))).orElseThrow()));
    }

    /// A password that is long enough and hard to guess.
    public static final String PASSWORD = "Qf7mZr2LtWx9KvHd";

    public static final String FORM = "application/x-www-form-urlencoded";

    /// Accepts the invitation of a link, as the page's form does.
    public static Answer accept(TestRoster roster, String link) {
        return accept(roster, link, "Bob Miller", PASSWORD);
    }

    public static Answer accept(TestRoster roster, String link, String name, String password) {
        return roster.send("POST", link, form(name, password), Map.of("Content-Type", FORM));
    }

    /// The form as a browser sends it.
    public static String form(String name, String password) {
        return "name=" + URLEncoder.encode(name, StandardCharsets.UTF_8) + "&password="
            + URLEncoder.encode(password, StandardCharsets.UTF_8);
    }

    /// Ends the time of an invitation.
    public static void expire(TestOrg org, String invitationId) {
        org.roster().sql("""
            UPDATE invitations SET expires_at = clock_timestamp() - interval '1 second' WHERE org_id = ? AND id = ?
            """, org.id().value(), UUID.fromString(invitationId));
        org.roster().sql("SELECT roster_touch(?, 'an invitation expires')", org.id().value());
    }

    /// As if the mail server had accepted the invitation e-mail.
    public static void sent(TestOrg org, String invitationId) {
        org.roster().sql("UPDATE letters SET state = 'sent', sent_at = now() WHERE org_id = ? AND subject_id = ?",
            org.id().value(), UUID.fromString(invitationId));
    }

    /// A body that reports a bounce.
    public static String bounce(String reason) {
        return """
            {"data": {"type": "invitation_deliveries", "attributes": {"reason": "%s"}}}""".formatted(reason);
    }

    /// The delivery state of the invitation e-mail.
    public static String letterState(TestOrg org, String invitationId) {
        return (String) org.roster().sqlValue(
            "SELECT state FROM letters WHERE org_id = ? AND subject_id = ? AND kind = 'invitation'",
            org.id().value(), UUID.fromString(invitationId));
    }
}
