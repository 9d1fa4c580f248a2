package roster.core.audit;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import roster.base.db.Database;
import roster.base.db.NoteTx;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.base.work.DueTable;
import roster.base.work.Signal;
import roster.base.work.Stop;
import roster.core.audit.Trail.Head;
import roster.core.audit.TrailOfUser.Place;
import roster.core.audit.TrailWalk.Walked;
import roster.core.audit.Verification.State;
import roster.model.Org;

/// How far trails were verified, and what was found: the SQL of the `trail_verifications` table. One of an organisation runs
/// at a time, on any node, and goes on after a stop. Users ask for them; besides, each trail is verified within an hour of
/// its last change, and from its beginning every week.
public final class Verifications {
    /// How long one may take.
    private static final Duration LIFE = Duration.ofDays(7);

    /// How many of an organisation are looked at for how it stands, and how many trails are made due at a time.
    private static final int NEWEST = 50;
    private static final int DUE_AT_ONCE = 100;

    /// Verifications that are to go on.
    static final DueTable<Boolean> DUE = new DueTable<>("""
        SELECT org_id FROM trail_verifications
         WHERE ended_at IS NULL AND next_attempt_at <= roster_now()
           AND (claimed_until IS NULL OR claimed_until <= roster_now())
         ORDER BY next_attempt_at
        """, """
        SELECT id FROM trail_verifications
         WHERE org_id = ? AND ended_at IS NULL AND next_attempt_at <= roster_now()
           AND (claimed_until IS NULL OR claimed_until <= roster_now())
           FOR UPDATE SKIP LOCKED
        """, """
        UPDATE trail_verifications
           SET claimed_until = roster_now() + ? * interval '1 millisecond', attempts = attempts + 1
         WHERE org_id = ? AND id = ?
        RETURNING roster_now() AS now, claimed_until, good_until, id, attempts, last_error
        """, """
        UPDATE trail_verifications v
           SET claimed_until = NULL, last_error = run.why,
               attempts = CASE WHEN run.state = 'deferred' THEN v.attempts ELSE 0 END,
               next_attempt_at = roster_now() + run.pause * interval '1 millisecond',
               state = CASE WHEN run.state = 'failed' AND v.ended_at IS NULL THEN 'failed' ELSE v.state END,
               ended_at = CASE WHEN run.state = 'failed' THEN coalesce(v.ended_at, roster_now()) ELSE v.ended_at END
          FROM (SELECT ?::text AS state, ?::text AS why, ?::bigint AS pause) run
         WHERE v.org_id = ? AND v.id = ? AND v.claimed_until = ?
        """, "UPDATE trail_verifications SET claimed_until = NULL WHERE claimed_until IS NOT NULL", _ -> true);

    /// How an organisation's trail stands.
    ///
    /// @param open one that waits or runs
    /// @param good the last good one
    /// @param broken where the first fault is that was found; none: there is none, or the whole trail was found good since
    public record Standing(Optional<Verification> open, Optional<Verification> good, Optional<Place> broken) {}

    private final Database db;
    private final Trail trail;
    private final Signal asked = new Signal();

    Verifications(Database db, Trail trail) {
        this.db = db;
        this.trail = trail;
    }

    /// Rung when one waits on this node.
    Signal asked() {
        return asked;
    }

    /// The latest, these first.
    public List<Verification> newest(Tx tx, Org.Id org, int most) {
        return tx.query("SELECT " + Verification.COLUMNS + """
             FROM trail_verifications v JOIN orgs o ON o.id = v.org_id
             WHERE v.org_id = ? ORDER BY v.created_at DESC, v.id DESC LIMIT ?
            """, org, most).list(Verification::of);
    }

    public Standing standing(Tx tx, Org.Id org) {
        var newest = newest(tx, org, NEWEST);
        var open = newest.stream().filter(one -> !one.isOver()).findFirst();
        return new Standing(open, good(org, newest), newest.stream()
            .takeWhile(one -> !(one.whole() && one.state() == State.GOOD)).flatMap(one -> one.broken().stream())
            .findFirst());
    }

    /// The last good one that Roster itself noted.
    private Optional<Verification> good(Org.Id org, List<Verification> newest) {
        return newest.stream().filter(one -> one.state() == State.GOOD)
            .filter(one -> trail.isProved(org, one.walked().head(), one.proof())).findFirst();
    }

    /// Where a trail is broken, asked for with the statement that follows.
    public Supplier<Optional<Place>> brokenLater(Tx tx, Org.Id org) {
        return tx.laterOptional(row -> new Place(row.number("broken_version"), row.integer("broken_entry")), """
            SELECT b.broken_version, b.broken_entry
              FROM trail_verifications b
             WHERE b.org_id = ? AND b.broken_version IS NOT NULL
               AND NOT EXISTS (SELECT 1 FROM trail_verifications g
                                WHERE g.org_id = b.org_id AND g.whole AND g.state = 'good'
                                  AND g.created_at > b.created_at)
             ORDER BY b.created_at DESC LIMIT 1
            """, org);
    }

    /// Has a trail verified, from where the last good verification ended. From its beginning if there was none, or if it
    /// was broken since.
    ///
    /// @param whole from its beginning in any case
    /// @return false if one waits or runs already
    public boolean ask(Org.Id org, boolean whole) {
        var added = db.note(tx -> add(tx, org, whole));
        asked.ring();
        return added;
    }

