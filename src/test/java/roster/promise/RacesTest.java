package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import roster.base.db.WriteTx;
import roster.core.key.ApplicationKeys;
import roster.model.Permission;
import roster.model.Role;
import roster.model.User;
import roster.support.Answer;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// The promises that somebody could break by being quick: two doors at the same instant, again and again. Whatever
/// happens could have happened one after the other. More rounds with `-Droster.rounds=300`.
class RacesTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static final int ROUNDS = Integer.getInteger("roster.rounds", 8);
    private static final String LAST = "An organization must keep at least one active administrator";

    private static TestOrg org;
    private static TestUser machine;
    private static int made;

    /// Somebody, the role that only he has, and his keys.
    private record Person(TestUser caller, Role.Id role) {
        String id() {
            return caller.id();
        }
    }

    /// A service account with all rights makes the calls: it is no administrator whom the promise is about. An organisation
    /// for each pair: with roles by the thousand every round would take longer.
    @BeforeEach
    void anOrganisation() {
        org = roster.newOrg("races");
        var account = org.newServiceAccount("machine@races.test", List.of(org.managed(Role.Managed.ADMIN).toString()));
        machine = new TestUser(org, account, org.apiKey(), org.newApplicationKey(account, Optional.empty()));
    }

    private static Person person(WriteTx tx, String... permissions) {
        var program = roster.program();
        var ids = Stream.of(permissions)
            .map(name -> program.kernel().catalogue().find(new Permission(name)).orElseThrow().id().toString())
            .toList();
        var number = ++made;
        var role = program.role.roles.create(tx, "role " + number, ids, true, List.of());
        var pending =
            program.user.newUsers.create(tx, "p%d@races.test".formatted(number), Optional.empty(), Optional.empty(),
                List.of(role.id().toString()));
        var user = program.user.users.verify(tx, pending, "user.verified", true);
        var key = program.key.applicationKeys.issue(tx, user, new ApplicationKeys.Wish("a key", Optional.empty()));
        return new Person(new TestUser(org, user, org.apiKey(), key.secret()), role.id());
    }

    /// Each in its own thread, let go together.
    private static List<Answer> together(Callable<Answer> one, Callable<Answer> other) throws Exception {
        var barrier = new CyclicBarrier(2);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ArrayList<Answer>();
            for (var future : threads.invokeAll(List.of(after(barrier, one), after(barrier, other)))) {
                answers.add(future.get());
            }
            return answers;
        }
    }

    private static Callable<Answer> after(CyclicBarrier barrier, Callable<Answer> call) {
        return () -> {
            barrier.await();
            return call.call();
        };
    }

    private static String permission(String name) {
        return "{\"type\":\"permissions\",\"id\":\"%s\"}"
            .formatted(roster.program().kernel().catalogue().find(new Permission(name)).orElseThrow().id());
    }

    /// Ways by which an administrator vanishes, P6.
    enum Way {
        DISABLE_USER {
            @Override
            Answer go(Person whom) {
                return machine.delete("/api/v2/users/" + whom.id());
            }
        },
        UPDATE_USER {
            @Override
            Answer go(Person whom) {
                return machine.patch("/api/v2/users/" + whom.id(), disabled(whom));
            }
        },
        UPDATE_CURRENT_USER {
            @Override
            Answer go(Person whom) {
                return whom.caller().patch("/api/v2/current_user", disabled(whom));
            }
        },
        REMOVE_USER_FROM_ROLE {
            @Override
            Answer go(Person whom) {
                return machine.delete("/api/v2/roles/%s/users".formatted(whom.role()), """
                    {"data":{"type":"users","id":"%s"}}""".formatted(whom.id()));
            }
        },
        DELETE_ROLE {
            @Override
            Answer go(Person whom) {
                return machine.delete("/api/v2/roles/" + whom.role());
            }
        },
        REMOVE_PERMISSION_FROM_ROLE {
            @Override
            Answer go(Person whom) {
                return machine.delete("/api/v2/roles/%s/permissions".formatted(whom.role()),
                    "{\"data\":%s}".formatted(permission("user_access_manage")));
            }
        },
        UPDATE_ROLE {
            @Override
            Answer go(Person whom) {
                return machine.patch("/api/v2/roles/" + whom.role(), """
                    {"data":{"type":"roles","id":"%s","attributes":{},"relationships":{"permissions":{"data":[]}}}}
                    """.formatted(whom.role()));
            }
        },
        ANONYMIZE_USERS {
            @Override
            Answer go(Person whom) {
                return machine.send("PUT", "/api/v2/anonymize_users", """
                    {"data":{"type":"anonymize_users_request","attributes":{"user_ids":["%s"]}}}"""
                    .formatted(whom.id()));
            }

            @Override
            boolean refused(Answer answer) {
                return answer.status() == 200
                    && answer.each("/data/attributes/anonymize_errors", "/error").equals(List.of(LAST));
            }

            @Override
            boolean done(Answer answer) {
                return answer.status() == 200 && answer.at("/data/attributes/anonymize_errors").isEmpty();
            }
        };

        abstract Answer go(Person whom);

        boolean refused(Answer answer) {
            return answer.status() == 403 && answer.errors().equals(List.of("Forbidden", LAST));
        }

        boolean done(Answer answer) {
            return answer.status() / 100 == 2;
        }

        private static String disabled(Person whom) {
            return """
                {"data":{"type":"users","id":"%s","attributes":{"disabled":true}}}""".formatted(whom.id());
        }
    }

    static Stream<Arguments> pairsOfWays() {
        return Stream.of(Way.values()).flatMap(one -> Stream.of(Way.values())
            .filter(other -> other.compareTo(one) >= 0).map(other -> Arguments.of(one, other)));
    }

    @ParameterizedTest
    @MethodSource("pairsOfWays")
    void of_two_administrators_who_are_taken_away_at_once_one_stays(Way one, Way other) throws Exception {
        var before = administrators();
        for (int round = 0; round < ROUNDS; round++) {
            var earlier = before;
            var pair = org.write(tx -> {
                var two = List.of(person(tx, "user_access_manage"), person(tx, "user_access_manage"));
                earlier.forEach(id -> roster.program().user.users.disable(tx, id));
                return two;
            });

            var answers = together(() -> one.go(pair.getFirst()), () -> other.go(pair.getLast()));

            var first = answers.getFirst();
            var last = answers.getLast();
            assertThat(one.done(first) && other.refused(last) || one.refused(first) && other.done(last))
                .as("%s and %s", first, last).isTrue();
            before = administrators();
            assertThat(before).containsExactly(one.done(first) ? pair.getLast().id() : pair.getFirst().id());
        }
        System.out.println("P6, %s x %s: %d rounds, one administrator left each time".formatted(one, other, ROUNDS));
    }

    /// Active humans who hold `user_access_manage`, by SQL of the test's own.
    private static Set<String> administrators() {
        var ids = roster.sql("""
            SELECT DISTINCT u.id::text FROM users u
              JOIN role_members m ON m.org_id = u.org_id AND m.user_id = u.id
              JOIN roles r ON r.org_id = m.org_id AND r.id = m.role_id
             WHERE u.org_id = ? AND u.verified AND NOT u.disabled AND NOT u.service_account
               AND (r.managed = 'ADMIN' OR 'user_access_manage' = ANY (r.permissions))
            """, org.id().value());
        return Set.copyOf(ids.stream().map(row -> (String) row.getFirst()).toList());
    }

    /// Ways to hand out what one holds, P5. The giver has a role of which he may hand out all.
    enum Gift {
        CREATE_USER {
            @Override
            Answer go(Person giver, User account) {
                return giver.caller().post("/api/v2/users", """
                    {"data":{"type":"users","attributes":{"email":"%s"},
                     "relationships":{"roles":{"data":[{"type":"roles","id":"%s"}]}}}}"""
                    .formatted("to-" + giver.caller().email(), giver.role()));
            }
        },
        CREATE_SERVICE_ACCOUNT {
            @Override
            Answer go(Person giver, User account) {
                return giver.caller().post("/api/v2/service_accounts", """
                    {"data":{"type":"users","attributes":{"email":"x@races.test","service_account":true},
                     "relationships":{"roles":{"data":[{"type":"roles","id":"%s"}]}}}}""".formatted(giver.role()));
            }
        },
        APPLICATION_KEY {
            @Override
            Answer go(Person giver, User account) {
                return giver.caller().post("/api/v2/current_user/application_keys", """
                    {"data":{"type":"application_keys","attributes":{"name":"x","scopes":["api_keys_read"]}}}""");
            }
        },
        ACCESS_TOKEN {
            @Override
            Answer go(Person giver, User account) {
                return giver.caller().post("/api/v2/personal_access_tokens", """
                    {"data":{"type":"personal_access_tokens","attributes":{"name":"x","scopes":["api_keys_read"],
                     "expires_at":"2999-01-01T00:00:00Z"}}}""");
            }
        },
        KEY_OF_SERVICE_ACCOUNT {
            @Override
            Answer go(Person giver, User account) {
                return giver.caller().post("/api/v2/service_accounts/%s/application_keys".formatted(account.id()), """
                    {"data":{"type":"application_keys","attributes":{"name":"x"}}}""");
            }
        };

        abstract Answer go(Person giver, User account);
    }

    /// Ways to take from somebody what he could hand out.
    private static final List<Way> TAKING = List.of(Way.DISABLE_USER, Way.UPDATE_USER, Way.REMOVE_USER_FROM_ROLE,
        Way.DELETE_ROLE, Way.UPDATE_ROLE, Way.ANONYMIZE_USERS);

    static Stream<Arguments> giftsAndTakings() {
        return Stream.of(Gift.values()).flatMap(gift -> TAKING.stream().map(way -> Arguments.of(gift, way)));
    }

    @ParameterizedTest
    @MethodSource("giftsAndTakings")
    void what_is_given_was_given_before_it_was_taken_away(Gift gift, Way taking) throws Exception {
        var account = org.newServiceAccount("held@races.test",
            List.of(org.newRole("%s %s".formatted(gift, taking), List.of("api_keys_read")).toString()));
        var given = 0;
        for (int round = 0; round < ROUNDS; round++) {
            var giver = org.write(tx -> person(tx, "user_access_invite", "service_account_write", "user_app_keys",
                "api_keys_read"));

            var answers = together(() -> gift.go(giver, account), () -> taking.go(giver));

            assertThat(taking.done(answers.getLast())).as(answers.toString()).isTrue();
            var answer = answers.getFirst();
            assertThat(answer.status()).as(answer.toString()).isIn(201, 400, 403);
            var versions = List.of(version(answer), version(answers.getLast()));
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

    /// Of the write that a request did; 0 if it did none.
    private static long version(Answer answer) {
        return (long) roster.sqlValue(
            "SELECT COALESCE(min(version), 0) FROM audit_entries WHERE org_id = ? AND request_id = ?",
            org.id().value(), answer.header("X-Request-Id").orElseThrow());
    }
}
