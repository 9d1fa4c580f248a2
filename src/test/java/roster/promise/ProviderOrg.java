package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.function.UnaryOperator;
import roster.support.Answer;
import roster.support.BrowserUser;
import roster.support.FakeProvider;
import roster.support.OpenId;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// An organisation with an OpenID provider, and Bob, who may sign in by it.
record ProviderOrg(TestOrg org, String id) {
    static ProviderOrg of(TestRoster roster, FakeProvider provider) {
        var org = roster.newOrg("acme");
        org.newUser("bob@acme.test");
        var attributes = OpenId.with(provider.configuration("generic", "acme.test"), "link", "automatic");
        return new ProviderOrg(org, OpenId.configured(org, attributes));
    }

    BrowserUser browser() {
        return new BrowserUser(org.roster());
    }

    static UnaryOperator<Map<String, Object>> bob() {
        return FakeProvider.person("bob-there", "bob@acme.test", true);
    }

    static UnaryOperator<Map<String, Object>> bob(UnaryOperator<Map<String, Object>> then) {
        return claims -> then.apply(bob().apply(claims));
    }

    static void assertRefused(Answer answer, BrowserUser browser) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.text()).contains("Sign-in did not work");
        assertThat(browser.session()).isNull();
    }

    /// Why sign-ins failed, as the trail has it.
    static String reason(TestOrg org) {
        return String.valueOf(org.roster().sqlValue("SELECT string_agg(after::text, ' ') FROM audit_entries "
            + "WHERE org_id = ? AND action = 'sign_in.failed'", org.id().value()));
    }
}
