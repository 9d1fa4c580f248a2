package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import roster.model.Role;
import roster.model.User;
import roster.support.Answer;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// P5: what a caller hands out at the moment they lose it was given before the loss, or is refused. More rounds with
/// `-Droster.rounds=300`.
class NoMoreThanHeldTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    /// Of each pair of a gift and a removal.
    private static final int ROUNDS = Integer.getInteger("roster.rounds", 8);

    /// Of all losses together.
    private static final int MIXED_ROUNDS = 300;

    /// Ways to hand out permissions. The giver has a role, and may hand out all of it.
    enum Grant {
        CREATE_USER {
            @Override
            Answer go(Person giver, User account) {
                return giver.user().post("/api/v2/users", """
                    {"data":{"type":"users","attributes":{"email":"%s"},
                     "relationships":{"roles":{"data":[{"type":"roles","id":"%s"}]}}}}"""
                    .formatted("to-" + giver.user().email(), giver.role()));
            }
        },
        CREATE_SERVICE_ACCOUNT {
            @Override
            Answer go(Person giver, User account) {
                return giver.user().post("/api/v2/service_accounts", """
                    {"data":{"type":"users","attributes":{"email":"x@races.test","service_account":true},
                     "relationships":{"roles":{"data":[{"type":"roles","id":"%s"}]}}}}""".formatted(giver.role()));
            }
        },
        APPLICATION_KEY {
            @Override
            Answer go(Person giver, User account) {
                return giver.user().post("/api/v2/current_user/application_keys", """
                    {"data":{"type":"application_keys","attributes":{"name":"x","scopes":["api_keys_read"]}}}""");
            }
        },
        ACCESS_TOKEN {
            @Override
            Answer go(Person giver, User account) {
                return giver.user().post("/api/v2/personal_access_tokens", """
                    {"data":{"type":"personal_access_tokens","attributes":{"name":"x","scopes":["api_keys_read"],
                     "expires_at":"2999-01-01T00:00:00Z"}}}""");
            }
        },
        KEY_OF_SERVICE_ACCOUNT {
            @Override
            Answer go(Person giver, User account) {
                return giver.user().post("/api/v2/service_accounts/%s/application_keys".formatted(account.id()), """
                    {"data":{"type":"application_keys","attributes":{"name":"x"}}}""");
            }
        };

        abstract Answer go(Person giver, User account);
    }

    /// Ways to take from the giver what they could hand out.
    private static final List<Removal> TAKING =
        List.of(Removal.DISABLE_USER, Removal.UPDATE_USER, Removal.REMOVE_USER_FROM_ROLE,
            Removal.DELETE_ROLE, Removal.UPDATE_ROLE, Removal.ANONYMIZE_USERS);

    static Stream<Arguments> giftsAndTakings() {
        return Stream.of(Grant.values()).flatMap(gift -> TAKING.stream().map(way -> Arguments.of(gift, way)));
    }

    @ParameterizedTest
    @MethodSource("giftsAndTakings")
    void what_is_given_was_given_before_it_was_taken_away(Grant gift, Removal taking) {
        var org = roster.newOrg("races");
        var machine = machine(org);
        var account = org.newServiceAccount("held@races.test",
            List.of(org.newRole("%s %s".formatted(gift, taking), List.of("api_keys_read")).toString()));
        var given = 0;
        for (int round = 0; round < ROUNDS; round++) {
            var name = "giver" + round;
            var giver = org.write(tx -> Person.create(org, tx, name,
                List.of("user_access_invite", "service_account_write", "user_app_keys", "api_keys_read"), List.of()));

            var answers = Race.together(() -> gift.go(giver, account), () -> taking.go(machine, giver));

            assertThat(taking.done(answers.getLast())).as(answers.toString()).isTrue();
            var answer = answers.getFirst();
            assertThat(answer.status()).as(answer.toString()).isIn(201, 400, 403);
            var versions = List.of(version(org, answer), version(org, answers.getLast()));
            if (answer.status() == 201) {
                given++;
                assertThat(versions.getFirst()).isLessThan(versions.getLast());
            } else {
                assertThat(versions.getFirst()).isEqualTo(0L);
            }
        }
        System.out.println("P5, %s x %s: %d rounds, %d given before, %d refused after".formatted(gift, taking, ROUNDS,
            given, ROUNDS - given));
    }

    /// The version of the write that a request made; 0 for none.
    private static long version(TestOrg org, Answer answer) {
        return (long) roster.sqlValue(
            "SELECT COALESCE(min(version), 0) FROM audit_entries WHERE org_id = ? AND request_id = ?",
            org.id().value(), answer.header("X-Request-Id").orElseThrow());
    }

    /// Ways to lose the right to hand a role out.
    private enum Loss {
        OUT_OF_THE_ROLE {
            @Override
            Got happen(TestUser admin, Person carl, Role.Id given) {
                return Got.of(admin.delete("/api/v2/roles/%s/users".formatted(given), """
                    {"data":{"type":"users","id":"%s"}}""".formatted(carl.id())));
            }
        },
        NO_LONGER_INVITING {
            @Override
            Got happen(TestUser admin, Person carl, Role.Id given) {
                return Got.of(admin.delete("/api/v2/roles/" + carl.role()));
            }
        },
        DISABLED {
            @Override
            Got happen(TestUser admin, Person carl, Role.Id given) {
                return Got.of(admin.delete("/api/v2/users/" + carl.id()));
            }
        };

        abstract Got happen(TestUser admin, Person carl, Role.Id given);
    }

    @Test
    void a_role_is_handed_out_before_the_right_to_is_lost_or_not_at_all() {
        var org = roster.newOrg("grants");
        var admin = org.founder();
        var given = org.newRole("given", List.of("logs_live_tail"));
        var granted = 0;
        for (int round = 0; round < MIXED_ROUNDS; round++) {
            var loss = Loss.values()[round % Loss.values().length];
            var email = "new%d@grants.test".formatted(round);
            var name = "carl" + round;
            var carl = org.write(tx -> Person.create(org, tx, name, List.of("user_access_invite"), List.of(given)));
            var got = Race.together(
                () -> Got.of(carl.user().post("/api/v2/users", """
                    {"data":{"type":"users","attributes":{"email":"%s"},
                     "relationships":{"roles":{"data":[{"type":"roles","id":"%s"}]}}}}""".formatted(email, given))),
                () -> loss.happen(admin, carl, given));
            var as = "round %d, %s: %s".formatted(round, loss, got);
            assertThat(got.getLast().done()).as(as).isTrue();
            var created = AuditedTest.versionOf(org, "user.created", email);
            if (got.getFirst().done()) {
                granted++;
                assertThat(created).as(as).isPresent();
                assertThat(created.get()).as(as).isLessThan(org.version());
            } else {
                assertThat(got.getFirst().status()).as(as).isEqualTo(403);
                assertThat(got.getFirst().errors()).as(as)
                    .isEqualTo(loss == Loss.DISABLED ? Got.CUT_OFF : Got.NOT_ALLOWED);
                assertThat(created).as(as).isEmpty();
            }
        }
        AuditedTest.assertAudited(roster, List.of(org.id()));
        System.out.println("handed out before the loss: %d of %d".formatted(granted, MIXED_ROUNDS));
    }

    /// A service account with all rights.
    private static TestUser machine(TestOrg org) {
        var account =
            org.newServiceAccount("machine@promises.test", List.of(org.managed(Role.Managed.ADMIN).toString()));
        return new TestUser(org, account, org.apiKey(), org.newApplicationKey(account, Optional.empty()));
    }
}
