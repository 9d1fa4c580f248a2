package roster.door.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import roster.core.invitation.Fate;
import roster.support.Answer;
import roster.support.Inviting;
import roster.support.SignedIn;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// The list of invitations, one of them, and what can be done with it.
@Timeout(120)
class InvitationsTest {
    private static final String PATH = "/console/invitations";

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static InvitedOrg invited;
    private static TestOrg org;
    private static ConsoleUser admin;

    @BeforeAll
    static void seed() {
        invited = new InvitedOrg(roster);
        org = invited.org;
        admin = invited.admin;
    }

    static String heading(Answer page) {
        var found = Pattern.compile("<h2 id=\"results\"[^>]*>([^<]*)</h2>").matcher(page.text());
        assertThat(found.find()).as(page.text()).isTrue();
        return found.group(1);
    }

    /// The texts of the rows.
    private static List<String> rows(Answer page) {
        return Pattern.compile("<tr role=\"row\" data-row>(.*?)</tr>", Pattern.DOTALL).matcher(page.text()).results()
            .map(found -> found.group(1).replaceAll("<wbr>", "").replaceAll("<[^>]*>", " ").replaceAll("\\s+", " ")
                .strip())
            .toList();
    }

    @Test
    void the_list_says_how_far_each_got() {
        var page = admin.get(PATH);

        assertThat(page.status()).isEqualTo(200);
        assertThat(heading(page)).isEqualTo("8 invitations");
        assertThat(ConsoleUser.read(page)).contains("All 8 Open 5 Accepted 1 Expired 1 Cancelled 1",
            "For State Delivery "
                + "Sent by Sent Expires");
        assertThat(rows(page)).hasSize(8)
            .anyMatch(row -> row.startsWith("queued@people.test Queued Waits to be sent"))
            .anyMatch(row -> row.matches("sent@people.test Sent Sent today, [0-9:]{5} .*"))
            .anyMatch(row -> row.startsWith("deferred@people.test Deferred 421 try later; next try in 12 minutes"))
            .anyMatch(row -> row.startsWith("failed@people.test Failed 550 no such user &lt;b>here&lt;/b>")
                || row.startsWith("failed@people.test Failed 550 no such user &lt;b&gt;here&lt;/b&gt;"))
            .anyMatch(
                row -> row.startsWith("bounced@people.test Bounced Came back: 552 mailbox full sam@inviting.test"))
            .anyMatch(row -> row.matches("accepted@people.test Bob Miller Accepted Accepted today, [0-9:]{5} .*"))
            .anyMatch(row -> row.startsWith("expired@people.test Expired Was not accepted in time"))
            .anyMatch(row -> row.matches("cancelled@people.test Cancelled Cancelled today, [0-9:]{5} .*"));
        assertThat(page.text()).doesNotContain("<b>here");
    }

    @Test
    void each_row_offers_what_can_be_done() {
        var page = admin.get(PATH).text();
        for (var fate : Fate.values()) {
            var open = Fate.OPEN.contains(fate);
            assertThat(page.contains(invited.path(fate) + "/resend\"")).as("%s again", fate)
                .isEqualTo(open || fate == Fate.EXPIRED);
            assertThat(page.contains(invited.path(fate) + "/cancel\"")).as("%s cancelled", fate).isEqualTo(open);
            assertThat(page.contains(invited.path(fate) + "/bounced\"")).as("%s came back", fate)
                .isEqualTo(fate == Fate.SENT);
        }
    }

