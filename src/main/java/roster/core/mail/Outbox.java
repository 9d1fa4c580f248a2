package roster.core.mail;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import roster.base.db.Insert;
import roster.base.db.Row;
import roster.base.db.TimeRepair;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.base.work.DueTable;
import roster.base.work.Signal;
import roster.model.Id;
import roster.model.Org;
import roster.model.User;

/// Queued e-mails, and the states of earlier ones: the SQL of the `letters` table.
///
/// An e-mail is queued in the transaction of what caused it. Its delivery columns change without a version, in separate
/// transactions, by any node.
public final class Outbox {
    /// @param kind which [LetterSource] writes it
    /// @param subject what it is about
    /// @param attempts to send it, including one under way
    public record Queued(Org.Id org, UUID id, String kind, UUID subject, String recipient, Instant createdAt,
        int attempts, Optional<String> lastError) {}

    private static final String COLUMNS = """
        org_id, id, kind, subject_id, recipient, created_at, attempts, last_error""";

    /// E-mails that wait to be sent, or sent again.
    public static final DueTable<Queued> DUE = new DueTable<>("""
        SELECT org_id FROM letters
         WHERE state IN ('queued', 'deferred') AND next_attempt_at <= roster_now()
           AND (claimed_until IS NULL OR claimed_until <= roster_now())
         GROUP BY org_id ORDER BY min(next_attempt_at)
        """, """
        SELECT id FROM letters
         WHERE org_id = ? AND state IN ('queued', 'deferred') AND next_attempt_at <= roster_now()
           AND (claimed_until IS NULL OR claimed_until <= roster_now())
         ORDER BY next_attempt_at, id LIMIT 1
           FOR UPDATE SKIP LOCKED
        """, """
        UPDATE letters SET claimed_until = roster_now() + ? * interval '1 millisecond', attempts = attempts + 1
         WHERE org_id = ? AND id = ?
        RETURNING roster_now() AS now, claimed_until, good_until, org_id, id, kind, subject_id, recipient,
                  created_at, attempts, last_error
        """, """
        UPDATE letters
           SET state = ended.state, last_error = ended.why, claimed_until = NULL,
               sent_at = CASE WHEN ended.state = 'sent' THEN roster_now() END,
               next_attempt_at = roster_now() + ended.pause * interval '1 millisecond'
          FROM (SELECT ?::text AS state, ?::text AS why, ?::bigint AS pause) ended
         WHERE org_id = ? AND id = ? AND claimed_until = ? AND letters.state IN ('queued', 'deferred')
        """, "UPDATE letters SET claimed_until = NULL WHERE claimed_until IS NOT NULL", Outbox::queued);

    /// An e-mail to be queued.
    ///
    /// @param to whose address the recipient is
    /// @param goodUntil when attempts to send it end
    public record New(Id subject, User.Id to, String recipient, Instant goodUntil) {}

    private record OfKind(String kind, New letter) {}

    private static final Insert<OfKind> INSERT = Insert.of("""
        INSERT INTO letters (org_id, id, kind, subject_id, user_id, recipient, created_at, good_until, version,
                             next_attempt_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """, (tx, row) -> List.of(tx.org(), tx.newId(), row.kind(), row.letter().subject(), row.letter().to(),
        row.letter().recipient(),
        tx.now(), row.letter().goodUntil(), tx.version(), tx.now()));

    private final Signal added = new Signal();

    /// Queues an e-mail with the write. The mailer is woken after the commit.
    ///
    public void enqueue(WriteTx tx, String kind, New letter) {
        enqueueAll(tx, kind, List.of(letter));
    }

    /// Queues e-mails, as [#enqueue] does for each.
    public void enqueueAll(WriteTx tx, String kind, List<New> letters) {
        tx.insertAll(INSERT, letters.stream().map(letter -> new OfKind(kind, letter)).toList());
        tx.afterCommit(added::ring);
    }

