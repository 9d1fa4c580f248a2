package roster.support;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The check finds each kind of difference.
class OpenApiCheckTest {
    private static final String VALID = "{\"valid\":true}";

    @Test
    void what_is_documented_passes() {
        assertThatCode(() -> check("GET", "/api/v1/validate", 200, VALID)).doesNotThrowAnyException();
        assertThatCode(() -> check("GET", "/api/v1/validate?x=y", 403, "{\"errors\":[\"Forbidden\"]}"))
            .doesNotThrowAnyException();
    }

    @Test
    void a_member_too_many_is_seen() {
        assertThatThrownBy(() -> check("GET", "/api/v1/validate", 200, "{\"valid\":true,\"more\":1}"))
            .isInstanceOf(AssertionError.class).hasMessageContaining("GET /api/v1/validate -> 200")
            .hasMessageContaining("more");
    }

    @Test
    void a_missing_member_and_a_wrong_type_are_seen() {
        assertThatThrownBy(() -> check("GET", "/api/v1/validate", 200, "{}")).hasMessageContaining("valid");
        assertThatThrownBy(() -> check("GET", "/api/v1/validate", 200, "{\"valid\":\"yes\"}"))
            .hasMessageContaining("at /valid");
    }

    @Test
    void a_time_and_an_id_in_another_form_are_seen() {
        var role = """
            {"data":{"type":"roles","id":"%s","attributes":{"name":"x","managed":false,"created_at":"%s",
            "modified_at":"2026-08-01T09:00:00.123456+00:00","user_count":0,"team_count":0,
            "receives_permissions_from":[]},"relationships":{"permissions":{"data":[]}}}}""";
        var id = "6a0c1d52-5a4e-11f1-9c1b-0242ac120002";
        var time = "2026-08-01T09:00:00.123456+00:00";

        assertThatCode(() -> check("GET", "/api/v2/roles/" + id, 200, role.formatted(id, time)))
            .doesNotThrowAnyException();
        assertThatThrownBy(() -> check("GET", "/api/v2/roles/" + id, 200, role.formatted(id, "2026-08-01T09:00:00Z")))
            .hasMessageContaining("/data/attributes/created_at");
        assertThatThrownBy(() -> check("GET", "/api/v2/roles/" + id, 200,
            role.formatted(id.toUpperCase(Locale.ROOT), time))).hasMessageContaining("/data/id");
    }

    @Test
    void a_status_that_is_not_documented_is_seen() {
        assertThatThrownBy(() -> check("GET", "/api/v1/validate", 404, "{\"errors\":[\"Not Found\"]}"))
            .hasMessageContaining("404");
    }

    @Test
    void a_missing_header_and_another_content_type_are_seen() {
        assertThatThrownBy(() -> OpenApiCheck.check(new Answer("GET", "/api/v1/validate", 200,
            Map.of("Content-Type", List.of("application/json")), bytes(VALID)))).hasMessageContaining("X-Request-Id");
        assertThatThrownBy(() -> OpenApiCheck.check(new Answer("GET", "/api/v1/validate", 200,
            headers("text/plain"), bytes(VALID)))).hasMessageContaining("text/plain");
    }

    @Test
    void a_path_that_is_not_documented_can_only_be_absent() {
        assertThatCode(() -> check("GET", "/nowhere", 404, "{\"errors\":[\"Not Found\"]}")).doesNotThrowAnyException();
        assertThatThrownBy(() -> check("GET", "/nowhere", 200, VALID)).hasMessageContaining("/nowhere");
        assertThatThrownBy(() -> check("GET", "/nowhere", 404, "{\"error\":\"Not Found\"}"))
            .hasMessageContaining("error");
    }

    @Test
    void a_method_that_is_not_documented_can_only_be_refused_with_those_that_are() {
        var refused = new HashMap<>(headers("application/json"));
        refused.put("Allow", List.of("GET, HEAD"));
        var body = bytes("{\"errors\":[\"Method Not Allowed\"]}");

        assertThatCode(() -> OpenApiCheck.check(new Answer("PUT", "/api/v1/validate", 405, refused, body)))
            .doesNotThrowAnyException();
        assertThatThrownBy(() -> check("PUT", "/api/v1/validate", 405, "{\"errors\":[\"Method Not Allowed\"]}"))
            .hasMessageContaining("Allow");
        assertThatThrownBy(() -> check("PURGE", "/api/v1/validate", 200, VALID)).hasMessageContaining("200");
    }

    @Test
    void a_head_is_answered_as_a_get_without_the_body() {
        assertThatCode(() -> OpenApiCheck.check(new Answer("HEAD", "/api/v1/validate", 200,
            headers("application/json"), bytes("")))).doesNotThrowAnyException();
        assertThatThrownBy(() -> check("HEAD", "/api/v1/validate", 200, VALID)).hasMessageContaining("body");
        assertThatThrownBy(() -> OpenApiCheck.check(new Answer("HEAD", "/api/v1/validate", 404,
            headers("application/json"), bytes("")))).hasMessageContaining("404");
    }

    @Test
    void a_204_has_no_body() {
        assertThatThrownBy(() -> check("DELETE", "/api/v2/roles/x", 204, VALID)).hasMessageContaining("body");
    }

    private static void check(String method, String path, int status, String body) {
        OpenApiCheck.check(new Answer(method, path, status, headers("application/json"), bytes(body)));
    }

    private static Map<String, List<String>> headers(String contentType) {
        return Map.of("Content-Type", List.of(contentType), "X-Request-Id",
            List.of("01a209ed-b860-7f52-af75-58b9682904e1"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
