package roster.door.scim;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import roster.support.Answer;
import roster.support.Recipe;
import roster.support.TestRoster;
import tools.jackson.databind.JsonNode;

/// What SCIM tells of itself: the contract's section 4.
class DiscoveryTest {
    private static final String URL = "https://id.acme.test";
    private static final String USER = "urn:ietf:params:scim:schemas:core:2.0:User";
    private static final String GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group";
    private static final String ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    private static final List<String> PATHS = List.of("/ServiceProviderConfig", "/ResourceTypes", "/ResourceTypes/User",
        "/ResourceTypes/Group", "/Schemas", "/Schemas/" + USER, "/Schemas/" + ENTERPRISE);

    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_PUBLIC_URL", URL));

    static final List<Recipe> RECIPES = Probe.BASES.stream().flatMap(base -> Stream.of(
        new Recipe("GET " + base + "/ResourceTypes/{name}", _ -> new Recipe.Call(base + "/ResourceTypes/User")),
        new Recipe("GET " + base + "/Schemas/{urn}", _ -> new Recipe.Call(base + "/Schemas/" + USER)))).toList();

    static List<String> bases() {
        return Probe.BASES;
    }

    static Stream<String> addresses() {
        return Probe.BASES.stream().flatMap(base -> PATHS.stream().map(path -> base + path));
    }

