package roster.base.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.base.net.Outward.NoAnswer;

/// Attacks O9 and O12: where providers may be, and how long and how much they may answer.
@Timeout(60)
class OutwardTest {
    private static final Network OWN = Network.parse("127.0.0.2/32");

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> opened = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (var one : opened) {
            one.close();
        }
    }

    private HttpServer server(String address) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(address, 0), 0);
        opened.add(() -> server.stop(0));
        server.createContext("/", exchange -> {
            asked.add(exchange.getLocalAddress().getHostString() + exchange.getRequestURI());
            exchange.getResponseHeaders().set("Connection", "close");
            var path = exchange.getRequestURI().getPath();
            if (path.startsWith("/moved")) {
                exchange.getResponseHeaders().set("Location", "/secret");
                exchange.sendResponseHeaders(302, -1);
            } else {
                var size = path.startsWith("/size/") ? Integer.parseInt(path.substring(6)) : 2;
                exchange.sendResponseHeaders(200, size);
                exchange.getResponseBody().write("x".repeat(size).getBytes(StandardCharsets.US_ASCII));
            }
            exchange.close();
        });
        server.start();
        return server;
    }

    private Outward outward(OutwardAddresses addresses, String... answers) {
        var queue = new ArrayDeque<>(List.of(answers));
        var outward = new Outward(addresses, host -> answers.length == 0 ? InetAddress.getAllByName(host)
            : new InetAddress[] {Network.literal(queue.size() > 1 ? queue.remove() : queue.peek())});
        opened.add(outward);
        return outward;
    }

    private static final OutwardAddresses LOCAL = new OutwardAddresses(List.of(), true);

    /// What a provider's address must not lead to.
    @ParameterizedTest
    @ValueSource(strings = {"169.254.169.254", "127.0.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "100.64.0.1", "0.0.0.0", "255.255.255.255", "224.0.0.1", "192.0.0.170", "198.18.0.1", "::1", "::", "fe80::1",
        "fd00:ec2::254", "fc00::1", "ff02::1", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::1", "2001::1", "::ffff:10.0.0.1",
        "::10.0.0.1", "2001:db8::1"})
    void O9_addresses_that_are_not_public_are_not_connected_to(String address) {
        var addresses = new OutwardAddresses(List.of(), false);
        assertThatThrownBy(() -> addresses.admitted("idp.example", Network.literal(address)))
            .isInstanceOf(UnknownHostException.class).hasMessageContaining("ROSTER_OIDC_NETWORKS");
        assertThatThrownBy(() -> new OutwardAddresses(List.of(), true).admitted("idp.example",
            Network.literal(address))).isInstanceOf(UnknownHostException.class);
    }

    @Test
    void public_addresses_and_networks_of_the_operator_are_connected_to() throws Exception {
        var addresses = new OutwardAddresses(List.of(Network.parse("10.20.0.0/16")), false);
        for (var address : List.of("192.0.33.8", "2606:4700::1111", "10.20.1.1")) {
            assertThat(addresses.admitted("idp.example", Network.literal(address))).hasSize(1);
        }
        assertThat(addresses.admitted("idp.example", Network.literal("10.21.1.1"), Network.literal("192.0.33.8")))
            .containsExactly(Network.literal("192.0.33.8"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://idp.example/", "ftp://idp.example/", "javascript:alert(1)", "file:///etc/passwd",
        "https:idp", "https://user:password@idp.example/", "https://idp.example/#x", "http://127.0.0.1.evil.example/"})
    void only_https_is_spoken(String url) {
        assertThat(new OutwardAddresses(List.of(), false).fault(URI.create(url))).isPresent();
        assertThat(LOCAL.fault(URI.create(url))).isPresent();
    }

    @Test
    void http_is_spoken_on_this_machine_on_a_local_trial() throws Exception {
        var url = URI.create("http://127.0.0.1:%d/x".formatted(server("127.0.0.1").getAddress().getPort()));
        assertThat(outward(LOCAL).get(url, Map.of()).text()).isEqualTo("xx");
        asked.clear();
        assertThatThrownBy(() -> outward(new OutwardAddresses(List.of(Network.parse("127.0.0.0/8")), false))
            .get(url, Map.of())).isInstanceOf(NoAnswer.class).hasMessageContaining("https");
        assertThat(asked).isEmpty();
    }

    /// The addresses that were looked at are those that are connected to: the name is not looked up a second time.
    @Test
    void O9_a_name_that_leads_elsewhere_the_second_time() throws Exception {
        var allowed = server("127.0.0.2");
        var port = allowed.getAddress().getPort();
        var hidden = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        opened.add(() -> hidden.stop(0));
        hidden.createContext("/", exchange -> {
            asked.add("hidden");
            exchange.close();
        });
        hidden.start();
        var addresses = new OutwardAddresses(List.of(OWN), false);
        // By http, which is not allowed to others, so that no certificate is needed: the rule for names is the same.
        var outward = outward(new OutwardAddresses(List.of(OWN), true), "127.0.0.2", "192.168.77.77");
        var url = URI.create("http://localhost:%d/x".formatted(port));
        assertThat(outward.get(url, Map.of()).text()).isEqualTo("xx");
        assertThatThrownBy(() -> outward.get(url, Map.of())).isInstanceOf(NoAnswer.class)
            .hasMessageContaining("neither public nor in a network");
        assertThatThrownBy(() -> outward(addresses, "127.0.0.1").get(
            URI.create("https://idp.example:%d/x".formatted(port)), Map.of())).isInstanceOf(NoAnswer.class);
        assertThat(asked).containsExactly("127.0.0.2/x");
    }

    @Test
    void O9_redirects_are_not_followed() throws Exception {
        var url = "http://127.0.0.1:%d".formatted(server("127.0.0.1").getAddress().getPort());
        assertThat(outward(LOCAL).get(URI.create(url + "/moved"), Map.of()).status()).isEqualTo(302);
        assertThat(outward(LOCAL).post(URI.create(url + "/moved2"), Map.of(), "a=b").status()).isEqualTo(302);
        assertThat(asked).allMatch(line -> line.contains("/moved"));
    }

    @Test
    void O12_answers_are_read_up_to_a_size() throws Exception {
        var url = "http://127.0.0.1:%d/size/".formatted(server("127.0.0.1").getAddress().getPort());
        assertThat(outward(LOCAL).get(URI.create(url + Outward.BYTES_MAX), Map.of()).body())
            .hasSize(Outward.BYTES_MAX);
        assertThatThrownBy(() -> outward(LOCAL).get(URI.create(url + (Outward.BYTES_MAX + 1)), Map.of()))
            .isInstanceOf(NoAnswer.class).hasMessageContaining("longer than");
        assertThatThrownBy(() -> outward(LOCAL).get(URI.create(url + 10_000_000), Map.of()))
            .isInstanceOf(NoAnswer.class);
    }

    /// Accepts connections, and then says nothing, or one byte a second.
    private int slow(String... lines) throws IOException {
        var socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        opened.add(socket);
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    var connection = socket.accept();
                    opened.add(connection);
                    Thread.ofVirtual().start(() -> trickle(connection, String.join("", lines)));
                }
            } catch (IOException e) {
                asked.add("closed");
            }
        });
        return socket.getLocalPort();
    }

    private void trickle(java.net.Socket connection, String text) {
        try {
            for (var b : text.getBytes(StandardCharsets.US_ASCII)) {
                connection.getOutputStream().write(b);
                connection.getOutputStream().flush();
                Thread.sleep(1000);
            }
        } catch (IOException | InterruptedException e) {
            asked.add("cut");
        }
    }

    @Test
    void O12_a_server_that_is_silent_or_slow_is_left() throws Exception {
        for (var text : List.of("", "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + "x".repeat(50))) {
            var url = URI.create("http://127.0.0.1:%d/".formatted(slow(text)));
            assertThatThrownBy(() -> outward(LOCAL).get(url, Map.of())).isInstanceOf(NoAnswer.class);
        }
    }

    @Test
    void numbers_in_other_forms_are_looked_at_like_all_others() throws Exception {
        for (var host : List.of("2130706433", "127.1", "0x7f.0.0.1")) {
            try {
                var found = InetAddress.getAllByName(host);
                assertThatThrownBy(() -> new OutwardAddresses(List.of(), true).admitted(host, found))
                    .as(host + Arrays.toString(found)).isInstanceOf(UnknownHostException.class);
            } catch (UnknownHostException e) {
                assertThat(e).hasMessageContaining(host); // no address at all
            }
        }
    }
}
