package roster.door.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import roster.base.json.Json;
import roster.core.user.NewUsers;
import roster.core.user.Users;
import roster.model.User;
import roster.support.Answer;
import roster.support.SignedIn;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// `/console/audit`: who did what, found by name, time, kind, source and query, and exported.
@Timeout(120)
class AuditPagesTest {
    private static final String PATH = "/console/audit";

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static TestOrg org;
    private static TestUser founder;
    private static SignedIn admin;
    private static User kwame;
    private static String role;

    /// Kwame is added with a name, gets a role by a call, and is disabled in the console; 3 people are added at once.
    @BeforeAll
    static void seed() {
        org = roster.newOrg("trail");
        founder = org.founder();
        admin = SignedIn.in(founder);
        kwame = org.newPending("k.martey@trail.test");
        org.write(tx -> roster.program().user.users.update(tx, kwame.id().toString(), new Users.Edit(
            Optional.of("Kwame Martey"), Optional.empty(), Optional.empty(), Optional.empty())));
        role = org.newRole("Night watch", List.of("dashboards_read")).toString();
        org.newRole("=SUM(1)", List.of("dashboards_read"));
        founder.post("/api/v2/roles/" + role + "/users", """
            {"data":{"type":"users","id":"%s"}}""".formatted(kwame.id()));
        org.write(tx -> roster.program().user.newUsers.createAll(tx, List.of(wish("one"), wish("two"), wish("=1+2"))));
        admin.call("PATCH", "/api/v2/users/" + kwame.id(), """
            {"data":{"type":"users","id":"%s","attributes":{"disabled":true}}}""".formatted(kwame.id()));
    }

    private static NewUsers.Wish wish(String name) {
        return new NewUsers.Wish("%s@trail.test".formatted(name.replaceAll("[^a-z]", "x")), Optional.of(name),
            Optional.empty(), List.of());
    }

    private static Answer page(String query) {
        var answer = admin.page(PATH + query);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer;
    }

    private static String encoded(Object text) {
        return URLEncoder.encode(text.toString(), StandardCharsets.UTF_8);
    }

    private static String heading(Answer page) {
        var found = Pattern.compile("<h2 id=\"results\"[^>]*>([^<]*)</h2>").matcher(page.text());
        assertThat(found.find()).as(page.text()).isTrue();
        return found.group(1);
    }

    /// What each line says: who, what, and from where.
    private static List<String> lines(Answer page) {
        return Pattern.compile("<summary><span class=\"at\">(.*?)</summary>", Pattern.DOTALL).matcher(page.text())
            .results()
            .map(found -> found.group(1).replaceAll("<span class=\"avatar.*?</span>", "").replaceAll("<[^>]*>", " ")
                .replaceAll("\\s+", " ").strip().replaceFirst("^[0-9:]{8} ([A-Z]{1,2} )?", ""))
            .toList();
    }

    private static long entries(String condition) {
        return (long) roster.sqlValue("SELECT count(*) FROM audit_entries WHERE org_id = ? AND " + condition,
            org.id().value());
    }