    @Test
    void it_is_searched_filtered_and_sorted() {
        assertThat(heading(admin.get(PATH + "?q=CED%40"))).isEqualTo("1 invitation matches “CED@”");
        assertThat(admin.get(PATH + "?q=ced%40").text()).contains("boun<mark>ced", "of 8");
        assertThat(rows(admin.get(PATH + "?q=" + invited.ids.get(Fate.SENT)))).hasSize(1).first().asString()
            .startsWith("sent@people.test");
        assertThat(heading(admin.get(PATH + "?state=open"))).isEqualTo("5 invitations match");
        assertThat(rows(admin.get(PATH + "?state=failed%2Cbounced"))).hasSize(2);
        assertThat(ConsoleUser.read(admin.get(PATH + "?state=failed%2Cbounced")))
            .contains("State: Failed or bounced", "Clear all");
        var bySam = admin.get(PATH + "?sender=" + invited.sam.id());
        assertThat(rows(bySam)).hasSize(1);
        assertThat(ConsoleUser.read(bySam)).contains("Sent by: sam@inviting.test", "Open 1 Accepted 0");
        assertThat(rows(admin.get(PATH + "?sort=address"))).first().asString().startsWith("accepted@");
        assertThat(rows(admin.get(PATH + "?sort=-address"))).first().asString().startsWith("sent@");
        assertThat(admin.get(PATH + "?sort=expires").text()).contains("aria-sort=\"ascending\"");
        assertThat(admin.get(PATH).text()).contains("aria-sort=\"descending\"");
        assertThat(rows(admin.get(PATH + "?expires=1d"))).hasSize(1).first().asString().startsWith("expired@");
    }

    @Test
    void nothing_found_says_what_else_there_is() {
        var page = ConsoleUser.read(admin.get(PATH + "?q=bounced&state=accepted"));
        assertThat(page).contains("No invitation matches “bounced” among the accepted.",
            "1 invitation matches in any state.", "Show all states", "Clear the search");
        var other = ConsoleUser.of(roster.newOrg("uninvited").founder());
        assertThat(ConsoleUser.read(other.get(PATH))).contains("No invitations yet", "Invite people")
            .doesNotContain("people.test");
        var tooLong = admin.get(PATH + "?q=" + "x".repeat(201));
        assertThat(tooLong.status()).isEqualTo(422);
        assertThat(tooLong.text()).contains("Search for at most 200 characters.");
    }

    @Test
    void pages_lead_both_ways() {
        var many = roster.newOrg("manyinvited");
        for (var i = 0; i < 60; i++) {
            Inviting.invited(many.founder(), many.newPending("p%02d@people.test".formatted(i)).id());
        }
        var user = ConsoleUser.of(many.founder());
        user.get(PATH + "?rows=25");
        var next = user.get(link(user.get(PATH + "?sort=address"), "next"));
        assertThat(ConsoleUser.read(next)).contains("26 to 50 of 60");
        assertThat(rows(next)).first().asString().startsWith("p25@");
        assertThat(ConsoleUser.read(user.get(link(next, "previous")))).contains("1 to 25 of 60");
        var last = user.get(link(next, "last"));
        assertThat(rows(last)).hasSize(10).last().asString().startsWith("p59@");
    }

    private static String link(Answer page, String id) {
        var found = Pattern.compile("id=\"" + id + "\" href=\"([^\"]+)\"").matcher(page.text());
        assertThat(found.find()).as(page.text()).isTrue();
        return found.group(1).replace("&amp;", "&");
    }

