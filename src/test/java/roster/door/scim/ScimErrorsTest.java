package roster.door.scim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import roster.model.Permission;
import roster.model.Problem;
import roster.model.Problem.Fault;
import roster.model.ScimType;
import roster.support.Answer;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// Errors of SCIM, on both bases, and which of them comes first: the contract's section 13.
class ScimErrorsTest {
    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_TRUSTED_PROXIES", "127.0.0.1"));

    private static Probe probe;
    private static TestOrg org;
    private static TestUser ada;
    private static Map<String, String> keys;

    @BeforeAll
    static void add_routes() {
        probe = new Probe(roster);
        org = roster.newOrg("acme");
        ada = org.founder();
        keys = Map.of("Authorization", "Bearer " + ada.applicationKey());
    }

    private static Map<String, String> keysAnd(String name, String value) {
        var all = new HashMap<>(keys);
        all.put(name, value);
        return all;
    }

    private static void assertError(Answer answer, int status, String scimType, String detail) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.text()).isEqualTo(
            "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:Error\"],\"status\":\"%d\",%s\"detail\":\"%s\"%s}"
                .formatted(status, scimType == null ? "" : "\"scimType\":\"%s\",".formatted(scimType), detail,
                    answer.path().startsWith("/api/") ? ",\"errors\":[\"%s\"]".formatted(detail) : ""));
        assertThat(answer.header("Content-Type")).contains("application/scim+json");
    }

    private static Arguments of(Problem problem, int status, String scimType, String detail) {
        return Arguments.of(problem, status, scimType, detail);
    }

    static Stream<Arguments> problems() {
        return Stream.of(
            of(new Problem.NotFound("User x not found"), 404, null, "User x not found"),
            of(new Problem.Invalid("email", "Not a valid email address."), 400, "invalidValue",
                "email: Not a valid email address."),
            of(new Problem.Invalid(List.of(new Fault.Member("a", "b"), new Fault.Shape("c", "/d"))), 400,
                "invalidValue", "a: b; c"),
            of(new Problem.Unfit(List.of("one", "two")), 400, "invalidValue", "one; two"),
            of(new Problem.BadScim(ScimType.NO_TARGET, "emails: none matches"), 400, "noTarget",
                "emails: none matches"),
            of(new Problem.BadScim(ScimType.INVALID_FILTER, "actve"), 400, "invalidFilter", "actve"),
            of(new Problem.BadParameter("count"), 400, "invalidValue", "The value of the parameter count is not valid"),
            of(new Problem.NotJson(), 400, "invalidSyntax", "The body is not valid JSON"),
            of(new Problem.BadRequest(), 400, "invalidSyntax", "The request is malformed"),
            of(new Problem.Conflict("userName is taken: ann"), 409, "uniqueness", "userName is taken: ann"),
            of(new Problem.BadKeys(), 401, null, "The credentials are not valid"),
            of(new Problem.BadKeys(true), 403, null,
                "The IP allowlist of the organization does not admit this address"),
            of(new Problem.NoApiKey(), 401, null,
                "Credentials required: an access token or an application key, as Authorization: Bearer"),
            of(new Problem.Forbidden(Permission.USER_ACCESS_MANAGE), 403, null,
                "Failed permission authorization checks: user_access_manage is needed"),
            of(new Problem.LastAdministrator(), 403, null,
                "An organization must keep at least one active administrator"),
            of(new Problem.Stale(), 412, null, "The resource has another version than If-Match names"),
            of(new Problem.WrongMethod(Set.of("GET")), 405, null, "The methods of this endpoint are GET"),
            of(new Problem.NotImplemented(), 501, null, "Not Implemented"),
            of(new Problem.WrongContentType(), 415, null,
                "The Content-Type must be application/scim+json or application/json"),
            of(new Problem.Encoded(), 415, null, "The body must not have a Content-Encoding"),
            of(new Problem.TooLarge(), 413, null, "The request is too large"),
            of(new Problem.TooSlow(), 408, null, "The request did not arrive in time"),
            of(new Problem.TooManyRequests(7), 429, null, "Too many requests"),
            of(new Problem.LimitReached("invitations-per-inviter", 5, 60, 0, 9), 429, null, "Too many requests"),
            of(new Problem.Unavailable(3), 503, null, "Service Unavailable"));
    }

    @ParameterizedTest
    @MethodSource("problems")
    void every_problem_has_its_error(Problem problem, int status, String scimType, String detail) {
        probe.refuse(problem);
        for (var base : Probe.BASES) {
            var answer = probe.send("POST", base + "/Refused", "{}", keys);
            assertError(answer, status, scimType, detail);
            assertThat(answer.header("WWW-Authenticate").isPresent()).isEqualTo(status == 401);
            assertThat(answer.header("X-RateLimit-Remaining")).isPresent();
            switch (problem) {
                case Problem.TooManyRequests _ -> assertThat(answer.header("Retry-After")).contains("7");
                case Problem.LimitReached _ -> assertThat(answer.header("Retry-After")).contains("9");
                case Problem.Unavailable _ -> assertThat(answer.header("Retry-After")).contains("3");
                case Problem.WrongMethod _ -> assertThat(answer.header("Allow")).contains("GET");
                default -> assertThat(answer.header("Retry-After")).isEmpty();
            }
        }
    }

    @Test
    void a_failure_tells_nothing_of_its_cause() {
        probe.refuse(null);
        for (var base : Probe.BASES) {
            assertError(probe.send("POST", base + "/Refused", "{}", keys), 500, null, "Internal Server Error");
        }
    }

    @Test
    void long_details_are_cut() {
        probe.refuse(new Problem.NotFound("x".repeat(5000)));

        assertThat(probe.send("POST", "/scim/v2/Refused", "{}", keys).text("/detail").length()).isLessThan(1100);
    }

    @Test
    void unknown_paths_and_methods_have_errors_of_scim_too() {
        for (var base : Probe.BASES) {
            for (var method : List.of("GET", "POST", "PATCH", "DELETE", "OPTIONS")) {
                assertError(probe.send(method, base + "/Nothing", "{}", Map.of()), 404, null,
                    "There is no endpoint at this path");
            }
            for (var path : List.of("", "/", "//", "/probe", "/schemas", "/resourceTypes/User", "/Probe//",
                "///Probe")) {
                assertError(probe.get(base + path, keys), 404, null, "There is no endpoint at this path");
            }
            var wrong = probe.send("PATCH", base + "/Probe", "{}", Map.of());
            assertError(wrong, 405, null, "The methods of this endpoint are GET, HEAD, POST, PUT");
            assertThat(wrong.header("Allow")).contains("GET, HEAD, POST, PUT");
            assertThat(probe.get(base + "/Probe/x/", keys).header("Allow")).contains("DELETE");
        }
    }

    /// Each request has all faults but those of the lines before.
    @Test
    void the_first_check_that_fails_decides() {
        var bob = org.newUser("bob%d@acme.test".formatted(System.nanoTime()));
        var noRights = Map.of("Authorization", "Bearer " + bob.applicationKey(), "Content-Type", "text/plain",
            "If-Match", "\"old\"");
        var large = "x".repeat((1 << 20) + 1);
        for (var base : Probe.BASES) {
            assertThat(probe.send("PUT", base + "/Nothing", large, Map.of("Authorization", "Basic x")).status())
                .isEqualTo(404);
            assertThat(probe.send("PATCH", base + "/Probe", large, Map.of("Authorization", "Basic x")).status())
                .isEqualTo(405);
            assertThat(probe.send("PUT", base + "/Probe", large, Map.of("Authorization", "Basic x", "Content-Type",
                "text/plain")).status()).isEqualTo(401);
            assertThat(probe.send("PUT", base + "/Probe", large, noRights).status()).isEqualTo(403);
            var text = new HashMap<>(keysAnd("If-Match", "\"old\""));
            text.put("Content-Type", "text/plain");
            assertThat(probe.send("PUT", base + "/Probe", large, text).status()).isEqualTo(415);
            text.put("Content-Type", "application/json");
            assertThat(probe.send("PUT", base + "/Probe", large, text).status()).isEqualTo(413);
            assertThat(probe.send("PUT", base + "/Probe", "x", text).status()).isEqualTo(400);
            assertThat(probe.send("PUT", base + "/Probe", "{}", text).status()).isEqualTo(412);
            assertThat(probe.send("PUT", base + "/Probe", "{}", keys).status()).isEqualTo(200);
        }
    }

    @Test
    void if_match_compares_weakly() {
        for (var base : Probe.BASES) {
            for (var good : List.of("W/\"5c1f\"", "\"5c1f\"", "*", " * ", "\"x\", W/\"5c1f\"")) {
                assertThat(probe.send("PUT", base + "/Probe", "{}", keysAnd("If-Match", good)).status()).as(good)
                    .isEqualTo(200);
            }
            for (var bad : List.of("W/\"5c1e\"", "5c1f", "W/5c1f", "\"\"", "W/*", "\"*\"", "w/\"5C1F\"")) {
                assertError(probe.send("PUT", base + "/Probe", "{}", keysAnd("If-Match", bad)), 412, null,
                    "The resource has another version than If-Match names");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/Users/%00", "/Users/%ff", "/Users/%ed%a0%80", "/Groups/%c3%28", "/Users?filter=%ff",
        "/Users?sortBy=%00"})
    void what_cannot_be_read_is_an_error_of_scim_too(String address) {
        for (var base : List.of("/scim/v2", "/api/v2/scim")) {
            assertError(roster.send("GET", base + address, null, keys), 400, "invalidSyntax",
                "The request is malformed");
        }
        assertThat(roster.send("GET", "/scim/v2x/%00", null, keys).text()).isEqualTo("{\"errors\":[\"Bad Request\"]}");
    }
}
