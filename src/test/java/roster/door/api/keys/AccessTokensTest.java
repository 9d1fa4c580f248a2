package roster.door.api.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.model.Role;
import roster.support.Answer;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// Personal and service access tokens (access.md 5), and what they open (users.md 1.2).
class AccessTokensTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static final String OWN = "/api/v2/personal_access_tokens";
    private static final String NEXT_YEAR = Instant.now().plus(365, ChronoUnit.DAYS).toString();

    private static String body(String type, String id, String attributes) {
        return """
            {"data":{"type":"%s_access_tokens",%s"attributes":%s}}""".formatted(type,
            id.isEmpty() ? "" : "\"id\":\"%s\",".formatted(id), attributes);
    }

    private static String attributes(String name, String scope, String expiresAt) {
        return "{\"name\":\"%s\",\"scopes\":[\"%s\"],\"expires_at\":\"%s\"}".formatted(name, scope, expiresAt);
    }

    private static Answer own(TestUser caller, String scope) {
        return caller.post(OWN, body("personal", "", attributes("a token", scope, NEXT_YEAR)));
    }

    private static String secret(Answer created) {
        assertThat(created.status()).as(created.toString()).isEqualTo(201);
        return created.text("/data/attributes/key");
    }

    private static Answer with(String token, String path) {
        return TestUser.withToken(roster, token, "GET", path, null);
    }

    private static String robot(TestOrg org, Role.Id... roles) {
        return org.newServiceAccount("robot@acme.test", List.of(roles).stream().map(Role.Id::toString).toList()).id()
            .toString();
    }

    private static String tokensOf(String account) {
        return "/api/v2/service_accounts/%s/access_tokens".formatted(account);
    }

    @Test
    void a_personal_token_is_shown_once_and_stands_for_both_keys() {
        var org = roster.newOrg("acme");
        var ada = org.founder();

        var created = own(ada, "user_access_read");

        assertThat(created.status()).isEqualTo(201);
        var secret = created.text("/data/attributes/key");
        assertThat(secret).matches("ddpat_[0-9A-Za-z]{22}_[0-9A-Za-z]{36}");
        assertThat(created.text("/data/attributes/public_portion")).isEqualTo(secret.substring(6, 28));
        assertThat(created.at("/data/attributes").has("last_used_at")).isFalse();
        assertThat(created.at("/data/attributes").has("modified_at")).isFalse();
        assertThat(created.text("/data/relationships/owned_by/data/type")).isEqualTo("users");
        assertThat(created.text("/data/relationships/owned_by/data/id")).isEqualTo(ada.id());
        assertThat(with(secret, "/api/v2/users").status()).isEqualTo(200);
        assertThat(with(secret, "/api/v2/current_user").id()).isEqualTo(ada.id());
        for (var headers : List.of(Map.of("DD-APPLICATION-KEY", secret),
            Map.of("DD-APPLICATION-KEY", secret, "DD-API-KEY", org.apiKey()),
            Map.of("authorization", "bearer " + secret))) {
            assertThat(roster.send("GET", "/api/v2/users", null, headers).status()).as(headers.keySet().toString())
                .isEqualTo(200);
        }
        for (var shown : List.of(ada.get(OWN + "/" + created.id()), ada.get(OWN), ada.patch(OWN + "/" + created.id(),
            body("personal", created.id(), "{\"name\":\"other\"}")))) {
            assertThat(shown.status()).isEqualTo(200);
            assertThat(shown.text()).doesNotContain(secret.substring(29)).contains(created.id());
        }
        assertThat(roster.sql("SELECT t::text FROM access_tokens t WHERE org_id = ?", org.id().value()).toString())
            .doesNotContain(secret.substring(29));
    }

    @Test
    void a_token_does_what_its_scopes_name_and_its_owner_may() {
        var org = roster.newOrg("acme");
        var role = org.newRole("inviters", List.of("user_app_keys", "user_access_invite"));
        var bob = org.newUserWith("bob@acme.test", List.of(role.toString()));
        var secret = secret(own(bob, "user_access_invite"));
        var invite = """
            {"data":{"type":"users","attributes":{"email":"%s@acme.test"}}}""";
        assertThat(TestUser.withToken(roster, secret, "POST", "/api/v2/users", invite.formatted("one")).status())
            .isEqualTo(201);
        assertThat(with(secret, "/api/v2/users").status()).isEqualTo(403);
        assertThat(with(secret, OWN).status()).isEqualTo(403);

        org.founder().delete("/api/v2/roles/%s/users".formatted(role), """
            {"data":{"type":"users","id":"%s"}}""".formatted(bob.id()));

        assertThat(TestUser.withToken(roster, secret, "POST", "/api/v2/users", invite.formatted("two")).status())
            .isEqualTo(403);
    }

    @Test
    void audit_names_the_token() {
        var org = roster.newOrg("acme");
        var created = own(org.founder(), "user_access_invite");

        TestUser.withToken(roster, secret(created), "POST", "/api/v2/users", """
            {"data":{"type":"users","attributes":{"email":"one@acme.test"}}}""");

        assertThat(roster.sqlValue("""
            SELECT access_token_id::text FROM audit_entries WHERE org_id = ? AND subject_name = 'one@acme.test'
            """, org.id().value())).isEqualTo(created.id());
        assertThat(org.founder().get("/api/v2/audit/events?filter[query]=one").text(
            "/data/0/attributes/attributes/auth_method")).isEqualTo("Access Token");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer ", "Bearer x", "Basic YTpi",
        "Bearer ddpat_0123456789012345678901_012345678901234567890123456789012345"})
    void what_is_no_token_of_ours_is_refused(String authorization) {
        assertThat(roster.send("GET", "/api/v2/users", null, Map.of("Authorization", authorization)).status())
            .isEqualTo(403);
    }

    @Test
    void keys_beside_an_authorization_that_is_not_ours_are_keys() {
        assertThat(roster.newOrg("acme").founder().send("GET", "/api/v2/users", null,
            Map.of("Authorization", "Basic YTpi")).status()).isEqualTo(200);
    }

    @Test
    void an_api_key_beside_a_token_must_be_good_and_of_the_same_organisation() {
        var secret = secret(own(roster.newOrg("acme").founder(), "user_access_read"));

        for (var key : List.of(roster.newOrg("other").apiKey(), "0".repeat(32), "x")) {
            assertThat(roster.send("GET", "/api/v2/users", null,
                Map.of("DD-APPLICATION-KEY", secret, "DD-API-KEY", key)).status()).as(key).isEqualTo(403);
        }
    }

    @Test
    void a_revoked_token_is_refused_at_once_and_revoking_again_is_no_error() {
        var ada = roster.newOrg("acme").founder();
        var created = own(ada, "user_access_read");
        var secret = secret(created);
        assertThat(with(secret, "/api/v2/users").status()).isEqualTo(200);

        assertThat(ada.delete(OWN + "/" + created.id()).status()).isEqualTo(204);

        assertThat(with(secret, "/api/v2/users").status()).isEqualTo(403);
        assertThat(ada.get(OWN).at("/data")).isEmpty();
        assertThat(ada.get(OWN + "/" + created.id()).errors()).containsExactly("Access token not found");
        var version = ada.org().version();
        assertThat(ada.delete(OWN + "/" + created.id()).status()).isEqualTo(204);
        assertThat(ada.org().version()).isEqualTo(version);
        assertThat(ada.delete(OWN + "/" + UUID.randomUUID()).errors()).containsExactly("Access token not found");
    }

    @Test
    void tokens_end_with_the_disabling_of_their_owner_and_do_not_come_back() {
        var org = roster.newOrg("acme");
        var bob = org.newAdmin("bob@acme.test");
        var secret = secret(own(bob, "user_access_read"));
        org.founder().delete("/api/v2/users/" + bob.id());

        assertThat(with(secret, "/api/v2/users").status()).isEqualTo(403);
        org.founder().patch("/api/v2/users/" + bob.id(), """
            {"data":{"type":"users","id":"%s","attributes":{"disabled":false}}}""".formatted(bob.id()));
        assertThat(with(secret, "/api/v2/users").status()).isEqualTo(403);
        assertThat(roster.sqlValue("""
            SELECT jsonb_array_length(before->'access_tokens') FROM audit_entries WHERE org_id = ? AND action = 'user.disabled'
            """, org.id().value())).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"name\":\"x\",\"scopes\":[\"user_access_read\"]}",
        "{\"name\":\"x\",\"scopes\":[\"user_access_read\"],\"expires_at\":\"soon\"}",
        "{\"name\":\"x\",\"scopes\":[\"user_access_read\"],\"expires_at\":\"+12345-01-01T00:00:00Z\"}",
        "{\"name\":\"x\",\"scopes\":[],\"expires_at\":\"2999-01-01T00:00:00Z\"}",
        "{\"name\":\"x\",\"expires_at\":\"2999-01-01T00:00:00Z\"}",
        "{\"name\":\" \",\"scopes\":[\"user_access_read\"],\"expires_at\":\"2999-01-01T00:00:00Z\"}",
        "{\"scopes\":[\"user_access_read\"],\"expires_at\":\"2999-01-01T00:00:00Z\"}"})
    void a_bad_wish_is_400_and_changes_nothing(String attributes) {
        var ada = roster.newOrg("acme").founder();
        var version = ada.org().version();

        assertThat(ada.post(OWN, body("personal", "", attributes)).status()).isEqualTo(400);
        assertThat(ada.org().version()).isEqualTo(version);
    }

    @Test
    void an_expiry_too_near_and_an_unknown_scope_are_named() {
        var ada = roster.newOrg("acme").founder();

        assertThat(ada.post(OWN, body("personal", "", attributes("x", "user_access_read",
            Instant.now().plus(23, ChronoUnit.HOURS).toString()))).errors())
            .containsExactly("expires_at must be at least 24 hours in the future");
        assertThat(own(ada, "fly").errors()).containsExactly("Invalid scope: fly");
    }

    @Test
    void callers_see_their_own_and_those_who_manage_keys_see_all() {
        var org = roster.newOrg("acme");
        var ada = org.founder();
        var bob = org.newUserWith("bob@acme.test",
            List.of(org.newRole("keys", List.of("user_app_keys")).toString()));
        var robot = robot(org);
        var service =
            ada.post(tokensOf(robot), body("service", "", "{\"name\":\"s\",\"scopes\":[\"user_access_read\"]}"));
        var adas = own(ada, "user_access_read");
        var bobs = own(bob, "user_access_read");

        assertThat(bob.get(OWN).each("/data", "/id")).containsExactly(bobs.id());
        assertThat(bob.get(OWN + "?filter[owned_by]=" + ada.id()).at("/data")).isEmpty();
        assertThat(ada.get(OWN).each("/data", "/id")).containsExactlyInAnyOrder(adas.id(), bobs.id(), service.id());
        assertThat(ada.get(OWN + "?sort=-name").each("/data", "/type"))
            .containsExactly("service_access_tokens", "personal_access_tokens", "personal_access_tokens");
        assertThat(ada.get(OWN + "?filter[owned_by]=%s&filter[owned_by]=%s".formatted(bob.id(), robot))
            .each("/data", "/id")).containsExactlyInAnyOrder(bobs.id(), service.id());
        assertThat(ada.get(OWN + "?filter=A%20TOK&page[size]=1").at("/meta/page/total_filtered_count").asInt())
            .isEqualTo(2);
        assertThat(bob.get(OWN + "/" + adas.id()).status()).isEqualTo(404);
        assertThat(bob.delete(OWN + "/" + adas.id()).status()).isEqualTo(404);
        assertThat(ada.patch(OWN + "/" + bobs.id(), body("personal", bobs.id(), "{\"name\":\"seen\"}"))
            .text("/data/attributes/name")).isEqualTo("seen");
        assertThat(ada.delete(OWN + "/" + bobs.id()).status()).isEqualTo(204);
        assertThat(org.newUser("none@acme.test").get(OWN).status()).isEqualTo(403);
        assertThat(ada.get(OWN + "?sort=last4").status()).isEqualTo(400);
    }

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
        assertThat(with(secret, "/api/v2/current_user").id()).isEqualTo(robot);
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
        assertThat(with(secret, "/api/v2/users").status()).isEqualTo(403);
    }

    @Test
    void callers_cannot_issue_a_token_that_can_do_more_than_they_can() {
        var org = roster.newOrg("acme");
        var keeper = org.newUserWith("keeper@acme.test",
            List.of(org.newRole("keepers", List.of("service_account_write", "user_app_keys")).toString()));
        var strong = robot(org, org.managed(Role.Managed.ADMIN));

        assertThat(keeper.post(tokensOf(strong), body("service", "", "{\"name\":\"x\",\"scopes\":[\"user_app_keys\"]}"))
            .status()).isEqualTo(403);
        assertThat(keeper.post(tokensOf(robot(org)),
            body("service", "", "{\"name\":\"x\",\"scopes\":[\"user_app_keys\"]}")).status()).isEqualTo(201);
        assertThat(own(keeper, "org_management").status()).isEqualTo(403);
        var narrow = secret(own(org.founder(), "user_app_keys"));
        assertThat(TestUser.withToken(roster, narrow, "POST", OWN,
            body("personal", "", attributes("wider", "org_management", NEXT_YEAR))).status()).isEqualTo(403);
        assertThat(TestUser.withToken(roster, narrow, "POST", "/api/v2/current_user/application_keys", """
            {"data":{"type":"application_keys","attributes":{"name":"wide"}}}""").status()).isEqualTo(403);
        assertThat(TestUser.withToken(roster, narrow, "POST", OWN,
            body("personal", "", attributes("same", "user_app_keys", NEXT_YEAR))).status()).isEqualTo(201);
    }

    @Test
    void a_bad_edit_is_refused_and_changes_nothing() {
        var ada = roster.newOrg("acme").founder();
        var id = own(ada, "user_access_read").id();
        var path = OWN + "/" + id;
        var version = ada.org().version();

        assertThat(ada.patch(path, body("personal", id, "{\"scopes\":[]}")).errors())
            .containsExactly("API input validation failed: {'scopes': ['Shorter than minimum length 1.']}");
        assertThat(ada.patch(path, body("personal", id, "{\"scopes\":[\"fly\"]}")).errors())
            .containsExactly("Invalid scope: fly");
        assertThat(ada.patch(path, body("personal", id, "{\"name\":\" \"}")).errors())
            .containsExactly("API input validation failed: {'name': ['Shorter than minimum length 1.']}");
        assertThat(ada.patch(path, body("personal", UUID.randomUUID().toString(), "{\"name\":\"x\"}")).status())
            .isEqualTo(422);
        assertThat(ada.patch(path, body("service", id, "{\"name\":\"x\"}")).status()).isEqualTo(400);
        assertThat(ada.patch(path, body("personal", id, "{\"name\":\"a token\"}")).status()).isEqualTo(200);
        assertThat(ada.org().version()).isEqualTo(version);
    }

    @Test
    void a_person_a_stranger_and_the_tokens_of_others_are_not_there() {
        var org = roster.newOrg("acme");
        var ada = org.founder();
        var wish = body("service", "", "{\"name\":\"s\",\"scopes\":[\"user_access_read\"]}");
        var token = ada.post(tokensOf(robot(org)), wish).id();

        for (var id : List.of(ada.id(), robot(roster.newOrg("other")), UUID.randomUUID().toString(), "nobody")) {
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
    void a_token_makes_nothing_wider_than_itself_whatever_it_may_manage() {
        var org = roster.newOrg("acme");
        var scopes = "[\"user_app_keys\",\"user_access_manage\",\"service_account_write\"]";
        var own = org.founder().post(OWN, body("personal", "",
            "{\"name\":\"x\",\"scopes\":%s,\"expires_at\":\"%s\"}".formatted(scopes, NEXT_YEAR)));
        var secret = secret(own);
        var account = robot(org);
        var wide = attributes("wide", "org_management", NEXT_YEAR);
        var key = "{\"data\":{\"type\":\"application_keys\",\"attributes\":{\"name\":\"wide\"}}}";
        var version = org.version();

        for (var call : List.of(List.of("POST", OWN, body("personal", "", wide)),
            List.of("PATCH", OWN + "/" + own.id(), body("personal", own.id(), "{\"scopes\":[\"org_management\"]}")),
            List.of("POST", tokensOf(account), body("service", "", wide)),
            List.of("POST", "/api/v2/current_user/application_keys", key),
            List.of("POST", "/api/v2/service_accounts/%s/application_keys".formatted(account), key))) {
            assertThat(TestUser.withToken(roster, secret, call.get(0), call.get(1), call.get(2)).status())
                .as(call.toString()).isEqualTo(403);
        }
        assertThat(org.version()).isEqualTo(version);
        assertThat(TestUser.withToken(roster, secret, "POST", tokensOf(account),
            body("service", "", attributes("same", "user_app_keys", NEXT_YEAR))).status()).isEqualTo(201);
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

    @Test
    void last_use_is_noted() {
        var ada = roster.newOrg("acme").founder();
        var created = own(ada, "user_access_read");
        assertThat(ada.get(OWN + "/" + created.id()).at("/data/attributes/last_used_at").isNull()).isTrue();

        with(secret(created), "/api/v2/users");
        roster.program().access.lastUse.note();

        assertThat(ada.get(OWN + "/" + created.id()).text("/data/attributes/last_used_at")).isNotEmpty();
    }

    @Test
    void a_service_account_has_no_personal_tokens() {
        var org = roster.newOrg("acme");
        var robot = org.newServiceAccount("robot@acme.test", List.of(org.managed(Role.Managed.ADMIN).toString()));
        var machine = new TestUser(org, robot, org.apiKey(), org.newApplicationKey(robot, Optional.empty()));

        assertThat(own(machine, "user_access_read").status()).isEqualTo(400);
    }

    @Test
    void the_ip_allowlist_counts_for_tokens_too() {
        var org = roster.newOrg("acme");
        var secret = secret(own(org.founder(), "user_access_read"));
        roster.sql("INSERT INTO ip_allowlists (org_id, enabled, version) VALUES (?, true, 1) RETURNING 1",
            org.id().value());
        roster.sql("SELECT roster_touch(?, 'allowlist')", org.id().value());

        assertThat(with(secret, "/api/v2/users").status()).isEqualTo(403);
    }
}
