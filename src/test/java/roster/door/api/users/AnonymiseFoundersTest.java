package roster.door.api.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.core.founding.Founding;
import roster.model.Caller;
import roster.model.Org;
import roster.model.Role;
import roster.model.User;
import roster.support.Answer;
import roster.support.Await;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// Anonymising the user with whom an organisation began, who created it as a user of another one.
@Timeout(120)
class AnonymiseFoundersTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static final String NETWORK_ADDRESS = "203.0.113.77";

    private static TestOrg parent() {
        var org = roster.newOrg("product");
        org.write(tx -> {
            roster.program().org.children.allow(tx, true);
            return null;
        });
        return org;
    }

    private static Caller operator(Org.Id org) {
        return Caller.cli(org, "test", UUID.randomUUID().toString());
    }

    /// Anonymises the only user, beside whom there is another administrator then.
    private static User.Id anonymiseFounder(Org.Id child) {
        var program = roster.program();
        var founder = new User.Id((UUID) roster.sqlValue("SELECT id FROM users WHERE org_id = ?", child.value()));
        Await.write(roster.db(), operator(child), tx -> {
            var admin = program.role.roles.managed(tx, child, Role.Managed.ADMIN).id().toString();
            return program.user.users.verify(tx, program.user.newUsers.create(tx, "second@customer.test",
                Optional.empty(), Optional.empty(), List.of(admin)), "user.verified", true);
        });
        assertThat(program.anonymisation.anonymisation.anonymise(operator(child), List.of(founder.toString())).done())
            .containsExactly(founder.toString());
        return founder;
    }

    private static void nothingIsLeft(Org.Id child, User.Id founder, String... addresses) {
        for (var address : addresses) {
            assertThat(roster.program().anonymisation.leftovers.of(child, founder, address).places()).isEmpty();
            assertThat(roster.sql(
                "SELECT action FROM audit_entries WHERE org_id = ? AND strpos(to_jsonb(audit_entries)::text, ?) > 0",
                child.value(), address)).as(address).isEmpty();
        }
        assertThat(roster.sql("SELECT action, address FROM audit_entries WHERE org_id = ? AND address IS NOT NULL",
            child.value())).isEmpty();
        assertThat(roster.program().audit().trail.verify(child, Optional.empty()).faults()).isEmpty();
    }

    private static Answer create(TestOrg parent) {
        var made = parent.founder().post("/api/v1/org", "{\"name\":\"Customer\"}");
        assertThat(made.status()).isEqualTo(200);
        return made;
    }

    @Test
    void a_founder_whose_handle_is_not_their_address_leaves_nothing_in_the_child() {
        var org = parent();
        var ada = org.founder();
        assertThat(ada.patch("/api/v2/users/" + ada.id(), """
            {"data":{"type":"users","id":"%s","attributes":{"email":"moved@product.test"}}}
            """.formatted(ada.id())).status()).isEqualTo(200);
        var made = create(org);
        var child = new Org.Id(UUID.fromString(made.text("/application_key/org_id")));
        assertThat(roster.sql("SELECT DISTINCT actor_name FROM audit_entries WHERE org_id = ?", child.value()))
            .containsExactly(List.of(ada.email()));

        var founder = anonymiseFounder(child);

        nothingIsLeft(child, founder, "moved@product.test", ada.email());
        assertThat(roster.sql("SELECT DISTINCT address FROM audit_entries WHERE org_id = ? AND request_id = ?",
            org.id().value(), made.header("X-Request-Id").orElseThrow()))
            .as("who it was, and from where, is in the parent").isNotEmpty();
    }

    @Test
    void no_network_address_of_another_organisations_user_is_stored_in_the_child() {
        var org = parent();
        var child = UUID.fromString(create(org).text("/application_key/org_id"));
        assertThat(org.founder().post("/api/v2/org/disable", """
            {"data":{"type":"customer_org_disable","attributes":{"org_uuid":"%s"}}}""".formatted(child)).status())
            .isEqualTo(200);

        assertThat(roster.sql("SELECT action, address FROM audit_entries WHERE org_id = ? AND address IS NOT NULL",
            child)).isEmpty();
        assertThat(roster.sqlValue("SELECT actor_name FROM audit_entries WHERE org_id = ? AND action = 'org.disabled'",
            child)).isEqualTo("org:" + org.id());
        assertThat(roster.sqlValue("SELECT actor_name FROM audit_entries WHERE org_id = ? "
            + "AND action = 'org.child_disabled'", org.id().value())).isEqualTo(org.founder().email());
    }

    /// Earlier versions stored the network address of the founder.
    @ParameterizedTest
    @ValueSource(strings = {"ann@customer.test", "former@customer.test"})
    void a_network_address_stored_by_an_earlier_version_goes_with_the_founder(String handle) {
        var child = new Org.Id(UUID.randomUUID());
        var earlier = new Caller(Caller.Kind.BOOTSTRAP, child, Optional.empty(), handle, Caller.Credentials.NONE,
            Set.of(), 0, 0, List.of(), UUID.randomUUID().toString(), Optional.of(NETWORK_ADDRESS));
        roster.db().createOrg(earlier,
            tx -> roster.program().founding.founding.found(tx, new Founding.Wishes("Customer",
                "ann@customer.test", Optional.empty(), Optional.empty())));
        assertThat(roster.sqlValue("SELECT count(*) FROM audit_entries WHERE org_id = ? AND address = ?",
            child.value(), NETWORK_ADDRESS)).isNotEqualTo(0L);

        var founder = anonymiseFounder(child);

        nothingIsLeft(child, founder, "ann@customer.test", handle);
    }

    @Test
    void what_roster_did_itself_at_the_start_stays_its_own() {
        var org = roster.newOrg("plain");
        var child = new Org.Id(UUID.randomUUID());
        roster.db().createOrg(Caller.bootstrap(child, UUID.randomUUID().toString()),
            tx -> roster.program().founding.founding.found(tx,
                new Founding.Wishes("First", "ann@customer.test", Optional.empty(), Optional.empty())));

        anonymiseFounder(child);

        assertThat(roster.sql("SELECT DISTINCT actor_name FROM audit_entries WHERE org_id = ? AND version = 1",
            child.value())).containsExactly(List.of("bootstrap"));
        assertThat(roster.sql("SELECT 1 FROM audit_entries WHERE org_id = ? AND actor_name = 'anonymized'",
            org.id().value())).isEmpty();
    }

    @Test
    void a_deleted_mapping_leaves_no_address() {
        var org = roster.newOrg("acme");
        var ada = org.founder();
        var role = org.newRole("ops", List.of());
        var lee = ada.post("/api/v2/users", """
            {"data":{"type":"users","attributes":{"email":"lee@example.com"}}}""").id();
        var deleted = mapping(ada.post("/api/v2/authn_mappings", body("user", "lee@example.com", role)));
        var updated = mapping(ada.post("/api/v2/authn_mappings", body("lee@example.com", "yes", role)));
        var ofRole = org.newRole("gone", List.of());
        mapping(ada.post("/api/v2/authn_mappings", body("of", "lee@example.com", ofRole)));
        var shared = mapping(ada.post("/api/v2/authn_mappings", body("team", "red", role)));
        var sharer = mapping(ada.post("/api/v2/authn_mappings", body("team", "red", org.newRole("dev", List.of()))));

        assertThat(ada.delete("/api/v2/authn_mappings/" + deleted.getKey()).status()).isEqualTo(204);
        assertThat(ada.patch("/api/v2/authn_mappings/" + updated.getKey(), """
            {"data":{"type":"authn_mappings","id":"%s","attributes":{"attribute_key":"user"}}}
            """.formatted(updated.getKey())).status()).isEqualTo(200);
        assertThat(ada.delete("/api/v2/roles/" + ofRole).status()).isEqualTo(204);
        assertThat(ada.delete("/api/v2/authn_mappings/" + shared.getKey()).status()).isEqualTo(204);
        assertThat(ada.get("/api/v2/authn_mappings/" + sharer.getKey()).status()).isEqualTo(200);

        assertThat(ada.send("PUT", "/api/v2/anonymize_users", """
            {"data":{"type":"anonymize_users_request","attributes":{"user_ids":["%s"]}}}""".formatted(lee)).status())
            .isEqualTo(200);

        assertThat(roster.program().anonymisation.leftovers.of(org.id(), new User.Id(UUID.fromString(lee)),
            "lee@example.com").places()).isEmpty();
        assertThat(roster.program().audit().trail.verify(org.id(), Optional.empty()).faults()).isEmpty();
        var next = mapping(ada.post("/api/v2/authn_mappings", body("user", "kim@example.com", role)));
        assertThat(next.getValue()).as("a number is given once")
            .isNotIn(deleted.getValue(), updated.getValue(), shared.getValue());
    }

    /// Id and number of the pair.
    private static Map.Entry<String, String> mapping(Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return Map.entry(answer.id(), answer.text("/data/attributes/saml_assertion_attribute_id"));
    }

    private static String body(String key, String value, Role.Id role) {
        return """
            {"data":{"type":"authn_mappings","attributes":{"attribute_key":"%s","attribute_value":"%s"},
             "relationships":{"role":{"data":{"type":"roles","id":"%s"}}}}}""".formatted(key, value, role);
    }
}
