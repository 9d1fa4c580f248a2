package roster.door.scim;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.door.scim.UserClient.ok;
import static roster.door.scim.UserClient.refused;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.TestRoster;

/// The worked examples about people: the contract's section 18.
class UserExamplesTest {
    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_PUBLIC_URL", "https://id.example.com"));

    private static final String ANN = """
        {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"Ann.Lee@example.com","name":{"givenName":"Ann","familyName":"Lee"},
         "emails":[{"primary":true,"value":"Ann.Lee@example.com","type":"work"}],"displayName":"Ann Lee","locale":"en-US",
         "externalId":"00u1abcd","groups":[],"password":"x9","active":true}""";

    private static final String NO_ONE =
        """
        {"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":0,"startIndex":1,"itemsPerPage":0,"Resources":[]}""";

    private static UserClient directory() {
        return UserClient.of(roster.newOrg("acme"));
    }

    @Test
    void example_1_okta_tests_the_connection_then_looks_a_person_up() {
        var okta = directory();

        var first = ok(okta.send("GET", "/Users?startIndex=1&count=2", null), 200);
        assertThat(first.text("/Resources/0/name/givenName")).isNotEmpty();
        assertThat(first.text("/Resources/0/name/familyName")).isNotEmpty();
        assertThat(okta.send("GET",
            "/Users?filter=userName%20eq%20%22ann.lee%40example.com%22&startIndex=1&count=100", null).text())
            .isEqualTo(NO_ONE);
    }

    @Test
    void example_2_okta_creates() {
        var okta = directory();

        var made = ok(okta.post(ANN), 201);

        var id = made.text("/id");
        var etag = made.header("ETag").orElseThrow();
        assertThat(etag).matches("W/\"[\\w-]+\"");
        assertThat(made.header("Location")).contains("https://id.example.com/scim/v2/Users/" + id);
        var created = made.text("/meta/created");
        assertThat(created).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        assertThat(made.text()).isEqualTo("""
            {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"%s","externalId":"00u1abcd",\
            "userName":"Ann.Lee@example.com","name":{"familyName":"Lee","givenName":"Ann"},"displayName":"Ann Lee",\
            "locale":"en-US","active":true,"emails":[{"value":"Ann.Lee@example.com","type":"work","primary":true}],\
            "meta":{"resourceType":"User","created":"%s","lastModified":"%2$s",\
            "location":"https://id.example.com/scim/v2/Users/%1$s","version":"%s"}}""".formatted(id, created,
            etag.replace("\"", "\\\"")));
        assertThat(okta.get(id).text()).isEqualTo(made.text());
        assertThat(okta.user(id).text("/data/attributes/email")).isEqualTo("ann.lee@example.com");
        assertThat(okta.user(id).text("/data/attributes/name")).isEqualTo("Ann Lee");
        assertThat(okta.status(id)).isEqualTo("Pending");

        var version = okta.org().version();
        assertThat(ok(okta.post(ANN), 409).text()).isEqualTo(
            "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:Error\"],\"status\":\"409\","
                + "\"scimType\":\"uniqueness\",\"detail\":\"userName is taken: ann.lee@example.com\"}");
        assertThat(okta.org().version()).isEqualTo(version);
    }

