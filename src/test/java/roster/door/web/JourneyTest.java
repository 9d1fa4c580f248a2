package roster.door.web;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.support.MailServer.eventually;
import static roster.support.MailServer.part;

import com.datadog.api.client.ApiClient;
import com.datadog.api.client.v2.api.UsersApi;
import com.datadog.api.client.v2.model.RelationshipToUser;
import com.datadog.api.client.v2.model.RelationshipToUserData;
import com.datadog.api.client.v2.model.UserCreateAttributes;
import com.datadog.api.client.v2.model.UserCreateData;
import com.datadog.api.client.v2.model.UserCreateRequest;
import com.datadog.api.client.v2.model.UserInvitationData;
import com.datadog.api.client.v2.model.UserInvitationRelationships;
import com.datadog.api.client.v2.model.UserInvitationsRequest;
import com.datadog.api.client.v2.model.UserInvitationsType;
import com.datadog.api.client.v2.model.UsersType;
import com.microsoft.playwright.Browser;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.Chromium;
import roster.support.Inviting;
import roster.support.Postfix;
import roster.support.TestRoster;

/// The whole way of an invitation, with nothing of ours at either end: the official client asks for it, Postfix takes
/// the letter, scanners fetch its link, and a person accepts in Chromium. What happened is told in
/// `target/journey.txt`, with the link's secret left out, and shown in `target/screenshots/journey-*`.
class JourneyTest {
    private static final Path TOLD = Path.of("target", "journey.txt");

    /// The width to which mail programs in a terminal are set.
    private static final int TERMINAL = 78;

    /// Known beforehand, as links are built from it.
    private static final int PORT = InvitationBrowserTest.freePort();

    private static final Chromium CHROMIUM = new Chromium();
    private static Postfix postfix;

    // The outbox of a server without a mail server: the test starts the node that sends.
    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_PUBLIC_URL", "http://127.0.0.1:" + PORT));

    private final StringBuilder told = new StringBuilder();

    @BeforeAll
    static void start() throws Exception {
        var missing = Postfix.missing();
        Assumptions.assumeTrue(missing.isEmpty(), () -> "skipped: " + missing.orElseThrow());
        postfix = new Postfix();
        postfix.start();
    }

    @AfterAll
    static void stop() {
        CHROMIUM.close();
        if (postfix != null) {
            postfix.close();
        }
    }

    @Test
    void from_the_official_client_by_postfix_and_chromium_to_an_active_user() throws Exception {
        var founder = roster.newOrg("Acme").founder();
        try (var context = CHROMIUM.newContext(new Browser.NewContextOptions());
            var node = roster.anotherNode(Map.of("ROSTER_PORT", Integer.toString(PORT),
                "ROSTER_SMTP_URL", postfix.url("localhost"), "ROSTER_SMTP_CA_FILE", postfix.authority().toString()))) {
            var client = new ApiClient();
            client.setServerIndex(null);
            client.setBasePath(node.address());
            client.configureApiKeys(Map.of("apiKeyAuth", founder.apiKey(), "appKeyAuth", founder.applicationKey()));
            var users = new UsersApi(client);

            var id = invited(users);
            eventually(() -> !postfix.letters().isEmpty());
            var letter = arrived();
            var text = part(letter, "text/plain");
            var link = text.substring(text.indexOf(node.address())).split("\\s", 2)[0];

            tell("The link is fetched by scanners");
            var fetched = Scanners.fetched(context, link);
            fetched.forEach(this::line);
            assertThat(fetched).hasSize(12).allMatch(one -> one.endsWith(" 200"));
            assertThat(status(users, id)).isEqualTo("Pending");

            var looks = new Looks(context.newPage());
            looks.shown("journey-letter", part(letter, "text/html"));
            accepted(looks, link);
            assertThat(status(users, id)).isEqualTo("Active");
            var user = users.getUser(id).getData().getAttributes();
            assertThat(user.getVerified()).isTrue();
            assertThat(user.getName()).isEqualTo("Bob Miller");
            line("verified %s, name %s", user.getVerified(), user.getName());

            tell("The link once more");
            var again = looks.page().navigate(link);
            line("GET %s: %d, %s", masked(link), again.status(), looks.page().locator("h1").innerText());
            assertThat(again.status()).isEqualTo(410);
            assertThat(looks.page().locator("h1").innerText()).isEqualTo("This invitation has been used");
            looks.end();

            assertThat(postfix.letters()).as("one letter, however often its link was fetched").hasSize(1);
            assertThat(told).doesNotContain(link).doesNotContain(link.substring(link.lastIndexOf('/') + 1))
                .doesNotContain(founder.applicationKey()).doesNotContain(founder.apiKey());
        } finally {
            Files.writeString(TOLD, told);
        }
    }

