package roster.door.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
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
import roster.support.Chromium;
import roster.support.SignedIn;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// Journeys through a list of thousands, in a browser: one person is found among all.
/// `bench/run --only console` finds one among a million.
@Timeout(180)
class ListJourneysTest {
    private static final Chromium CHROMIUM = new Chromium();
    private static final int PEOPLE = 3000;

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static TestOrg org;
    private static User marta;

    @BeforeAll
    static void seed() {
        org = roster.newOrg("among");
        var wishes = IntStream.range(0, PEOPLE).mapToObj(i -> new Wish("person%04d@among.test".formatted(i),
            Optional.of("Person %04d".formatted(i)), Optional.empty(), List.of())).toList();
        org.write(tx -> roster.program().user.newUsers.createAll(tx, wishes));
        marta = ((Made.Created) org.write(tx -> roster.program().user.newUsers.createAll(tx, List.of(new Wish(
            "m.fernandez@among.test", Optional.of("Marta Fernández Ruiz"), Optional.empty(), List.of())))).getFirst())
            .user();
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
        var all = "%,d people".formatted(PEOPLE + 2);
        assertThat(page.locator("#results").innerText()).isEqualTo(all);
        page.locator("#last").click();
        assertThat(page.locator(".pager p").first().innerText()).endsWith("of %,d".formatted(PEOPLE + 2));

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
}
