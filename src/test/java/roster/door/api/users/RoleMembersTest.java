package roster.door.api.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import roster.model.Role;
import roster.support.Answer;
import roster.support.Recipe;
import roster.support.Recipe.Call;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// Listing, adding and removing the members of a role.
class RoleMembersTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    static final List<Recipe> RECIPES = List.of(
        new Recipe("GET /api/v2/roles/{role_id}/users",
            org -> new Call("/api/v2/roles/%s/users".formatted(ops(org)))),
        new Recipe("POST /api/v2/roles/{role_id}/users",
            org -> new Call("/api/v2/roles/%s/users".formatted(ops(org)),
                reference(org.newPending("member@acme.test").id()))),
        new Recipe("DELETE /api/v2/roles/{role_id}/users", org -> {
            var role = ops(org).toString();
            var member = org.newUserWith("member@acme.test", List.of(role)).id();
            return new Call("/api/v2/roles/%s/users".formatted(role), reference(member));
        }));

    private static Answer list(TestUser caller, Object role, String query) {
        return caller.get("/api/v2/roles/%s/users?%s".formatted(role, query));
    }

    private static Answer add(TestUser caller, Object role, Object user) {
        return caller.post("/api/v2/roles/%s/users".formatted(role), reference(user));
    }

    private static Answer remove(TestUser caller, Object role, Object user) {
        return caller.delete("/api/v2/roles/%s/users".formatted(role), reference(user));
    }

    private static String reference(Object user) {
        return "{\"data\":{\"type\":\"users\",\"id\":\"%s\"}}".formatted(user);
    }

    private static List<String> emails(Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer.each("/data", "/attributes/email");
    }

    private static Role.Id ops(TestOrg org) {
        return org.newRole("ops", List.of("dashboards_read"));
    }

    @Test
    void members_are_listed_with_their_roles_and_permissions() {
        var org = roster.newOrg("acme");
        var ops = ops(org);
        var guests = org.newRole("guests", List.of("monitors_read", "dashboards_read"));
        org.newUserWith("ann@acme.test", List.of(ops.toString(), guests.toString()));
        org.newUser("bob@acme.test");

        var answer = list(org.founder(), ops, "");

        assertThat(emails(answer)).containsExactly("ann@acme.test");
        assertThat(answer.json().propertyNames()).containsExactly("data", "included", "meta");
        assertThat(answer.each("/included", "/attributes/name").subList(0, 2)).containsExactlyInAnyOrder("ops",
            "guests");
        assertThat(answer.each("/included", "/attributes/user_count").subList(0, 2)).containsExactly("1", "1");
        assertThat(answer.each("/included", "/attributes/name").subList(2, 4))
            .containsExactlyInAnyOrder("dashboards_read", "monitors_read");
        assertThat(answer.at("/meta").toString())
            .isEqualTo("{\"page\":{\"total_count\":1,\"total_filtered_count\":1}}");
    }

    @Test
    void disabled_members_are_listed_too() {
        var org = roster.newOrg("acme");
        var ops = ops(org);
        var bob = org.newUserWith("bob@acme.test", List.of(ops.toString()));
        org.founder().delete("/api/v2/users/" + bob.id());

        assertThat(emails(list(org.founder(), ops, ""))).containsExactly("bob@acme.test");
    }

    @Test
    void counts_are_of_this_role() {
        var org = roster.newOrg("acme");
        var ops = ops(org);
        IntStream.range(0, 3).forEach(i -> org.newUserWith("u%d@acme.test".formatted(i), List.of(ops.toString())));

        var answer = list(org.founder(), ops, "filter=U1&page[size]=1");

        assertThat(emails(answer)).containsExactly("u1@acme.test");
        assertThat(answer.at("/meta/page/total_count").asInt()).isEqualTo(3);
        assertThat(answer.at("/meta/page/total_filtered_count").asInt()).isEqualTo(1);
        assertThat(emails(list(org.founder(), ops, "page[size]=2&page[number]=1"))).containsExactly("u2@acme.test");
    }

    @ParameterizedTest
    @CsvSource({"sort=name, b a", "sort=-name, a b", "sort=email, a b", "sort=-email, b a", "sort=status, a b",
        "sort=-status, b a", "sort=, b a"})
    void members_sort_by(String query, String order) {
        var org = roster.newOrg("acme");
        var ops = ops(org);
        org.newUserWith("a@acme.test", List.of(ops.toString()));
        var ben = org.founder().post("/api/v2/users", """
            {"data":{"type":"users","attributes":{"email":"b@acme.test","name":"A"}}}
            """).id();
        add(org.founder(), ops, ben);

        assertThat(emails(list(org.founder(), ops, query)).stream().map(email -> email.substring(0, 1)))
            .containsExactly(order.split(" "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"page[size]=0", "page[size]=101", "page[number]=-1", "page[number]=x", "sort=title"})
    void a_parameter_with_a_value_it_cannot_have_is_named(String query) {
        var org = roster.newOrg("acme");

        var answer = list(org.founder(), org.managed(Role.Managed.ADMIN), query);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errors()).containsExactly("The value provided for parameter '%s' is invalid"
            .formatted(query.substring(0, query.indexOf('='))));
    }

    @Test
    void adding_answers_the_first_ten_members_by_name() {
        var org = roster.newOrg("acme");
        var ops = ops(org);
        IntStream.range(0, 10).forEach(i -> org.newUserWith("u%d@acme.test".formatted(i), List.of(ops.toString())));
        var ann = org.newUser("ann@acme.test");

        var answer = add(org.founder(), ops, ann.id());

        assertThat(emails(answer)).hasSize(10).startsWith("ann@acme.test", "u0@acme.test");
        assertThat(answer.json().propertyNames()).containsExactly("data", "meta");
        assertThat(answer.at("/meta").toString()).isEqualTo("{\"page\":{\"total_count\":11}}");
        assertThat(answer.each("/data/0/relationships/roles/data", "/id")).containsExactly(ops.toString());
        assertThat(answer.text("/data/0/relationships/org/data/id")).isEqualTo(org.id().toString());
        assertThat(answer.at("/data/0/attributes").has("mfa_enabled")).isFalse();
    }

    @Test
    void a_member_has_the_roles_rights_with_the_next_request_and_not_after() {
        var org = roster.newOrg("acme");
        var bob = org.newUser("bob@acme.test");
        var admin = org.managed(Role.Managed.ADMIN);
        assertThat(bob.post("/api/v2/users", "{}").status()).isEqualTo(403);

        add(org.founder(), admin, bob.id());
        assertThat(bob.post("/api/v2/users", "{}").status()).isEqualTo(400);

        remove(org.founder(), admin, bob.id());
        assertThat(bob.post("/api/v2/users", "{}").status()).isEqualTo(403);
    }

    @Test
    void modified_at_of_a_user_stays_when_their_roles_change() {
        var org = roster.newOrg("acme");
        var bob = org.newUser("bob@acme.test");
        var before = org.founder().get("/api/v2/users/" + bob.id()).at("/data/attributes");

        add(org.founder(), ops(org), bob.id());

        assertThat(org.founder().get("/api/v2/users/" + bob.id()).at("/data/attributes")).isEqualTo(before);
    }

    @Test
    void adding_a_member_twice_or_removing_another_user_changes_nothing() {
        var org = roster.newOrg("acme");
        var ops = ops(org);
        var ann = org.newUserWith("ann@acme.test", List.of(ops.toString()));
        var bob = org.newUser("bob@acme.test");
        var before = org.version();

        assertThat(emails(add(org.founder(), ops, ann.id()))).containsExactly("ann@acme.test");
        assertThat(emails(remove(org.founder(), ops, bob.id()))).containsExactly("ann@acme.test");
        assertThat(org.version()).isEqualTo(before);
    }

    @Test
    void without_its_last_member_a_role_answers_an_empty_list() {
        var org = roster.newOrg("acme");
        var ops = ops(org);
        var ann = org.newUserWith("ann@acme.test", List.of(ops.toString()));

        assertThat(remove(org.founder(), ops, ann.id()).text())
            .isEqualTo("{\"data\":[],\"meta\":{\"page\":{\"total_count\":0}}}");
        assertThat(list(org.founder(), ops, "").text())
            .isEqualTo("{\"data\":[],\"meta\":{\"page\":{\"total_count\":0,\"total_filtered_count\":0}}}");
    }

    @Test
    void service_accounts_and_disabled_users_can_be_members() {
        var org = roster.newOrg("acme");
        var ops = ops(org);
        var bob = org.newUser("bob@acme.test");
        org.founder().delete("/api/v2/users/" + bob.id());

        add(org.founder(), ops, org.newServiceAccount("bot@acme.test", List.of()).id());

        assertThat(emails(add(org.founder(), ops, bob.id()))).containsExactly("bob@acme.test", "bot@acme.test");
        assertThat(emails(remove(org.founder(), ops, bob.id()))).containsExactly("bot@acme.test");
    }

    @Test
    void the_last_active_administrator_stays_one() {
        var org = roster.newOrg("acme");
        var admin = org.managed(Role.Managed.ADMIN);
        var before = org.version();

        var answer = remove(org.founder(), admin, org.founder().id());

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.errors()).containsExactly("Forbidden",
            "An organization must keep at least one active administrator");
        assertThat(org.version()).isEqualTo(before);
    }

    @Test
    void an_administrator_by_another_role_may_lose_one() {
        var org = roster.newOrg("acme");
        var managers = org.newRole("managers", List.of("user_access_manage"));
        add(org.founder(), managers, org.founder().id());

        assertThat(remove(org.founder(), org.managed(Role.Managed.ADMIN), org.founder().id()).status())
            .isEqualTo(200);
    }

    @Test
    void unknown_roles_and_users_are_named() {
        var org = roster.newOrg("acme");
        var ops = ops(org);
        var other = roster.newOrg("other");
        var foreignRole = other.managed(Role.Managed.ADMIN);
        var foreignUser = other.founder().id();

        for (Object role : List.of(UUID.randomUUID(), foreignRole, "ops")) {
            for (var answer : List.of(list(org.founder(), role, ""), add(org.founder(), role, org.founder().id()),
                remove(org.founder(), role, org.founder().id()))) {
                assertThat(answer.status()).isEqualTo(404);
                assertThat(answer.errors()).containsExactly(role + " not found");
            }
        }
        for (Object user : List.of(UUID.randomUUID(), foreignUser, "bob")) {
            for (var answer : List.of(add(org.founder(), ops, user), remove(org.founder(), ops, user))) {
                assertThat(answer.status()).isEqualTo(404);
                assertThat(answer.errors()).containsExactly(user + " not found");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{\"data\":[]}", "{\"data\":{\"type\":\"users\"}}",
        "{\"data\":{\"type\":\"users\",\"id\":7}}", "{\"data\":{\"type\":\"roles\",\"id\":\"x\"}}", "nonsense"})
    void a_body_that_names_no_user_is_refused_before_the_role_is_looked_for(String body) {
        var ada = roster.newOrg("acme").founder();
        var path = "/api/v2/roles/%s/users".formatted(UUID.randomUUID());

        assertThat(ada.post(path, body).status()).isEqualTo(400);
        assertThat(ada.delete(path, body).status()).isEqualTo(400);
    }

    @Test
    void changing_members_needs_the_permission_to_manage_and_listing_does_not() {
        var org = roster.newOrg("acme");
        var ops = ops(org);
        var sam = org.newStandard("sam@acme.test");

        for (var answer : List.of(add(sam, ops, sam.id()), remove(sam, ops, sam.id()))) {
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.errors()).containsExactly("Forbidden", "Failed permission authorization checks");
        }
        assertThat(list(sam, ops, "").status()).isEqualTo(200);
    }
}