    @Test
    void example_3_okta_updates_what_it_read_merged() {
        var okta = directory();
        var made = ok(okta.post(ANN), 201);
        var id = made.text("/id");
        var ops = okta.org().newRole("Ops", List.of());
        ok(okta.admin().post("/api/v2/roles/%s/users".formatted(ops), "{\"data\":{\"type\":\"users\",\"id\":\"%s\"}}"
            .formatted(id)), 200);

        var changed = ok(okta.put(id, made.text().replace("\"familyName\":\"Lee\"", "\"familyName\":\"Smith\"")
            .replace("Ann Lee", "Ann Smith").replace("\"active\":true", "\"active\":true,\"groups\":[],\"roles\":[]")),
            200);

        assertThat(changed.text("/displayName")).isEqualTo("Ann Smith");
        assertThat(changed.at("/groups").toString()).isEqualTo("""
            [{"value":"%s","$ref":"https://id.example.com/scim/v2/Groups/%1$s","display":"Ops","type":"direct"}]"""
            .formatted(ops));
        assertThat(changed.at("/roles").toString())
            .isEqualTo("[{\"value\":\"%s\",\"display\":\"Ops\"}]".formatted(ops));
        assertThat(okta.user(id).text("/data/attributes/name")).isEqualTo("Ann Smith");
        assertThat(okta.entriesSince(0)).contains("scim.roles_stale");
    }

    @Test
    void example_4_okta_deactivates() {
        var okta = directory();
        var id = okta.created(ANN);
        var body =
            """
            {"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","value":{"active":false}}]}""";

        assertThat(ok(okta.send("PATCH", "/Users/" + id, body), 200).at("/active").asBoolean()).isFalse();
        assertThat(okta.status(id)).isEqualTo("Disabled");
        assertThat(ok(okta.send("PATCH", "/Users/" + okta.admin().id(), body), 403).text("/detail"))
            .isEqualTo("An organization must keep at least one active administrator");
    }

    @Test
    void example_6_entra_tests_the_connection_with_a_name_that_no_one_has() {
        var entra = directory();
        var filter = "filter=userName+eq+%22b8b8f1f0-5a4e-71f1-9c1b-0242ac120002%22";

        for (var query : List.of(filter, filter + "&aadOptscim062020", "aadOptscim062020&" + filter)) {
            assertThat(ok(entra.send("GET", "/Users?" + query, null), 200).text()).as(query).isEqualTo(NO_ONE);
        }
    }

    private static final String BOB =
        """
        {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0User"],"externalId":"bob","userName":"bob@corp.example.com","active":true,
         "displayName":"Bob Ray","addresses":null,"title":null,"manager":null,"meta":{"resourceType":"User"},"name":{"familyName":"Ray","givenName":"Bob"},"roles":[]}""";

    @Test
    void example_7_entra_creates() {
        var made = ok(directory().post(BOB), 201);

        assertThat(made.text("/userName")).isEqualTo("bob@corp.example.com");
        assertThat(made.at("/emails").toString())
            .isEqualTo("[{\"value\":\"bob@corp.example.com\",\"type\":\"work\",\"primary\":true}]");
        assertThat(made.at("/title").isMissingNode() && made.at("/addresses").isMissingNode()).isTrue();
    }

