package roster.door.api.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.support.TestRoster;

/// The calls by which clients ask whether their keys are good.
class ValidateTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    @Test
    void an_api_key_alone_is_valid() {
        var org = roster.newOrg("acme");

        var answer = roster.send("GET", "/api/v1/validate", null, Map.of("DD-API-KEY", org.apiKey()));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("{\"valid\":true}");
    }

    @Test
    void the_second_version_names_organisation_and_key() {
        var org = roster.newOrg("acme");
        var key = roster.sqlValue("SELECT id::text FROM api_keys WHERE org_id = ?", org.id().value());

        var answer = roster.send("GET", "/api/v2/validate", null, Map.of("DD-API-KEY", org.apiKey()));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("""
            {"data":{"type":"validate_v2","id":"%s","attributes":{"valid":true,"api_key_id":"%s",\
            "api_key_scopes":[]}}}""".formatted(org.id(), key));
    }

    @Test
    void both_keys_are_valid_together() {
        var bob = roster.newOrg("acme").newUser("bob@acme.test");

        var answer = bob.get("/api/v2/validate_keys");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("{\"status\":\"ok\"}");
    }

    @Test
    void a_scoped_key_is_a_good_key() {
        assertThat(roster.newOrg("acme").founder().scopedTo("dashboards_read").get("/api/v2/validate_keys").status())
            .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/validate", "/api/v2/validate", "/api/v2/validate_keys"})
    void without_an_api_key_one_is_asked_for(String path) {
        var answer = roster.send("GET", path, null);

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.errors()).containsExactly("API key required");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/validate", "/api/v2/validate", "/api/v2/validate_keys"})
    void a_bad_api_key_is_refused(String path) {
        for (var key : new String[] {"0123456789abcdef0123456789abcdef", "short"}) {
            var answer = roster.send("GET", path, null, Map.of("DD-API-KEY", key));
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.errors()).containsExactly("Forbidden");
        }
    }

    @Test
    void an_api_key_alone_is_not_both_keys() {
        var org = roster.newOrg("acme");

        var answer = roster.send("GET", "/api/v2/validate_keys", null, Map.of("DD-API-KEY", org.apiKey()));

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.errors()).containsExactly("Forbidden");
    }

    @Test
    void an_application_key_is_no_api_key() {
        var ada = roster.newOrg("acme").founder();

        assertThat(roster.send("GET", "/api/v1/validate", null, Map.of("DD-API-KEY", ada.applicationKey())).errors())
            .containsExactly("Forbidden");
    }
}
