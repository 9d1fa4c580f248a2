package roster.core.access;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import roster.base.db.Database;
import roster.base.db.Row;
import roster.base.db.WriteTx;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.secret.Secrets;
import roster.model.Org;
import roster.model.Problem.Mismatch;
import roster.model.Problem.Unfit;
import roster.model.Refused;
import roster.model.User;

/// Requests that name themselves by an `Idempotency-Key` are done once: whoever sends one again, because the answer got
/// lost, is given the answer of the first time. The SQL of the `idempotency_keys` table.
///
/// A key belongs to an organisation, a caller and a route. The answer is kept in the transaction of the work, so that there
/// is never one without the other, on whichever node, and the organisation's lock makes requests that come at once wait
/// for the first. What was refused, or failed, has changed nothing and leaves nothing: it is tried anew. Keys, permission
/// and body are looked at each time before an answer is given again.
///
/// Answers are kept as they were sent: never to be used where one shows a secret.
public final class Idempotency {
    /// How long an answer is given again.
    public static final Duration KEPT = Duration.ofHours(24);

    private static final String HEADER = "Idempotency-Key";
    private static final int KEY_MAX = 255;

    /// Old answers that are deleted in one transaction.
    private static final int SWEPT_AT_ONCE = 500;

    private final Database db;

    public Idempotency(Database db) {
        this.db = db;
    }

    /// What makes a request the same as another, within its organisation.
    private record Use(Org.Id org, User.Id caller, String route, byte[] key, byte[] body) {}

    /// Does the work in a write, once for each key; without a key each time. Returns after the commit.
    ///
    /// @param answer makes the answer of what the work made; with a key it runs within the write
    /// @throws Refused with [Unfit] if the key is not 1 to 255 printable ASCII characters, with [Mismatch] if it was used
    ///     with another body, and as the work does
    public <T> Response once(Request request, Function<WriteTx, T> work, Function<T, Response> answer) {
        var key = key(request);
        if (key.isEmpty()) {
            return answer.apply(db.write(request.caller(), work));
        }
        var route = request.route().method() + " " + request.route().template();
        var use =
            new Use(request.caller().org(), request.caller().user().orElseThrow(), route, Secrets.digest(key.get()),
                Secrets.digest(request.body()));
        return db.write(request.caller(), tx -> kept(tx, use).orElseGet(() -> {
            var response = answer.apply(work.apply(tx));
            keep(tx, use, response);
            return response;
        }));
    }

    private static Optional<String> key(Request request) {
        var sent = request.headers(HEADER);
        if (sent.isEmpty()) {
            return Optional.empty();
        }
        var key = sent.getFirst().strip();
        var printable = key.chars().allMatch(c -> c >= ' ' && c <= '~');
        if (sent.size() > 1 || key.isEmpty() || key.length() > KEY_MAX || !printable) {
            throw new Refused(new Unfit("The value provided for header '%s' is invalid".formatted(HEADER)));
        }
        return Optional.of(key);
    }

    private static Optional<Response> kept(WriteTx tx, Use use) {
        return tx.query("""
            SELECT body_digest = ? AS same, status, headers, content_type, body FROM idempotency_keys
             WHERE org_id = ? AND user_id = ? AND route = ? AND key_digest = ? AND created_at > ?
            """, use.body(), use.org(), use.caller(), use.route(), use.key(), tx.now().minus(KEPT))
            .optional(row -> {
                if (!row.bool("same")) {
                    throw new Refused(new Mismatch("The %s was used with another body".formatted(HEADER)));
                }
                return response(row).with("Idempotency-Replayed", "true");
            });
    }

    private static Response response(Row row) {
        var headers = row.texts("headers");
        var paired = new ArrayList<Response.Header>();
        for (int i = 0; i < headers.size(); i += 2) {
            paired.add(new Response.Header(headers.get(i), headers.get(i + 1)));
        }
        return new Response(row.integer("status"), paired, row.optionalText("content_type"),
            List.of(row.bytes("body")));
    }

    /// An answer that is older than it counts, and was not swept yet, gives way.
    private static void keep(WriteTx tx, Use use, Response response) {
        var headers = response.headers().stream().flatMap(header -> List.of(header.name(), header.value()).stream())
            .toList();
        tx.update("""
            INSERT INTO idempotency_keys (org_id, user_id, route, key_digest, body_digest, status, headers,
                                          content_type, body, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (org_id, user_id, route, key_digest) DO UPDATE
               SET body_digest = excluded.body_digest, status = excluded.status, headers = excluded.headers,
                   content_type = excluded.content_type, body = excluded.body, created_at = excluded.created_at
            """, use.org(), use.caller(), use.route(), use.key(), use.body(), response.status(), headers,
            response.contentType(), response.body(), tx.now());
    }

    /// Deletes what is not given again any more, of all organisations, a few at a time. Nodes that do it at once share
    /// the work.
    void sweep() {
        var orgs = db.read(tx -> tx.query("""
            SELECT DISTINCT org_id FROM idempotency_keys
             WHERE created_at <= clock_timestamp() - ? * interval '1 second'
            """, KEPT.toSeconds()).list(row -> row.uuid("org_id")));
        for (var org : orgs) {
            int swept;
            do {
                swept = db.note(tx -> tx.update("""
                    DELETE FROM idempotency_keys
                     WHERE org_id = ? AND (user_id, route, key_digest) IN (
                           SELECT user_id, route, key_digest FROM idempotency_keys
                            WHERE org_id = ? AND created_at <= clock_timestamp() - ? * interval '1 second'
                            ORDER BY created_at LIMIT ? FOR UPDATE SKIP LOCKED)
                    """, org, org, KEPT.toSeconds(), SWEPT_AT_ONCE));
            } while (swept == SWEPT_AT_ONCE);
        }
    }
}
