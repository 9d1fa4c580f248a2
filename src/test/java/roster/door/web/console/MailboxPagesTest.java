package roster.door.web.console;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.support.Inviting.invited;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.Inviting;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// The e-mails of an organisation on a local trial.
@Timeout(120)
class MailboxPagesTest {
    private static final String PATH = "/console/mailbox";

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static String letter(TestOrg org) {
        return roster
            .sqlValue("SELECT id FROM letters WHERE org_id = ? AND kind = 'invitation' ORDER BY version DESC LIMIT 1",
                org.id().value())
            .toString();
    }

    @Test
    void it_lists_and_shows_the_emails_of_the_organisation_alone() {
        var mine = roster.newOrg("mine");
        var theirs = roster.newOrg("theirs");
        var admin = ConsoleUser.of(mine.founder());
        roster.sql("DELETE FROM letters WHERE org_id = ?", mine.id().value()); // of signing in
        assertThat(ConsoleUser.read(admin.get(PATH))).contains("No emails yet", "Invite people");
        invited(mine.founder(), mine.newPending("ann@mine.test").id());
        var id = invited(mine.founder(), mine.newPending("bob@mine.test").id());
        invited(theirs.founder(), theirs.newPending("eve@theirs.test").id());

        var list = admin.get(PATH);
        assertThat(ConsoleUser.read(list)).contains("2 emails", "Invitation to join mine", "ann@mine.test",
            "bob@mine.test").doesNotContain("eve@theirs.test", "Invitation to join theirs");
        assertThat(list.text().indexOf("bob@mine.test")).as("the newest first")
            .isLessThan(list.text().indexOf("ann@mine.test"));

        var page = admin.get(PATH + "/" + letter(mine));
        assertThat(ConsoleUser.read(page)).contains("You have been invited to join mine", "To bob@mine.test");
        assertThat(page.text()).contains("<a href=\"" + roster.address() + Inviting.link(mine, id) + "\"",
            "sandbox=\"allow-popups allow-popups-to-escape-sandbox\"",
            "src=\"" + PATH + "/" + letter(mine) + "/letter.html\"");
        assertThat(page.header("Content-Security-Policy").orElseThrow()).contains("frame-src 'self'",
            "script-src 'self'", "frame-ancestors 'none'");
        for (var other : List.of(letter(theirs), UUID.randomUUID().toString(), "none")) {
            for (var path : List.of("", "/letter.html")) {
                var answer = admin.get(PATH + "/" + other + path);
                assertThat(answer.status()).isEqualTo(404);
                assertThat(answer.text()).doesNotContain("theirs");
            }
        }
    }

    @Test
    void the_html_of_an_email_is_caged() {
        var org = roster.newOrg("caged");
        invited(org.founder(), org.newPending("ann@caged.test").id());
        var html = ConsoleUser.of(org.founder()).get(PATH + "/" + letter(org) + "/letter.html");
        assertThat(html.status()).isEqualTo(200);
        assertThat(html.text()).contains("You have been invited to join");
        assertThat(html.header("Content-Security-Policy").orElseThrow()).contains("default-src 'none'", "sandbox ",
            "frame-ancestors 'self'").doesNotContain("allow-scripts", "allow-same-origin");
    }

    @Test
    void what_is_not_to_be_sent_any_more_has_no_link() {
        var org = roster.newOrg("over");
        var admin = ConsoleUser.of(org.founder());
        var id = invited(org.founder(), org.newPending("ann@over.test").id());
        Inviting.accept(roster, Inviting.link(org, id));
        assertThat(ConsoleUser.read(admin.get(PATH))).contains("Expired, cancelled or done", "ann@over.test");
        var page = admin.get(PATH + "/" + letter(org));
        assertThat(ConsoleUser.read(page)).contains("This email is not sent any more");
        assertThat(page.text()).doesNotContain("<iframe", roster.address() + "/invitations/");
        assertThat(admin.get(PATH + "/" + letter(org) + "/letter.html").status()).isEqualTo(404);
        assertThat(Inviting.letterState(org, id)).isEqualTo("dropped");
    }

    @Test
    void it_is_for_those_who_may_manage_users() {
        var org = roster.newOrg("needing");
        var inviter = ConsoleUser.of(org.newStandard("sam@needing.test"));
        assertThat(inviter.get("/console/").text()).doesNotContain(PATH);
        assertThat(inviter.get(PATH).status()).isEqualTo(403);
        assertThat(ConsoleUser.of(org.founder()).get("/console/").text()).contains("href=\"" + PATH + "\"");
    }

    @Test
    void there_is_none_where_emails_are_sent_or_the_public_url_is_set() {
        var org = roster.newOrg("served");
        var admin = ConsoleUser.of(org.founder());
        try (var node = roster.anotherNode(Map.of("ROSTER_PUBLIC_URL", "https://people.example.test"))) {
            assertThat(node.routes.all()).noneMatch(route -> route.template().startsWith(PATH))
                .anyMatch(route -> route.template().equals("/console/invitations"));
        }
        assertThat(admin.get(PATH).status()).isEqualTo(200);
    }
}
