package roster.door.api.orgs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
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

/// Organisations that another one creates.
class ChildOrgsTest {
    private static final String PATH = "/api/v1/org";
    private static final String LIST = "/api/v2/org";

    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_CHILD_ORGS", "4"));

    static final List<Recipe> RECIPES = List.of(new Recipe("POST /api/v1/org", org -> {
        org.write(tx -> {
            org.roster().program().org.children.allow(tx, true);
            return null;
        });
        return new Call(PATH, "{\"name\":\"Child\"}");
    }));

    private static TestOrg parent(String name) {
        var org = roster.newOrg(name);
        org.write(tx -> {
            roster.program().org.children.allow(tx, true);
            return null;
        });
        return org;
    }

    private static Answer create(TestUser caller, String name) {
        return caller.post(PATH, "{\"name\":\"%s\",\"billing\":{\"type\":\"parent_billing\"}}".formatted(name));
    }

    /// Sends with the keys of a new organisation.
    private static Answer with(Answer created, String method, String path, String body) {
        return roster.send(method, path, body, body == null
            ? Map.of("DD-API-KEY", created.text("/api_key/key"), "DD-APPLICATION-KEY",
                created.text("/application_key/hash"))
            : Map.of("DD-API-KEY", created.text("/api_key/key"), "DD-APPLICATION-KEY",
                created.text("/application_key/hash"), "Content-Type", "application/json"));
    }

    @Test
    void a_child_is_whole_and_its_keys_work_at_once() {
        var org = parent("product");
        var ada = org.founder();

        var made = create(ada, "Customer");

        assertThat(made.status()).as(made.toString()).isEqualTo(200);
        assertThat(made.json().propertyNames()).containsExactly("org", "api_key", "application_key", "user");
        assertThat(made.text("/org/name")).isEqualTo("Customer");
        assertThat(made.text("/org/settings/saml_autocreate_access_role")).isEqualTo("st");
        assertThat(made.text("/api_key/key")).matches("[0-9a-f]{32}");
        assertThat(made.text("/api_key/created_by")).isEqualTo(ada.email());
        assertThat(made.text("/application_key/hash")).matches("[0-9a-f]{40}");
        assertThat(made.text("/application_key/owner")).isEqualTo(ada.email());
        assertThat(made.at("/application_key/revoked").toString()).isEqualTo("false");
        assertThat(made.text("/user/handle")).isEqualTo(ada.email());
        assertThat(made.text("/user/access_role")).isEqualTo("adm");
        assertThat(made.at("/user/is_admin").toString()).isEqualTo("true");
        assertThat(made.at("/user/role").isNull()).isTrue();

        var users = with(made, "GET", "/api/v2/users", null);
        assertThat(users.each("/data", "/attributes/email")).containsExactly(ada.email());
        assertThat(users.each("/data", "/attributes/status")).containsExactly("Active");
        assertThat(users.text("/data/0/id")).isNotEqualTo(ada.id());
        assertThat(with(made, "GET", "/api/v2/roles", null).at("/data")).hasSize(3);
        assertThat(with(made, "GET", "/api/v2/org_configs/pci_enabled", null).at("/data/attributes/value").toString())
            .isEqualTo("false");
        assertThat(with(made, "GET", PATH, null).text("/orgs/0/public_id")).isEqualTo(made.text("/org/public_id"));
    }

    @Test
    void a_parent_lists_its_children_and_nothing_of_either_opens_the_other() {
        var org = parent("product");
        var ada = org.founder();
        var first = create(ada, "First");
        var second = create(ada, "Second");

        var listed = ada.get(LIST);

        var managed = listed.each("/data/relationships/managed_orgs/data", "/id");
        assertThat(managed).hasSize(3).startsWith(org.id().toString());
        assertThat(listed.each("/included", "/attributes/name")).containsExactly("product", "First", "Second");
        assertThat(ada.get(LIST + "?filter%5Bname%5D=fIr").each("/data/relationships/managed_orgs/data", "/id"))
            .containsExactly(managed.get(1));
        assertThat(with(first, "GET", LIST, null).each("/data/relationships/managed_orgs/data", "/id"))
            .containsExactly(managed.get(1));
        assertThat(ada.get(PATH + "/" + second.text("/org/public_id")).status()).isEqualTo(404);
        assertThat(new TestUser(org, ada.user(), first.text("/api_key/key"), ada.applicationKey())
            .get("/api/v2/users").status()).isEqualTo(403);
        assertThat(new TestUser(org, ada.user(), ada.apiKey(), first.text("/application_key/hash"))
            .get("/api/v2/users").status()).isEqualTo(403);
    }

