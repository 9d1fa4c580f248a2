package roster.door.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Route;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.Answer;
import roster.support.Chromium;
import roster.support.HeldOrg;
import roster.support.Inviting;
import roster.support.TestRoster;

/// What people see who meet an error on the page of an invitation: each answer as the server gave it, in Chromium.
class ErrorPagesTest {
    private static final Chromium CHROMIUM = new Chromium();

    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_RATE_LIMIT", "60/3600s"));

    @AfterAll
    static void stop() {
        CHROMIUM.close();
    }

    private static Answer post(String path, String body, Map<String, String> more) {
        var headers = new HashMap<>(Map.of("Content-Type", Inviting.FORM));
        headers.putAll(more);
        return roster.send("POST", path, body, headers);
    }

    @Test
    void every_error_is_an_accessible_page() throws Exception {
        try (var context = CHROMIUM.newContext(new Browser.NewContextOptions())) {
            var org = roster.newOrg("Acme");
            var link = Inviting.link(org,
                Inviting.invited(org.founder(), org.newPending("bob@acme.test").id()));
            var form = Inviting.form("Bob Miller", Inviting.PASSWORD);
            var met = new HashMap<Integer, Answer>();

            met.put(403, post(link, form, Map.of("Sec-Fetch-Site", "cross-site")));
            met.put(404, roster.send("GET", "/invitations/x", null));
            met.put(413, post(link, "name=" + "x".repeat(2 << 20), Map.of()));
            met.put(415, post(link, "{}", Map.of("Content-Type", "application/json")));
            try (var _ = new HeldOrg(org)) {
                met.put(503, post(link, form, Map.of()));
            }
            roster.sql("ALTER TABLE invitations RENAME TO elsewhere");
            met.put(500, roster.send("GET", link, null));
            roster.sql("ALTER TABLE elsewhere RENAME TO invitations");
            var limited = roster.send("GET", link, null);
            for (int i = 0; i < 60 && limited.status() != 429; i++) {
                limited = roster.send("GET", link, null);
            }
            met.put(429, limited);

            var looks = new Looks(context.newPage());
            for (var status : List.of(403, 404, 413, 415, 429, 500, 503)) {
                var answer = met.get(status);
                assertThat(answer.status()).as("%s", answer).isEqualTo(status);
                assertThat(answer.header("Content-Type")).hasValue("text/html; charset=utf-8");
                assertThat(answer.text()).doesNotContain(link).doesNotContain("Exception");
                var url = roster.address() + "/seen/" + status;
                context.route(url, route -> route.fulfill(as(answer)));
                looks.at("error-" + status, url);
                assertThat(looks.page().locator("h1").count()).isOne();
            }
            looks.end();
        }
    }

    private static Route.FulfillOptions as(Answer answer) {
        var headers = new HashMap<String, String>();
        answer.headers().forEach((name, values) -> headers.put(name, values.getFirst()));
        headers.remove("content-length");
        return new Route.FulfillOptions().setStatus(answer.status()).setHeaders(headers).setBodyBytes(answer.bytes());
    }
}
