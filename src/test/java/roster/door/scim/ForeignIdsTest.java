package roster.door.scim;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.door.scim.UserClient.ok;
import static roster.door.scim.DirectoryClient.operations;
import static roster.door.scim.UserClient.person;
import static roster.door.scim.UserClient.refused;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import roster.support.TestRoster;

/// P7 for directories: ids of another organisation are unknown ones, wherever they are sent.
class ForeignIdsTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private final UserClient theirs = UserClient.of(roster.newOrg("theirs"));
    private final String bob = theirs.created(person("bob@acme.test", "\"externalId\":\"x1\""));
    private final String ops = GroupClient.of(theirs.admin()).create("Ops", bob);
    private final long version = theirs.org().version();

    private final UserClient ours = UserClient.of(roster.newOrg("ours"));
    private final GroupClient groups = GroupClient.of(ours.admin());
    private final String ann = ours.created(person("ann@acme.test", ""));

    @AfterEach
    void nothing_has_changed_there() {
        assertThat(theirs.org().version()).isEqualTo(version);
        assertThat(GroupClient.of(theirs.admin()).membersOf(ops)).containsExactly(bob);
    }

    @Test
    void in_a_path() {
        var title = operations("{\"op\":\"replace\",\"path\":\"title\",\"value\":\"x\"}");
        var name = "{\"displayName\":\"Mine\",\"members\":[]}";
        for (var base : Probe.BASES) {
            var client = ours.below(base);
            for (var path : List.of("/Users/" + bob, "/Groups/" + ops)) {
                ok(client.send("GET", path, null), 404);
                ok(client.send("DELETE", path, null), 404);
            }
            ok(client.send("PUT", "/Users/" + bob, person("bob@acme.test", "")), 404);
            ok(client.send("PATCH", "/Users/" + bob, title), 404);
            ok(client.send("PUT", "/Groups/" + ops, name), 404);
            ok(client.send("PATCH", "/Groups/" + ops,
                operations("{\"op\":\"remove\",\"path\":\"members\"}")), 404);
        }
    }

    @Test
    void among_members_and_roles() {
        refused(
            groups.send("POST", "/Groups", "{\"displayName\":\"Dev\",\"members\":[{\"value\":\"%s\",\"$ref\":\"%s\"}]}"
                .formatted(bob, theirs.node() + "/scim/v2/Users/" + bob)),
            400, "invalidValue");
        var dev = groups.create("Dev", ann);
        groups.patched(dev, "{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"value\":\"%s\"},{\"value\":\"%s\"}]}"
            .formatted(bob, ann));
        groups.patched(dev, "{\"op\":\"remove\",\"path\":\"members[value eq \\\"%s\\\"]\"}".formatted(bob));
        assertThat(groups.membersOf(dev)).containsExactly(ann);

        ok(ours.patch(ann, "{\"op\":\"add\",\"path\":\"roles\",\"value\":[{\"value\":\"%s\"}]}".formatted(ops)), 200);
        assertThat(ours.get(ann).each("/roles", "/display")).containsExactly("Dev");
    }

    @Test
    void as_a_manager_who_has_no_name_here() {
        ok(ours.patch(ann, "{\"op\":\"add\",\"path\":\"manager\",\"value\":\"%s\"}".formatted(bob)), 200);

        var manager = ours.get(ann).at("/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User/manager");

        assertThat(manager.has("displayName")).isFalse();
        assertThat(manager.has("$ref")).isFalse();
    }

    static Stream<String> filters() {
        return Stream.of("id eq \"%1$s\"", "externalId eq \"x1\"", "userName eq \"bob@acme.test\"",
            "emails eq \"bob@acme.test\"", "groups.value eq \"%2$s\"", "roles.value eq \"%2$s\"",
            "groups eq \"%2$s\"", "not (id ne \"%1$s\")", "displayName eq \"Ann Lee\" and id eq \"%1$s\"");
    }

    @ParameterizedTest
    @MethodSource("filters")
    void in_a_filter_of_people(String filter) {
        assertThat(theirs.filtered(filter.formatted(bob, ops)).at("/totalResults").asInt()).isEqualTo(1);
        assertThat(ours.filtered(filter.formatted(bob, ops)).at("/totalResults").asInt(-1)).isZero();
    }

    @ParameterizedTest
    @MethodSource("filtersOfGroups")
    void in_a_filter_of_groups(String filter) {
        assertThat(GroupClient.of(theirs.admin()).filtered(filter.formatted(ops, bob)).at("/totalResults").asInt())
            .isEqualTo(1);
        assertThat(groups.filtered(filter.formatted(ops, bob)).at("/totalResults").asInt(-1)).isZero();
    }

    static Stream<String> filtersOfGroups() {
        return Stream.of("id eq \"%1$s\"", "displayName eq \"Ops\"", "members eq \"%2$s\"",
            "id eq \"%1$s\" and members.value eq \"%2$s\"");
    }
}
