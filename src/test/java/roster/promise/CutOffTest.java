package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.Node;
import roster.model.Invitation;
import roster.model.Role;
import roster.support.Answer;
import roster.support.Await;
import roster.support.Inviting;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// P4: a user is disabled on one node; each of their credentials is refused by the next request on the other.
class CutOffTest {
    @RegisterExtension
    static final TestRoster nodeA = new TestRoster();

    private static Node nodeB;

    @BeforeAll
    static void anotherNode() {
        nodeB = nodeA.anotherNode(Map.of());
    }

    @AfterAll
    static void stop() {
        nodeB.close();
    }

    @Test
    void a_disabled_user_is_out_on_every_node_with_every_credential() {
        var org = nodeA.newOrg("acme");
        var ada = org.founder();
        var bob = org.newPending("bob@acme.test");
        org.write(tx -> {
            nodeA.program().user.members.add(tx,
                nodeA.program().role.roles.managed(tx, org.id(), Role.Managed.STANDARD),
                bob);
            return null;
        });
        var first = new TestUser(org, bob, org.apiKey(), org.newApplicationKey(bob, Optional.empty()));
        var second =
            new TestUser(org, bob, org.apiKey(), org.newApplicationKey(bob, Optional.of(List.of("user_access_read"))));
        var token = first.post("/api/v2/personal_access_tokens", """
            {"data":{"type":"personal_access_tokens","attributes":{"name":"t","scopes":["user_access_read"],
             "expires_at":"2999-01-01T00:00:00Z"}}}""").text("/data/attributes/key");
        var link = link(org, Inviting.invited(ada, bob.id()));
        Map<String, Supplier<Answer>> ways = new LinkedHashMap<>();
        ways.put("application key", () -> onB(first, "/api/v2/users"));
        ways.put("application key with scopes", () -> onB(second, "/api/v2/users"));
        ways.put("access token", () -> TestRoster.send(nodeB.address(), "GET", "/api/v2/users", null,
            Map.of("Authorization", "Bearer " + token)));
        ways.put("access token in the key header", () -> TestRoster.send(nodeB.address(), "GET", "/api/v2/users", null,
            Map.of("DD-API-KEY", org.apiKey(), "DD-APPLICATION-KEY", token)));
        ways.put("open invitation's page", () -> TestRoster.send(nodeB.address(), "GET", link, null, Map.of()));
        var before = statuses(ways);
        assertThat(before.values()).containsOnly(200);

        assertThat(ada.delete("/api/v2/users/" + bob.id()).status()).isEqualTo(204);

        var after = statuses(ways);
        var accepted = TestRoster.send(nodeB.address(), "POST", link, Inviting.form("Bob", Inviting.PASSWORD),
            Map.of("Content-Type", Inviting.FORM));
        after.put("open invitation accepted", accepted.status());
        after.forEach((way, status) -> System.out.println("cut off on the other node: %s: %s, then %d".formatted(way,
            before.containsKey(way) ? before.get(way) : "open", status)));
        assertThat(after)
            .isEqualTo(Map.of("application key", 403, "application key with scopes", 403, "access token", 403,
                "access token in the key header", 403, "open invitation's page", 410, "open invitation accepted", 410));
    }

    private static Answer onB(TestUser caller, String path) {
        return caller.sendTo(nodeB.address(), "GET", path, null, Map.of());
    }

    private static Map<String, Integer> statuses(Map<String, Supplier<Answer>> ways) {
        var statuses = new HashMap<String, Integer>();
        ways.forEach((way, ask) -> statuses.put(way, ask.get().status()));
        return statuses;
    }

    private static String link(TestOrg org, String invitation) {
        var invitations = nodeA.program().invitation.invitations;
        return "/invitations/" + Await.read(nodeA.db(), tx -> invitations.token(tx, invitations.find(tx, org.id(),
            new Invitation.Id(UUID.fromString(invitation))).orElseThrow()));
    }
}
