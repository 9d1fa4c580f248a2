package roster.door.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.Chromium;
import roster.support.OpenApiCheck;
import roster.support.TestRoster;

/// The documentation page, as files and in a browser.
class DocsTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static final String FILES = "/docs/";

    private static final Chromium CHROMIUM = new Chromium();

    /// What a page did besides showing itself.
    private final List<String> complaints = new ArrayList<>();
    private final List<String> requests = new ArrayList<>();

    @AfterAll
    static void closeBrowser() {
        CHROMIUM.close();
    }

    @Test
    void the_files_have_their_types_and_a_strict_policy() {
        var types = Map.of("docs.css", "text/css; charset=utf-8", "docs.js", "text/javascript; charset=utf-8",
            "icon.svg", "image/svg+xml", "swagger-ui.css", "text/css; charset=utf-8",
            "swagger-ui-bundle.js", "text/javascript; charset=utf-8");

        types.forEach((file, type) -> {
            var answer = roster.send("GET", FILES + file, null);
            assertThat(answer.status()).as(file).isEqualTo(200);
            assertThat(answer.header("Content-Type")).as(file).contains(type);
            assertThat(answer.header("X-Content-Type-Options")).as(file).contains("nosniff");
            assertThat(answer.header("Content-Security-Policy").orElseThrow()).as(file)
                .contains("default-src 'none'", "script-src 'self';", "connect-src 'self'").doesNotContain("http");
        });
    }

    @Test
    void the_bare_address_has_a_link_to_it() {
        var answer = roster.send("GET", "/", null);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).contains("href=\"/docs\"", "href=\"/sign-in\"");
    }

    @Test
    void where_there_is_nothing_a_browser_is_shown_a_page_and_a_program_gets_json() {
        var browser = Map.of("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
        var page = roster.send("GET", "/consol", null, browser);
        assertThat(page.status()).isEqualTo(404);
        assertThat(page.header("Content-Type").orElseThrow()).startsWith("text/html");
        assertThat(page.text()).contains("<h1>Page not found</h1>", "href=\"/\"");
        assertThat(page.header("Content-Security-Policy").orElseThrow()).contains("default-src 'none'");
        assertThat(roster.send("HEAD", "/consol", null, browser).header("Content-Type"))
            .isEqualTo(page.header("Content-Type"));

        assertThat(roster.send("GET", "/consol", null).errors()).containsExactly("Not Found");
        assertThat(roster.send("GET", "/api/v2/nothing", null, browser).errors()).containsExactly("Not Found");
        assertThat(roster.send("POST", "/consol", "", browser).errors()).containsExactly("Not Found");
    }

    @Test
    void a_copy_that_is_still_good_is_not_sent_again() {
        var tag = roster.send("GET", "/openapi.yaml", null).header("ETag").orElseThrow();
        var again = roster.send("GET", "/openapi.yaml", null, Map.of("If-None-Match", tag));

        assertThat(again.status()).isEqualTo(304);
        assertThat(again.bytes()).isEmpty();
        assertThat(roster.send("GET", "/openapi.yaml", null, Map.of("If-None-Match", "\"else\"")).status())
            .isEqualTo(200);
    }

    @Test
    void nothing_but_these_files_is_served() {
        for (var file : List.of("index.html", "swagger-initializer.js", "..%2Fopenapi.yaml", "%2e%2e%2f%2e%2e%2froster",
            "..%5cdocs.js", "docs.js%00", "docs.js/", "", "Docs.class")) {
            var answer = roster.send("GET", FILES + file, null);
            assertThat(answer.status()).as(file).isIn(400, 404);
            assertThat(answer.errors()).as(file).hasSize(1);
        }
    }

    @Test
    void the_page_lists_every_operation_without_asking_anybody_else() {
        try (var page = open()) {
            page.navigate(roster.address() + "/docs");
            page.locator(".opblock").first().waitFor();
            var operations = new TreeSet<String>();
            OpenApiCheck.parse().getOpenAPI().getPaths().values().forEach(path -> path.readOperations()
                .forEach(operation -> operations.add(operation.getSummary())));

            assertThat(page.title()).isEqualTo("Roster: the API");
            var listed = new TreeSet<String>(); // of many operations only those near the window are in the page
            page.waitForCondition(() -> {
                listed.addAll(page.locator(".opblock-summary-description").allInnerTexts());
                page.evaluate(
                    "innerHeight + scrollY >= document.body.scrollHeight ? scrollTo(0, 0) : scrollBy(0, 300)");
                return listed.size() >= operations.size();
            });
            assertThat(listed).isEqualTo(operations);
        }
        try (var page = open()) { // one that was never scrolled: a browser would scroll there again
            page.navigate(roster.address() + "/docs#/Users/UpdateUser");
            page.locator("#operations-Users-UpdateUser .responses-wrapper").waitFor();
            assertThat(page.locator(".errors-wrapper").count()).isZero();
        }
        assertThat(complaints).isEmpty();
        assertThat(requests).allMatch(url -> url.startsWith(roster.address() + "/") || url.startsWith("data:"));
    }

    @Test
    void the_page_tries_an_operation_with_the_keys_it_is_given() {
        var ada = roster.newOrg("docs").newAdmin("ada@docs.test");
        try (var page = open()) {
            page.navigate(roster.address() + "/docs#/Users/GetUser");
            page.locator(".authorize.btn").first().click();
            for (var key : List.of(ada.apiKey(), ada.applicationKey())) {
                // The field goes, and its button becomes another, once the key is taken.
                page.locator(".auth-container input").first().fill(key);
                page.locator(".auth-btn-wrapper .authorize").first().click();
            }
            page.locator(".btn-done").first().click();
            var operation = page.locator("#operations-Users-GetUser");
            operation.locator(".try-out__btn").click();
            operation.locator("input[placeholder='user_id']").fill(ada.id());
            operation.locator(".execute").click();
            operation.locator(".live-responses-table .response-col_status").first().waitFor();

            assertThat(operation.locator(".live-responses-table").innerText()).contains("200", ada.email());
        }
        assertThat(complaints).isEmpty();
        assertThat(requests).allMatch(url -> url.startsWith(roster.address() + "/") || url.startsWith("data:"));
    }

    private Page open() {
        var page = CHROMIUM.newContext(new Browser.NewContextOptions()).newPage();
        page.onConsoleMessage(message -> {
            if (List.of("error", "warning").contains(message.type())) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
        page.onRequest(request -> requests.add(request.url()));
        return page;
    }
}
