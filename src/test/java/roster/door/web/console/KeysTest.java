package roster.door.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import roster.core.key.AccessTokens;
import roster.core.key.ApplicationKeys;
import roster.model.User;
import roster.support.Answer;
import roster.support.SignedIn;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// Keys of all kinds, as browsers read and send their pages.
@Timeout(120)
class KeysTest {
    private static final Pattern ROW = Pattern.compile("<tr role=\"row\" data-row>(.*?)</tr>", Pattern.DOTALL);
    private static final Pattern HEADING = Pattern.compile("<h2 id=\"results\"[^>]*>([^<]*)</h2>");
    private static final Pattern SECRET = Pattern.compile("id=\"secret\" type=\"text\" value=\"([^\"]+)\"");

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static TestOrg org;
    private static TestUser admin;
    private static SignedIn ada;
    private static User robot;

    @BeforeAll
    static void seed() {
        org = roster.newOrg("keys");
        admin = org.founder();
        ada = SignedIn.in(admin);
        robot = org.newServiceAccount("robot@keys.test", List.of());
    }

    private static UUID applicationKey(User owner, String name, String... scopes) {
        return org.write(tx -> roster.program().key.applicationKeys.issue(tx, owner, new ApplicationKeys.Wish(name,
            scopes.length == 0 ? Optional.empty() : Optional.of(List.of(scopes))))).id();
    }

    private static UUID token(String name) {
        return org.write(tx -> roster.program().key.accessTokens.issueFor(tx, robot, new AccessTokens.Wish(name,
            List.of("audit_logs_read"), Optional.of(Instant.now().plus(Duration.ofDays(2)))))).token().id().value();
    }

    private static UUID apiKey(String name) {
        return org.write(tx -> roster.program().key.apiKeys.issue(tx, name)).id();
    }

    private static String heading(Answer page) {
        var found = HEADING.matcher(page.text());
        assertThat(found.find()).as(page.text()).isTrue();
        return found.group(1);
    }

    private static List<String> rows(Answer page) {
        return ROW.matcher(page.text()).results().map(found -> ConsoleUser.read(found.group(1)).strip()).toList();
    }

