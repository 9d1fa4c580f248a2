package roster.door.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.core.user.NewUsers.Made;
import roster.core.user.NewUsers.Wish;
import roster.model.User;
import roster.support.BrowserUser;
import roster.support.Chromium;
import roster.support.Inviting;
import roster.support.SignedIn;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// Journeys through a list of thousands, in a browser: one person is found among all, and everything is done by keyboard.
/// `bench/run --only console` finds one among a million.
@Timeout(180)
class ListJourneysTest {
    private static final Chromium CHROMIUM = new Chromium();
    private static final int PEOPLE = 3000;

    /// More than any page here has.
    private static final int TABS_MAX = 300;

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static TestOrg org;
    private static User marta;
    private static TestUser kim;

    @BeforeAll
    static void seed() {
        org = roster.newOrg("among");
        var wishes = IntStream.range(0, PEOPLE).mapToObj(i -> new Wish("person%04d@among.test".formatted(i),
            Optional.of("Person %04d".formatted(i)), Optional.empty(), List.of())).toList();
        org.write(tx -> roster.program().user.newUsers.createAll(tx, wishes));
        marta = ((Made.Created) org.write(tx -> roster.program().user.newUsers.createAll(tx, List.of(new Wish(
            "m.fernandez@among.test", Optional.of("Marta Fernández Ruiz"), Optional.empty(), List.of())))).getFirst())
            .user();
        kim = org.newAdmin("kim@among.test");
        BrowserUser.setPassword(kim, Inviting.PASSWORD);
    }

    @AfterAll
    static void stop() {
        CHROMIUM.close();
    }

    private static void shows(Page page, String heading) {
        page.waitForCondition(() -> page.locator("#results").innerText().equals(heading));
    }

    /// FindOneAmongAMillion
    @Test
    void one_is_found_among_all_by_name_by_address_and_by_id() {
        var page = CHROMIUM.page(SignedIn.in(org.founder()), true, "/console/people");
        var all = "%,d people".formatted(PEOPLE + 3);
        assertThat(page.locator("#results").innerText()).isEqualTo(all);
        page.locator("#last").click();
        assertThat(page.locator(".pager p").first().innerText()).endsWith("of %,d".formatted(PEOPLE + 3));

        page.locator("#q").pressSequentially("fernández");
        shows(page, "1 person matches “fernández”");
        assertThat(page.url()).as("from the last page").endsWith("/console/people?q=fern%C3%A1ndez");
        assertThat(page.locator("tbody tr").count()).isEqualTo(1);
        assertThat(page.locator("tbody mark").innerText()).isEqualTo("Fernández");
        page.locator("#q").fill("");
        shows(page, all);
        page.locator("#q").fill("m.fernandez@");
        shows(page, "1 person matches “m.fernandez@”");
        page.locator("tbody a").click();
        assertThat(page.locator("h1").innerText()).isEqualTo("Marta Fernández Ruiz");
        page.locator(".back").click();
        assertThat(page.locator("#q").inputValue()).isEqualTo("m.fernandez@");

        page.locator("#q").fill(marta.id().toString());
        shows(page, "1 person matches “" + marta.id() + "”");
        assertThat(page.locator("tbody tr").innerText()).contains("Marta Fernández Ruiz");
        page.locator("#q").fill("marhta");
        shows(page, "Nobody matches “marhta”");
        page.getByText("Clear the search").click();
        shows(page, all);
        page.context().close();
    }

    private static String focused(Page page) {
        return ((String) page.evaluate("() => (document.activeElement.getAttribute('aria-label') "
            + "|| document.activeElement.labels?.[0]?.innerText || document.activeElement.innerText || '').trim()"));
    }

    /// Presses Tab until what has this name has the focus, which is always to be seen.
    private static void tabTo(Page page, String name) {
        for (int i = 0; i < TABS_MAX; i++) {
            page.keyboard().press("Tab");
            if (focused(page).equals(name)) {
                assertThat((Boolean) page.evaluate("""
                    () => {
                      const focused = document.activeElement, box = focused.getBoundingClientRect();
                      const style = getComputedStyle(focused), label = focused.closest('label');
                      return box.bottom > 0 && box.top < innerHeight && (style.outlineStyle !== 'none'
                        || style.boxShadow !== 'none' || label && getComputedStyle(label).outlineStyle !== 'none');
                    }""")).as("the focus on %s is seen", name).isTrue();
                return;
            }
        }
        throw new AssertionError("Tab does not lead to " + name + " on " + page.url());
    }

    private static void press(Page page, String... keys) {
        for (var key : keys) {
            page.keyboard().press(key);
        }
    }

    private static void enter(Page page, String on) {
        tabTo(page, on);
        press(page, "Enter");
    }

    private static void isOn(Page page, String heading) {
        page.locator("h1", new Page.LocatorOptions().setHasText(heading)).waitFor();
    }

