package roster.door.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import roster.support.Answer;
import roster.support.SignedIn;
import roster.support.TestRoster;

/// The list of people, as browsers ask for it.
@Timeout(120)
class PeopleListTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static ConsoleOrg org;
    private static SignedIn admin;

    @BeforeAll
    static void seed() {
        org = new ConsoleOrg(roster);
        admin = org.caller("admin");
    }

    private static String heading(Answer page) {
        var found = Pattern.compile("<h2 id=\"results\"[^>]*>([^<]*)</h2>").matcher(page.text());
        assertThat(found.find()).as(page.text()).isTrue();
        return found.group(1);
    }

    /// The texts of the rows, each of which has an address in it.
    private static List<String> rows(Answer page) {
        return Pattern.compile("<tr role=\"row\" data-row>(.*?)</tr>", Pattern.DOTALL).matcher(page.text()).results()
            .map(found -> found.group(1).replaceAll("<[^>]*>", " ")).toList();
    }

    private static Answer part(String path) {
        var headers = new HashMap<>(admin.cookie());
        headers.put("HX-Request", "true");
        headers.put("Sec-Fetch-Site", "same-origin");
        return roster.send("GET", path, null, headers);
    }

    @ParameterizedTest
    @CsvSource({"/console/people?status=&q=mart, /console/people?q=mart",
        "/console/people?q=mart&status=Active, /console/people?q=mart&status=active",
        "/console/people?sort=name&kind=people, /console/people",
        "/console/people?status=pending&status=active&q=a, '/console/people?q=a&status=pending%2Cactive'",
        "/console/people?nonsense=1, /console/people", "/console/people?rows=50, /console/people"})
    void a_list_has_one_address(String asked, String canonical) {
        var answer = admin.page(asked);
        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.header("Location")).contains(canonical);
        assertThat(admin.page(canonical).status()).isEqualTo(200);
        assertThat(part(asked).header("HX-Replace-Url")).contains(canonical);
    }

    @ParameterizedTest
    @ValueSource(strings = {"status=x", "role=x", "kind=x", "seen=x", "mfa=x", "added_from=2026-13-01", "sort=x",
        "rows=7", "after=x", "before=x", "after=a&before=b"})
    void a_damaged_address_says_so(String query) {
        var answer = admin.page("/console/people?" + query);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).contains("This address is damaged", "href=\"/console/people\"");
    }

    @Test
    void counts_and_headings_are_exact() {
        var all = admin.page("/console/people");
        var total = roster.sqlValue("SELECT count(*) FROM users WHERE org_id = ? AND NOT service_account",
            org.org.id().value());
        assertThat(heading(all)).isEqualTo(total + " people");
        var found = admin.page("/console/people?q=mart");
        var matching = roster.sqlValue("SELECT count(*) FROM users WHERE org_id = ? AND NOT service_account "
            + "AND (name ILIKE '%mart%' OR email ILIKE '%mart%')", org.org.id().value());
        assertThat(heading(found)).isEqualTo(matching + " people match “mart”");
        assertThat(found.text()).contains("of " + total, "k<mark>mart</mark>.reception");
        assertThat(heading(admin.page("/console/people?q=marta+f"))).isEqualTo("1 person matches “marta f”");
        assertThat(heading(admin.page("/console/people?q=marhta"))).isEqualTo("Nobody matches “marhta”");
        assertThat(heading(admin.page("/console/people?q=" + org.person))).isEqualTo("1 person matches “" + org.person
            + "”");
        var none = admin.page("/console/people?q=aaltonen&status=disabled").text();
        assertThat(none).contains("Nobody matches “aaltonen” among the disabled.",
            "1 person matches without the status filter.", "Show all statuses", "Clear the search");
    }

    @Test
    void a_search_that_is_too_long_is_told_at_the_field() {
        var answer = admin.page("/console/people?q=" + "x".repeat(201));
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.text()).contains("Search for at most 200 characters.", "value=\"" + "x".repeat(201) + "\"");
        assertThat(admin.page("/console/people?q=" + "x".repeat(200)).status()).isEqualTo(200);
    }

    /// A search is for a part of the name as it stands; who types the family name first is led on.
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"Hopper Grace | Grace Hopper", "hopper, grace | grace hopper",
        "Fernández Ruiz, Marta | Marta Fernández Ruiz"})
    void words_in_another_order_find_no_one_and_the_page_offers_those_that_do(String typed, String turned) {
        var page = admin.page("/console/people?q=" + URLEncoder.encode(typed, StandardCharsets.UTF_8));
        assertThat(ConsoleUser.read(page)).contains("Nobody matches “" + typed + "”",
            "1 person matches “" + turned + "”.", "Search for “" + turned + "”");
        var link = Pattern.compile("href=\"([^\"]+)\"[^>]*>(?:<[^>]*>)*Search for “").matcher(page.text());
        assertThat(link.find()).isTrue();
        assertThat(rows(admin.page(link.group(1).replace("&amp;", "&")))).hasSize(1);
        assertThat(ConsoleUser.read(admin.page("/console/people?q=Hopper+Marta")))
            .contains("Nobody matches “Hopper Marta”").doesNotContain("Search for “");
        assertThat(ConsoleUser.read(admin.page("/console/people?q=Grace+Hopper"))).doesNotContain("Search for “");
    }

    @Test
    void a_part_is_the_list_alone() {
        var answer = part("/console/people?q=mart");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).contains("id=\"results\"", "id=\"segments\"").doesNotContain("<html", "<main");
        assertThat(answer.header("Vary")).contains("HX-Request, HX-History-Restore-Request");
        var restored = new HashMap<>(admin.cookie());
        restored.put("HX-Request", "true");
        restored.put("HX-History-Restore-Request", "true");
        assertThat(roster.send("GET", "/console/people?q=mart", null, restored).text()).contains("<html");
    }

    @Test
    void pages_follow_each_other_without_loss() {
        var seen = new java.util.LinkedHashSet<String>();
        var page = admin.page("/console/people?sort=email");
        while (true) {
            seen.addAll(rows(page));
            var next = Pattern.compile("<a class=\"button\" id=\"next\" href=\"([^\"]+)\"").matcher(page.text());
            if (!next.find()) {
                break;
            }
            page = admin.page(next.group(1).replace("&amp;", "&"));
            assertThat(page.status()).isEqualTo(200);
        }
        assertThat((long) seen.size()).isEqualTo(roster.sqlValue(
            "SELECT count(*) FROM users WHERE org_id = ? AND NOT service_account", org.org.id().value()));
        assertThat(page.text()).contains("id=\"next\" aria-disabled=\"true\"");
    }

    @Test
    void the_number_of_rows_is_kept() {
        var standard = org.caller("support");
        assertThat(standard.page("/console/people?rows=25").header("Location")).contains("/console/people");
        assertThat(standard.page("/console/people").text()).contains("1 to 25 of ");
    }

    @Test
    void the_list_is_exported_as_a_file_and_leaves_an_entry() {
        var answer = admin.page("/console/people.csv?q=mart&sort=-name");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).contains("text/csv; charset=utf-8");
        assertThat(answer.header("Content-Disposition").orElseThrow())
            .matches("attachment; filename=\"northwind-people-[0-9-]{10}\\.csv\"");
        var text = new String(answer.bytes(), StandardCharsets.UTF_8);
        assertThat(text).startsWith("\uFEFFemail,name,title,roles,status,last_sign_in,created_at,id\r\n")
            .contains("Marta Fernández Ruiz,", ";", ",Active,").endsWith("\r\n");
        var matching = roster.sqlValue("SELECT count(*) FROM users WHERE org_id = ? AND NOT service_account "
            + "AND (name ILIKE '%mart%' OR email ILIKE '%mart%')", org.org.id().value());
        assertThat(text.lines().count()).isEqualTo((long) matching + 1);
        assertThat(roster.sqlValue("SELECT after::text FROM audit_entries WHERE org_id = ? AND request_id = ?",
            org.org.id().value(), answer.header("X-Request-Id").orElseThrow()))
            .isEqualTo("{\"text\": \"not kept\", \"count\": " + matching + "}");
        var head = roster.send("HEAD", "/console/people.csv", null, admin.cookie());
        assertThat(head.status()).isEqualTo(200);
        assertThat(Long.parseLong(head.header("Content-Length").orElseThrow())).isGreaterThan(1000);
        assertThat(head.bytes()).isEmpty();
    }

    @Test
    void assets_are_for_good_and_unknown_ones_are_not_there() {
        var page = admin.page("/console/people").text();
        var assets = Pattern.compile("(?:href|src)=\"(/console/assets/[0-9a-f]{16}/[a-z.]+)\"").matcher(page).results()
            .map(found -> found.group(1)).distinct().toList();
        assertThat(assets).hasSizeGreaterThanOrEqualTo(4);
        for (var asset : assets) {
            var answer = roster.send("GET", asset, null, Map.of());
            assertThat(answer.header("Cache-Control")).contains("public, max-age=31536000, immutable");
            var zipped = roster.send("GET", asset, null, Map.of("Accept-Encoding", "gzip"));
            assertThat(zipped.header("Content-Encoding")).contains("gzip");
            assertThat(zipped.bytes().length).isLessThan(answer.bytes().length);
            assertThat(roster.send("GET", asset.replaceAll("assets/[0-9a-f]{4}", "assets/0000"), null, Map.of())
                .status()).isEqualTo(404);
        }
    }

    @Test
    void without_a_session_one_signs_in_and_comes_back_to_the_list() {
        assertThat(roster.send("GET", "/console/people?q=mart&status=active", null, Map.of()).header("Location"))
            .contains("/sign-in?then=%2Fconsole%2Fpeople%3Fq%3Dmart%26status%3Dactive");
        assertThat(admin.page("/").header("Location")).contains("/console/");
        assertThat(admin.page("/console/nothing/here").text()).contains("There is nothing here");
    }

    @Test
    void what_a_page_holds_is_masked_anew_in_each() {
        var csrf = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"");
        var one = csrf.matcher(admin.page("/console/me").text());
        var other = csrf.matcher(admin.page("/console/me").text());
        assertThat(one.find()).isTrue();
        assertThat(other.find()).isTrue();
        assertThat(one.group(1).substring(0, 86)).doesNotContain(".").isNotEqualTo(other.group(1).substring(0, 86));
    }
}