    @Test
    void a_list_has_a_thousand_organisations_at_most_and_says_how_many_there_are() {
        var org = parent("product");
        var ada = org.founder();
        roster.sql("""
            INSERT INTO orgs (id, public_id, name, created_at, modified_at, version, stamp, written_at, parent_id)
            SELECT gen_random_uuid(), substr(md5(? || n), 1, 12), 'Child ' || n, now() + n * interval '1 ms', now(), 1, 1,
                   now(), ?
              FROM generate_series(1, 1500) n RETURNING 1
            """, org.id().toString(), org.id().value());

        var first = ada.get(LIST);
        var second = ada.get(LIST + "?page[number]=1");

        assertThat(first.at("/included")).hasSize(1000);
        assertThat(first.at("/data/relationships/managed_orgs/data")).hasSize(1000);
        assertThat(first.text("/included/0/id")).isEqualTo(org.id().toString());
        assertThat(first.at("/meta/page").toString())
            .isEqualTo("{\"total_count\":1501,\"total_filtered_count\":1501,\"max_page_size\":1000}");
        assertThat(second.at("/data/relationships/managed_orgs/data")).hasSize(501);
        assertThat(second.each("/included", "/attributes/name")).startsWith("product", "Child 1000")
            .endsWith("Child 1500");
        var few = ada.get(LIST + "?filter[name]=cHILD+9&page[size]=3&page[number]=1");
        assertThat(few.each("/included", "/attributes/name")).containsExactly("product", "Child 92", "Child 93",
            "Child 94");
        assertThat(few.at("/meta/page/total_filtered_count").asInt()).isEqualTo(111);
        assertThat(ada.get(LIST + "?page[size]=1001").status()).isEqualTo(400);
        assertThat(ada.get(LIST + "?page[number]=-1").status()).isEqualTo(400);
        assertThat(ada.get(LIST + "?page[number]=7").each("/included", "/attributes/name")).containsExactly("product");
    }

    @Test
    void both_trails_tell_of_it_and_hold() {
        var org = parent("product");
        var made = create(org.founder(), "Customer");
        var child = UUID.fromString(made.text("/application_key/org_id"));

        assertThat(
            roster.sql("SELECT action, subject_id, actor_name FROM audit_entries WHERE org_id = ? AND request_id = ?",
                org.id().value(), made.header("X-Request-Id").orElseThrow()))
            .containsExactly(List.of("org.child_created", child, org.founder().email()));
        assertThat(roster.sql("SELECT DISTINCT actor_name, request_id FROM audit_entries WHERE org_id = ?", child))
            .containsExactly(List.of(org.founder().email(), made.header("X-Request-Id").orElseThrow()));
        assertThat(roster.sql("SELECT action FROM audit_entries WHERE org_id = ? ORDER BY entry LIMIT 1", child))
            .containsExactly(List.of("org.created"));
        assertThat(with(made, "POST", "/api/v2/roles", "{\"data\":{\"attributes\":{\"name\":\"ops\"}}}").status())
            .isEqualTo(200);
        assertThat(roster.sqlValue("SELECT count(DISTINCT version) FROM audit_entries WHERE org_id = ?", child))
            .isEqualTo(2L);
    }

    @Test
    void an_address_is_proved_in_the_child_only_if_it_is_here() {
        var org = parent("product");
        var proved = org.newAdmin("bob@product.test");

        for (var caller : List.of(org.founder(), proved)) {
            var child = UUID.fromString(create(caller, "Of someone").text("/application_key/org_id"));
            assertThat(roster.sqlValue("SELECT email_proved FROM users WHERE org_id = ?", child))
                .isEqualTo(caller.equals(proved));
        }
        assertThat(proved.get("/api/v2/users/%s/orgs".formatted(proved.id()))
            .at("/data/relationships/other_orgs/data")).hasSize(1);
    }

