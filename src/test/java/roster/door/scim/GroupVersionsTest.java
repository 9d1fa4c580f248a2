package roster.door.scim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import roster.support.Answer;
import roster.support.TestRoster;

/// Versions and parts of groups: the contract's sections 9.3 and 10.
class GroupVersionsTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static GroupClient client() {
        return GroupClient.of(roster.newOrg("acme").newAdmin("ada@acme.test"));
    }

    private static void assertError(Answer answer, int status, String scimType, String detail) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).contains("application/scim+json");
        assertThat(answer.at("/scimType").asString("")).isEqualTo(scimType);
        assertThat(answer.text("/detail")).isEqualTo(detail);
    }

    @Test
    void the_tag_is_alike_on_both_bases_and_nodes_and_a_client_that_has_it_is_told_so() {
        var client = client();
        var ops = client.create("Ops", client.admin());
        var tag = client.etag(ops);

        assertThat(tag).startsWith("W/\"");
        assertThat(client.below("/api/v2/scim").etag(ops)).isEqualTo(tag);
        try (var second = roster.anotherNode(Map.of())) {
            assertThat(client.at(second.address()).etag(ops)).isEqualTo(tag);
        }
        for (var known : List.of(tag, tag.substring(2), "\"x\", " + tag, "*")) {
            var answer = client.send("GET", "/Groups/" + ops, null, Map.of("If-None-Match", known));
            assertThat(answer.status()).as(known).isEqualTo(304);
            assertThat(answer.header("ETag")).contains(tag);
        }
        client.patched(ops, "{\"op\":\"add\",\"value\":{\"externalId\":\"x\"}}");
        assertThat(client.send("GET", "/Groups/" + ops, null, Map.of("If-None-Match", tag)).status()).isEqualTo(200);
        client.patched(ops, "{\"op\":\"remove\",\"path\":\"externalId\"}");
        assertThat(client.etag(ops)).isEqualTo(tag);
    }

    @ParameterizedTest
    @CsvSource({"PUT, '{\"displayName\":\"A\"}', 200",
        "PATCH, '{\"Operations\":[{\"op\":\"add\",\"value\":{\"displayName\":\"A\"}}]}', 204", "DELETE,, 204"})
    void a_change_waits_for_the_version_that_the_client_knows(String method, String body, int status) {
        var client = client();
        var ops = client.create("Ops");
        var old = client.etag(ops);
        client.patched(ops, "{\"op\":\"add\",\"path\":\"members\",\"value\":\"%s\"}".formatted(client.admin().id()));
        var version = client.org().version();

        for (var stale : List.of(old, "\"x\"", "x")) {
            assertError(client.send(method, "/Groups/" + ops, body, Map.of("If-Match", stale)), 412, "",
                "The resource has another version than If-Match names");
        }
        assertThat(client.org().version()).isEqualTo(version);
        assertThat(client.send(method, "/Groups/" + ops, body, Map.of("If-Match", client.etag(ops))).status())
            .isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"attributes=displayName | schemas,id,displayName",
        "attributes=MEMBERS,%20meta.version | schemas,id,members,meta",
        "excludedAttributes=members | schemas,id,displayName,meta",
        "excludedAttributes=urn:ietf:params:scim:schemas:core:2.0:Group:members,meta | schemas,id,displayName",
        "excludedAttributes=id,schemas,nonsense | schemas,id,displayName,members,meta",
        "attributes=displayName&excludedAttributes=displayName | schemas,id,displayName"})
    void parts_are_chosen_on_every_answer(String query, String names) {
        var client = client();
        var ops = client.create("Ops", client.admin());
        var expected = names.split(",");
        var body = "{\"displayName\":\"Ops\"}";

        assertThat(client.get("/Groups/%s?%s".formatted(ops, query)).json().propertyNames()).containsExactly(expected);
        assertThat(client.send("PUT", "/Groups/%s?%s".formatted(ops, query), body).json().propertyNames())
            .containsExactly(expected);
        assertThat(client.send("PATCH", "/Groups/%s?%s".formatted(ops, query), DirectoryClient.operations(
            "{\"op\":\"add\",\"value\":%s}".formatted(body))).json().propertyNames()).containsExactly(expected);
        assertThat(client.send("POST", "/Groups?" + query, "{\"displayName\":\"Dev\",\"members\":[]}").json()
            .propertyNames()).containsExactly(expected);
        assertThat(client.get("/Groups?filter=displayName%20eq%20%22ops%22&" + query).at("/Resources/0")
            .propertyNames()).containsExactly(expected);
    }

    @Test
    void parts_of_members_are_chosen_too() {
        var client = client();
        var ops = client.create("Ops", client.admin());

        assertThat(client.get("/Groups/%s?attributes=members.value,members.type".formatted(ops)).at("/members")
            .toString()).isEqualTo("[{\"value\":\"%s\",\"type\":\"User\"}]".formatted(client.admin().id()));
        assertThat(client.get("/Groups/%s?excludedAttributes=members.display".formatted(ops)).at("/members/0")
            .propertyNames()).containsExactly("value", "$ref", "type");
    }
}
