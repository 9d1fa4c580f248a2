package roster.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.Node;
import roster.support.BrowserUser;
import roster.support.Inviting;
import roster.support.SignedIn;
import roster.support.TestRoster;
import roster.support.TestUser;

/// What becomes of sessions when something happens to their user.
@Timeout(180)
class SessionsLifeTest {
    private static final String SELF = "/api/v2/current_user";

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static Node nodeB;

    @BeforeAll
    static void anotherNode() {
        nodeB = roster.anotherNode(Map.of());
    }

    @AfterAll
    static void stop() {
        nodeB.close();
    }

    private static int onB(SignedIn session, String path) {
        return session.callOn(nodeB.address(), "GET", path, null).status();
    }

    @Test
    void anonymising_leaves_no_session_no_pointer_and_no_address_in_the_trail() {
        var org = roster.newOrg("acme");
        var ada = org.newUser("ada-gone@acme.test");
        BrowserUser.setPassword(ada, Inviting.PASSWORD);
        new BrowserUser(roster).signIn(org, ada.email(), Inviting.PASSWORD);

        assertThat(org.founder().send("PUT", "/api/v2/anonymize_users", """
            {"data":{"type":"anonymize_users_request","attributes":{"user_ids":["%s"]}}}""".formatted(ada.id()))
            .status()).isEqualTo(200);

        for (var table : List.of("sessions", "sign_in_pointers", "passwords", "mail_links")) {
            assertThat(roster.sql("SELECT 1 FROM %s WHERE org_id = ? AND user_id = ?".formatted(table),
                org.id().value(), ada.user().id().value())).as(table).isEmpty();
        }
        assertThat(roster.sql("SELECT address FROM audit_entries WHERE org_id = ? AND action = 'sign_in.succeeded'",
            org.id().value())).containsExactly(Collections.singletonList(null));
        assertThat(roster.program().audit().trail.verify(org.id(), Optional.empty()).faults()).isEmpty();
    }

    @Test
    void the_twenty_first_session_ends_the_oldest() {
        var org = roster.newOrg("acme");
        var ada = org.founder();
        var first = SignedIn.in(ada);
        for (int more = 1; more <= 20; more++) {
            SignedIn.in(ada);
        }
        assertThat(first.call("GET", SELF, null).status()).isEqualTo(403);
        assertThat(roster.sqlValue("SELECT count(*) FROM sessions WHERE org_id = ? AND ended_at IS NULL",
            org.id().value())).isEqualTo(20L);
    }

    @Test
    void another_user_who_changes_the_address_ends_the_sessions_and_the_user_does_not() {
        var org = roster.newOrg("acme");
        var bob = org.newAdmin("bob@acme.test");
        var session = SignedIn.in(bob);
        var own = session.call("PATCH", "/api/v2/users/" + bob.id(), edit(bob, "robert@acme.test"));
        assertThat(own.status()).as(own.toString()).isEqualTo(204);
        assertThat(onB(session, SELF)).isEqualTo(200);

        org.founder().patch("/api/v2/users/" + bob.id(), edit(bob, "bob2@acme.test"));
        assertThat(onB(session, SELF)).isEqualTo(403);
    }

    private static String edit(TestUser user, String email) {
        return """
            {"data":{"type":"users","id":"%s","attributes":{"email":"%s"}}}""".formatted(user.id(), email);
    }
}
