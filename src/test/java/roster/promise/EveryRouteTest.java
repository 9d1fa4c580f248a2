package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import roster.base.http.Needs;
import roster.base.http.Route;
import roster.model.LoginMethod;
import roster.model.Permission;
import roster.support.Inviting;
import roster.support.Metadata;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// Walks the table of routes and asks each for what it owes: its refusals, its walls, its audit entries. A new route is
/// asked on the day it is added, and one that changes something or takes an id needs a recipe here.
class EveryRouteTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static final Pattern UUID_TEXT = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    /// Does what it can and says what it could not: AnonymiseTest asks it for its walls.
    private static final String PARTIAL = "PUT /api/v2/anonymize_users";
    private static final String USERS = "/api/v2/users";
    private static final String ROLES = "/api/v2/roles";
    private static final String ACCOUNTS = "/api/v2/service_accounts";
    private static final String TOKENS = "/api/v2/personal_access_tokens";
    private static final String API_KEYS = "/api/v2/api_keys";
    private static final String OWN_KEYS = "/api/v2/current_user/application_keys";

    /// A request that will do in this organisation. The ids in it belong to the organisation.
    ///
    /// @param body null for none
    record Call(String path, String body) {
        Call with(Map<String, String> otherIds) {
            return new Call(replaced(path, otherIds), body == null ? null : replaced(body, otherIds));
        }

        /// What a body of these pages is; elsewhere it is JSON.
        Map<String, String> headers() {
            if (path.endsWith("/idp_metadata")) {
                return Map.of("Content-Type", Metadata.FORM);
            }
            return path.startsWith("/invitations/") ? Map.of("Content-Type", Inviting.FORM) : Map.of();
        }

        Set<String> ids() {
            return UUID_TEXT.matcher(path + body).results().map(found -> found.group())
                .collect(Collectors.toCollection(TreeSet::new));
        }

        private static String replaced(String text, Map<String, String> otherIds) {
            return UUID_TEXT.matcher(text).replaceAll(found -> otherIds.get(found.group()));
        }
    }

    private static final Map<String, Function<TestOrg, Call>> RECIPES = recipes();

    private static Map<String, Function<TestOrg, Call>> recipes() {
        var recipes = new HashMap<String, Function<TestOrg, Call>>();
        recipes.put("POST " + USERS, org -> new Call(USERS, """
            {"data":{"type":"users","attributes":{"email":"new@acme.test"},
             "relationships":{"roles":{"data":[{"type":"roles","id":"%s"}]}}}}
            """.formatted(role(org))));
        recipes.put("GET /api/v2/users/{user_id}", org -> new Call(user(org), null));
        recipes.put("PATCH /api/v2/users/{user_id}", org -> {
            var path = user(org);
            return new Call(path, """
                {"data":{"type":"users","id":"%s","attributes":{"name":"Changed"}}}
                """.formatted(path.substring(path.lastIndexOf('/') + 1)));
        });
        recipes.put("DELETE /api/v2/users/{user_id}", org -> new Call(user(org), null));
        recipes.put("GET /api/v2/users/{user_id}/orgs",
            org -> new Call(USERS + "/" + org.founder().id() + "/orgs", null));
        recipes.put("GET /api/v2/users/{user_id}/permissions", org -> new Call(user(org) + "/permissions", null));

        recipes.put("POST " + ROLES,
            org -> new Call(ROLES, "{\"data\":{\"type\":\"roles\",\"attributes\":{\"name\":\"new\"}}}"));
        recipes.put("GET /api/v2/roles/{role_id}", org -> new Call(ROLES + "/" + role(org), null));
        recipes.put("DELETE /api/v2/roles/{role_id}", org -> new Call(ROLES + "/" + role(org), null));
        recipes.put("PATCH /api/v2/roles/{role_id}", org -> {
            var role = role(org);
            return new Call(ROLES + "/" + role, """
                {"data":{"type":"roles","id":"%s","attributes":{"name":"changed"}}}""".formatted(role));
        });
        recipes.put("POST /api/v2/roles/{role_id}/clone", org -> new Call(ROLES + "/" + role(org) + "/clone",
            "{\"data\":{\"type\":\"roles\",\"attributes\":{\"name\":\"copy\"}}}"));
        recipes.put("GET /api/v2/roles/{role_id}/permissions",
            org -> new Call(ROLES + "/" + role(org) + "/permissions", null));
        recipes.put("POST /api/v2/roles/{role_id}/permissions",
            org -> new Call(ROLES + "/" + role(org) + "/permissions",
                permission("api_keys_read")));
        recipes.put("DELETE /api/v2/roles/{role_id}/permissions",
            org -> new Call(ROLES + "/" + role(org) + "/permissions", permission("dashboards_read")));
        recipes.put("GET /api/v2/roles/{role_id}/users", org -> new Call(ROLES + "/" + role(org) + "/users", null));
        recipes.put("POST /api/v2/roles/{role_id}/users", org -> new Call(ROLES + "/" + role(org) + "/users",
            reference(org.newPending("member@acme.test").id())));
        recipes.put("DELETE /api/v2/roles/{role_id}/users", org -> {
            var role = role(org);
            var member = org.newUserWith("member@acme.test", List.of(role)).id();
            return new Call(ROLES + "/" + role + "/users", reference(member));
        });

        recipes.put("PATCH /api/v2/current_user", org -> new Call("/api/v2/current_user", """
            {"data":{"type":"users","id":"%s","attributes":{"title":"Changed"}}}""".formatted(org.founder().id())));
        recipes.put("POST " + API_KEYS, org -> new Call(API_KEYS, key("api_keys", "")));
        recipes.put("GET " + API_KEYS + "/{api_key_id}", org -> new Call(API_KEYS + "/" + apiKey(org), null));
        recipes.put("PATCH " + API_KEYS + "/{api_key_id}", org -> {
            var id = apiKey(org);
            return new Call(API_KEYS + "/" + id, key("api_keys", id));
        });
        recipes.put("DELETE " + API_KEYS + "/{api_key_id}", org -> new Call(API_KEYS + "/" + apiKey(org), null));
        recipes.put("POST " + OWN_KEYS, org -> new Call(OWN_KEYS, key("application_keys", "")));
        for (var keys : List.of(OWN_KEYS, "/api/v2/application_keys")) {
            recipes.put("GET " + keys + "/{app_key_id}", org -> new Call(keys + "/" + applicationKey(org), null));
            recipes.put("PATCH " + keys + "/{app_key_id}", org -> {
                var id = applicationKey(org);
                return new Call(keys + "/" + id, key("application_keys", id));
            });
            recipes.put("DELETE " + keys + "/{app_key_id}", org -> new Call(keys + "/" + applicationKey(org), null));
        }

        recipes.put("POST " + Inviting.PATH,
            org -> new Call(Inviting.PATH, Inviting.body(org.newPending("invited@acme.test").id())));
        recipes.put("GET /api/v2/user_invitations/{user_invitation_uuid}",
            org -> new Call(Inviting.PATH + "/" + invitation(org), null));
        recipes.put("GET /api/v2/roster/invitations/{invitation_id}/delivery",
            org -> new Call("/api/v2/roster/invitations/" + invitation(org) + "/delivery", null));
        recipes.put("POST /api/v2/roster/invitations/{invitation_id}/bounce", org -> {
            var id = invitation(org);
            Inviting.sent(org, id);
            return new Call("/api/v2/roster/invitations/" + id + "/bounce", Inviting.bounce("550 no such user"));
        });
        recipes.put("DELETE " + Inviting.OWN_PATH + "/{invitation_id}",
            org -> new Call(Inviting.OWN_PATH + "/" + invitation(org), null));
        recipes.put("POST " + Inviting.OWN_PATH + "/{invitation_id}/resend",
            org -> new Call(Inviting.OWN_PATH + "/" + invitation(org) + "/resend", null));
        recipes.put("DELETE /api/v2/users/{user_id}/invitations", org -> {
            var invited = org.newPending("invited@acme.test").id();
            Inviting.invited(org.founder(), invited);
            return new Call(USERS + "/" + invited + "/invitations", null);
        });
        recipes.put("GET /api/v2/org_configs/{org_config_name}",
            org -> new Call("/api/v2/org_configs/pci_enabled", null));
        recipes.put("PATCH /api/v2/org_configs/{org_config_name}", org -> new Call("/api/v2/org_configs/pci_enabled",
            "{\"data\":{\"type\":\"org_configs\",\"attributes\":{\"value\":true}}}"));
        recipes.put("PUT /api/v2/login/org_configs/max_session_duration",
            org -> new Call("/api/v2/login/org_configs/max_session_duration", """
                {"data":{"type":"max_session_duration","attributes":{"max_session_duration":3600}}}
                """));
        recipes.put("PATCH /api/v2/identity_providers/{idp_id}", org -> {
            Metadata.upload(org.founder());
            return new Call("/api/v2/identity_providers/" + saml(org),
                "{\"data\":{\"type\":\"identity_providers\",\"id\":\"%s\",\"attributes\":{\"enabled\":true}}}"
                    .formatted(saml(org)));
        });
        recipes.put("GET /api/v2/identity_providers/{idp_id}/users",
            org -> new Call("/api/v2/identity_providers/" + saml(org) + "/users", null));
        recipes.put("GET /api/v2/users/{user_id}/identity_providers",
            org -> new Call(user(org) + "/identity_providers", null));
        recipes.put("PATCH /api/v2/users/{user_id}/relationships/identity_providers",
            org -> new Call(user(org) + "/relationships/identity_providers",
                "{\"data\":[{\"type\":\"identity_providers\",\"id\":\"%s\"}]}"
                    .formatted(LoginMethod.STANDARD.id(org.id()).value())));
        recipes.put("POST /api/v2/saml_configurations/idp_metadata",
            org -> new Call("/api/v2/saml_configurations/idp_metadata", Metadata.form(Metadata.OF_AN_IDP)));
        recipes.put("GET /api/v2/saml_configurations/{saml_config_uuid}",
            org -> new Call("/api/v2/saml_configurations/" + Metadata.upload(org.founder()).id(), null));
        recipes.put("PATCH /api/v2/saml_configurations/{saml_config_uuid}",
            org -> new Call("/api/v2/saml_configurations/" + Metadata.upload(org.founder()).id(), """
                {"data":{"type":"saml_configurations","attributes":{"idp_initiated":true}}}
                """));
        recipes.put("PATCH /api/v2/org/saml_configurations", org -> new Call("/api/v2/org/saml_configurations", """
            {"data":{"type":"saml_preferences","attributes":{"default_role_uuids":["%s"]}}}
            """.formatted(role(org))));
        recipes.put("GET /api/v1/org/{public_id}", org -> new Call(oldPath(org), null));
        recipes.put("PUT /api/v1/org/{public_id}", org -> new Call(oldPath(org), "{\"name\":\"Changed\"}"));
        recipes.put("POST /api/v2/org/disable",
            org -> new Call("/api/v2/org/disable", "{\"data\":{\"type\":\"customer_org_disable\"}}"));
        recipes.put("POST /api/v2/service_accounts", org -> new Call(ACCOUNTS, """
            {"data":{"type":"users","attributes":{"email":"robot@acme.test","service_account":true}}}
            """));
        var keys = ACCOUNTS + "/{service_account_id}/application_keys";
        recipes.put("GET " + keys, org -> new Call(account(org) + "/application_keys", null));
        recipes.put("POST " + keys, org -> new Call(account(org) + "/application_keys", key("application_keys", "")));
        recipes.put("GET " + keys + "/{app_key_id}", org -> new Call(accountKey(org), null));
        recipes.put("PATCH " + keys + "/{app_key_id}", org -> {
            var path = accountKey(org);
            return new Call(path, key("application_keys", last(path)));
        });
        recipes.put("DELETE " + keys + "/{app_key_id}", org -> new Call(accountKey(org), null));
        var tokens = ACCOUNTS + "/{service_account_id}/access_tokens";
        recipes.put("GET " + tokens, org -> new Call(account(org) + "/access_tokens", null));
        recipes.put("POST " + tokens, org -> new Call(account(org) + "/access_tokens", token("service", "")));
        recipes.put("GET " + tokens + "/{token_id}", org -> new Call(accountToken(org), null));
        recipes.put("PATCH " + tokens + "/{token_id}", org -> {
            var path = accountToken(org);
            return new Call(path, token("service", last(path)));
        });
        recipes.put("DELETE " + tokens + "/{token_id}", org -> new Call(accountToken(org), null));
        recipes.put("POST " + TOKENS, org -> new Call(TOKENS, token("personal", "")));
        recipes.put("GET " + TOKENS + "/{token_id}", org -> new Call(ownToken(org), null));
        recipes.put("PATCH " + TOKENS + "/{token_id}", org -> {
            var path = ownToken(org);
            return new Call(path, token("personal", last(path)));
        });
        recipes.put("DELETE " + TOKENS + "/{token_id}", org -> new Call(ownToken(org), null));
        recipes.put("POST /api/v2/authn_mappings", org -> new Call("/api/v2/authn_mappings", mapping("", role(org))));
        recipes.put("GET /api/v2/authn_mappings/{authn_mapping_id}", org -> new Call(
            "/api/v2/authn_mappings/" + mapping(org), null));
        recipes.put("PATCH /api/v2/authn_mappings/{authn_mapping_id}", org -> {
            var id = mapping(org);
            return new Call("/api/v2/authn_mappings/" + id, mapping(id, org.newRole("other", List.of()).toString()));
        });
        recipes.put("DELETE /api/v2/authn_mappings/{authn_mapping_id}", org -> new Call(
            "/api/v2/authn_mappings/" + mapping(org), null));
        recipes.put("POST /api/v2/audit/events/search", org -> new Call("/api/v2/audit/events/search", "{}"));
        recipes.put("PUT /api/v2/anonymize_users", org -> new Call("/api/v2/anonymize_users", """
            {"data":{"type":"anonymize_users_request","attributes":{"user_ids":["%s"]}}}
            """.formatted(org.newPending("somebody@acme.test").id())));
        recipes.put("GET /api/v2/roster/users/{user_id}", org -> new Call(
            "/api/v2/roster/users/%s?as_of=2999-01-01T00:00:00Z".formatted(org.newPending("was@acme.test").id()),
            null));
        recipes.put("GET /api/v2/roster/users/{user_id}/permissions/{permission}", org -> new Call(
            "/api/v2/roster/users/%s/permissions/user_access_manage".formatted(org.founder().id()), null));
        recipes.put("GET /api/v2/global_orgs",
            org -> new Call("/api/v2/global_orgs?user_handle=founder%40acme.test", null));
        recipes.put("PATCH /api/v2/ip_allowlist", org -> new Call("/api/v2/ip_allowlist", """
            {"data":{"type":"ip_allowlist","attributes":{"enabled":true,
             "entries":[{"data":{"attributes":{"cidr_block":"127.0.0.0/8"}}}]}}}
            """));
        recipes.put("PATCH /api/v2/domain_allowlist", org -> new Call("/api/v2/domain_allowlist",
            "{\"data\":{\"type\":\"domain_allowlist\",\"attributes\":{\"enabled\":true}}}"));
        recipes.put("POST /invitations/{token}", org -> new Call(Inviting.link(org, invitation(org)),
            Inviting.form("Bob Miller", Inviting.PASSWORD)));
        recipes.put("POST /invitations/{token}/ask", org -> {
            var lapsed = invitation(org);
            Inviting.expire(org, lapsed);
            return new Call(Inviting.link(org, lapsed) + "/ask", null);
        });
        return recipes;
    }

    private static String oldPath(TestOrg org) {
        return "/api/v1/org/" + roster.sqlValue("SELECT public_id FROM orgs WHERE id = ?", org.id().value());
    }

    private static String saml(TestOrg org) {
        return LoginMethod.SAML.id(org.id()).value().toString();
    }

    private static String user(TestOrg org) {
        return USERS + "/" + org.newPending("somebody@acme.test").id();
    }

    private static String role(TestOrg org) {
        return org.newRole("ops", List.of("dashboards_read")).toString();
    }

    private static String invitation(TestOrg org) {
        return Inviting.invited(org.founder(), org.newPending("invited@acme.test").id());
    }

    private static String apiKey(TestOrg org) {
        return org.founder().post(API_KEYS, key("api_keys", "")).id();
    }

    private static String applicationKey(TestOrg org) {
        return org.founder().post(OWN_KEYS, key("application_keys", "")).id();
    }

    private static String account(TestOrg org) {
        return ACCOUNTS + "/" + org.newServiceAccount("robot@acme.test", List.of()).id();
    }

    private static String accountKey(TestOrg org) {
        var keys = account(org) + "/application_keys";
        return keys + "/" + org.founder().post(keys, key("application_keys", "")).id();
    }

    private static String accountToken(TestOrg org) {
        var tokens = account(org) + "/access_tokens";
        return tokens + "/" + org.founder().post(tokens, token("service", "")).id();
    }

    private static String ownToken(TestOrg org) {
        return TOKENS + "/" + org.founder().post(TOKENS, token("personal", "")).id();
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /// @param id empty for a new one
    private static String token(String kind, String id) {
        return """
            {"data":{"type":"%s_access_tokens",%s"attributes":{"name":"token %s","scopes":["user_access_read"]%s}}}
            """.formatted(kind, id.isEmpty() ? "" : "\"id\":\"%s\",".formatted(id), id,
            id.isEmpty() ? ",\"expires_at\":\"2999-01-01T00:00:00Z\"" : "");
    }

    private static String mapping(TestOrg org) {
        return org.founder().post("/api/v2/authn_mappings", mapping("", role(org))).id();
    }

    /// @param id empty for none
    private static String mapping(String id, String role) {
        return """
            {"data":{"type":"authn_mappings",%s"attributes":{"attribute_key":"a","attribute_value":"b"},
             "relationships":{"role":{"data":{"type":"roles","id":"%s"}}}}}
            """.formatted(id.isEmpty() ? "" : "\"id\":\"%s\",".formatted(id), role);
    }

    /// @param id empty for none
    private static String key(String type, String id) {
        return """
            {"data":{"type":"%s",%s"attributes":{"name":"key %s"}}}""".formatted(type,
            id.isEmpty() ? "" : "\"id\":\"%s\",".formatted(id), id);
    }

    private static String permission(String name) {
        return "{\"data\":{\"type\":\"permissions\",\"id\":\"%s\"}}"
            .formatted(roster.program().kernel().catalogue().find(new Permission(name)).orElseThrow().id());
    }

    private static String reference(Object user) {
        return "{\"data\":{\"type\":\"users\",\"id\":\"%s\"}}".formatted(user);
    }

    private static String name(Route route) {
        return route.method() + " " + route.template();
    }

    static Call call(Route route, TestOrg org) {
        var recipe = RECIPES.get(name(route));
        if (recipe == null && !changes(route) && !route.template().contains("{")) {
            return new Call(route.template(), null);
        }
        if (recipe == null) {
            return fail("%s has no recipe: add a request that it accepts to EveryRouteTest.recipes()"
                .formatted(name(route)));
        }
        return recipe.apply(org);
    }

    private static boolean changes(Route route) {
        return !route.method().equals("GET") && !route.template().endsWith("/search");
    }

    private static boolean open(Route route) {
        return route.needs() == Needs.Simple.NOTHING || route.needs() == Needs.Simple.HEALTH;
    }

    private static Stream<Named<Route>> routes(Predicate<Route> which) {
        return roster.node().routes.all().stream().filter(which).map(route -> Named.of(name(route), route));
    }

    static Stream<Named<Route>> withKeys() {
        return routes(route -> !open(route));
    }

    static Stream<Named<Route>> withPermission() {
        return routes(route -> route.needs() instanceof Needs.OneOf);
    }

    static Stream<Named<Route>> changing() {
        return routes(EveryRouteTest::changes);
    }

    static Stream<Named<Route>> readingWithKeys() {
        return routes(route -> !changes(route) && !open(route));
    }

    static Stream<Named<Route>> takingIds() {
        return routes(route -> !open(route) && !name(route).equals(PARTIAL)
            && !call(route, roster.newOrg("acme")).ids().isEmpty());
    }

    @Test
    void only_the_api_needs_keys_and_all_of_it_does() {
        assertThat(roster.node().routes.all()).isNotEmpty()
            .allSatisfy(route -> assertThat(open(route)).as(name(route))
                .isNotEqualTo(route.template().startsWith("/api/")));
    }

    @Test
    void no_recipe_is_left_from_a_route_that_is_gone() {
        assertThat(roster.node().routes.all().stream().map(EveryRouteTest::name)).containsAll(RECIPES.keySet());
    }

    @ParameterizedTest
    @MethodSource("withKeys")
    void without_credentials_a_key_is_asked_for(Route route) {
        var path = route.template().replaceAll("\\{[a-z_]+}", UUID.randomUUID().toString());

        var answer = roster.send(route.method(), path, route.method().equals("GET") ? null : "{}");

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.errors()).containsExactly("API key required");
    }

    @ParameterizedTest
    @MethodSource("withPermission")
    void without_the_permission_it_is_refused(Route route) {
        var org = roster.newOrg("acme");
        var call = call(route, org);
        var before = org.version() + 1; // the key that can do nothing is a change itself

        var answer = org.founder().scopedTo().send(route.method(), call.path(), call.body());

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.errors()).containsExactly("Forbidden", "Failed permission authorization checks");
        assertThat(org.version()).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("takingIds")
    void ids_of_another_organisation_are_unknown_ones(Route route) {
        var caller = roster.newOrg("acme").founder();
        var other = roster.newOrg("acme");
        var call = call(route, other);
        var unknownIds = call.ids().stream().collect(Collectors.toMap(id -> id, id -> UUID.randomUUID().toString()));
        var unknown = call.with(unknownIds);
        var before = List.of(caller.org().version(), other.version());

        var foreign = caller.send(route.method(), call.path(), call.body());
        var expected = caller.send(route.method(), unknown.path(), unknown.body());

        assertThat(foreign.status()).isBetween(400, 499).isEqualTo(expected.status());
        assertThat(foreign.errors().stream().map(error -> Call.replaced(error, unknownIds)))
            .isEqualTo(expected.errors());
        assertThat(List.of(caller.org().version(), other.version())).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("changing")
    void a_change_has_its_audit_entries_under_the_requests_id(Route route) {
        var org = roster.newOrg("acme");
        var call = call(route, org);
        var before = org.version();

        var answer = org.founder().send(route.method(), call.path(), call.body(), call.headers());

        assertThat(answer.status()).as(answer.toString()).isBetween(200, 299);
        assertThat(org.version()).isGreaterThan(before);
        assertThat(roster.sql("SELECT DISTINCT request_id FROM audit_entries WHERE org_id = ? AND version > ?",
            org.id().value(), before)).containsExactly(List.of(answer.header("X-Request-Id").orElseThrow()));
    }

    @ParameterizedTest
    @MethodSource("readingWithKeys")
    void reading_changes_nothing(Route route) {
        var org = roster.newOrg("acme");
        var call = call(route, org);
        var before = org.version();

        var answer = org.founder().send(route.method(), call.path(), call.body());

        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(org.version()).isEqualTo(before);
    }
}
