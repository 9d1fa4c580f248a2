package roster.door.scim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import roster.base.html.Csrf;
import roster.base.html.SessionCookie;
import roster.support.Answer;
import roster.support.SignedIn;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// Who is let in below the bases of SCIM: the contract's section 2.
class ScimCredentialsTest {
    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_TRUSTED_PROXIES", "127.0.0.1"));

    private static Probe probe;

    @BeforeAll
    static void add_routes() {
        probe = new Probe(roster);
    }

    private static TestUser admin() {
        return roster.newOrg("acme").newAdmin("ada@acme.test");
    }

    private static Map<String, String> and(Map<String, String> headers, String name, String value) {
        var all = new HashMap<>(headers);
        all.put(name, value);
        return all;
    }

    private static void assertUnauthorized(Map<String, String> headers) {
        for (var base : Probe.BASES) {
            for (var path : List.of("/Probe", "/Mine")) {
                assertUnauthorized(probe.get(base + path, headers));
            }
            if (!headers.isEmpty()) {
                assertUnauthorized(probe.get(base + "/Schemas", headers));
            }
        }
    }

    private static void assertUnauthorized(Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(401);
        assertThat(answer.header("WWW-Authenticate")).contains("Bearer realm=\"scim\"");
        assertThat(answer.text("/status")).isEqualTo("401");
    }

    private static void assertForbidden(Map<String, String> headers, String detail) {
        for (var base : Probe.BASES) {
            var answer = probe.get(base + "/Probe", headers);
            assertThat(answer.status()).as(answer.toString()).isEqualTo(403);
            assertThat(answer.text("/detail")).isEqualTo(detail);
            assertThat(answer.header("WWW-Authenticate")).isEmpty();
        }
    }

