package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import roster.base.db.WriteTx;
import roster.base.json.Json;
import roster.base.jsonapi.ErrorDocument;
import roster.core.key.ApplicationKeys;
import roster.core.org.IpAllowlists;
import roster.core.org.OrgConfig;
import roster.model.Invitation;
import roster.model.Org;
import roster.model.Permission;
import roster.model.Refused;
import roster.model.Role;
import roster.support.Answer;
import roster.support.Inviting;
import roster.support.Metadata;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// What holds whoever does what at the same time, by whichever door: P2, P4, P5 and P6 of `docs/decisions.md`.
class PromisesTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static final int ROUNDS = 300;

    private static final List<String> CUT_OFF = List.of("Forbidden");
    private static final List<String> NOT_ALLOWED = List.of("Forbidden", "Failed permission authorization checks");
    private static final List<String> LAST_ONE =
        List.of("Forbidden", "An organization must keep at least one active administrator");

    /// Organisations whose trail is looked at in the end.
    private static final Set<Org.Id> ORGS = ConcurrentHashMap.newKeySet();

    private static ExecutorService threads;

    @BeforeAll
    static void threads() {
        threads = Executors.newVirtualThreadPerTaskExecutor();
    }

    @AfterAll
    static void noThreads() {
        threads.close();
    }

    /// What somebody got.
    private record Got(int status, List<String> errors) {
        static Got of(Answer answer) {
            return new Got(answer.status(), answer.status() < 300 ? List.of() : answer.errors());
        }

        boolean done() {
            return status < 300;
        }
    }

    /// @param role the only one he has
    private record Person(TestUser user, Role.Id role) {}

    /// The ways to take an administrator away.
    private enum Door {
        DISABLE_USER {
            @Override
            Got remove(TestUser caller, Person whom) {
                return Got.of(caller.delete("/api/v2/users/" + whom.user().id()));
            }
        },
        UPDATE_USER {
            @Override
            Got remove(TestUser caller, Person whom) {
                return Got.of(caller.patch("/api/v2/users/" + whom.user().id(), """
                    {"data":{"type":"users","id":"%s","attributes":{"disabled":true}}}""".formatted(whom.user().id())));
            }
        },
        REMOVE_USER_FROM_ROLE {
            @Override
            Got remove(TestUser caller, Person whom) {
                return Got.of(caller.delete("/api/v2/roles/%s/users".formatted(whom.role()), """
                    {"data":{"type":"users","id":"%s"}}""".formatted(whom.user().id())));
            }
        },
        DELETE_ROLE {
            @Override
            Got remove(TestUser caller, Person whom) {
                return Got.of(caller.delete("/api/v2/roles/" + whom.role()));
            }
        },
        /// The noun behind the command line, whose caller may do everything and is nobody's administrator.
        COMMAND_LINE {
            @Override
            Got remove(TestUser caller, Person whom) {
                return cli(caller.org(), whom.user().id());
            }
        };

        abstract Got remove(TestUser caller, Person whom);
    }

    /// Who goes through the doors.
    private enum By {
        EACH_OTHER, THEMSELVES, A_SERVICE_ACCOUNT
    }

    @Test
    void one_administrator_is_left_whoever_removes_whom_by_whichever_doors() {
        var rounds = 0;
        while (rounds < ROUNDS) {
            var org = newOrg("lockout" + rounds);
            var machine = serviceAdmin(org);
            var before = List.of(org.founder().id());
            for (var one : Door.values()) {
                for (var other : Arrays.copyOfRange(Door.values(), one.ordinal(), Door.values().length)) {
                    for (var by : By.values()) {
                        var round = "round %d: %s and %s by %s".formatted(++rounds, one, other, by);
                        var gone = before;
                        var number = rounds;
                        var both = org.write(tx -> {
                            var two = List.of(administrator(org, tx, "ann" + number),
                                administrator(org, tx, "bob" + number));
                            gone.forEach(id -> roster.program().user.users.disable(tx, id));
                            return two;
                        });
                        var ann = both.getFirst();
                        var bob = both.getLast();
                        var got = atOnce(
                            () -> one.remove(caller(by, ann, bob, machine), bob),
                            () -> other.remove(caller(by, bob, ann, machine), ann));
                        oneIsLeft(round, org, by, one, other, got);
                        before = remaining(org);
                    }
                }
            }
        }
        assertThat(rounds).isGreaterThanOrEqualTo(ROUNDS);
    }

    private static TestUser caller(By by, Person one, Person whom, TestUser machine) {
        return switch (by) {
            case EACH_OTHER -> one.user();
            case THEMSELVES -> whom.user();
            case A_SERVICE_ACCOUNT -> machine;
        };
    }

    private static void oneIsLeft(String round, TestOrg org, By by, Door one, Door other, List<Got> got) {
        assertThat(remaining(org)).as(round).hasSize(1);
        assertThat(got).as(round).filteredOn(Got::done).hasSize(1);
        var refusal = got.stream().filter(some -> !some.done()).findFirst().orElseThrow();
        assertThat(refusal.status()).as(round).isEqualTo(403);
        // Who was removed himself meanwhile is refused for that; everybody else because it would be the last one.
        var loser = got.getFirst().done() ? other : one;
        if (by == By.EACH_OTHER && loser != Door.COMMAND_LINE) {
            var winner = got.getFirst().done() ? one : other;
            assertThat(refusal.errors()).as(round).isEqualTo(switch (winner) {
                case REMOVE_USER_FROM_ROLE, DELETE_ROLE -> NOT_ALLOWED;
                case DISABLE_USER, UPDATE_USER, COMMAND_LINE -> CUT_OFF;
            });
        } else {
            assertThat(refusal.errors()).as(round).isEqualTo(LAST_ONE);
        }
    }

    /// The ids of the Active humans who hold `user_access_manage`.
    private static List<String> remaining(TestOrg org) {
        return roster.db().read(tx -> tx.query("""
            SELECT DISTINCT u.id
              FROM roles r
              JOIN role_members m ON m.org_id = r.org_id AND m.role_id = r.id
              JOIN users u ON u.org_id = m.org_id AND u.id = m.user_id
             WHERE r.org_id = ? AND (r.managed = 'ADMIN' OR 'user_access_manage' = ANY (r.permissions))
               AND u.verified AND NOT u.disabled AND NOT u.service_account
            """, org.id()).list(row -> row.uuid("id").toString()));
    }

    /// Ways to lose the right to hand a role out.
    private enum Loss {
        OUT_OF_THE_ROLE {
            @Override
            Got happen(TestUser admin, Person carl, Role.Id given) {
                return Got.of(admin.delete("/api/v2/roles/%s/users".formatted(given), """
                    {"data":{"type":"users","id":"%s"}}""".formatted(carl.user().id())));
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
                return Got.of(admin.delete("/api/v2/users/" + carl.user().id()));
            }
        };

        abstract Got happen(TestUser admin, Person carl, Role.Id given);
    }

    @Test
    void a_role_is_handed_out_before_the_right_to_is_lost_or_not_at_all() {
        var org = newOrg("grants");
        var admin = org.founder();
        var given = org.newRole("given", List.of("logs_live_tail"));
        var granted = 0;
        for (int round = 0; round < ROUNDS; round++) {
            var loss = Loss.values()[round % Loss.values().length];
            var email = "new%d@grants.test".formatted(round);
            var name = "carl" + round;
            var carl = org.write(tx -> person(org, tx, name, Permission.USER_ACCESS_INVITE, List.of(given)));
            var got = atOnce(
                () -> Got.of(carl.user().post("/api/v2/users", """
                    {"data":{"type":"users","attributes":{"email":"%s"},
                     "relationships":{"roles":{"data":[{"type":"roles","id":"%s"}]}}}}""".formatted(email, given))),
                () -> loss.happen(admin, carl, given));
            var as = "round %d, %s: %s".formatted(round, loss, got);
            assertThat(got.getLast().done()).as(as).isTrue();
            var created = entry(org, "user.created", email);
            if (got.getFirst().done()) {
                granted++;
                assertThat(created).as(as).isPresent();
                assertThat(created.get()).as(as).isLessThan(org.version());
            } else {
                assertThat(got.getFirst().status()).as(as).isEqualTo(403);
                assertThat(got.getFirst().errors()).as(as).isEqualTo(loss == Loss.DISABLED ? CUT_OFF : NOT_ALLOWED);
                assertThat(created).as(as).isEmpty();
            }
        }
        System.out.println("handed out before the loss: %d of %d".formatted(granted, ROUNDS));
    }

    /// The version at which this happened, if it did.
    private static Optional<Long> entry(TestOrg org, String action, String name) {
        return roster.db().read(tx -> tx.query(
            "SELECT version FROM audit_entries WHERE org_id = ? AND action = ? AND subject_name = ?", org.id(), action,
            name).optional(row -> row.number("version")));
    }

    /// Ways to be cut off.
    private enum CutOff {
        DISABLED(CUT_OFF) {
            @Override
            void happen(TestOrg org, Person whom) {
                org.founder().delete("/api/v2/users/" + whom.user().id());
            }
        },
        UPDATED(CUT_OFF) {
            @Override
            void happen(TestOrg org, Person whom) {
                Door.UPDATE_USER.remove(org.founder(), whom);
            }
        },
        KEY_REVOKED(CUT_OFF) {
            @Override
            void happen(TestOrg org, Person whom) {
                org.write(tx -> {
                    var key = roster.program().key.keys.all(tx, org.id()).stream()
                        .filter(listed -> listed.owner().equals(Optional.of(whom.user().user().id()))).findFirst();
                    roster.program().key.keys.revoke(tx, key.orElseThrow().id());
                    return null;
                });
            }
        },
        SHUT_OUT_BY_ADDRESS(CUT_OFF) {
            @Override
            void happen(TestOrg org, Person whom) {
                org.write(tx -> roster.program().org.ipAllowlists.update(tx, Optional.of(true),
                    Optional.of(List.of(new IpAllowlists.Wish("192.0.2.0/24", Optional.empty())))));
            }
        },
        ORGANISATION_DISABLED(CUT_OFF) {
            @Override
            void happen(TestOrg org, Person whom) {
                org.write(tx -> roster.program().org.orgs.setDisabled(tx, true));
            }
        },
        ROLE_DELETED(NOT_ALLOWED) {
            @Override
            void happen(TestOrg org, Person whom) {
                org.founder().delete("/api/v2/roles/" + whom.role());
            }
        };

        private final List<String> texts;

        CutOff(List<String> texts) {
            this.texts = texts;
        }

        abstract void happen(TestOrg org, Person whom);
    }

    @ParameterizedTest
    @EnumSource
    void a_write_that_was_let_in_is_refused_if_its_caller_was_cut_off_before_its_turn(CutOff cutOff) throws Exception {
        var org = newOrg("cutoff-" + cutOff.ordinal());
        var ann = org.write(tx -> administrator(org, tx, "ann"));
        Future<Answer> late;
        try (var holder = DriverManager.getConnection(roster.databaseUrl())) {
            holder.setAutoCommit(false);
            try (var lock = holder.prepareStatement("SELECT 1 FROM orgs WHERE id = ? FOR UPDATE")) {
                lock.setObject(1, org.id().value());
                lock.execute();
            }
            // Both stand in line, in this order; ann was let in while she still could do everything.
            var first = threads.submit(() -> cutOff.happen(org, ann));
            awaitWaiting(org, 1);
            late = threads.submit(() -> ann.user().post("/api/v2/roles", """
                {"data":{"type":"roles","attributes":{"name":"too late"}}}"""));
            awaitWaiting(org, 2);
            holder.rollback();
            first.get(10, TimeUnit.SECONDS);
        }
        assertThat(Got.of(late.get(10, TimeUnit.SECONDS))).isEqualTo(new Got(403, cutOff.texts));
        assertThat(entry(org, "role.created", "too late")).isEmpty();
    }

    /// Until so many writes stand in line for the organisation, whose lock somebody else has.
    private static void awaitWaiting(TestOrg org, int writes) {
        var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (roster.program().kernel().db().writesWaiting(org.id()) < writes) {
            assertThat(System.nanoTime()).as("%d writes of %s stand in line", writes, org.id()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    void every_version_of_every_row_has_its_audit_entry() {
        var org = newOrg("trail");
        everythingHappens(org);

        var orgs = ORGS.stream().map(Org.Id::value).toArray();
        var versioned = roster.sql("""
            SELECT c.table_name FROM information_schema.columns c JOIN information_schema.columns v USING (table_schema, table_name)
             WHERE table_schema = 'public' AND c.column_name = 'org_id' AND v.column_name = 'version'
               AND table_name <> 'audit_entries'
            """).stream().map(row -> (String) row.getFirst()).toList();
        assertThat(versioned).contains("users", "roles", "role_members", "api_keys", "application_keys", "invitations",
            "invitation_requests", "passwords", "letters", "gone", "org_configs");
        for (var table : versioned) {
            assertThat(roster.sql("""
                SELECT t.org_id, t.version FROM %s t
                 WHERE t.org_id = ANY (?::uuid[]) AND NOT EXISTS (SELECT 1 FROM audit_entries e
                                                                   WHERE e.org_id = t.org_id AND e.version = t.version)
                """.formatted(table), array(orgs))).as(table + " without an entry").isEmpty();
            assertThat((Long) roster.sqlValue("SELECT count(*) FROM %s WHERE org_id = ?".formatted(table),
                org.id().value())).as("rows of " + table).isPositive();
        }
        assertThat(roster.sql("""
            SELECT o.id FROM orgs o
             WHERE o.id = ANY (?::uuid[]) AND NOT EXISTS (
                   SELECT 1 FROM audit_entries e
                    WHERE e.org_id = o.id AND e.version = o.version AND e.stamp = o.stamp AND e.at = o.written_at
                      AND e.version = (SELECT max(version) FROM audit_entries WHERE org_id = o.id))
            """, array(orgs))).as("organisations that do not end with their last entry").isEmpty();
        assertThat(roster.sql("""
            SELECT org_id FROM audit_entries WHERE org_id = ANY (?::uuid[])
             GROUP BY org_id HAVING count(DISTINCT version) <> max(version)
            """, array(orgs))).as("organisations with a version that nobody knows of").isEmpty();
        for (var id : ORGS) {
            assertThat(roster.program().audit().trail.verify(id, Optional.empty()).faults()).as("trail of " + id).isEmpty();
        }
    }

    private static String array(Object[] ids) {
        return "{" + String.join(",", Arrays.stream(ids).map(Object::toString).toList()) + "}";
    }

    /// Each kind of change, once.
    private static void everythingHappens(TestOrg org) {
        var ada = org.founder();
        var bob = ada.post("/api/v2/users", """
            {"data":{"type":"users","attributes":{"email":"bob@trail.test"}}}""").id();
        ada.patch("/api/v2/users/" + bob, """
            {"data":{"type":"users","id":"%s","attributes":{"name":"Bob","title":"Dr"}}}""".formatted(bob));
        var invite = """
            {"data":[{"type":"user_invitations","relationships":{"user":{"data":{"type":"users","id":"%s"}}}}]}"""
            .formatted(bob);
        var first = ada.post("/api/v2/user_invitations", invite).text("/data/0/id");
        ada.patch("/api/v2/users/" + bob, """
            {"data":{"type":"users","id":"%s","attributes":{"email":"bobby@trail.test"}}}""".formatted(bob));
        assertThat(roster.send("POST", "/invitations/" + token(org, first) + "/ask", "").status()).isEqualTo(200);
        var invitation = ada.post("/api/v2/user_invitations", invite).text("/data/0/id");
        assertThat(Inviting.accept(roster, "/invitations/" + token(org, invitation)).status()).isEqualTo(200);
        var role = ada.post("/api/v2/roles", """
            {"data":{"type":"roles","attributes":{"name":"Tailors"}}}""").id();
        var other = org.newRole("Cutters", List.of("logs_live_tail"));
        for (var some : List.of(role, other.toString())) {
            ada.post("/api/v2/roles/%s/users".formatted(some), """
                {"data":{"type":"users","id":"%s"}}""".formatted(bob));
        }
        ada.delete("/api/v2/roles/%s/users".formatted(role), """
            {"data":{"type":"users","id":"%s"}}""".formatted(bob));
        assertThat(ada.delete("/api/v2/roles/" + role).status()).isEqualTo(204);
        org.write(tx -> person(org, tx, "eve", Permission.USER_ACCESS_INVITE, List.of()));
        org.write(tx -> {
            roster.program().org.configs.set(tx, OrgConfig.LONG_INVITATIONS, true);
            return null;
        });
        assertThat(ada.post("/api/v2/authn_mappings", """
            {"data":{"type":"authn_mappings","attributes":{"attribute_key":"a","attribute_value":"b"},
             "relationships":{"role":{"data":{"type":"roles","id":"%s"}}}}}""".formatted(other)).status()).isEqualTo(200);
        assertThat(ada.post("/api/v2/personal_access_tokens", """
            {"data":{"type":"personal_access_tokens","attributes":{"name":"t","scopes":["user_access_read"],
             "expires_at":"2999-01-01T00:00:00Z"}}}""").status()).isEqualTo(201);
        assertThat(Metadata.upload(ada).status()).isEqualTo(200);
        for (var blocks : List.of("127.0.0.1", "127.0.0.0/8")) { // the second takes the place of the first
            assertThat(ada.patch("/api/v2/ip_allowlist", """
                {"data":{"type":"ip_allowlist","attributes":{"enabled":true,
                 "entries":[{"data":{"attributes":{"cidr_block":"%s"}}}]}}}""".formatted(blocks)).status())
                .isEqualTo(200);
        }
        assertThat(ada.delete("/api/v2/users/" + bob).status()).isEqualTo(204);
    }

    private static String token(TestOrg org, String invitation) {
        var invitations = roster.program().invitation.invitations;
        return roster.db().read(tx -> invitations.token(tx, invitations.find(tx, org.id(),
            new Invitation.Id(UUID.fromString(invitation))).orElseThrow()));
    }

    private static TestOrg newOrg(String name) {
        var org = roster.newOrg(name);
        ORGS.add(org.id());
        return org;
    }

    private static Got cli(TestOrg org, String id) {
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

    private static TestUser serviceAdmin(TestOrg org) {
        var user = org.newServiceAccount("robot@machines.test", List.of(org.managed(Role.Managed.ADMIN).toString()));
        return new TestUser(org, user, org.apiKey(), org.newApplicationKey(user, Optional.empty()));
    }

    private static Person administrator(TestOrg org, WriteTx tx, String name) {
        return person(org, tx, name, Permission.USER_ACCESS_MANAGE, List.of());
    }

    /// An Active user with a key and a role of his own.
    private static Person person(TestOrg org, WriteTx tx, String name, Permission permission, List<Role.Id> further) {
        var program = roster.program();
        var role = program.role.roles.create(tx, "role of " + name,
            List.of(program.kernel().catalogue().find(permission).orElseThrow().id().toString()), true, List.of());
        var roles = new ArrayList<>(List.of(role.id().toString()));
        further.forEach(id -> roles.add(id.toString()));
        var pending = program.user.newUsers.create(tx, name + "@promises.test", Optional.empty(), Optional.empty(), roles);
        var user = program.user.users.verify(tx, pending, "user.verified", true);
        var key = program.key.applicationKeys.issue(tx, user, new ApplicationKeys.Wish("a key", Optional.empty()));
        return new Person(new TestUser(org, user, org.apiKey(), key.secret()), role.id());
    }

    private static List<Got> atOnce(Callable<Got> one, Callable<Got> other) {
        var start = new CyclicBarrier(2);
        var results = new ArrayList<Got>();
        try {
            var both = List.of(one, other).stream().map(some -> threads.submit(() -> {
                start.await();
                return some.call();
            })).toList();
            for (var result : both) {
                results.add(result.get(30, TimeUnit.SECONDS));
            }
            return results;
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }
}