    private String invited(UsersApi users) throws Exception {
        tell("The official client (com.datadoghq:datadog-api-client) creates a user and invites them");
        var created = users.createUserWithHttpInfo(new UserCreateRequest(
            new UserCreateData(new UserCreateAttributes("bob@acme.test"), UsersType.USERS)));
        var id = created.getData().getData().getId();
        line("POST /api/v2/users: %d, user %s, %s", created.getStatusCode(), id,
            created.getData().getData().getAttributes().getStatus());
        var sent = users.sendInvitationsWithHttpInfo(new UserInvitationsRequest(List.of(new UserInvitationData(
            new UserInvitationRelationships(new RelationshipToUser(new RelationshipToUserData(id, UsersType.USERS))),
            UserInvitationsType.USER_INVITATIONS))));
        var invitation = sent.getData().getData().getFirst();
        line("POST /api/v2/user_invitations: %d, invitation %s, expires %s", sent.getStatusCode(), invitation.getId(),
            invitation.getAttributes().getExpiresAt());
        return id;
    }

    /// The letter as Postfix stored it.
    private MimeMessage arrived() throws Exception {
        var raw = postfix.letters().getFirst();
        tell("The mail as Postfix stored it: its headers");
        var headers = raw.substring(0, raw.indexOf("\n\n"));
        told.append(headers.stripTrailing()).append('\n');
        assertThat(headers).contains("with ESMTPSA id", "using TLSv1.3", "Delivered-To: bob@acme.test",
            "Auto-Submitted: auto-generated");
        assertThat(postfix.log()).contains("sasl_username=roster@localhost");

        var letter = new MimeMessage(null, new ByteArrayInputStream(raw.getBytes(StandardCharsets.ISO_8859_1)));
        var text = part(letter, "text/plain");
        tell("Its plain text, decoded");
        told.append(masked(text));
        assertThat(text.lines().filter(line -> !line.startsWith("http"))).as("in a terminal")
            .allMatch(line -> line.length() <= TERMINAL);
        tell("Its HTML: see journey-letter-*.png (%d characters)".formatted(part(letter, "text/html").length()));
        return letter;
    }

    private void accepted(Looks looks, String link) {
        tell("The person opens it in Chromium");
        var page = looks.page();
        line("GET %s: %d, %s", masked(link), page.navigate(link).status(), page.title());
        page.locator("#name").fill("Bob Miller");
        page.locator("#password").fill(Inviting.PASSWORD);
        looks.at("journey-form");
        looks.press("Accept the invitation");
        looks.at("journey-accepted");
        line("POST: %s", page.locator("main").innerText().replaceAll("\\s+", " "));
        assertThat(page.locator("h1").innerText()).isEqualTo("You have joined Acme");
    }

    private String status(UsersApi users, String id) throws Exception {
        var answer = users.getUserWithHttpInfo(id);
        var status = answer.getData().getData().getAttributes().getStatus();
        tell("The official client asks for the user");
        line("GET /api/v2/users/%s: %d, %s", id, answer.getStatusCode(), status);
        return status;
    }

    private void tell(String title) {
        told.append("\n# ").append(title).append("\n\n");
    }

    private void line(String format, Object... values) {
        told.append(format.formatted(values)).append('\n');
    }

    private static String masked(String text) {
        return text.replaceAll("/invitations/[\\w.~-]+", "/invitations/(the link's secret)");
    }
}
