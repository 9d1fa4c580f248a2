package roster.door.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.core.invitation.Fate;
import roster.support.Answer;
import roster.support.Inviting;
import roster.support.TestRoster;

/// What can be done with invitations in the console: each act asks first, and says why where it cannot be done.
@Timeout(120)
class InvitationActsTest {
    private static final String PATH = "/console/invitations";

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static InvitedOrg invited;

    @BeforeAll
    static void seed() {
        invited = new InvitedOrg(roster);
    }

    @Test
    void it_is_sent_again_after_a_question() {
        var fresh = roster.newOrg("again");
        var user = ConsoleUser.of(fresh.founder());
        var id = Inviting.invited(fresh.founder(), fresh.newPending("bob@people.test").id());
        Inviting.expire(fresh, id);
        var link = Inviting.link(fresh, id);
        var version = fresh.version();

        var asked = user.get(PATH + "/" + id + "/resend");
        assertThat(asked.status()).isEqualTo(200);
        assertThat(ConsoleUser.read(asked)).contains("Send the invitation of bob@people.test again?",
            "An email with a new link goes to bob@people.test", "It can be accepted until ",
            "The link in earlier emails stops working");
        assertThat(fresh.version()).as("asking changes nothing").isEqualTo(version);

        var done = user.follow(user.post(ConsoleUser.action(asked, "/resend"), Map.of()));
        assertThat(ConsoleUser.read(done)).contains("Queued", "Sent 2 times");
        assertThat(Inviting.link(fresh, id)).isNotEqualTo(link);
        assertThat(Pattern.compile("Message ").matcher(ConsoleUser.read(done)).results().count()).isEqualTo(2);
    }

    @Test
    void a_limit_is_told_before() {
        var limited = roster.newOrg("limited");
        var user = ConsoleUser.of(limited.founder());
        var id = Inviting.invited(limited.founder(), limited.newPending("bob@people.test").id());
        roster.sql("UPDATE invitation_counts SET number = 1000 WHERE org_id = ?", limited.id().value());
        var version = limited.version();

        var asked = user.get(PATH + "/" + id + "/resend");
        assertThat(ConsoleUser.read(asked))
            .containsPattern("You can send no more invitations until [0-9]{2}:[0-9]{2}\\.");
        assertThat(asked.text()).doesNotContain("<button class=\"button main\"");
        var sent = user.post(PATH + "/" + id + "/resend", Map.of());
        assertThat(sent.status()).isEqualTo(422);
        assertThat(ConsoleUser.read(sent)).contains("You can send no more invitations until");
        assertThat(limited.version()).isEqualTo(version);
    }

    @Test
    void what_would_be_refused_has_a_reason_in_the_place_of_the_button() {
        var version = invited.org.version();
        for (var refused : Map.of(invited.path(Fate.ACCEPTED) + "/resend", "They have joined already.",
            invited.path(Fate.CANCELLED) + "/resend", "It was cancelled. Invite them anew instead.",
            invited.path(Fate.EXPIRED) + "/cancel", "It has expired, so nothing can be accepted with it.",
            invited.path(Fate.CANCELLED) + "/cancel", "It was cancelled already.",
            invited.path(Fate.QUEUED) + "/bounced", "Its latest email was not sent, so it can't have come back.",
            invited.path(Fate.BOUNCED) + "/bounced", "It is recorded already that it came back.").entrySet()) {
            var asked = invited.admin.get(refused.getKey());
            assertThat(asked.status()).isEqualTo(200);
            assertThat(ConsoleUser.read(asked)).as(refused.getKey()).contains(refused.getValue());
            assertThat(asked.text()).doesNotContain("<form method=\"post\"");
            var sent = invited.admin.post(refused.getKey(), Map.of("reason", "x"));
            assertThat(sent.status()).isEqualTo(422);
            assertThat(ConsoleUser.read(sent)).contains(refused.getValue());
        }
        assertThat(invited.org.version()).isEqualTo(version);
    }

    @Test
    void it_is_cancelled_after_a_question() {
        var fresh = roster.newOrg("cancelling");
        var user = ConsoleUser.of(fresh.founder());
        var id = Inviting.invited(fresh.founder(), fresh.newPending("bob@people.test").id());
        var asked = user.get(PATH + "/" + id + "/cancel");
        assertThat(ConsoleUser.read(asked)).contains("Cancel the invitation of bob@people.test?",
            "The link in the emails to bob@people.test stops working", "The email that waits is not sent",
            "The person stays, as Pending, and can be invited anew");
        var done = user.follow(user.post(ConsoleUser.action(asked, "/cancel"), Map.of()));
        assertThat(ConsoleUser.read(done)).contains("Cancelled");
        assertThat(done.text()).doesNotContain("/cancel\"", "/resend\"");
        assertThat(Inviting.letterState(fresh, id)).isEqualTo("dropped");
    }

