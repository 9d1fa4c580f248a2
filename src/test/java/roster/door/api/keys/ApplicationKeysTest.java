package roster.door.api.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.Answer;
import roster.support.Await;
import roster.support.Recipe;
import roster.support.Recipe.Call;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// The caller's own application keys, and those of the organisation.
class ApplicationKeysTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static final String OWN = "/api/v2/current_user/application_keys";
    private static final String ALL = "/api/v2/application_keys";
    private static final String ACCOUNTS = "/api/v2/service_accounts/%s/application_keys";

    static final List<Recipe> RECIPES = List.of(
        new Recipe("POST /api/v2/current_user/application_keys",
            org -> new Call(OWN, body("", "{\"name\":\"first\"}"))),
        new Recipe("GET /api/v2/current_user/application_keys/{app_key_id}", org -> new Call(OWN + "/" + issued(org))),
        new Recipe("PATCH /api/v2/current_user/application_keys/{app_key_id}", org -> {
            var id = issued(org);
            return new Call(OWN + "/" + id, body(id, "{\"name\":\"second\"}"));
        }),
        new Recipe("DELETE /api/v2/current_user/application_keys/{app_key_id}",
            org -> new Call(OWN + "/" + issued(org))),
        new Recipe("GET /api/v2/application_keys/{app_key_id}", org -> new Call(ALL + "/" + issued(org))),
        new Recipe("PATCH /api/v2/application_keys/{app_key_id}", org -> {
            var id = issued(org);
            return new Call(ALL + "/" + id, body(id, "{\"name\":\"second\"}"));
        }),
        new Recipe("DELETE /api/v2/application_keys/{app_key_id}", org -> new Call(ALL + "/" + issued(org))));

    private static String issued(TestOrg org) {
        return org.founder().post(OWN, body("", "{\"name\":\"first\"}")).id();
    }

    /// @param id empty for none
    private static String body(String id, String attributes) {
        return "{\"data\":{\"type\":\"application_keys\",%s\"attributes\":%s}}"
            .formatted(id.isEmpty() ? "" : "\"id\":\"%s\",".formatted(id), attributes);
    }

    private static Answer create(TestUser caller, String attributes) {
        return caller.post(OWN, body("", attributes));
    }

    private static Answer patch(TestUser caller, String path, String id, String attributes) {
        return caller.patch(path + "/" + id,
            body(id, attributes));
    }

    private static TestUser with(TestUser owner, Answer created) {
        return new TestUser(owner.org(), owner.user(), owner.apiKey(), created.text("/data/attributes/key"));
    }

    @Test
    void a_key_acts_for_its_owner_and_its_secret_is_shown_once() {
        var org = roster.newOrg("acme");
        var sam = org.newStandard("sam@acme.test");

        var created = create(sam, "{\"name\":\"laptop\"}");

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.text("/data/attributes/key")).matches("[0-9a-f]{40}");
        assertThat(created.at("/data/attributes/scopes").isNull()).isTrue();
        assertThat(created.at("/data/attributes").has("last_used_at")).isFalse();
        assertThat(created.text("/data/relationships/owned_by/data/id")).isEqualTo(sam.id());
        assertThat(with(sam, created).get("/api/v2/current_user").text("/data/id")).isEqualTo(sam.id());
        var secret = created.text("/data/attributes/key");
        for (var shown : List.of(sam.get(OWN + "/" + created.id()), sam.get(OWN),
            org.founder().get(ALL + "/" + created.id()), org.founder().get(ALL),
            patch(sam, OWN, created.id(), "{\"name\":\"desk\"}"),
            patch(org.founder(), ALL, created.id(), "{\"name\":\"office\"}"))) {
            assertThat(shown.status()).isEqualTo(200);
            assertThat(shown.text()).doesNotContain(secret).contains(created.id());
        }

        assertThat(sam.delete(OWN + "/" + created.id()).status()).isEqualTo(204);
        assertThat(with(sam, created).get("/api/v2/users").status()).isEqualTo(403);
        assertThat(sam.delete(OWN + "/" + created.id()).errors()).containsExactly("Application key not found");
    }

    @Test
    void scopes_narrow_at_once_and_can_be_taken_away() {
        var ada = roster.newOrg("acme").founder();
        var created = create(ada, "{\"name\":\"narrow\",\"scopes\":[\"user_access_invite\"]}");
        var narrow = with(ada, created);
        var role = "{\"data\":{\"attributes\":{\"name\":\"by narrow %d\"}}}";
        assertThat(created.texts("/data/attributes/scopes")).containsExactly("user_access_invite");
        assertThat(narrow.post("/api/v2/roles", role.formatted(1)).status()).isEqualTo(403);

        assertThat(patch(ada, OWN, created.id(), "{\"scopes\":null}").at("/data/attributes/scopes").isNull()).isTrue();
        assertThat(narrow.post("/api/v2/roles", role.formatted(2)).status()).isEqualTo(200);
        patch(ada, ALL, created.id(), "{\"scopes\":[\"user_access_read\"]}");
        assertThat(narrow.post("/api/v2/roles", role.formatted(3)).status()).isEqualTo(403);
        var unknown = create(ada, "{\"name\":\"x\",\"scopes\":[\"no_such\"]}");
        assertThat(unknown.status()).isEqualTo(400);
        assertThat(unknown.errors()).containsExactly("Invalid scopes: no_such");
        assertThat(patch(ada, OWN, created.id(), "{\"scopes\":[\"no_such\"]}").status()).isEqualTo(400);
    }

    /// An application key, by the call that changes it.
    private record Door(String path, String id) {}

    @Test
    void an_empty_list_of_scopes_is_no_restriction_at_any_door_and_never_answered() {
        var org = roster.newOrg("acme");
        var ada = org.founder();
        var account = ACCOUNTS.formatted(org.newServiceAccount("robot@acme.test", List.of()).id());
        for (var created : List.of(create(ada, "{\"name\":\"own\",\"scopes\":[]}"),
            ada.post(account, body("", "{\"name\":\"robots\",\"scopes\":[]}")))) {
            assertThat(created.status()).as(created.toString()).isEqualTo(201);
            assertThat(created.at("/data/attributes/scopes").isNull()).as(created.toString()).isTrue();
        }
        var all = with(ada, create(ada, "{\"name\":\"all\",\"scopes\":[]}"));
        assertThat(all.get("/api/v2/audit/events").status()).isEqualTo(200);

        var narrow = "{\"name\":\"narrow\",\"scopes\":[\"user_access_read\"]}";
        for (var door : List.of(new Door(OWN, create(ada, narrow).id()), new Door(ALL, create(ada, narrow).id()),
            new Door(account, ada.post(account, body("", narrow)).id()))) {
            var widened = patch(ada, door.path(), door.id(), "{\"scopes\":[]}");
            assertThat(widened.status()).as(widened.toString()).isEqualTo(200);
            assertThat(widened.at("/data/attributes/scopes").isNull()).as(widened.toString()).isTrue();
            assertThat(ada.get(door.path() + "/" + door.id()).at("/data/attributes/scopes").isNull()).isTrue();
            assertThat(patch(ada, door.path(), door.id(), "{\"scopes\":null}").status()).isEqualTo(200);
        }
        for (var list : List.of(OWN, ALL, account)) {
            assertThat(ada.get(list).text()).contains("\"scopes\":null").doesNotContain("\"scopes\":[]");
        }
    }

    @Test
    void a_key_that_was_stored_with_an_empty_list_can_do_nothing_until_its_scopes_are_edited() {
        var org = roster.newOrg("acme");
        var ada = org.founder();
        var created = create(ada, "{\"name\":\"old\"}");
        var old = with(ada, created);
        var before = Await.read(roster.db(), roster.program().key.applicationKeys::powerless);
        roster.sql("UPDATE application_keys SET scopes = '{}' WHERE org_id = ? AND id = ?", org.id().value(),
            UUID.fromString(created.id()));

        assertThat(Await.read(roster.db(), roster.program().key.applicationKeys::powerless)).isGreaterThan(before);
        assertThat(ada.get(ALL + "?filter=old").at("/data/0/attributes/scopes").toString()).isEqualTo("[]");
        assertThat(patch(ada, OWN, created.id(), "{\"name\":\"older\"}").at("/data/attributes/scopes").toString())
            .isEqualTo("[]");
        assertThat(old.get("/api/v2/users").status()).isEqualTo(403);
        assertThat(patch(ada, OWN, created.id(), "{\"scopes\":[]}").at("/data/attributes/scopes").isNull()).isTrue();
        assertThat(old.get("/api/v2/users").status()).isEqualTo(200);
    }

    @Test
    void a_scope_that_is_named_twice_is_one_and_changes_nothing() {
        var ada = roster.newOrg("acme").founder();

        var created = create(ada, "{\"name\":\"x\",\"scopes\":[\"user_access_read\",\"user_access_read\"]}");

        assertThat(created.texts("/data/attributes/scopes")).containsExactly("user_access_read");
        var version = ada.org().version();
        assertThat(patch(ada, OWN, created.id(), "{\"scopes\":[\"user_access_read\",\"user_access_read\"]}")
            .texts("/data/attributes/scopes")).containsExactly("user_access_read");
        assertThat(ada.org().version()).isEqualTo(version);
    }

    @Test
    void all_unknown_scopes_are_named_in_one_fault_and_only_so_much_of_them() {
        var org = roster.newOrg("acme");
        var ada = org.founder();
        var account = ACCOUNTS.formatted(org.newServiceAccount("robot@acme.test", List.of()).id());
        var sent = "{\"name\":\"x\",\"scopes\":[\"fly\",\"user_access_read\",\"swim\",\"fly\"]}";
        var id = create(ada, "{\"name\":\"known\"}").id();
        var version = ada.org().version();

        for (var answer : List.of(create(ada, sent), patch(ada, OWN, id, sent), patch(ada, ALL, id, sent),
            ada.post(account, body("", sent)), ada.post(account.replace("application_keys", "access_tokens"),
                body("", sent).replace("application_keys", "service_access_tokens")))) {
            assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
            assertThat(answer.errors()).containsExactly("Invalid scopes: fly, swim");
        }
        var many = IntStream.range(0, 5000).mapToObj(i -> "\"%s%d\"".formatted("x".repeat(100), i))
            .collect(Collectors.joining(","));
        assertThat(create(ada, "{\"name\":\"x\",\"scopes\":[%s]}".formatted(many)).text().length()).isLessThan(20_000);
        assertThat(ada.org().version()).isEqualTo(version);
    }

    @Test
    void a_key_with_scopes_issues_none_that_can_do_more() {
        var org = roster.newOrg("acme");
        var sam = org.newStandard("sam@acme.test");
        var narrow = with(sam, create(sam, "{\"name\":\"narrow\",\"scopes\":[\"user_app_keys\"]}"));

        assertThat(create(narrow, "{\"name\":\"all\"}").status()).isEqualTo(403);
        assertThat(create(narrow, "{\"name\":\"more\",\"scopes\":[\"user_access_invite\"]}").status()).isEqualTo(403);
        var same = create(narrow, "{\"name\":\"same\",\"scopes\":[\"user_app_keys\"]}");
        assertThat(same.status()).isEqualTo(201);
        assertThat(create(narrow, "{\"name\":\"none\",\"scopes\":[]}").status()).isEqualTo(403);
        assertThat(patch(narrow, OWN, same.id(), "{\"scopes\":null}").status()).isEqualTo(403);
        assertThat(patch(narrow, OWN, same.id(), "{\"scopes\":[]}").status()).isEqualTo(403);
        assertThat(patch(narrow, OWN, same.id(), "{\"name\":\"renamed\"}").status()).isEqualTo(200);
    }

    @Test
    void not_even_a_key_that_may_manage_access_widens_itself() {
        var ada = roster.newOrg("acme").founder();
        var scopes = "[\"user_app_keys\",\"user_access_manage\"]";
        var created = create(ada, "{\"name\":\"narrow\",\"scopes\":%s}".formatted(scopes));
        var narrow = with(ada, created);

        assertThat(create(narrow, "{\"name\":\"more\",\"scopes\":[\"org_management\"]}").status()).isEqualTo(403);
        assertThat(patch(narrow, OWN, created.id(), "{\"scopes\":[\"org_management\",\"user_app_keys\"]}").status())
            .isEqualTo(403);
        assertThat(create(narrow, "{\"name\":\"same\",\"scopes\":%s}".formatted(scopes)).status()).isEqualTo(201);
    }

    @Test
    void ones_own_are_ones_own_and_administrators_see_all() {
        var org = roster.newOrg("acme");
        var sam = org.newStandard("sam@acme.test");
        var eve = org.newStandard("eve@acme.test");
        var id = create(sam, "{\"name\":\"sams\"}").id();

        for (var answer : List.of(eve.get(OWN + "/" + id), patch(eve, OWN, id, "{\"name\":\"x\"}"),
            eve.delete(OWN + "/" + id), eve.get(OWN + "/incorrectId"), org.founder().get(ALL + "/" + UUID.randomUUID()),
            roster.newOrg("other").founder().get(ALL + "/" + id))) {
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.errors()).containsExactly("Application key not found");
        }
        assertThat(eve.get(ALL + "/" + id).status()).isEqualTo(200);
        assertThat(patch(eve, ALL, id, "{\"name\":\"x\"}").status()).isEqualTo(403);
        assertThat(eve.delete(ALL + "/" + id).status()).isEqualTo(403);
        assertThat(org.founder().delete(ALL + "/" + id).status()).isEqualTo(204);
    }

    @Test
    void lists_are_sorted_filtered_and_counted() {
        var org = roster.newOrg("acme");
        var sam = org.newStandard("sam@acme.test");
        create(sam, "{\"name\":\"beta\"}");
        create(sam, "{\"name\":\"Alpha\"}");

        var own = sam.get(OWN + "?sort=-name&filter=A");
        assertThat(own.each("/data", "/attributes/name")).containsSubsequence("beta", "Alpha");
        assertThat(own.at("/meta/max_allowed_per_user").asInt()).isEqualTo(1000);
        assertThat(own.at("/data/0/relationships").has("owned_by")).isFalse();
        var included = sam.get(OWN + "?include=owned_by&page[size]=1");
        assertThat(included.each("/included", "/id")).containsExactly(sam.id());
        assertThat(included.at("/data")).hasSize(1);
        var all = org.founder().get(ALL + "?filter=alpha");
        assertThat(all.at("/meta/page/total_filtered_count").asInt()).isEqualTo(1);
        assertThat(all.text("/data/0/relationships/owned_by/data/id")).isEqualTo(sam.id());
        for (var bad : List.of("sort=modified_at", "include=roles", "page[size]=0", "filter[created_at][end]=x")) {
            assertThat(sam.get(OWN + "?" + bad).status()).isEqualTo(400);
        }
    }
}
