package roster.base.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1/32", "0.0.0.0, 0.0.0.0/32", "10.1.2.3/8, 10.0.0.0/8", "192.0.2.129/25, 192.0.2.128/25",
        "0.0.0.0/0, 0.0.0.0/0", "::1, ::1/128", "2001:0db8::0001, 2001:db8::1/128", "::/0, ::/0",
        "2001:DB8::/32, 2001:db8::/32",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1/128", "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1/128",
        "2001:db8:ffff::1/33, 2001:db8:8000::/33", "1:2:3:4:5:6:7:0, 1:2:3:4:5:6:7:0/128",
        "::ffff:10.1.2.3, 10.1.2.3/32", "::ffff:10.1.2.3/104, 10.0.0.0/8"})
    void a_network_is_always_written_the_same_way(String text, String written) {
        assertThat(Network.parse(text)).hasToString(written).isEqualTo(Network.parse(written));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"", "10", "10.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8/8",
            "10.0.0.256", "localhost", "::1/129", "::ffff:10.0.0.0/24", "fe80::1%eth0", "1:2:3", " 10.0.0.1", "[::1]",
            "203.0.113.07", "010.0.0.1", "10.00.0.1", "::ffff:010.1.2.3", "::ffff:10.1.2.03", "10.0.0.0/08"})
    void anything_else_is_none(String text) {
        assertThatThrownBy(() -> Network.parse(text)).isInstanceOf(IllegalArgumentException.class);
        assertThat(Network.fault(text)).isPresent();
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.300, 300 is above 255", "192.0.2.256/24, 256 is above 255",
        "10.0.0.9999, 9999 is above 255", "10.0.0, an address has four numbers",
        "10.0.0.0.0, an address has four numbers", "10.0.0.07, 07 begins with a zero", "10.0.0.0/33, 33 is above 32",
        "2001:db8::/129, 129 is above 128", "10.0.0.0/, a number from 0 to 32 stands after the /",
        "10.0.0.0/8/8, a number from 0 to 32 stands after the /", "office, it is no address",
        "2001:db8::x, it is no IPv6 address", "10.0.0.0/08, 08 begins with a zero",
        "::ffff:10.0.0.0/24, 24 is below 96", "::ffff:10.0.0.0/129, 129 is above 128"})
    void what_is_wrong_with_a_text_is_told(String text, String fault) {
        assertThat(Network.fault(text)).contains(fault);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.1", "10.0.0.0/8", "2001:db8::/32"})
    void nothing_is_wrong_with_a_network(String text) {
        assertThat(Network.fault(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.0/8, 10.255.0.1, true", "10.0.0.0/8, 11.0.0.1, false", "10.0.0.0/9, 10.128.0.0, false",
        "::/0, 10.0.0.1, false", "0.0.0.0/0, 10.0.0.1, true", "0.0.0.0/0, ::1, false",
        "2001:db8::/33, 2001:db8::5, true",
        "2001:db8::/33, 2001:db8:8000::5, false", "10.0.0.0/8, ::ffff:10.0.0.1, true"})
    void an_address_belongs_to_it_by_its_leading_bits(String network, String address, boolean belongs) {
        assertThat(Network.parse(network).contains(Network.literal(address))).isEqualTo(belongs);
    }
}
