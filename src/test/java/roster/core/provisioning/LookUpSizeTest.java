package roster.core.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.base.db.Tx;
import roster.base.scim.Attributes;
import roster.base.scim.SetEffect;
import roster.core.provisioning.ProvisionedGroups.Edit;
import roster.model.Role;
import roster.model.User;
import roster.support.Await;
import roster.support.TableReads;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// People of a large organisation are found and changed by their keys, though most organisations beside it are small and PostgreSQL
/// takes each for one of these: the contract's section 15.
class LookUpSizeTest {
    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_RATE_LIMIT", "1000001/60s"));

    /// More than the indexes have of earlier changes, and less than the organisation has people.
    private static final long MOST = 200;

    private final TestOrg org = roster.newOrg("acme");
    private final ProvisionedUserRows rows = new ProvisionedUserRows();
    private List<UUID> people;

    @BeforeEach
    void fill() {
        people = roster.sql("""
            WITH others AS MATERIALIZED (SELECT gen_random_uuid() AS id FROM generate_series(1, 2500))
            INSERT INTO users (org_id, id, email, handle, verified, created_at, modified_at, version)
            SELECT org, gen_random_uuid(), address, address, false, now(), now(), 1
              FROM (SELECT ?::uuid AS org, 'n' || i || '@acme.test' AS address FROM generate_series(1, 3000) AS i
                     UNION ALL
                    SELECT id, 'k' || i || '@other.test' FROM others CROSS JOIN generate_series(1, 4) AS i) AS u
            RETURNING id
            """, org.id().value()).stream().map(row -> (UUID) row.getFirst()).toList();
        var said = new Said(Optional.of("ann"), Optional.of("x"), Optional.empty(), Attributes.of(
            Map.of("emails", List.of(Map.of("type", "work"), Map.of("value", "ann@home.test")))));
        org.write(tx -> {
            rows.store(tx, new User.Id(people.getFirst()), said);
            return null;
        });
        roster.sql("ANALYZE users, scim_users, role_members, roles");
    }

    private void mustReadFew(Map<String, Long> read) {
        assertThat(read.values()).as(read.toString()).allSatisfy(n -> assertThat(n).isLessThan(MOST));
    }

    private void allArePeopleOfDirectories() {
        roster.sql("""
            INSERT INTO scim_users (org_id, user_id, attributes, changed_at, hidden, version)
            SELECT org_id, id, '{}', now(), false, 1 FROM users ON CONFLICT DO NOTHING
            """);
        roster.sql("ANALYZE scim_users");
    }

    private void looked(Consumer<Tx> work) {
        mustReadFew(Await.read(roster.db(), tx -> TableReads.of(tx, work)));
    }

    @Test
    void people_are_found_by_their_keys() {
        var ann = people.getFirst();
        looked(tx -> assertThat(rows.withAddress(tx, org.id(), "N1@acme.test")).hasSize(1));
        looked(tx -> assertThat(rows.withAddress(tx, org.id(), "ann@HOME.test")).extracting(one -> one.id().value())
            .containsExactly(ann));
        looked(tx -> assertThat(rows.withUserName(tx, org.id(), "ANN")).extracting(one -> one.id().value())
            .containsExactly(ann));
        looked(tx -> assertThat(rows.withUserName(tx, org.id(), "n2@acme.test")).hasSize(1));
        looked(tx -> assertThat(rows.withUserName(tx, org.id(), "n1@acme.test")).isEmpty());
        looked(tx -> assertThat(rows.withExternalId(tx, org.id(), "x")).hasSize(1));
        looked(tx -> assertThat(rows.all(tx, org.id(), people.subList(0, 9))).hasSize(9));
    }

    @Test
    void a_person_has_the_name_of_their_manager_by_its_key() {
        var bob = new User.Id(people.get(1));
        org.write(tx -> {
            rows.store(tx, bob, Said.NOTHING.managedBy(new User.Id(people.get(2))));
            return null;
        });
        looked(tx -> assertThat(rows.all(tx, org.id(), List.of(bob.value()))).extracting(ProvisionedUser::managerName)
            .doesNotContain(Optional.empty()).hasSize(1));
        looked(tx -> assertThat(rows.find(tx, org.id(), bob).orElseThrow().managerName()).isPresent());
    }

    @Test
    void whom_a_directory_provisions_is_known_by_their_keys() {
        var provisioning = roster.program().provisioning;
        var ann = new User.Id(people.getFirst());
        var some = List.of(ann, new User.Id(people.get(1)), ann);
        allArePeopleOfDirectories();
        looked(tx -> assertThat(provisioning.marks.ofUsers(tx, org.id(), some)).containsOnlyKeys(ann));
        looked(tx -> assertThat(provisioning.groups.shown(tx, org.id(), some)).hasSize(2));
    }

    @Test
    void groups_are_found_by_their_keys() {
        roster.sql("""
            INSERT INTO roles (org_id, id, name, name_folded, permissions, created_at, modified_at, version)
            SELECT org_id, id, email, email, '{}', now(), now(), 1 FROM users
            """);
        roster.sql("ANALYZE roles");
        var groups = roster.program().provisioning.groups;
        var one = people.getFirst();
        looked(tx -> assertThat(groups.withName(tx, org.id(), "N1@acme.test")).hasSize(1));
        looked(tx -> assertThat(groups.all(tx, org.id(), List.of(new Role.Id(one), new Role.Id(one)))).hasSize(1));
        var texts = List.of(one.toString(), "n1@acme.test", "N2@acme.test");
        looked(tx -> assertThat(rows.roles(tx, org.id(), texts)).containsOnlyKeys(texts));
    }

    @Test
    void addresses_that_are_said_wait_in_no_list_that_every_look_up_reads() {
        assertThat(roster.sql("SELECT gin_clean_pending_list('scim_users_other_emails')")).containsExactly(List.of(0L));
    }

    @Test
    void an_address_that_others_say_of_thousands_is_found_as_fast() {
        allArePeopleOfDirectories();
        roster.sql("UPDATE scim_users SET other_emails = ARRAY['ann@home.test'] WHERE org_id <> ?", org.id().value());
        roster.sql("ANALYZE scim_users");
        looked(tx -> assertThat(rows.withAddress(tx, org.id(), "ann@HOME.test")).extracting(one -> one.id().value())
            .containsExactly(people.getFirst()));
    }

    @Test
    void one_member_comes_and_goes_by_their_key() {
        var groups = roster.program().provisioning.groups;
        var group = org.write(tx -> groups.create(tx, "Ops", Optional.empty(), List.of())).role().id();
        var one = Set.of(people.get(1).toString());
        for (var effect : List.of(new SetEffect(false, one, Set.of()), new SetEffect(false, Set.of(), one))) {
            mustReadFew(org.write(tx -> TableReads.of(tx, _ -> groups.change(tx,
                groups.find(tx, org.id(), group).orElseThrow(), new Edit("Ops", Optional.empty(), effect)))));
        }
    }
}
