package roster.core.notice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.BrowserUser;
import roster.support.Emails;
import roster.support.Emails.Email;
import roster.support.Inviting;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

@Timeout(120)
class NoticesTest {
    private static final String OTHER = "Tz4kWq9RvBn2XpLs";

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static List<Email> told(TestOrg org, AccountNotice what) {
        return Emails.of(org, Notices.LETTER).stream().filter(one -> one.letter().subject().equals(what.subject()))
            .toList();
    }

    private static void move(TestUser user, String address) {
        assertThat(user.org().founder().patch("/api/v2/users/" + user.id(), """
            {"data":{"type":"users","id":"%s","attributes":{"email":"%s"}}}""".formatted(user.id(), address)).status())
            .isEqualTo(200);
    }

    @Test
    void a_user_is_told_of_another_password() {
        var org = roster.newOrg("acme");
        var ada = org.newUser("ada@acme.test");
        BrowserUser.setPassword(ada, Inviting.PASSWORD);
        assertThat(told(org, AccountNotice.PASSWORD_SET)).isEmpty();
        var browser = new BrowserUser(roster);
        browser.signIn(org, "ada@acme.test", Inviting.PASSWORD);
        browser.submit("/me/security", "/me/security/password",
            Map.of("current", Inviting.PASSWORD, "password", OTHER));

        var email = told(org, AccountNotice.PASSWORD_SET).getFirst();
        assertThat(email.recipient()).isEqualTo("ada@acme.test");
        assertThat(email.letter().text()).contains("password of your account was changed", "Organisation: acme",
            "/sign-in/forgot").doesNotContain(OTHER);
        assertThat(email.letter().html()).contains("Organisation: acme", "/sign-in/forgot");
    }

    @Test
    void a_user_is_told_of_a_browser_they_have_not_signed_in_with_before() {
        var org = roster.newOrg("acme");
        var ada = org.newUser("ada@acme.test");
        BrowserUser.setPassword(ada, Inviting.PASSWORD);
        var known = new BrowserUser(roster);
        known.signIn(org, "ada@acme.test", Inviting.PASSWORD);
        assertThat(told(org, AccountNotice.UNKNOWN_BROWSER)).hasSize(1);
        known.submit("/sign-out", "/sign-out", Map.of());
        known.signIn(org, "ada@acme.test", Inviting.PASSWORD);
        assertThat(told(org, AccountNotice.UNKNOWN_BROWSER)).hasSize(1);
        new BrowserUser(roster).signIn(org, "ada@acme.test", OTHER);
        assertThat(told(org, AccountNotice.UNKNOWN_BROWSER)).hasSize(1);
        new BrowserUser(roster).from("192.0.2.77").signIn(org, "ada@acme.test", Inviting.PASSWORD);

        var emails = told(org, AccountNotice.UNKNOWN_BROWSER);
        assertThat(emails).hasSize(2);
        assertThat(emails.getLast().recipient()).isEqualTo("ada@acme.test");
        assertThat(emails.getLast().letter().text()).contains("Firefox on Linux, from 192.0.2.77", "/sign-in/forgot");
    }

    @Test
    void a_browser_that_signed_in_by_the_same_address_elsewhere_is_unknown() {
        var org = roster.newOrg("acme");
        BrowserUser.setPassword(org.newUser("ada@elsewhere.test"), Inviting.PASSWORD);
        var other = roster.newOrg("other");
        BrowserUser.setPassword(other.newUser("ada@elsewhere.test"), Inviting.PASSWORD);
        var browser = new BrowserUser(roster);
        browser.signIn(other, "ada@elsewhere.test", Inviting.PASSWORD);

        browser.signIn(org, "ada@elsewhere.test", Inviting.PASSWORD);
        assertThat(told(org, AccountNotice.UNKNOWN_BROWSER)).hasSize(1);
    }

    @Test
    void the_address_a_user_had_is_told_of_another_one_if_it_was_proved() {
        var org = roster.newOrg("acme");
        var ada = org.newUser("ada@acme.test");
        move(ada, "mallory@evil.test");
        move(ada, "mallory2@evil.test");

        var emails = told(org, AccountNotice.ADDRESS_CHANGED);
        assertThat(emails).extracting(Email::recipient).containsExactly("ada@acme.test");
        assertThat(emails.getFirst().letter().text()).doesNotContain("evil.test");
    }

    @Test
    void each_notice_has_a_text_and_details_are_one_line() {
        var org = roster.newOrg("acme");
        var ada = org.newUser("ada@acme.test");
        for (var what : AccountNotice.values()) {
            org.write(tx -> {
                roster.program().notice.notices.tell(tx, ada.user(), what, Optional.of("one\r\nBcc: two <b>" + what));
                return null;
            });
            var letter = told(org, what).getFirst().letter();
            assertThat(letter.text()).contains("one Bcc: two <b>" + what);
            assertThat(letter.html()).contains("one Bcc: two &lt;b&gt;" + what);
        }
        assertThat(roster.sql("SELECT 1 FROM notices WHERE org_id = ?", org.id().value()))
            .hasSize(AccountNotice.values().length);
    }

    @Test
    void a_user_who_is_anonymised_leaves_none() {
        var org = roster.newOrg("acme");
        var ada = org.newUser("ada@acme.test");
        move(ada, "ada2@acme.test");
        org.founder().delete("/api/v2/users/" + ada.id());
        assertThat(org.founder().send("PUT", "/api/v2/anonymize_users", """
            {"data":{"type":"anonymize_users_request","attributes":{"user_ids":["%s"]}}}""".formatted(ada.id()))
            .status()).isEqualTo(200);
        assertThat(roster.sql("SELECT 1 FROM notices WHERE org_id = ?", org.id().value())).isEmpty();
    }
}
