package roster.door.scim;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.door.scim.UserClient.ok;
import static roster.door.scim.UserClient.person;
import static roster.door.scim.UserClient.refused;

import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import roster.model.Role;
import roster.support.Answer;
import roster.support.Inviting;
import roster.support.SignedIn;
import roster.support.TestRoster;

/// What is easily missed about people, each a defect that another server had: the rows of the contract's section 16.
class MissedUsersTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static UserClient directory() {
        return UserClient.of(roster.newOrg("acme"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"False", "false", "FALSE"})
    void row_1_false_as_text_disables(String text) {
        var directory = directory();
        var id = directory.created(person("ann@acme.test", "\"active\":\"True\""));
        assertThat(directory.status(id)).isEqualTo("Pending");
        ok(directory.patch(id, "{\"op\":\"replace\",\"path\":\"active\",\"value\":\"%s\"}".formatted(text)), 200);
        assertThat(directory.status(id)).isEqualTo("Disabled");
        assertThat(directory.status(directory.created(person("bob@acme.test", "\"active\":\"%s\"".formatted(text)))))
            .isEqualTo("Disabled");
    }

    @Test
    void row_2_operations_are_taken_in_any_case_and_adding_active_disables() {
        var directory = directory();
        var id = directory.created(person("ann@acme.test", "\"title\":\"CEO\""));
        ok(directory.patch(id, "{\"op\":\"Replace\",\"path\":\"nickName\",\"value\":\"A\"},"
            + "{\"op\":\"Remove\",\"path\":\"title\"},{\"op\":\"Add\",\"path\":\"active\",\"value\":\"False\"}"), 200);
        var now = directory.get(id);
        assertThat(now.text("/nickName")).isEqualTo("A");
        assertThat(now.at("/title").isMissingNode()).isTrue();
        assertThat(directory.status(id)).isEqualTo("Disabled");
    }

    @Test
    void row_8_a_work_address_is_made_where_there_is_none() {
        var directory = directory();
        var id = directory.created("{\"userName\":\"ann\",\"emails\":[{\"value\":\"a@home.test\",\"type\":\"home\"}]}");
        ok(directory.patch(id,
            "{\"op\":\"replace\",\"path\":\"emails[type eq \\\"work\\\"].value\",\"value\":\"a@acme.test\"}"),
            200);
        assertThat(directory.get(id).at("/emails").toString()).isEqualTo(
            "[{\"value\":\"a@home.test\",\"type\":\"home\"},{\"value\":\"a@acme.test\",\"type\":\"work\"}]");
        assertThat(directory.user(id).text("/data/attributes/email")).isEqualTo("a@acme.test");
    }

    /// The mappings that Entra makes of itself.
    @Test
    void row_9_entras_default_mappings_are_all_taken() {
        var directory = directory();
        var manager = directory.created(person("boss@acme.test", ""));
        var id = directory.created(person("ann@acme.test", ""));
        var enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:";
        var values = Stream.of("userName=ann2@acme.test", "active=True", "displayName=Ann Smith", "title=CEO",
            "emails[type eq \\\"work\\\"].value=ann2@acme.test", "preferredLanguage=en-US", "name.givenName=Ann",
            "name.familyName=Smith", "name.formatted=Ann Smith", "addresses[type eq \\\"work\\\"].formatted=Hall 3",
            "addresses[type eq \\\"work\\\"].streetAddress=1 Way", "addresses[type eq \\\"work\\\"].locality=Bonn",
            "addresses[type eq \\\"work\\\"].region=NRW", "addresses[type eq \\\"work\\\"].postalCode=53111",
            "addresses[type eq \\\"work\\\"].country=DE", "phoneNumbers[type eq \\\"work\\\"].value=1",
            "phoneNumbers[type eq \\\"mobile\\\"].value=2", "phoneNumbers[type eq \\\"fax\\\"].value=3",
            "externalId=ann", enterprise + "employeeNumber=7", enterprise + "department=Ops",
            enterprise + "manager=" + manager).toList();
        assertThat(values).hasSize(22);
        ok(directory.patch(id,
            String.join(",", values.stream().map(one -> "{\"op\":\"Add\",\"path\":\"%s\",\"value\":\"%s\"}"
                .formatted(one.substring(0, one.lastIndexOf('=')), one.substring(one.lastIndexOf('=') + 1))).toList())),
            200);

        var now = directory.get(id);
        assertThat(now.at("/addresses").toString()).isEqualTo("""
            [{"formatted":"Hall 3","streetAddress":"1 Way","locality":"Bonn","region":"NRW","postalCode":"53111",\
            "country":"DE","type":"work"}]""");
        assertThat(now.each("/phoneNumbers", "/type")).containsExactly("work", "mobile", "fax");
        assertThat(now.text("/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User/manager/displayName"))
            .isEqualTo("Ann Lee");
        assertThat(now.text("/externalId")).isEqualTo("ann");
        assertThat(now.text("/userName")).isEqualTo("ann2@acme.test");
    }

