package roster.core.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.core.org.OrgConfig;
import roster.model.Role;
import roster.support.BrowserUser;
import roster.support.FakeProvider;
import roster.support.OpenId;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// The roles that users have because of what their provider says of them; attack L12.
@Timeout(300)
class MappedRolesTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    @RegisterExtension
    static final FakeProvider provider = new FakeProvider();

    @BeforeEach
    void allIsRight() {
        provider.reset();
    }

    /// An organisation whose provider speaks of Bob, and a role of its own.
    private record Scene(TestOrg org, TestUser bob, String id, Role.Id ops) {
        static Scene made() {
            var org = roster.newOrg("acme");
            return new Scene(org, org.newUser("bob@acme.test"),
                OpenId.configured(org,
                    OpenId.with(provider.configuration("generic", "acme.test"), "link", "automatic")),
                org.newRole("Ops", List.of("logs_live_tail")));
        }

        String map(TestUser author, String key, String value, Role.Id role) {
            return author.post("/api/v2/authn_mappings", """
                {"data":{"type":"authn_mappings","attributes":{"attribute_key":"%s","attribute_value":"%s"},
                 "relationships":{"role":{"data":{"type":"roles","id":"%s"}}}}}""".formatted(key, value, role)).id();
        }

        int signIn(UnaryOperator<Map<String, Object>> more) {
            return provider.signIn(new BrowserUser(roster), id,
                claims -> more.apply(FakeProvider.person("bob", "bob@acme.test", true).apply(claims))).status();
        }

        List<String> roles() {
            return roster
                .sql("SELECT role_id::text FROM role_members WHERE org_id = ? AND user_id = ? ORDER BY role_id",
                    org.id().value(), bob.user().id().value())
                .stream().map(row -> row.getFirst().toString()).toList();
        }

        List<Object> entries(String action) {
            return new ArrayList<>(roster.sql("SELECT after::text FROM audit_entries WHERE org_id = ? AND action = ?",
                org.id().value(), action));
        }

        void mode(String mode) {
            org.write(tx -> roster.program().org.configs.set(tx, OrgConfig.AUTHN_MAPPINGS, mode));
        }
    }

    private static UnaryOperator<Map<String, Object>> with(String name, Object value) {
        return claims -> {
            claims.put(name, value);
            return claims;
        };
    }

    private static UnaryOperator<Map<String, Object>> groups(Object value) {
        return with("groups", value);
    }

    @Test
    void roles_of_mappings_come_and_go_with_the_claims_and_others_stay() {
        var scene = Scene.made();
        var hand = scene.org().newRole("By hand", List.of());
        scene.org().founder().post("/api/v2/roles/%s/users".formatted(hand),
            "{\"data\":{\"type\":\"users\",\"id\":\"%s\"}}".formatted(scene.bob().user().id()));
        scene.map(scene.org().founder(), "groups", "ops", scene.ops());

        scene.signIn(groups(List.of("dev", "ops")));
        assertThat(scene.roles()).containsExactlyInAnyOrder(hand.toString(), scene.ops().toString());
        assertThat(roster.sqlValue("SELECT source FROM role_members WHERE role_id = ?", scene.ops().value()))
            .isEqualTo("mapping");
        assertThat(scene.bob().get("/api/v2/users/" + scene.bob().user().id()).text()).contains(scene.ops().toString());
        scene.signIn(groups(List.of("dev", "OPS", "op")));
        assertThat(scene.roles()).containsExactly(hand.toString());
        assertThat(scene.entries("authn_mapping.applied")).hasSize(2);
    }

    @Test
    void keys_are_exact_names_or_paths_and_values_texts_numbers_and_flags() {
        for (var one : List.of(Map.entry("realm_access.roles", with("realm_access", Map.of("roles", List.of("ops")))),
            Map.entry("realm_access.roles", with("realm_access.roles", "ops")),
            Map.entry("team", with("team", "ops")))) {
            var scene = Scene.made();
            scene.map(scene.org().founder(), one.getKey(), "ops", scene.ops());
            scene.signIn(one.getValue());
            assertThat(scene.roles()).as(one.getKey()).containsExactly(scene.ops().toString());
        }
        var scene = Scene.made();
        scene.map(scene.org().founder(), "level", "7", scene.ops());
        scene.signIn(with("level", 7));
        assertThat(scene.roles()).hasSize(1);
        scene.signIn(with("level", List.of(Map.of("7", "7"))));
        assertThat(scene.roles()).isEmpty();
    }

    @Test
    void an_address_counts_only_if_it_is_vouched_for() {
        var scene = Scene.made();
        scene.map(scene.org().founder(), "email", "bob@acme.test", scene.ops());
        scene.signIn(UnaryOperator.identity());
        assertThat(scene.roles()).hasSize(1);
        scene.signIn(with("email_verified", false));
        assertThat(scene.roles()).isEmpty();
    }

    @Test
    void a_role_that_is_given_by_hand_stays_whatever_is_said() {
        var scene = Scene.made();
        scene.map(scene.org().founder(), "groups", "ops", scene.ops());
        scene.signIn(groups("ops"));
        scene.org().founder().post("/api/v2/roles/%s/users".formatted(scene.ops()),
            "{\"data\":{\"type\":\"users\",\"id\":\"%s\"}}".formatted(scene.bob().user().id()));
        scene.signIn(groups("none"));
        assertThat(scene.roles()).hasSize(1);
    }

    @Test
    void replacing_takes_all_others_and_lets_nobody_in_without_a_role() {
        var scene = Scene.made();
        var hand = scene.org().newRole("By hand", List.of());
        scene.org().founder().post("/api/v2/roles/%s/users".formatted(hand),
            "{\"data\":{\"type\":\"users\",\"id\":\"%s\"}}".formatted(scene.bob().user().id()));
        scene.map(scene.org().founder(), "groups", "ops", scene.ops());
        scene.mode("replace");
        assertThat(scene.signIn(groups("none"))).isEqualTo(403);
        assertThat(scene.roles()).containsExactly(hand.toString());
        assertThat(scene.signIn(groups("ops"))).isEqualTo(303);
        assertThat(scene.roles()).containsExactly(scene.ops().toString());
        scene.mode("off");
        assertThat(scene.signIn(groups("none"))).isEqualTo(303);
        assertThat(scene.roles()).containsExactly(scene.ops().toString());
    }

    @Test
    void L12_a_mapping_of_an_author_who_could_not_give_the_role_adds_nothing_and_takes_nothing() {
        var scene = Scene.made();
        var author = scene.org().newAdmin("author@acme.test");
        scene.map(author, "groups", "ops", scene.ops());
        scene.signIn(groups("ops"));
        assertThat(scene.roles()).hasSize(1);
        assertThat(scene.org().founder().delete("/api/v2/users/" + author.user().id()).status()).isEqualTo(204);
        scene.signIn(groups("ops"));
        assertThat(scene.roles()).as("what it gave stays").hasSize(1);
        var second = scene.org().newRole("Second", List.of());
        var mapping = scene.map(scene.org().founder(), "groups", "ops", second);
        roster.sql("UPDATE authn_mappings SET changed_by = ? WHERE id = ?::uuid RETURNING id",
            author.user().id().value(), mapping);
        scene.signIn(groups("ops"));
        assertThat(scene.roles()).as("none is added").containsExactly(scene.ops().toString());
        assertThat(scene.entries("authn_mapping.withheld").toString()).contains(second.toString());
        assertThat(scene.org().founder().get("/api/v2/roster/users/%s?as_of=2999-01-01T00:00:00Z".formatted(
            scene.bob().id())).each("/data/relationships/roles/data", "/id")).as("what was withheld they never had")
            .containsExactly(scene.ops().toString());
    }

    @Test
    void L12_groups_that_are_not_told_leave_roles_as_they_are() {
        var scene = Scene.made();
        scene.map(scene.org().founder(), "groups", "ops", scene.ops());
        scene.signIn(groups("ops"));
        for (var overage : List.of(with("_claim_names", Map.of("groups", "src1")), with("hasgroups", true),
            groups(IntStream.range(0, 1001).mapToObj(i -> "g" + i).toList()))) {
            scene.signIn(overage);
            assertThat(scene.roles()).hasSize(1);
        }
        assertThat(scene.entries("authn_mapping.skipped")).hasSize(3);
    }

    @Test
    void L12_the_last_administrator_stays_one() {
        var scene = Scene.made();
        var admin = scene.org().managed(Role.Managed.ADMIN);
        scene.map(scene.org().founder(), "groups", "admins", admin);
        scene.signIn(groups("admins"));
        assertThat(scene.roles()).containsExactly(admin.toString());
        assertThat(scene.bob().delete("/api/v2/users/" + scene.org().founder().user().id()).status()).isEqualTo(204);
        scene.signIn(groups("none"));
        assertThat(scene.roles()).containsExactly(admin.toString());
        assertThat(scene.entries("authn_mapping.withheld").toString()).contains(admin.toString());
    }
}