    private static Map<String, String> with(Answer form, String... pairs) {
        var fields = new HashMap<String, String>();
        Pattern.compile("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"")
            .matcher(form.text().substring(form.text().indexOf("<h1"))).results()
            .forEach(
                found -> fields.put(found.group(1), found.group(2).replace("&#34;", "\"").replace("&quot;", "\"")));
        fields.remove("csrf");
        for (var i = 0; i < pairs.length; i += 2) {
            fields.put(pairs[i], pairs[i + 1]);
        }
        return fields;
    }

    private static String secret(Answer made) {
        assertThat(made.status()).as(made.text()).isEqualTo(200);
        var found = SECRET.matcher(made.text());
        assertThat(found.find()).as(made.text()).isTrue();
        return found.group(1);
    }

    private static long count(String table) {
        return (long) roster.sqlValue("SELECT count(*) FROM " + table + " WHERE org_id = ?", org.id().value());
    }

    @Test
    void the_three_lists_have_counts_and_say_whose_each_key_is_and_what_it_may() {
        applicationKey(admin.user(), "all of it");
        var some = applicationKey(robot, "three scopes", "audit_logs_read", "cases_read", "monitors_read");
        var expired = token("used to be good");
        roster.sql("UPDATE access_tokens SET expires_at = roster_now() - interval '1 day' WHERE id = ?", expired);

        var page = ada.page("/console/keys/application?q=three");
        assertThat(page.status()).isEqualTo(200);
        assertThat(heading(page)).isEqualTo("1 application key matches “three”");
        assertThat(rows(page)).hasSize(1).first().asString().contains("three scopes", "robot@keys.test",
            "Service account", "3 scopes", "Never", "Revoke");
        assertThat(page.text()).contains("<mark>three</mark>", "/console/keys/application/" + some + "/revoke",
            "href=\"/console/keys/api?q=three\"", "href=\"/console/keys/tokens?q=three\"");
        assertThat(rows(ada.page("/console/keys/application?q=all+of")).getFirst())
            .contains("Everything the owner may do", "…");
        assertThat(rows(ada.page("/console/keys/tokens?q=used+to+be")).getFirst()).contains("Expired", "ddsat_",
            "1 scope");
        assertThat(rows(ada.page("/console/keys/application?q=" + some))).as("by its id").hasSize(1);
        assertThat(rows(ada.page("/console/keys/api"))).anyMatch(row -> row.contains("The operator")
            && row.contains("Show key"));
    }

    @Test
    void they_are_filtered_by_owner_and_use_sorted_and_paged() {
        var bob = org.newUser("bob@keys.test");
        for (var i = 0; i < 30; i++) {
            applicationKey(bob.user(), "bulk %02d".formatted(i));
        }
        roster.sql("UPDATE application_keys SET last_used_at = roster_now() - interval '91 days', created_at = "
            + "roster_now() - interval '200 days' WHERE org_id = ? AND name = 'bulk 07'", org.id().value());
        roster.sql("UPDATE application_keys SET last_used_at = roster_now() WHERE org_id = ? AND name = 'bulk 09'",
            org.id().value());
        var list = "/console/keys/application?owner=" + bob.id();

        assertThat(ada.page("/console/keys/application?owner=Bob@keys.test").header("Location").orElseThrow())
            .endsWith(list);
        assertThat(heading(ada.page(list))).as("with their first key").isEqualTo("31 application keys match");
        assertThat(rows(ada.page(list + "&use=90d"))).hasSize(1).first().asString().contains("bulk 07");
        assertThat(heading(ada.page(list + "&use=never"))).isEqualTo("29 application keys match");
        var page = ada.page(list + "&use=never");
        assertThat(ConsoleUser.read(page)).contains("Any use 31", "Not for 90 days 1", "Never 29",
            "Owner: bob@keys.test");
        assertThat(rows(ada.page(list + "&sort=-last_used_at")).getFirst()).contains("bulk 09");
        assertThat(rows(ada.page(list + "&sort=last_used_at")).getLast()).contains("bulk 09");
        assertThat(rows(ada.page(list + "&sort=created_at")).getFirst()).contains("bulk 07");

        ada.page(list + "&rows=25");
        var first = ada.page("/console/keys/application?q=bulk&owner=" + bob.id());
        assertThat(ConsoleUser.read(first)).contains("1 to 25 of 30");
        var next = ada.page(href(first, "next"));
        assertThat(ConsoleUser.read(next)).contains("26 to 30 of 30");
        assertThat(rows(next)).hasSize(5).first().asString().contains("bulk 25");
        assertThat(ConsoleUser.read(ada.page(href(next, "previous")))).contains("1 to 25 of 30");
        assertThat(rows(ada.page("/console/keys/application?q=bulk&owner=" + bob.id() + "&before=end"))).hasSize(5);
        ada.page(list + "&rows=50");

        assertThat(ada.page("/console/keys/tokens?owner=" + robot.id()).text())
            .contains("name=\"owner\" type=\"text\" value=\"" + robot.id() + "\"");
        var unknown = ada.page("/console/keys/application?owner=who@keys.test");
        assertThat(unknown.status()).isEqualTo(422);
        assertThat(unknown.text()).contains("No one here has this address or id.", "value=\"who@keys.test\"");
    }

    private static String href(Answer page, String id) {
        var found = Pattern.compile("id=\"" + id + "\" href=\"([^\"]+)\"").matcher(page.text());
        assertThat(found.find()).as(id).isTrue();
        return found.group(1).replace("&amp;", "&");
    }

    @ParameterizedTest
    @CsvSource({"?q=&sort=name, ''", "?use=never&q=a, ?q=a&use=never", "?nonsense=1, ''", "?use=any, ''"})
    void a_list_has_one_address(String asked, String canonical) {
        for (var tab : List.of("api", "application", "tokens")) {
            var answer = ada.page("/console/keys/" + tab + asked);
            assertThat(answer.status()).isEqualTo(302);
            assertThat(answer.header("Location").orElseThrow()).endsWith("/console/keys/" + tab + canonical);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"?sort=x", "?after=x", "?before=x", "?rows=7", "?use=x"})
    void a_damaged_address_says_so(String asked) {
        for (var tab : List.of("api", "application", "tokens")) {
            var answer = ada.page("/console/keys/" + tab + asked);
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.text()).contains("This address is damaged");
        }
    }

    @Test
    void the_same_address_answers_the_part_that_is_swapped() {
        var part = roster.send("GET", "/console/keys/application?use=any&q=", null,
            Map.of("Cookie", ada.cookie().get("Cookie"), "HX-Request", "true"));
        assertThat(part.status()).isEqualTo(200);
        assertThat(part.text()).contains("<h2 id=\"results\"", "id=\"segments\" hx-swap-oob=\"true\"")
            .doesNotContain("<html");
        assertThat(part.header("HX-Replace-Url")).hasValue("/console/keys/application");
    }

    @Test
    void an_empty_list_says_what_keys_are_for() {
        var other = roster.newOrg("nokeys");
        var page = SignedIn.in(other.founder()).page("/console/keys/tokens");
        assertThat(ConsoleUser.read(page)).contains("No keys yet. A key lets a program use the API as its owner.",
            "New access token");
    }

