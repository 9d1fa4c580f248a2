package roster.door.api.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.support.Answer;
import roster.support.Recipe;
import roster.support.Recipe.Call;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

class ApiKeysTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static final String PATH = "/api/v2/api_keys";

    private static final String LAST_USED =
        "Timestamp of when this key was last used in the past ninety (90) days, null if no recent usage";

    static final List<Recipe> RECIPES = List.of(
        new Recipe("POST /api/v2/api_keys", org -> new Call(PATH, body("", "{\"name\":\"first\"}"))),
        new Recipe("GET /api/v2/api_keys/{api_key_id}", org -> new Call(PATH + "/" + issued(org))),
        new Recipe("PATCH /api/v2/api_keys/{api_key_id}", org -> {
            var id = issued(org);
            return new Call(PATH + "/" + id, body(id, "{\"name\":\"second\"}"));
        }),
        new Recipe("DELETE /api/v2/api_keys/{api_key_id}", org -> new Call(PATH + "/" + issued(org))));

    private static String issued(TestOrg org) {
        return org.founder().post(PATH, body("", "{\"name\":\"first\"}")).id();
    }

    /// @param id empty for none
    private static String body(String id, String attributes) {
        return "{\"data\":{\"type\":\"api_keys\",%s\"attributes\":%s}}"
            .formatted(id.isEmpty() ? "" : "\"id\":\"%s\",".formatted(id), attributes);
    }

    private static Answer create(TestUser caller, String attributes) {
        return caller.post(PATH, body("", attributes));
    }

    private static Answer patch(TestUser caller, String id, String attributes) {
        return caller.patch(PATH + "/" + id,
            body(id, attributes));
    }

    private static int statusWith(TestUser caller, String apiKey) {
        return new TestUser(caller.org(), caller.user(), apiKey, caller.applicationKey()).get("/api/v2/users").status();
    }

    @Test
    void a_new_key_works_until_it_is_deleted() {
        var ada = roster.newOrg("acme").founder();

        var created = create(ada, "{\"name\":\"deployments\"}");

        assertThat(created.status()).isEqualTo(201);
        var secret = created.text("/data/attributes/key");
        assertThat(secret).matches("[0-9a-f]{32}").endsWith(created.text("/data/attributes/last4"));
        assertThat(created.text("/data/attributes/category")).isEqualTo("default");
        assertThat(created.at("/data/attributes/remote_config_read_enabled").asBoolean()).isTrue();
        assertThat(created.at("/data/attributes/date_last_used").isNull()).isTrue();
        assertThat(created.at("/data/attributes/last_used_date").toString())
            .isEqualTo("{\"timestamp\":null,\"description\":\"%s\"}".formatted(LAST_USED));
        assertThat(created.text("/data/relationships/created_by/data/id")).isEqualTo(ada.id());
        assertThat(created.at("/data/relationships/leak_information/data").isNull()).isTrue();
        assertThat(ada.get(PATH + "/" + created.id()).at("/data")).isEqualTo(created.at("/data"));
        assertThat(statusWith(ada, secret)).isEqualTo(200);

        assertThat(ada.delete(PATH + "/" + created.id()).status()).isEqualTo(204);
        assertThat(statusWith(ada, secret)).isEqualTo(403);
        for (var answer : List.of(ada.get(PATH + "/" + created.id()), ada.delete(PATH + "/" + created.id()),
            patch(ada, created.id(), "{\"name\":\"x\"}"), ada.get(PATH + "/nonsense"))) {
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.errors()).containsExactly("API key not found");
        }
    }

    @Test
    void lists_hold_no_secret_and_are_sorted_filtered_and_counted() {
        var ada = roster.newOrg("acme").founder();
        create(ada, "{\"name\":\"beta\",\"category\":\"ci\",\"remote_config_read_enabled\":false}");
        var alpha = create(ada, "{\"name\":\"Alpha\"}");

        var all = ada.get(PATH + "?sort=-name&include=created_by");
        assertThat(all.each("/data", "/attributes/name")).containsSubsequence("beta", "Alpha");
        assertThat(all.at("/meta/max_allowed").asInt()).isEqualTo(200);
        assertThat(all.at("/meta/page/total_filtered_count").asInt()).isEqualTo(all.at("/data").size());
        assertThat(all.each("/included", "/id")).containsExactly(ada.id());
        assertThat(all.text()).doesNotContain(alpha.text("/data/attributes/key"));
        assertThat(ada.get(PATH + "?filter=ALP").each("/data", "/id")).containsExactly(alpha.id());
        assertThat(ada.get(PATH + "?filter[category]=ci").each("/data", "/attributes/name")).containsExactly("beta");
        assertThat(ada.get(PATH + "?filter[remote_config_read_enabled]=false").each("/data", "/attributes/name"))
            .containsExactly("beta");
        var at = alpha.text("/data/attributes/created_at").replace("+", "%2B");
        assertThat(ada.get(PATH + "?filter[created_at][start]=" + at).each("/data", "/id")).containsExactly(alpha.id());
        assertThat(ada.get(PATH + "?filter[modified_at][end]=" + at + "&page[size]=1&page[number]=1").at("/data"))
            .hasSize(1);
    }

    private static List<String> accesses(TestUser caller) {
        var events = caller.get("/api/v2/audit/events?sort=timestamp&filter[query]=@action:accessed");
        assertThat(events.status()).isEqualTo(200);
        return events.each("/data", "/attributes/message");
    }

    @Test
    void each_answer_that_shows_a_key_again_leaves_an_entry() {
        var org = roster.newOrg("acme");
        var ada = org.founder();
        var sam = org.newStandard("sam@acme.test");
        var web = create(ada, "{\"name\":\"web\"}");
        assertThat(accesses(ada)).isEmpty();

        assertThat(sam.get(PATH + "/" + web.id()).text("/data/attributes/key"))
            .isEqualTo(web.text("/data/attributes/key"));
        assertThat(ada.get(PATH + "/" + web.id() + "?include=created_by").status()).isEqualTo(200);
        assertThat(patch(ada, web.id(), "{\"name\":\"web\"}").text("/data/attributes/key")).isNotEmpty();
        var bySam = "api key web accessed by " + sam.email();
        var byAda = "api key web accessed by " + ada.email();
        assertThat(accesses(ada)).containsExactly(bySam, byAda, byAda);
        var event = ada.get("/api/v2/audit/events?sort=timestamp&filter[query]=@action:accessed");
        assertThat(event.text("/data/0/attributes/attributes/evt/name")).isEqualTo("Authentication");
        assertThat(event.text("/data/0/attributes/attributes/asset/type")).isEqualTo("api_key");
        assertThat(event.text("/data/0/attributes/attributes/asset/id")).isEqualTo(web.id());
        assertThat(event.text()).doesNotContain(web.text("/data/attributes/key"));

        var version = org.version();
        assertThat(ada.get(PATH).status()).isEqualTo(200);
        assertThat(ada.get(PATH + "/" + UUID.randomUUID()).status()).isEqualTo(404);
        assertThat(ada.get(PATH + "/" + web.id() + "?include=x").status()).isEqualTo(400);
        assertThat(sam.scopedTo("user_access_read").get(PATH + "/" + web.id()).status()).isEqualTo(403);
        assertThat(org.version()).isEqualTo(version + 1); // the new application key
    }

    @ParameterizedTest
    @ValueSource(strings = {"sort=color", "page[size]=101", "include=owner", "filter[created_at][start]=yesterday",
        "filter[created_at][start]=%2B999999999-12-31T23:59:59Z",
        "filter[remote_config_read_enabled]=maybe"})
    void parameters_that_cannot_be_are_refused(String query) {
        assertThat(roster.newOrg("acme").founder().get(PATH + "?" + query).status()).isEqualTo(400);
    }

    @Test
    void names_change_and_are_unique() {
        var ada = roster.newOrg("acme").founder();
        var first = create(ada, "{\"name\":\"first\"}");
        create(ada, "{\"name\":\"second\"}");

        var renamed = patch(ada, first.id(), "{\"name\":\"renamed\",\"category\":\"ci\"}");
        assertThat(renamed.status()).isEqualTo(200);
        assertThat(renamed.text("/data/attributes/name")).isEqualTo("renamed");
        assertThat(renamed.text("/data/attributes/key")).isEqualTo(first.text("/data/attributes/key"));
        assertThat(patch(ada, first.id(), "{\"name\":\"renamed\"}").status()).isEqualTo(200);
        var before = ada.org().version();
        for (var taken : List.of(create(ada, "{\"name\":\"second\"}"), create(ada, "{\"name\":\" SeconD \"}"),
            patch(ada, first.id(), "{\"name\":\"second\"}"), patch(ada, first.id(), "{\"name\":\"SECOND\"}"))) {
            assertThat(taken.status()).isEqualTo(409);
            assertThat(taken.errors()).containsExactly("An API key with the same name already exists");
        }
        assertThat(create(ada, "{\"name\":\" \"}").errors())
            .containsExactly("API input validation failed: {'name': ['Shorter than minimum length 1.']}");
        assertThat(ada.patch(PATH + "/" + first.id(), """
            {"data":{"type":"api_keys","id":"%s","attributes":{"name":"x"}}}""".formatted(UUID.randomUUID())).status())
            .isEqualTo(422);
        assertThat(ada.org().version()).isEqualTo(before);
    }

    @Test
    void the_last_key_stays_and_two_hundred_are_the_most() {
        var org = roster.newOrg("acme");
        var ada = org.founder();
        var own = ada.get(PATH).text("/data/0/id");
        assertThat(ada.get(PATH).at("/data")).hasSize(1);

        var last = ada.delete(PATH + "/" + own);
        assertThat(last.status()).isEqualTo(400);
        assertThat(last.errors()).containsExactly("The last API key of an organization cannot be deleted");
        org.write(tx -> {
            for (int i = 1; i < 200; i++) {
                roster.program().key.apiKeys.issue(tx, "key " + i);
            }
            return null;
        });
        var beyond = create(ada, "{\"name\":\"one more\"}");
        assertThat(beyond.status()).isEqualTo(400);
        assertThat(beyond.errors()).containsExactly("Maximum number of keys reached");
    }

    @Test
    void each_operation_needs_its_permission_and_its_organisation() {
        var org = roster.newOrg("acme");
        var sam = org.newStandard("sam@acme.test");
        var id = create(org.founder(), "{\"name\":\"ops\"}").id();

        assertThat(sam.get(PATH).status()).isEqualTo(200);
        assertThat(sam.get(PATH + "/" + id).status()).isEqualTo(200);
        assertThat(create(sam, "{\"name\":\"x\"}").status()).isEqualTo(403);
        assertThat(patch(sam, id, "{\"name\":\"x\"}").status()).isEqualTo(403);
        assertThat(sam.delete(PATH + "/" + id).status()).isEqualTo(403);
        assertThat(roster.newOrg("other").founder().get(PATH + "/" + id).status()).isEqualTo(404);
    }

    @Test
    void the_last_use_is_noted_without_a_version() {
        var ada = roster.newOrg("acme").founder();
        var created = create(ada, "{\"name\":\"used\"}");
        statusWith(ada, created.text("/data/attributes/key"));
        var before = ada.org().version();

        roster.program().access.lastUse.note();

        var shown = ada.get(PATH + "?filter=used");
        var used = shown.text("/data/0/attributes/date_last_used");
        assertThat(used).isNotEmpty();
        assertThat(shown.text("/data/0/attributes/last_used_date/timestamp")).isEqualTo(used);
        assertThat(shown.at("/data/0/attributes/used_in_last_24_hours").asBoolean()).isTrue();
        assertThat(ada.get("/api/v2/current_user/application_keys").at("/data/0/attributes/last_used_at").isNull())
            .isFalse();
        assertThat(ada.org().version()).isEqualTo(before);
        assertThat(ada.send("GET", PATH, null, Map.of()).status()).isEqualTo(200);
        roster.sql("UPDATE api_keys SET last_used_at = last_used_at - interval '91 days' WHERE org_id = ?",
            ada.org().id().value());
        var longAgo = ada.get(PATH + "?filter=used").at("/data/0/attributes");
        assertThat(longAgo.path("date_last_used").isNull()).isFalse();
        assertThat(longAgo.at("/last_used_date/timestamp").isNull()).isTrue();
    }
}