    @Test
    void row_10_active_left_out_neither_disables_nor_enables() {
        var directory = directory();
        var id = directory.created(person("ann@acme.test", ""));
        ok(directory.put(id, person("ann@acme.test", "\"title\":\"CEO\"")), 200);
        assertThat(directory.status(id)).isEqualTo("Pending");
        ok(directory.patch(id, "{\"op\":\"replace\",\"path\":\"active\",\"value\":false}"), 200);
        ok(directory.put(id, person("ann@acme.test", "\"title\":\"CFO\"")), 200);
        assertThat(directory.status(id)).isEqualTo("Disabled");
    }

    @Test
    void row_11_a_put_without_roles_leaves_them() {
        var directory = directory();
        var role = directory.org().newRole("Ops", List.of());
        var id = directory.created(person("ann@acme.test", "\"roles\":[\"%s\"]".formatted(role)));
        ok(directory.put(id, person("ann2@acme.test", "")), 200);
        ok(directory.put(id, person("ann3@acme.test", "\"roles\":null")), 200);
        assertThat(directory.get(id).each("/roles", "/value")).containsExactly(role.toString());
        ok(directory.put(id, person("ann3@acme.test", "\"roles\":[{\"value\":\"none such\"}]")), 200);
        assertThat(directory.get(id).each("/roles", "/value")).containsExactly(role.toString());
    }

    @Test
    void row_17_the_user_name_is_one_in_any_case_and_shown_as_sent() {
        var directory = directory();
        var id = directory.created(person("Ann@Acme.test", ""));
        assertThat(directory.get(id).text("/userName")).isEqualTo("Ann@Acme.test");
        refused(directory.post(person("ANN@acme.TEST", "")), 409, "uniqueness");
        assertThat(directory.filtered("username EQ \"aNN@acme.test\"").each("/Resources", "/userName"))
            .containsExactly("Ann@Acme.test");
        var other = directory.created(person("bob@acme.test", ""));
        assertThat(refused(directory.patch(other,
            "{\"op\":\"replace\",\"path\":\"userName\",\"value\":\"ann@acme.test\"}"), 409, "uniqueness")
            .text("/detail"))
            .isEqualTo("userName is taken: ann@acme.test");
        assertThat(refused(directory.patch(other,
            "{\"op\":\"replace\",\"path\":\"emails[type eq \\\"work\\\"].value\",\"value\":\"ann@acme.test\"}"), 409,
            "uniqueness").text("/detail")).contains("emails");
    }

    @Test
    void row_18_user_names_need_not_be_addresses_but_may_be_the_only_one() {
        var directory = directory();
        var id = directory.created("{\"userName\":\"corp\\\\ann\",\"emails\":[{\"value\":\"ann@acme.test\"}]}");
        assertThat(directory.get(id).text("/userName")).isEqualTo("corp\\ann");
        assertThat(directory.get(directory.created("{\"userName\":\"bob@acme.test\",\"emails\":[]}")).text(
            "/emails/0/value")).isEqualTo("bob@acme.test");
    }

