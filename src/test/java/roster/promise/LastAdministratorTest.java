package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import roster.base.json.Json;
import roster.base.jsonapi.ErrorDocument;
import roster.model.Org;
import roster.model.Refused;
import roster.model.Role;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// P6: of two administrators who are removed at the same moment, one stays, whatever the ways. More rounds with
/// `-Droster.rounds=300`.
class LastAdministratorTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    /// Of each pair of API requests.
    private static final int ROUNDS = Integer.getInteger("roster.rounds", 8);

    /// Of all pairs of doors together.
    private static final int MIXED_ROUNDS = 300;

    static Stream<Arguments> pairsOfRemovals() {
        return Stream.of(Removal.values()).flatMap(one -> Stream.of(Removal.values())
            .filter(other -> other.compareTo(one) >= 0).map(other -> Arguments.of(one, other)));
    }

    @ParameterizedTest
    @MethodSource("pairsOfRemovals")
    void of_two_administrators_who_are_taken_away_at_once_one_stays(Removal one, Removal other) {
        var org = roster.newOrg("races");
        var machine = serviceAdmin(org);
        var before = administrators(org);
        for (int round = 0; round < ROUNDS; round++) {
            var earlier = before;
            var number = round;
            var pair = org.write(tx -> {
                var two = List.of(Person.administrator(org, tx, "ann" + number), Person.administrator(org, tx, "bob" + number));
                earlier.forEach(id -> roster.program().user.users.disable(tx, id));
                return two;
            });

            var answers = Race.together(() -> one.go(machine, pair.getFirst()), () -> other.go(machine, pair.getLast()));

            var first = answers.getFirst();
            var last = answers.getLast();
            assertThat(one.done(first) && other.refused(last) || one.refused(first) && other.done(last))
                .as("%s and %s", first, last).isTrue();
            before = administrators(org);
            assertThat(before).containsExactly(one.done(first) ? pair.getLast().id() : pair.getFirst().id());
        }
        System.out.println("P6, %s x %s: %d rounds, one administrator left each time".formatted(one, other, ROUNDS));
    }

    /// Active humans who hold `user_access_manage`, by SQL of the test's own.
    private static Set<String> administrators(TestOrg org) {
        var ids = roster.sql("""
            SELECT DISTINCT u.id::text FROM users u
              JOIN role_members m ON m.org_id = u.org_id AND m.user_id = u.id
              JOIN roles r ON r.org_id = m.org_id AND r.id = m.role_id
             WHERE u.org_id = ? AND u.verified AND NOT u.disabled AND NOT u.service_account
               AND (r.managed = 'ADMIN' OR 'user_access_manage' = ANY (r.permissions))
            """, org.id().value());
        return Set.copyOf(ids.stream().map(row -> (String) row.getFirst()).toList());
    }

    /// Ways in, each with its own code above the rule.
    private enum Door {
        DISABLE_USER(Removal.DISABLE_USER), UPDATE_USER(Removal.UPDATE_USER),
        REMOVE_USER_FROM_ROLE(Removal.REMOVE_USER_FROM_ROLE), DELETE_ROLE(Removal.DELETE_ROLE),
        /// Its caller may do everything, and is not an administrator of the organisation.
        COMMAND_LINE(null);

        private final Removal removal;

        Door(Removal removal) {
            this.removal = removal;
        }

        Got remove(TestUser caller, Person whom) {
            return removal == null ? commandLine(caller.org(), whom.id()) : Got.of(removal.go(caller, whom));
        }
    }

    private enum By {
        EACH_OTHER, THEMSELVES, A_SERVICE_ACCOUNT
    }

    @Test
    void one_administrator_is_left_for_each_pair_of_callers_and_doors() {
        var rounds = 0;
        var orgs = new ArrayList<Org.Id>();
        while (rounds < MIXED_ROUNDS) {
            var org = roster.newOrg("lockout" + rounds);
            var machine = serviceAdmin(org);
            orgs.add(org.id());
            var before = Set.of(org.founder().id());
            for (var one : Door.values()) {
                for (var other : Arrays.copyOfRange(Door.values(), one.ordinal(), Door.values().length)) {
                    for (var by : By.values()) {
                        var round = "round %d: %s and %s by %s".formatted(++rounds, one, other, by);
                        var gone = before;
                        var number = rounds;
                        var both = org.write(tx -> {
                            var two = List.of(Person.administrator(org, tx, "ann" + number),
                                Person.administrator(org, tx, "bob" + number));
                            gone.forEach(id -> roster.program().user.users.disable(tx, id));
                            return two;
                        });
                        var ann = both.getFirst();
                        var bob = both.getLast();
                        var got = Race.together(
                            () -> one.remove(caller(by, ann, bob, machine), bob),
                            () -> other.remove(caller(by, bob, ann, machine), ann));
                        oneIsLeft(round, org, by, one, other, got);
                        before = administrators(org);
                    }
                }
            }
        }
        assertThat(rounds).isGreaterThanOrEqualTo(MIXED_ROUNDS);
        AuditedTest.assertAudited(roster, orgs);
    }

    private static TestUser caller(By by, Person one, Person whom, TestUser machine) {
        return switch (by) {
            case EACH_OTHER -> one.user();
            case THEMSELVES -> whom.user();
            case A_SERVICE_ACCOUNT -> machine;
        };
    }

    private static void oneIsLeft(String round, TestOrg org, By by, Door one, Door other, List<Got> got) {
        assertThat(administrators(org)).as(round).hasSize(1);
        assertThat(got).as(round).filteredOn(Got::done).hasSize(1);
        var refusal = got.stream().filter(some -> !some.done()).findFirst().orElseThrow();
        assertThat(refusal.status()).as(round).isEqualTo(403);
        // A caller who was removed meanwhile is refused for that; all others because it would be the last one.
        var loser = got.getFirst().done() ? other : one;
        if (by == By.EACH_OTHER && loser != Door.COMMAND_LINE) {
            var winner = got.getFirst().done() ? one : other;
            assertThat(refusal.errors()).as(round).isEqualTo(switch (winner) {
                case REMOVE_USER_FROM_ROLE, DELETE_ROLE -> Got.NOT_ALLOWED;
                case DISABLE_USER, UPDATE_USER, COMMAND_LINE -> Got.CUT_OFF;
            });
        } else {
            assertThat(refusal.errors()).as(round).isEqualTo(List.of("Forbidden", Removal.LAST_ONE));
        }
    }

    private static Got commandLine(TestOrg org, String id) {
        try {
            org.write(tx -> {
                roster.program().user.users.disable(tx, id);
                return null;
            });
            return new Got(204, List.of());
        } catch (Refused refused) {
            var answer = ErrorDocument.of(refused.problem());
            return new Got(answer.status(), Json.parse(answer.body()).get("errors").valueStream()
                .map(text -> text.asString()).toList());
        }
    }

    /// A service account with all rights: it can remove administrators, and does not count as one.
    private static TestUser serviceAdmin(TestOrg org) {
        var account = org.newServiceAccount("machine@promises.test", List.of(org.managed(Role.Managed.ADMIN).toString()));
        return new TestUser(org, account, org.apiKey(), org.newApplicationKey(account, Optional.empty()));
    }
}
