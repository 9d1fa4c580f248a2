package roster.door.api.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.support.Inviting.PATH;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.base.secret.Secrets;
import roster.base.work.Stop;
import roster.core.access.KeptAnswers;
import roster.model.User;
import roster.support.Answer;
import roster.support.Await;
import roster.support.Inviting;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;
import roster.support.Threads;

/// A request that names itself is done once, however often it is sent.
class IdempotencyTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static final String USERS = "/api/v2/users";

    @Test
    void a_user_is_created_once_and_the_answer_is_the_same_to_the_byte() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var first = create(ada, "key", "bob@acme.test");
        var version = ada.org().version();
        var again = create(ada, "key", "bob@acme.test");

        assertThat(first.status()).isEqualTo(201);
        assertThat(first.header("Idempotency-Replayed")).isEmpty();
        same(again, first);
        assertThat(again.header("ETag")).isEqualTo(first.header("ETag")).isPresent();
        assertThat(again.header("X-Request-Id")).isNotEqualTo(first.header("X-Request-Id"));
        assertThat(again.header("X-RateLimit-Remaining")).isPresent();
        assertThat(ada.org().version()).isEqualTo(version);
    }

    @Test
    void invitations_are_sent_once() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var body =
            Inviting.body(ada.org().newPending("bob@acme.test").id(), ada.org().newPending("eve@acme.test").id());
        var first = ada.send("POST", PATH, body, key("key"));
        var again = ada.send("POST", PATH, body, key("key"));

        assertThat(first.status()).isEqualTo(201);
        same(again, first);
        assertThat(roster.sqlValue("SELECT count(*) FROM letters WHERE org_id = ?", ada.org().id().value()))
            .isEqualTo(2L);
    }

    @Test
    void a_service_account_is_made_once() {
        var ada = roster.newOrg("acme").founder();
        var body = """
            {"data":{"type":"users","attributes":{"email":"robot@acme.test","service_account":true}}}""";
        var first = ada.send("POST", "/api/v2/service_accounts", body, key("key"));
        var again = ada.send("POST", "/api/v2/service_accounts", body, key("key"));

        assertThat(first.status()).isEqualTo(201);
        same(again, first);
        assertThat(ada.send("POST", "/api/v2/service_accounts", body + " ", key("key")).status()).isEqualTo(422);
        assertThat(ada.get("/api/v2/users?filter=robot").at("/data")).hasSize(1);
    }

    @Test
    void without_a_key_everything_is_done_each_time() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        assertThat(ada.post(USERS, user("bob@acme.test")).status()).isEqualTo(201);

        assertThat(ada.post(USERS, user("bob@acme.test")).status()).isEqualTo(409);
        assertThat(kept(ada.org())).isZero();
    }

    @Test
    void a_key_with_another_body_is_refused_and_another_key_is_another_request() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        create(ada, "key", "bob@acme.test");
        var version = ada.org().version();
        for (var body : List.of(user("eve@acme.test"), user("bob@acme.test") + " ")) {
            var other = ada.send("POST", USERS, body, key("key"));

            assertThat(other.status()).isEqualTo(422);
            assertThat(other.errors()).containsExactly("The Idempotency-Key was used with another body");
        }
        assertThat(ada.org().version()).isEqualTo(version);
        assertThat(create(ada, "KEY", "eve@acme.test").status()).isEqualTo(201);
    }

    @Test
    void a_key_belongs_to_its_organisation_its_caller_and_its_route() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var sam = ada.org().newStandard("sam@acme.test");
        var other = roster.newOrg("other").newAdmin("ada@acme.test");
        var bob = create(ada, "key", "bob@acme.test");

        assertThat(create(sam, "key", "bob@acme.test").status()).isEqualTo(409);
        assertThat(create(other, "key", "bob@acme.test").id()).isNotEqualTo(bob.id());
        assertThat(ada.send("POST", PATH, Inviting.body(bob.id()), key("key")).status()).isEqualTo(201);
        same(create(ada.scopedTo("user_access_invite"), "key", "bob@acme.test"), bob);
    }

    @Test
    void what_was_refused_is_not_kept_and_is_tried_anew() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var bob = ada.org().newPending("bob@acme.test").id();
        assertThat(create(ada, "key", "bob@acme.test").status()).isEqualTo(409);
        assertThat(kept(ada.org())).isZero();
        ada.patch(USERS + "/" + bob, """
            {"data":{"type":"users","id":"%s","attributes":{"email":"bobby@acme.test"}}}""".formatted(bob));
        assertThat(create(ada, "key", "bob@acme.test").status()).isEqualTo(409); // it is still their handle

        assertThat(create(ada, "key", "eve@acme.test").status()).isEqualTo(201);
        assertThat(create(ada, "key", "not an address").status()).isEqualTo(400);
    }

    @Test
    void a_retry_does_not_bring_back_a_user_who_was_anonymised() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var bob = create(ada, "key", "bob@acme.test").id();
        var eve = create(ada, "of eve", "eve@acme.test");
        var both = Inviting.body(bob, eve.id());
        assertThat(ada.send("POST", PATH, both, key("key")).status()).isEqualTo(201);
        anonymise(ada, bob);
        var version = ada.org().version();

        for (var again : List.of(create(ada, "key", "bob@acme.test"), ada.send("POST", PATH, both, key("key")),
            create(ada, "key", "ann@acme.test"))) {
            assertThat(again.status()).isEqualTo(410);
            assertThat(again.errors())
                .containsExactly("The response to this Idempotency-Key is gone, as a user in it was "
                    + "anonymized; nothing was done again");
            assertThat(again.header("Idempotency-Replayed")).isEmpty();
        }
        assertThat(ada.org().version()).isEqualTo(version);
        same(create(ada, "of eve", "eve@acme.test"), eve);
        assertThat(roster.sql("SELECT 1 FROM idempotency_keys WHERE org_id = ? AND (length(body) > 0 "
            + "OR length(body_digest) > 0) AND cleared", ada.org().id().value())).isEmpty();
        assertThat(roster.program().anonymisation.leftovers.of(ada.org().id(), new User.Id(UUID.fromString(bob)),
            "bob@acme.test").places()).isEmpty();
        assertThat(create(ada, "another", "bob@acme.test").status()).as("a wish of its own").isEqualTo(201);
    }

    @Test
    void a_key_of_a_cleared_answer_is_free_after_a_day() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var bob = create(ada, "key", "bob@acme.test").id();
        anonymise(ada, bob);
        roster.sql(
            "UPDATE idempotency_keys SET created_at = created_at - interval '24 hours' WHERE org_id = ? RETURNING 1",
            ada.org().id().value());

        var first = create(ada, "key", "bob@acme.test");
        assertThat(first.status()).isEqualTo(201);
        same(create(ada, "key", "bob@acme.test"), first);
    }

    private static void anonymise(TestUser caller, String id) {
        assertThat(caller.send("PUT", "/api/v2/anonymize_users", """
            {"data":{"type":"anonymize_users_request","attributes":{"user_ids":["%s"]}}}""".formatted(id))
            .texts("/data/attributes/anonymized_user_ids")).containsExactly(id);
    }

    @Test
    void a_caller_who_may_no_longer_is_refused_whatever_was_answered_before() {
        var org = roster.newOrg("acme");
        var ada = org.newAdmin("ada@acme.test");
        var sam = org.newStandard("sam@acme.test");
        create(sam, "key", "bob@acme.test");
        var scoped = create(sam.scopedTo("user_access_read"), "key", "bob@acme.test");
        ada.delete(USERS + "/" + sam.id());
        var cutOff = create(sam, "key", "bob@acme.test");

        assertThat(scoped.status()).isEqualTo(403);
        assertThat(scoped.errors()).containsExactly("Forbidden", "Failed permission authorization checks");
        assertThat(cutOff.status()).isEqualTo(403);
        assertThat(cutOff.errors()).containsExactly("Forbidden");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Idempotency-Key:", "Idempotency-Key:  ", "Idempotency-Key: cl\u00e9",
        "Idempotency-Key: a\tb", "Idempotency-Key: a\r\nIdempotency-Key: b"})
    void a_key_is_one_and_printable_ascii(String lines) throws IOException {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var body = user("bob@acme.test");
        var answer = raw("""
            POST /api/v2/users HTTP/1.1\r
            Host: roster\r
            Connection: close\r
            DD-API-KEY: %s\r
            DD-APPLICATION-KEY: %s\r
            Content-Length: %d\r
            %s\r
            \r
            %s""".formatted(ada.apiKey(), ada.applicationKey(), body.length(), lines, body));

        assertThat(answer).startsWith("HTTP/1.1 400 ")
            .endsWith("{\"errors\":[\"The value provided for header 'Idempotency-Key' is invalid\"]}");
    }

    private static String raw(String request) throws IOException {
        var address = URI.create(roster.address());
        try (var socket = new Socket(address.getHost(), address.getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void a_key_has_up_to_255_characters() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");

        assertThat(create(ada, "k".repeat(256), "bob@acme.test").status()).isEqualTo(400);
        var first = create(ada, "~ \"" + "k".repeat(252), "bob@acme.test");
        assertThat(first.status()).isEqualTo(201);
        same(create(ada, "~ \"" + "k".repeat(252), "bob@acme.test"), first);
    }

    @Test
    void fifty_at_once_on_two_nodes_create_one_user_and_get_one_answer() throws Exception {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var answers = new ArrayList<Answer>();
        try (var second = roster.anotherNode(Map.of()); var threads = new Threads()) {
            var calls = new ArrayList<Callable<Answer>>();
            for (int i = 0; i < 50; i++) {
                var node = i % 2 == 0 ? roster.address() : second.address();
                calls.add(() -> ada.sendTo(node, "POST", USERS, user("bob@acme.test"), key("key")));
            }
            for (var answer : threads.invokeAll(calls, 60, TimeUnit.SECONDS)) {
                answers.add(answer.get());
            }
        }

        var first = answers.stream().filter(answer -> answer.header("Idempotency-Replayed").isEmpty()).toList();
        assertThat(first).hasSize(1);
        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.status()).isEqualTo(201);
            assertThat(answer.text()).isEqualTo(first.getFirst().text());
        });
        assertThat(roster.sqlValue("SELECT count(*) FROM users WHERE org_id = ? AND email = 'bob@acme.test'",
            ada.org().id().value())).isEqualTo(1L);
        assertThat(kept(ada.org())).isEqualTo(1);
    }

    @Test
    void an_answer_outlives_the_node_that_gave_it() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        Answer first;
        try (var node = roster.anotherNode(Map.of())) {
            first = ada.sendTo(node.address(), "POST", USERS, user("bob@acme.test"), key("key"));
        }
        try (var node = roster.anotherNode(Map.of())) {
            same(ada.sendTo(node.address(), "POST", USERS, user("bob@acme.test"), key("key")), first);
        }
    }

    @Test
    void after_24_hours_a_key_is_new_again() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var bob = ada.org().newPending("bob@acme.test").id();
        var first = ada.send("POST", PATH, Inviting.body(bob), key("key"));
        age(ada.org(), "23 hours 59 minutes");
        same(ada.send("POST", PATH, Inviting.body(bob), key("key")), first);
        age(ada.org(), "1 minute");
        var later = ada.send("POST", PATH, Inviting.body(bob), key("key"));

        assertThat(later.status()).isEqualTo(201);
        assertThat(later.header("Idempotency-Replayed")).isEmpty();
        assertThat(later.text("/data/0/id")).isNotEqualTo(first.text("/data/0/id"));
        same(ada.send("POST", PATH, Inviting.body(bob), key("key")), later);
        assertThat(kept(ada.org())).isEqualTo(1);
    }

    @Test
    void answers_older_than_a_day_are_cleared_away_and_no_others() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        for (int i = 0; i < 3; i++) {
            create(ada, "old " + i, "old%d@acme.test".formatted(i));
        }
        // More than are deleted at once.
        roster.sql("""
            INSERT INTO idempotency_keys
            SELECT org_id, user_id, route, sha256(n::text::bytea), body_digest, status, headers, content_type, '',
                   created_at
              FROM idempotency_keys, generate_series(1, 1200) n
             WHERE org_id = ? AND key_digest = ?
            """, ada.org().id().value(), Secrets.digest("old 0"));
        assertThat(kept(ada.org())).isEqualTo(1203);
        age(ada.org(), "24 hours");
        var young = create(ada, "young", "young@acme.test");

        new KeptAnswers(roster.db(), roster.program().kernel().secrets()).sweep(new Stop());

        assertThat(kept(ada.org())).isEqualTo(1);
        same(create(ada, "young", "young@acme.test"), young);
    }

    @Test
    void a_node_that_starts_clears_away_by_itself() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        create(ada, "key", "bob@acme.test");
        age(ada.org(), "24 hours");
        try (var node = roster.anotherNode(Map.of())) {
            assertThat(node.address()).isNotEmpty();
            Await.until("no old answer is there", () -> kept(ada.org()) == 0);
        }
    }

    @Test
    void neither_key_nor_link_is_kept_in_clear() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var bob = create(ada, "a very particular key", "bob@acme.test").id();
        var sent = ada.send("POST", PATH, Inviting.body(bob), key("a very particular key"));
        var token = Inviting.link(ada.org(), sent.text("/data/0/id")).substring("/invitations/".length());

        assertThat(roster.sql("""
            SELECT k::text, convert_from(body, 'UTF8') FROM idempotency_keys k WHERE org_id = ?
            """, ada.org().id().value()).toString()).contains("bob@acme.test")
            .doesNotContain("a very particular key", token, ada.apiKey(), ada.applicationKey());
    }

    private static Answer create(TestUser caller, String key, String email) {
        return caller.send("POST", USERS, user(email), key(key));
    }

    private static String user(String email) {
        return "{\"data\":{\"type\":\"users\",\"attributes\":{\"email\":\"%s\"}}}".formatted(email);
    }

    private static Map<String, String> key(String key) {
        return Map.of("Idempotency-Key", key);
    }

    private static void same(Answer again, Answer first) {
        assertThat(again.status()).as(again.toString()).isEqualTo(first.status());
        assertThat(again.bytes()).isEqualTo(first.bytes());
        assertThat(again.header("Content-Type")).isEqualTo(first.header("Content-Type"));
        assertThat(again.header("Idempotency-Replayed")).contains("true");
    }

    private static void age(TestOrg org, String by) {
        roster.sql("UPDATE idempotency_keys SET created_at = created_at - ?::interval WHERE org_id = ?", by,
            org.id().value());
    }

    private static long kept(TestOrg org) {
        return (Long) roster.sqlValue("SELECT count(*) FROM idempotency_keys WHERE org_id = ?", org.id().value());
    }
}
