package roster.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Of many rows that are alike, [Axe] works out the contrast of one: a row that only looks different is still found.
@Timeout(120)
class AxeTest {
    private static final Chromium CHROMIUM = new Chromium();

    @AfterAll
    static void close() {
        CHROMIUM.close();
    }

    private static List<?> faults(String css) {
        return faults(css, "<ul>%s</ul>".formatted("<li><span>row</span></li>".repeat(50)));
    }

    private static List<?> faults(String css, String html) {
        try (var context = CHROMIUM.newContext(new Browser.NewContextOptions()); var page = context.newPage()) {
            page.setContent("""
                <!DOCTYPE html><html lang="en"><title>Rows</title><style>body { color: #111; background: #fff } %s</style>
                <main><h1>Rows</h1>%s</main>""".formatted(css, html));
            return Axe.faults(page);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"li:nth-child(30) span { color: #ddd }", "li:nth-child(30) { color: #ddd }",
        "li:nth-child(30) { background: #333 }", "li:nth-child(30) { opacity: .2 }",
        "ul { color: #757575 } li:nth-child(30) { background: #eee }"})
    void one_row_of_many_that_is_hard_to_read_is_found(String css) {
        assertThat(faults(css)).singleElement().asString().startsWith("color-contrast: ");
    }

    @Test
    void what_is_folded_up_stands_for_nothing_that_is_open() {
        assertThat(faults("p { color: #ddd }", """
            <details><summary>One</summary><p>text</p></details>
            <details open><summary>Two</summary><p>text</p></details>""")).singleElement().asString()
            .startsWith("color-contrast: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "li:nth-child(30) { color: #333 }"})
    void rows_that_all_can_read_are_no_fault(String css) {
        assertThat(faults(css)).isEmpty();
    }
}
