package roster.door.scim;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.door.scim.UserClient.ok;
import static roster.door.scim.UserClient.person;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.TestRoster;

/// Filters on what is made where resources are shown: `schemas`, `meta.location`, `meta.version` and `$ref`. They match what an
/// answer below the same base has.
class LinkFiltersTest {
    private static final String ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private final UserClient directory = UserClient.of(roster.newOrg("acme"));

    private static List<String> found(UserClient client, String endpoint, String filter) {
        var answer = ok(client.filtered(endpoint, filter), 200);
        var ids = answer.each("/Resources", "/id");
        assertThat(answer.at("/totalResults").asInt()).as(filter).isEqualTo(ids.size());
        return ids;
    }

    @Test
    void people_are_found_by_what_answers_say_of_them() {
        var boss = directory.created(person("boss@acme.test", ""));
        var role = directory.org().newRole("Ops", List.of()).toString();
        var ann = directory.created(person("ann@acme.test",
            BulkClient.managedBy(boss) + ",\"roles\":[\"%s\"]".formatted(role)));
        for (var base : List.of("/scim/v2", "/api/v2/scim")) {
            var client = directory.below(base);
            var shown = ok(client.get(ann), 200);
            var location = shown.text("/meta/location");
            assertThat(location).contains(base);
            var group = shown.text("/groups/0/$ref");
            var manager = shown.at("/" + ENTERPRISE + "/manager/$ref").asString();

            for (var filter : List.of("meta.location eq \"%s\"".formatted(location),
                "meta[location eq \"%s\"]".formatted(location), "meta.location ew \"/Users/%s\"".formatted(ann),
                "groups.$ref eq \"%s\"".formatted(group), "groups[$ref eq \"%s\"]".formatted(group),
                "manager.$ref eq \"%s\"".formatted(manager), "manager.displayName eq \"ann lee\"",
                "meta.version eq \"%s\"".formatted(shown.text("/meta/version").replace("\"", "\\\"")),
                "schemas eq \"%s\"".formatted(ENTERPRISE),
                "userName eq \"ann@acme.test\" and meta.location eq \"%s\"".formatted(location),
                "active eq true and schemas co \"enterprise\"")) {
                assertThat(found(client, "/Users", filter)).as(filter).containsExactly(ann);
            }
            assertThat(found(client, "/Users", "schemas eq \"urn:ietf:params:scim:schemas:core:2.0:USER\""))
                .containsExactly(directory.admin().id(), boss, ann);
            assertThat(found(client, "/Users", "not (meta.location eq \"%s\")".formatted(location)))
                .containsExactly(directory.admin().id(), boss);
            assertThat(found(client, "/Users", "userName eq \"ann@acme.test\" and meta.location ew \"x\"")).isEmpty();
        }
        assertThat(found(directory.below("/api/v2/scim"), "/Users",
            "meta.location eq \"%s\"".formatted(directory.get(ann).text("/meta/location")))).isEmpty();
    }

    @Test
    void groups_are_found_by_what_answers_say_of_them() {
        var ann = directory.created(person("ann@acme.test", ""));
        var role = directory.org().newRole("Ops", List.of()).toString();
        ok(directory.patch(ann,
            "{\"op\":\"add\",\"path\":\"roles\",\"value\":[{\"value\":\"%s\"}]}".formatted(role)), 200);
        for (var base : List.of("/scim/v2", "/api/v2/scim")) {
            var client = directory.below(base);
            var shown = ok(client.send("GET", "/Groups/" + role, null), 200);
            var location = shown.text("/meta/location");
            for (var filter : List.of("meta.location eq \"%s\"".formatted(location),
                "members.$ref eq \"%s\"".formatted(shown.text("/members/0/$ref")),
                "members[$ref eq \"%s\"]".formatted(shown.text("/members/0/$ref")),
                "meta.version eq \"%s\"".formatted(shown.text("/meta/version").replace("\"", "\\\"")),
                "displayName eq \"ops\" and meta.location eq \"%s\"".formatted(location))) {
                assertThat(found(client, "/Groups", filter)).as(filter).containsExactly(role);
            }
            assertThat(found(client, "/Groups", "schemas eq \"urn:ietf:params:scim:schemas:core:2.0:Group\""))
                .hasSameSizeAs(found(client, "/Groups", "displayName pr")).contains(role);
            var named = "displayName eq \"Ops\" and meta.location ew \"x\"";
            assertThat(found(client, "/Groups", named)).isEmpty();
            assertThat(ok(client.send("GET", "/Groups?excludedAttributes=members&filter="
                + "displayName%20eq%20%22Ops%22%20and%20meta.location%20pr", null), 200).each("/Resources", "/id"))
                .containsExactly(role);
        }
    }

    @Test
    void people_and_groups_are_found_together() {
        var ann = directory.created(person("ann@acme.test", ""));
        var role = directory.org().newRole("Ops", List.of()).toString();
        var body = "{\"filter\":\"meta.location ew \\\"/Users/%s\\\" or meta.location ew \\\"/Groups/%s\\\"\"}"
            .formatted(ann, role);

        assertThat(ok(directory.send("POST", "/.search", body), 200).each("/Resources", "/id"))
            .containsExactly(ann, role);
        assertThat(ok(directory.send("POST", "/.search",
            "{\"filter\":\"schemas co \\\"core:2.0:User\\\"\"}"), 200).each("/Resources", "/id"))
            .containsExactly(directory.admin().id(), ann);
    }
}
