package roster.core.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.base.scim.Filter;
import roster.base.scim.ResourceType;
import roster.base.source.Ids;
import roster.model.Caller;
import roster.model.Permission;
import roster.model.Role;
import roster.model.User;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// What is remembered of people and groups is bounded by what it takes in memory, of whatever it consists.
class KnownSizeTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    /// Room for some people or groups, each alone, but for none of many parts.
    private static final int BYTES_MAX = 20_000;

    private static final int MANY = 60;

    private final TestOrg org = roster.newOrg("acme");

    /// One who was let in just now.
    private Caller caller() {
        var now = roster.db().versions().now(org.id()).orElseThrow();
        return new Caller(Caller.Kind.USER, org.id(), Optional.of(org.founder().user().id()), "ada",
            Caller.Credentials.NONE, Set.of(), now.version(), now.stamp(), List.of(), new Ids().next().toString(),
            Optional.empty());
    }

    private boolean isRemembered(KnownPeople known, User.Id id) {
        assertThat(known.read(caller(), id, (person, _) -> person.person().id())).contains(id);
        return known.inMemory(caller(), id).isPresent();
    }

    @Test
    void a_person_with_many_roles_takes_as_much_as_these() {
        var roles = new ArrayList<String>();
        for (int i = 0; i < MANY; i++) {
            roles.add(org.newRole("role " + i, List.of()).toString());
        }
        var many = org.newUserWith("many@acme.test", roles).user().id();
        var few = org.newUserWith("few@acme.test", roles.subList(0, 2)).user().id();
        var known = new KnownPeople(roster.db(), roster.program().directory.directory, new ProvisionedUserRows(),
            BYTES_MAX);

        assertThat(isRemembered(known, few)).isTrue();
        assertThat(isRemembered(known, many)).isFalse();
        assertThat(isRemembered(known, few)).isTrue();
    }

    /// Whether a group is found without the database, which has another external id since.
    private boolean isRemembered(GroupLookUps lookUps, String name, Role.Id id) {
        var before = found(lookUps, name);
        assertThat(before.role().id()).isEqualTo(id);
        roster.sql("UPDATE roles SET external_id = gen_random_uuid()::text WHERE org_id = ? AND id = ? RETURNING 1",
            org.id().value(), id.value());
        return found(lookUps, name).role().externalId().equals(before.role().externalId());
    }

    private ProvisionedGroup found(GroupLookUps lookUps, String name) {
        var filter = Filter.parse(ResourceType.GROUP, "displayName eq \"%s\"".formatted(name));
        return lookUps.find(caller(), filter, Optional.empty(), new ListPart(Optional.empty(), 0, 3),
            new GroupSearch.Shown() {
                @Override
                public Map<String, Object> meta(ProvisionedGroup group) {
                    return group.meta();
                }

                @Override
                public String address(User.Id member) {
                    return member.toString();
                }
            }).orElseThrow().groups().getFirst();
    }

    @Test
    void a_group_takes_as_much_as_its_permissions() {
        var all =
            roster.program().kernel().catalogue().heldBy(Role.Managed.ADMIN).stream().map(Permission::name).toList();
        var many = org.newRole("Many", all);
        var few = org.newRole("Few", all.subList(0, 3));
        var lookUps = new GroupLookUps(roster.db(), roster.program().provisioning.groups, BYTES_MAX);

        assertThat(isRemembered(lookUps, "Few", few)).isTrue();
        assertThat(isRemembered(lookUps, "Many", many)).isFalse();
        assertThat(isRemembered(lookUps, "Few", few)).isTrue();
    }
}