    @ParameterizedTest
    @CsvSource({"?q=&sort=-sent, ''", "?sort=sent&q=a, ?q=a&sort=sent", "?nonsense=1, ''",
        "'?state=bounced&state=failed', '?state=failed%2Cbounced'",
        "'?state=queued,sent,deferred,failed,bounced', ?state=open", "?rows=50, ''"})
    void a_list_has_one_address(String asked, String canonical) {
        var answer = admin.get(PATH + asked);
        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.header("Location").orElseThrow()).endsWith(PATH + canonical);
        assertThat(admin.get(PATH + canonical).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"?state=x", "?sender=x", "?sent_from=2026-13-01", "?expires=2d", "?sort=x", "?after=x",
        "?before=x", "?rows=7"})
    void a_damaged_address_says_so(String asked) {
        var answer = admin.get(PATH + asked);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).contains("This address is damaged");
    }

    @Test
    void a_part_is_the_list_alone() {
        var headers = new HashMap<>(admin.session().cookie());
        headers.put("HX-Request", "true");
        var answer = roster.send("GET", PATH + "?q=sent", null, headers);
        assertThat(answer.text()).contains("id=\"results\"", "id=\"segments\"").doesNotContain("<html", "<main");
        assertThat(answer.header("HX-Replace-Url")).contains(PATH + "?q=sent");
    }

    @Test
    void what_needs_attention_is_told_on_every_page_of_those_who_may_invite() {
        for (var path : List.of("/console/people", "/console/me", PATH)) {
            assertThat(ConsoleUser.read(admin.get(path))).as(path).contains("Invitations 3 need attention");
        }
        assertThat(admin.get(PATH).text()).contains("href=\"" + PATH + "?state=deferred%2Cfailed%2Cbounced\"");
        assertThat(rows(admin.get(PATH + "?state=deferred%2Cfailed%2Cbounced"))).hasSize(3);
        var none = ConsoleUser.of(org.newUser("none@inviting.test"));
        assertThat(none.get("/console/").text()).doesNotContain("need attention", "/console/invitations");
        assertThat(none.get(PATH).status()).isEqualTo(403);
    }

    @Test
    void the_overview_leads_to_what_it_counts() {
        var overview = admin.get("/console/");
        var links = Pattern.compile("href=\"(/console/invitations\\?[^\"]+)\">([^<]+)</a><strong>([0-9]+)</strong>")
            .matcher(overview.text()).results().toList();
        assertThat(links).hasSize(6);
        for (var link : links) {
            var count = link.group(3);
            assertThat(heading(admin.get(link.group(1).replace("&amp;", "&")))).as(link.group(2))
                .startsWith(count.equals("0") ? "No invitation" : count + " invitation");
        }
        assertThat(overview.text()).contains("href=\"" + PATH + "?state=failed%2Cbounced\">invitations could not");
    }

    @Test
    void one_invitation_has_its_facts_its_emails_and_its_history() {
        var page = admin.get(invited.path(Fate.BOUNCED) + "?from=state%3Dbounced");
        assertThat(ConsoleUser.read(page)).contains("Invitation of bounced @people.test", "Bounced",
            "Came back: 552 mailbox full", "First invitation", "sam@inviting.test", "All that they sent", "Sent Once",
            invited.ids.get(Fate.BOUNCED), "invited bounced@people.test".replace("@", " @"));
        assertThat(page.text()).contains("href=\"" + PATH + "?state=bounced\"",
            invited.path(Fate.BOUNCED) + "/resend?from=state%3Dbounced\"", "/console/people/", "/console/mailbox/");
        assertThat(ConsoleUser.read(admin.get(invited.path(Fate.CANCELLED)))).as("cancelled ones are shown, too")
            .contains("Cancelled", "Invitation of cancelled");
        assertThat(ConsoleUser.of(invited.sam).get(invited.path(Fate.SENT)).text())
            .as("the trail is for those who may read it")
            .doesNotContain("id=\"history\"").contains("/resend\"");
    }

    @Test
    void the_pages_of_a_person_lead_there() {
        var user = SignedIn.in(org.founder());
        var person = admin.get(invited.path(Fate.SENT)).text();
        var found = Pattern.compile("/console/people/([0-9a-f-]{36})\"").matcher(person);
        assertThat(found.find()).isTrue();
        var tab = user.page("/console/people/" + found.group(1) + "/invitations").text();
        assertThat(tab).contains(invited.path(Fate.SENT) + "\"", invited.path(Fate.SENT) + "/resend\"",
            invited.path(Fate.SENT) + "/cancel\"",
            invited.path(Fate.SENT) + "/bounced\"");
    }
}
