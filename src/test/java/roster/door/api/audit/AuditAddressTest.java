package roster.door.api.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import roster.support.TestRoster;
import roster.support.TestUser;

/// Network addresses in the audit trail: one form for each, that of RFC 5952.
class AuditAddressTest {
    private static final String IP = "/attributes/attributes/network/client/ip";

    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_TRUSTED_PROXIES", "127.0.0.1"));

    private static void create(TestUser caller, String email, String from) {
        assertThat(caller.send("POST", "/api/v2/users", """
            {"data":{"type":"users","attributes":{"email":"%s"}}}""".formatted(email),
            Map.of("X-Forwarded-For", from)).status()).isEqualTo(201);
    }

    private static List<String> found(TestUser caller, String query) {
        return caller.get("/api/v2/audit/events?filter[query]=" + URLEncoder.encode(query, StandardCharsets.UTF_8))
            .each("/data", IP);
    }

    @ParameterizedTest
    @CsvSource({"2001:DB8:0:0:0:0:0:7, 2001:db8::7", "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1", "[2001:db8::00ab]:443, 2001:db8::ab", "::ffff:192.0.2.1, 192.0.2.1",
        "::1, ::1", "192.0.2.1, 192.0.2.1"})
    void an_address_is_written_as_rfc_5952_has_it(String sent, String written) {
        var ada = roster.newOrg("acme").founder();
        create(ada, "bob@acme.test", sent);

        assertThat(found(ada, "@asset.name:bob@acme.test")).containsExactly(written);
        assertThat(found(ada, "@network.client.ip:\"%s\"".formatted(written))).containsExactly(written);
        assertThat(roster.sql("SELECT address FROM audit_entries WHERE org_id = ? AND subject_name = 'bob@acme.test'",
            ada.org().id().value())).containsExactly(List.of(written));
    }

    @Test
    void it_is_found_in_any_form_and_so_are_entries_of_earlier_versions() {
        var ada = roster.newOrg("acme").founder();
        create(ada, "bob@acme.test", "2001:db8::7");
        create(ada, "eve@acme.test", "2001:db8::7");
        roster.sql("""
            UPDATE audit_entries SET address = '2001:db8:0:0:0:0:0:7' WHERE org_id = ? AND subject_name = 'eve@acme.test'
            """, ada.org().id().value());

        for (var form : List.of("2001:db8::7", "2001:DB8:0:0:0:0:0:7", "2001:0db8::0007")) {
            assertThat(found(ada, "@network.client.ip:\"%s\"".formatted(form))).as(form)
                .containsExactly("2001:db8::7", "2001:db8::7");
        }
        assertThat(found(ada, "@network.client.ip:\"2001:db8::8\"")).isEmpty();
        assertThat(found(ada, "@network.client.ip:2001*")).hasSize(2);
        assertThat(found(ada, "@network.client.ip:nonsense")).isEmpty();
    }
}
