package roster.door.api.signin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.Recipe;
import roster.support.Recipe.Call;
import roster.support.SignedIn;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// The lists of sessions, and how they are ended.
class SessionsTest {
    private static final String OWN = "/api/v2/roster/sessions";
    private static final String ALL = "/api/v2/roster/org/sessions";

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    static final List<Recipe> RECIPES = List.of(
        new Recipe("DELETE " + OWN, org -> {
            SignedIn.in(org.founder());
            return new Call(OWN);
        }),
        new Recipe("GET " + OWN + "/{session_id}", org -> new Call(own(org))),
        new Recipe("DELETE " + OWN + "/{session_id}", org -> new Call(own(org))),
        new Recipe("GET /api/v2/roster/users/{user_id}/sessions", org -> new Call(ofUser(org))),
        new Recipe("DELETE /api/v2/roster/users/{user_id}/sessions", org -> {
            SignedIn.in(org.founder());
            return new Call(ofUser(org));
        }),
        new Recipe("GET /api/v2/roster/users/{user_id}/sessions/{session_id}",
            org -> new Call(ofUser(org) + "/" + SignedIn.in(org.founder()).session())),
        new Recipe("DELETE /api/v2/roster/users/{user_id}/sessions/{session_id}",
            org -> new Call(ofUser(org) + "/" + SignedIn.in(org.founder()).session())),
        new Recipe("DELETE " + ALL, org -> {
            SignedIn.in(org.founder());
            return new Call(ALL);
        }));

    private static String own(TestOrg org) {
        return OWN + "/" + SignedIn.in(org.founder()).session();
    }

    private static String ofUser(TestOrg org) {
        return "/api/v2/roster/users/%s/sessions".formatted(org.founder().id());
    }

    @Test
    void a_list_shows_browsers_and_no_token() {
        var org = roster.newOrg("acme");
        var session = SignedIn.in(org.founder());
        SignedIn.in(org.newUser("bob@acme.test"));

        var list = session.call("GET", OWN, null);

        assertThat(list.each("/data", "/id")).containsExactly(session.session().toString());
        assertThat(list.text("/data/0/attributes/browser")).isEqualTo("Firefox on Linux");
        assertThat(list.text("/data/0/attributes/address")).isEqualTo("127.0.0.1");
        assertThat(list.at("/data/0/attributes/current").asBoolean()).isTrue();
        assertThat(list.text()).doesNotContain("rst_", session.token());
        assertThat(org.founder().get(ofUser(org)).at("/data/0/attributes/current").asBoolean()).isFalse();
    }

    @Test
    void the_current_one_can_be_kept() {
        var org = roster.newOrg("acme");
        var session = SignedIn.in(org.founder());
        var other = SignedIn.in(org.founder());

        assertThat(session.call("DELETE", OWN + "?keep=all", null).status()).isEqualTo(400);
        assertThat(session.call("DELETE", OWN + "?keep=current", null).status()).isEqualTo(204);

        assertThat(session.call("GET", OWN, null).status()).isEqualTo(200);
        assertThat(other.call("GET", OWN, null).status()).isEqualTo(403);
        assertThat(session.call("DELETE", OWN, null).status()).isEqualTo(204);
        assertThat(session.call("GET", OWN, null).status()).isEqualTo(403);
    }

    @Test
    void an_ended_one_is_unknown() {
        var org = roster.newOrg("acme");
        var path = own(org);
        assertThat(org.founder().delete(path).status()).isEqualTo(204);
        assertThat(org.founder().delete(path).status()).isEqualTo(404);
        assertThat(org.founder().get(path).status()).isEqualTo(404);
        assertThat(roster.sql("SELECT before->>'why' FROM audit_entries WHERE org_id = ? AND action = 'session.ended'",
            org.id().value())).containsExactly(List.of("user"));
    }
}
