package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import roster.core.signin.PasswordResets;
import roster.core.signin.SignInAddresses;
import roster.model.LoginMethod;
import roster.support.Answer;
import roster.support.Attacks;
import roster.support.Await;
import roster.support.BrowserUser;
import roster.support.Emails;
import roster.support.HeldOrg;
import roster.support.Inviting;
import roster.support.Resetting;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// Attacks on e-mails that visitors ask for: G3, R1 and R2. A proxy says where each browser is.
@Timeout(300)
class AskedLetterAttackTest {
    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_TRUSTED_PROXIES", "127.0.0.1"));

    private static BrowserUser stranger() {
        return Resetting.stranger(roster);
    }

    private static TestUser withPassword(TestOrg org, String email) {
        var user = org.newUser(email);
        BrowserUser.setPassword(user, Inviting.PASSWORD);
        return user;
    }

    private static long letters(String kind) {
        return (long) roster.sqlValue("SELECT count(*) FROM letters WHERE kind = ?", kind);
    }

    private static String shown(Answer page, String address) {
        return page.status()
            + page.text().replace(address, "ADDRESS").replaceAll("value=\"[A-Za-z0-9_-]{43}\"", "CSRF");
    }

    @Test
    void g3_the_answer_is_the_same_for_all_addresses_and_letters_go_only_where_due() {
        var org = roster.newOrg("acme");
        withPassword(org, "known@g3.test");
        var disabled = withPassword(org, "disabled@g3.test");
        org.founder().delete("/api/v2/users/" + disabled.id());
        var google = withPassword(org, "google@g3.test");
        org.write(tx -> {
            roster.program().saml.loginMethods.override(tx, google.id(),
                List.of(LoginMethod.GOOGLE_OIDC.id(org.id()).value().toString()));
            return null;
        });
        org.newPending("pending@g3.test");
        org.newServiceAccount("robot@g3.test", List.of());
        var unproved = withPassword(org, "unproved@g3.test");
        roster.sql("UPDATE users SET email_proved = false WHERE org_id = ? AND id = ?", org.id().value(),
            unproved.user().id().value());
        for (var page : List.of("/sign-in/forgot", "/sign-in/find")) {
            var answers = new LinkedHashSet<String>();
            for (var name : List.of("known", "nobody", "disabled", "google", "pending", "robot", "unproved")) {
                var address = name + "@g3.test";
                var browser = stranger();
                var answer = browser.submit(page, page, Map.of("address", address));
                assertThat(answer.status()).as(address).isEqualTo(303);
                var after = browser.get(answer.header("Location").orElseThrow());
                assertThat(after.text())
                    .contains("If an account here uses %s, we sent it an e-mail.".formatted(address));
                answers.add(shown(after, address));
            }
            assertThat(answers).as(page).hasSize(1);
        }
        Resetting.settle(roster);
        assertThat(Emails.of(org, PasswordResets.LETTER)).extracting(Emails.Email::recipient)
            .containsExactly("known@g3.test");
        assertThat(Emails.of(org, SignInAddresses.LETTER)).extracting(Emails.Email::recipient)
            .containsExactlyInAnyOrder("known@g3.test", "google@g3.test");
        assertThat(Emails.of(org, SignInAddresses.LETTER).getFirst().letter().text())
            .contains("acme", BrowserUser.page(org));
    }

    @ParameterizedTest
    @CsvSource({"/sign-in/forgot, " + PasswordResets.LETTER, "/sign-in/find, " + SignInAddresses.LETTER})
    void a_letter_comes_although_its_organisation_was_busy(String page, String kind) throws Exception {
        var org = roster.newOrg("busy");
        var ada = withPassword(org, "ada@busy%d.test".formatted(page.length()));
        try (var held = new HeldOrg(org)) {
            assertThat(stranger().submit(page, page, Map.of("address", ada.email())).status()).isEqualTo(303);
            held.awaitWaiting(1);
            Await.until("it was refused", () -> roster.db().writesWaiting(org.id()) == 0);
        }
        Await.until("it is queued", () -> !Emails.of(org, kind).isEmpty());
        Resetting.settle(roster);
        assertThat(Emails.of(org, kind)).hasSize(1);
    }

    /// By time, interleaved: `-Droster.timing=400`, on a machine that does nothing else.
    @Test
    @Tag(Timing.TAG)
    void g3_known_and_unknown_addresses_take_the_same_time() {
        var tries = Integer.getInteger(Timing.TRIES);
        var org = roster.newOrg("acme");
        withPassword(org, "known@g3time.test");
        for (var page : List.of("/sign-in/forgot", "/sign-in/find")) {
            var area = Timing.area(tries, first -> {
                var browser = stranger();
                var csrf = BrowserUser.csrf(browser.get(page));
                var address = first ? "known@g3time.test" : "wrong@g3time.test";
                return () -> assertThat(browser.post(page, csrf, Map.of("address", address), Map.of()).status())
                    .isEqualTo(303);
            });
            Attacks.say("area under the curve on %s, %,d tries: %.3f", page, tries, area);
            assertThat(area).isBetween(0.45, 0.55);
        }
    }

