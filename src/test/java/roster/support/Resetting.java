package roster.support;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import roster.core.signin.PasswordResets;

/// Resetting a password by e-mail, as tests do it.
public final class Resetting {
    /// Another password than [Inviting#PASSWORD].
    public static final String PASSWORD = "Tz4kWq9RvBn2XpLs";

    private static final AtomicInteger NETWORKS = new AtomicInteger();

    private Resetting() {}

    /// A browser in a network of its own, behind a proxy that says where it is.
    public static BrowserUser stranger(TestRoster roster) {
        var network = NETWORKS.incrementAndGet();
        return new BrowserUser(roster).from("10.%d.%d.1".formatted(network / 256, network % 256));
    }

    /// Waits until all requests so far are dealt with: one for a known address after them is.
    public static void settle(TestRoster roster) {
        var org = roster.newOrg("settle");
        var probe = org.newUser("probe%d@settle.test".formatted(NETWORKS.incrementAndGet()));
        ask(stranger(roster), probe.email());
        Await.until("requests are dealt with", () -> queued(org) == 1);
    }

    /// Asks for a link on the page for all organisations.
    public static Answer ask(BrowserUser browser, String address) {
        return browser.submit("/sign-in/forgot", "/sign-in/forgot", Map.of("address", address));
    }

    /// Asks for a link, and waits until it is queued.
    ///
    /// @return its path
    public static String asked(TestUser user) {
        var before = queued(user.org());
        ask(stranger(user.org().roster()), user.email());
        Await.until("the link is queued", () -> queued(user.org()) > before);
        return link(user.org());
    }

    /// How many e-mails with links were ever queued.
    public static long queued(TestOrg org) {
        return (long) org.roster().sqlValue("SELECT count(*) FROM letters WHERE org_id = ? AND kind = ?",
            org.id().value(), PasswordResets.LETTER);
    }

    /// The path of the last link that is good.
    public static String link(TestOrg org) {
        return Emails.of(org, PasswordResets.LETTER).getLast().letter().text().lines()
            .filter(line -> line.startsWith("http")).map(line -> line.substring(line.indexOf("/sign-in/"))).findFirst()
            .orElseThrow();
    }

    /// Sets [#PASSWORD] by a link.
    public static Answer reset(BrowserUser browser, String link) {
        return browser.submit(link, link, Map.of("password", PASSWORD));
    }
}
