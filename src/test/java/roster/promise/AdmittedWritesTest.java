package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.DriverManager;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import roster.core.org.IpAllowlists;
import roster.support.Answer;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// P4: a write that was admitted is refused if its caller is cut off before it gets the lock of the organisation.
class AdmittedWritesTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static ExecutorService threads;

    @BeforeAll
    static void threads() {
        threads = Executors.newVirtualThreadPerTaskExecutor();
    }

    @AfterAll
    static void noThreads() {
        threads.close();
    }

    /// Ways to be cut off.
    private enum CutOff {
        DISABLED(Got.CUT_OFF) {
            @Override
            void happen(TestOrg org, Person whom) {
                org.founder().delete("/api/v2/users/" + whom.id());
            }
        },
        UPDATED(Got.CUT_OFF) {
            @Override
            void happen(TestOrg org, Person whom) {
                assertThat(Removal.UPDATE_USER.go(org.founder(), whom).status()).isEqualTo(200);
            }
        },
        KEY_REVOKED(Got.CUT_OFF) {
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
        SHUT_OUT_BY_ADDRESS(Got.CUT_OFF) {
            @Override
            void happen(TestOrg org, Person whom) {
                org.write(tx -> roster.program().org.ipAllowlists.update(tx, Optional.of(true),
                    Optional.of(List.of(new IpAllowlists.Wish("192.0.2.0/24", Optional.empty())))));
            }
        },
        ORGANISATION_DISABLED(Got.CUT_OFF) {
            @Override
            void happen(TestOrg org, Person whom) {
                org.write(tx -> roster.program().org.orgs.setDisabled(tx, true));
            }
        },
        ROLE_DELETED(Got.NOT_ALLOWED) {
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
        var org = roster.newOrg("cutoff-" + cutOff.ordinal());
        var ann = org.write(tx -> Person.administrator(org, tx, "ann"));
        Future<Answer> late;
        try (var holder = DriverManager.getConnection(roster.databaseUrl())) {
            holder.setAutoCommit(false);
            try (var lock = holder.prepareStatement("SELECT 1 FROM orgs WHERE id = ? FOR UPDATE")) {
                lock.setObject(1, org.id().value());
                lock.execute();
            }
            // Both wait, in this order; ann was admitted while they still held everything.
            var first = threads.submit(() -> cutOff.happen(org, ann));
            awaitWaiting(org, 1);
            late = threads.submit(() -> ann.user().post("/api/v2/roles", """
                {"data":{"type":"roles","attributes":{"name":"too late"}}}"""));
            awaitWaiting(org, 2);
            holder.rollback();
            first.get(10, TimeUnit.SECONDS);
        }
        assertThat(Got.of(late.get(10, TimeUnit.SECONDS))).isEqualTo(new Got(403, cutOff.texts));
        assertThat(AuditedTest.versionOf(org, "role.created", "too late")).isEmpty();
        AuditedTest.assertAudited(roster, List.of(org.id()));
    }

    /// Waits until so many writes queue for the lock of the organisation.
    private static void awaitWaiting(TestOrg org, int writes) {
        var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (roster.program().kernel().db().writesWaiting(org.id()) < writes) {
            assertThat(System.nanoTime()).as("%d writes of %s queue", writes, org.id()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }
}
