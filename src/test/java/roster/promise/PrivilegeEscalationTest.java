package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem.HttpMethod;
import io.swagger.v3.oas.models.media.Schema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import roster.Roster;
import roster.base.db.WriteTx;
import roster.base.http.Needs;
import roster.base.source.Ids;
import roster.core.org.OrgConfig;
import roster.core.role.Roles;
import roster.core.identity.AuthnMappings;
import roster.core.saml.SamlConfigurations;
import roster.model.Caller;
import roster.model.Permission;
import roster.model.Problem.Forbidden;
import roster.model.Refused;
import roster.model.Role;
import roster.model.User;
import roster.support.Metadata;
import roster.support.OpenApiCheck;
import roster.support.Recipe.Call;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// P5 at every door: no route, and no noun behind one, lets a caller hand out more than they hold. The routes that hand
/// out roles or permissions are found in the API document, so that a new one fails here until it has its gift.
class PrivilegeEscalationTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    /// Words by which a body hands out roles or permissions, now or to users who are yet to come.
    private static final Set<String> GIVING = Set.of("role", "roles", "permissions", "scopes", "default_roles",
        "default_role_uuids", "jit_domains", "saml_autocreate_access_role", "saml_autocreate_users_domains");

    /// A service account has a role of its creation, and its edits ignore roles.
    private static final Set<String> IGNORING = Set.of("PATCH /api/v2/users/{user_id}", "PATCH /api/v2/current_user");

    /// What a giver tries to hand out: a managed role, or a permission that it holds.
    ///
    /// @param code of the role in the older calls
    private record Given(TestOrg org, TestUser giver, Role.Managed role, String code, String permission) {
        String roleId() {
            return org.managed(role).toString();
        }

        /// A service account that has the role.
        User account() {
            return org.newServiceAccount("machine@gifts.test", List.of(roleId()));
        }

        String of(String body) {
            return body.replace("ROLE", roleId()).replace("CODE", code).replace("PERMISSION", permission);
        }
    }

    /// A way to hand out something.
    ///
    /// @param needed the permission of the route
    private record Grant(String route, String needed, Function<Given, Call> call) {}

    private static Call call(Given given, String path, String body) {
        return new Call(path, given.of(body));
    }

    private static final String APPLICATION_KEYS = "/api/v2/current_user/application_keys";
    private static final String TOKENS = "/api/v2/personal_access_tokens";
    private static final String ACCOUNTS = "/api/v2/service_accounts";

    private static final List<Grant> GIFTS = List.of(
        new Grant("POST /api/v2/users", "user_access_invite", given -> call(given, "/api/v2/users", """
            {"data":{"type":"users","attributes":{"email":"new-CODE@gifts.test"},
             "relationships":{"roles":{"data":[{"type":"roles","id":"ROLE"}]}}}}""")),
        new Grant("POST " + ACCOUNTS, "service_account_write", given -> call(given, ACCOUNTS, """
            {"data":{"type":"users","attributes":{"email":"new-CODE@gifts.test","service_account":true},
             "relationships":{"roles":{"data":[{"type":"roles","id":"ROLE"}]}}}}""")),
        new Grant("POST " + APPLICATION_KEYS, "user_app_keys", given -> call(given, APPLICATION_KEYS, """
            {"data":{"type":"application_keys","attributes":{"name":"x","scopes":["PERMISSION"]}}}""")),
        new Grant("PATCH " + APPLICATION_KEYS + "/{app_key_id}", "user_app_keys", given -> {
            var id = applicationKey(given.giver(), given.giver().user());
            return call(given, APPLICATION_KEYS + "/" + id, keyEdit(id, "[\"PERMISSION\"]"));
        }),
        new Grant("PATCH /api/v2/application_keys/{app_key_id}", "org_app_keys_write", given -> {
            var id = applicationKey(given.giver(), given.account());
            return call(given, "/api/v2/application_keys/" + id, keyEdit(id, "[]"));
        }),
        new Grant("POST " + ACCOUNTS + "/{service_account_id}/application_keys", "service_account_write",
            given -> call(given, "%s/%s/application_keys".formatted(ACCOUNTS, given.account().id()), """
                {"data":{"type":"application_keys","attributes":{"name":"x","scopes":[]}}}""")),
        new Grant("PATCH " + ACCOUNTS + "/{service_account_id}/application_keys/{app_key_id}", "service_account_write",
            given -> {
                var account = given.account();
                var id = applicationKey(given.giver(), account);
                return call(given, "%s/%s/application_keys/%s".formatted(ACCOUNTS, account.id(), id),
                    keyEdit(id, "null"));
            }),
        new Grant("POST " + TOKENS, "user_app_keys", given -> call(given, TOKENS, """
            {"data":{"type":"personal_access_tokens","attributes":{"name":"x","scopes":["PERMISSION"],
             "expires_at":"2999-01-01T00:00:00Z"}}}""")),
        new Grant("PATCH " + TOKENS + "/{token_id}", "user_app_keys", given -> {
            var id = given.giver().post(TOKENS, """
                {"data":{"type":"personal_access_tokens","attributes":{"name":"x","scopes":["user_access_read"],
                 "expires_at":"2999-01-01T00:00:00Z"}}}""").id();
            return call(given, TOKENS + "/" + id, tokenEdit("personal_access_tokens", id));
        }),
        new Grant("POST " + ACCOUNTS + "/{service_account_id}/access_tokens", "service_account_write",
            given -> call(given, "%s/%s/access_tokens".formatted(ACCOUNTS, given.account().id()), """
                {"data":{"type":"service_access_tokens","attributes":{"name":"x","scopes":["PERMISSION"]}}}""")),
        new Grant("PATCH " + ACCOUNTS + "/{service_account_id}/access_tokens/{token_id}", "service_account_write",
            given -> {
                var path = "%s/%s/access_tokens".formatted(ACCOUNTS, given.account().id());
                var id = given.org().founder().post(path, """
                    {"data":{"type":"service_access_tokens","attributes":{"name":"x",
                     "scopes":["user_access_read"]}}}""").id();
                return call(given, path + "/" + id, tokenEdit("service_access_tokens", id));
            }),
        new Grant("PATCH /api/v2/saml_configurations/{saml_config_uuid}", "org_management", given -> {
            var id = Metadata.upload(given.org().founder()).id();
            return call(given, "/api/v2/saml_configurations/" + id, """
                {"data":{"type":"saml_configurations","id":"%s","attributes":{},
                 "relationships":{"default_roles":{"data":[{"type":"roles","id":"ROLE"}]}}}}""".formatted(id));
        }),
        new Grant("PATCH /api/v2/org/saml_configurations", "org_management",
            given -> call(given, "/api/v2/org/saml_configurations", """
                {"data":{"type":"saml_preferences","attributes":{"default_role_uuids":["ROLE"],
                 "jit_domains":["gifts.test"]}}}""")),
        new Grant("PUT /api/v1/org/{public_id}", "org_management", given -> call(given,
            "/api/v1/org/" + given.giver().get("/api/v1/org").text("/orgs/0/public_id"), """
                {"settings":{"saml_autocreate_access_role":"CODE"}}""")));

    private static String applicationKey(TestUser giver, User owner) {
        var secret = giver.org().newApplicationKey(owner, Optional.of(List.of("user_access_read")));
        return roster.sqlValue("SELECT id FROM application_keys WHERE org_id = ? AND user_id = ? AND last4 = ?",
            giver.org().id().value(), owner.id().value(), secret.substring(secret.length() - 4)).toString();
    }

    private static String keyEdit(String id, String scopes) {
        return "{\"data\":{\"type\":\"application_keys\",\"id\":\"%s\",\"attributes\":{\"scopes\":%s}}}".formatted(id,
            scopes);
    }

    private static String tokenEdit(String type, String id) {
        return "{\"data\":{\"type\":\"%s\",\"id\":\"%s\",\"attributes\":{\"scopes\":[\"PERMISSION\"]}}}".formatted(type,
            id);
    }

    static Stream<Named<Grant>> gifts() {
        return GIFTS.stream().map(gift -> Named.of(gift.route(), gift));
    }

    @ParameterizedTest
    @MethodSource("gifts")
    void no_route_hands_out_more_than_its_caller_holds(Grant gift) {
        var org = roster.newOrg("gifts");
        var own = org.newRole("own", List.of(gift.needed())).toString();
        var giver = org.newUserWith("giver@gifts.test", List.of(own, org.managed(Role.Managed.READ_ONLY).toString()));
        var beyond = gift.call().apply(new Given(org, giver, Role.Managed.ADMIN, "adm", "api_keys_delete"));
        var held = gift.call().apply(new Given(org, giver, Role.Managed.READ_ONLY, "ro", "dashboards_read"));
        var method = gift.route().substring(0, gift.route().indexOf(' '));
        var before = org.version();

        var refused = giver.send(method, beyond.path(), beyond.body());

        assertThat(refused.status()).as(refused.toString()).isEqualTo(403);
        assertThat(refused.errors()).containsExactly("Forbidden", "Failed permission authorization checks");
        assertThat(org.version()).isEqualTo(before);
        var done = giver.send(method, held.path(), held.body());
        assertThat(done.status()).as(done.toString()).isBetween(200, 299);
        assertThat(org.version()).isGreaterThan(before);
        var byAdministrator = org.founder().send(method, beyond.path(), beyond.body());
        assertThat(byAdministrator.status()).as(byAdministrator.toString()).isIn(200, 201, 204, 404); // 404: not theirs
    }

    /// Routes that only holders of `user_access_manage` may use, who may hand on everything.
    private static Set<String> ofManagers() {
        return roster.node().routes.all().stream()
            .filter(route -> route.needs().equals(new Needs.OneOf(List.of(Permission.USER_ACCESS_MANAGE)))
                || route.template().startsWith("/api/v2/roster/identity_providers")) // needs it by a rule
            .map(Recipes::name).collect(Collectors.toSet());
    }

    @Test
    void every_route_that_hands_out_something_has_its_gift_or_is_for_managers_of_access() {
        var document = OpenApiCheck.parse().getOpenAPI();
        var giving = new TreeSet<String>();
        document.getPaths().forEach((template, path) -> path.readOperationsMap()
            .forEach((method, operation) -> {
                if (method != HttpMethod.GET && method != HttpMethod.DELETE && gives(document, template, operation)) {
                    giving.add(method + " " + template);
                }
            }));
        giving.removeAll(IGNORING);

        assertThat(giving).hasSizeGreaterThan(GIFTS.size());
        var managers = ofManagers();
        assertThat(giving.stream().filter(route -> !managers.contains(route)))
            .containsExactlyInAnyOrderElementsOf(GIFTS.stream().map(Grant::route).toList());
    }

    private static boolean gives(OpenAPI document, String template, Operation operation) {
        if (operation.getRequestBody() == null) {
            return false;
        }
        return template.contains("/roles/") || operation.getRequestBody().getContent().values().stream()
            .anyMatch(content -> gives(document, content.getSchema(), new HashSet<>()));
    }

    private static boolean gives(OpenAPI document, Schema<?> schema, Set<String> seen) {
        if (schema == null) {
            return false;
        }
        if (schema.get$ref() != null) {
            var name = schema.get$ref().substring(schema.get$ref().lastIndexOf('/') + 1);
            return seen.add(name) && gives(document, document.getComponents().getSchemas().get(name), seen);
        }
        var members = Optional.<Map<String, ?>>ofNullable(schema.getProperties()).orElse(Map.of());
        var parts = new ArrayList<Object>(members.values());
        parts.add(schema.getItems());
        Stream.of(schema.getAllOf(), schema.getOneOf(), schema.getAnyOf()).filter(Objects::nonNull)
            .forEach(parts::addAll);
        return members.keySet().stream().anyMatch(GIVING::contains)
            || parts.stream().anyMatch(part -> gives(document, (Schema<?>) part, seen));
    }

    /// Something that a noun does for a caller, whichever door they came in by.
    private enum Deed {
        CREATE_ROLE((tx, in) -> in.program().role.roles.create(tx, "new", List.of(in.beyond()), true, List.of())),
        UPDATE_ROLE((tx, in) -> in.program().role.roles.update(tx, in.role(),
            new Roles.Edit(Optional.empty(), Optional.of(List.of(in.beyond())), true, Optional.empty()))),
        GRANT_PERMISSION((tx, in) -> in.program().role.roles.grant(tx, in.role(), in.beyond())),
        CLONE_ROLE((tx, in) -> in.program().role.roles.copy(tx, in.admin().toString(), "new", List.of())),
        ADD_MEMBER((tx, in) -> in.program().user.members.add(tx,
            in.program().role.roles.find(tx, tx.org(), in.admin()).orElseThrow(), in.bob())),
        MAP_ATTRIBUTE((tx, in) -> in.program().identity.authnMappings.create(tx, "k", "v", in.admin().toString())),
        MAP_ANOTHER_ATTRIBUTE((tx, in) -> in.program().identity.authnMappings.update(tx, in.mapping(),
            new AuthnMappings.Edit(Optional.empty(), Optional.of("everyone"), Optional.empty()))),
        DEFAULT_ROLES((tx, in) -> in.program().saml.configurations.prefer(tx, new SamlConfigurations.Edit(
            Optional.empty(), Optional.empty(), Optional.of(List.of(in.admin().toString()))))),
        AUTOCREATE_ROLE((tx, in) -> in.program().org.configs.set(tx, OrgConfig.SAML_AUTOCREATE_ROLE, "adm")),
        AUTOCREATE((tx, in) -> in.program().org.configs.set(tx, OrgConfig.SAML_AUTOCREATE, true)),
        AUTOCREATE_DOMAINS((tx, in) -> in.program().org.configs.set(tx, OrgConfig.SAML_AUTOCREATE_DOMAINS,
            List.of("gifts.test")));

        private final BiConsumer<WriteTx, Setting> work;

        Deed(BiConsumer<WriteTx, Setting> work) {
            this.work = work;
        }
    }

    /// @param beyond id of a permission that the caller does not hold
    /// @param role id of an empty role
    /// @param mapping id of a mapping to the Admin role
    private record Setting(Roster program, String beyond, String role, Role.Id admin, User bob, String mapping) {}

    @ParameterizedTest
    @EnumSource(Deed.class)
    void no_noun_hands_out_more_than_its_caller_holds(Deed deed) {
        var org = roster.newOrg("gifts");
        var admin = org.managed(Role.Managed.ADMIN);
        var program = roster.program();
        var in = new Setting(program,
            program.kernel().catalogue().find(new Permission("api_keys_delete")).orElseThrow().id().toString(),
            org.newRole("empty", List.of()).toString(), admin, org.newPending("bob@gifts.test"),
            org.write(
                tx -> program.identity.authnMappings.create(tx, "team", "ops", admin.toString()).id().value()
                    .toString()));
        var sam = org.newUser("sam@gifts.test");
        var caller = new Caller(Caller.Kind.USER, org.id(), Optional.of(sam.user().id()), sam.email(),
            Caller.Credentials.NONE, Set.of(Permission.ORG_MANAGEMENT, Permission.USER_ACCESS_INVITE), 0, 0, List.of(),
            new Ids().next().toString(), Optional.empty());
        var before = org.version();

        assertThatThrownBy(() -> roster.db().write(caller, tx -> {
            deed.work.accept(tx, in);
            return null;
        })).isInstanceOfSatisfying(Refused.class,
            refused -> assertThat(refused.problem()).isInstanceOf(Forbidden.class));

        assertThat(org.version()).isEqualTo(before);
        org.write(tx -> {
            deed.work.accept(tx, in);
            return null;
        });
        assertThat(org.version()).isEqualTo(before + 1);
    }
}
