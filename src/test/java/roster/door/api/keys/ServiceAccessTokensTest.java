package roster.door.api.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.door.api.keys.Tokens.OWN;
import static roster.door.api.keys.Tokens.WISH;
import static roster.door.api.keys.Tokens.body;
import static roster.door.api.keys.Tokens.issued;
import static roster.door.api.keys.Tokens.robot;
import static roster.door.api.keys.Tokens.secret;
import static roster.door.api.keys.Tokens.tokensOf;
import static roster.door.api.keys.Tokens.with;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.model.Role;
import roster.support.Recipe;
import roster.support.Recipe.Call;
import roster.support.TestRoster;
import roster.support.TestUser;

/// `/api/v2/service_accounts/{service_account_id}/access_tokens`.
class ServiceAccessTokensTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    static final List<Recipe> RECIPES = List.of(
        new Recipe("GET /api/v2/service_accounts/{service_account_id}/access_tokens",
            org -> new Call(tokensOf(robot(org)))),
        new Recipe("POST /api/v2/service_accounts/{service_account_id}/access_tokens",
            org -> new Call(tokensOf(robot(org)), body("service", "", WISH))),
        new Recipe("GET /api/v2/service_accounts/{service_account_id}/access_tokens/{token_id}",
            org -> new Call(issued(org.founder(), tokensOf(robot(org)), "service"))),
        new Recipe("PATCH /api/v2/service_accounts/{service_account_id}/access_tokens/{token_id}", org -> {
            var path = issued(org.founder(), tokensOf(robot(org)), "service");
            var id = path.substring(path.lastIndexOf('/') + 1);
            return new Call(path, body("service", id, "{\"name\":\"changed\",\"scopes\":[\"user_access_read\"]}"));
        }),
        new Recipe("DELETE /api/v2/service_accounts/{service_account_id}/access_tokens/{token_id}",
            org -> new Call(issued(org.founder(), tokensOf(robot(org)), "service"))));

    @Test
    void service_tokens_are_made_shown_changed_and_revoked() {
        var org = roster.newOrg("acme");
        var ada = org.founder();
        var robot = robot(org, org.managed(Role.Managed.STANDARD));

        var created = ada.post(tokensOf(robot),
            body("service", "", "{\"name\":\"nightly\",\"scopes\":[\"user_access_read\",\"user_access_invite\"]}"));

        var secret = secret(created);
        assertThat(secret).matches("ddsat_[0-9A-Za-z]{22}_[0-9A-Za-z]{36}");
        assertThat(created.text("/data/attributes/public_portion")).isEqualTo(secret.substring(0, 28));
        assertThat(created.at("/data/attributes/expires_at").isNull()).isTrue();
        assertThat(created.text("/data/relationships/owned_by/data/type")).isEqualTo("service_account");
        assertThat(with(roster, secret, "/api/v2/current_user").id()).isEqualTo(robot);
        var path = tokensOf(robot) + "/" + created.id();
        var changed = ada.patch(path, body("service", created.id(), "{\"scopes\":[\"user_access_read\"]}"));
        assertThat(changed.texts("/data/attributes/scopes")).containsExactly("user_access_read");
        assertThat(changed.text("/data/attributes/modified_at")).isNotEmpty();
        assertThat(TestUser.withToken(roster, secret, "POST", "/api/v2/users", "{}").status()).isEqualTo(403);
        assertThat(ada.get(path).text("/data/attributes/name")).isEqualTo("nightly");
        assertThat(ada.get(tokensOf(robot)).each("/data", "/id")).containsExactly(created.id());
        assertThat(ada.get(tokensOf(robot(org)) + "/" + created.id()).errors())
            .containsExactly("Access token not found");
        assertThat(ada.patch(path, body("service", UUID.randomUUID().toString(), "{}")).status()).isEqualTo(422);
        assertThat(ada.delete(path).status()).isEqualTo(204);
        assertThat(ada.delete(path).status()).isEqualTo(204);
        assertThat(with(roster, secret, "/api/v2/users").status()).isEqualTo(403);
    }

    @Test
    void a_person_a_stranger_and_the_tokens_of_others_are_not_there() {
        var org = roster.newOrg("acme");
        var ada = org.founder();
        var wish = body("service", "", "{\"name\":\"s\",\"scopes\":[\"user_access_read\"]}");
        var token = ada.post(tokensOf(robot(org)), wish).id();

        for (var id : List.of(ada.id(), robot(roster.newOrg("other")), UUID.randomUUID().toString(), "unknown")) {
            var path = tokensOf(id) + "/" + token;
            for (var answer : List.of(ada.get(tokensOf(id)), ada.post(tokensOf(id), wish), ada.get(path),
                ada.patch(path, body("service", token, "{\"name\":\"x\"}")), ada.delete(path))) {
                assertThat(answer.status()).isEqualTo(404);
                assertThat(answer.errors()).containsExactly(id + " not found");
            }
        }
        var elsewhere = tokensOf(robot(org)) + "/" + token;
        for (var answer : List.of(ada.get(elsewhere), ada.delete(elsewhere),
            ada.patch(elsewhere, body("service", token, "{\"name\":\"x\"}")), ada.get(OWN + "/nonsense"))) {
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.errors()).containsExactly("Access token not found");
        }
    }

    @Test
    void what_ends_first_comes_first() {
        var ada = roster.newOrg("acme").founder();
        var robot = robot(ada.org());
        for (var end : List.of("\"2998-01-01T00:00:00Z\"", "null", "\"2997-01-01T00:00:00+02:00\"")) {
            assertThat(ada.post(tokensOf(robot), body("service", "", """
                {"name":"until %s","scopes":["user_access_read"],"expires_at":%s}"""
                .formatted(end.replace("\"", ""), end))).status()).isEqualTo(201);
        }

        var sorted = List.of("until 2997-01-01T00:00:00+02:00", "until 2998-01-01T00:00:00Z", "until null");
        assertThat(ada.get(tokensOf(robot) + "?sort=expires_at").each("/data", "/attributes/name")).isEqualTo(sorted);
        assertThat(ada.get(tokensOf(robot) + "?sort=-expires_at").each("/data", "/attributes/name"))
            .isEqualTo(sorted.reversed());
        assertThat(ada.get(tokensOf(robot) + "?sort=last_used_at&page[size]=2&page[number]=1").at("/data")).hasSize(1);
        assertThat(ada.get(tokensOf(robot) + "?page[size]=101").status()).isEqualTo(400);
    }
}
