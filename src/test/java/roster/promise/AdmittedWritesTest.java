package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import roster.core.org.IpAllowlists;
import roster.support.Answer;
import roster.support.Await;
import roster.support.HeldOrg;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.Threads;

/// P4: a write that was admitted is refused if its caller is cut off before it gets the lock of the organisation.
class AdmittedWritesTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static ExecutorService threads;

    @BeforeAll
    static void threads() {
        threads = new Threads();
    }

    @AfterAll
    static void noThreads() {
        threads.close();
    }

    /// Ways to be cut off.
    private enum CutOff {
        DISABLED(Got.CUT_OFF) {
            @Override
            Optional<Answer> happen(TestOrg org, Person whom) {
                return Optional.of(org.founder().delete("/api/v2/users/" + whom.id()));
            }
        },
        UPDATED(Got.CUT_OFF) {
            @Override
            Optional<Answer> happen(TestOrg org, Person whom) {
                return Optional.of(Removal.UPDATE_USER.go(org.founder(), whom));
            }
        },
        KEY_REVOKED(Got.CUT_OFF) {
            @Override
            Optional<Answer> happen(TestOrg org, Person whom) {
                org.write(tx -> {
                    var key = roster.program().key.keys.all(tx, org.id()).stream()
                        .filter(listed -> listed.owner().equals(Optional.of(whom.user().user().id()))).findFirst();
                    roster.program().key.keys.revoke(tx, key.orElseThrow().id());
                    return null;
                });
                return Optional.empty();
            }
        },
        SHUT_OUT_BY_ADDRESS(Got.CUT_OFF) {
            @Override
            Optional<Answer> happen(TestOrg org, Person whom) {
                org.write(tx -> roster.program().org.ipAllowlists.update(tx, Optional.of(true),
                    Optional.of(List.of(new IpAllowlists.Wish("192.0.2.0/24", Optional.empty())))));
                return Optional.empty();
            }
        },
        ORGANISATION_DISABLED(Got.CUT_OFF) {
            @Override
            Optional<Answer> happen(TestOrg org, Person whom) {
                org.write(tx -> roster.program().org.orgs.setDisabled(tx, true));
                return Optional.empty();
            }
        },
        ROLE_DELETED(Got.NOT_ALLOWED) {
            @Override
            Optional<Answer> happen(TestOrg org, Person whom) {
                return Optional.of(org.founder().delete("/api/v2/roles/" + whom.role()));
            }
        };

        private final List<String> texts;

        CutOff(List<String> texts) {
            this.texts = texts;
        }

        /// @return the answer, of those that are requests
        abstract Optional<Answer> happen(TestOrg org, Person whom);
    }

    @ParameterizedTest
    @EnumSource
    void a_write_that_was_let_in_is_refused_if_its_caller_was_cut_off_before_its_turn(CutOff cutOff) throws Exception {
        var late = HeldOrg.inTime(() -> lateWrite(cutOff));

        assertThat(Got.of(late)).isEqualTo(new Got(403, cutOff.texts));
    }

    /// The answer to a write that was admitted before the change and whose turn is after it.
    private static Answer lateWrite(CutOff cutOff) throws Exception {
        var org = roster.newOrg("cutoff-" + cutOff.ordinal());
        var ann = org.write(tx -> Person.administrator(org, tx, "ann"));
        Answer late;
        try (var held = new HeldOrg(org)) {
            // Both wait, in this order; ann was admitted while they still held everything.
            var first = threads.submit(() -> cutOff.happen(org, ann));
            held.awaitWaiting(1, first);
            var second = threads.submit(() -> ann.user().post("/api/v2/roles", """
                {"data":{"type":"roles","attributes":{"name":"too late"}}}"""));
            held.awaitWaiting(2, first, second);
            held.release();
            var made = first.get(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            late = second.get(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (made.isPresent() && made.get().status() == 503) {
                return made.get();
            }
            assertThat(made.map(Answer::status).orElse(200)).isIn(200, 204);
        }
        assertThat(AuditedTest.versionOf(org, "role.created", "too late")).isEmpty();
        AuditedTest.assertAudited(roster, List.of(org.id()));
        return late;
    }
}
