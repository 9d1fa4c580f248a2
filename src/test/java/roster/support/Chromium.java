package roster.support;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.Cookie;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import roster.base.html.SessionCookie;

/// Debian's Chromium, for the tests of one class: it starts when it is first asked for. Where it is not installed, the
/// test that asks is skipped and says so.
public final class Chromium implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/bin/chromium");

    /// It shows pages, and makes no other connections.
    private static final List<String> QUIETLY = List.of("--no-sandbox", "--disable-gpu", "--disable-quic",
        "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync");

    /// How long a page may take for anything, which ends a test that waits in vain. On a busy machine, a page of hundreds of
    /// operations takes longer than the 30 s that are usual.
    private static final double PATIENCE_MILLIS = Await.PATIENCE.toMillis();

    private Playwright playwright;
    private Browser browser;

    public synchronized BrowserContext newContext(Browser.NewContextOptions options) {
        Assumptions.assumeTrue(Files.isExecutable(PROGRAM), "skipped: there is no " + PROGRAM);
        if (browser == null) {
            playwright = Playwright.create(new Playwright.CreateOptions()
                .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
            browser = playwright.chromium()
                .launch(new BrowserType.LaunchOptions().setExecutablePath(PROGRAM).setArgs(QUIETLY));
        }
        var context = browser.newContext(options);
        context.setDefaultTimeout(PATIENCE_MILLIS);
        return context;
    }

    /// A browser in which a user is signed in.
    public BrowserContext signedIn(SignedIn session, Browser.NewContextOptions options) {
        var context = newContext(options);
        context.addCookies(List.of(new Cookie(SessionCookie.NAME, session.token())
            .setUrl(session.org().roster().address())));
        return context;
    }

    /// A page in a browser of its own in which a user is signed in.
    ///
    /// @param script whether it runs
    public Page page(SignedIn session, boolean script, String path) {
        var page = signedIn(session, new Browser.NewContextOptions().setJavaScriptEnabled(script)).newPage();
        page.navigate(session.org().roster().address() + path);
        return page;
    }

    @Override
    public synchronized void close() {
        if (playwright != null) {
            playwright.close();
        }
    }
}