    private static Answer get(String path) {
        var answer = roster.send("GET", path, null);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).contains("application/scim+json");
        return answer;
    }

    private static String without(Answer answer, String... what) {
        var text = answer.text();
        for (var part : what) {
            assertThat(text).contains(part);
            text = text.replace(part, "");
        }
        return text;
    }

    @ParameterizedTest
    @MethodSource("bases")
    void the_configuration_is_that_of_the_contract(String base) {
        assertThat(get(base + "/ServiceProviderConfig").text()).isEqualTo("""
            {"schemas":["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
            "documentationUri":"https://id.acme.test/docs",
            "patch":{"supported":true},
            "bulk":{"supported":true,"maxOperations":1000,"maxPayloadSize":8388608},
            "filter":{"supported":true,"maxResults":1000},
            "changePassword":{"supported":false},
            "sort":{"supported":true},
            "etag":{"supported":true},
            "pagination":{"cursor":true,"index":true,"defaultPaginationMethod":"index","defaultPageSize":100,\
            "maxPageSize":1000},
            "authenticationSchemes":[{"type":"oauthbearertoken","name":"Bearer token",\
            "description":"An access token or an application key, sent as Authorization: Bearer",\
            "specUri":"https://www.rfc-editor.org/info/rfc6750","primary":true}],
            "meta":{"resourceType":"ServiceProviderConfig","location":"%s/ServiceProviderConfig"}}"""
            .formatted(URL + base).replace("\n", ""));
    }

    @ParameterizedTest
    @MethodSource("bases")
    void the_resource_types_are_users_and_then_groups(String base) {
        var user = """
            {"schemas":["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],"id":"User","name":"User",\
            "description":"User Account","endpoint":"/Users","schema":"urn:ietf:params:scim:schemas:core:2.0:User",\
            "schemaExtensions":[{"schema":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",\
            "required":false}],\
            "meta":{"resourceType":"ResourceType","location":"%s/ResourceTypes/User"}}""".formatted(URL + base);
        var group = """
            {"schemas":["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],"id":"Group","name":"Group",\
            "description":"Group","endpoint":"/Groups","schema":"urn:ietf:params:scim:schemas:core:2.0:Group",\
            "meta":{"resourceType":"ResourceType","location":"%s/ResourceTypes/Group"}}""".formatted(URL + base);

        assertThat(get(base + "/ResourceTypes").text()).isEqualTo("""
            {"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":2,"startIndex":1,\
            "itemsPerPage":2,"Resources":[%s,%s]}""".formatted(user, group));
        assertThat(get(base + "/ResourceTypes/User").text()).isEqualTo(user);
        assertThat(get(base + "/ResourceTypes/Group").text()).isEqualTo(group);
    }

    @ParameterizedTest
    @MethodSource("bases")
    void there_are_six_schemas_each_of_which_is_at_its_own_address(String base) {
        var list = get(base + "/Schemas");

        assertThat(list.each("/Resources", "/name")).containsExactly("User", "Group", "EnterpriseUser",
            "ServiceProviderConfig", "ResourceType", "Schema");
        assertThat(list.each("/Resources", "/id")).startsWith(USER, GROUP, ENTERPRISE);
        assertThat(list.json().path("totalResults").asInt()).isEqualTo(6);
        assertThat(list.json().path("startIndex").asInt()).isEqualTo(1);
        assertThat(list.json().path("itemsPerPage").asInt()).isEqualTo(6);
        assertThat(list.texts("/schemas"))
            .containsExactly("urn:ietf:params:scim:api:messages:2.0:ListResponse");
        for (var schema : list.at("/Resources")) {
            var id = schema.path("id").asString();
            assertThat(schema.at("/meta/location").asString()).isEqualTo(URL + base + "/Schemas/" + id);
            assertThat(schema.at("/meta/resourceType").asString()).isEqualTo("Schema");
            assertThat(schema.at("/schemas/0").asString()).isEqualTo("urn:ietf:params:scim:schemas:core:2.0:Schema");
            assertThat(get(base + "/Schemas/" + id).json()).isEqualTo(schema);
            assertThat(get(base + "/Schemas/" + id.replace(":", "%3A")).json()).isEqualTo(schema);
        }
        assertThat(get(base + "/Schemas/" + USER).text("/description")).isEqualTo("User Account");
    }

    /// One line an attribute: name, type, and which characteristics are not the usual ones.
    private static void tell(String prefix, JsonNode attributes, List<String> lines) {
        for (var attribute : attributes) {
            var line = new ArrayList<String>();
            line.add(prefix + attribute.path("name").asString());
            line.add(attribute.path("type").asString() + (attribute.path("multiValued").asBoolean() ? "[]" : ""));
            if (attribute.path("required").asBoolean()) {
                line.add("required");
            }
            if (attribute.path("caseExact").asBoolean()) {
                line.add("caseExact");
            }
            line.add(attribute.path("mutability").asString());
            line.add(attribute.path("returned").asString());
            line.add(attribute.path("uniqueness").asString());
            attribute.path("canonicalValues").forEach(value -> line.add("=" + value.asString()));
            attribute.path("referenceTypes").forEach(value -> line.add(">" + value.asString()));
            lines.add(String.join(" ", line));
            tell(prefix + attribute.path("name").asString() + ".", attribute.path("subAttributes"), lines);
        }
    }

    private static List<String> attributes(String urn) {
        var lines = new ArrayList<String>();
        tell("", get("/scim/v2/Schemas/" + urn).at("/attributes"), lines);
        return lines;
    }

    @Test
    void the_attributes_of_users_and_groups_are_those_of_the_contract() {
        assertThat(attributes(USER)).containsExactlyInAnyOrder("""
            userName string required readWrite default server
            name complex readWrite default none
            name.formatted string readWrite default none
            name.familyName string readWrite default none
            name.givenName string readWrite default none
            name.middleName string readWrite default none
            name.honorificPrefix string readWrite default none
            name.honorificSuffix string readWrite default none
            displayName string readWrite default none
            nickName string readWrite default none
            title string readWrite default none
            userType string readWrite default none
            preferredLanguage string readWrite default none
            locale string readWrite default none
            timezone string readWrite default none
            profileUrl reference caseExact readWrite default none >external
            active boolean readWrite default none
            emails complex[] required readWrite default none
            emails.value string required readWrite default none
            emails.type string readWrite default none =work =home =other
            emails.primary boolean readWrite default none
            phoneNumbers complex[] readWrite default none
            phoneNumbers.value string readWrite default none
            phoneNumbers.type string readWrite default none
            phoneNumbers.primary boolean readWrite default none
            addresses complex[] readWrite default none
            addresses.formatted string readWrite default none
            addresses.streetAddress string readWrite default none
            addresses.locality string readWrite default none
            addresses.region string readWrite default none
            addresses.postalCode string readWrite default none
            addresses.country string readWrite default none
            addresses.type string readWrite default none
            roles complex[] readWrite default none
            roles.value string readWrite default none
            roles.display string readOnly default none
            roles.type string readWrite default none
            roles.primary boolean readWrite default none
            groups complex[] readOnly default none
            groups.value string readOnly default none
            groups.$ref reference readOnly default none >Group
            groups.display string readOnly default none
            groups.type string readOnly default none =direct
            """.strip().split("\n"));
        assertThat(attributes(ENTERPRISE)).containsExactly("""
            employeeNumber string readWrite default none
            costCenter string readWrite default none
            organization string readWrite default none
            division string readWrite default none
            department string readWrite default none
            manager complex readWrite default none
            manager.value string readWrite default none
            manager.$ref reference readWrite default none >User
            manager.displayName string readOnly default none
            """.strip().split("\n"));
        assertThat(attributes(GROUP)).containsExactly("""
            displayName string required readWrite default server
            members complex[] readWrite default none
            members.value string immutable default none
            members.$ref reference immutable default none >User
            members.type string immutable default none =User
            members.display string readOnly default none
            """.strip().split("\n"));
    }

    @Test
    void every_attribute_has_all_characteristics_and_none_is_null() {
        var list = get("/scim/v2/Schemas");

        assertThat(list.text()).doesNotContain("null");
        assertThat(list.at("/Resources").findValues("attributes")).isNotEmpty();
        var all = new ArrayList<JsonNode>();
        list.at("/Resources").forEach(schema -> collect(schema.path("attributes"), all));
        assertThat(all).hasSizeGreaterThan(100).allSatisfy(attribute -> assertThat(attribute.propertyNames())
            .as(attribute.toString()).containsAll(Set.of("name", "type", "multiValued", "description", "required",
                "caseExact", "mutability", "returned", "uniqueness")));
    }

    private static void collect(JsonNode attributes, List<JsonNode> all) {
        attributes.forEach(attribute -> {
            all.add(attribute);
            collect(attribute.path("subAttributes"), all);
        });
    }

    /// What discovery answers is made of what its own schemas list.
    @Test
    void the_answers_have_no_attribute_that_their_schemas_do_not_list() {
        for (var path : PATHS) {
            if (path.equals("/ResourceTypes") || path.equals("/Schemas")) {
                continue;
            }
            var answer = get("/scim/v2" + path).json();
            var listed = get("/scim/v2/Schemas/" + answer.at("/schemas/0").asString()).each("/attributes", "/name");
            var shown = new ArrayList<>(answer.propertyNames());
            shown.removeAll(List.of("schemas", "id", "meta"));
            assertThat(listed).as(path).containsAll(shown);
        }
    }

    @ParameterizedTest
    @MethodSource("addresses")
    void a_filter_is_forbidden_and_other_parameters_count_for_nothing(String address) {
        var whole = get(address).text();

        for (var filter : List.of("filter=name%20eq%20%22User%22", "filter", "filter=", "count=1&filter=x")) {
            var answer = roster.send("GET", address + "?" + filter, null);
            assertThat(answer.status()).as(filter).isEqualTo(403);
            assertThat(answer.text("/detail")).isEqualTo("Discovery endpoints cannot be filtered");
        }
        for (var query : List.of("startIndex=2&count=1", "count=0", "count=x", "sortBy=name&sortOrder=descending",
            "attributes=name", "excludedAttributes=name", "cursor=", "aadOptscim062020", "aadOptscim062020&count=1",
            "count=1&aadOptscim062020", "&aadOptscim062020&", "Filter=x", "unknown=1")) {
            assertThat(get(address + "?" + query).text()).as(query).isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @MethodSource("addresses")
    void other_methods_are_not_allowed(String address) {
        for (var method : List.of("POST", "PUT", "PATCH", "DELETE", "OPTIONS")) {
            var answer = roster.send(method, address, method.startsWith("P") ? "{}" : null);
            assertThat(answer.status()).as(method).isEqualTo(405);
            assertThat(answer.header("Allow")).contains("GET, HEAD");
            assertThat(answer.text("/status")).isEqualTo("405");
        }
        assertThat(roster.send("HEAD", address, null).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @MethodSource("addresses")
    void one_slash_at_the_end_and_two_after_the_base_are_accepted(String address) {
        var base = address.startsWith("/scim/v2") ? "/scim/v2" : "/api/v2/scim";
        var whole = get(address).text();

        for (var other : List.of(address + "/", address.replace(base, base + "/"),
            address.replace(base, base + "/") + "/",
            address + "/?count=1")) {
            assertThat(get(other).text()).as(other).isEqualTo(whole);
        }
        for (var other : List.of(address + "//", address.replace(base, base + "//"))) {
            assertThat(roster.send("GET", other, null).status()).as(other).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ResourceTypes/user", "/ResourceTypes/Role", "/Schemas/User", "/Schemas/urn:x",
        "/Schemas/" + USER + "/x", "/ServiceProviderConfigs", "", "/", "//", "/x", "/%2F"})
    void what_there_is_not_is_not_found(String path) {
        for (var base : Probe.BASES) {
            var answer = roster.send("GET", base + path, null);
            assertThat(answer.status()).as(answer.toString()).isEqualTo(404);
            assertThat(answer.text("/status")).isEqualTo("404");
        }
    }

    @Test
    void an_unknown_one_is_named() {
        assertThat(roster.send("GET", "/scim/v2/Schemas/urn:x", null).text("/detail"))
            .isEqualTo("Schema urn:x not found");
        assertThat(roster.send("GET", "/scim/v2/ResourceTypes/Role", null).text("/detail"))
            .isEqualTo("ResourceType Role not found");
    }

    @Test
    void beside_the_bases_all_is_as_ever() {
        for (var path : List.of("/scim", "/scim/", "/scim/v2x", "/scim/v1/Users", "/api/v2/scimx", "/api/v2/Scim",
            "/SCIM/v2")) {
            var answer = roster.send("GET", path, null);
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.errors()).containsExactly("Not Found");
            assertThat(answer.header("Content-Type")).contains("application/json");
        }
        assertThat(roster.send("GET", "/api/v2/users/", null).status()).isEqualTo(404);
        assertThat(roster.send("GET", "/api/v2//users", null).status()).isEqualTo(404);
        // A browser gets no page below the bases.
        assertThat(roster.send("GET", "/scim/v2/x", null, Map.of("Accept", "text/html")).header("Content-Type"))
            .contains("application/scim+json");
    }

    @ParameterizedTest
    @MethodSource("addresses")
    void it_is_compact(String address) {
        var answer = get(address);

        assertThat(answer.text()).isEqualTo(answer.json().toString());
    }

    @ParameterizedTest
    @MethodSource("bases")
    void it_is_in_utf_8(String base) {
        var answer = roster.send("GET", base + "/Schemas/urn:%C3%A9%E2%82%AC", null);

        assertThat(answer.bytes()).containsSequence("Schema urn:é€ not found".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void both_bases_answer_alike_but_for_their_addresses() {
        for (var path : PATHS) {
            assertThat(get("/api/v2/scim" + path).text().replace("/api/v2/scim", "/scim/v2"))
                .isEqualTo(get("/scim/v2" + path).text());
        }
        assertThat(without(get("/scim/v2/ResourceTypes/User"), URL + "/scim/v2")).doesNotContain("/scim/v2");
    }
}