    @ParameterizedTest
    @CsvSource({"api, API key, api_keys", "application, application key, application_keys",
        "tokens, access token, access_tokens"})
    void a_key_is_shown_once_and_made_once(String tab, String noun, String table) {
        var path = "/console/keys/" + tab + "/new";
        var form = ada.page(path);
        var fields = with(form, "name", "made " + tab, "may", "all", "scope", "audit_logs_read", "ends", "2999-12-31");
        var before = count(table);

        var made = ada.form(path, fields);
        assertThat(made.text()).contains("Key “made " + tab + "” created",
            "Copy the key now. It is shown once, on this page only. If you lose it, revoke it and create another.",
            " readonly", "curl ", "Done", "href=\"/console/keys/" + tab + "\"");
        assertThat(made.header("Cache-Control")).hasValue("no-store");
        var secret = secret(made);
        assertThat(count(table)).isEqualTo(before + 1);

        var again = ada.form(path, fields);
        assertThat(again.status()).isEqualTo(200);
        assertThat(ConsoleUser.read(again)).containsPattern(
            "This key was created at [0-9]{2}:[0-9]{2}\\. Its secret can't be shown again\\.");
        assertThat(again.text()).doesNotContain(secret);
        assertThat(count(table)).isEqualTo(before + 1);
        assertThat(rows(ada.page("/console/keys/" + tab + "?q=made+" + tab))).hasSize(1);
    }

    @Test
    void a_key_that_was_revoked_is_not_made_again_by_its_form() {
        var path = "/console/keys/application/new";
        var fields = with(ada.page(path), "name", "short-lived", "may", "all");
        var secret = secret(ada.form(path, fields));
        var id = roster.sqlValue("SELECT id FROM application_keys WHERE org_id = ? AND name = 'short-lived'",
            org.id().value());
        assertThat(ada.form("/console/keys/application/" + id + "/revoke", Map.of()).status()).isEqualTo(303);

        var again = ada.form(path, fields);
        assertThat(again.text()).contains("Its secret can't be shown again.").doesNotContain(secret);
        assertThat(rows(ada.page("/console/keys/application?q=short-lived"))).isEmpty();
    }

    @Test
    void the_form_of_another_user_or_kind_makes_nothing() {
        var other = SignedIn.in(org.newAdmin("eve@keys.test"));
        var mine = with(ada.page("/console/keys/application/new"), "name", "stolen", "may", "all");

        for (var refused : List.of(other.form("/console/keys/application/new", mine),
            ada.form("/console/keys/api/new", mine),
            ada.form("/console/keys/application/new", Map.of("name", "stolen", "may", "all")))) {
            assertThat(refused.status()).isEqualTo(422);
            assertThat(refused.text()).contains("This form is out of date. Your input is below; send it again.",
                "value=\"stolen\"");
        }
        assertThat(rows(ada.page("/console/keys/application?q=stolen"))).isEmpty();
    }

    @Test
    void faults_keep_what_was_typed() {
        var path = "/console/keys/tokens/new";
        var form = ada.page(path);
        var faulty = ada.form(path, with(form, "name", "no scope", "ends", "tomorrow"));
        assertThat(faulty.status()).isEqualTo(422);
        assertThat(faulty.text()).contains("<title>Error: ", "Tick at least one scope.", "Enter a day, such as ",
            "value=\"no scope\"", "value=\"tomorrow\"");

        var soon = ada.form(path, with(form, "name", "soon", "scope", "audit_logs_read", "ends", "2020-01-01"));
        assertThat(soon.status()).isEqualTo(422);
        assertThat(soon.text()).contains("Choose a day that ends at least 24 hours from now.",
            "value=\"audit_logs_read\" checked");
        var never = ada.form(path, with(form, "name", "never", "scope", "audit_logs_read", "ends", ""));
        assertThat(never.text()).contains("Enter the last day on which it is to be good.");
        assertThat(ada.form(path, with(form, "name", "W".repeat(256), "scope", "audit_logs_read", "ends",
            "2999-12-31")).text()).contains("Use at most 255 characters; this has 256.");
        assertThat(ada.form(path, with(form, "name", "odd", "scope", "no_such", "ends", "2999-12-31")).text())
            .contains("Invalid scopes: no_such");
        assertThat(ada.form("/console/keys/application/new", with(ada.page("/console/keys/application/new"), "name",
            "none", "may", "some")).text()).contains("Tick at least one scope, or choose everything.");
        apiKey("taken");
        assertThat(ada.form("/console/keys/api/new", with(ada.page("/console/keys/api/new"), "name", "TAKEN")).text())
            .contains("An API key with the same name already exists.");
        assertThat(secret(ada.form(path, with(form, "name", "good", "scope", "audit_logs_read", "ends",
            "2999-12-31")))).startsWith("ddpat_");
    }