    @Test
    void a_bounce_needs_a_reason_and_keeps_what_was_typed() {
        var fresh = roster.newOrg("bouncing");
        var user = ConsoleUser.of(fresh.founder());
        var id = Inviting.invited(fresh.founder(), fresh.newPending("bob@people.test").id());
        Inviting.sent(fresh, id);
        var path = PATH + "/" + id + "/bounced";
        assertThat(ConsoleUser.read(user.get(path))).contains("Did the email to bob@people.test come back?");
        var empty = user.post(path, Map.of("reason", " "));
        assertThat(empty.status()).isEqualTo(422);
        assertThat(ConsoleUser.read(empty)).contains("This must not be empty.");
        var tooLong = user.post(path, Map.of("reason", "y".repeat(301)));
        assertThat(tooLong.status()).isEqualTo(422);
        assertThat(tooLong.text()).contains("Use at most 300 characters; this has 301.",
            "value=\"" + "y".repeat(301) + "\"", "<title>Error: ");
        assertThat(Inviting.letterState(fresh, id)).isEqualTo("sent");

        var done = user.follow(user.post(path, Map.of("reason", "550 <i>gone</i>")));
        assertThat(ConsoleUser.read(done)).contains("Came back: 550 <i>gone</i>", "Bounced",
            "Invitations 1 need attention");
        assertThat(done.text()).doesNotContain("<i>gone");
        var again = user.post(path, Map.of("reason", "once more"));
        assertThat(again.status()).isEqualTo(422);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/resend", "/cancel", "/bounced"})
    void an_invitation_of_another_organisation_is_as_one_that_never_was(String page) {
        var other = roster.newOrg("theirs");
        var theirs = Inviting.invited(other.founder(), other.newPending("their@people.test").id());
        for (var id : List.of(theirs, UUID.randomUUID().toString(), "none")) {
            var answer = invited.admin.get(PATH + "/" + id + page);
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.text()).contains("There is nothing here").doesNotContain("their@people.test");
            if (!page.isEmpty()) {
                assertThat(invited.admin.post(PATH + "/" + id + page, Map.of("reason", "x")).status()).isEqualTo(404);
            }
        }
        assertThat(Inviting.letterState(other, theirs)).isEqualTo("queued");
    }

    @Test
    void those_that_are_ticked_or_match_are_cancelled_together() {
        var bulk = roster.newOrg("bulky");
        var user = ConsoleUser.of(bulk.founder());
        var bob = bulk.newPending("bob@people.test").id();
        var ids = List.of(Inviting.invited(bulk.founder(), bob), Inviting.invited(bulk.founder(), bob));
        for (var i = 0; i < 3; i++) {
            Inviting.invited(bulk.founder(), bulk.newPending("p%d@other.test".formatted(i)).id());
        }
        assertThat(user.get(PATH).text()).contains("value=\"cancel_invitations\"",
            "name=\"id\" value=\"" + ids.getFirst());
        assertThat(user.post("/console/bulk", Map.of("do", "cancel_invitations", "list", PATH)).header("Location"))
            .as("none is ticked").contains(PATH);

        var asked = user.follow(user.post("/console/bulk", Map.of("do", "cancel_invitations", "list", PATH, "id",
            ids.getFirst())));
        assertThat(ConsoleUser.read(asked)).contains("Cancel 1 invitation?", "1 will be cancelled.");
        var done = user.follow(user.post("/console/bulk/new", confirmed(asked)));
        assertThat(ConsoleUser.read(done)).contains("Cancel 1 invitation",
            "bob@people.test");
        assertThat(InvitationsTest.heading(user.get(PATH + "?state=open"))).as("not the other one of the same person")
            .isEqualTo("4 invitations match");

        var all = user.follow(user.post("/console/bulk", Map.of("do", "cancel_invitations", "sel", "all", "list",
            PATH + "?q=people.test")));
        assertThat(ConsoleUser.read(all)).contains("Cancel 2 invitations?",
            "1 will be cancelled, 1 can't be accepted any more.");
        assertThat(ConsoleUser.read(user.follow(user.post("/console/bulk/new", confirmed(all)))))
            .contains("Done 1 Skipped 1", "It can't be accepted any more");
        assertThat(InvitationsTest.heading(user.get(PATH + "?state=open"))).isEqualTo("3 invitations match");
        assertThat(user.get("/console/bulk/new?do=disable&selection=" + ConsoleUser.hidden(all, "selection")).status())
            .as("people are disabled, invitations are not").isEqualTo(400);
    }

    private static Map<String, String> confirmed(Answer page) {
        var fields = new HashMap<String, String>();
        for (var name : List.of("do", "selection", "count", "once")) {
            fields.put(name, ConsoleUser.hidden(page, name));
        }
        return fields;
    }
}
