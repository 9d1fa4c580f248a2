package roster.door.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.core.user.NewUsers.Made;
import roster.core.user.NewUsers.Wish;
import roster.model.User;
import roster.support.Answer;
import roster.support.Await;
import roster.support.HeldOrg;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// Acts on many people in the console: confirmed by number, followed, stopped, undone.
@Timeout(120)
class BulkPagesTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static List<User> people(TestOrg org, String prefix, int count) {
        var wishes = IntStream.range(0, count).mapToObj(i -> new Wish("%s%d@bulk.test".formatted(prefix, i),
            Optional.of("Person " + i), Optional.empty(), List.of())).toList();
        return org.write(tx -> roster.program().user.newUsers.createAll(tx, wishes)).stream()
            .map(made -> ((Made.Created) made).user()).toList();
    }

    private static Answer select(ConsoleUser user, String act, Map<String, String> more) {
        var fields = new HashMap<>(more);
        fields.put("do", act);
        return user.post("/console/bulk", fields);
    }

    private static Answer all(ConsoleUser user, String act, String list) {
        return user.follow(select(user, act, Map.of("sel", "all", "list", list)));
    }

    private static Map<String, String> confirmed(Answer page, Map<String, String> more) {
        var fields = new HashMap<>(more);
        for (var name : List.of("do", "selection", "count", "once")) {
            fields.put(name, ConsoleUser.hidden(page, name));
        }
        if (page.text().contains("name=\"role\"")) {
            fields.put("role", ConsoleUser.hidden(page, "role"));
        }
        return fields;
    }

    @Test
    void people_are_disabled_after_a_question_and_enabled_again() {
        var org = roster.newOrg("ask");
        var user = ConsoleUser.of(org.founder());
        var ann = people(org, "ann", 1).getFirst();
        var asked = user.follow(select(user, "disable", Map.of("id", ann.id().toString())));
        assertThat(ConsoleUser.read(asked)).contains("Disable 1 person?", "1 will be disabled.", "revoked for good");

        var done = user.post(ConsoleUser.action(asked, "/console/bulk/new"), confirmed(asked, Map.of()));
        var job = user.follow(done);

        assertThat(ConsoleUser.read(job)).contains("Disable 1 person", "Finished.", "Person 0 ann0@bulk.test", "Done",
            "Undo", "Keys stay revoked.");
        assertThat(org.founder().get("/api/v2/users/" + ann.id()).text()).contains("\"disabled\":true");
        var undone = user.post(ConsoleUser.action(job, "/undo"), Map.of());
        assertThat(ConsoleUser.read(user.follow(undone))).contains("Enable 1 person", "Undoes Disable 1 person",
            "Finished.");
        assertThat(org.founder().get("/api/v2/users/" + ann.id()).text()).contains("\"disabled\":false");
        assertThat(ConsoleUser.read(user.get("/console/bulk"))).contains("2 bulk changes",
            "Enable 1 person Undoes Disable 1 person");
        assertThat(ConsoleUser.read(user.get("/console/audit?source=job"))).contains("2 changes match",
            "disabled Person 0 Console, by a job", "enabled Person 0 Console, by a job");
    }

    @Test
    void an_undo_that_is_undone_says_what_it_does_and_what_it_takes_back() {
        var org = roster.newOrg("twice");
        var user = ConsoleUser.of(org.founder());
        var ann = people(org, "twice", 1).getFirst();
        var asked = user.follow(select(user, "disable", Map.of("id", ann.id().toString())));
        var first = user.post(ConsoleUser.action(asked, "/console/bulk/new"), confirmed(asked, Map.of()));
        var second = user.post(ConsoleUser.action(user.follow(first), "/undo"), Map.of());
        var third = user.follow(user.post(ConsoleUser.action(user.follow(second), "/undo"), Map.of()));

        assertThat(third.text()).contains("<h1><bdi>Disable 1 person</bdi></h1>",
            "<bdi>Undoes <a href=\"%s\">Enable 1 person</a></bdi>".formatted(second.header("Location").orElseThrow()));
        assertThat(org.founder().get("/api/v2/users/" + ann.id()).text()).contains("\"disabled\":true");
        assertThat(ConsoleUser.read(user.get("/console/bulk"))).contains("3 bulk changes",
            "Disable 1 person Undoes Enable 1 person", "Enable 1 person Undoes Disable 1 person");
    }

    @Test
    void all_who_match_are_counted_rehearsed_and_typed() {
        var org = roster.newOrg("typed");
        var user = ConsoleUser.of(org.founder());
        people(org, "typed", 101);
        people(org, "other", 3);
        var asked = all(user, "disable", "/console/people?q=typed");
        assertThat(ConsoleUser.read(asked)).contains("Disable 102 people?", "101 will be disabled, 1 is refused: "
            + "The last active administrator stays.", "Type 102 to go on");
        var action = ConsoleUser.action(asked, "/console/bulk/new");

        var wrong = user.post(action, confirmed(asked, Map.of("typed", "12")));
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(ConsoleUser.read(wrong)).contains("Type 102 to go on.");
        var version = org.version();
        people(org, "typedmore", 1);
        var changed = user.post(action, confirmed(asked, Map.of("typed", "102")));
        assertThat(changed.status()).isEqualTo(409);
        assertThat(ConsoleUser.read(changed)).contains("102 when you looked, 103 now.", "Continue with 103");
        assertThat(org.version()).isEqualTo(version + 1);

        var sent = user.post(action, confirmed(changed, Map.of("typed", "103")));
        var job = sent.header("Location").orElseThrow();
        Await.until("the job is over", () -> ConsoleUser.read(user.get(job)).contains("Finished."));
        assertThat(ConsoleUser.read(user.get(job))).contains("All 103 Done 102 Skipped 0 Refused 1 Not reached 0");
        assertThat(ConsoleUser.read(user.get(job + "?show=refused"))).contains("The last active administrator stays");
        assertThat(user.get(job).text()).doesNotContain("http-equiv=\"refresh\"");
        var csv = user.get(job + "/results.csv");
        assertThat(csv.text()).startsWith("\ufeffemail,name,outcome,reason\r\n")
            .contains("typed0@bulk.test,Person 0,Done,");
        assertThat(csv.text().lines().count()).isEqualTo(104);
    }

    @Test
    void a_job_is_followed_and_stopped() throws Exception {
        var org = roster.newOrg("follow");
        var user = ConsoleUser.of(org.founder());
        people(org, "follow", 200);
        var asked = all(user, "enable", "/console/people?q=person");
        var action = ConsoleUser.action(asked, "/console/bulk/new");
        try (var held = new HeldOrg(org)) {
            var sent = user.post(action, confirmed(asked, Map.of()));
            var job = sent.header("Location").orElseThrow();
            held.awaitWaiting(1);
            var page = user.get(job);
            assertThat(page.text()).contains("<noscript><meta http-equiv=\"refresh\" content=\"2\"></noscript>",
                "hx-trigger=\"load delay:1s\"");
            assertThat(ConsoleUser.read(page)).contains("Not reached 200", "Stop");
            var stopped = user.post(ConsoleUser.action(page, "/stop"), Map.of());
            held.release();
            assertThat(ConsoleUser.read(user.follow(stopped))).contains("Stopped. 0 done, 200 not reached.");
            assertThat(user.post(action, confirmed(asked, Map.of())).header("Location")).as("sent again").contains(job);
        }
    }

    @Test
    void roles_are_chosen_given_and_taken() {
        var org = roster.newOrg("rolled");
        var user = ConsoleUser.of(org.founder());
        var support = org.newRole("Support", List.of());
        var person = people(org, "rolled", 1).getFirst();
        var choice = user.follow(select(user, "roles", Map.of("id", person.id().toString())));
        assertThat(ConsoleUser.read(choice)).contains("Change roles", "Give roles", "Take roles", "Support");
        var asked = user.get("/console/bulk/new?do=give_roles&selection=%s&role=%s"
            .formatted(ConsoleUser.hidden(choice, "selection"), support));
        assertThat(ConsoleUser.read(asked)).contains("Give 1 person the role Support?");
        var done = user.follow(user.post(ConsoleUser.action(asked, "/console/bulk/new"), confirmed(asked, Map.of())));
        assertThat(ConsoleUser.read(done)).contains("Give 1 person the role Support", "Done 1");
        assertThat(org.founder().get("/api/v2/roles/" + support + "/users").each("/data", "/id"))
            .containsExactly(person.id().toString());
    }

    @Test
    void people_are_chosen_by_pasting_addresses_and_ids() {
        var org = roster.newOrg("pasted");
        var user = ConsoleUser.of(org.founder());
        var people = people(org, "pasted", 2);
        var text = "Pasted0@bulk.test\nuser %s in the log\npasted0@bulk.test\nmissing@bulk.test\n".formatted(
            people.getLast().id());
        var page = user.follow(user.upload("/console/people/paste", List.of(Map.entry("who", text)), new byte[0]));
        assertThat(ConsoleUser.read(page)).contains("4 lines read", "All 4 Found 2 Repeated 1 Not here 1",
            "1 Found Person 0 pasted0@bulk.test", "2 Found Person 1 pasted1@bulk.test", "3 Repeated",
            "Same person as line 1; counted once", "4 Not here missing@bulk.test", "2 people selected");
        var asked = user.follow(user.post("/console/people/paste/act",
            Map.of("selection", ConsoleUser.hidden(page, "selection"), "do", "disable")));
        assertThat(ConsoleUser.read(asked)).contains("Disable 2 people?");
    }

    @Test
    void what_is_damaged_or_not_allowed_is_refused() {
        var org = roster.newOrg("damaged");
        var user = ConsoleUser.of(org.founder());
        var person = people(org, "damaged", 1).getFirst();
        assertThat(select(user, "disable", Map.of("id", "x")).status()).isEqualTo(400);
        assertThat(select(user, "disable", Map.of("list", "https://evil.test/")).header("Location"))
            .contains("/console/people");
        var location = select(user, "explode", Map.of("id", person.id().toString())).header("Location").orElseThrow();
        assertThat(user.get(location).status()).isEqualTo(400);
        assertThat(user.get("/console/bulk/new?do=disable&selection=" + person.id()).status()).isEqualTo(404);
        assertThat(user.get("/console/bulk/" + person.id()).status()).isEqualTo(404);

        var inviters = org.newRole("Inviters", List.of("user_access_invite", "user_access_read"));
        var inviter = ConsoleUser.of(org.newUserWith("inviter@damaged.test", List.of(inviters.toString())));
        var own = select(inviter, "disable", Map.of("id", person.id().toString())).header("Location").orElseThrow();
        assertThat(inviter.get(own).status()).isEqualTo(403);
        var none = ConsoleUser.of(org.newUser("none@damaged.test"));
        assertThat(none.get("/console/bulk").status()).isEqualTo(403);
        var version = org.version();
        assertThat(select(none, "disable", Map.of("id", person.id().toString())).status()).isEqualTo(403);
        assertThat(org.version()).isEqualTo(version);
        assertThat(new String(user.get(location).bytes(), StandardCharsets.UTF_8)).contains("This address is damaged");
    }
}