    @Test
    void only_organisations_that_may_have_children_make_some_and_children_may_not() {
        var org = roster.newOrg("plain");
        var before = org.version();

        var refused = create(org.founder(), "Child");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.errors()).containsExactly("Forbidden", "Failed permission authorization checks");
        assertThat(org.version()).isEqualTo(before);
        var parent = parent("product");
        assertThat(create(parent.newStandard("sam@product.test"), "Child").status()).isEqualTo(403);
        var child = create(parent.founder(), "Child");
        assertThat(with(child, "POST", PATH, "{\"name\":\"Grandchild\"}").status()).isEqualTo(403);
        parent.write(tx -> {
            roster.program().org.children.allow(tx, false);
            return null;
        });
        assertThat(create(parent.founder(), "Another").status()).isEqualTo(403);
        assertThat(parent.founder().get(LIST).at("/included")).hasSize(2);
    }

    @Test
    void the_first_organisation_of_an_installation_may_have_children() {
        assertThat(roster.sql("""
            SELECT o.may_have_children FROM orgs o JOIN audit_entries e ON e.org_id = o.id
             WHERE e.action = 'org.created' AND e.actor_name = 'bootstrap'
            """)).containsExactly(List.of(true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"name\":\"\"}", "{\"name\":\" \"}", "{\"name\":7}", "{\"name\":null}", "[]",
        "{\"name\":\"a\\nb\"}", "{\"name\":\"123456789012345678901234567890123\"}"})
    void a_name_has_1_to_32_characters(String body) {
        var org = parent("product");
        var before = org.version();

        assertThat(org.founder().post(PATH, body).status()).isEqualTo(400);

        assertThat(org.version()).isEqualTo(before);
        assertThat(org.founder().get(LIST).at("/included")).hasSize(1);
    }

    @Test
    void more_than_the_limit_an_hour_are_refused_with_the_time_to_come_again() {
        var org = parent("product");
        for (int i = 0; i < 4; i++) {
            assertThat(create(org.founder(), "Child " + i).status()).isEqualTo(200);
        }

        var beyond = create(org.founder(), "One more");

        assertThat(beyond.status()).isEqualTo(429);
        assertThat(Integer.parseInt(beyond.header("Retry-After").orElseThrow())).isBetween(3000, 3600);
        roster.sql("UPDATE orgs SET created_at = created_at - interval '2 hours' WHERE id = (SELECT id FROM orgs WHERE "
            + "parent_id = ? ORDER BY created_at LIMIT 1)", org.id().value());
        assertThat(create(org.founder(), "One more").status()).isEqualTo(200);
    }

    @Test
    void a_request_sent_again_makes_no_second_child_and_shows_the_same_keys() {
        var org = parent("product");
        var answers = new ArrayList<Answer>();
        for (int i = 0; i < 2; i++) {
            answers.add(org.founder().send("POST", PATH, "{\"name\":\"Once\"}", Map.of("Idempotency-Key", "order-1")));
        }

        assertThat(answers.getFirst().status()).isEqualTo(200);
        assertThat(answers.getLast().json()).isEqualTo(answers.getFirst().json());
        assertThat(answers.getLast().header("Idempotency-Replayed")).hasValue("true");
        assertThat(org.founder().get(LIST).at("/included")).hasSize(2);
        assertThat(
            roster.sqlValue("SELECT position(convert_to(?, 'UTF8') IN body) FROM idempotency_keys WHERE org_id = ?",
                answers.getFirst().text("/application_key/hash"), org.id().value()))
            .isEqualTo(0);
        assertThat(org.founder().send("POST", PATH, "{\"name\":\"Other\"}", Map.of("Idempotency-Key", "order-1"))
            .status()).isEqualTo(422);
    }

    @Test
    void a_parent_disables_a_child_by_its_id_and_no_other_organisation() {
        var org = parent("product");
        var made = create(org.founder(), "Customer");
        var body = "{\"data\":{\"type\":\"customer_org_disable\",\"attributes\":{\"org_uuid\":\"%s\"}}}";
        var child = made.text("/application_key/org_id");
        var other = create(parent("other").founder(), "Theirs").text("/application_key/org_id");

        assertThat(org.founder().post("/api/v2/org/disable", body.formatted(other)).status()).isEqualTo(400);
        var disabled = org.founder().post("/api/v2/org/disable", body.formatted(child));

        assertThat(disabled.status()).as(disabled.toString()).isEqualTo(200);
        assertThat(disabled.id()).isEqualTo(child);
        assertThat(with(made, "GET", "/api/v2/users", null).status()).isEqualTo(403);
        assertThat(org.founder().get(LIST).at("/included/1/attributes/disabled").toString()).isEqualTo("true");
        assertThat(org.founder().post("/api/v2/org/disable", body.formatted(child)).status()).isEqualTo(200);
        assertThat(roster.sql("SELECT action FROM audit_entries WHERE org_id = ? AND subject_id = ? ORDER BY version",
            org.id().value(), UUID.fromString(child)))
            .containsExactly(List.of("org.child_created"), List.of("org.child_disabled"));
        assertThat(org.founder().get("/api/v2/users").status()).isEqualTo(200);
    }
}