    @Test
    void entries_are_sentences_by_day_with_their_facts() {
        var page = page("");
        assertThat(heading(page)).isEqualTo(Words.number(entries("true")) + " changes in the last 7 days");
        assertThat(lines(page)).contains("founder@trail.test disabled Kwame Martey Console",
            "founder@trail.test gave Kwame Martey the role Night watch API, key First application key",
            "operator test created the role Night watch Command line",
            "operator test added 3 people Command line");
        assertThat(page.text()).contains(
            "<h3 class=\"day\">", "<dt>Status</dt>", "From <bdi>127.0.0.1</bdi>", "Link to this entry",
            "Only changes by <bdi>operator test</bdi>");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"?q=kwame | COALESCE(about, subject_id) = '$'",
        "?q=K.MARTEY@ | COALESCE(about, subject_id) = '$'",
        "?q=night+WATCH | subject_name = 'Night watch'", "?what=roles | action LIKE 'role.%'",
        "?what=people | action LIKE 'user.%'", "?source=api | api_key_id IS NOT NULL AND session_id IS NULL",
        "?source=console | session_id IS NOT NULL", "?source=command-line | actor_kind = 'CLI'",
        "?by=cli%3Atest | actor_name = 'cli:test'", "?about=$ | COALESCE(about, subject_id) = '$'",
        "?query=%40action%3Acreated+%40asset.type%3Arole | action = 'role.created'",
        "?q=kwame&what=roles&source=api | action = 'role.member_added'"})
    void a_search_finds_exactly_what_it_says(String query, String condition) {
        var id = kwame.id().toString();
        var expected = entries("(" + condition.replace("$", id) + ")");
        assertThat(expected).isPositive();
        var found = page(query.replace("$", id));
        assertThat(heading(found)).startsWith(expected == 1 ? "1 change matches" : expected + " changes match")
            .endsWith(" in the last 7 days");
    }

    @Test
    void a_request_an_entry_and_an_address_are_found_too() {
        var request = (String) roster.sqlValue(
            "SELECT request_id FROM audit_entries WHERE org_id = ? AND action = 'role.member_added'", org.id().value());
        assertThat(lines(page("?q=" + encoded(request)))).hasSize(1);
        assertThat(heading(page("?q=127.0.0.1"))).startsWith(entries("address = '127.0.0.1'") + " changes match");
        assertThat(page("?q=marhta").text()).contains("Nothing matches “marhta” in the last 7 days.",
            "Look at the last 30 days", "Clear the search");
    }

    @Test
    void only_what_one_actor_did_includes_how_they_came_in() {
        var mine = page("?by=" + founder.user().id());
        assertThat(mine.text()).contains("<bdi>By founder@trail.test</bdi>",
            "aria-label=\"Remove the filter By founder@trail.test\"");
        assertThat(lines(mine)).contains("founder@trail.test signed in with a link of the operator Sign-in page")
            .allMatch(line -> line.startsWith("founder@trail.test "));
        var link = Pattern.compile("href=\"([^\"]*by=[^\"]*)\">Only changes by <bdi>operator test").matcher(page("")
            .text());
        assertThat(link.find()).isTrue();
        assertThat(lines(admin.page(link.group(1).replace("&amp;", "&"))))
            .allMatch(line -> line.startsWith("operator test "));
    }

    @Test
    void a_fault_of_a_query_points_at_its_character() {
        var answer = admin.page(PATH + "?query=" + encoded("@action:created \"x"));
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.text()).contains("<title>Error: Audit trail", "at character 17.",
            "<mark>&#34;</mark>".replace("&#34;", "\""), "@action:created \"x</textarea>");
        assertThat(admin.page(PATH + "?q=" + "x".repeat(201)).text())
            .contains("Search for at most 200 characters.");
        assertThat(admin.page(PATH + "?query=" + encoded("(a")).text())
            .contains("A closing parenthesis is missing at the end.");
    }

    @ParameterizedTest
    @CsvSource({"?when=7d&q=, ''", "?q=+kwame+&nonsense=1, ?q=kwame", "?what=roles&when=24h, ?when=24h&what=roles",
        "?when=30d&from=2021-05-01, ?when=30d", "?from=2021-05-01&when=, ?from=2021-05-01", "?query=*, ''",
        "?day=2021-05-01, ?from=2021-05-01&to=2021-05-01", "?from=2020-01-01&day=2021-05-01&what=roles&when=30d, "
            + "?from=2021-05-01&to=2021-05-01&what=roles",
        "?day=&from=2021-05-01, ?from=2021-05-01"})
    void a_search_has_one_address(String asked, String canonical) {
        var answer = admin.page(PATH + asked);
        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.header("Location")).contains(PATH + canonical);
        page(canonical);
    }

    @ParameterizedTest
    @ValueSource(strings = {"when=1y", "when=1y&from=2021-05-01", "from=2026-13-01", "to=x", "day=x",
        "day=2026-02-30", "day=2021-05-01T09%3A00", "day=0001-01-01", "from=0001-01-01",
        "what=x", "source=x", "by=eve",
        "about=x", "after=x", "before=x", "after=a&before=end", "rows=7"})
    void a_damaged_address_says_so(String query) {
        var answer = admin.page(PATH + "?" + query);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).contains("This address is damaged", "href=\"/console/audit\"");
    }

    @Test
    void times_are_days_and_minutes_of_the_zone() {
        assertThat(heading(page("?to=2021-05-01"))).isEqualTo("No changes until 1 May 2021");
        assertThat(heading(page("?from=2021-05-01"))).isEqualTo(Words.number(entries("true"))
            + " changes from 1 May 2021");
        assertThat(heading(page("?from=2021-05-01T09%3A30&to=2021-05-02")))
            .isEqualTo("No changes from 1 May 2021, 09:30 to 2 May 2021");
    }

    /// From its first to its last microsecond, in the zone that the page names, also where the clocks were changed on it.
    @ParameterizedTest
    @CsvSource({"Pacific/Kiritimati,2021-05-04,2021-05-03T10:00:00Z,2021-05-04T10:00:00Z",
        "America/New_York,2021-11-07,2021-11-07T04:00:00Z,2021-11-08T05:00:00Z"})
    void one_day_is_found_and_exported_and_nothing_of_its_neighbours(String zone, String day, Instant begin,
        Instant next) {
        var other = roster.newOrg("day");
        var reader = SignedIn.in(other.founder());
        reader.form("/console/me/preferences", Map.of("theme", "system", "density", "comfortable", "zone", zone));
        var at = List.of(begin.minus(1, ChronoUnit.MICROS), begin, next.minus(1, ChronoUnit.MICROS), next);
        for (var i = 0; i < at.size(); i++) {
            var id = other.newRole("Role " + i, List.of("dashboards_read"));
            roster.sql("UPDATE audit_entries SET at = ?::timestamptz WHERE org_id = ? AND subject_id = ?",
                at.get(i).toString(), other.id().value(), id.value());
        }

        var moved = reader.page(PATH + "?what=roles&day=" + day);
        assertThat(moved.header("Location")).contains(PATH + "?from=" + day + "&to=" + day + "&what=roles");
        var page = reader.page(moved.header("Location").orElseThrow());
        var shown = Times.day(LocalDate.parse(day));

        assertThat(heading(page)).isEqualTo("2 changes match on " + shown);
        assertThat(lines(page)).containsExactly("operator test created the role Role 2 Command line",
            "operator test created the role Role 1 Command line");
        assertThat(ConsoleUser.read(page)).contains("2 changes match on " + shown + " . Days begin and end in " + zone);
        assertThat(page.text()).contains("aria-label=\"Remove the filter On " + shown + "\"",
            "name=\"day\" type=\"date\" value=\"" + day + "\"").doesNotContain("Remove the filter From");
        for (var file : List.of(".csv", ".ndjson")) {
            var link = PATH + file + "?from=" + day + "&amp;to=" + day + "&amp;what=roles";
            assertThat(page.text()).contains("href=\"" + link + "\"");
            var text = new String(reader.page(link.replace("&amp;", "&")).bytes(), StandardCharsets.UTF_8);
            assertThat(text).contains("Role 1", "Role 2").doesNotContain("Role 0", "Role 3");
        }
    }

    @Test
    void today_is_the_day_of_the_zone() {
        assertThat(heading(page(moved("?when=today"))))
            .isEqualTo(Words.number(entries("(at AT TIME ZONE 'UTC')::date = (now() AT TIME ZONE 'UTC')::date"))
                + " changes on " + Times.day(LocalDate.now(ZoneOffset.UTC)));
        assertThat(heading(page(moved("?when=yesterday")))).isEqualTo("No changes on "
            + Times.day(LocalDate.now(ZoneOffset.UTC).minusDays(1)));
    }

    private static String moved(String query) {
        return admin.page(PATH + query).header("Location").orElseThrow().substring(PATH.length());
    }

    @Test
    void pages_follow_each_other_without_loss() {
        var other = roster.newOrg("paged");
        var reader = SignedIn.in(other.founder());
        for (var i = 0; i < 60; i++) {
            other.newPending("u%d@paged.test".formatted(i));
        }
        reader.page(PATH + "?rows=25");
        var seen = new LinkedHashSet<String>();
        var places = Pattern.compile("<span>Entry ([0-9.]+) </span>");
        var page = reader.page(PATH + "?what=people");
        var all = (long) roster.sqlValue(
            "SELECT count(*) FROM audit_entries WHERE org_id = ? AND action LIKE 'user.%'", other.id().value());
        assertThat(page.text()).contains("1 to 25 of " + all);
        while (true) {
            places.matcher(page.text()).results().forEach(found -> assertThat(seen.add(found.group(1))).isTrue());
            var next = Pattern.compile("<a class=\"button\" id=\"next\" href=\"([^\"]+)\"").matcher(page.text());
            if (!next.find()) {
                break;
            }
            page = reader.page(next.group(1).replace("&amp;", "&"));
        }
        assertThat(seen).hasSize((int) all);
        assertThat(page.text()).contains("51 to " + all + " of " + all);
        var last = reader.page(PATH + "?what=people&before=end");
        assertThat(last.text()).contains(all - 24 + " to " + all + " of " + all);
        var back = Pattern.compile("id=\"previous\" href=\"([^\"]+)\"").matcher(last.text());
        assertThat(back.find()).isTrue();
        assertThat(reader.page(back.group(1).replace("&amp;", "&")).text())
            .contains(all - 49 + " to " + (all - 25) + " of " + all);
        assertThat(admin.page(back.group(1).replace("&amp;", "&")).status()).as("another organisation's")
            .isEqualTo(400);
    }

    @Test
    void an_entry_has_a_page() {
        var place = roster.sqlValue("SELECT version || '.' || entry FROM audit_entries WHERE org_id = ? "
            + "AND action = 'user.disabled'", org.id().value());
        var page = ConsoleUser.read(page("/" + place));
        assertThat(page).contains("founder@trail.test disabled Kwame Martey", "Source Console", "Address 127.0.0.1",
            "Kind user.disabled", "Only changes by founder@trail.test", "Only changes about Kwame Martey",
            "Only changes of this request");
        var version = roster.sqlValue("SELECT max(version) FROM audit_entries WHERE org_id = ? AND entry = 3",
            org.id().value());
        assertThat(ConsoleUser.read(page("/" + version + ".1"))).contains("2 others of the same write");
        for (var unknown : List.of("99999999.1", "0.0", "x", "1", "1.99", "1.1.1", "-1.1")) {
            assertThat(admin.page(PATH + "/" + unknown).status()).as(unknown).isEqualTo(404);
        }
    }

    @Test
    void a_search_is_exported_with_safe_cells_and_audited() {
        var answer = page(".csv?what=people&source=command-line");
        assertThat(answer.header("Content-Type")).contains("text/csv; charset=utf-8");
        assertThat(answer.header("Content-Disposition").orElseThrow())
            .matches("attachment; filename=\"trail-audit-[0-9-]{10}\\.csv\"");
        var text = new String(answer.bytes(), StandardCharsets.UTF_8);
        assertThat(text)
            .startsWith("\uFEFFentry,time,actor,what,kind,subject,person,source,address,request_id,before,after\r\n")
            .contains("operator test,added =1+2,user.created,xxxx@trail.test,xxxx@trail.test,Command line,")
            .endsWith("\r\n");
        var count = entries("action LIKE 'user.%' AND actor_kind = 'CLI'");
        assertThat(text.lines().count()).isEqualTo(count + 1);
        assertThat(roster.sqlValue("SELECT after->>'count' || ' ' || (after->>'format') FROM audit_entries "
            + "WHERE org_id = ? AND request_id = ?", org.id().value(), answer.header("X-Request-Id").orElseThrow()))
            .isEqualTo(count + " csv");
        assertThat(new String(page(".csv?what=roles").bytes(), StandardCharsets.UTF_8))
            .contains("created the role =SUM(1),role.created,'=SUM(1),");
        assertThat(lines(page("?what=exports")).getFirst())
            .startsWith("founder@trail.test exported ").contains(" of the audit trail Console");
        assertThat(admin.page(PATH + ".csv?query=%28").status()).isEqualTo(400);
    }

    @Test
    void lines_of_json_are_the_events_of_the_api() {
        var answer = page(".ndjson?what=roles");
        assertThat(answer.header("Content-Type")).contains("application/x-ndjson; charset=utf-8");
        var lines = new String(answer.bytes(), StandardCharsets.UTF_8).lines().toList();
        var events = admin.call("GET", "/api/v2/audit/events?page[limit]=1000&filter[from]=now-7d&filter[query]="
            + encoded("@asset.type:role"), null).at("/data");
        assertThat(lines).hasSize(events.size()).hasSizeGreaterThan(1);
        for (var i = 0; i < lines.size(); i++) {
            assertThat(Json.parse(lines.get(i).getBytes(StandardCharsets.UTF_8))).isEqualTo(events.get(i));
        }
    }

    @Test
    void no_other_organisation_shows() {
        var other = roster.newOrg("elsewhere");
        var reader = SignedIn.in(other.founder());
        assertThat(reader.page(PATH + "?q=kwame&when=30d").text()).contains("Nothing matches");
        assertThat(reader.page(PATH + "?about=" + kwame.id()).text()).contains("Nothing matches")
            .doesNotContain("Kwame");
        assertThat(new String(reader.page(PATH + ".ndjson").bytes(), StandardCharsets.UTF_8))
            .doesNotContain("trail.test");
        assertThat(reader.page("/console/audit/%d.1".formatted(org.version())).status()).isEqualTo(404);
    }

    @Test
    void a_part_is_the_list_alone() {
        var headers = new HashMap<>(admin.cookie());
        headers.put("HX-Request", "true");
        var part = roster.send("GET", PATH + "?q=kwame", null, headers);
        assertThat(part.text()).contains("id=\"results\"", "id=\"chips\"", "id=\"between\"").doesNotContain("<html");
        assertThat(part.header("HX-Replace-Url")).contains(PATH + "?q=kwame");
    }

    @Test
    void links_from_elsewhere_lead_here() {
        assertThat(admin.page("/console/").text()).contains("href=\"/console/audit\">Audit trail</a>");
        assertThat(admin.page("/console/people/" + kwame.id() + "/history").text())
            .contains("Link to this entry", "href=\"/console/audit?by=" + founder.user().id() + "\"");
        var standard = SignedIn.in(org.newStandard("standard@trail.test"));
        assertThat(standard.page("/console/").text()).doesNotContain("/console/audit");
        assertThat(standard.page(PATH).text()).contains("You may not see the audit trail", "audit_logs_read");
        assertThat(standard.form("/console/audit/verification", Map.of()).status()).isEqualTo(403);
    }
}
