package roster.core.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.base.scim.SetEffect;
import roster.core.provisioning.ProvisionedGroups.Edit;
import roster.model.Role;
import roster.model.User;
import roster.support.Await;
import roster.support.TableReads;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// One member who comes or goes costs the same in a large group as in a small one: the contract's section 15. As times differ
/// from run to run, this counts what PostgreSQL reads of each table and its indexes, in the transaction that reads it.
class GroupSizeTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static final int MANY = 3000;
    private static final int FEW = 3;

    /// More than the indexes of some users and roles have of earlier changes, and less than either the large group or the
    /// organisation has.
    private static final long MOST = 200;

    private final TestOrg org = roster.newOrg("acme");
    private final ProvisionedGroups groups = roster.program().provisioning.groups;
    private final List<User.Id> people = roster.sql("""
        INSERT INTO users (org_id, id, email, handle, verified, created_at, modified_at, version)
        SELECT ?, gen_random_uuid(), 'n' || i || '@acme.test', 'n' || i || '@acme.test', false, now(), now(),
               (SELECT version FROM orgs WHERE id = ?)
          FROM generate_series(1, 3001) AS i
        RETURNING id
        """, org.id().value(), org.id().value()).stream().map(row -> new User.Id((UUID) row.getFirst()))
        .toList();

    private Role.Id group(String name, List<User.Id> members) {
        return org.write(tx -> {
            var group = groups.create(tx, name, Optional.empty(), List.of());
            groups.change(tx, group, edit(group, texts(members), Set.of()));
            return group.role().id();
        });
    }

    private static Set<String> texts(List<User.Id> users) {
        var texts = new LinkedHashSet<String>();
        users.forEach(user -> texts.add(user.toString()));
        return texts;
    }

    private static Edit edit(ProvisionedGroup group, Set<String> added, Set<String> removed) {
        return new Edit(group.role().name(), group.role().externalId(), new SetEffect(false, added, removed));
    }

    /// What one member costs who comes, and goes again.
    private List<Map<String, Long>> costs(Role.Id id) {
        var one = texts(List.of(people.getLast()));
        return List.of(looked(id, one, Set.of()), changed(id, one, Set.of()), looked(id, Set.of(), one),
            changed(id, Set.of(), one));
    }

    private Map<String, Long> looked(Role.Id id, Set<String> added, Set<String> removed) {
        return Await.read(roster.db(), tx -> TableReads.of(tx, same -> {
            var group = groups.find(same, org.id(), id).orElseThrow();
            assertThat(groups.mayChange(same, group, edit(group, added, removed))).isTrue();
        }));
    }

    private Map<String, Long> changed(Role.Id id, Set<String> added, Set<String> removed) {
        return org.write(tx -> TableReads.of(tx, _ -> {
            var group = groups.find(tx, org.id(), id).orElseThrow();
            var now = groups.change(tx, group, edit(group, added, removed));
            assertThat(now.members()).isEqualTo(group.members() + added.size() - removed.size());
        }));
    }

    @Test
    void one_member_costs_as_much_in_a_large_group_as_in_a_small_one() {
        // As PostgreSQL does by itself soon after: the first foreign keys were checked when there was one user.
        roster.sql("ANALYZE users, roles");
        var many = group("Many", people.subList(0, MANY));
        var few = group("Few", people.subList(0, FEW));
        var tooMuch = new ArrayList<String>();
        for (int round = 0; round < 3; round++) {
            if (round == 1) {
                roster.sql("ANALYZE role_members, users, roles, scim_users");
            }
            var ofMany = costs(many);
            var ofFew = costs(few);
            for (int step = 0; step < ofMany.size(); step++) {
                for (var table : TableReads.TABLES) {
                    var n = Math.max(ofMany.get(step).get(table), ofFew.get(step).get(table));
                    if (n > MOST) {
                        tooMuch
                            .add("round %d, step %d: %s, many %s, few %s".formatted(round, step, table, ofMany, ofFew));
                    }
                }
            }
        }
        assertThat(tooMuch).isEmpty();
    }
}
