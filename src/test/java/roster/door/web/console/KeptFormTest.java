package roster.door.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.Answer;
import roster.support.Inviting;
import roster.support.SignedIn;
import roster.support.TestRoster;
import roster.support.TestUser;

/// A session that ends while its user types: nothing is saved, nothing is lost, and nothing runs by itself.
@Timeout(60)
class KeptFormTest {
    private static final Pattern CSRF = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"");
    private static final Pattern KEPT = Pattern.compile("name=\"kept\" value=\"([^\"]+)\"");

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static ConsoleOrg org;

    @BeforeAll
    static void seed() {
        org = new ConsoleOrg(roster);
    }

    private static Answer send(SignedIn browser, String path, Map<String, String> fields) {
        var headers = new HashMap<>(browser.cookie());
        headers.put("Sec-Fetch-Site", "same-origin");
        headers.put("Content-Type", Inviting.FORM);
        return roster.send("POST", path, SignedIn.encoded(fields), headers);
    }

    private static String found(Pattern pattern, Answer page) {
        var found = pattern.matcher(page.text());
        assertThat(found.find()).as(page.text()).isTrue();
        return found.group(1);
    }

    /// The answer to a form that came after its session had ended.
    private static Answer late(TestUser user) {
        var browser = SignedIn.in(user);
        var csrf = found(CSRF, browser.page("/console/me"));
        org.endSessions(user);
        return send(browser, "/console/me/profile",
            Map.of("csrf", csrf, "name", "Ada <Lovelace>", "title", "Countess"));
    }

    @Test
    void what_was_typed_comes_back_to_the_same_user_and_is_not_saved_by_itself() {
        var ada = org.org.newStandard("ada-kept@northwind.example");
        var answer = late(ada);
        assertThat(answer.text()).contains("You were signed out", "Nothing was saved.", "/sign-in?then=");
        var kept = found(KEPT, answer);
        assertThat(kept).doesNotContain("Lovelace");

        var again = SignedIn.in(ada);
        var before = org.org.version();
        var form = send(again, "/console/kept", Map.of("kept", kept));
        assertThat(form.status()).isEqualTo(200);
        assertThat(form.text()).contains("action=\"/console/me/profile\"", "value=\"Ada &lt;Lovelace>\"",
            "value=\"Countess\"", "Send again");
        assertThat(org.org.version()).isEqualTo(before);
        var csrf = found(CSRF, form);
        assertThat(send(again, "/console/me/profile", Map.of("csrf", csrf, "name", "Ada Lovelace", "title", "Countess"))
            .status()).isEqualTo(303);
        assertThat(again.page("/console/me").text()).contains("Ada Lovelace");
    }

    @Test
    void people_who_were_pasted_come_back_and_a_file_does_not() {
        var ada = org.org.newAdmin("ada-pasted@northwind.example");
        var browser = SignedIn.in(ada);
        var csrf = found(CSRF, browser.page("/console/invite"));
        org.endSessions(ada);
        var headers = new HashMap<>(browser.cookie());
        headers.put("Sec-Fetch-Site", "same-origin");
        headers.put("Content-Type", "multipart/form-data; boundary=end");
        var answer = roster.send("POST", "/console/invite", """
            --end
            Content-Disposition: form-data; name="csrf"

            %s
            --end
            Content-Disposition: form-data; name="who"

            Zoë <zoe@northwind.example>, bob@northwind.example
            --end
            Content-Disposition: form-data; name="file"; filename="people.csv"
            Content-Type: text/csv

            a-file@northwind.example
            --end--
            """.formatted(csrf).replace("\n", "\r\n"), headers);
        assertThat(answer.text()).contains("You were signed out", "Nothing was saved.");

        var form = send(SignedIn.in(ada), "/console/kept", Map.of("kept", found(KEPT, answer)));
        assertThat(form.text()).contains("action=\"/console/invite\"", "Zoë &lt;zoe@northwind.example>, bob@")
            .doesNotContain("a-file@");
    }

    @Test
    void another_user_does_not_get_it_and_no_other_site_makes_us_keep_anything() {
        var ada = org.org.newStandard("ada-hers@northwind.example");
        var bob = SignedIn.in(org.org.newStandard("bob-his@northwind.example"));
        var kept = found(KEPT, late(ada));
        var refused = send(bob, "/console/kept", Map.of("kept", kept));
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.text()).doesNotContain("Countess");

        var gone = SignedIn.in(ada);
        var csrf = found(CSRF, gone.page("/console/me"));
        org.endSessions(ada);
        var headers = new HashMap<>(gone.cookie());
        headers.put("Sec-Fetch-Site", "cross-site");
        headers.put("Content-Type", Inviting.FORM);
        assertThat(
            roster.send("POST", "/console/me/profile", SignedIn.encoded(Map.of("csrf", csrf, "name", "x")), headers)
                .status())
            .isEqualTo(303);
        assertThat(send(gone, "/console/me/profile", Map.of("csrf", "x".repeat(86) + ".abc", "name", "x")).status())
            .as("no user of ours typed it").isEqualTo(303);
    }

    @Test
    void secrets_are_not_kept_and_what_was_not_typed_is_not_shown() {
        var eve = org.org.newAdmin("eve-kept@northwind.example");
        var browser = SignedIn.in(eve);
        var csrf = found(CSRF, browser.page("/console/settings/sign-in/new"));
        org.endSessions(eve);
        var kept = found(KEPT, send(browser, "/console/settings/sign-in/new", Map.of("csrf", csrf, "name", "Okta",
            "client_secret", "a-secret-that-was-typed", "was_name", "As it began")));
        var form = send(SignedIn.in(eve), "/console/kept", Map.of("kept", kept));
        assertThat(form.text()).contains("value=\"Okta\"", "type=\"hidden\" name=\"was_name\" value=\"As it began\"")
            .doesNotContain("a-secret-that-was-typed", "Was name");
    }
}