    private static void assertLetIn(Map<String, String> headers) {
        for (var base : Probe.BASES) {
            for (var path : List.of("/Probe", "/Mine", "/Schemas")) {
                var answer = probe.get(base + path, headers);
                assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Credential.class)
    void what_is_good_is_let_in_and_acts_for_its_owner_in_its_organisation(Credential kind) {
        var ada = admin();
        var given = kind.of(ada, "");

        assertLetIn(given.headers());
        var answer = probe.get("/scim/v2/Probe", given.headers());
        assertThat(answer.text("/org")).isEqualTo(ada.org().id().toString());
        assertThat(answer.text("/caller")).isEqualTo(
            roster.sqlValue("SELECT handle FROM users WHERE org_id = ? AND id = ?::uuid", ada.org().id().value(),
                given.ownerId()));
    }

    @ParameterizedTest
    @EnumSource(Credential.class)
    void an_unknown_secret_of_the_same_form_is_refused(Credential kind) {
        var given = kind.of(admin(), "");

        assertUnauthorized(given.with(given.unknown()));
        assertUnauthorized(given.with(given.secret() + "0"));
        assertUnauthorized(given.with(given.secret().substring(1)));
    }

    @ParameterizedTest
    @EnumSource(Credential.class)
    void a_revoked_one_is_refused_from_the_next_request_on(Credential kind) {
        var given = kind.of(admin(), "");
        assertLetIn(given.headers());

        assertThat(given.org().founder().delete(given.path()).status()).isEqualTo(204);

        assertUnauthorized(given.headers());
    }

    @ParameterizedTest
    @EnumSource(Credential.class)
    void that_of_a_disabled_owner_is_refused(Credential kind) {
        var given = kind.of(admin(), "");
        assertLetIn(given.headers());

        assertThat(given.org().founder().delete("/api/v2/users/" + given.ownerId()).status()).isEqualTo(204);

        assertUnauthorized(given.headers());
    }

    @ParameterizedTest
    @EnumSource(Credential.class)
    void that_of_a_disabled_organisation_is_refused(Credential kind) {
        var given = kind.of(admin(), "");
        assertLetIn(given.headers());

        roster.sql("UPDATE orgs SET disabled = true WHERE id = ?", given.org().id().value());
        roster.sql("SELECT roster_touch(?, 'disabled by hand')", given.org().id().value());

        assertUnauthorized(given.headers());
    }

    @ParameterizedTest
    @EnumSource(Credential.class)
    void an_api_key_beside_it_must_be_good_and_of_the_same_organisation(Credential kind) {
        var given = kind.of(admin(), "");
        var org = given.org();
        var second = org.write(tx -> roster.program().key.apiKeys.issue(tx, "second"));

        assertLetIn(and(given.headers(), "DD-API-KEY", org.apiKey()));
        assertLetIn(and(given.headers(), "DD-API-KEY", second.secret()));
        for (var key : List.of(roster.newOrg("other").apiKey(), "0".repeat(32), "x", given.secret())) {
            assertUnauthorized(and(given.headers(), "DD-API-KEY", key));
        }
        org.write(tx -> {
            roster.program().key.keys.revoke(tx, second.id());
            return null;
        });
        assertUnauthorized(and(given.headers(), "DD-API-KEY", second.secret()));
        assertLetIn(and(given.headers(), "DD-API-KEY", org.apiKey()));
    }

    @ParameterizedTest
    @EnumSource(Credential.class)
    void a_key_with_scopes_must_name_both_permissions(Credential kind) {
        var ada = admin();

        assertForbidden(kind.of(ada, "user_access_invite").headers(),
            "Failed permission authorization checks: user_access_manage is needed");
        assertForbidden(kind.of(ada, "user_access_manage").headers(),
            "Failed permission authorization checks: user_access_invite is needed");
        assertForbidden(kind.of(ada, "dashboards_read").headers(),
            "Failed permission authorization checks: user_access_invite is needed");
        assertLetIn(kind.of(ada, Credential.BOTH).headers());
    }

    @ParameterizedTest
    @EnumSource(Credential.class)
    void outside_the_allowed_networks_it_is_forbidden(Credential kind) {
        var given = kind.of(admin(), "");
        assertThat(given.org().founder().patch("/api/v2/ip_allowlist", """
            {"data":{"type":"ip_allowlist","attributes":{"enabled":true,
             "entries":[{"data":{"attributes":{"cidr_block":"127.0.0.0/8"}}}]}}}""").status()).isEqualTo(200);

        assertLetIn(given.headers());
        assertForbidden(and(given.headers(), "X-Forwarded-For", "203.0.113.9"),
            "The IP allowlist of the organization does not admit this address");
        assertUnauthorized(and(given.with(given.unknown()), "X-Forwarded-For", "203.0.113.9"));
    }

    @Test
    void a_caller_with_one_of_the_permissions_is_told_of_the_other_and_may_ask_for_themselves() {
        var org = roster.newOrg("acme");
        var inviter = org.newUserWith("bob@acme.test", List.of(org.newRole("i", List.of("user_access_invite"))
            .toString()));
        var headers = Map.of("Authorization", "Bearer " + inviter.applicationKey());

        assertForbidden(headers, "Failed permission authorization checks: user_access_manage is needed");
        assertThat(probe.get("/scim/v2/Mine", headers).text("/caller")).isEqualTo("bob@acme.test");
        assertThat(probe.get("/scim/v2/Schemas", headers).status()).isEqualTo(200);
    }

    @Test
    void nothing_is_let_in_without_credentials() {
        assertUnauthorized(Map.of());
        assertThat(probe.get("/scim/v2/Probe", Map.of()).text("/detail")).startsWith("Credentials required");
        assertThat(probe.get("/scim/v2/Schemas", Map.of()).status()).isEqualTo(200);
        assertThat(probe.get("/scim/v2/Schemas", Map.of("DD-API-KEY", "")).status()).isEqualTo(200);
    }

    static Stream<String> others() {
        return Stream.of("Basic YTpi", "Basic %s", "Digest username=\"%s\"", "Bearer", "Bearer x", "Token %s",
            "Bearer Bearer Bearer %s", "Bearer %s %s", "Bearer \"%s\"", "Bearer%s", "Bearer token=%s", "%s,%s",
            "OAuth %s");
    }

    @ParameterizedTest
    @MethodSource("others")
    void other_forms_are_refused_also_beside_good_keys(String form) {
        var ada = admin();
        var headers = Map.of("Authorization", form.replace("%s", ada.applicationKey()));

        assertUnauthorized(headers);
        assertUnauthorized(and(and(headers, "DD-API-KEY", ada.apiKey()), "DD-APPLICATION-KEY", ada.applicationKey()));
    }

    @Test
    void an_api_key_alone_and_keys_in_other_places_are_refused() {
        var ada = admin();

        assertUnauthorized(Map.of("DD-API-KEY", ada.apiKey()));
        assertUnauthorized(Map.of("Authorization", "Bearer " + ada.apiKey()));
        assertUnauthorized(Map.of("DD-APPLICATION-KEY", ada.applicationKey()));
        assertUnauthorized(probe.get("/scim/v2/Probe?api_key=%s&application_key=%s&access_token=%s".formatted(
            ada.apiKey(), ada.applicationKey(), ada.applicationKey()), Map.of()));
    }

    @Test
    void a_token_in_the_place_of_an_application_key_is_good_as_elsewhere() {
        var given = Credential.TOKEN.of(admin(), "");

        assertLetIn(Map.of("DD-APPLICATION-KEY", given.secret()));
        assertUnauthorized(Map.of("DD-APPLICATION-KEY", given.secret(), "DD-API-KEY",
            roster.newOrg("other").apiKey()));
    }

    @Test
    void a_token_that_expires_is_good_until_then() {
        var given = Credential.TOKEN.of(admin(), "");
        assertLetIn(given.headers());

        roster.sql("UPDATE access_tokens SET expires_at = roster_now() WHERE org_id = ?", given.org().id().value());
        roster.sql("SELECT roster_touch(?, 'expired by hand')", given.org().id().value());

        assertUnauthorized(given.headers());
    }

    @Test
    void a_session_is_no_credential_and_an_application_key_is_no_session() {
        var ada = admin();
        var session = SignedIn.in(ada);
        var cookie = Map.of("Cookie", session.cookie().get("Cookie"), Csrf.HEADER, session.csrf(), "Sec-Fetch-Site",
            "same-origin");
        for (var base : Probe.BASES) {
            assertUnauthorized(probe.get(base + "/Probe", cookie));
            assertUnauthorized(probe.get(base + "/Mine", cookie));
            assertUnauthorized(probe.get(base + "/Probe", Map.of("Authorization", "Bearer " + session.token())));
            assertThat(probe.get(base + "/Schemas", cookie).status()).isEqualTo(200);
        }
        assertLetIn(Map.of("Authorization", ada.applicationKey())); // from now on it is remembered
        var disguised = Map.of("Cookie", SessionCookie.NAME + "=" + ada.applicationKey());
        assertThat(roster.send("GET", "/console/", null, disguised).header("Location").orElse(""))
            .startsWith("/sign-in");
        assertThat(roster.send("GET", "/api/v2/current_user", null, and(disguised, Csrf.HEADER, session.csrf()))
            .status()).isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer %s", "%s", "Bearer Bearer %s"})
    void everywhere_else_an_application_key_alone_is_refused_as_ever(String form) {
        var ada = admin();
        var headers = Map.of("Authorization", form.formatted(ada.applicationKey()));
        assertLetIn(headers);

        for (var path : List.of("/api/v2/users", "/api/v2/current_user", "/api/v2/validate_keys", "/api/v1/validate",
            "/api/v2/scimx")) {
            var answer = roster.send("GET", path, null, headers);
            assertThat(answer.status()).as(path).isEqualTo(path.endsWith("x") ? 404 : 403);
            assertThat(answer.errors()).containsExactly(path.endsWith("x") ? "Not Found" : "Forbidden");
            assertThat(answer.header("WWW-Authenticate")).isEmpty();
        }
        var token = Credential.TOKEN.of(ada, "").secret();
        assertThat(roster.send("GET", "/api/v2/current_user", null, Map.of("Authorization", token)).status())
            .isEqualTo(403);
        assertThat(roster.send("GET", "/api/v2/current_user", null, Map.of("Authorization", "Bearer Bearer " + token))
            .status()).isEqualTo(403);
    }

    @ParameterizedTest
    @EnumSource(Credential.class)
    void a_write_has_its_entry_and_looks_again_under_the_lock(Credential kind) {
        var given = kind.of(admin(), "");
        var org = given.org();
        probe.meanwhile(() -> {});
        var made = probe.send("POST", "/scim/v2/Role", "{}", given.headers());
        assertThat(made.status()).as(made.toString()).isEqualTo(201);
        assertThat(roster.sql("SELECT actor_id::text, address FROM audit_entries WHERE org_id = ? AND request_id = ?",
            org.id().value(), made.header("X-Request-Id").orElseThrow()).getFirst())
            .isEqualTo(List.of(given.ownerId(), "127.0.0.1"));

        probe.meanwhile(() -> org.founder().delete(given.path()));
        var before = org.version();
        assertUnauthorized(probe.send("POST", "/scim/v2/Role", "{}", given.headers()));
        assertThat(org.version()).isEqualTo(before + 1);
    }

    @Test
    void a_write_needs_both_permissions_under_the_lock_too() {
        var ada = admin();
        var org = ada.org();
        var invite = org.newRole("i", List.of("user_access_invite")).toString();
        var manage = org.newRole("m", List.of("user_access_manage")).toString();
        var bob = org.newUserWith("bob@acme.test", List.of(invite, manage));
        probe.meanwhile(() -> ada.delete("/api/v2/roles/" + manage));

        var answer = probe.send("POST", "/scim/v2/Role", "{}",
            Map.of("Authorization", "Bearer " + bob.applicationKey()));

        assertThat(answer.status()).as(answer.toString()).isEqualTo(403);
        assertThat(answer.text("/detail")).endsWith("user_access_manage is needed");
    }

    @Test
    void a_write_with_an_api_key_beside_needs_it_under_the_lock_too() {
        var ada = admin();
        var second = ada.org().write(tx -> roster.program().key.apiKeys.issue(tx, "second"));
        probe.meanwhile(() -> ada.org().write(tx -> {
            roster.program().key.keys.revoke(tx, second.id());
            return null;
        }));

        assertUnauthorized(probe.send("POST", "/scim/v2/Role", "{}", Map.of("Authorization",
            "Bearer " + ada.applicationKey(), "DD-API-KEY", second.secret())));
    }

    @ParameterizedTest
    @EnumSource(Credential.class)
    void a_write_counts_as_made_over_scim(Credential kind) {
        var given = kind.of(admin(), "");
        var org = given.org();
        probe.meanwhile(() -> {});
        assertThat(probe.send("POST", "/scim/v2/Role", "{}", given.headers()).status()).isEqualTo(201);

        assertThat(trail(org, "scim")).contains("probe-role");
        for (var other : List.of("api", "job", "roster")) {
            assertThat(trail(org, other)).contains("</html>").doesNotContain("probe-role");
        }
        assertThat(roster.program().audit().trail.verify(org.id(), Optional.empty()).faults()).isEmpty();
        roster.sql("UPDATE audit_entries SET scim = false WHERE org_id = ? AND scim", org.id().value());
        assertThat(roster.program().audit().trail.verify(org.id(), Optional.empty()).faults()).isNotEmpty();
    }

    private static String trail(TestOrg org, String source) {
        var page = SignedIn.in(org.founder()).page("/console/audit?source=" + source);
        assertThat(page.status()).as(page.toString()).isEqualTo(200);
        return page.text();
    }

    @Test
    void its_use_is_noted() {
        var given = Credential.KEY.of(admin(), "");
        assertLetIn(given.headers());

        roster.program().access.lastUse.note();

        assertThat(
            roster.sqlValue("SELECT last_used_at IS NOT NULL FROM application_keys WHERE org_id = ? AND id = ?::uuid",
                given.org().id().value(), given.path().replaceFirst(".*/", "")))
            .isEqualTo(true);
    }
}
