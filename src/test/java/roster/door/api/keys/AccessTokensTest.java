package roster.door.api.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.door.api.keys.Tokens.NEXT_YEAR;
import static roster.door.api.keys.Tokens.OWN;
import static roster.door.api.keys.Tokens.attributes;
import static roster.door.api.keys.Tokens.body;
import static roster.door.api.keys.Tokens.own;
import static roster.door.api.keys.Tokens.robot;
import static roster.door.api.keys.Tokens.secret;
import static roster.door.api.keys.Tokens.tokensOf;
import static roster.door.api.keys.Tokens.with;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.model.Role;
import roster.support.TestRoster;
import roster.support.TestUser;

/// What access tokens open, when they end, and what they can hand out.
class AccessTokensTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

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
        assertThat(with(roster, secret, "/api/v2/users").status()).isEqualTo(403);
        assertThat(with(roster, secret, OWN).status()).isEqualTo(403);

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
        assertThat(with(roster, secret, "/api/v2/users").status()).isEqualTo(200);

        assertThat(ada.delete(OWN + "/" + created.id()).status()).isEqualTo(204);

        assertThat(with(roster, secret, "/api/v2/users").status()).isEqualTo(403);
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

        assertThat(with(roster, secret, "/api/v2/users").status()).isEqualTo(403);
        org.founder().patch("/api/v2/users/" + bob.id(), """
            {"data":{"type":"users","id":"%s","attributes":{"disabled":false}}}""".formatted(bob.id()));
        assertThat(with(roster, secret, "/api/v2/users").status()).isEqualTo(403);
        assertThat(roster.sqlValue("""
            SELECT jsonb_array_length(before->'access_tokens') FROM audit_entries WHERE org_id = ? AND action = 'user.disabled'
            """, org.id().value())).isEqualTo(1);
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
    void last_use_is_noted() {
        var ada = roster.newOrg("acme").founder();
        var created = own(ada, "user_access_read");
        assertThat(ada.get(OWN + "/" + created.id()).at("/data/attributes/last_used_at").isNull()).isTrue();

        with(roster, secret(created), "/api/v2/users");
        roster.program().access.lastUse.note();

        assertThat(ada.get(OWN + "/" + created.id()).text("/data/attributes/last_used_at")).isNotEmpty();
    }

    @Test
    void the_ip_allowlist_counts_for_tokens_too() {
        var org = roster.newOrg("acme");
        var secret = secret(own(org.founder(), "user_access_read"));
        roster.sql("INSERT INTO ip_allowlists (org_id, enabled, version) VALUES (?, true, 1) RETURNING 1",
            org.id().value());
        roster.sql("SELECT roster_touch(?, 'allowlist')", org.id().value());

        assertThat(with(roster, secret, "/api/v2/users").status()).isEqualTo(403);
    }
}
