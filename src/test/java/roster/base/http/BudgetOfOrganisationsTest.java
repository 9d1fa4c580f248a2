package roster.base.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import roster.base.net.TrustedProxies;
import roster.base.source.Ids;
import roster.model.Caller;
import roster.model.Org;
import roster.support.Await;

/// Organisations share the memory for bodies and answers, from however many addresses their requests come.
class BudgetOfOrganisationsTest {
    private static final int LARGE = 24 << 20; // more than the buffers between the two take

    private static final int PAGE = 40 << 10;

    private static final int SMALL = 30 << 10; // passes if at all possible

    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String LARGE_GET = "GET /large HTTP/1.1\r\nHost: a\r\n\r\n";

    /// As the Gate does it, for the organisation that the path names.
    private static WebServer serverOfOrganisations(Limits limits, String proxies) {
        return WebServer.start("127.0.0.1", 0, limits, TrustedProxies.parse(proxies), new Ids(), request -> {
            var org = request.path().substring(1, 2);
            var caller = Caller.cli(new Org.Id(new UUID(0, org.charAt(0))), "test", request.id());
            var its = request.as(caller, Admittance.NONE);
            var body = its.body();
            return switch (request.path().substring(2)) {
                case "/large" -> Response.ok("text/plain", new byte[LARGE]);
                case "/search" -> Response.ok("text/plain", new byte[LARGE]).toRead();
                case "/page" -> Response.ok("text/plain", new byte[PAGE]);
                case "/small" -> Response.ok("text/plain", new byte[SMALL]);
                default -> Response.text(200, "read " + body.length);
            };
        });
    }

    /// A client with a small window, so that little of what it does not read is taken by the network.
    private static Raw narrow(String address, WebServer server) throws IOException {
        return Raw.from(address, server, 2304);
    }

    @Test
    void answers_that_nobody_takes() throws IOException {
        var most = LARGE * 9L / 2;
        var get = LARGE_GET.replace("/large", "/c/large");
        try (var server = serverOfOrganisations(Raw.LIMITS.withBytes(most, most), "127.0.0.0/24");
            var other = Raw.to(server)) {
            try (var first = Raw.to(server); var second = Raw.to(server); var third = Raw.to(server)) {
                assertThat(first.send(get.replace("/c", "/a")).answerWithoutBody().status()).isEqualTo(200);
                assertThat(second.send(get.replace("/c", "/a")).answerWithoutBody().status()).isEqualTo(200);
                assertThat(third.send(get.replace("/c", "/b")).answerWithoutBody().status()).isEqualTo(200);

                BudgetTest.assertBusy(other.send(get).answer());
                assertThat(other.send(GET.replace("/ ", "/c ")).answer().body()).isEqualTo("read 0");
                assertThat(other.send(get.replace("GET", "POST")).answer().body()).as("a change").hasSize(LARGE);
            }
            Await.until("the bytes are free again", () -> server.bytes() == 0);
            assertThat(other.send(get).answer().body()).hasSize(LARGE);
        }
    }

    @Test
    void one_address_cannot_use_the_bytes_of_others_unless_it_is_a_trusted_proxy() throws IOException {
        var most = Raw.LIMITS.withBytes(LARGE * 6, LARGE * 3 / 2);
        var get = LARGE_GET.replace("/large", "/a/large");
        try (var server = serverOfOrganisations(most, "127.0.0.9"); var slow = Raw.to(server);
            var same = Raw.to(server); var other = Raw.from("127.0.0.2", server);
            var proxy = Raw.from("127.0.0.9", server)) {
            assertThat(slow.send(get).answerWithoutBody().status()).isEqualTo(200);
            BudgetTest.assertBusy(same.send(get.replace("/a", "/b")).answer());
            assertThat(other.send(get.replace("/a", "/c")).answer().body()).hasSize(LARGE);
            assertThat(proxy.send(get.replace("/a", "/d")).answer().body()).hasSize(LARGE);
        }
        try (var server = serverOfOrganisations(most, "127.0.0.9"); var first = Raw.from("127.0.0.9", server);
            var second = Raw.from("127.0.0.9", server)) {
            assertThat(first.send(get).answerWithoutBody().status()).isEqualTo(200);
            assertThat(second.send(get.replace("/a", "/b")).answerWithoutBody().status()).isEqualTo(200);
        }
    }

    @Test
    void one_organisation_cannot_use_the_bytes_of_others_from_however_many_addresses() throws IOException {
        var most = Raw.LIMITS.withBytes(LARGE * 5, LARGE * 5);
        var largeOfA = LARGE_GET.replace("/large", "/a/large");
        var largeOfB = LARGE_GET.replace("/large", "/b/large");
        try (var server = serverOfOrganisations(most, "127.0.0.0/24"); var third = Raw.from("127.0.0.4", server);
            var change = Raw.from("127.0.0.5", server); var other = Raw.from("127.0.0.6", server)) {
            try (var first = Raw.from("127.0.0.2", server); var second = Raw.from("127.0.0.3", server)) {
                assertThat(first.send(largeOfA).answerWithoutBody().status()).isEqualTo(200);
                assertThat(second.send(largeOfA).answerWithoutBody().status()).isEqualTo(200);
                BudgetTest.assertBusy(third.send(largeOfA).answer());
                assertThat(third.send(GET.replace("/ ", "/a ")).answer().body()).as("a small one").isEqualTo("read 0");
                assertThat(change.send(largeOfA.replace("GET", "POST")).ends()).as("beyond its half").isTrue();
                assertThat(other.send(largeOfB).answer().body()).hasSize(LARGE);
                assertThat(other.send(largeOfB).answer().body()).hasSize(LARGE);
            }
            Await.until("the bytes are free again", () -> server.bytes() == 0);
            assertThat(third.send(largeOfA).answer().body()).hasSize(LARGE);
        }
    }

