package roster.door.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.model.Invitation;
import roster.model.LoginMethod;
import roster.support.Await;
import roster.support.BrowserUser;
import roster.support.FakeProvider;
import roster.support.Inviting;
import roster.support.OpenId;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// Invitations of users who sign in by a provider and not by password.
@Timeout(120)
class InvitationByProviderTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    @RegisterExtension
    static final FakeProvider provider = new FakeProvider();

    @BeforeEach
    void allIsRight() {
        provider.reset();
    }

    private static void disable(TestOrg org, LoginMethod method) {
        var id = method.id(org.id()).value();
        assertThat(org.founder().patch("/api/v2/identity_providers/" + id, """
            {"data":{"type":"identity_providers","id":"%s","attributes":{"enabled":false}}}""".formatted(id)).status())
            .isEqualTo(200);
    }

    /// @return the path of the invitation's page
    private static String invited(TestOrg org, String email, String type) {
        var user = org.newPending(email).id();
        var answer = org.founder().post("/api/v2/user_invitations", """
            {"data":[{"type":"user_invitations","relationships":{"user":{"data":{"type":"users","id":"%s"}}}}]}"""
            .formatted(user));
        assertThat(answer.text("/data/0/attributes/invite_type")).isEqualTo(type);
        assertThat(answer.at("/data/0/attributes/login_method").isNull()).isTrue();
        var invitations = roster.program().invitation.invitations;
        return "/invitations/" + Await.read(roster.db(), tx -> invitations.token(tx, invitations.find(tx, org.id(),
            new Invitation.Id(java.util.UUID.fromString(answer.text("/data/0/id")))).orElseThrow()));
    }

    @Test
    void the_page_offers_the_users_ways_and_the_address_must_be_the_invitations() {
        var org = roster.newOrg("acme");
        var id = OpenId.configured(org, provider.configuration("generic", "acme.test"));
        disable(org, LoginMethod.STANDARD);
        var page = invited(org, "carl@acme.test", "openid_invite");
        var browser = new BrowserUser(roster);

        var shown = browser.get(page);
        assertThat(shown.text()).contains("Accept with Example").doesNotContain("type=\"password\"");
        assertThat(shown.header("Content-Security-Policy").orElseThrow()).contains(provider.origin());
        assertThat(shown.header("Referrer-Policy")).contains("no-referrer");
        assertThat(Inviting.accept(roster, page).status()).as("no password for those who have no use of it")
            .isEqualTo(422);

        for (var other : List.of(FakeProvider.person("eve", "eve@acme.test", true),
            FakeProvider.person("eve", "carl@acme.test", false))) {
            var location = browser.post(page + "/with/" + id, "", Map.of(), Map.of()).header("Location").orElseThrow();
            assertThat(browser.get(provider.back(location, other)).status()).isEqualTo(403);
            assertThat(browser.session()).isNull();
        }
        var location = browser.post(page + "/with/" + id, "", Map.of(), Map.of()).header("Location").orElseThrow();
        var answer = browser.get(provider.back(location, FakeProvider.person("carl", "carl@acme.test", true)));
        assertThat(answer.status()).as(answer.text()).isEqualTo(303);
        assertThat(browser.isSignedIn()).isTrue();
        assertThat(roster.sql("SELECT verified, email_proved FROM users WHERE org_id = ? AND email = 'carl@acme.test'",
            org.id().value())).containsExactly(List.of(true, true));
        assertThat(browser.get(page).text()).contains("already");
    }

    @Test
    void where_there_is_no_way_it_says_whom_to_ask() {
        var org = roster.newOrg("acme");
        disable(org, LoginMethod.STANDARD);
        var page = invited(org, "carl@acme.test", "openid_invite");
        assertThat(new BrowserUser(roster).get(page).text()).contains("Ask your administrator").doesNotContain("<form");
    }
}
