package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import roster.support.App;
import roster.support.BrowserUser;
import roster.support.Device;
import roster.support.Inviting;
import roster.support.Resetting;
import roster.support.SignedIn;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// M2: what has a user verified, or their address proved, is an e-mail that they answered, and nothing else. What providers say
/// is in [LinkingAttackTest].
@Timeout(180)
class ProvenAttackTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    /// Something that a user, an administrator or the operator does.
    private record Act(String name, Consumer<TestUser> done) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static String patch(String id, String attributes) {
        return "{\"data\":{\"type\":\"users\",\"id\":\"%s\",\"attributes\":{%s}}}".formatted(id, attributes);
    }

    private static void patched(TestUser user, String attributes) {
        user.org().founder().patch("/api/v2/users/" + user.id(), patch(user.id(), attributes));
    }

    private static BrowserUser signedInByPassword(TestUser user) {
        BrowserUser.setPassword(user, Inviting.PASSWORD);
        var browser = new BrowserUser(roster);
        browser.signIn(user.org(), user.email(), Inviting.PASSWORD);
        return browser;
    }

    static Stream<Act> acts() {
        return Stream.of(new Act("an administrator says so", user -> patched(user, "\"verified\":true")),
            new Act("an administrator says so of the address", user -> patched(user, "\"email_proved\":true")),
            new Act("an administrator says what the status is", user -> patched(user, "\"status\":\"Active\"")),
            new Act("another address", user -> patched(user, "\"email\":\"other-%s@acme.test\"".formatted(user.id()))),
            new Act("the same address in other letters", user -> patched(user, "\"email\":\"%s\"".formatted(
                user.email().replace("acme", "ACME")))),
            new Act("another name, by oneself", user -> user.patch("/api/v2/users/" + user.id(),
                patch(user.id(), "\"name\":\"Proved\""))),
            new Act("disabled and enabled", user -> {
                user.org().founder().delete("/api/v2/users/" + user.id());
                patched(user, "\"disabled\":false");
            }), new Act("a password, and signed in by it", ProvenAttackTest::signedInByPassword),
            new Act("a link of the operator", SignedIn::in), new Act("an authenticator app", App::of),
            new Act("a passkey", Device::of),
            new Act("a reset that they ask for", user -> {
                BrowserUser.setPassword(user, Inviting.PASSWORD);
                Resetting.ask(new BrowserUser(roster), user.email());
            }),
            new Act("the page of the sign-in addresses", user -> new BrowserUser(roster).submit("/sign-in/find",
                "/sign-in/find", Map.of("address", user.email()))),
            new Act("a reset that an administrator sends", user -> {
                BrowserUser.setPassword(user, Inviting.PASSWORD);
                user.org().founder().post("/api/v2/roster/users/%s/password_reset".formatted(user.id()), null);
                var browser = new BrowserUser(roster);
                browser.get(Resetting.link(user.org()));
            }));
    }

    private static boolean is(TestUser user, String column) {
        return (boolean) roster.sqlValue("SELECT %s FROM users WHERE org_id = ? AND id = ?".formatted(column),
            user.org().id().value(), user.user().id().value());
    }

    private static void set(TestUser user, String column) {
        roster.sql("UPDATE users SET %s = false WHERE org_id = ? AND id = ?".formatted(column),
            user.org().id().value(), user.user().id().value());
        roster.sql("SELECT roster_touch(?, 'by the test')", user.org().id().value());
    }

    @ParameterizedTest(name = "M2 proved: {0}")
    @MethodSource("acts")
    void m2_an_address_is_not_proved_by(Act act) {
        var user = roster.newOrg("acme").newUser("bob@acme.test");
        set(user, "email_proved");

        act.done().accept(user);

        assertThat(is(user, "email_proved")).isFalse();
        assertThat(is(user, "verified")).as("as before").isTrue();
    }

    static Stream<Act> actsOnPending() {
        return Stream.concat(acts().filter(act -> !act.name().contains("link of the operator")
            && !act.name().contains("administrator sends")), Stream.of(
                new Act("an invitation that is looked at", user -> {
                    var link = Inviting.link(user.org(), Inviting.invited(user.org().founder(), user.id()));
                    for (var method : List.of("GET", "HEAD", "GET", "HEAD", "OPTIONS")) {
                        roster.send(method, link, null);
                    }
                }), new Act("an invitation that was cancelled", user -> {
                    var id = Inviting.invited(user.org().founder(), user.id());
                    var link = Inviting.link(user.org(), id);
                    user.org().founder().delete(Inviting.OWN_PATH + "/" + id);
                    Inviting.accept(roster, link);
                }), new Act("an invitation of another user", user -> Inviting.accept(roster, Inviting.link(user.org(),
                    Inviting.invited(user.org().founder(), user.org().newPending("other@acme.test").id()))))));
    }

    @ParameterizedTest(name = "M2 verified: {0}")
    @MethodSource("actsOnPending")
    void m2_a_user_is_not_verified_by(Act act) {
        var user = roster.newOrg("acme").newUser("bob@acme.test");
        set(user, "email_proved");
        set(user, "verified");

        act.done().accept(user);

        assertThat(is(user, "verified")).isFalse();
        assertThat(is(user, "email_proved")).isFalse();
        assertThat((long) roster.sqlValue("SELECT count(*) FROM sessions WHERE org_id = ?",
            user.org().id().value())).isZero();
    }

    @Test
    void m2_a_new_user_is_not_what_the_request_says_of_them() {
        var org = roster.newOrg("acme");
        var answer = org.founder().post("/api/v2/users", """
            {"data":{"type":"users","attributes":{"email":"eve@acme.test","verified":true,"email_proved":true,
             "status":"Active"}}}""");
        if (answer.status() == 201) {
            assertThat(answer.at("/data/attributes/verified").asBoolean()).isFalse();
            assertThat(answer.text("/data/attributes/status")).isEqualTo("Pending");
        }
        assertThat(roster.sql("SELECT 1 FROM users WHERE org_id = ? AND email = 'eve@acme.test' AND "
            + "(verified OR email_proved)", org.id().value())).isEmpty();
    }

    /// The address that a proof was for is another one's, or none's, after it was changed.
    @Test
    void m2_a_proof_is_of_one_address() {
        var org = roster.newOrg("acme");
        var user = org.newUser("bob@acme.test");
        assertThat(is(user, "email_proved")).isTrue();
        patched(user, "\"email\":\"robert@acme.test\"");
        assertThat(is(user, "email_proved")).isFalse();
        patched(user, "\"email\":\"bob@acme.test\"");
        assertThat(is(user, "email_proved")).as("back again").isFalse();
    }

    @Test
    void m2_an_invitation_that_was_accepted_is_the_proof() {
        var org = roster.newOrg("acme");
        var pending = org.newPending("bob@acme.test");
        assertThat(Inviting.accept(roster, Inviting.link(org, Inviting.invited(org.founder(), pending.id()))).status())
            .isLessThan(400);
        assertThat(accepted(org)).isEqualTo(List.of(List.of(true, true)));
    }

    private static List<List<Object>> accepted(TestOrg org) {
        return roster.sql("SELECT verified, email_proved FROM users WHERE org_id = ? AND email = 'bob@acme.test'",
            org.id().value());
    }
}