    @Test
    void a_key_is_renamed_and_what_others_changed_meanwhile_is_not_lost() {
        var id = applicationKey(robot, "ci", "audit_logs_read");
        var path = "/console/keys/application/" + id + "/edit";
        var form = with(ada.page(path));
        assertThat(ada.page(path).text()).contains("It belongs to robot@keys.test.",
            "name=\"may\" value=\"some\" checked", "value=\"audit_logs_read\" checked");

        var mine = new HashMap<>(form);
        mine.putAll(Map.of("name", "ci-two", "may", "some", "scope", "audit_logs_read"));
        assertThat(ada.form(path, mine).header("Location").orElseThrow()).endsWith("/console/keys/application");
        var late = new HashMap<>(form);
        late.putAll(Map.of("name", "ci-mine", "may", "all"));
        var clash = ada.form(path, late);
        assertThat(clash.status()).isEqualTo(412);
        assertThat(ConsoleUser.read(clash)).contains("This was changed while you were editing",
            "changed “ci” at ", "When you began", "ci-two", "ci-mine", "Everything the owner may do");

        var chosen = with(clash, "take_name", "yes", "take_scopes", "yes");
        assertThat(ada.form(path, chosen).status()).isEqualTo(303);
        assertThat(rows(ada.page("/console/keys/application?q=" + id)).getFirst()).contains("ci-mine",
            "Everything the owner may do");
        assertThat(ada.form("/console/keys/application/" + id + "/revoke", Map.of()).status()).isEqualTo(303);
        var gone = ada.form(path, late);
        assertThat(gone.status()).isEqualTo(412);
        assertThat(gone.text()).contains("“ci” was revoked meanwhile.", "ci-mine");
    }

    @Test
    void a_key_in_use_is_revoked_once_its_name_is_typed() {
        var id = applicationKey(robot, "busy");
        var path = "/console/keys/application/" + id + "/revoke";
        assertThat(ada.page(path).text()).contains("It was never used").doesNotContain("Type busy");
        roster.sql("UPDATE application_keys SET last_used_at = roster_now() WHERE id = ?", id);

        var asked = ada.page(path);
        assertThat(asked.text()).contains("Revoke busy?", "It belongs to robot@keys.test", "It was used last today, ",
            "Type busy to go on", "permanent");
        var wrong = ada.form(path, Map.of("typed", "bus"));
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.text()).contains("Type busy to go on.", "value=\"bus\"");
        var done = ada.form(path, Map.of("typed", "busy"));
        assertThat(done.status()).isEqualTo(303);
        assertThat(rows(ada.page("/console/keys/application?q=busy"))).isEmpty();
        assertThat(ada.page(path).status()).isEqualTo(404);
    }

    @Test
    void the_last_api_key_stays_and_the_reason_stands_in_the_place_of_the_button() {
        var other = roster.newOrg("lastkey");
        var session = SignedIn.in(other.founder());
        var id = roster.sqlValue("SELECT id FROM api_keys WHERE org_id = ?", other.id().value());
        var path = "/console/keys/api/" + id + "/revoke";

        assertThat(session.page(path).text()).contains("The last API key of an organization cannot be deleted.")
            .doesNotContain("button danger sure");
        assertThat(session.form(path, Map.of()).status()).isEqualTo(422);
        assertThat(ada.page(path).status()).as("another organisation's").isEqualTo(404);
    }

    @Test
    void an_api_key_is_shown_again_which_is_audited() {
        var issued = org.write(tx -> roster.program().key.apiKeys.issue(tx, "readable"));
        var path = "/console/keys/api/" + issued.id() + "/show";

        assertThat(ada.page(path).text()).contains("Show readable?", "The audit trail notes that you saw it")
            .doesNotContain(issued.secret());
        assertThat(secret(ada.form(path, Map.of()))).isEqualTo(issued.secret());
        assertThat(roster.sql("SELECT 1 FROM audit_entries WHERE org_id = ? AND subject_id = ? AND action = ?",
            org.id().value(), issued.id(), "api_key.accessed")).hasSize(1);
    }

    @Test
    void a_stale_session_signs_in_again_before_a_key_is_made_or_shown() {
        var session = SignedIn.in(admin);
        var form = with(session.page("/console/keys/api/new"), "name", "stale");
        roster.sql("UPDATE sessions SET fresh_until = roster_now() - interval '1 second', "
            + "created_at = created_at - interval '16 minutes' WHERE id = ?", session.session());

        for (var path : List.of("/console/keys/api/new", "/console/keys/application/new", "/console/keys/tokens/new",
            "/console/keys/api/" + apiKey("shown") + "/show")) {
            assertThat(session.page(path).header("Location").orElse("")).as(path).startsWith("/sign-in/again?then=");
        }
        assertThat(session.form("/console/keys/api/new", form).status()).isNotEqualTo(200);
        assertThat(rows(ada.page("/console/keys/api?q=stale"))).isEmpty();
    }
}
