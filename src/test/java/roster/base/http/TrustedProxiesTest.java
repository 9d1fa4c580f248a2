package roster.base.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import roster.base.net.TrustedProxies;
import roster.base.source.Ids;

class TrustedProxiesTest {
    private static String client(String proxies, String peer, String... forwardedFor) {
        return TrustedProxies.parse(proxies).client(InetAddress.ofLiteral(peer), List.of(forwardedFor))
            .getHostAddress();
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.1.2, true", "10.0.0.0/8, 11.0.0.1, false", "10.1.2.3, 10.1.2.3, true",
        "10.1.2.3, 10.1.2.2, false",
        "192.168.128.0/17, 192.168.255.255, true", "192.168.128.0/17, 192.168.127.255, false",
        "172.16.0.0/12, 172.31.0.1, true", "172.16.0.0/12, 172.32.0.1, false", "0.0.0.0/0, 8.8.8.8, true",
        "2001:db8::/33, 2001:db8:7fff::1, true", "2001:db8::/33, 2001:db8:8000::1, false", "::1, ::1, true",
        "0.0.0.0/0, ::1, false", "::/0, 1.2.3.4, false", "::ffff:10.0.0.1, 10.0.0.1, true"})
    void an_address_is_in_its_network(String network, String address, boolean in) {
        assertThat(TrustedProxies.parse(network).trusts(InetAddress.ofLiteral(address))).isEqualTo(in);
    }

    @Test
    void no_proxy_is_believed_unless_named() {
        assertThat(client("", "10.0.0.1", "1.2.3.4")).isEqualTo("10.0.0.1");
        assertThat(client("10.0.0.2", "10.0.0.1", "1.2.3.4")).isEqualTo("10.0.0.1");
    }

    @Test
    void the_last_hop_that_is_no_proxy_is_the_client() {
        assertThat(client("10.0.0.0/8", "10.0.0.1", "6.6.6.6, 1.2.3.4")).isEqualTo("1.2.3.4");
        assertThat(client("10.0.0.0/8", "10.0.0.1", "6.6.6.6, 1.2.3.4, 10.9.9.9")).isEqualTo("1.2.3.4");
        assertThat(client("10.0.0.0/8", "10.0.0.1", "6.6.6.6,1.2.3.4", "10.9.9.9")).isEqualTo("1.2.3.4");
        assertThat(client("10.0.0.0/8, ::1", "::1", "2001:db8::7, 10.1.1.1")).isEqualTo("2001:db8:0:0:0:0:0:7");
        assertThat(client("10.0.0.0/8", "10.0.0.1", "10.0.0.3, 10.0.0.2")).isEqualTo("10.0.0.3");
        assertThat(client("10.0.0.0/8", "10.0.0.1")).isEqualTo("10.0.0.1");
    }

    @Test
    void ports_and_brackets_are_understood_and_nonsense_ends_the_walk() {
        assertThat(client("10.0.0.0/8", "10.0.0.1", "1.2.3.4:5678")).isEqualTo("1.2.3.4");
        assertThat(client("10.0.0.0/8", "10.0.0.1", "[2001:db8::7]:443")).isEqualTo("2001:db8:0:0:0:0:0:7");
        for (var hop : List.of("unknown", "localhost", "1", "1.2.3", "", "[::1", "1.2.3.4.5", "fe80::1%lo",
            "0x7f.1.1.1")) {
            assertThat(client("10.0.0.0/8", "10.0.0.1", "6.6.6.6, " + hop)).as(hop).isEqualTo("10.0.0.1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/33", "::1/129", "10.0.0.0/-1", "10.0.0.0/x", "10.0.0", "proxy.example", "10",
        "10.0.0.1,,::1", "a/8"})
    void a_list_with_anything_else_is_refused_by_name(String list) {
        assertThatIllegalArgumentException().isThrownBy(() -> TrustedProxies.parse(list))
            .withMessageContaining(list.contains(",,") ? "empty entry" : "'" + list + "'");
    }

    @Test
    void a_request_has_the_address_its_proxy_saw() throws IOException {
        Handler address = request -> Response.text(200, request.address().getHostAddress());
        try (
            var trusting =
                WebServer.start("127.0.0.1", 0, Raw.LIMITS, TrustedProxies.parse("127.0.0.0/8"), new Ids(),
                    address);
            var wary = WebServer.start("127.0.0.1", 0, Raw.LIMITS, TrustedProxies.NONE, new Ids(), address)) {
            var request = "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 6.6.6.6\r\nx-forwarded-for: 1.2.3.4\r\n\r\n";

            assertThat(Raw.ask(trusting, request).body()).isEqualTo("1.2.3.4");
            assertThat(Raw.ask(wary, request).body()).isEqualTo("127.0.0.1");
        }
    }
}