    @Test
    void row_19_a_person_who_returns_is_restored_and_a_conflict_harms_no_one() {
        var directory = directory();
        var role = directory.org().newRole("Ops", List.of());
        var id = directory.created(person("ann@acme.test", "\"externalId\":\"x1\",\"roles\":[\"%s\"]".formatted(role)));
        var as = directory.get(id).text();
        var version = directory.org().version();
        refused(directory.post("{\"userName\":\"ann@acme.test\",\"active\":true}"), 409, "uniqueness");
        refused(directory.post("{\"userName\":\"other\",\"emails\":[{\"value\":\"ann@acme.test\"}]}"), 409,
            "uniqueness");
        assertThat(directory.get(id).text()).isEqualTo(as);
        assertThat(directory.org().version()).isEqualTo(version);

        ok(directory.patch(id, "{\"op\":\"replace\",\"path\":\"active\",\"value\":false}"), 200);
        refused(directory.post(person("ann@acme.test", "\"externalId\":\"x2\"")), 409, "uniqueness");
        var back = ok(directory.post(person("Ann@acme.test", "\"externalId\":\"x1\",\"title\":\"CEO\"")), 201);
        assertThat(back.text("/id")).isEqualTo(id);
        assertThat(back.at("/active").asBoolean(false)).isTrue();
        assertThat(back.text("/userName")).isEqualTo("Ann@acme.test");
        assertThat(back.each("/roles", "/value")).containsExactly(role.toString());
        assertThat(directory.entriesSince(version)).contains("user.restored");
    }

    @Test
    void row_20_a_person_keeps_their_id() {
        var directory = directory();
        var bob = directory.org().newUser("bob@acme.test");
        assertThat(directory.filtered("userName eq \"bob@acme.test\"").each("/Resources", "/id"))
            .containsExactly(bob.id());
        ok(directory.put(bob.id(), person("bob@acme.test", "\"externalId\":\"b1\"")), 200);
        ok(directory.delete(bob.id()), 204);
        assertThat(directory.created(person("bob@acme.test", "\"externalId\":\"b2\""))).isEqualTo(bob.id());
    }

    @Test
    void row_21_people_are_deleted_whatever_refers_to_them() {
        var directory = directory();
        var bob = directory.org().newAdmin("bob@acme.test");
        Inviting.newInvitation(directory.org());
        Inviting.invited(bob, directory.org().newPending("dan@acme.test").id());
        var role = ok(bob.post("/api/v2/roles", "{\"data\":{\"type\":\"roles\",\"attributes\":{\"name\":\"Of Bob\"}}}"),
            200).id();
        var carl =
            directory.created(person("carl@acme.test", "\"manager\":\"%s\",\"roles\":[\"%s\"]".formatted(bob.id(),
                role)));
        ok(directory.delete(bob.id()), 204);
        ok(directory.get(bob.id()), 404);
        var manager = directory.get(carl).at("/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User/manager");
        assertThat(manager.toString()).isEqualTo("{\"value\":\"%s\"}".formatted(bob.id()));
    }