    private boolean add(NoteTx tx, Org.Id org, boolean whole) {
        var standing = standing(tx, org);
        var after = standing.good().filter(_ -> !whole && standing.broken().isEmpty()).map(Verification::walked)
            .map(Walked::head);
        var from = after.map(Walked::after).orElse(Walked.NOTHING);
        return tx.update("""
            INSERT INTO trail_verifications (org_id, id, whole, from_version, reached_version, reached_entry, seal, created_at,
                                             next_attempt_at, good_until)
            VALUES (?, ?, ?, ?, ?, ?, ?, roster_now(), roster_now(), roster_now() + ? * interval '1 second')
            ON CONFLICT (org_id) WHERE ended_at IS NULL DO NOTHING
            """, org, db.sources().ids().next(), after.isEmpty(), from.version(), from.version(), from.entry(),
            from.seal(), LIFE.toSeconds()) > 0;
    }

    /// One that is not over, and the head that the last good one before it left.
    ///
    /// @param verified none: there was none
    record Open(Verification verification, Optional<Head> verified) {}

    Optional<Open> open(Tx tx, Org.Id org, UUID id) {
        var newest = newest(tx, org, NEWEST);
        return newest.stream().filter(one -> one.id().equals(id) && !one.isOver()).findFirst()
            .map(one -> new Open(one, good(org, newest).map(Verification::walked).map(Walked::head)));
    }

    /// Stores how far one has come.
    ///
    /// @param state once it is over, else running
    void note(NoteTx tx, DueTable.Claim<Boolean> claim, Walked walked, State state) {
        var proof = Optional.of(state).filter(State.GOOD::equals).map(_ -> trail.proof(claim.org(), walked.head()));
        tx.update("""
            UPDATE trail_verifications
               SET state = ?, reached_version = ?, reached_entry = ?, seal = ?, entries = ?, uncovered = ?, erased = ?, faults = ?,
                   broken_version = ?, broken_entry = ?, proof = ?, ended_at = CASE WHEN ? THEN roster_now() END
             WHERE org_id = ? AND id = ? AND claimed_until = ? AND ended_at IS NULL
            """, state.text(), walked.version(), walked.entry(), walked.seal(), walked.entries(), walked.uncovered(),
            walked.erased(), walked.faults(), walked.broken().map(Place::version), walked.broken().map(Place::entry),
            proof, state != State.RUNNING, claim.org(), claim.id(), claim.until());
    }

    /// Makes trails due that were changed since they were verified more than an hour ago, or were not verified from their
    /// beginning for a week; and deletes what is older than two days, or two weeks if it was of the whole trail, and not the
    /// latest.
    void schedule(Stop stop) {
        db.note(tx -> tx.update("""
            DELETE FROM trail_verifications v
             WHERE v.ended_at < roster_now() - interval '2 days'
               AND (NOT v.whole OR v.ended_at < roster_now() - interval '14 days')
               AND EXISTS (SELECT 1 FROM trail_verifications n
                            WHERE n.org_id = v.org_id AND n.created_at > v.created_at)
            """));
        var due = db.readLong(tx -> tx.query("""
            SELECT o.id AS org_id, v.whole_at IS NULL OR v.whole_at < roster_now() - interval '7 days' AS whole
              FROM orgs o
              LEFT JOIN LATERAL (
                   SELECT max(t.created_at) AS at, max(t.created_at) FILTER (WHERE t.whole) AS whole_at,
                          max(t.reached_version) AS version, bool_or(t.ended_at IS NULL) AS open
                     FROM trail_verifications t WHERE t.org_id = o.id) v ON true
             WHERE v.open IS NOT TRUE
               AND (v.at IS NULL OR v.whole_at < roster_now() - interval '7 days'
                    OR v.at < roster_now() - interval '1 hour' AND o.trail_version > v.version)
             ORDER BY v.at NULLS FIRST LIMIT ?
            """, DUE_AT_ONCE).list(row -> new Due(new Org.Id(row.uuid("org_id")), row.bool("whole"))));
        for (var one : due) {
            if (stop.requested()) {
                return;
            }
            ask(one.org(), one.whole());
        }
    }

    private record Due(Org.Id org, boolean whole) {}

    /// Makes verifications due that wait until a time which the clock of the database had when it was ahead, and ends claims of
    /// that time.
    static int repairTimes(WriteTx tx, Duration claim) {
        return tx.update("""
            UPDATE trail_verifications v
               SET next_attempt_at = least(v.next_attempt_at, c.now), good_until = least(v.good_until, c.good_until),
                   claimed_until = CASE WHEN v.claimed_until <= c.claim THEN v.claimed_until END
              FROM (SELECT ?::timestamptz AS now, ?::timestamptz AS claim, ?::timestamptz AS good_until) c
             WHERE v.org_id = ? AND v.ended_at IS NULL
               AND (v.next_attempt_at > c.now OR v.claimed_until > c.claim OR v.good_until > c.good_until)
            """, tx.now(), tx.now().plus(claim), tx.now().plus(LIFE), tx.org());
    }
}
