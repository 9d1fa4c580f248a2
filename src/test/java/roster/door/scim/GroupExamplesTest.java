package roster.door.scim;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.Answer;
import roster.support.TestRoster;

/// The worked examples of the contract that are about groups, to the letter: 5, 10 and 12.
class GroupExamplesTest {
    private static final String URL = "https://id.example.com";
    private static final String GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group";
    private static final String PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_PUBLIC_URL", URL));

    private static GroupClient client() {
        return GroupClient.of(roster.newOrg("acme").newAdmin("ada@acme.test"));
    }

    private static Answer send(GroupClient client, String method, String path, String body) {
        return client.send(method, path, body, Map.of("Host", "id.example.com"));
    }

    private static void assertEmpty(Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(204);
        assertThat(answer.bytes()).isEmpty();
    }

    @Test
    void example_5_okta_pushes_a_group() {
        var client = client();
        var one = client.org().newUser("ann.lee@example.com");
        var two = client.org().newUser("two@example.com");

        var made = send(client, "POST", "/Groups",
            "{\"schemas\":[\"%s\"],\"displayName\":\"Ops\",\"members\":[]}".formatted(GROUP));
        assertThat(made.status()).isEqualTo(201);
        var id = made.text("/id");
        assertThat(made.text()).startsWith(
            "{\"schemas\":[\"%s\"],\"id\":\"%s\",\"displayName\":\"Ops\",\"members\":[],\"meta\":{\"resourceType\":\"Group\","
                .formatted(GROUP, id));
        assertThat(made.header("Location")).contains(URL + "/scim/v2/Groups/" + id);

        assertEmpty(send(client, "PATCH", "/Groups/" + id, """
            {"Operations":[{"op":"replace","value":{"id":"%s","displayName":"Ops"}}],"schemas":["%s"]}"""
            .formatted(id, PATCH)));
        assertEmpty(send(client, "PATCH", "/Groups/" + id, """
            {"Operations":[{"op":"add","path":"members","value":[{"value":"%s"}]}],"schemas":["%s"]}"""
            .formatted(two.id(), PATCH)));
        assertEmpty(send(client, "PATCH", "/Groups/" + id,
            """
            {"Operations":[{"op":"remove","path":"members[value eq \\"%s\\"]"},
             {"op":"add","path":"members","value":[{"value":"%s","display":"ann.lee@example.com"}]}],"schemas":["%s"]}"""
                .formatted(two.id(), one.id(), PATCH)));
        var put = send(client, "PUT", "/Groups/" + id, """
            {"schemas":["%s"],"displayName":"Ops","members":[{"value":"%s","display":"ann.lee@example.com"}]}"""
            .formatted(GROUP, one.id()));
        assertThat(put.status()).isEqualTo(200);
        assertThat(put.at("/members").toString()).isEqualTo("""
            [{"value":"%s","$ref":"%s/scim/v2/Users/%s","display":"ann.lee@example.com","type":"User"}]"""
            .formatted(one.id(), URL, one.id()));
    }

    @Test
    void example_10_entra_and_a_group() {
        var client = client();
        var three = client.org().newUser("three@example.com");
        var other = client.org().newUser("other@example.com");
        var made = send(client, "POST", "/Groups", """
            {"displayName":"Ops","members":[{"value":"%s"}]}""".formatted(other.id()));
        var id = made.text("/id");
        var member = "filter=id+eq+%22" + id + "%22+and+members+eq+%22" + three.id()
            + "%22&excludedAttributes=members";

        var named = send(client, "GET", "/Groups?excludedAttributes=members&filter=displayName+eq+%22Ops%22", null);
        assertThat(named.at("/totalResults").asInt()).isEqualTo(1);
        assertThat(named.text("/Resources/0/id")).isEqualTo(id);
        assertThat(named.at("/Resources/0").has("members")).isFalse();
        assertThat(send(client, "GET", "/Groups?" + member, null).at("/totalResults").asInt()).isZero();
        assertEmpty(send(client, "PATCH", "/Groups/" + id, """
            {"schemas":["%s"],"Operations":[{"op":"Add","path":"members","value":[{"$ref":null,"value":"%s"}]}]}"""
            .formatted(PATCH, three.id())));
        assertThat(send(client, "GET", "/Groups?" + member, null).at("/totalResults").asInt()).isEqualTo(1);
        assertEmpty(send(client, "PATCH", "/Groups/" + id, """
            {"schemas":["%s"],"Operations":[{"op":"Remove","path":"members","value":[{"$ref":null,"value":"%s"}]}]}"""
            .formatted(PATCH, three.id())));
        assertThat(send(client, "GET", "/Groups?" + member, null).at("/totalResults").asInt()).isZero();
        assertThat(client.rowsOf(id)).containsExactly(other.id());
    }

    @Test
    void example_12_jumpcloud_removes_a_member_twice() {
        var client = client();
        var four = client.org().newUser("four@example.com");
        var other = client.org().newUser("other@example.com");
        var id = send(client, "POST", "/Groups", """
            {"displayName":"Ops","members":[{"value":"%s"},{"value":"%s"}]}""".formatted(four.id(), other.id()))
            .text("/id");
        var removal = """
            {"Operations":[{"op":"remove","path":"members","value":[{"value":"%s"}]}],"schemas":["%s"]}"""
            .formatted(four.id(), PATCH);

        assertEmpty(send(client, "PATCH", "/Groups/" + id, removal));
        assertThat(client.rowsOf(id)).containsExactly(other.id());
        var version = client.org().version();
        assertEmpty(send(client, "PATCH", "/Groups/" + id, removal));
        assertThat(client.org().version()).isEqualTo(version);
    }

    @Test
    void members_may_come_as_text_or_alone() {
        var client = client();
        var bob = client.org().newUser("bob@example.com");
        for (var members : List.of("\"%s\"", "[\"%s\"]", "{\"value\":\"%s\"}",
            "[{\"value\":\"%s\",\"type\":\"Group\",\"displayName\":\"x\",\"$ref\":\"y\"}]")) {
            var made = send(client, "POST", "/Groups?filter=" + URLEncoder.encode(members, StandardCharsets.UTF_8),
                "{\"displayName\":\"%s\",\"members\":%s}".formatted(Integer.toString(members.hashCode()),
                    members.formatted(bob.id())));
            assertThat(made.status()).as(made.toString()).isEqualTo(201);
            assertThat(made.each("/members", "/value")).containsExactly(bob.id());
        }
    }
}
