package roster.door.scim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import roster.support.Answer;
import roster.support.TestRoster;

/// Bodies and headers: the contract's section 3.
class ScimBodiesTest {
    private static final int MIB = 1 << 20;

    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_PUBLIC_URL", "https://id.acme.test/roster"));

    private static Probe probe;
    private static Map<String, String> keys;

    @BeforeAll
    static void add_routes() {
        probe = new Probe(roster);
        keys = Map.of("Authorization", "Bearer " + roster.newOrg("acme").founder().applicationKey());
    }

    private static Answer post(String path, String body, String... header) {
        var headers = new HashMap<>(keys);
        for (int i = 0; i < header.length; i += 2) {
            headers.put(header[i], header[i + 1]);
        }
        return probe.send("POST", path, body, headers);
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/scim+json", "application/json", "APPLICATION/JSON; charset=utf-8",
        "application/scim+json;charset=UTF-8", "application/json ; x=y", "application/json;charset=iso-8859-1"})
    void json_is_taken_by_both_names(String type) {
        for (var base : Probe.BASES) {
            assertThat(post(base + "/Probe", "{\"a\":\"ü\"}", "Content-Type", type).text()).isEqualTo("{\"a\":\"ü\"}");
            assertThat(post(base + "/Probe", "{}").status()).as("without a name").isEqualTo(201);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/xml", "application/vnd.api+json", "application/jsonp", "json",
        "application/x-www-form-urlencoded", "application/scim", "*/*"})
    void other_types_are_refused(String type) {
        for (var base : Probe.BASES) {
            var answer = post(base + "/Probe", "{}", "Content-Type", type);
            assertThat(answer.status()).as(answer.toString()).isEqualTo(415);
            assertThat(answer.text("/status")).isEqualTo("415");
        }
    }

    @Test
    void a_compressed_body_is_refused() {
        var answer = post("/scim/v2/Probe", "{}", "Content-Encoding", "gzip");

        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.header("Accept-Encoding")).contains("identity");
        assertThat(answer.text("/detail")).isEqualTo("The body must not have a Content-Encoding");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"application/json | application/json",
        "application/json; charset=utf-8 | application/json", "APPLICATION/JSON | application/json",
        "application/json, text/plain | application/json", "text/html, application/json;q=0.9 | application/json",
        "application/json, application/scim+json;q=0 | application/json",
        "application/json, */*;q=0.0 | application/json", "application/scim+json | application/scim+json",
        "application/json, application/scim+json | application/scim+json",
        "application/json, */* | application/scim+json",
        "application/json, application/*;q=0.1 | application/scim+json",
        "application/json;q=0 | application/scim+json", "*/* | application/scim+json",
        "text/html | application/scim+json", "image/png;q=1 | application/scim+json",
        "nonsense,,; | application/scim+json",
        "text/* | application/scim+json"})
    void the_answer_has_the_type_that_is_accepted_and_406_is_never_said(String accept, String type) {
        for (var base : Probe.BASES) {
            for (var path : List.of("/Probe", "/Schemas", "/Nothing")) {
                var headers = new HashMap<>(keys);
                headers.put("Accept", accept);
                var answer = probe.get(base + path, headers);
                assertThat(answer.status()).isEqualTo(path.equals("/Nothing") ? 404 : 200);
                assertThat(answer.header("Content-Type")).contains(type);
                assertThat(post(base + "/Probe", "x", "Accept", accept).header("Content-Type")).contains(type);
            }
        }
    }

    @Test
    void without_accept_it_is_that_of_scim() {
        assertThat(probe.get("/scim/v2/Probe", keys).header("Content-Type")).contains("application/scim+json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "x", "{", "{}}", "{\"a\":}", "{'a':1}", "{\"a\":1}{}"})
    void what_is_no_json_is_invalid_syntax(String body) {
        for (var base : Probe.BASES) {
            var answer = post(base + "/Probe", body);
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.text("/scimType")).isEqualTo("invalidSyntax");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "\"x\"", "1", "null", "true"})
    void so_is_what_is_no_object(String body) {
        var answer = post("/scim/v2/Probe", body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("/scimType")).isEqualTo("invalidSyntax");
        assertThat(answer.text("/detail")).isEqualTo("The body is not a JSON object");
    }

    @Test
    void a_body_has_at_most_64_levels() {
        var deep = "{\"a\":".repeat(64) + "1" + "}".repeat(64);

        assertThat(post("/scim/v2/Probe", deep).status()).isEqualTo(201);
        assertThat(post("/scim/v2/Probe", "{\"a\":" + deep + "}").status()).isEqualTo(400);
        assertThat(post("/scim/v2/Probe", "{\"a\":" + "[".repeat(100_000)).status()).isEqualTo(400);
    }

    private static String ofLength(int bytes) {
        return "{\"a\":\"%s\"}".formatted("x".repeat(bytes - 8));
    }

    @Test
    void a_body_has_at_most_one_mebibyte_and_that_of_some_routes_eight() {
        for (var base : Probe.BASES) {
            assertThat(post(base + "/Probe", ofLength(MIB)).status()).isEqualTo(201);
            assertThat(post(base + "/Large", ofLength(8 * MIB)).status()).isEqualTo(200);
            for (var answer : List.of(post(base + "/Probe", ofLength(MIB + 1)),
                post(base + "/Large", ofLength(8 * MIB + 1)), chunked(base + "/Probe", MIB + 1),
                chunked(base + "/Large", 8 * MIB + 1))) {
                assertThat(answer.status()).as(answer.path()).isEqualTo(413);
                assertThat(answer.text("/detail")).isEqualTo("The request is too large");
            }
        }
        assertThat(chunked("/scim/v2/Large", 8 * MIB).status()).isEqualTo(200);
    }

    private static Answer chunked(String path, int bytes) {
        return probe.send("POST", path, BodyPublishers.ofInputStream(
            () -> new ByteArrayInputStream(ofLength(bytes).getBytes(StandardCharsets.UTF_8))), keys);
    }

    /// As a directory sends them, with all it knows of each.
    @Test
    void ten_thousand_members_are_not_too_many() {
        var member =
            "{\"value\":\"0199aaaa-0000-7000-8000-000000000001\",\"display\":\"ann.lee@example.com\",\"type\":\"User\","
                + "\"$ref\":\"https://id.acme.test/scim/v2/Users/0199aaaa-0000-7000-8000-000000000001\"}";
        var body = "{\"displayName\":\"Ops\",\"members\":[%s]}".formatted((member + ",").repeat(9_999) + member);

        assertThat(post("/scim/v2/Large", body).text()).isEqualTo("{\"members\":2}");
    }

    @Test
    void many_tokens_are_too_many_in_a_small_body() {
        assertThat(post("/scim/v2/Probe", "{\"a\":[%s1]}".formatted("1,".repeat(250_000))).status()).isEqualTo(400);
        assertThat(post("/scim/v2/Large", "{\"a\":[%s1]}".formatted("1,".repeat(60_000))).status()).isEqualTo(200);
        assertThat(post("/scim/v2/Large", "{\"a\":[%s1]}".formatted("1,".repeat(600_000))).status()).isEqualTo(400);
    }

    @Test
    void addresses_begin_with_the_public_url_and_the_base() {
        for (var base : Probe.BASES) {
            assertThat(probe.get(base + "/Probe", keys).text("/location"))
                .isEqualTo("https://id.acme.test/roster" + base + "/Probe");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0',
        value = {"userName+eq+%22ann%2Bx@example.com%22 | userName eq \"ann+x@example.com\"",
            "userName+eq+%22ann+x@example.com%22 | userName eq \"ann+x@example.com\"",
            "userName%20eq%20%22ann+x%40example.com%22 | userName eq \"ann+x@example.com\"",
            "displayName+eq+%22Ann+Lee%22 | displayName eq \"Ann Lee\"",
            "displayName%20eq%20%22Ann%20Lee%22 | displayName eq \"Ann Lee\"",
            "userName+eq+%22ann@x%22+and+active+eq+true | userName eq \"ann@x\" and active eq true"})
    void a_plus_in_a_filter_is_a_blank_but_in_addresses(String sent, String read) {
        for (var query : List.of("filter=" + sent, "aadOptscim062020&filter=%s&count=1".formatted(sent),
            "startIndex=1&filter=%s&aadOptscim062020".formatted(sent))) {
            assertThat(probe.get("/scim/v2/Probe?" + query, keys).text("/filter")).isEqualTo(read);
        }
        assertThat(probe.get("/scim/v2/Probe?filter=&x=" + sent, keys).at("/filter").isNull()).isTrue();
    }

    @Test
    void slashes_do_not_count_and_unknown_parameters_neither() {
        for (var base : Probe.BASES) {
            for (var path : List.of("//Probe", "/Probe/", "//Probe/", "/Probe/?filter=x", "/Probe?aadOptscim062020",
                "/Probe?a=b&aadOptscim062020&c", "/Probe?aadOptscim062020&filter=x")) {
                assertThat(probe.get(base + path, keys).status()).as(path).isEqualTo(200);
            }
            assertThat(probe.send("DELETE", base + "//Probe/x/", (String) null, keys).status()).isEqualTo(204);
        }
    }
}
