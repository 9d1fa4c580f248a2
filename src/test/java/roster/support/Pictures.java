package roster.support;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.PlaywrightException;

/// Pictures of pages.
public final class Pictures {
    private static final int TRIES = 5;
    private static final String NOT_DRAWN = "Unable to capture screenshot";

    private Pictures() {}

    /// Takes a picture. Where the machine is busy, Chromium may not have drawn a page yet that it has loaded, and says so: then it is
    /// asked again.
    public static void take(Page page, Page.ScreenshotOptions options) {
        for (var tried = 1;; tried++) {
            try {
                page.screenshot(options);
                return;
            } catch (PlaywrightException e) {
                if (tried == TRIES || !e.getMessage().contains(NOT_DRAWN)) {
                    throw e;
                }
                page.evaluate("() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))");
            }
        }
    }
}
