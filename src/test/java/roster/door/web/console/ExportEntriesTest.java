package roster.door.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.base.json.Json;
import roster.model.User;
import roster.support.Answer;
import roster.support.SignedIn;
import roster.support.TestOrg;
import roster.support.TestRoster;
import tools.jackson.databind.JsonNode;

/// What the trail tells of an export: who made it is nothing without what they took.
@Timeout(120)
class ExportEntriesTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /// The facts of the entry that a request left.
    private static JsonNode facts(TestOrg org, Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return Json.parse(roster.sqlValue("SELECT after::text FROM audit_entries WHERE org_id = ? AND request_id = ?",
            org.id().value(), answer.header("X-Request-Id").orElseThrow()).toString().getBytes(StandardCharsets.UTF_8));
    }

    private static JsonNode json(String text) {
        return Json.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void an_export_of_people_tells_the_filters_and_no_name() {
        var org = roster.newOrg("exports");
        var admin = SignedIn.in(org.founder());
        var role = org.newRole("Support", List.of("dashboards_read"));
        org.newUserWith("ann@exports.test", List.of(role.toString()));

        var all = facts(org, admin.page("/console/people.csv"));
        assertThat(all).isEqualTo(json("{\"count\": 2}"));
        var some = facts(org, admin.page("/console/people.csv?q=Ann&status=active,pending&role=%s,none&seen=never"
            .formatted(role) + "&mfa=no&added_from=2021-05-01&added_to=2999-01-01&sort=-name"));
        assertThat(some).isEqualTo(json("""
            {"count": 1, "text": "not kept", "status": "pending,active", "roles": ["%s", "none"], "seen": "never",
             "mfa": "no", "added_from": "2021-05-01", "added_to": "2999-01-01"}""".formatted(role)));

        assertThat(ConsoleUser.read(admin.page("/console/audit?what=exports"))).contains("exported 1 person",
            "exported 2 people", "Search none → became not kept", "Second factor none → became no",
            "Roles none → became Support, no role");
    }

    @Test
    void an_export_of_the_trail_tells_what_was_asked_for() {
        var org = roster.newOrg("exports");
        var admin = SignedIn.in(org.founder());
        var role = org.newRole("Night watch", List.of("dashboards_read")).toString();

        var facts = facts(org, admin.page("/console/audit.csv?q=" + role + "&query=" + encoded("@action:created")
            + "&from=2021-05-01&to=2999-01-01&what=roles&source=command-line&by=cli%3Atest&about=" + role));

        assertThat(facts).isEqualTo(json("""
            {"count": 1, "format": "csv", "from": "2021-05-01T00:00:00.000000+00:00",
             "to": "2999-01-01T23:59:59.999999+00:00",
             "text": "%1$s", "query": "not kept", "what": "roles", "source": "command-line", "by": ["cli:test"],
             "about": ["%1$s"]}""".formatted(role)));
        assertThat(facts(org, admin.page("/console/audit.ndjson?q=watch&what=roles")).path("text").asString())
            .isEqualTo("not kept");
    }

    @Test
    void no_address_that_was_searched_for_outlives_its_person_and_the_seals_hold() {
        var org = roster.newOrg("exports");
        var admin = SignedIn.in(org.founder());
        var ann = org.newUser("ann.lee@exports.test");
        var lee = org.newUser("lee@exports.test");
        var early = admin.page("/console/people.csv?q=" + encoded("ann.wed@exports.test"));
        var people = admin.page("/console/people.csv?q=" + encoded("Ann.Lee@Exports.test"));
        var trail = admin.page("/console/audit.csv?q=" + encoded("ann.lee@exports.test"));
        var other = admin.page("/console/audit.csv?q=" + encoded("lee@exports.test"));
        assertThat(facts(org, people).path("text").asString()).isEqualTo(ann.id());
        assertThat(facts(org, trail).path("text").asString()).isEqualTo(ann.id());
        assertThat(facts(org, other).path("text").asString()).isEqualTo(lee.id());
        assertThat(org.founder().patch("/api/v2/users/" + ann.id(), """
            {"data":{"type":"users","id":"%s","attributes":{"email":"ann.wed@exports.test"}}}
            """.formatted(ann.id())).status()).isEqualTo(200);
        var late = admin.page("/console/people.csv?q=" + encoded("ann.lee@exports.test"));
        var lateTrail = admin.page("/console/audit.csv?q=" + encoded("ann.lee@exports.test"));

        assertThat(org.founder().send("PUT", "/api/v2/anonymize_users", """
            {"data":{"type":"anonymize_users_request","attributes":{"user_ids":["%s"]}}}
            """.formatted(ann.id())).texts("/data/attributes/anonymized_user_ids")).containsExactly(ann.id());

        for (var unknown : List.of(early, late, lateTrail)) {
            assertThat(facts(org, unknown).path("text").asString()).isEqualTo("not kept");
        }
        assertThat(facts(org, people)).isEqualTo(json("{\"count\": 1, \"text\": \"%s\"}".formatted(ann.id())));
        assertThat(roster.program().audit().trail.verify(org.id(), Optional.empty()).faults()).isEmpty();
        for (var address : List.of("ann.lee@exports.test", "ann.wed@exports.test")) {
            assertThat(roster.program().anonymisation.leftovers
                .of(org.id(), new User.Id(UUID.fromString(ann.id())), address).places()).isEmpty();
            assertThat(
                roster.sqlValue("SELECT count(*) FROM audit_entries WHERE org_id = ? AND strpos(after::text, ?) > 0",
                    org.id().value(), address))
                .isEqualTo(0L);
        }
    }

    @Test
    void of_those_who_acted_an_entry_keeps_no_text_that_the_trail_does_not_know() {
        var org = roster.newOrg("exports");
        var admin = SignedIn.in(org.founder());
        org.newRole("Night watch", List.of("dashboards_read"));

        var facts = facts(org, admin.page("/console/audit.csv?from=2021-05-01&by=" + encoded(
            "cli:test,cli:Ann Lee of Berlin,sql:ann@exports.test,org:nobody,visitor," + org.founder().id())));

        assertThat(facts.path("by")).isEqualTo(json("[\"cli:test\", \"not kept\", \"visitor\", \"%s\"]"
            .formatted(org.founder().id())));
    }
}
