package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.oauth2.sdk.util.URLUtils;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.BrowserUser;
import roster.support.FakeProvider;
import roster.support.OpenId;
import roster.support.TestRoster;

/// A provider that is not ours.
@Timeout(120)
class MockProviderTest {
    private static final int CODE_LIFE = 300;

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    @Test
    void a_user_signs_in_by_a_provider_that_is_not_ours() throws Exception {
        var server = new MockOAuth2Server();
        server.start();
        try {
            var org = roster.newOrg("acme");
            org.newUser("bob@acme.test");
            var id = OpenId.configured(org, Map.of("name", "Mock", "profile", "generic", "issuer",
                server.issuerUrl("acme").toString(), "client_id", "roster", "client_secret", OpenId.SECRET, "domains",
                List.of("acme.test"), "link", "automatic"));
            server.enqueueCallback(new DefaultOAuth2TokenCallback("acme", "bob", "JWT", List.of("roster"),
                Map.of("email", "bob@acme.test", "email_verified", true), CODE_LIFE));
            var browser = new BrowserUser(roster);
            var location = FakeProvider.begin(browser, id);
            try (var client = HttpClient.newHttpClient()) {
                var back = client.send(HttpRequest.newBuilder(URI.create(location)).build(), BodyHandlers.ofString())
                    .headers().firstValue("Location").orElseThrow();
                assertThat(URLUtils.parseParameters(URI.create(back).getRawQuery())).containsKey("code");
                var answer = browser.get(back.substring(roster.address().length()));
                assertThat(answer.status()).as(answer.text()).isEqualTo(303);
            }
            assertThat(browser.isSignedIn()).isTrue();
        } finally {
            server.shutdown();
        }
    }
}
