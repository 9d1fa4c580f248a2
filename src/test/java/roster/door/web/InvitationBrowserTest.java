package roster.door.web;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.support.MailServer.part;

import com.datadog.api.client.ApiClient;
import com.datadog.api.client.v2.api.UsersApi;
import com.datadog.api.client.v2.model.RelationshipToUser;
import com.datadog.api.client.v2.model.RelationshipToUserData;
import com.datadog.api.client.v2.model.UserInvitationData;
import com.datadog.api.client.v2.model.UserInvitationRelationships;
import com.datadog.api.client.v2.model.UserInvitationsRequest;
import com.datadog.api.client.v2.model.UserInvitationsType;
import com.datadog.api.client.v2.model.UsersType;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.model.User;
import roster.support.Chromium;
import roster.support.Inviting;
import roster.support.MailServer;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// The pages of an invitation as people meet them: in a browser, by keyboard, in the dark, on a small screen, with a
/// screen reader. Screenshots are left in `target/screenshots`.
class InvitationBrowserTest {
    private static final MailServer mail = new MailServer();
    private static final Chromium CHROMIUM = new Chromium();

    /// Known beforehand, as links are built from it.
    private static final int PORT = freePort();

    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_SMTP_URL", mail.url(), "ROSTER_PORT",
        Integer.toString(PORT), "ROSTER_PUBLIC_URL", "http://127.0.0.1:" + PORT));

    /// What a page did besides showing itself.
    private final List<String> complaints = new ArrayList<>();
    private final List<String> requests = new ArrayList<>();

    @AfterAll
    static void stop() {
        CHROMIUM.close();
        mail.close();
    }

    static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void an_invitation_survives_scanners_and_is_accepted_by_keyboard_without_script() throws Exception {
        var ada = roster.newOrg("Acme").newAdmin("ada@acme.test");
        var bob = ada.org().newPending("bob@acme.test");
        var client = client(ada);
        client.sendInvitations(new UserInvitationsRequest().addDataItem(new UserInvitationData(
            new UserInvitationRelationships(new RelationshipToUser(
                new RelationshipToUserData(bob.id().toString(), UsersType.USERS))),
            UserInvitationsType.USER_INVITATIONS)));
        var text = part(mail.letter("bob@acme.test"), "text/plain");
        var link = text.substring(text.indexOf(roster.address())).split("\\s", 2)[0];

        try (var context = context(new Browser.NewContextOptions())) {
            assertThat(Scanners.fetched(context, link)).hasSize(12).allMatch(line -> line.endsWith(" 200"));
        }
        assertThat(client.getUser(bob.id().toString()).getData().getAttributes().getStatus()).isEqualTo("Pending");

        try (var context = context(new Browser.NewContextOptions().setJavaScriptEnabled(false))) {
            var page = open(context);
            page.navigate(link);
            assertThat(page.title()).isEqualTo("Join Acme");
            type(page, "Bob Miller", "bobmiller123");
            assertThat(page.locator("[role=alert]").innerText()).contains("too easy to guess");
            assertThat(page.locator("#password:focus").count()).as("focus where it is wrong").isOne();
            assertThat(page.locator("#name").inputValue()).isEqualTo("Bob Miller");
            assertThat(page.locator("#password").inputValue()).isEmpty();
            assertThat(page.content()).doesNotContain("bobmiller123");

            page.keyboard().type(Inviting.PASSWORD);
            Looks.answered(page, () -> page.keyboard().press("Enter"));
            assertThat(page.locator("h1").innerText()).isEqualTo("You have joined Acme");
            page.navigate(link);
            assertThat(page.locator("h1").innerText()).isEqualTo("This invitation has been used");
        }
        var attributes = client.getUser(bob.id().toString()).getData().getAttributes();
        assertThat(attributes.getStatus()).isEqualTo("Active");
        assertThat(attributes.getVerified()).isTrue();
        assertThat(attributes.getName()).isEqualTo("Bob Miller");
        assertThat(complaints).allMatch(line -> line.contains("422") || line.contains("410"));
        assertThat(requests).isNotEmpty().allMatch(url -> url.startsWith(roster.address() + "/"));
    }

    /// By keyboard alone: past the address, which is only to be read.
    private static void type(Page page, String name, String password) {
        page.locator("body").press("Tab");
        page.keyboard().press("Tab");
        page.keyboard().type(name);
        page.keyboard().press("Tab");
        page.keyboard().type(password);
        page.keyboard().press("Tab");
        Looks.answered(page, () -> page.keyboard().press("Enter"));
    }

    @Test
    void every_page_is_accessible() {
        var org = roster.newOrg("Acme");
        var ada = org.newAdmin("ada.lovelace@acme.test");
        try (var context = context(new Browser.NewContextOptions())) {
            var looks = new Looks(open(context));
            var open = link(ada, org.newPending("open@acme.test"));
            looks.at("open", open);
            looks.page().locator("#name").fill("<Bob>");
            looks.page().locator("#password").fill("password");
            looks.press("Accept the invitation");
            looks.at("open-faulty");
            looks.page().locator("#name").fill("Bob Miller");
            looks.page().locator("#password").fill(Inviting.PASSWORD);
            looks.press("Accept the invitation");
            looks.at("accepted");
            looks.at("used", open);

            var expired = expired(ada, org.newPending("late@acme.test"));
            looks.at("expired", expired);
            looks.press("Ask for a new invitation");
            looks.at("asked");
            looks.at("asked-before", expired);
            var again = org.newPending("again@acme.test");
            var old = expired(ada, again);
            link(ada, again);
            looks.at("newer", old);
            var gone = org.newAdmin("gone@acme.test");
            var orphan = expired(gone, org.newPending("orphan@acme.test"));
            ada.delete("/api/v2/users/" + gone.id());
            looks.at("no-one-to-ask", orphan);

            var moved = org.newPending("moved@acme.test");
            var toOldAddress = link(ada, moved);
            ada.patch("/api/v2/users/" + moved.id(), """
                {"data": {"type": "users", "id": "%s", "attributes": {"email": "new@acme.test"}}}"""
                .formatted(moved.id()));
            looks.at("other-address", toOldAddress);
            var cancelled = Inviting.invited(ada, org.newPending("cancelled@acme.test").id());
            ada.delete(Inviting.OWN_PATH + "/" + cancelled);
            looks.at("cancelled", roster.address() + Inviting.link(org, cancelled));
            var disabled = org.newPending("disabled@acme.test");
            var toDisabled = link(ada, disabled);
            ada.delete("/api/v2/users/" + disabled.id());
            looks.at("user-disabled", toDisabled);
            looks.at("unknown", roster.address() + "/invitations/x");

            looks.shown("letter", part(mail.letter("open@acme.test"), "text/html"));
            looks.shown("letter-request", part(mail.letter(ada.email()), "text/html"));

            roster.sql("UPDATE orgs SET disabled = true WHERE id = ?", org.id().value());
            looks.at("org-disabled", toDisabled);
            looks.end();
        }
        assertThat(requests).allMatch(url -> url.startsWith(roster.address() + "/") || url.equals("about:blank"));
    }

    private static String link(TestUser inviter, User user) {
        return roster.address() + Inviting.link(inviter.org(), Inviting.invited(inviter, user.id()));
    }

    private static String expired(TestUser inviter, User user) {
        TestOrg org = inviter.org();
        var id = Inviting.invited(inviter, user.id());
        Inviting.expire(org, id);
        return roster.address() + Inviting.link(org, id);
    }

    private static BrowserContext context(Browser.NewContextOptions options) {
        return CHROMIUM.newContext(options);
    }

    private Page open(BrowserContext context) {
        var page = context.newPage();
        page.onConsoleMessage(message -> complaints.add(message.text()));
        page.onPageError(complaints::add);
        page.onRequest(request -> requests.add(request.url()));
        return page;
    }

    private static UsersApi client(TestUser user) {
        var client = new ApiClient();
        client.setServerIndex(null);
        client.setBasePath(roster.address());
        client.configureApiKeys(Map.of("apiKeyAuth", user.apiKey(), "appKeyAuth", user.applicationKey()));
        return new UsersApi(client);
    }
}
