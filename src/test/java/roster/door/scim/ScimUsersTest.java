package roster.door.scim;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.door.scim.UserClient.ok;
import static roster.door.scim.UserClient.person;
import static roster.door.scim.UserClient.refused;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.support.Recipe;
import roster.support.Recipe.Call;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// Reading, replacing and changing people over SCIM: the contract's sections 5, 6.2, 8, 9.3, 10 and 12.
class ScimUsersTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    static final List<Recipe> RECIPES = Stream.of("/scim/v2", "/api/v2/scim").flatMap(base -> Stream.of(
        new Recipe("POST " + base + "/Users", _ -> new Call(base + "/Users", person(address(), ""))),
        new Recipe("GET " + base + "/Users/{id}", org -> new Call(base + path(org))),
        new Recipe("PUT " + base + "/Users/{id}", org -> new Call(base + path(org), person(address(), ""))),
        new Recipe("PATCH " + base + "/Users/{id}", org -> new Call(base + path(org),
            DirectoryClient.operations("{\"op\":\"replace\",\"path\":\"nickName\",\"value\":\"Annie\"}"))),
        new Recipe("DELETE " + base + "/Users/{id}", org -> new Call(base + path(org))))).toList();

    private static String address() {
        return "ann%d@acme.test".formatted(System.nanoTime());
    }

    private static String path(TestOrg org) {
        return "/Users/" + org.newPending(address()).id();
    }

    private static UserClient directory() {
        return UserClient.of(roster.newOrg("acme"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/scim/v2", "/api/v2/scim"})
    void without_a_public_url_links_begin_with_the_base_and_lead_there_on_every_node(String base) {
        var directory = directory().below(base);
        var role = directory.org().newRole("Ops", List.of());
        var made = directory.post(person("ann@acme.test", "\"roles\":[\"%s\"]".formatted(role)));
        var location = base + "/Users/" + made.text("/id");
        assertThat(ok(made, 201).header("Location")).contains(location);
        try (var other = roster.anotherNode(Map.of())) {
            var there = directory.at(other.address());
            var read = ok(there.send("GET", location.substring(base.length()), null), 200);
            assertThat(read.text("/meta/location")).isEqualTo(location);
            assertThat(read.text("/groups/0/$ref")).isEqualTo(base + "/Groups/" + role);
            var resolved = URI.create(other.address() + base + "/").resolve(read.text("/groups/0/$ref"));
            assertThat(resolved.toString()).isEqualTo(other.address() + base + "/Groups/" + role);
            assertThat(ok(there.send("GET", "/Groups/" + role, null), 200).text("/meta/location"))
                .isEqualTo(base + "/Groups/" + role);
        }
    }

    @Test
    void the_tag_is_the_same_below_both_bases_and_on_all_nodes() {
        var directory = directory();
        var role = directory.org().newRole("Ops", List.of());
        var id = directory.created(person("ann@acme.test", "\"roles\":[\"%s\"]".formatted(role)));
        try (var other = roster.anotherNode(Map.of())) {
            var tag = directory.get(id).header("ETag").orElseThrow();
            assertThat(directory.below("/api/v2/scim").get(id).header("ETag")).contains(tag);
            assertThat(directory.at(other.address()).get(id).header("ETag")).contains(tag);
            assertThat(directory.get(id).text("/meta/version")).isEqualTo(tag);

            ok(directory.admin().send("PATCH", "/api/v2/roles/" + role, "{\"data\":{\"type\":\"roles\",\"id\":\"%s\","
                .formatted(role) + "\"attributes\":{\"name\":\"Operations\"}}}"), 200);
            var renamed = directory.get(id);
            assertThat(renamed.header("ETag").orElseThrow()).isNotEqualTo(tag);
            assertThat(directory.at(other.address()).get(id).text()).isEqualTo(renamed.text());
        }
    }

    @Test
    void conditions_are_weak_and_looked_at_before_anything_changes() {
        var directory = directory();
        var id = directory.created(person("ann@acme.test", ""));
        var tag = directory.get(id).header("ETag").orElseThrow();
        var change = DirectoryClient.operations("{\"op\":\"replace\",\"path\":\"nickName\",\"value\":\"Annie\"}");

        assertThat(directory.send("GET", "/Users/" + id, null, Map.of("If-None-Match", tag)).status()).isEqualTo(304);
        ok(directory.send("PATCH", "/Users/" + id, change, Map.of("If-Match", "W/\"other\"")), 412);
        ok(directory.send("DELETE", "/Users/" + id, null, Map.of("If-Match", "\"other\"")), 412);
        ok(directory.send("PUT", "/Users/" + id, person("ann@acme.test", ""), Map.of("If-Match", "\"other\"")), 412);
        var changed = ok(directory.send("PATCH", "/Users/" + id, change, Map.of("If-Match", tag)), 200);
        assertThat(changed.header("ETag").orElseThrow()).isNotEqualTo(tag);
        ok(directory.send("PATCH", "/Users/" + id, change, Map.of("If-Match", tag)), 412);
        ok(directory.send("PATCH", "/Users/" + id, change, Map.of("If-Match", "*")), 200);
        assertThat(directory.send("GET", "/Users/" + id, null, Map.of("If-None-Match", tag)).status()).isEqualTo(200);
    }

    @Test
    void what_changes_nothing_writes_nothing() {
        var directory = directory();
        var role = directory.org().newRole("Ops", List.of());
        var made = ok(directory.post(person("Ann@acme.test", """
            "externalId":"x1","title":"CEO","roles":[{"value":"%s","type":"job","primary":true}],
            "addresses":[{"type":"work","locality":"Berlin"}],
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"Ops"}""".formatted(role))),
            201);
        var id = made.text("/id");
        var version = directory.org().version();

        for (var sent : List.of(made.text(), person("Ann@acme.test", """
            "title":"CEO","addresses":[{"type":"work","locality":"Berlin"}],"department":"Ops\""""))) {
            assertThat(ok(directory.put(id, sent), 200).text()).isEqualTo(made.text());
        }
        for (var operation : List.of("{\"op\":\"Replace\",\"path\":\"active\",\"value\":\"True\"}",
            "{\"op\":\"add\",\"path\":\"roles\",\"value\":[{\"value\":\"OPS\",\"type\":\"job\"}]}",
            "{\"op\":\"replace\",\"value\":{\"title\":\"CEO\",\"name.givenName\":\"Ann\"}}",
            "{\"op\":\"remove\",\"path\":\"nickName\"}",
            "{\"op\":\"add\",\"path\":\"emails[type eq \\\"work\\\"].value\",\"value\":\"Ann@acme.test\"}")) {
            assertThat(ok(directory.patch(id, operation), 200).text()).as(operation).isEqualTo(made.text());
        }
        assertThat(directory.org().version()).isEqualTo(version);
    }

    @Test
    void a_put_clears_what_is_absent_but_for_what_must_not_go_by_accident() {
        var directory = directory();
        var role = directory.org().newRole("Ops", List.of());
        var id = directory.created(person("ann@acme.test", """
            "externalId":"x1","title":"CEO","nickName":"Annie","phoneNumbers":[{"value":"1"}],"roles":["%s"],
            "department":"Ops\"""".formatted(role)));
        ok(directory.patch(id, "{\"op\":\"replace\",\"path\":\"active\",\"value\":false}"), 200);

        var left = ok(directory.put(id, "{\"userName\":\"ann@acme.test\",\"roles\":null,\"active\":null}"), 200);

        assertThat(left.json().propertyNames()).containsExactlyInAnyOrder("schemas", "id", "externalId", "userName",
            "name", "displayName", "active", "emails", "groups", "roles", "meta");
        assertThat(left.at("/active").asBoolean(true)).isFalse();
        assertThat(left.text("/emails/0/value")).isEqualTo("ann@acme.test");
        assertThat(left.text("/displayName")).as("derived from the address").isEqualTo("ann");
        var cleared = ok(directory.put(id, "{\"userName\":\"ann@acme.test\",\"roles\":[],\"externalId\":null}"), 200);
        assertThat(cleared.at("/roles").isMissingNode() && cleared.at("/externalId").isMissingNode()).isTrue();
        refused(directory.put(id, "{\"displayName\":\"Ann\"}"), 400, "invalidValue");
        ok(directory.put("0199aaaa-0000-7000-8000-000000000001", person("x@acme.test", "")), 404);
    }

    @Test
    void what_only_the_server_gives_is_ignored_in_a_put() {
        var directory = directory();
        var role = directory.org().newRole("Ops", List.of());
        var id = directory.created(person("ann@acme.test", ""));

        var answer = ok(directory.put(id, person("ann@acme.test", """
            "id":"%s","groups":[{"value":"%s"}],"meta":{"created":"2001-01-01T00:00:00Z"}"""
            .formatted(directory.admin().id(), role))), 200);

        assertThat(answer.text("/id")).isEqualTo(id);
        assertThat(answer.at("/groups").isMissingNode()).isTrue();
        assertThat(answer.text("/meta/created")).doesNotStartWith("2001");
    }

    @Test
    void names_that_were_derived_and_come_back_are_not_kept() {
        var directory = directory();
        var ada = directory.org().newPending("ada@acme.test");
        rename(directory, ada.id().toString(), "Ada King Lovelace");
        var read = directory.get(ada.id().toString());
        assertThat(read.text("/displayName")).isEqualTo("Ada King Lovelace");
        assertThat(read.text("/name/formatted")).isEqualTo("Ada King Lovelace");
        assertThat(read.text("/name/givenName")).isEqualTo("Ada King");
        assertThat(read.text("/name/familyName")).isEqualTo("Lovelace");

        ok(directory.put(ada.id().toString(), read.text().replace("\"active\"", "\"nickName\":\"A\",\"active\"")), 200);
        rename(directory, ada.id().toString(), "Ada Byron");
        assertThat(directory.get(ada.id().toString()).text("/name/familyName")).isEqualTo("Byron");
    }

    @Test
    void what_is_sent_beside_derived_names_is_kept_and_the_names_still_follow() {
        var directory = directory();
        var id = directory.org().newPending("ada@acme.test").id().toString();
        rename(directory, id, "Ada King");
        for (var middle : List.of("Byron", "Augusta")) {
            var body = directory.get(id).text().replace(",\"middleName\":\"Byron\"", "")
                .replace("\"givenName\"", "\"middleName\":\"" + middle + "\",\"givenName\"");
            var put = ok(directory.put(id, body), 200);
            assertThat(put.text("/displayName")).isEqualTo("Ada King");
            assertThat(put.text("/name/givenName")).isEqualTo("Ada");
            assertThat(put.text("/name/middleName")).isEqualTo(middle);
            assertThat(ok(directory.put(id, body), 200).text()).isEqualTo(put.text());
        }

        rename(directory, id, "Augusta Lovelace");

        var read = directory.get(id);
        assertThat(read.text("/displayName")).isEqualTo("Augusta Lovelace");
        assertThat(read.text("/name/formatted")).isEqualTo("Augusta Lovelace");
        assertThat(read.text("/name/givenName")).isEqualTo("Augusta");
        assertThat(read.text("/name/familyName")).isEqualTo("Lovelace");
        assertThat(read.text("/name/middleName")).isEqualTo("Augusta");
        var without = ok(directory.put(id, read.text().replaceFirst(",?\"middleName\":\"Augusta\"", "")), 200);
        assertThat(without.at("/name/middleName").isMissingNode()).isTrue();
        assertThat(without.text("/name/familyName")).isEqualTo("Lovelace");
    }

    private static void rename(UserClient directory, String id, String name) {
        ok(directory.admin().patch("/api/v2/users/" + id,
            "{\"data\":{\"type\":\"users\",\"id\":\"%s\",\"attributes\":{\"name\":\"%s\"}}}".formatted(id, name)), 200);
    }

    @Test
    void kept_names_follow_another_door_and_long_ones_are_kept_whole() {
        var directory = directory();
        var whole = "Ann <the> " + "Very ".repeat(20) + "Long";
        var made = ok(directory.post("""
            {"userName":"ann@acme.test","displayName":"%s","name":{"formatted":"Ann F","givenName":"Ann"}}"""
            .formatted(whole)), 201);
        var id = made.text("/id");
        assertThat(made.text("/displayName")).isEqualTo(whole);
        assertThat(directory.user(id).text("/data/attributes/name"))
            .isEqualTo("Ann the Very Very Very Very Very Very Very Very Very");

        rename(directory, id, "Ann Other");
        var followed = directory.get(id);
        assertThat(followed.text("/displayName")).isEqualTo("Ann Other");
        assertThat(followed.text("/name/formatted")).isEqualTo("Ann Other");
        assertThat(followed.text("/name/givenName")).isEqualTo("Ann");
    }

    @Test
    void the_address_is_the_primary_one_else_the_first_for_work_else_the_first() {
        var directory = directory();
        var home = "{\"value\":\"home@acme.test\",\"type\":\"home\"}";
        var work = "{\"value\":\"work@acme.test\",\"type\":\"Work\"}";
        var first = "{\"value\":\"first@acme.test\"}";
        var primary = "{\"value\":\"primary@acme.test\",\"primary\":\"True\"}";
        var addresses = new ArrayList<String>();

        for (var emails : List.of(List.of(home, first), List.of(first, home), List.of(home, work, first),
            List.of(work, home, primary))) {
            var id = directory.created("{\"userName\":\"n%d\",\"emails\":[%s]}".formatted(emails.hashCode(),
                String.join(",", emails)));
            addresses.add(directory.user(id).text("/data/attributes/email"));
        }
        assertThat(addresses).containsExactly("home@acme.test", "first@acme.test", "work@acme.test",
            "primary@acme.test");
    }

    @Test
    void an_address_that_came_from_the_user_name_follows_it() {
        var directory = directory();
        var id = directory.created("{\"userName\":\"ann@acme.test\"}");

        var moved =
            ok(directory.patch(id, "{\"op\":\"replace\",\"path\":\"userName\",\"value\":\"Ann.Lee@acme.test\"}"),
                200);
        assertThat(moved.text("/emails/0/value")).isEqualTo("Ann.Lee@acme.test");
        assertThat(directory.user(id).text("/data/attributes/email")).isEqualTo("ann.lee@acme.test");
        ok(directory.patch(id, "{\"op\":\"replace\",\"path\":\"userName\",\"value\":\"alee\"}"), 200);
        assertThat(directory.user(id).text("/data/attributes/email")).isEqualTo("ann.lee@acme.test");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"userName\":\" \"", "\"userName\":\"no address\"", "\"emails\":[{\"value\":\"no\"}]",
        "\"emails\":[{\"value\":\"a@acme.test\",\"primary\":true},{\"value\":\"b@acme.test\",\"primary\":true}]",
        "\"emails\":[{\"value\":\"anonymized-0199aaaa-0000-7000-8000-000000000001@anonymized.invalid\"}]"})
    void bad_values_are_refused(String member) {
        var directory = directory();
        var version = directory.org().version();
        refused(directory.post("{\"userName\":\"nobody\",%s}".formatted(member)), 400, "invalidValue");
        assertThat(directory.org().version()).isEqualTo(version);
    }

    @Test
    void answers_have_the_parts_that_were_asked_for() {
        var directory = directory();
        var id = directory.created(person("ann@acme.test", ""));

        assertThat(directory.send("GET", "/Users/" + id + "?attributes=userName,name.givenName", null).text())
            .isEqualTo("{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],\"id\":\"%s\",".formatted(id)
                + "\"userName\":\"ann@acme.test\",\"name\":{\"givenName\":\"Ann\"}}");
        var without = directory.send("PATCH", "/Users/" + id + "?excludedAttributes=meta,emails",
            DirectoryClient.operations("{\"op\":\"add\",\"path\":\"title\",\"value\":\"CEO\"}"));
        assertThat(without.json().propertyNames()).contains("title").doesNotContain("meta", "emails");
    }

    @Test
    void callers_read_themselves_and_service_accounts_are_nobody() {
        var directory = directory();
        var bob = directory.org().newUser("bob@acme.test");
        var headers = Map.of("Authorization", "Bearer " + bob.applicationKey());

        var me = ok(roster.send("GET", "/scim/v2/Me", null, headers), 200);
        assertThat(me.text("/id")).isEqualTo(bob.id());
        assertThat(me.header("Content-Location").orElseThrow()).endsWith("/scim/v2/Users/" + bob.id());
        ok(roster.send("GET", "/scim/v2/Users/" + bob.id(), null, headers), 403);
        ok(roster.send("DELETE", "/scim/v2/Me", null, headers), 501);
        var bot = directory.org().newServiceAccount("bot@acme.test", List.of());
        var key = directory.org().newApplicationKey(bot, Optional.empty());
        ok(roster.send("GET", "/scim/v2/Me", null, Map.of("Authorization", "Bearer " + key)), 404);
        ok(directory.get(bot.id().toString()), 404);
        ok(directory.put(bot.id().toString(), person("bot@acme.test", "")), 404);
        ok(directory.patch(bot.id().toString(), "{\"op\":\"replace\",\"path\":\"active\",\"value\":false}"), 404);
        ok(directory.delete(bot.id().toString()), 404);
        assertThat(directory.filtered("emails eq \"bot@acme.test\"").at("/totalResults").asInt()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/scim/v2", "/api/v2/scim"})
    void callers_who_know_themselves_are_told_so(String base) {
        var directory = directory().below(base);
        var bob = directory.org().newUser("bob@acme.test");
        var me = new UserClient(bob, directory.node(), base);
        var first = ok(me.send("GET", "/Me", null), 200);
        var tag = first.header("ETag").orElseThrow();
        assertThat(tag).isEqualTo(directory.get(bob.id()).header("ETag").orElseThrow());

        for (var known : List.of(tag, tag.substring(2), "\"x\", " + tag, "*")) {
            var answer = ok(me.send("GET", "/Me", null, Map.of("If-None-Match", known)), 304);
            assertThat(answer.bytes()).as(known).isEmpty();
            assertThat(answer.header("ETag")).contains(tag);
            assertThat(answer.header("Content-Location")).isEqualTo(first.header("Content-Location"));
        }
        ok(me.send("GET", "/Me", null, Map.of("If-None-Match", "\"x\"")), 200);
        ok(directory.patch(bob.id(), "{\"op\":\"add\",\"path\":\"nickName\",\"value\":\"Bobby\"}"), 200);
        assertThat(ok(me.send("GET", "/Me", null, Map.of("If-None-Match", tag)), 200).text("/nickName"))
            .isEqualTo("Bobby");
    }

    @Test
    void people_are_found_by_what_directories_know_of_them() {
        var directory = directory();
        var id = directory.created(person("Ann@acme.test", "\"externalId\":\"X1\",\"title\":\"CEO\""));
        directory.created(person("bob@acme.test", "\"externalId\":\"x1\""));

        for (var filter : List.of("userName eq \"ANN@acme.test\"", "USERNAME EQ \"ann@ACME.test\"",
            "externalId eq \"X1\"", "id eq \"%s\"".formatted(id), "emails eq \"ann@acme.test\"",
            "emails.value eq \"ann@acme.test\"", "emails[type eq \"work\"].value eq \"ann@acme.test\"",
            "emails[type eq \"work\" and value eq \"ann@acme.test\"]",
            "userName eq \"ann@acme.test\" and active eq true", "title eq \"ceo\"", "title pr and userName sw \"an\"",
            "urn:ietf:params:scim:schemas:core:2.0:User:userName eq ann@acme.test")) {
            var found = ok(directory.filtered(filter), 200);
            assertThat(found.each("/Resources", "/id")).as(filter).containsExactly(id);
            assertThat(found.at("/totalResults").asInt()).isEqualTo(1);
        }
        for (var filter : List.of("userName eq \"ann\"", "emails[type eq \"home\"].value eq \"ann@acme.test\"",
            "userName eq \"ann@acme.test\" and active eq false", "externalId eq \"X2\"", "id eq \"x\"")) {
            assertThat(ok(directory.filtered(filter), 200).at("/Resources").size()).as(filter).isZero();
        }
        refused(directory.filtered("colour eq \"red\""), 400, "invalidFilter");
        refused(directory.filtered("userName eq"), 400, "invalidFilter");
    }

    @Test
    void pages_are_the_oldest_first_and_count_all() {
        var directory = directory();
        for (var i = 0; i < 4; i++) {
            directory.created(person("p%d@acme.test".formatted(i), ""));
        }
        directory.org().newServiceAccount("bot@acme.test", List.of());

        var all = ok(directory.send("GET", "/Users", null), 200);
        assertThat(all.at("/totalResults").asInt()).isEqualTo(5);
        assertThat(all.each("/Resources", "/userName")).containsExactly("founder@acme.test", "p0@acme.test",
            "p1@acme.test", "p2@acme.test", "p3@acme.test");
        var page = ok(directory.send("GET", "/Users?startIndex=2&count=3", null), 200);
        assertThat(page.each("/Resources", "/userName")).containsExactly("p0@acme.test", "p1@acme.test",
            "p2@acme.test");
        assertThat(page.at("/itemsPerPage").asInt()).isEqualTo(3);
        for (var empty : List.of("count=0", "count=-1", "startIndex=6", "startIndex=99999999999999")) {
            var none = ok(directory.send("GET", "/Users?" + empty, null), 200);
            assertThat(none.at("/totalResults").asInt()).isEqualTo(5);
            assertThat(none.at("/Resources").size()).as(empty).isZero();
        }
        assertThat(directory.send("GET", "/Users?startIndex=-3&count=1", null).at("/startIndex").asInt()).isEqualTo(1);
        refused(directory.send("GET", "/Users?count=x", null), 400, "invalidValue");
    }
}