    static Stream<Arguments> waysOut() {
        return Stream.<BiFunction<UserClient, String, Answer>>of(
            (directory, id) -> directory.patch(id, "{\"op\":\"Replace\",\"path\":\"active\",\"value\":\"False\"}"),
            (directory, id) -> directory.patch(id, "{\"op\":\"replace\",\"value\":{\"active\":false}}"),
            (directory, id) -> directory.put(id,
                person(directory.get(id).text("/userName"), "\"active\":false")),
            UserClient::delete).map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("waysOut")
    void row_25_nothing_lets_in_who_was_disabled(BiFunction<UserClient, String, Answer> out) {
        var directory = directory();
        var id = directory.created(person("ann@acme.test", ""));
        var bob = directory.created(person("bob@acme.test", ""));
        var invitation = Inviting.invited(directory.admin(), bob);
        var ann = directory.joined(id, List.of(directory.org().managed(Role.Managed.ADMIN).toString()));
        var browser = SignedIn.in(ann);
        var token = ok(ann.post("/api/v2/personal_access_tokens", """
            {"data":{"type":"personal_access_tokens","attributes":{"name":"t","scopes":["user_access_read"],
            "expires_at":"2999-01-01T00:00:00Z"}}}"""), 201).text("/data/attributes/key");
        try (var other = roster.anotherNode(Map.of())) {
            for (var node : List.of(roster.address(), other.address())) {
                ok(ann.sendTo(node, "GET", "/api/v2/users", null, Map.of()), 200);
            }
            assertThat(out.apply(directory, id).status()).isIn(200, 204);
            assertThat(out.apply(directory, bob).status()).isIn(200, 204);
            for (var node : List.of(roster.address(), other.address())) {
                assertThat(ann.sendTo(node, "GET", "/api/v2/users", null, Map.of()).status()).isEqualTo(403);
                assertThat(TestRoster.send(node, "GET", "/scim/v2/Me", null, Map.of("Authorization", "Bearer " + token))
                    .status()).isEqualTo(401);
                assertThat(browser.callOn(node, "GET", "/api/v2/users", null).status()).isEqualTo(403);
            }
        }
        assertThat(roster.sqlValue("SELECT count(*) FROM sessions WHERE org_id = ? AND ended_at IS NULL",
            directory.org().id().value())).isEqualTo(0L);
        assertThat(Inviting.accept(roster, Inviting.link(directory.org(), invitation)).status()).isNotEqualTo(200);
        assertThat(directory.status(bob)).isEqualTo("Disabled");
    }

    @ParameterizedTest
    @MethodSource("waysOut")
    void row_26_the_last_administrator_stays(BiFunction<UserClient, String, Answer> out) {
        var directory = directory();
        var founder = directory.admin().id();
        directory.created(person("ann@acme.test", "\"roles\":[\"%s\"]".formatted(directory.org()
            .managed(Role.Managed.ADMIN))));
        var before = directory.get(founder).text();
        var version = directory.org().version();

        assertThat(ok(out.apply(directory, founder), 403).text("/detail"))
            .isEqualTo("An organization must keep at least one active administrator");
        ok(directory.patch(founder, "{\"op\":\"remove\",\"path\":\"roles\"}"), 403);
        ok(directory.put(founder, person("founder@acme.test", "\"roles\":[]")), 403);
        assertThat(directory.get(founder).text()).isEqualTo(before);
        assertThat(directory.org().version()).isEqualTo(version);
    }

    @Test
    void row_27_a_key_needs_both_permissions_and_reaches_its_organisation_alone() {
        var directory = directory();
        var others = directory();
        var id = others.created(person("ann@acme.test", "\"externalId\":\"x1\""));
        for (var scope : List.of("user_access_invite", "user_access_manage")) {
            var narrow = directory.admin().scopedTo(scope);
            for (var path : List.of("/Users", "/Users/" + directory.admin().id())) {
                ok(roster.send("GET", "/scim/v2" + path, null,
                    Map.of("Authorization", "Bearer " + narrow.applicationKey())), 403);
            }
        }
        ok(directory.get(id), 404);
        ok(directory.put(id, person("ann@acme.test", "")), 404);
        ok(directory.delete(id), 404);
        for (var filter : List.of("id eq \"%s\"".formatted(id), "userName eq \"ann@acme.test\"", "externalId eq \"x1\"",
            "emails eq \"ann@acme.test\"", "nickName pr or userName eq \"ann@acme.test\"")) {
            assertThat(directory.filtered(filter).at("/totalResults").asInt()).as(filter).isZero();
        }
        directory.created(person("ann@acme.test", "\"externalId\":\"x1\",\"manager\":\"%s\"".formatted(id)));
        assertThat(directory.filtered("userName eq \"ann@acme.test\"").text())
            .doesNotContain("displayName\":\"Ann Lee\"}");
    }

    @Test
    void row_28_another_address_is_not_proved_and_nothing_is_sent_there() {
        var directory = directory();
        var id = directory.org().newUser("bob@acme.test").id();
        ok(directory.patch(id,
            "{\"op\":\"replace\",\"path\":\"emails[type eq \\\"work\\\"].value\",\"value\":\"eve@acme.test\"}"),
            200);
        assertThat(roster.sqlValue("SELECT email_proved FROM users WHERE org_id = ? AND id = ?::uuid",
            directory.org().id().value(), id)).isEqualTo(false);
        assertThat(roster.sql("SELECT recipient FROM letters WHERE org_id = ?", directory.org().id().value()))
            .as("the owner of the old one is told").containsExactly(List.of("bob@acme.test"));
    }

    @Test
    void row_29_an_external_id_is_never_an_id() {
        var directory = directory();
        var founder = directory.admin().id();
        var id = directory.created(person("ann@acme.test", "\"externalId\":\"%s\"".formatted(founder)));
        assertThat(id).isNotEqualTo(founder);
        assertThat(directory.get(founder).text("/userName")).isEqualTo("founder@acme.test");
        assertThat(directory.filtered("externalId eq \"%s\"".formatted(founder)).each("/Resources", "/id"))
            .containsExactly(id);
        var bob = directory.created(person("bob@acme.test", "\"externalId\":\"1\""));
        ok(directory.get("1"), 404);
        assertThat(directory.filtered("id eq \"1\"").at("/totalResults").asInt()).isZero();
        assertThat(directory.get(bob).text("/externalId")).isEqualTo("1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer %s", "%s", "Bearer Bearer %s", "bearer %s"})
    void row_30_bearer_typed_or_not(String form) {
        var directory = directory();
        ok(roster.send("GET", "/scim/v2/Users/" + directory.admin().id(), null,
            Map.of("Authorization", form.formatted(directory.admin().applicationKey()))), 200);
    }

    @Test
    void row_33_roles_are_one_text_or_many_and_a_put_changes_them() {
        var directory = directory();
        var ops = directory.org().newRole("Ops", List.of()).toString();
        var dev = directory.org().newRole("Dev", List.of()).toString();
        var id = directory.created(person("ann@acme.test", "\"roles\":\"OPS\""));
        assertThat(directory.get(id).each("/roles", "/value")).containsExactly(ops);
        for (var roles : List.of("\"%s\"".formatted(dev), "[\"dev\"]", "{\"value\":\"Dev\"}",
            "[{\"value\":\"%s\",\"type\":\"job\",\"primary\":\"True\"},\"nothing\"]".formatted(dev))) {
            ok(directory.put(id, person("ann@acme.test", "\"roles\":" + roles)), 200);
            assertThat(directory.get(id).each("/roles", "/value")).as(roles).containsExactly(dev);
        }
        assertThat(directory.get(id).at("/roles").toString()).isEqualTo(
            "[{\"value\":\"%s\",\"display\":\"Dev\",\"type\":\"job\",\"primary\":true}]".formatted(dev));
        ok(directory.patch(id, "{\"op\":\"replace\",\"path\":\"roles[primary eq true].value\",\"value\":\"Ops\"}"),
            200);
        assertThat(directory.get(id).each("/roles", "/value")).containsExactly(ops);
        ok(directory.patch(id, "{\"op\":\"remove\",\"path\":\"roles[value eq \\\"Ops\\\"]\"}"), 200);
        assertThat(directory.get(id).at("/roles").isMissingNode()).isTrue();
    }
}
