package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import roster.core.org.OrgConfig;
import roster.support.Answer;
import roster.support.BrowserUser;
import roster.support.Inviting;
import roster.support.TestOrg;
import roster.support.TestUser;

/// Second steps of signing in, as browsers take them.
final class SecondSteps {
    private static final Pattern CODE = Pattern.compile("<code>([0-9A-Z]{4}(-[0-9A-Z]{4}){5})</code>");
    static final String PATH = "/sign-in/second";

    private SecondSteps() {}

    static TestUser user(TestOrg org, String name) {
        var user = org.newUser(name + "@acme.test");
        BrowserUser.setPassword(user, Inviting.PASSWORD);
        return user;
    }

    static BrowserUser halfIn(TestUser user) {
        var browser = new BrowserUser(user.org().roster());
        assertThat(browser.signIn(user.org(), user.email(), Inviting.PASSWORD).header("Location")).contains(PATH);
        return browser;
    }

    static Answer show(BrowserUser browser, String code) {
        return browser.submit(PATH, PATH, Map.of("code", code));
    }

    static Answer recover(BrowserUser browser, String code) {
        return browser.submit(PATH + "?by=recovery", PATH, Map.of("code", code, "by", "recovery"));
    }

    static List<String> codes(Answer page) {
        return CODE.matcher(page.text()).results().map(found -> found.group(1)).toList();
    }

    static void require(TestOrg org, String whom) {
        org.write(tx -> org.roster().program().org.configs.set(tx,
            OrgConfig.SECOND_FACTOR, whom));
    }

    static long sessions(TestOrg org) {
        return (long) org.roster().sqlValue("SELECT count(*) FROM sessions WHERE org_id = ? AND ended_at IS NULL",
            org.id().value());
    }
}