    @Test
    void g3_three_letters_an_hour_go_to_an_address_and_twenty_requests_of_a_network_count() {
        var org = roster.newOrg("acme");
        var ada = withPassword(org, "ada@g3limit.test");
        for (int i = 0; i < 5; i++) {
            assertThat(Resetting.ask(stranger(), ada.email()).status()).isEqualTo(303);
        }
        Resetting.settle(roster);
        assertThat(Resetting.queued(org)).isEqualTo(3);
        roster.sql("UPDATE guesses SET first_at = first_at - interval '1 hour' WHERE failures <= 4");
        for (int hour = 0; hour < 4; hour++) {
            for (int i = 0; i < 3; i++) {
                Resetting.ask(stranger(), ada.email());
            }
            Resetting.settle(roster);
            roster.sql("UPDATE guesses SET first_at = first_at - interval '1 hour' WHERE failures <= 4");
        }
        assertThat(Resetting.queued(org)).as("of 17 in five hours").isEqualTo(10);

        var others = roster.newOrg("others");
        var one = stranger();
        for (int i = 0; i < 25; i++) {
            withPassword(others, "u%d@g3limit.test".formatted(i));
            assertThat(Resetting.ask(one, "u%d@g3limit.test".formatted(i)).status()).isEqualTo(303);
        }
        Resetting.settle(roster);
        assertThat(Resetting.queued(others)).isEqualTo(20);
    }

    @Test
    void r1_what_a_request_says_of_the_host_is_in_no_letter() {
        var org = roster.newOrg("acme");
        var ada = withPassword(org, "ada@r1.test");
        var page = "/sign-in/forgot";
        for (var header : List.of("X-Forwarded-Host", "Forwarded", "X-Original-Host", "X-Host")) {
            var browser = stranger();
            var value = header.equals("Forwarded") ? "host=evil.test" : "evil.test";
            browser.post(page, BrowserUser.csrf(browser.get(page)), Map.of("address", ada.email()),
                Map.of(header, value));
        }
        for (var host : List.of("evil.test", "localhost@evil.test", "localhost:80@evil.test", "localhost.evil.test")) {
            var browser = stranger();
            var csrf = BrowserUser.csrf(browser.get(page));
            assertThat(statusAt(host, page, "address=" + ada.email() + "&csrf=" + csrf,
                "roster_flow=" + browser.cookie("roster_flow").orElseThrow())).as(host).isIn(400, 421);
        }
        Resetting.settle(roster);
        assertThat(Resetting.queued(org)).isEqualTo(3);
        var text = Emails.of(org, PasswordResets.LETTER).getLast().letter();
        assertThat(text.text() + text.html()).contains(roster.address() + "/sign-in/reset/").doesNotContain("evil");
    }

    /// Sends a form to another name than ours.
    private static int statusAt(String host, String page, String form, String cookie) {
        var address = URI.create(roster.address());
        try (var socket = new Socket(address.getHost(), address.getPort())) {
            socket.getOutputStream().write("""
                POST %s HTTP/1.1\r
                Host: %s\r
                Cookie: %s\r
                Sec-Fetch-Site: same-origin\r
                Content-Type: application/x-www-form-urlencoded\r
                Content-Length: %d\r
                Connection: close\r
                \r
                %s""".formatted(page, host, cookie, form.length(), form).getBytes(StandardCharsets.US_ASCII));
            var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return Integer.parseInt(answer.split(" ", 3)[1]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void r2_one_letter_at_most_and_only_to_the_stored_address() {
        var org = roster.newOrg("acme");
        var ada = withPassword(org, "ada@r2.test");
        org.founder().patch("/api/v2/users/" + ada.id(), """
            {"data":{"type":"users","id":"%s","attributes":{"email":"ada2@r2.test"}}}""".formatted(ada.id()));
        roster.sql("UPDATE users SET email_proved = true WHERE org_id = ? AND id = ?", org.id().value(),
            ada.user().id().value());
        withPassword(org, "bob@r2.test");
        var page = "/sign-in/forgot";
        var before = letters(PasswordResets.LETTER);
        var forms = List.of("address=bob@r2.test&address=evil@evil.test", "address=bob@r2.test,evil@evil.test",
            "address[]=bob@r2.test&address[]=evil@evil.test", "address=bob@r2.test%0d%0aBcc:evil@evil.test",
            "address=bob@r2.test%00evil@evil.test", "address=bob@r2.test%20evil@evil.test",
            "address=bob@r2.test;evil@evil.test",
            "address=ada@r2.test", "address=%22bob@r2.test%22");
        for (var form : forms) {
            var browser = stranger();
            var csrf = BrowserUser.csrf(browser.get(page));
            var answer = browser.postRaw(page, form + "&csrf=" + csrf);
            assertThat(answer.status()).as(form).isIn(303, 400, 422);
        }
        Resetting.settle(roster);
        assertThat(letters(PasswordResets.LETTER) - before).as("but that of the probe").isEqualTo(1);
        assertThat(Emails.of(org, PasswordResets.LETTER)).isEmpty();

        Resetting.ask(stranger(), "BOB@r2.test");
        Resetting.settle(roster);
        assertThat(Emails.of(org, PasswordResets.LETTER)).extracting(Emails.Email::recipient)
            .containsExactly("bob@r2.test");
    }

    @Test
    void on_the_page_of_one_organisation_only_its_link_is_sent() {
        var org = roster.newOrg("acme");
        var other = roster.newOrg("other");
        withPassword(org, "ada@one.test");
        withPassword(other, "ada@one.test");
        var publicId = BrowserUser.page(org).substring("/sign-in/o/".length());
        assertThat(stranger().get(BrowserUser.page(org)).text()).contains("/sign-in/forgot?org=" + publicId);
        stranger().submit("/sign-in/forgot?org=" + publicId, "/sign-in/forgot",
            Map.of("address", "ada@one.test", "org", publicId));
        Resetting.settle(roster);
        assertThat(List.of(Resetting.queued(org), Resetting.queued(other))).isEqualTo(List.of(1L, 0L));
        Resetting.ask(stranger(), "ada@one.test");
        Resetting.settle(roster);
        assertThat(Set.of(Resetting.queued(org), Resetting.queued(other))).isEqualTo(Set.of(2L, 1L));
    }
}
