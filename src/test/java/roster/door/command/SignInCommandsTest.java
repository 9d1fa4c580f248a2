package roster.door.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.BrowserUser;
import roster.support.Operator;

/// `roster user sign-in-link`, `sessions` and `sign-out`.
@Timeout(180)
class SignInCommandsTest {
    @RegisterExtension
    static final Operator operator = new Operator();

    private static final String ADMIN = "admin@roster.invalid";

    @Test
    void an_operator_lets_a_user_in_sees_the_session_and_ends_it() {
        var made = operator.run("user", "sign-in-link", ADMIN, "--valid", "1h");
        assertThat(made.exit()).as(made.toString()).isZero();
        var link = made.out().strip();
        assertThat(link).matches("/sign-in/once/[A-Za-z0-9_-]{43}");
        var browser = new BrowserUser(operator.server().address());
        assertThat(browser.submit(link, link, Map.of()).status()).isEqualTo(303);

        assertThat(operator.run("user", "sessions", ADMIN).out()).contains("Firefox on Linux", "127.0.0.1");
        assertThat(operator.run("user", "sign-out", ADMIN).out()).isEqualTo("Ended 1 session.\n");
        assertThat(browser.isSignedIn()).isFalse();
        assertThat(operator.run("user", "sessions", ADMIN).out()).isEqualTo("No sessions.\n");
    }

    @Test
    void a_link_may_reset_second_factors() {
        var help = operator.run("user", "sign-in-link", "--help");
        assertThat(help.out()).contains("--reset-second-factor");
        var made = operator.run("user", "sign-in-link", ADMIN, "--reset-second-factor");
        assertThat(made.exit()).as(made.toString()).isZero();
        var link = made.out().strip();
        assertThat(new BrowserUser(operator.server().address()).submit(link, link, Map.of()).header("Location"))
            .contains("/me/security");
        operator.run("user", "sign-out", ADMIN);
    }

    @Test
    void an_operator_says_who_needs_a_second_factor() {
        assertThat(operator.run("org", "set", "--second-factor", "everyone").out()).contains("second factor: everyone");
        assertThat(operator.run("org", "set", "--second-factor", "off").exit()).isZero();
        var wrong = operator.run("org", "set", "--second-factor", "nobody");
        assertThat(wrong.exit()).isEqualTo(2);
        assertThat(wrong.err()).contains("off, administrators or everyone");
    }

    @Test
    void links_are_for_active_people_and_a_day_at_most() {
        assertThat(operator.run("user", "sign-in-link", ADMIN, "--valid", "25h").exit()).isEqualTo(2);
        assertThat(operator.run("user", "sign-in-link", "nobody@roster.test").exit()).isEqualTo(1);
        operator.run("user", "create", "pending@roster.test");
        var refused = operator.run("user", "sign-in-link", "pending@roster.test");
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err()).contains("cannot sign in", "Pending");
    }
}
