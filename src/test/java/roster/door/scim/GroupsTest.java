package roster.door.scim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import roster.model.Role;
import roster.support.Answer;
import roster.support.Recipe;
import roster.support.Recipe.Call;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// Groups: the contract's sections 7, 9.3, 10 and 13, but for what the members of one come to.
class GroupsTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    static final List<Recipe> RECIPES = Probe.BASES.stream().flatMap(base -> Stream.of(
        new Recipe("GET " + base + "/Groups/{id}", org -> new Call(path(base, org))),
        new Recipe("POST " + base + "/Groups", org -> new Call(base + "/Groups",
            "{\"displayName\":\"Made\",\"members\":[{\"value\":\"%s\"}]}".formatted(org.founder().id()))),
        new Recipe("PUT " + base + "/Groups/{id}",
            org -> new Call(path(base, org), "{\"displayName\":\"Renamed\",\"externalId\":\"x1\"}")),
        new Recipe("PATCH " + base + "/Groups/{id}", org -> new Call(path(base, org), DirectoryClient.operations(
            "{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"value\":\"%s\"}]}".formatted(org.founder().id())))),
        new Recipe("DELETE " + base + "/Groups/{id}", org -> new Call(path(base, org))))).toList();

    private static String path(String base, TestOrg org) {
        return base + "/Groups/" + org.newRole("ops", List.of());
    }

    static List<String> bases() {
        return Probe.BASES;
    }

    private static GroupClient client() {
        return GroupClient.of(roster.newOrg("acme").newAdmin("ada@acme.test"));
    }

    private static void assertError(Answer answer, int status, String scimType, String detail) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).contains("application/scim+json");
        assertThat(answer.at("/scimType").asString("")).isEqualTo(scimType);
        assertThat(answer.text("/detail")).isEqualTo(detail);
    }

    @ParameterizedTest
    @MethodSource("bases")
    void a_group_is_a_role_without_permission_under_one_id(String base) {
        var client = client().below(base);
        var bob = client.org().newUser("bob@acme.test");

        var made = client.send("POST", "/Groups", """
            {"schemas":[],"displayName":" Ops ","externalId":"00g1","members":[{"value":"%s"}]}""".formatted(bob.id()));

        assertThat(made.status()).as(made.toString()).isEqualTo(201);
        var id = made.text("/id");
        var location = roster.program().kernel().publicUrl().reference(base + "/Groups/" + id);
        assertThat(made.header("Location")).contains(location);
        assertThat(made.header("ETag")).contains(made.text("/meta/version"));
        assertThat(made.json().propertyNames()).containsExactly("schemas", "id", "externalId", "displayName", "members",
            "meta");
        assertThat(made.text("/displayName")).isEqualTo("Ops");
        assertThat(made.at("/members").toString()).isEqualTo(
            "[{\"value\":\"%s\",\"$ref\":\"%s\",\"display\":\"bob@acme.test\",\"type\":\"User\"}]".formatted(bob.id(),
                roster.program().kernel().publicUrl().reference(base + "/Users/" + bob.id())));
        assertThat(made.text("/meta/resourceType")).isEqualTo("Group");
        assertThat(made.text("/meta/location")).isEqualTo(location);
        assertThat(made.text("/meta/created")).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        assertThat(client.get("/Groups/" + id).text()).isEqualTo(made.text());

        var role = client.admin().get("/api/v2/roles/" + id);
        assertThat(role.text("/data/attributes/name")).isEqualTo("Ops");
        assertThat(role.at("/data/relationships/permissions/data")).isEmpty();
        assertThat(bob.get(base + "/Groups").status()).isEqualTo(403);
    }

    @Test
    void a_name_is_taken_in_any_case_and_one_of_its_own_is_not() {
        var client = client();
        var ops = client.create("Ops");
        client.create("Dev");
        var before = client.org().version();

        assertError(client.send("POST", "/Groups", "{\"displayName\":\"oPS\"}"), 409, "uniqueness",
            "displayName is taken: oPS");
        assertError(client.put(ops, "{\"displayName\":\"DEV\"}"), 409, "uniqueness", "displayName is taken: DEV");
        assertError(client.patch(ops, "{\"op\":\"replace\",\"path\":\"displayName\",\"value\":\"dev\"}"), 409,
            "uniqueness", "displayName is taken: dev");
        assertThat(client.org().version()).isEqualTo(before);

        assertThat(client.put(ops, "{\"displayName\":\"OPS\"}").text("/displayName")).isEqualTo("OPS");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"displayName\":null}", "{\"displayName\":\"\"}", "{\"displayName\":\"  \"}",
        "{\"members\":[]}"})
    void a_name_is_needed(String body) {
        var client = client();
        var ops = client.create("Ops");
        var before = client.org().version();

        for (var answer : List.of(client.send("POST", "/Groups", body), client.put(ops, body))) {
            assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
            assertThat(answer.text("/scimType")).isEqualTo("invalidValue");
            assertThat(answer.text("/detail")).startsWith("displayName: ");
        }
        assertThat(client.org().version()).isEqualTo(before);
    }

    @Test
    void a_name_has_255_characters_at_most() {
        var client = client();

        assertThat(client.send("POST", "/Groups", "{\"displayName\":\"%s\"}".formatted("𝄞".repeat(255))).status())
            .isEqualTo(201);
        assertThat(client.send("POST", "/Groups", "{\"displayName\":\"%s\"}".formatted("x".repeat(256)))
            .text("/scimType")).isEqualTo("invalidValue");
    }

    @Test
    void what_changes_nothing_writes_nothing() {
        var client = client();
        var bob = client.org().newUser("bob@acme.test");
        var ops = client.create("Ops", bob);
        client.patched(ops, "{\"op\":\"add\",\"value\":{\"externalId\":\"00g1\"}}");
        var seen = client.get("/Groups/" + ops);
        var version = client.org().version();

        client.patched(ops, "{\"op\":\"replace\",\"value\":{\"id\":\"%s\",\"displayName\":\"Ops\"}}".formatted(ops));
        client.patched(ops, "{\"op\":\"add\",\"path\":\"members\",\"value\":%s}".formatted(
            GroupClient.members(List.of(bob))));
        client.patched(ops, "{\"op\":\"remove\",\"path\":\"members\",\"value\":%s}".formatted(
            GroupClient.members(List.of(client.admin(), UUID.randomUUID().toString()))));
        assertThat(client.put(ops, seen.text()).text()).isEqualTo(seen.text());
        assertThat(client.put(ops, "{\"displayName\":\"Ops\"}").text()).isEqualTo(seen.text());

        assertThat(client.org().version()).isEqualTo(version);
        assertThat(client.get("/Groups/" + ops).text()).isEqualTo(seen.text());
    }

    @Test
    void an_external_id_stays_when_it_is_left_out_and_goes_with_null_or_by_removal() {
        var client = client();
        var ops = client.create("Ops");

        assertThat(client.put(ops, "{\"displayName\":\"Ops\",\"externalId\":\"A1\"}").text("/externalId"))
            .isEqualTo("A1");
        assertThat(client.put(ops, "{\"displayName\":\"Ops 2\"}").text("/externalId")).isEqualTo("A1");
        assertThat(client.filtered("externalId eq \"A1\"").each("/Resources", "/id")).containsExactly(ops);
        assertThat(client.filtered("externalId eq \"a1\"").at("/totalResults").asInt()).isZero();
        assertThat(client.put(ops, "{\"displayName\":\"Ops\",\"externalId\":null}").json().has("externalId")).isFalse();
        client.patched(ops, "{\"op\":\"replace\",\"path\":\"externalId\",\"value\":\"A2\"}");
        assertThat(client.get("/Groups/" + ops).text("/externalId")).isEqualTo("A2");
        client.patched(ops, "{\"op\":\"remove\",\"path\":\"externalId\"}");
        assertThat(client.get("/Groups/" + ops).json().has("externalId")).isFalse();
    }

    @Test
    void an_external_id_is_no_id_and_need_not_be_unique() {
        var client = client();
        var ops = client.create("Ops");
        var dev = client.create("Dev");
        client.put(dev, "{\"displayName\":\"Dev\",\"externalId\":\"%s\"}".formatted(ops));
        client.put(ops, "{\"displayName\":\"Ops\",\"externalId\":\"%s\"}".formatted(ops));

        assertThat(client.get("/Groups/" + ops).text("/displayName")).isEqualTo("Ops");
        assertThat(client.filtered("externalId eq \"%s\"".formatted(ops)).each("/Resources", "/displayName"))
            .containsExactly("Ops", "Dev");
    }

    @ParameterizedTest
    @EnumSource
    void managed_roles_take_members_and_an_external_id_but_no_other_name(Role.Managed managed) {
        var client = client();
        var id = client.org().managed(managed).toString();
        var bob = client.org().newUser("bob@acme.test");
        var name = managed.roleName();

        client.patched(id, "{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"value\":\"%s\"}]}".formatted(bob.id()));
        assertThat(client.membersOf(id)).contains(bob.id());
        assertThat(client.put(id, "{\"displayName\":\"%s\",\"externalId\":\"m\"}".formatted(name)).text("/externalId"))
            .isEqualTo("m");
        var before = client.org().version();

        assertError(client.put(id, "{\"displayName\":\"Mine\"}"), 400, "mutability",
            "displayName: managed roles cannot be renamed");
        assertError(client.patch(id, "{\"op\":\"replace\",\"value\":{\"displayName\":\"Mine\"}}"), 400, "mutability",
            "displayName: managed roles cannot be renamed");
        assertError(client.send("DELETE", "/Groups/" + id, null), 403, "", "Managed roles cannot be deleted");
        assertThat(client.org().version()).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("bases")
    void a_deleted_group_is_gone_and_its_members_stay(String base) {
        var client = client().below(base);
        var bob = client.org().newUser("bob@acme.test");
        var ops = client.create("Ops", bob);

        var answer = client.send("DELETE", "/Groups/" + ops, null);

        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.bytes()).isEmpty();
        for (var again : List.of(client.send("DELETE", "/Groups/" + ops, null), client.get("/Groups/" + ops),
            client.put(ops, "{\"displayName\":\"Ops\"}"),
            client.patch(ops, "{\"op\":\"add\",\"value\":{\"displayName\":\"Ops\"}}"))) {
            assertError(again, 404, "", "Group %s not found".formatted(ops));
            assertThat(again.at("/errors").isArray()).isEqualTo(base.startsWith("/api"));
        }
        assertThat(client.admin().get("/api/v2/users/" + bob.id()).at("/data/relationships/roles/data")).isEmpty();
        assertThat(roster.sql("SELECT 1 FROM role_member_sums WHERE org_id = ? AND role_id = ?::uuid",
            client.org().id().value(), ops)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nobody", "1", "019a1d52-5a4e-71f1-9c1b-0242ac120002"})
    void an_unknown_id_is_not_found(String id) {
        assertError(client().get("/Groups/" + id), 404, "", "Group %s not found".formatted(id));
    }

    @Test
    void a_patch_answers_as_its_base_has_it() {
        var client = client();
        var ops = client.create("Ops");
        var change = "{\"op\":\"replace\",\"path\":\"displayName\",\"value\":\"%s\"}";

        var silent = client.patch(ops, change.formatted("A"));
        assertThat(silent.status()).isEqualTo(204);
        assertThat(silent.header("ETag")).contains(client.etag(ops));
        var asked = client.send("PATCH", "/Groups/%s?attributes=displayName".formatted(ops),
            DirectoryClient.operations(change.formatted("B")));
        assertThat(asked.status()).isEqualTo(200);
        assertThat(asked.json().propertyNames()).containsExactly("schemas", "id", "displayName");
        assertThat(client.below("/api/v2/scim").patch(ops, change.formatted("C")).text("/displayName")).isEqualTo("C");
    }

    @Test
    void other_names_in_any_form_are_skipped_unless_nothing_is_left() {
        var client = client();
        var ops = client.create("Ops");

        client.patched(ops, "{\"op\":\"Replace\",\"value\":{\"DISPLAYNAME\":\"Dev\",\"nonsense\":1,\"id\":\"x\"}}");
        assertThat(client.get("/Groups/" + ops).text("/displayName")).isEqualTo("Dev");
        assertThat(client.patch(ops, "{\"op\":\"replace\",\"path\":\"displayNam\",\"value\":\"x\"}").text("/scimType"))
            .isEqualTo("invalidPath");
        assertThat(client.patch(ops, "{\"op\":\"replace\",\"path\":\"id\",\"value\":\"x\"}").text("/scimType"))
            .isEqualTo("mutability");
        assertThat(client.patch(ops, "{\"op\":\"remove\",\"path\":\"displayName\"}").text("/scimType"))
            .isEqualTo("invalidValue");
        assertThat(client.patch(ops, "{\"op\":\"remove\"}").text("/scimType")).isEqualTo("noTarget");
    }

    @Test
    void a_request_applies_whole_or_not_at_all() {
        var client = client();
        var bob = client.org().newUser("bob@acme.test");
        var ops = client.create("Ops");
        client.create("Dev");
        var before = client.org().version();

        var answer = client.patch(ops,
            """
            {"op":"add","path":"members","value":[{"value":"%s"}]},{"op":"replace","path":"displayName","value":"dev"}"""
                .formatted(bob.id()));

        assertThat(answer.status()).isEqualTo(409);
        assertThat(client.rowsOf(ops)).isEmpty();
        assertThat(client.org().version()).isEqualTo(before);
    }

    @Test
    void roles_of_other_doors_are_groups_and_groups_are_told_in_the_trail_as_roles() {
        var client = client();
        var made = client.org().newRole("hand made", List.of("dashboards_read")).toString();
        var before = client.org().version();

        client.patched(made, "{\"op\":\"replace\",\"value\":{\"displayName\":\"Pushed\",\"externalId\":\"e\"}}");
        assertThat(client.admin().get("/api/v2/roles/" + made).text("/data/attributes/name")).isEqualTo("Pushed");
        assertThat(client.admin().get("/api/v2/roles/" + made).at("/data/relationships/permissions/data")).hasSize(1);
        assertThat(roster.sql("SELECT action, subject_id::text, actor_id::text, before::text, after::text "
            + "FROM audit_entries WHERE org_id = ? AND version > ?", client.org().id().value(), before))
            .containsExactly(List.of("role.updated", made, client.admin().id(),
                "{\"name\": \"hand made\", \"external_id\": null}", "{\"name\": \"Pushed\", \"external_id\": \"e\"}"));
    }

    @Test
    void another_organisations_groups_and_users_are_unknown() {
        var client = client();
        var other = client();
        var theirs = other.create("Theirs", other.admin());
        var ours = client.create("Ours");

        assertError(client.get("/Groups/" + theirs), 404, "", "Group %s not found".formatted(theirs));
        assertThat(client.filtered("id eq \"%s\"".formatted(theirs)).at("/totalResults").asInt()).isZero();
        assertThat(client.filtered("members eq \"%s\"".formatted(other.admin().id())).at("/totalResults").asInt())
            .isZero();
        assertError(client.patch(ours, "{\"op\":\"add\",\"path\":\"members\",\"value\":\"%s\"}".formatted(
            other.admin().id())), 400, "invalidValue", "members: none of these is a user");
        assertThat(other.membersOf(theirs)).containsExactly(other.admin().id());
    }

    @Test
    void both_permissions_are_needed_to_read_and_to_write() {
        var client = client();
        var ops = client.create("Ops");
        for (var scope : List.of("user_access_invite", "user_access_manage", "user_access_read")) {
            var narrow = GroupClient.of(client.admin().scopedTo(scope));
            assertThat(narrow.get("/Groups").status()).isEqualTo(403);
            assertThat(narrow.get("/Groups/" + ops).status()).isEqualTo(403);
            assertThat(narrow.put(ops, "{\"displayName\":\"x\"}").status()).isEqualTo(403);
        }
        assertThat(GroupClient.of(client.admin().scopedTo("user_access_invite", "user_access_manage")).get("/Groups")
            .status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"[] | invalidSyntax", "{\"displayName\":7} | invalidSyntax",
        "{\"displayName\":\"x\",\"members\":7} | invalidSyntax",
        "{\"displayName\":\"x\",\"members\":[{\"display\":\"y\"}]} | invalidValue", "x | invalidSyntax"})
    void bad_bodies_are_refused(String body, String type) {
        var answer = client().send("POST", "/Groups", body);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
        assertThat(answer.text("/scimType")).isEqualTo(type);
    }

    @Test
    void bodies_may_have_eight_mebibytes() {
        var client = client();
        var body = "{\"displayName\":\"Ops\",\"nonsense\":\"%s\"}";
        var most = (8 << 20) - body.length() + 2;

        assertThat(client.send("POST", "/Groups", body.formatted("x".repeat(most))).status()).isEqualTo(201);
        assertThat(client.send("POST", "/Groups", body.formatted("x".repeat(most + 1))).status()).isEqualTo(413);
    }
}
