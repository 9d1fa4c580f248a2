package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import roster.base.http.Needs;
import roster.base.http.Route;
import roster.model.Permission;
import roster.model.Role;
import roster.support.Answer;
import roster.support.Recipe;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// Every route and every kind of caller: who is let in is what the contract says, written
/// down here once more and not taken from the routes.
class PermissionMatrixTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    /// The contract's tables: method, path, and the permissions of which one is needed, or all where they are joined by `+`; `-`
    /// for none beyond authentication.
    /// The first line that fits counts.
    private static final List<String[]> CONTRACT = """
        GET    /api/v2/users/[^/]+/orgs                 -
        GET    /api/v2/users/[^/]+/identity_providers   user_access_read
        GET    /api/v2/users.*                          user_access_read
        POST   /api/v2/users                            user_access_invite
        DELETE /api/v2/users/[^/]+/invitations          user_access_invite
        PATCH  /api/v2/users/[^/]+/relationships/.*     user_access_manage
        *      /api/v2/users/[^/]+                      user_access_manage,service_account_write
        *      /api/v2/user_invitations.*               user_access_invite
        GET    /api/v2/(roles|permissions|authn_mappings|global_orgs|identity_providers).*  user_access_read
        *      /api/v2/(roles|authn_mappings|anonymize_users).*       user_access_manage
        *      /api/v2/service_accounts.*               service_account_write
        GET    /api/v2/api_keys.*                       api_keys_read
        DELETE /api/v2/api_keys.*                       api_keys_delete
        *      /api/v2/api_keys.*                       api_keys_write
        *      /api/v2/current_user/application_keys.*  user_app_keys
        GET    /api/v2/application_keys.*               org_app_keys_read
        *      /api/v2/application_keys.*               org_app_keys_write
        POST   /api/v2/personal_access_tokens           user_app_keys
        GET    /api/v2/personal_access_tokens.*         user_app_keys,org_app_keys_read
        *      /api/v2/personal_access_tokens.*         user_app_keys,org_app_keys_write
        GET    /api/v2/current_user                     -
        PATCH  /api/v2/current_user                     user_self_profile_write
        GET    /api/v2/(org_configs.*|org)              -
        GET    /api/v1/org.*                            -
        *      /api/v2/domain_allowlist                 org_management,monitors_write,generate_dashboard_reports,generate_log_reports,manage_log_reports
        *      /api/v[12]/(org|org_configs|login/org_configs|saml_configurations|ip_allowlist|identity_providers).*  org_management
        *      /api/v2/audit/events.*                   audit_logs_read
        GET    /api/v2/roster/event.*                   audit_logs_read
        *      /api/v[12]/validate(_keys)?              -
        GET    /api/v2/roster/invitations.*             user_access_invite
        *      /api/v2/roster/invitations.*             user_access_invite
        *      /api/v2/roster/sessions.*                -
        *      /api/v2/roster/users/[^/]+/(sessions|identities).*    user_access_manage
        *      /api/v2/roster/users/[^/]+/password_reset user_access_manage
        DELETE /api/v2/roster/users/[^/]+/second_factors  user_access_manage
        *      /api/v2/roster/org/sessions              org_management
        *      /api/v2/roster/identity_providers.*      org_management
        GET    /api/v2/scim/(ServiceProviderConfig|ResourceTypes|Schemas).*  -
        *      /api/v2/scim/Me                          -
        *      /api/v2/scim/(Users|Groups|Bulk|.search).* user_access_invite+user_access_manage
        GET    /api/v2/roster/users                     user_access_read
        GET    /api/v2/roster/users.*                   audit_logs_read
        """.lines().map(line -> line.strip().split(" +")).toList();

    /// Let in, and refused afterwards by a rule that says the same: what is handed out is more than the caller holds, or it is
    /// another's.
    private static final Map<String, Set<Kind>> REFUSED_BY_A_RULE = Map.of(
        "POST /api/v2/users", Set.of(Kind.STANDARD, Kind.TOKEN_WITH_IT),
        "POST /api/v2/current_user/application_keys", Set.of(Kind.TOKEN_WITH_IT),
        "POST /api/v2/personal_access_tokens", Set.of(Kind.TOKEN_WITH_IT),
        "POST /api/v2/service_accounts/{service_account_id}/application_keys", Set.of(Kind.TOKEN_WITH_IT),
        "POST /api/v2/service_accounts/{service_account_id}/access_tokens", Set.of(Kind.TOKEN_WITH_IT),
        "PATCH /api/v2/org/saml_configurations", Set.of(Kind.TOKEN_WITH_IT),
        "GET /api/v2/users/{user_id}/orgs", Set.of(Kind.STANDARD, Kind.READ_ONLY),
        "GET /api/v2/global_orgs", Set.of(Kind.STANDARD, Kind.READ_ONLY));

    /// Those who configure a provider need `user_access_manage` too.
    private static final String PROVIDERS = "/api/v2/roster/identity_providers";

    private static final AtomicInteger ROUTES = new AtomicInteger();
    private static final AtomicInteger CELLS = new AtomicInteger();

    private enum Kind {
        ADMIN, STANDARD, READ_ONLY, SCOPED_KEY_WITHOUT_IT, TOKEN_WITH_IT, TOKEN_WITHOUT_IT, DISABLED_OWNERS_KEY,
        DISABLED_OWNERS_TOKEN
    }

    private static List<String> needed(Route route) {
        var permissions = CONTRACT.stream()
            .filter(line -> line[0].equals("*") || line[0].equals(route.method()))
            .filter(line -> route.template().matches(line[1])).findFirst()
            .orElseThrow(() -> new AssertionError("the contract's tables above do not name " + route))[2];
        return permissions.equals("-") ? List.of() : List.of(permissions.split(","));
    }

    static Stream<Named<Route>> routes() {
        return roster.node().routes.all().stream()
            .filter(route -> route.template().startsWith("/api/") && !Recipes.isNotThere(route))
            .map(route -> Named.of(route.method() + " " + route.template(), route));
    }

    @ParameterizedTest
    @MethodSource("routes")
    void who_is_let_in_is_what_the_contract_says(Route route) {
        var needed = needed(route);
        var wrong = new ArrayList<String>();
        for (var kind : Kind.values()) {
            var org = roster.newOrg("acme");
            var call = Recipes.call(route, org);
            var answer = sender(kind, org, needed).send(route.method(), call);
            var letIn = answer.status() != 403 && answer.status() != 401;
            var rule = REFUSED_BY_A_RULE.getOrDefault(route.method() + " " + route.template(), Set.of()).contains(kind)
                || route.template().startsWith(PROVIDERS) && kind == Kind.TOKEN_WITH_IT;
            if (letIn != (holds(kind, route, needed) && !rule)) {
                wrong.add("%s: %d %s".formatted(kind, answer.status(), answer.text()));
            }
            assertThat(answer.status()).as(kind + ": " + answer).isLessThan(500);
            CELLS.incrementAndGet();
        }
        ROUTES.incrementAndGet();

        assertThat(wrong).as("%s needs %s", route, needed).isEmpty();
    }

    @AfterAll
    static void tell() {
        System.out.println(
            "permission matrix: %d routes x %d callers = %d cells looked at"
                .formatted(ROUTES.get(), Kind.values().length, CELLS.get()));
    }

    private static boolean holds(Kind kind, Route route, List<String> needed) {
        if (route.needs() == Needs.Simple.API_KEY) { // each caller with the API key, and none by a token alone
            return kind != Kind.TOKEN_WITH_IT && kind != Kind.TOKEN_WITHOUT_IT && kind != Kind.DISABLED_OWNERS_TOKEN;
        }
        return switch (kind) {
            case ADMIN -> holdsOne(Role.Managed.ADMIN, needed);
            case STANDARD -> holdsOne(Role.Managed.STANDARD, needed);
            case READ_ONLY -> holdsOne(Role.Managed.READ_ONLY, needed);
            case TOKEN_WITH_IT -> true;
            case SCOPED_KEY_WITHOUT_IT, TOKEN_WITHOUT_IT -> needed.isEmpty();
            case DISABLED_OWNERS_KEY, DISABLED_OWNERS_TOKEN -> false;
        };
    }

    /// The permissions that all users hold are held by these too.
    private static boolean holdsOne(Role.Managed role, List<String> needed) {
        return needed.isEmpty() || needed.stream().anyMatch(one -> Stream.of(one.split("\\+")).map(Permission::new)
            .allMatch(permission -> roster.program().kernel().catalogue().heldBy(role).contains(permission)
                || Set.of("user_access_read", "user_self_profile_write").contains(permission.name())));
    }

    private interface Sender {
        Answer send(String method, Recipe.Call call);
    }

    private static Sender sender(Kind kind, TestOrg org, List<String> needed) {
        return switch (kind) {
            case ADMIN -> keys(org.founder());
            case STANDARD -> keys(with(org, Role.Managed.STANDARD));
            case READ_ONLY -> keys(with(org, Role.Managed.READ_ONLY));
            case SCOPED_KEY_WITHOUT_IT -> keys(org.founder().scopedTo("dashboards_read"));
            case TOKEN_WITH_IT -> token(token(org.founder(), needed.isEmpty() ? "dashboards_read" : needed.getFirst()));
            case TOKEN_WITHOUT_IT -> token(token(org.founder(), "dashboards_read"));
            case DISABLED_OWNERS_KEY -> keys(disabled(org.newAdmin("gone@acme.test")));
            case DISABLED_OWNERS_TOKEN -> {
                var owner = org.newAdmin("gone@acme.test");
                var token = token(owner, needed.isEmpty() ? "dashboards_read" : needed.getFirst());
                disabled(owner);
                yield token(token);
            }
        };
    }

    private static TestUser with(TestOrg org, Role.Managed role) {
        return org.newUserWith("caller@acme.test", List.of(org.managed(role).toString()));
    }

    private static TestUser disabled(TestUser owner) {
        assertThat(owner.org().founder().delete("/api/v2/users/" + owner.id()).status()).isEqualTo(204);
        return owner;
    }

    private static String token(TestUser owner, String scope) {
        return owner.post("/api/v2/personal_access_tokens", """
            {"data":{"type":"personal_access_tokens","attributes":{"name":"t","scopes":["%s"],
             "expires_at":"2999-01-01T00:00:00Z"}}}""".formatted(scope.replace("+", "\",\"")))
            .text("/data/attributes/key");
    }

    private static Sender keys(TestUser caller) {
        return (method, call) -> caller.send(method, call.path(), call.body(), call.headers());
    }

    private static Sender token(String token) {
        return (method, call) -> {
            var headers = new HashMap<>(Map.of("Authorization", "Bearer " + token));
            Optional.ofNullable(call.body()).ifPresent(body -> headers.put("Content-Type", "application/json"));
            headers.putAll(call.headers());
            return roster.send(method, call.path(), call.body(), headers);
        };
    }
}
