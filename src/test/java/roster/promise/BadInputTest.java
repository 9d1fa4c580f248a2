package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import roster.base.json.Json;
import roster.support.TestRoster;
import roster.support.TestUser;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Whatever is sent, the answer has the contract's form, nothing changes, and the server goes on.
class BadInputTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static final int BODY_MAX = 1 << 20;

    /// Every operation that takes a body, with one that it understands. `ID` stands for an id of the organisation's.
    private static final Map<String, String> DOCUMENTS = Map.of(
        "POST /api/v2/users", """
            {"data":{"type":"users","attributes":{"email":"new@acme.test","name":"New","title":"Newcomer"},
             "relationships":{"roles":{"data":[{"type":"roles","id":"ID"}]}}}}""",
        "PATCH /api/v2/users/ID", """
            {"data":{"type":"users","id":"ID","attributes":{"email":"changed@acme.test","name":"Changed",
             "title":"Changed","disabled":true}}}""",
        "POST /api/v2/user_invitations", """
            {"data":[{"type":"user_invitations","relationships":{"user":{"data":{"type":"users","id":"ID"}}}}]}""",
        "POST /api/v2/roles", """
            {"data":{"type":"roles","attributes":{"name":"new","default_permissions_opt_out":true,
             "receives_permissions_from":["x"]},"relationships":{"permissions":{"data":[
             {"type":"permissions","id":"ID"}]}}}}""",
        "POST /api/v2/roles/ID/users", "{\"data\":{\"type\":\"users\",\"id\":\"ID\"}}",
        "DELETE /api/v2/roles/ID/users", "{\"data\":{\"type\":\"users\",\"id\":\"ID\"}}");

    static Stream<String> operations() {
        return DOCUMENTS.keySet().stream().sorted();
    }

    private static String method(String operation) {
        return operation.split(" ")[0];
    }

    private static String path(String operation) {
        return operation.split(" ")[1].replace("ID", UUID.randomUUID().toString());
    }

    private static void assertGoesOn(TestUser ada) {
        assertThat(ada.get("/api/v2/users/" + ada.id()).status()).isEqualTo(200);
    }

    /// A request byte by byte, on a connection of its own.
    ///
    /// @return all that was answered until the server closed
    private static String raw(String head, byte[] body) throws IOException {
        var address = URI.create(roster.address());
        try (var socket = new Socket(address.getHost(), address.getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().write(body);
            socket.getOutputStream().flush();
            var answer = new ByteArrayOutputStream();
            socket.getInputStream().transferTo(answer);
            return answer.toString(StandardCharsets.UTF_8);
        }
    }

    private static String raw(String target) throws IOException {
        return raw("GET %s HTTP/1.1\r\nHost: roster\r\nConnection: close\r\n\r\n".formatted(target), new byte[0]);
    }

    private static String rawBody(TestUser caller, String operation, byte[] body) throws IOException {
        return raw("""
            %s %s HTTP/1.1\r
            Host: roster\r
            Connection: close\r
            DD-API-KEY: %s\r
            DD-APPLICATION-KEY: %s\r
            Content-Type: application/json\r
            Content-Length: %d\r
            \r
            """.formatted(method(operation), path(operation), caller.apiKey(), caller.applicationKey(), body.length),
            body);
    }

    private static void assertRefused(String answer, int status, String error) {
        assertThat(answer).startsWith("HTTP/1.1 " + status + " ").endsWith("{\"errors\":[\"%s\"]}".formatted(error));
    }

    @ParameterizedTest
    @MethodSource("operations")
    void what_is_no_json_is_refused(String operation) {
        var ada = roster.newOrg("acme").founder();
        var before = ada.org().version();

        for (var body : List.of("", " ", "no json", "{", "}", "{\"data\":{}", "{\"data\":{}}}", "{\"data\":{}} x",
            "{'data':{}}", "{data:{}}", "{\"data\":{},}", "{\"data\":NaN}", "{\"data\":01}", "{\"data\":\"\u0001\"}",
            "{\"data\":\"\\x\"}", "{\"data\":1e}", "/* */{\"data\":{}}", "<data/>", "data=x",
            "[".repeat(200) + "]".repeat(200), "{\"data\":".repeat(200) + "{}" + "}".repeat(200),
            "[".repeat(500_000), "{\"data\":{\"attributes\":%s}}".formatted("9".repeat(100_000)))) {
            var answer = ada.send(method(operation), path(operation), body);
            assertThat(answer.status()).as(body.substring(0, Math.min(40, body.length()))).isEqualTo(400);
            assertThat(answer.errors()).containsExactly("Invalid JSON in request body");
            assertThat(answer.header("Content-Type")).contains("application/json");
        }
        assertThat(ada.org().version()).isEqualTo(before);
        assertGoesOn(ada);
    }

    @ParameterizedTest
    @MethodSource("operations")
    void bytes_that_are_no_utf8_are_refused(String operation) throws IOException {
        var ada = roster.newOrg("acme").founder();
        var before = ada.org().version();
        var document = DOCUMENTS.get(operation).replace("ID", UUID.randomUUID().toString());

        for (var bytes : List.of(
            document.replace("type\":\"", "type\":\"\u00e9").getBytes(StandardCharsets.ISO_8859_1),
            document.getBytes(StandardCharsets.UTF_16), document.getBytes(StandardCharsets.UTF_16LE),
            document.getBytes(StandardCharsets.UTF_16BE), withBytes(document, 0xED, 0xA0, 0x80),
            withBytes(document, 0xC0, 0x80), withBytes(document, 0xF8, 0x88, 0x80, 0x80, 0x80),
            withBytes(document, 0xFF))) {
            assertRefused(rawBody(ada, operation, bytes), 400, "Invalid JSON in request body");
        }
        assertThat(ada.org().version()).isEqualTo(before);
        assertGoesOn(ada);
    }

    /// These bytes in the first text of the document.
    private static byte[] withBytes(String document, int... bytes) {
        var quote = document.indexOf('"', document.indexOf("\"type\":") + 7) + 1;
        var out = new ByteArrayOutputStream();
        out.writeBytes(document.substring(0, quote).getBytes(StandardCharsets.UTF_8));
        for (var b : bytes) {
            out.write(b);
        }
        out.writeBytes(document.substring(quote).getBytes(StandardCharsets.UTF_8));
        return out.toByteArray();
    }

    @ParameterizedTest
    @MethodSource("operations")
    void json_of_another_shape_is_refused(String operation) {
        var ada = roster.newOrg("acme").founder();
        var before = ada.org().version();

        for (var body : List.of("{}", "[]", "null", "true", "7", "\"data\"", "{\"Data\":{}}", "[{\"data\":{}}]",
            "{\"errors\":[]}")) {
            var answer = ada.send(method(operation), path(operation), body);
            assertThat(answer.status()).as(body).isEqualTo(400);
            assertThat(answer.errors()).as(body).containsExactly("API input validation failed: {'_schema': "
                + "[{'detail': 'Object must include `data` key.', 'source': {'pointer': '/'}}]}");
        }
        for (var data : List.of("null", "7", "\"x\"", "true", "[7]", "[null]", "[[]]", "[{}]", "{}")) {
            var answer = ada.send(method(operation), path(operation), "{\"data\":%s}".formatted(data));
            assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
            assertThat(answer.errors()).isNotEmpty().allMatch(text -> text.startsWith("API input validation failed: "));
        }
        assertThat(ada.org().version()).isEqualTo(before);
        assertGoesOn(ada);
    }

    static Stream<Arguments> distortions() {
        var all = new ArrayList<Arguments>();
        for (var document : DOCUMENTS.entrySet()) {
            var tree = Json.parse(document.getValue().getBytes(StandardCharsets.UTF_8));
            for (var pointer : pointers("", tree)) {
                all.add(Arguments.of(document.getKey(), pointer));
            }
        }
        return all.stream();
    }

    private static List<String> pointers(String above, JsonNode node) {
        var all = new ArrayList<String>();
        for (var name : node.propertyNames()) {
            all.add(above + "/" + name);
            all.addAll(pointers(above + "/" + name, node.get(name)));
        }
        for (int i = 0; i < (node.isArray() ? node.size() : 0); i++) {
            all.add(above + "/" + i);
            all.addAll(pointers(above + "/" + i, node.get(i)));
        }
        return all;
    }

    /// Each member of each document in turn is of every wrong type. Nothing fails, and what is refused changes nothing.
    @ParameterizedTest
    @MethodSource("distortions")
    void a_member_of_a_wrong_type_is_refused_by_name(String operation, String pointer) {
        var org = roster.newOrg("acme");
        var ada = org.founder();
        var id = operation.contains("roles/") ? org.newRole("ops", List.of()).toString()
            : org.newPending("bob@acme.test").id().toString();

        for (var wrong : List.of("null", "7", "-1.5e300", "true", "\"\"", "\"\\u0000\"", "\"\\ud83d\"", "\"\\ude00x\"",
            "[]", "{}", "[[[]]]", "{\"data\":{\"data\":[]}}")) {
            var tree = Json.parse(DOCUMENTS.get(operation).replace("ID", id).getBytes(StandardCharsets.UTF_8));
            var slash = pointer.lastIndexOf('/');
            var value = Json.parse(wrong.getBytes(StandardCharsets.UTF_8));
            switch (tree.at(pointer.substring(0, slash))) {
                case ObjectNode object -> object.set(pointer.substring(slash + 1), value);
                case ArrayNode array -> array.set(Integer.parseInt(pointer.substring(slash + 1)), value);
                default -> throw new AssertionError(pointer);
            }
            var before = org.version();

            var answer = ada.send(method(operation), operation.split(" ")[1].replace("ID", id), tree.toString());

            assertThat(answer.status()).as("%s with %s", answer, tree).isBetween(200, 499);
            if (answer.status() >= 400) {
                assertThat(answer.errors()).isNotEmpty().allMatch(text -> !text.isBlank());
                assertThat(org.version()).isEqualTo(before);
            }
        }
        assertGoesOn(ada);
    }

    @ParameterizedTest
    @MethodSource("operations")
    void a_body_beyond_one_megabyte_is_too_large(String operation) {
        var ada = roster.newOrg("acme").founder();
        var before = ada.org().version();

        var most = ada.send(method(operation), path(operation), "{}" + " ".repeat(BODY_MAX - 2));
        var tooMuch = ada.send(method(operation), path(operation), "{}" + " ".repeat(BODY_MAX - 1));

        assertThat(most.status()).isEqualTo(400);
        assertThat(tooMuch.status()).isEqualTo(413);
        assertThat(tooMuch.errors()).containsExactly("Request Entity Too Large");
        assertThat(ada.org().version()).isEqualTo(before);
        assertGoesOn(ada);
    }

    @Test
    void a_compressed_body_is_refused() {
        var ada = roster.newOrg("acme").founder();
        for (var operation : DOCUMENTS.keySet()) {
            var answer = ada.send(method(operation), path(operation), "{}", Map.of("Content-Encoding", "gzip"));

            assertThat(answer.status()).isEqualTo(415);
            assertThat(answer.errors()).containsExactly("Unsupported Media Type");
            assertThat(answer.header("Accept-Encoding")).contains("identity");
        }
    }

    @ParameterizedTest
    @MethodSource("operations")
    void another_content_type_is_refused_before_the_body_is_read(String operation) {
        var ada = roster.newOrg("acme").founder();

        for (var type : List.of("text/plain", "application/x-www-form-urlencoded", "application/json5",
            "multipart/form-data; boundary=x", "application/xml", "json", "text/json;application/json", "*/*")) {
            var answer = ada.send(method(operation), path(operation), "no json", Map.of("Content-Type", type));
            assertThat(answer.status()).as(type).isEqualTo(415);
            assertThat(answer.errors()).containsExactly("Unsupported Media Type");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "application/json;charset=latin-1", "APPLICATION/JSON ; x=y",
        "application/vnd.api+json", "Application/Vnd.Api+Json; ext=bulk", ""})
    void content_types_that_will_do(String type) {
        var answer = roster.newOrg("acme").founder().send("POST", "/api/v2/users", """
            {"data":{"type":"users","attributes":{"email":"ann@acme.test"}}}
            """, Map.of("Content-Type", type));

        assertThat(answer.status()).isEqualTo(201);
    }

    @Test
    void a_missing_content_type_will_do() {
        var ada = roster.newOrg("acme").founder();
        var headers = new HashMap<>(Map.of("DD-API-KEY", ada.apiKey(), "DD-APPLICATION-KEY", ada.applicationKey()));

        assertThat(roster.send("POST", "/api/v2/users", """
            {"data":{"type":"users","attributes":{"email":"ann@acme.test"}}}
            """, headers).status()).isEqualTo(201);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        PUT     | /api/v2/users                        | GET, HEAD, POST
        DELETE  | /api/v2/users                        | GET, HEAD, POST
        OPTIONS | /api/v2/users                        | GET, HEAD, POST
        BREW    | /api/v2/users                        | GET, HEAD, POST
        get     | /api/v2/users                        | GET, HEAD, POST
        Post    | /api/v2/users                        | GET, HEAD, POST
        _       | /api/v2/users                        | GET, HEAD, POST
        M-SEARCH| /api/v2/users                        | GET, HEAD, POST
        delete  | /api/v2/users/x                      | DELETE, GET, HEAD, PATCH
        POST    | /api/v2/users/x                      | DELETE, GET, HEAD, PATCH
        DELETE  | /api/v2/users/x/orgs                 | GET, HEAD
        POST    | /api/v2/users/x/permissions          | GET, HEAD
        GET     | /api/v2/user_invitations             | POST
        HEAD    | /api/v2/user_invitations             | POST
        DELETE  | /api/v2/user_invitations/x           | GET, HEAD
        POST    | /api/v2/permissions                  | GET, HEAD
        PUT     | /api/v2/roles/x/users                | DELETE, GET, HEAD, POST
        POST    | /api/v1/validate                     | GET, HEAD
        """)
    void a_wrong_method_is_told_the_right_ones(String method, String path, String allowed) {
        var answer = roster.newOrg("acme").founder().send(method, path, null);

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("Allow")).contains(allowed);
        if (!method.equals("HEAD")) {
            assertThat(answer.errors()).containsExactly("Method Not Allowed");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api", "/api/", "/api/v2", "/api/v2/", "/api/v3/users", "/api/v2/users/", "/API/v2/users",
        "/api/v2/Users", "/api/v2/users/x/y", "/api/v2/users/x/orgs/", "/api/v2//users", "/api//v2/users",
        "/api/v2/users//orgs", "/api/v2/user_invitations/x/y", "/api/v2/roles/x/users/y", "/api/v1/users",
        "/api/v2/users;x=y", "/api/v2/users%2Fx", "/api/v2/../v2/users"})
    void an_unknown_path_is_not_found(String path) throws IOException {
        assertRefused(raw(path), 404, "Not Found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v2/users/%", "/api/v2/users/%2", "/api/v2/users/%zz", "/api/v2/users/%00",
        "/api/v2/users/%0a", "/api/v2/users/%ff", "/api/v2/users/%c0%80", "/api/v2/users/%ed%a0%80",
        "/api/v2/users/\u0001", "/api/v2/users/\u007f", "/api/v2/users/\u00e9", "/api/v2/users?filter=%",
        "/api/v2/users?filter=%zz", "/api/v2/users?filter=%00", "/api/v2/users?filter=%ff", "/api/v2/users?%ff=x",
        "/api/v2/users?filter=\u0001", "/api/v2/users?filter=\u00e9", "/api/v2/users#top", "api/v2/users", "*",
        "ftp://roster/api/v2/users", "http://", "/api/v2/users\t", "/api/v2/us ers"})
    void a_broken_target_is_refused(String target) throws IOException {
        assertRefused(raw(target), 400, "Bad Request");
        assertRefused(raw("/%61pi/v2/%75sers"), 403, "API key required"); // percent-encoding may stand where it need not
    }

    @Test
    void too_many_or_too_long_headers_are_refused() throws IOException {
        var many = IntStream.range(0, 500).mapToObj("X-%d: y\r\n"::formatted).collect(Collectors.joining());
        assertRefused(raw("GET /api/v2/users HTTP/1.1\r\nHost: roster\r\n%s\r\n".formatted(many), new byte[0]), 431,
            "Request Header Fields Too Large");
        assertRefused(raw("GET /api/v2/users HTTP/1.1\r\nHost: roster\r\nX-Long: %s\r\n\r\n".formatted(
            "y".repeat(40_000)), new byte[0]), 431, "Request Header Fields Too Large");
        assertRefused(raw("GET /api/v2/users?filter=%s HTTP/1.1\r\nHost: roster\r\n\r\n".formatted(
            "y".repeat(9_000)), new byte[0]), 414, "URI Too Long");
        assertGoesOn(roster.newOrg("acme").founder());
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /api/v2/users\r\n\r\n", "GET /api/v2/users HTTP/1.1\r\nHost : roster\r\n\r\n",
        "GET /api/v2/users HTTP/1.1\r\nHost: roster\r\nDD-API-KEY: a\u0000b\r\n\r\n",
        "GET /api/v2/users HTTP/1.1\r\nHost: roster\r\nno colon\r\n\r\n",
        "POST /api/v2/users HTTP/1.1\r\nHost: roster\r\nContent-Length: -1\r\n\r\n",
        "POST /api/v2/users HTTP/1.1\r\nHost: roster\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}"})
    void a_broken_head_is_refused(String head) throws IOException {
        assertRefused(raw(head, new byte[0]), 400, "Bad Request");
    }

    @Test
    void a_key_as_long_as_a_page_is_no_key() {
        var answer = roster.send("GET", "/api/v2/users", null, Map.of("DD-API-KEY", "a".repeat(12_000)));

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.errors()).containsExactly("Forbidden");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"'; DROP TABLE users; --", "\\", "%", "\"", "${jndi:ldap://x}", "Ann\u202e", "\uffff", "💣"})
    void odd_texts_are_texts(String name) {
        var ada = roster.newOrg("acme").founder();
        var body = Json.bytes(Map.of("data", Map.of("type", "users", "attributes",
            Map.of("email", "ann@acme.test", "name", name, "title", name))));

        var answer = ada.post("/api/v2/users", new String(body, StandardCharsets.UTF_8));

        assertThat(answer.status()).isEqualTo(201);
        var user = ada.get("/api/v2/users/" + answer.id());
        assertThat(user.text("/data/attributes/name")).isEqualTo(name);
        assertThat(user.text("/data/attributes/title")).isEqualTo(name);
    }
}
