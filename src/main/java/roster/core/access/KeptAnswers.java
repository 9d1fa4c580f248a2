package roster.core.access;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import roster.base.db.Database;
import roster.base.db.Row;
import roster.base.db.TimeRepair;
import roster.base.db.WriteTx;
import roster.base.secret.Secrets;
import roster.base.work.Stop;
import roster.base.work.Wake;
import roster.base.work.Worker;
import roster.model.Org;
import roster.model.Problem.Gone;
import roster.model.Problem.Mismatch;
import roster.model.Refused;
import roster.model.User;

/// Answers to requests with an idempotency key, repeated when the same request comes again: the SQL of the
/// `idempotency_keys` table.
///
/// An answer is stored in the transaction of the work, so that neither exists without the other. Concurrent requests with
/// one key wait for the first at the organisation's lock. A request that was refused, or failed, stores nothing and runs
/// again. Answers are stored as they were sent, sealed if they show a secret.
public final class KeptAnswers {
    /// How long an answer is repeated.
    public static final Duration KEPT = Duration.ofHours(24);

    /// Whether an answer tells of a user, by their id, and what clears it. That the key was used stays: a client that repeats
    /// the request must not bring back a user who was anonymised.
    static final String MENTION = "position(convert_to(?, 'UTF8') IN body) > 0";
    static final String CLEARED = "cleared = true, body_digest = '', headers = '{}', content_type = NULL, body = ''";

    /// The pause between two sweeps.
    private static final Duration EVERY = Duration.ofMinutes(10);

    /// Old answers that are deleted in one transaction.
    private static final int SWEPT_AT_ONCE = 500;

    private final Database db;
    private final Secrets secrets;

    public KeptAnswers(Database db, Secrets secrets) {
        this.db = db;
        this.secrets = secrets;
    }

    /// Two requests of one use are the same request.
    ///
    /// @param route method and template
    /// @param key,body digests
    /// @param secret whether answers show a secret
    public record Use(Org.Id org, User.Id caller, String route, byte[] key, byte[] body, boolean secret) {}

    /// @param headers names and values in turn
    public record Answer(int status, List<String> headers, Optional<String> contentType, byte[] body) {}

    /// The answer stored for the same request, if it is not older than [#KEPT].
    ///
    /// @throws Refused with [Gone] if a user of whom the answer told was anonymised, else with [Mismatch] if the key was used
    ///     with another body
    public Optional<Answer> find(WriteTx tx, Use use) {
        return tx.query("""
            SELECT cleared, body_digest = ? AS same, status, headers, content_type, body FROM idempotency_keys
             WHERE org_id = ? AND user_id = ? AND route = ? AND key_digest = ? AND created_at > ?
            """, use.body(), use.org(), use.caller(), use.route(), use.key(), tx.now().minus(KEPT))
            .optional(row -> answer(use, row));
    }

    private Answer answer(Use use, Row row) {
        if (row.bool("cleared")) {
            throw new Refused(new Gone("The response to this Idempotency-Key is gone, as a user in it was anonymized; "
                + "nothing was done again"));
        }
        if (!row.bool("same")) {
            throw new Refused(new Mismatch("The Idempotency-Key was used with another body"));
        }
        return new Answer(row.integer("status"), row.texts("headers"), row.optionalText("content_type"),
            use.secret() ? secrets.open(use.org().value(), use.caller().value(), row.bytes("body"))
                .getBytes(StandardCharsets.UTF_8) : row.bytes("body"));
    }

    /// Stores an answer. Replaces an expired one that was not deleted yet.
    public void keep(WriteTx tx, Use use, Answer answer) {
        tx.update("""
            INSERT INTO idempotency_keys (org_id, user_id, route, key_digest, body_digest, status, headers,
                                          content_type, body, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (org_id, user_id, route, key_digest) DO UPDATE
               SET cleared = false, body_digest = excluded.body_digest, status = excluded.status, headers = excluded.headers,
                   content_type = excluded.content_type, body = excluded.body, created_at = excluded.created_at
            """, use.org(), use.caller(), use.route(), use.key(), use.body(), answer.status(), answer.headers(),
            answer.contentType(), use.secret() ? secrets.seal(use.org().value(), use.caller().value(),
                new String(answer.body(), StandardCharsets.UTF_8)) : answer.body(),
            tx.now());
    }

    /// Lets answers that were stored while the clock of the database was ahead be repeated for as long as those stored now.
    int repairTimes(WriteTx tx) {
        return tx.update("""
            UPDATE idempotency_keys SET created_at = ?
             WHERE org_id = ? AND (user_id, route, key_digest) IN (
                   SELECT user_id, route, key_digest FROM idempotency_keys
                    WHERE org_id = ? AND created_at > ? LIMIT ?)
            """, tx.now(), tx.org(), tx.org(), tx.now(), TimeRepair.AT_ONCE);
    }

    public Worker worker() {
        return new Worker("idempotency-sweep", "Deletes idempotent answers older than 24 h.", Wake.every(EVERY),
            this::sweep);
    }

    /// Deletes the answers of all organisations that are too old to be repeated, 500 in one transaction. Nodes that sweep
    /// at the same time share the work.
    public void sweep(Stop stop) {
        var orgs = db.read(tx -> tx.query("""
            SELECT DISTINCT org_id FROM idempotency_keys
             WHERE created_at <= roster_now() - ? * interval '1 second'
            """, KEPT.toSeconds()).list(row -> row.uuid("org_id")));
        for (var org : orgs) {
            int swept;
            do {
                swept = db.note(tx -> tx.update("""
                    DELETE FROM idempotency_keys
                     WHERE org_id = ? AND (user_id, route, key_digest) IN (
                           SELECT user_id, route, key_digest FROM idempotency_keys
                            WHERE org_id = ? AND created_at <= roster_now() - ? * interval '1 second'
                            ORDER BY created_at LIMIT ? FOR UPDATE SKIP LOCKED)
                    """, org, org, KEPT.toSeconds(), SWEPT_AT_ONCE));
            } while (swept == SWEPT_AT_ONCE && !stop.requested());
        }
    }
}
