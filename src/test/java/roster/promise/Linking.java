package roster.promise;

import java.util.Map;
import java.util.Optional;
import roster.core.identity.LinkSignIn;
import roster.support.Answer;
import roster.support.BrowserUser;
import roster.support.Emails;
import roster.support.TestOrg;

/// Linking identities as browsers do, and what became of it.
final class Linking {
    private Linking() {}

    static long identities(TestOrg org) {
        return (long) org.roster().sqlValue("SELECT count(*) FROM identities WHERE org_id = ?", org.id().value());
    }

    static boolean proved(TestOrg org, String email) {
        return (boolean) org.roster().sqlValue("SELECT email_proved FROM users WHERE org_id = ? AND email = ?",
            org.id().value(), email);
    }

    static Optional<String> letter(TestOrg org) {
        var all = Emails.of(org, LinkSignIn.LETTER);
        return all.isEmpty() ? Optional.empty()
            : Optional.of(all.getLast().letter().text().replaceAll("(?s).*(/sign-in/confirm/[A-Za-z0-9_-]+).*", "$1"));
    }

    static Answer asksForLetter(BrowserUser browser) {
        return browser.submit("/sign-in/link", "/sign-in/link/letter", Map.of());
    }
}
