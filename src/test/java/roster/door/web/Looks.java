package roster.door.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Frame;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import roster.support.Axe;
import roster.support.Pictures;

/// Looks at pages: light and dark, 1,440 and 320 pixels; with axe-core, with a ruler, and by leaving a picture in
/// `target/screenshots`.
final class Looks {
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");

    private final Page page;
    private final List<String> violations = new ArrayList<>();
    private int pages;

    Looks(Page page) {
        this.page = page;
    }

    Page page() {
        return page;
    }

    void press(String button) {
        answered(page, () -> page.locator("button", new Page.LocatorOptions().setHasText(button)).click());
    }

    /// Sends a form, and waits until what comes back is shown.
    static void answered(Page page, Runnable sent) {
        var shown = new boolean[1];
        Consumer<Frame> taker = frame -> shown[0] = true;
        page.onFrameNavigated(taker);
        sent.run();
        page.waitForCondition(() -> shown[0]);
        page.offFrameNavigated(taker);
        page.waitForLoadState();
    }

    void at(String name, String url) {
        page.navigate(url);
        at(name);
    }

    void shown(String name, String html) {
        page.navigate("about:blank"); // rid of the policy of the page before
        page.setContent(html);
        at(name);
    }

    void at(String name) {
        pages++;
        for (var scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            var theme = scheme.name().toLowerCase(Locale.ROOT);
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
            for (var width : List.of(1440, 320)) {
                page.setViewportSize(width, 720);
                Pictures.take(page, new Page.ScreenshotOptions().setFullPage(true)
                    .setPath(SCREENSHOTS.resolve("%s-%s-%d.png".formatted(name, theme, width))));
                assertThat((Integer) page.evaluate("() => document.documentElement.scrollWidth"))
                    .as("width of " + name).isLessThanOrEqualTo(width);
            }
            for (var fault : Axe.faults(page)) {
                violations.add("%s, %s: %s".formatted(name, theme, fault));
            }
        }
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
    }

    /// To be called last: says what was seen.
    void end() {
        System.out.printf("axe-core: %d pages, light and dark, %d violations%n", pages, violations.size());
        assertThat(violations).isEmpty();
    }
}