    @Test
    void example_8_entra_changes_without_the_flag() {
        var entra = directory();
        var ann = entra.created(ANN.replace("Ann Lee", "Ann Smith").replace("\"Lee\"", "\"Smith\""));
        var bob = entra.created(BOB);

        var changed = ok(entra.patch(bob, """
            {"op":"Add","path":"emails[type eq \\"work\\"].value","value":"bob@example.com"},
            {"op":"Replace","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department","value":"Ops"},
            {"op":"Add","path":"manager","value":[{"$ref":"https://elsewhere/Users/%s","value":"%1$s"}]},
            {"op":"Replace","path":"active","value":"False"}""".formatted(ann)), 200);

        assertThat(changed.at("/active").asBoolean(true)).isFalse();
        assertThat(changed.at("/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User").toString())
            .isEqualTo("{\"department\":\"Ops\",\"manager\":{\"value\":\"%s\",".formatted(ann)
                + "\"$ref\":\"https://id.example.com/scim/v2/Users/%s\",\"displayName\":\"Ann Smith\"}}"
                    .formatted(ann));
        assertThat(changed.texts("/schemas")).containsExactly("urn:ietf:params:scim:schemas:core:2.0:User",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User");
        assertThat(entra.user(bob).text("/data/attributes/email")).isEqualTo("bob@example.com");
        assertThat(entra.get(bob).text()).isEqualTo(changed.text());
    }

    @Test
    void example_9_entra_changes_with_the_flag() {
        var entra = directory();
        var bob = entra.created(BOB);

        var changed = ok(entra.patch(bob, """
            {"op":"replace","path":"emails[type eq \\"work\\"].value","value":"b.ray@example.com"},
            {"op":"replace","value":{"displayName":"B. Ray","name.givenName":"Robert","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber":"77"}}
            """), 200);

        assertThat(changed.text("/emails/0/value")).isEqualTo("b.ray@example.com");
        assertThat(changed.text("/displayName")).isEqualTo("B. Ray");
        assertThat(changed.text("/name/givenName")).isEqualTo("Robert");
        assertThat(changed.text("/name/familyName")).isEqualTo("Ray");
        assertThat(changed.text("/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User/employeeNumber"))
            .isEqualTo("77");
        assertThat(entra.user(bob).text("/data/attributes/name")).isEqualTo("B. Ray");
    }

    @Test
    void example_11_a_script_gives_roles_by_id() {
        var script = directory().below("/api/v2/scim");
        var id = script.created(ANN);
        var ops = script.org().newRole("Ops", List.of()).toString();
        var dev = script.org().newRole("Dev", List.of()).toString();
        var sre = script.org().newRole("SRE", List.of()).toString();
        ok(script.patch(id, "{\"op\":\"add\",\"path\":\"roles\",\"value\":[{\"value\":\"ops\"}]}"), 200);

        var changed = ok(script.send("PATCH", "/Users/" + id, DirectoryClient.operations("""
            {"op":"add","path":"roles","value":[{"value":"%s"},
             {"value":"{\\"id\\":\\"06b0\\",\\"value\\":\\"%s\\",\\"displayName\\":\\"Dev\\"}"},{"value":"no such role"}]},
            {"op":"replace","path":"title","value":"CEO"}""".formatted(sre, dev)), Map.of("Accept",
            "application/json")),
            200);

        assertThat(changed.header("Content-Type")).contains("application/json");
        assertThat(changed.at("/roles").toString()).isEqualTo("""
            [{"value":"%s","display":"Dev"},{"value":"%s","display":"Ops"},{"value":"%s","display":"SRE"}]"""
            .formatted(dev, ops, sre));
        assertThat(changed.text("/title")).isEqualTo("CEO");
        assertThat(changed.text("/meta/location")).isEqualTo("https://id.example.com/api/v2/scim/Users/" + id);
        assertThat(script.entriesSince(0)).contains("scim.roles_skipped");
        assertThat(ok(script.get("nobody"), 404).text()).isEqualTo(
            "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:Error\"],\"status\":\"404\","
                + "\"detail\":\"User nobody not found\",\"errors\":[\"User nobody not found\"]}");
    }

    @Test
    void example_12_jumpcloud_onelogin_google() {
        var directory = directory();
        var id = directory.created(ANN);

        var changed = ok(directory.patch(id, """
            {"op":"replace","path":"name.givenName","value":"John"},{"op":"replace","path":"active","value":false}"""),
            200);
        assertThat(changed.text("/name/givenName")).isEqualTo("John");
        assertThat(changed.at("/active").asBoolean(true)).isFalse();

        var kim = ok(directory.post("{\"userName\":\"kim\",\"emails\":{\"value\":\"kim@example.com\"}}"), 201);
        assertThat(kim.at("/emails").toString()).isEqualTo("[{\"value\":\"kim@example.com\"}]");
        var google = ok(directory.send("POST", "/Users", UserClient.person("lou@example.com", ""),
            Map.of("Content-Type", "application/json", "User-Agent", "Google-Auto-Provisioning")), 201);
        assertThat(google.header("Content-Type")).contains("application/scim+json");
        refused(directory.post("{\"userName\":\"max\"}"), 400, "invalidValue");
    }
}