    /// Drops the e-mails about some subjects that were not sent yet. An attempt that is under way may still succeed; there
    /// is none after it.
    public void drop(WriteTx tx, String kind, Collection<? extends Id> subjects, String why) {
        tx.update("""
            UPDATE letters SET state = 'dropped', last_error = ?, claimed_until = NULL
             WHERE org_id = ? AND subject_id = ANY(?::uuid[]) AND kind = ? AND state IN ('queued', 'deferred')
            """, why, tx.org(), List.copyOf(subjects), kind);
    }

    /// Has deferred e-mails about some subjects tried again now.
    public void hasten(WriteTx tx, String kind, Collection<? extends Id> subjects) {
        if (subjects.isEmpty()) {
            return;
        }
        tx.update("""
            UPDATE letters SET next_attempt_at = ?
             WHERE org_id = ? AND subject_id = ANY(?::uuid[]) AND kind = ? AND state = 'deferred' AND next_attempt_at > ?
            """, tx.now(), tx.org(), List.copyOf(subjects), kind, tx.now());
        tx.afterCommit(added::ring);
    }

    /// Makes e-mails due that wait for a time which the clock of the database had when it was ahead, ends claims of that time,
    /// and gives up no later than it would have otherwise.
    ///
    /// @param claim the longest time that one is claimed for
    int repairTimes(WriteTx tx, Duration claim) {
        tx.afterCommit(added::ring);
        return tx.update("""
            UPDATE letters l
               SET next_attempt_at = least(l.next_attempt_at, c.now),
                   claimed_until = CASE WHEN l.claimed_until <= c.last_claim THEN l.claimed_until END,
                   good_until = CASE WHEN l.created_at > c.now THEN c.now + (l.good_until - l.created_at)
                                     ELSE l.good_until END
              FROM (SELECT ?::timestamptz AS now, ?::timestamptz AS last_claim) c
             WHERE l.org_id = ? AND l.id IN (
                   SELECT id FROM letters
                    WHERE org_id = ? AND state IN ('queued', 'deferred')
                      AND (next_attempt_at > ? OR claimed_until > ?)
                    LIMIT ?)
            """, tx.now(), tx.now().plus(claim), tx.org(), tx.org(), tx.now(), tx.now().plus(claim),
            TimeRepair.AT_ONCE);
    }

    /// Whether a claimed e-mail is still to be sent: it was not dropped meanwhile, and is the newest about its subject.
    boolean wanted(Tx tx, Queued letter) {
        return tx.query("""
            SELECT 1 FROM deliveries
             WHERE org_id = ? AND kind = ? AND subject_id = ? AND letter_id = ? AND state IN ('queued', 'deferred')
            """, letter.org(), letter.kind(), letter.subject(), letter.id()).any();
    }

    /// Rung after each commit on this node that left e-mails to send.
    Signal added() {
        return added;
    }

    /// The newest e-mails of the whole installation: for its operator, on a local trial.
    public List<Queued> newest(Tx tx, int most) {
        return tx.query("SELECT " + COLUMNS + " FROM letters ORDER BY created_at DESC, id DESC LIMIT ?", most)
            .list(Outbox::queued);
    }

    /// An e-mail of any organisation: for the operator, on a local trial.
    public Optional<Queued> find(Tx tx, UUID id) {
        return tx.query("SELECT " + COLUMNS + " FROM letters WHERE id = ?", id).optional(Outbox::queued);
    }

    /// The newest e-mails of an organisation: for its administrators, on a local trial.
    public List<Queued> newest(Tx tx, Org.Id org, int most) {
        return tx.query("SELECT " + COLUMNS
            + " FROM letters WHERE org_id = ? ORDER BY version DESC, created_at DESC, id DESC LIMIT ?", org, most)
            .list(Outbox::queued);
    }

    /// An e-mail of an organisation.
    public Optional<Queued> find(Tx tx, Org.Id org, UUID id) {
        return tx.query("SELECT " + COLUMNS + " FROM letters WHERE org_id = ? AND id = ?", org, id)
            .optional(Outbox::queued);
    }

    private static Queued queued(Row row) {
        return new Queued(new Org.Id(row.uuid("org_id")), row.uuid("id"), row.text("kind"), row.uuid("subject_id"),
            row.text("recipient"), row.instant("created_at"), row.integer("attempts"), row.optionalText("last_error"));
    }
}
