package roster.core.mail;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import roster.base.db.NoteTx;
import roster.base.db.Row;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.base.work.Signal;
import roster.core.mail.Delivery.State;
import roster.model.Id;
import roster.model.Org;

/// Letters that wait, and what became of the others: the SQL of the `letters` table.
///
/// A letter is written in the transaction of what caused it. Its delivery columns change without a version, in
/// transactions of their own, by whichever node is free.
public final class Outbox {
    /// @param kind which [LetterSource] writes it
    /// @param subject what it is about
    /// @param attempts to send it, the one under way included
    public record Queued(Org.Id org, UUID id, String kind, UUID subject, String recipient, Instant createdAt,
        int attempts, Optional<String> lastError) {}

    /// A letter that this node alone may send, until the claim ends.
    ///
    /// @param overdue whether its life has ended
    public record Claim(Queued letter, Instant until, Instant now, Instant goodUntil) {
        boolean overdue() {
            return !goodUntil.isAfter(now);
        }
    }

    private static final String COLUMNS = """
        org_id, id, kind, subject_id, recipient, created_at, attempts, last_error""";

    private final Signal added = new Signal();

    /// Adds a letter to the write; the mailer is woken after the commit.
    ///
    /// @param goodUntil when trying to send it ends
    public void enqueue(WriteTx tx, String kind, Id subject, String recipient, Instant goodUntil) {
        tx.update("""
            INSERT INTO letters (org_id, id, kind, subject_id, recipient, created_at, good_until, version,
                                 next_attempt_at, sender_id)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, tx.org(), Id.next(), kind, subject, recipient, tx.now(), goodUntil, tx.version(), tx.now(),
            SendingLimits.sender(tx.caller()));
        tx.afterCommit(added::ring);
    }

    /// A letter to be added.
    ///
    /// @param goodUntil when trying to send it ends
    public record New(Id subject, String recipient, Instant goodUntil) {}

    /// The same as [#enqueue] for each, all at once.
    public void enqueueAll(WriteTx tx, String kind, List<New> letters) {
        tx.copy("""
            COPY letters (org_id, id, kind, subject_id, recipient, created_at, good_until, version, next_attempt_at,
                          sender_id) FROM STDIN
            """, letters, letter -> List.of(tx.org(), Id.next(), kind, letter.subject(), letter.recipient(), tx.now(),
            letter.goodUntil(), tx.version(), tx.now(), SendingLimits.sender(tx.caller())));
        tx.afterCommit(added::ring);
    }

    /// Takes back the letters about some things that still wait. An attempt that is under way may still bring one of them
    /// to its reader; there is none after it.
    public void drop(WriteTx tx, String kind, Collection<? extends Id> subjects, String why) {
        tx.update("""
            UPDATE letters SET state = 'dropped', last_error = ?, claimed_until = NULL
             WHERE org_id = ? AND subject_id = ANY(?::uuid[]) AND kind = ? AND state IN ('queued', 'deferred')
            """, why, tx.org(), List.copyOf(subjects), kind);
    }

    /// Has letters about some things that wait for a later attempt tried now.
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

    /// Whether a claimed letter is still to be sent: it was not dropped meanwhile, and is the newest about its subject.
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

    /// The organisations that have letters to be sent now, the longest waiting first. The one query of this room that
    /// looks across organisations; it shows their ids only.
    List<Org.Id> orgsWithDueLetters(Tx tx) {
        return tx.query("""
            SELECT org_id FROM letters
             WHERE state IN ('queued', 'deferred') AND next_attempt_at <= clock_timestamp()
               AND (claimed_until IS NULL OR claimed_until <= clock_timestamp())
             GROUP BY org_id ORDER BY min(next_attempt_at)
            """).list(row -> new Org.Id(row.uuid("org_id")));
    }

    /// Takes one due letter of an organisation, skipping those that others are taking.
    Optional<Claim> claim(NoteTx tx, Org.Id org, Duration time) {
        var free = tx.query("""
            SELECT id FROM letters
             WHERE org_id = ? AND state IN ('queued', 'deferred') AND next_attempt_at <= clock_timestamp()
               AND (claimed_until IS NULL OR claimed_until <= clock_timestamp())
             ORDER BY next_attempt_at, id LIMIT 1
               FOR UPDATE SKIP LOCKED
            """, org).optional(row -> row.uuid("id"));
        return free.map(id -> tx.query("""
            UPDATE letters SET claimed_until = clock_timestamp() + ? * interval '1 millisecond', attempts = attempts + 1
             WHERE org_id = ? AND id = ?
            RETURNING clock_timestamp() AS now, claimed_until, good_until,""" + " " + COLUMNS, time.toMillis(), org, id)
            .one(row -> new Claim(queued(row), row.instant("claimed_until"), row.instant("now"),
                row.instant("good_until"))));
    }

    /// Ends the claims of a run that was killed, where no other node can hold any: else they run out by themselves.
    ///
    /// @return how many there were
    public int endClaims(NoteTx tx) {
        return tx.update("UPDATE letters SET claimed_until = NULL WHERE claimed_until IS NOT NULL");
    }

    /// Notes how an attempt ended, and ends the claim. A claim that ran out and was taken by another node is left alone,
    /// and so is a letter that was dropped meanwhile.
    ///
    /// @param pause before the next attempt, if there is to be one
    void note(NoteTx tx, Claim claim, State state, Optional<String> why, Duration pause) {
        tx.update("""
            UPDATE letters
               SET state = ?, last_error = ?, claimed_until = NULL,
                   sent_at = CASE WHEN ? THEN clock_timestamp() END,
                   next_attempt_at = clock_timestamp() + ? * interval '1 millisecond'
             WHERE org_id = ? AND id = ? AND claimed_until = ? AND state IN ('queued', 'deferred')
            """, state.text(), why, state == State.SENT, pause.toMillis(), claim.letter().org(), claim.letter().id(),
            claim.until());
    }

    /// The newest letters of the whole installation: for its operator, on a local trial.
    public List<Queued> newest(Tx tx, int most) {
        return tx.query("SELECT " + COLUMNS + " FROM letters ORDER BY created_at DESC, id DESC LIMIT ?", most)
            .list(Outbox::queued);
    }

    /// A letter of whichever organisation: for the operator, on a local trial.
    public Optional<Queued> find(Tx tx, UUID id) {
        return tx.query("SELECT " + COLUMNS + " FROM letters WHERE id = ?", id).optional(Outbox::queued);
    }

    private static Queued queued(Row row) {
        return new Queued(new Org.Id(row.uuid("org_id")), row.uuid("id"), row.text("kind"), row.uuid("subject_id"),
            row.text("recipient"), row.instant("created_at"), row.integer("attempts"), row.optionalText("last_error"));
    }
}
