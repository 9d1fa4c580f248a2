package roster.door.web;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.support.Inviting.invited;

import com.password4j.Argon2Function;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import roster.base.html.Form;
import roster.model.User;
import roster.support.Answer;
import roster.support.Await;
import roster.support.Inviting;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// What is typed into the form that accepts an invitation: read exactly, or refused with a page and without a trace.
class InvitationFormTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static final String FAULTLESS = Inviting.form("Bob Miller", Inviting.PASSWORD);

    /// An invited user, and their link.
    private record Invited(TestUser ada, User bob, String link) {
        static Invited to(String org) {
            return to(org, "bob@acme.test");
        }

        static Invited to(String org, String address) {
            var ada = roster.newOrg(org).newAdmin("ada@acme.test");
            var bob = ada.org().newPending(address);
            return new Invited(ada, bob, Inviting.link(ada.org(), invited(ada, bob.id())));
        }

        Answer send(String body, String contentType) {
            return roster.send("POST", link, body, Map.of("Content-Type", contentType));
        }

        Answer choose(String password) {
            return Inviting.accept(roster, link, "Bob Miller", password);
        }

        TestOrg org() {
            return ada.org();
        }

        String status() {
            return ada.get("/api/v2/users/" + bob.id()).text("/data/attributes/status");
        }

        String digest() {
            return (String) roster.sqlValue("SELECT digest FROM passwords WHERE org_id = ? AND user_id = ?",
                org().id().value(), bob.id().value());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/x-www-form-urlencoded; charset=iso-8859-1",
        "application/x-www-form-urlencoded;charset=utf-16", "multipart/form-data; boundary=x", "text/plain",
        "application/json", "application/x-www-form-urlencodedx"})
    void another_type_or_charset_is_refused(String contentType) {
        refused(415, Invited.to("acme"), FAULTLESS, contentType);
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/x-www-form-urlencoded; charset=UTF-8",
        "Application/X-WWW-Form-URLencoded ; charset=\"utf-8\"", "application/x-www-form-urlencoded"})
    void the_type_is_read_as_http_writes_it(String contentType) {
        assertThat(Invited.to("acme").send(FAULTLESS, contentType).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "name=Bob&password=Qf7mZr2LtWx9KvHd&name=Eve", "name=Bob&password=Qf7mZr2LtWx9KvHd&password=Qf7mZr2LtWx9KvHd",
        "name=Bob&password=Qf7mZr2LtWx9KvHd&n%61me=", // a field sent twice
        "name=Bob%00&password=Qf7mZr2LtWx9KvHd", "name=Bob&password=Qf7mZr2LtWx9KvHd%00", // NUL
        "name=%ED%A0%80&password=Qf7mZr2LtWx9KvHd", "name=%ED%BF%BF&password=Qf7mZr2LtWx9KvHd", // half a pair
        "name=%ED%A0%BD%ED%B8%80&password=Qf7mZr2LtWx9KvHd", // both halves, each by itself
        "name=%FF&password=Qf7mZr2LtWx9KvHd", "name=%C3&password=Qf7mZr2LtWx9KvHd",
        "name=%C0%AF&password=Qf7mZr2LtWx9KvHd", "name=%F5%80%80%80&password=Qf7mZr2LtWx9KvHd", // no UTF-8
        "name=%zz&password=Qf7mZr2LtWx9KvHd", "name=Bob&password=Qf7mZr2LtWx9KvHd%4", "name=B\u00f6b&password=x",
        "name=Bob Miller&password=Qf7mZr2LtWx9KvHd", "name=Bob&password=Qf7mZr2LtWx9KvHd\n"}) // not percent-encoded
    void what_could_be_read_in_two_ways_is_not_read(String body) {
        refused(400, Invited.to("acme"), body, Inviting.FORM);
    }

    @Test
    void a_form_has_a_largest_size() {
        var bob = Invited.to("acme");
        var room = Form.BYTES_MAX - FAULTLESS.length();

        refused(413, bob, FAULTLESS + "&" + "x".repeat(room), Inviting.FORM);
        refused(413, bob, FAULTLESS + "&" + "x".repeat(200_000), Inviting.FORM);
        assertThat(bob.send(FAULTLESS + "&" + "x".repeat(room - 1), Inviting.FORM).status()).isEqualTo(200);
    }

    /// One link must not make the server wait for, and keep, a megabyte.
    @Test
    void its_announced_size_is_enough_to_refuse_it() throws IOException {
        var link = Invited.to("acme").link();
        var address = URI.create(roster.address());
        try (var socket = new Socket(address.getHost(), address.getPort())) {
            socket.setSoTimeout((int) Await.PATIENCE.toMillis());
            socket.getOutputStream().write("""
                POST %s HTTP/1.1\r
                Host: localhost\r
                Content-Type: %s\r
                Content-Length: %d\r
                \r
                """.formatted(link, Inviting.FORM, Form.BYTES_MAX + 1).getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                .isEqualTo("HTTP/1.1 413");
        }
    }

    @Test
    void without_fields_everything_is_asked_for_again() {
        var bob = Invited.to("acme");
        for (var answer : new Answer[] {bob.send("", Inviting.FORM), roster.send("POST", bob.link(), null),
            bob.send("NAME=Bob&Password=" + Inviting.PASSWORD, Inviting.FORM),
            bob.send(Inviting.form(" \u3000 ", ""), Inviting.FORM)}) {
            assertThat(answer.status()).isEqualTo(422);
            assertThat(answer.text()).contains("Enter your name.", "Choose a password.");
        }
        assertThat(bob.status()).isEqualTo("Pending");
    }

    @Test
    void fields_that_others_add_do_no_harm() {
        var bob = Invited.to("acme");
        var answer = bob.send(FAULTLESS + "&extension=1&extension=2&email=eve%40evil.test&role=admin", Inviting.FORM);

        assertThat(answer.status()).isEqualTo(200);
        var attributes = bob.ada().get("/api/v2/users/" + bob.bob().id());
        assertThat(attributes.text("/data/attributes/email")).isEqualTo("bob@acme.test");
        assertThat(attributes.at("/data/relationships/roles/data").size()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"<b>Bob</b>, 422", "Zoë Ø'Neill, 200", "\uD83D\uDE00\uD83D\uDE00, 200"})
    void a_name_is_taken_as_the_api_takes_it(String name, int status) {
        var bob = Invited.to("acme");
        var answer = Inviting.accept(roster, bob.link(), name, Inviting.PASSWORD);

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.text()).doesNotContain("<b>");
        if (status == 200) {
            assertThat(bob.ada().get("/api/v2/users/" + bob.bob().id()).text("/data/attributes/name"))
                .isEqualTo(name);
        } else {
            assertThat(answer.text()).contains("value=\"&lt;b>Bob&lt;/b>\"");
            assertThat(bob.status()).isEqualTo("Pending");
        }
    }

    @ParameterizedTest
    @CsvSource({"11, 0, too short", "0, 11, too short", "201, 0, too long", "0, 201, too long", "150, 51, too long"})
    void the_length_of_a_password_is_counted_in_characters(int ascii, int astral, String why) {
        var bob = Invited.to("acme");
        var answer = bob.choose(password(ascii, astral));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.text()).contains(why).doesNotContain(password(ascii, astral));
        assertThat(bob.status()).isEqualTo("Pending");
    }

    @ParameterizedTest
    @CsvSource({"12, 0", "0, 12", "200, 0", "0, 200", "100, 100"})
    void a_password_within_the_lengths_is_kept_as_a_digest_of_all_of_it(int ascii, int astral) {
        var bob = Invited.to("acme");
        var password = password(ascii, astral);
        assertThat(bob.choose(password).status()).isEqualTo(200);

        assertThat(verifies(password, bob.digest())).isTrue();
        assertThat(verifies(password.substring(0, password.offsetByCodePoints(0, ascii + astral - 1)), bob.digest()))
            .isFalse();
        assertThat(bob.digest()).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
    }

    @Test
    void two_keyboards_type_the_same_password() {
        var bob = Invited.to("acme");
        var apart = "cafe\u0301 kro\u0308te\u3000lampe w\u00fcste 7";
        assertThat(bob.choose(apart).status()).isEqualTo(200);

        assertThat(verifies(Normalizer.normalize(apart, Normalizer.Form.NFC).replace('\u3000', ' '), bob.digest()))
            .isTrue();
        assertThat(verifies(apart, bob.digest())).isFalse();
        assertThat(Invited.to("acme").choose("Qf7mZr2LtWe\u0301").text()).contains("too short");
    }

    @ParameterizedTest
    @ValueSource(strings = {"passwordpassword", "aaaaaaaaaaaaaaaa", "bob@acme.test", "BobMiller2026", "acme-acme-acme",
        "123456789012345", "qwertyuiop[]"})
    void what_is_easily_guessed_is_refused_with_a_reason(String password) {
        var bob = Invited.to("acme");
        var answer = bob.choose(password);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.text()).contains("too easy to guess");
        assertThat(roster.sql("SELECT 1 FROM passwords WHERE org_id = ?", bob.org().id().value())).isEmpty();
    }

    @Test
    void two_people_with_one_password_have_different_digests() {
        var bob = Invited.to("acme");
        var eve = Invited.to("acme", "eve@acme.test");
        var again = Invited.to("other");
        bob.choose(Inviting.PASSWORD);
        eve.choose(Inviting.PASSWORD);
        again.choose(Inviting.PASSWORD);

        assertThat(bob.digest()).isNotEqualTo(eve.digest());
        assertThat(bob.digest()).as("one address: one computation at sign-in").isEqualTo(again.digest());
    }

    @Test
    void sending_the_form_again_changes_neither_password_nor_name() {
        var bob = Invited.to("acme");
        bob.choose(Inviting.PASSWORD);
        var digest = bob.digest();
        var version = bob.org().version();

        assertThat(bob.send(FAULTLESS, Inviting.FORM).status()).isEqualTo(410);
        assertThat(Inviting.accept(roster, bob.link(), "Eve", "another fine pass phrase").status()).isEqualTo(410);
        assertThat(bob.digest()).isEqualTo(digest);
        assertThat(bob.org().version()).isEqualTo(version);
    }

    @Test
    void the_same_address_in_another_organisation_is_not_let_in() {
        var here = Invited.to("acme");
        var there = Invited.to("other");
        assertThat(there.choose(Inviting.PASSWORD).status()).isEqualTo(200);

        assertThat(there.status()).isEqualTo("Active");
        assertThat(here.status()).isEqualTo("Pending");
        assertThat(roster.send("GET", here.link(), null).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/invitations", "/invitations/", "/invitations/%2F",
        "/invitations/x/ask"})
    void no_token_is_no_invitation(String path) {
        assertThat(roster.send("GET", path, null).status()).isEqualTo(404);
        assertThat(roster.send("POST", path, FAULTLESS, Map.of("Content-Type", Inviting.FORM)).status())
            .isEqualTo(404);
    }

    private static void refused(int status, Invited bob, String body, String contentType) {
        var version = bob.org().version();
        var answer = bob.send(body, contentType);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).contains("text/html; charset=utf-8");
        assertThat(answer.text()).contains("The form could not be read").doesNotContain(Inviting.PASSWORD);
        assertThat(bob.status()).isEqualTo("Pending");
        assertThat(bob.org().version()).isEqualTo(version);
    }

    /// Letters at random, and then characters that take four bytes.
    private static String password(int ascii, int astral) {
        var random = new Random(7);
        return random.ints(ascii, 'A', 'z').mapToObj(Character::toString).collect(Collectors.joining())
            + random.ints(astral, 0x1F400, 0x1F4FF).mapToObj(Character::toString).collect(Collectors.joining());
    }

    private static boolean verifies(String password, String digest) {
        return Argon2Function.getInstanceFromHash(digest).check(password, digest);
    }
}
