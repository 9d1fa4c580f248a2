package roster.core.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.core.permission.Catalogue;
import roster.model.Permission;
import roster.model.Role;
import roster.model.User;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// What a change of a role means to those who have it, counted in memory and by SQL.
@Timeout(180)
class RoleImpactTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static final Permission MANAGE = Permission.USER_ACCESS_MANAGE;
    private static final Permission AUDIT = Permission.AUDIT_LOGS_READ;
    private static final Permission MONITORS = new Permission("monitors_read");
    private static final Permission CASES = new Permission("cases_read");

    private static Catalogue catalogue;
    private static DirectoryCache memory;
    private static DirectoryCache sql;

    @BeforeAll
    static void prepare() {
        catalogue = roster.program().kernel().catalogue();
        memory = new DirectoryCache(roster.db(), new UserLists(), roster.program().role.roles, 1 << 30);
        sql = new DirectoryCache(roster.db(), new UserLists(), roster.program().role.roles, 1);
    }

    /// The same from memory and by SQL.
    private static <T> T same(TestOrg org, Function<DirectoryView, T> work) {
        var answer = memory.readNow(org.id(), work);
        var again = sql.readNow(org.id(), view -> {
            assertThat(view).isInstanceOf(SqlDirectory.class);
            return work.apply(view);
        });
        assertThat((Object) again).isEqualTo(answer);
        return answer;
    }

    private static RoleImpact impact(TestOrg org, Role.Id id, Set<Permission> after) {
        return same(org, view -> RoleImpact.of(view, catalogue, view.role(id).orElseThrow(), after));
    }

    private static void disable(TestOrg org, User user) {
        org.write(tx -> {
            roster.program().user.users.disable(tx, user.id().toString());
            return null;
        });
    }

    @Test
    void who_gains_who_loses_and_who_has_it_from_another_role() {
        var org = roster.newOrg("impact");
        var one = org.newRole("One", List.of("monitors_read", "audit_logs_read"));
        var other = org.newRole("Other", List.of("audit_logs_read", "cases_read"));
        var ann = org.newUserWith("ann@impact.test", List.of(one.toString()));
        org.newUserWith("bob@impact.test", List.of(one.toString(), other.toString()));
        disable(org, org.newUserWith("cem@impact.test", List.of(one.toString())).user());
        org.newServiceAccount("robot@impact.test", List.of(one.toString()));
        org.newUserWith("dan@impact.test", List.of(other.toString()));

        var impact = impact(org, one, Set.of(MONITORS, CASES));

        assertThat(impact.people()).as("disabled ones among them").isEqualTo(3);
        assertThat(impact.serviceAccounts()).isEqualTo(1);
        assertThat(impact.gained()).containsExactly(
            new RoleImpact.Effect(catalogue.find(CASES).orElseThrow(), 2, 1, 1));
        assertThat(impact.lost()).containsExactly(
            new RoleImpact.Effect(catalogue.find(AUDIT).orElseThrow(), 2, 1, 1));
        assertThat(impact.administrators()).as("the founder").isEqualTo(1);
        long both = same(org, view -> RoleImpact.both(view, one, other));
        assertThat(both).isEqualTo(1);
        Map<Permission, Long> holders = same(org, view -> RoleImpact.people(view, catalogue));
        assertThat(holders).as("the founder, too").containsEntry(AUDIT, 5L).containsEntry(MANAGE, 1L);

        disable(org, ann.user());
        assertThat(impact(org, one, Set.of(MANAGE)).administrators()).as("and Bob, but not those who are disabled")
            .isEqualTo(2);
    }

    @Test
    void administrators_are_counted_as_they_would_be() {
        var org = roster.newOrg("impactadmins");
        var admins = org.newRole("Admins", List.of("user_access_manage"));
        org.newUserWith("ann@impactadmins.test", List.of(admins.toString()));
        org.newUserWith("bob@impactadmins.test",
            List.of(admins.toString(), org.managed(Role.Managed.ADMIN).toString()));
        org.newServiceAccount("robot@impactadmins.test", List.of(admins.toString()));

        assertThat(impact(org, admins, Set.of(MANAGE)).administrators()).isEqualTo(3);
        assertThat(impact(org, admins, Set.of()).administrators()).isEqualTo(2);
    }

    @Test
    void counting_follows_every_change() {
        var seed = Long.getLong("roster.seed", System.nanoTime());
        System.out.println("RoleImpactTest: seed " + seed + " (replay with -Droster.seed=" + seed + ")");
        var random = new Random(seed);
        var org = roster.newOrg("impactrandom");
        var names = List.of("monitors_read", "audit_logs_read", "cases_read", "user_access_manage");
        var roles = new ArrayList<Role.Id>();
        for (var i = 0; i < 5; i++) {
            var number = i;
            roles.add(org.newRole("Role " + i, names.stream().filter(name -> name.hashCode() % 5 != number).toList()));
        }
        var users = new ArrayList<User>();
        for (var step = 0; step < 80; step++) {
            var email = "user%d@impactrandom.test".formatted(step);
            var some = roles.stream().filter(_ -> random.nextInt(3) == 0).map(Role.Id::toString).toList();
            switch (random.nextInt(5)) {
                case 0 -> users.add(org.newServiceAccount(email, some));
                case 1 -> {
                    if (!users.isEmpty()) {
                        disable(org, users.remove(random.nextInt(users.size())));
                    }
                }
                case 2 -> {
                    if (step % 10 == 0) {
                        var gone = roles.removeLast().toString();
                        org.write(tx -> {
                            roster.program().role.roles.delete(tx, gone);
                            return null;
                        });
                        roles.add(org.newRole("Again " + step, List.of("cases_read")));
                    }
                }
                default -> users.add(org.newUserWith(email, some).user());
            }
            if (step % 8 == 0) {
                compare(org, roles, random);
            }
        }
    }

    private static void compare(TestOrg org, List<Role.Id> roles, Random random) {
        same(org, view -> positive(view.people()));
        same(org, view -> positive(view.enabledMembers()));
        same(org, view -> new HashSet<>(view.roles()));
        same(org, view -> summed(view, roles.subList(0, 2)));
        for (var role : roles) {
            impact(org, role, random.nextBoolean() ? Set.of(MANAGE, CASES) : Set.of(AUDIT));
        }
    }

    private static Map<Role.Id, Long> positive(Map<Role.Id, Long> counts) {
        var positive = new HashMap<>(counts);
        positive.values().removeIf(count -> count == 0);
        return positive;
    }

    private static Map<Set<Role.Id>, List<Long>> summed(DirectoryView view, List<Role.Id> any) {
        var sums = new HashMap<Set<Role.Id>, List<Long>>();
        view.roleSets(any).forEach(set -> sums.merge(Set.copyOf(set.roles()),
            List.of(set.people(), set.activePeople(), set.serviceAccounts()),
            (a, b) -> List.of(a.get(0) + b.get(0), a.get(1) + b.get(1), a.get(2) + b.get(2))));
        return sums;
    }

    @Test
    void a_list_is_walked_both_ways() {
        var org = roster.newOrg("impactlist");
        for (var i = 0; i < 23; i++) {
            var role =
                org.newRole("Role %02d".formatted(i), List.of("monitors_read", "cases_read").subList(0, i % 3 / 2 + 1));
            if (i % 4 == 0) {
                org.newUserWith("user%d@impactlist.test".formatted(i), List.of(role.toString()));
            }
        }
        for (var sort : RoleQuery.Sort.values()) {
            for (var descending : List.of(true, false)) {
                var query = new RoleQuery(Optional.of("rOLe"), Optional.empty(), sort, descending);
                var whole = names(list(org, query, Optional.empty(), Optional.empty(), 100));
                assertThat(whole).hasSize(26).as("the managed roles match, too").doesNotHaveDuplicates();
                var forth = new ArrayList<String>();
                var page = list(org, query, Optional.empty(), Optional.empty(), 7);
                while (true) {
                    assertThat(page.rank()).isEqualTo(forth.size() + 1);
                    forth.addAll(names(page));
                    if (page.after().isEmpty()) {
                        break;
                    }
                    page = list(org, query, page.after(), Optional.empty(), 7);
                }
                assertThat(forth).isEqualTo(whole);
                assertThat(names(list(org, query, Optional.empty(), Optional.of("end"), 7)))
                    .isEqualTo(whole.subList(21, 26));
                assertThat(names(list(org, query, Optional.empty(), page.before(), 7)))
                    .isEqualTo(whole.subList(14, 21));
            }
        }
        var byPeople =
            list(org, new RoleQuery(Optional.empty(), Optional.empty(), RoleQuery.Sort.PEOPLE, true), Optional.empty(),
                Optional.empty(), 100);
        assertThat(byPeople.roles()).extracting(RoleList.Listed::people)
            .isSortedAccordingTo((a, b) -> Long.compare(b, a))
            .contains(1L, 0L);
        var id = org.managed(Role.Managed.ADMIN);
        assertThat(
            names(list(org, new RoleQuery(Optional.of(id.toString()), Optional.empty(), RoleQuery.Sort.NAME, false),
                Optional.empty(), Optional.empty(), 100)))
            .containsExactly("Datadog Admin Role");
    }

    @Test
    void a_list_is_of_the_roles_that_hold_a_permission() {
        var org = roster.newOrg("impactholding");
        org.newRole("Readers", List.of("audit_logs_read"));
        org.newRole("Others", List.of("cases_read"));
        assertThat(names(list(org, new RoleQuery(Optional.empty(), Optional.of(AUDIT), RoleQuery.Sort.NAME, false),
            Optional.empty(), Optional.empty(), 100))).contains("Readers", "Datadog Admin Role")
            .doesNotContain("Others");
    }

    private static RoleList list(TestOrg org, RoleQuery query, Optional<String> after, Optional<String> before,
        int rows) {
        var lists = roster.program().directory.roles;
        return memory.readNow(org.id(),
            view -> lists.list(view, org.id(), query, lists.place(org.id(), query, after, before), rows));
    }

    private static List<String> names(RoleList list) {
        return list.roles().stream().map(listed -> listed.role().name()).toList();
    }
}