    @Test
    void small_answers_that_nobody_takes_keep_neither_large_ones_out_nor_those_of_others() throws IOException {
        var ofA = "GET /a/small HTTP/1.1\r\nHost: a\r\n\r\n".repeat(200);
        var ofB = "GET /b/small HTTP/1.1\r\nHost: a\r\n\r\n";
        var unread = new ArrayList<Raw>();
        try (var server = serverOfOrganisations(Raw.LIMITS.withBytes(10 * SMALL, 10 * SMALL), "127.0.0.0/24");
            var other = Raw.from("127.0.0.9", server)) {
            for (var i = 0; i < 24; i++) {
                unread.add(narrow("127.0.0." + (20 + i), server).send(ofA));
            }
            Await.until("an organisation has all the small answers it gets", () -> server.bytes() >= 4 * SMALL);
            for (var i = 0; i < 5; i++) {
                assertThat(other.send(ofB).answer().body()).hasSize(SMALL);
                assertThat(other.send(ofB.replace("small", "page")).answer().body()).hasSize(PAGE);
            }
            Await.until("it has half of them", () -> server.bytes() <= 5 * SMALL);
        } finally {
            for (var each : unread) {
                each.close();
            }
        }
    }

    @Test
    void requests_without_an_organisation_together_have_the_large_answers_of_one() throws IOException {
        try (var server = BudgetTest.server(Raw.LIMITS.withBytes(LARGE * 5, LARGE * 5));
            var first = Raw.from("127.0.0.2", server); var second = Raw.from("127.0.0.3", server);
            var third = Raw.from("127.0.0.4", server)) {
            assertThat(first.send(LARGE_GET).answerWithoutBody().status()).isEqualTo(200);
            assertThat(second.send(LARGE_GET).answerWithoutBody().status()).isEqualTo(200);
            BudgetTest.assertBusy(third.send(LARGE_GET).answer());
        }
    }

    @Test
    void an_answer_to_a_request_that_changed_nothing_is_refused_whatever_its_method() throws IOException {
        try (var server = serverOfOrganisations(Raw.LIMITS.withBytes(LARGE * 3, LARGE * 3), "127.0.0.0/24");
            var first = Raw.from("127.0.0.2", server); var second = Raw.from("127.0.0.3", server)) {
            var search = "POST /a/search HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n";
            assertThat(first.send(search).answerWithoutBody().status()).isEqualTo(200);
            BudgetTest.assertBusy(second.send(search).answer());
        }
    }

    @Test
    void one_organisation_cannot_use_the_bytes_of_bodies_of_others() throws IOException {
        var size = 600 << 10;
        var allButOne = "a".repeat(size - 1);
        var post = "POST /%s HTTP/1.1\r\nHost: a\r\nContent-Length: " + size + "\r\n\r\n" + allButOne;
        var ofA = post.formatted("a");
        // Of bodies, half of this is for all: five of them.
        try (var server = serverOfOrganisations(Raw.LIMITS.withBytes(10L * size, 10L * size), "127.0.0.0/24");
            var first = Raw.from("127.0.0.2", server); var second = Raw.from("127.0.0.3", server);
            var third = Raw.from("127.0.0.4", server); var other = Raw.from("127.0.0.5", server)) {
            first.send(ofA);
            second.send(ofA);
            Await.until("two bodies are in memory", () -> server.bytes() >= 2L * (size - 1));
            BudgetTest.assertBusy(third.send(ofA).answer());
            other.send(post.formatted("b") + "a");
            assertThat(other.answer().body()).isEqualTo("read " + size);
            first.send("a");
            assertThat(first.answer().body()).isEqualTo("read " + size);
        }
    }

    @Test
    void many_organisations_together_do_not_keep_one_out_that_has_nothing() throws IOException {
        var unread = new ArrayList<Raw>();
        // Each gets as many pages as are left free: 16, 8, 4, 2, 1, 1.
        try (var server = serverOfOrganisations(Raw.LIMITS.withBytes(32 * PAGE, 32 * PAGE), "127.0.0.0/24");
            var other = Raw.from("127.0.0.9", server)) {
            for (var org : "abcdef".split("")) {
                var before = server.bytes();
                for (var i = 0; i < 17; i++) {
                    unread.add(narrow("127.0.0." + (20 + i), server)
                        .send("GET /%s/page HTTP/1.1\r\nHost: a\r\n\r\n".formatted(org).repeat(200)));
                }
                Await.until("it has all it gets",
                    () -> server.bytes() >= before + (32 * PAGE - before) / 2 / PAGE * PAGE);
            }
            for (var i = 0; i < 20; i++) {
                assertThat(other.send("GET /z/page HTTP/1.1\r\nHost: a\r\n\r\n").answer().body()).hasSize(PAGE);
            }
        } finally {
            for (var each : unread) {
                each.close();
            }
        }
    }
}
