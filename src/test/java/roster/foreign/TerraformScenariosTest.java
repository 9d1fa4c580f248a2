package roster.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.model.Permission;
import roster.support.Answer;
import roster.support.TestRoster;
import roster.support.TestUser;

/// What the infrastructure-as-code provider does, call by call: each resource created, refreshed, updated, imported and destroyed.
class TerraformScenariosTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static final String USERS = "/api/v2/users";
    private static final String ROLES = "/api/v2/roles";

    private TestUser terraform;

    @BeforeEach
    void theProviderStarts() {
        terraform = roster.newOrg("infra").founder();
        assertThat(send("GET", "/api/v1/validate", null, 200).at("/valid").asBoolean()).isTrue();
    }

    /// As the Go client underneath sends it.
    private Answer send(String method, String path, String body, int expected) {
        var answer = terraform.send(method, path, body, Map.of("Accept", "application/json"));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(expected);
        return answer;
    }

    private static String data(String type, String id, String rest) {
        return "{\"data\":{\"type\":\"%s\"%s,%s}}".formatted(type, id == null ? "" : ",\"id\":\"%s\"".formatted(id),
            rest);
    }

    private static String reference(String type, String id) {
        return "{\"data\":{\"type\":\"%s\",\"id\":\"%s\"}}".formatted(type, id);
    }

    private static String references(String type, List<String> ids) {
        return "{\"data\":[%s]}".formatted(String.join(",",
            ids.stream().map(id -> "{\"type\":\"%s\",\"id\":\"%s\"}".formatted(type, id)).toList()));
    }

    private static String permission(String name) {
        return roster.program().kernel().catalogue().find(new Permission(name)).orElseThrow().id().toString();
    }

    /// `resource "application_key"` without scopes, which the provider sends as an empty list: what is read back must have
    /// none, or the apply fails and each later plan has a change.
    @Test
    void an_application_key_without_scopes_is_applied_planned_again_renamed_and_destroyed() {
        var keys = "/api/v2/current_user/application_keys";
        var created = send("POST", keys, data("application_keys", null,
            "\"attributes\":{\"name\":\"deploy\",\"scopes\":[]}"), 201);
        assertThat(created.text("/data/attributes/key")).isNotEmpty();
        assertThat(created.at("/data/attributes/scopes").isNull()).isTrue();
        var path = keys + "/" + created.id();

        var planned = send("GET", path, null, 200);
        assertThat(planned.text("/data/attributes/name")).isEqualTo("deploy");
        assertThat(planned.at("/data/attributes/scopes").isNull()).isTrue();
        var renamed = send("PATCH", path, data("application_keys", created.id(),
            "\"attributes\":{\"name\":\"deploy 2\",\"scopes\":[]}"), 200);
        assertThat(renamed.at("/data/attributes/scopes").isNull()).isTrue();
        assertThat(send("PATCH", path, data("application_keys", created.id(),
            "\"attributes\":{\"name\":\"deploy 2\",\"scopes\":[\"invalid\"]}"), 400).errors())
            .containsExactly("Invalid scopes: invalid");
        assertThat(send("GET", path, null, 200).at("/data/attributes/scopes").isNull()).isTrue();
        send("DELETE", path, null, 204);
        send("GET", path, null, 404);
    }

    /// `resource "user"`, created: on 409 the disabled user is taken over, their roles are set as wanted, and they are
    /// invited.
    private String createUser(String email, String name, List<String> roles) {
        var created = terraform.send("POST", USERS, data("users", null,
            "\"attributes\":{\"email\":\"%s\",\"name\":\"%s\"},\"relationships\":{\"roles\":%s}".formatted(email, name,
                references("roles", roles))),
            Map.of("Accept", "application/json"));
        var id = created.status() == 409 ? takeOver(email, name, roles) : created.id();
        var invited = send("POST", "/api/v2/user_invitations", """
            {"data":[{"type":"user_invitations","relationships":{"user":%s}}]}""".formatted(reference("users", id)),
            201);
        assertThat(invited.text("/data/0/id")).isNotEmpty();
        assertThat(send("GET", USERS + "/" + id, null, 200).text("/data/attributes/email")).isEqualTo(email);
        return id;
    }

    private String takeOver(String email, String name, List<String> wanted) {
        var found = send("GET", USERS + "?filter=" + email.replace("@", "%40"), null, 200);
        var exact = IntStream.range(0, found.at("/data").size())
            .filter(i -> found.text("/data/%d/attributes/email".formatted(i)).equals(email)).findFirst().orElseThrow();
        var id = found.text("/data/%d/id".formatted(exact));
        var answer = send("PATCH", USERS + "/" + id, data("users", id,
            "\"attributes\":{\"email\":\"%s\",\"name\":\"%s\",\"disabled\":false}".formatted(email, name)), 200);
        align(id, answer.each("/data/relationships/roles/data", "/id"), wanted);
        return id;
    }

    /// By the role operations, one by one.
    private void align(String user, List<String> has, List<String> wanted) {
        var missing = new TreeSet<>(wanted);
        has.forEach(missing::remove);
        missing.forEach(role -> send("POST", ROLES + "/" + role + "/users", reference("users", user), 200));
        var tooMany = new TreeSet<>(has);
        wanted.forEach(tooMany::remove);
        tooMany.forEach(role -> send("DELETE", ROLES + "/" + role + "/users", reference("users", user), 200));
    }

    private void destroyUser(String id) {
        var status = terraform.send("DELETE", USERS + "/" + id, null).status();
        assertThat(status).isIn(204, 404); // gone already counts as destroyed
    }

    private List<String> rolesOf(String user) {
        return send("GET", USERS + "/" + user, null, 200).each("/data/relationships/roles/data", "/id");
    }

    private String managedRole(String name) {
        var found = send("GET", ROLES + "?filter=" + name.replace(" ", "+"), null, 200);
        assertThat(found.at("/data")).hasSize(1);
        return found.text("/data/0/id");
    }

    @Test
    void a_user_is_created_refreshed_updated_imported_and_destroyed() {
        var standard = managedRole("Datadog Standard Role");
        var readOnly = managedRole("Datadog Read Only Role");
        var id = createUser("ann@infra.test", "Ann", List.of(standard));
        assertThat(rolesOf(id)).containsExactly(standard);

        var updated = send("PATCH", USERS + "/" + id, data("users", id,
            "\"attributes\":{\"email\":\"ann@infra.test\",\"name\":\"Ann Lee\",\"disabled\":false}"), 200);
        align(id, updated.each("/data/relationships/roles/data", "/id"), List.of(readOnly));
        assertThat(rolesOf(id)).containsExactly(readOnly);

        var imported = send("GET", USERS + "/" + id, null, 200);
        assertThat(imported.text("/data/attributes/name")).isEqualTo("Ann Lee");
        assertThat(imported.at("/data/attributes/verified").asBoolean()).isFalse();

        destroyUser(id);
        assertThat(send("GET", USERS + "/" + id, null, 200).at("/data/attributes/disabled").asBoolean()).isTrue();
        destroyUser(id);
        send("GET", USERS + "/00000000-0000-0000-0000-000000000000", null, 404);
    }

    @Test
    void a_disabled_user_is_enabled_again_with_other_roles() {
        var standard = managedRole("Datadog Standard Role");
        var readOnly = managedRole("Datadog Read Only Role");
        var first = createUser("bob@infra.test", "Bob", List.of(standard));
        createUser("not-bob@infra.test", "found by the same filter", List.of());
        destroyUser(first);

        var second = createUser("bob@infra.test", "Robert", List.of(readOnly));

        assertThat(second).isEqualTo(first);
        assertThat(rolesOf(second)).containsExactly(readOnly);
        var read = send("GET", USERS + "/" + second, null, 200);
        assertThat(read.text("/data/attributes/status")).isEqualTo("Pending");
        assertThat(read.text("/data/attributes/name")).isEqualTo("Robert");
    }

    @Test
    void an_active_user_who_is_taken_over_may_be_invited_without_a_failure() {
        var ann = terraform.org().newUser("ann@infra.test");
        destroyUser(ann.id());

        assertThat(createUser("ann@infra.test", "Ann", List.of())).isEqualTo(ann.id());
        assertThat(send("GET", USERS + "/" + ann.id(), null, 200).text("/data/attributes/status")).isEqualTo("Active");
    }

    @Test
    void a_role_is_created_updated_and_destroyed_with_restricted_permissions() {
        var all = send("GET", "/api/v2/permissions", null, 200);
        var restricted = new HashSet<String>();
        all.at("/data").forEach(one -> {
            if (one.at("/attributes/restricted").asBoolean()) {
                restricted.add(one.get("id").asString());
            }
        });
        assertThat(restricted).hasSize(10);
        var extra = permission("api_keys_read");

        var created = send("POST", ROLES, data("roles", null,
            "\"attributes\":{\"name\":\"Ops\"},\"relationships\":{\"permissions\":%s}"
                .formatted(references("permissions", List.of(extra)))),
            200);
        var id = created.id();
        assertThat(permissionsOf(id)).containsAll(restricted).contains(extra).hasSize(11);

        send("PATCH", ROLES + "/" + id, data("roles", id,
            "\"attributes\":{\"name\":\"Operations\"},\"relationships\":{\"permissions\":%s}"
                .formatted(references("permissions", List.of(permission("api_keys_write"))))),
            200);
        assertThat(permissionsOf(id)).contains(permission("api_keys_write")).doesNotContain(extra).hasSize(11);

        send("PATCH", ROLES + "/" + id,
            data("roles", id,
                """
            "attributes":{"name":"Operations","default_permissions_opt_out":true},"relationships":{"permissions":{"data":[]}}"""),
            200);
        assertThat(permissionsOf(id)).isEmpty();
        var read = send("GET", ROLES + "/" + id, null, 200);
        assertThat(read.at("/data/attributes").has("default_permissions_opt_out")).isFalse();
        assertThat(read.at("/data/attributes/user_count").asInt()).isZero();
        send("DELETE", ROLES + "/" + id, null, 204);
        send("GET", ROLES + "/" + id, null, 404);
        send("DELETE", ROLES + "/" + id, null, 404);
    }

    private Set<String> permissionsOf(String role) {
        return Set.copyOf(send("GET", ROLES + "/" + role + "/permissions", null, 200).each("/data", "/id"));
    }

    @Test
    void a_membership_is_made_read_and_taken_back() {
        var user = createUser("ann@infra.test", "Ann", List.of());
        var role =
            send("POST", ROLES, data("roles", null, "\"attributes\":{\"name\":\"Ops\"},\"relationships\":{}"), 200)
                .id();

        send("POST", ROLES + "/" + role + "/users", reference("users", user), 200);
        var members = send("GET", ROLES + "/" + role + "/users?page[size]=100&page[number]=0", null, 200);
        assertThat(members.each("/data", "/id")).containsExactly(user);
        send("DELETE", ROLES + "/" + role + "/users", reference("users", user), 200);
        assertThat(send("GET", ROLES + "/" + role + "/users", null, 200).at("/data")).isEmpty();
    }

    @Test
    void a_service_account_has_a_key() {
        var created = send("POST", "/api/v2/service_accounts",
            data("users", null,
                """
            "attributes":{"email":"robot@infra.test","name":"Robot","service_account":true},"relationships":{"roles":%s}"""
                    .formatted(references("roles", List.of(managedRole("Datadog Standard Role"))))),
            201);
        var id = created.id();
        var keys = "/api/v2/service_accounts/" + id + "/application_keys";
        var key = send("POST", keys, data("application_keys", null, "\"attributes\":{\"name\":\"ci\"}"), 201);
        var robot = new TestUser(terraform.org(), terraform.user(), terraform.apiKey(),
            key.text("/data/attributes/key"));
        assertThat(robot.get("/api/v2/current_user").id()).isEqualTo(id);

        send("PATCH", USERS + "/" + id, data("users", id,
            "\"attributes\":{\"email\":\"robot@infra.test\",\"name\":\"Robot II\",\"disabled\":false}"), 200);
        send("PATCH", keys + "/" + key.id(), data("application_keys", key.id(), "\"attributes\":{\"name\":\"cd\"}"),
            200);
        assertThat(send("GET", keys + "/" + key.id(), null, 200).text("/data/attributes/name")).isEqualTo("cd");
        send("DELETE", keys + "/" + key.id(), null, 204);
        send("GET", keys + "/" + key.id(), null, 404);
        destroyUser(id);
    }

    @Test
    void an_authn_mapping_is_made_changed_and_destroyed() {
        var role = managedRole("Datadog Read Only Role");
        var body =
            "\"attributes\":{\"attribute_key\":\"team\",\"attribute_value\":\"%s\"},\"relationships\":{\"role\":%s}";
        var created = send("POST", "/api/v2/authn_mappings", data("authn_mappings", null,
            body.formatted("ops", reference("roles", role))), 200);
        var path = "/api/v2/authn_mappings/" + created.id();

        send("PATCH", path, data("authn_mappings", created.id(), body.formatted("sre", reference("roles", role))), 200);
        assertThat(send("GET", path, null, 200).text("/data/attributes/attribute_value")).isEqualTo("sre");
        send("DELETE", path, null, 204);
        send("GET", path, null, 404);
    }

    @Test
    void allowlists_are_set_refreshed_and_emptied() {
        var entries = "\"attributes\":{\"enabled\":true,\"entries\":[{\"data\":{\"type\":\"ip_allowlist_entry\","
            + "\"attributes\":{\"cidr_block\":\"127.0.0.1/32\",\"note\":\"here\"}}}]}";
        send("PATCH", "/api/v2/ip_allowlist", data("ip_allowlist", null, entries), 200);
        assertThat(send("GET", "/api/v2/ip_allowlist", null, 200)
            .text("/data/attributes/entries/0/data/attributes/cidr_block")).isEqualTo("127.0.0.1/32");
        send("PATCH", "/api/v2/ip_allowlist",
            data("ip_allowlist", null, "\"attributes\":{\"enabled\":false,\"entries\":[]}"), 200);

        send("PATCH", "/api/v2/domain_allowlist", data("domain_allowlist", null,
            "\"attributes\":{\"enabled\":true,\"domains\":[\"@infra.test\"]}"), 200);
        assertThat(send("GET", "/api/v2/domain_allowlist", null, 200).texts("/data/attributes/domains"))
            .containsExactly("@infra.test");
        send("PATCH", "/api/v2/domain_allowlist", data("domain_allowlist", null,
            "\"attributes\":{\"enabled\":false,\"domains\":[]}"), 200);
    }

    @Test
    void a_user_is_looked_up_exactly_and_loosely() {
        createUser("ann@infra.test", "Ann", List.of());
        createUser("joann@infra.test", "Joann", List.of());

        var loose = send("GET", USERS + "?filter=ann%40infra.test", null, 200);
        assertThat(loose.at("/meta/page/total_filtered_count").asInt()).isEqualTo(2);
        assertThat(loose.each("/data", "/attributes/email")).containsExactlyInAnyOrder("ann@infra.test",
            "joann@infra.test");
        assertThat(send("GET", USERS + "?filter=joann%40infra.test", null, 200).at("/data")).hasSize(1);
        assertThat(send("GET", USERS + "?filter=unknown%40infra.test", null, 200).at("/data")).isEmpty();
    }

    @Test
    void all_users_and_roles_are_read_in_large_pages() {
        terraform.org().write(tx -> {
            IntStream.range(0, 1100)
                .forEach(i -> roster.program().user.newUsers.create(tx, "u%04d@infra.test".formatted(i),
                    Optional.empty(), Optional.empty(), List.of()));
            return null;
        });
        var met = new HashSet<String>();
        int number = 0;
        Answer page;
        do {
            page = send("GET", USERS + "?page[size]=500&page[number]=" + number++, null, 200);
            met.addAll(page.each("/data", "/id"));
        } while (page.at("/data").size() == 500);
        assertThat(number).isEqualTo(3);
        assertThat(met).hasSize(1101);

        var roles = send("GET", ROLES + "?page[size]=100&page[number]=0", null, 200);
        assertThat(roles.each("/data", "/attributes/name")).contains("Datadog Admin Role", "Datadog Standard Role",
            "Datadog Read Only Role");
    }

    @Test
    void settings_of_the_organisation_are_read_and_changed() {
        var orgs = send("GET", "/api/v1/org", null, 200);
        var path = "/api/v1/org/" + orgs.text("/orgs/0/public_id");
        send("PUT", path, "{\"name\":\"Infra II\"}", 200);
        assertThat(send("GET", path, null, 200).text("/org/name")).isEqualTo("Infra II");
    }
}