    private static void isTold(Page page, String text) {
        page.locator("[role=status] .notice", new Page.LocatorOptions().setHasText(text)).waitFor();
    }

    /// EverythingByKeyboard
    @Test
    void everything_is_done_by_keyboard_from_signing_in_to_an_act_taken_back() {
        try (var context = CHROMIUM.newContext(new Browser.NewContextOptions())) {
            var page = context.newPage();
            page.navigate(roster.address() + BrowserUser.page(org));
            tabTo(page, "E-mail address");
            page.keyboard().type(kim.email());
            tabTo(page, "Password");
            page.keyboard().type(Inviting.PASSWORD);
            press(page, "Enter");
            page.waitForURL("**/console/");
            press(page, "Tab");
            assertThat(focused(page)).isEqualTo("Skip to the content");
            press(page, "g", "p");
            page.waitForURL("**/console/people");

            lists(page);
            leads(page);
            anAct(page);
            off(page);
        }
    }

    /// Search, rows, pages, the main act.
    private static void lists(Page page) {
        press(page, "]");
        page.waitForURL("**?after=*");
        press(page, "[");
        page.waitForURL("**?before=*");
        press(page, "j", "j");
        var second = focused(page);
        press(page, "k");
        assertThat(focused(page)).isNotEqualTo(second);
        press(page, "j");
        assertThat(focused(page)).isEqualTo(second);
        press(page, "x");
        page.waitForCondition(() -> page.locator("#selected").innerText().equals("1 person selected"));
        press(page, "x");
        page.waitForCondition(() -> page.locator("#selected").innerText().equals("0 people selected"));
        press(page, "n");
        page.waitForURL("**/console/invite");
        press(page, "g", "p");
        page.waitForURL("**/console/people");
        press(page, "/");
        page.keyboard().type("jgx?[fern");
        assertThat(page.locator("#q").inputValue()).as("keys are letters there").isEqualTo("jgx?[fern");
        press(page, "Escape");
        assertThat(page.locator("#q").inputValue()).isEmpty();
        page.waitForCondition(() -> page.locator("#results").innerText().matches("[0-9,]+ people"));
        page.keyboard().type("fernández");
        shows(page, "1 person matches “fernández”");
    }

    /// `g`, and where it leads: as the navigation has it.
    private static void leads(Page page) {
        press(page, "Tab");
        press(page, "?");
        assertThat(page.locator("#keys").isVisible()).isTrue();
        press(page, "Escape");
        assertThat(page.locator("#keys").isVisible()).isFalse();
        // In an order that ends elsewhere than the next step begins: a page that is already there cannot be waited for.
        for (var way : List.of("o overview", "p people", "i invitations", "r roles", "s service_accounts", "k keys",
            "a audit",
            ", settings", "m me")) {
            var link = page.locator("[data-go='%s']".formatted(way.substring(2)));
            if (link.count() > 0) {
                var to = roster.address() + link.getAttribute("href");
                press(page, "g", way.substring(0, 1));
                page.waitForURL(url -> url.equals(to) || url.startsWith(to + "?"));
            }
        }
    }

    /// Disables a person, and takes it back.
    private static void anAct(Page page) {
        press(page, "g", "p");
        page.waitForURL("**/console/people");
        press(page, "/");
        page.keyboard().type("fernández");
        shows(page, "1 person matches “fernández”");
        tabTo(page, "Status"); // leaves the field, in which j is a letter
        press(page, "j");
        assertThat(focused(page)).isEqualTo("Marta Fernández Ruiz");
        press(page, "Enter");
        page.waitForURL("**/console/people/*");
        isOn(page, "Marta Fernández Ruiz");
        enter(page, "Disable");
        isOn(page, "Disable Marta Fernández Ruiz?");
        enter(page, "Disable Marta Fernández Ruiz");
        isTold(page, "Marta Fernández Ruiz is disabled.");
        enter(page, "Enable again");
        isTold(page, "Marta Fernández Ruiz is enabled.");
        assertThat(page.locator(".badges").innerText()).contains("Pending");
        enter(page, "Dismiss");
        page.waitForCondition(() -> page.locator(".notice").count() == 0);
    }

    /// The switch: afterwards the keys do nothing, and Tab and Enter all the same.
    private static void off(Page page) {
        press(page, "g", "m");
        page.waitForURL("**/console/me");
        tabTo(page, "Single-key shortcuts");
        press(page, "Space");
        enter(page, "Save the preferences");
        isTold(page, "Your preferences are saved.");
        press(page, "g", "p", "?", "n", "/");
        assertThat(page.locator("#keys").isVisible()).isFalse();
        assertThat(page.url()).endsWith("/console/me");
        enter(page, "People");
        page.waitForURL("**/console/people");
        press(page, "]", "x", "j");
        assertThat(page.url()).endsWith("/console/people");
        assertThat(page.locator("input.row:checked").count()).isZero();
        assertThat(page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Keyboard")).count()).isOne();
    }
}
