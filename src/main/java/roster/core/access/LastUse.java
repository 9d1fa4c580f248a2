package roster.core.access;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import roster.base.db.Database;
import roster.base.db.TimeRepair;
import roster.base.db.WriteTx;
import roster.base.work.Wake;
import roster.base.work.Worker;
import roster.model.Caller;
import roster.model.Org;

/// When keys, tokens and sessions were last used. Uses are collected in memory and written together, every 60 s and when the node
/// stops, so that a request costs no write. A node that is killed loses up to 60 s of them.
public final class LastUse {
    private static final Duration EVERY = Duration.ofMinutes(1);

    private final Database db;
    private volatile Set<Used> used = ConcurrentHashMap.newKeySet();

    private enum Kind {
        API_KEY("UPDATE api_keys SET last_used_at = roster_now() WHERE org_id = ? AND id = ANY (?::uuid[])"),
        APPLICATION_KEY(
            "UPDATE application_keys SET last_used_at = roster_now() WHERE org_id = ? AND id = ANY (?::uuid[])"),
        ACCESS_TOKEN(
            "UPDATE access_tokens SET last_used_at = roster_now() WHERE org_id = ? AND id = ANY (?::uuid[])"),
        SESSION("UPDATE sessions SET last_seen_at = roster_now() "
            + "WHERE org_id = ? AND id = ANY (?::uuid[]) AND ended_at IS NULL");

        private final String sql;

        Kind(String sql) {
            this.sql = sql;
        }
    }

    private record Used(Kind kind, Org.Id org, UUID id) {}

    private record Together(Kind kind, Org.Id org) {}

    public LastUse(Database db) {
        this.db = db;
    }

    public Worker worker() {
        return new Worker("last-use", "Notes when keys, tokens and sessions were last used.", Wake.every(EVERY), 1,
            _ -> note(), Optional.of(this::note));
    }

    void mark(Caller caller) {
        caller.apiKey().ifPresent(id -> mark(new Used(Kind.API_KEY, caller.org(), id)));
        caller.accessToken().ifPresent(id -> mark(new Used(Kind.ACCESS_TOKEN, caller.org(), id)));
        caller.applicationKey().ifPresent(id -> mark(new Used(Kind.APPLICATION_KEY, caller.org(), id)));
        caller.session().ifPresent(id -> mark(new Used(Kind.SESSION, caller.org(), id)));
    }

    /// Whether a session was used since uses were written down last.
    boolean isMarked(Caller caller) {
        return used.contains(new Used(Kind.SESSION, caller.org(), caller.session().orElseThrow()));
    }

    /// Writes down at once that a session is used: other nodes would take it for idle.
    void seen(Caller caller) {
        db.note(tx -> tx.update(Kind.SESSION.sql, caller.org(), List.of(caller.session().orElseThrow())));
    }

    private void mark(Used one) {
        var now = used;
        if (!now.contains(one)) { // cheaper than adding, and mostly true
            now.add(one);
        }
    }

    /// Keys and tokens that were last used while the clock of the database was ahead were used by now at the latest.
    int repairTimes(WriteTx tx) {
        var repaired = 0;
        for (var table : List.of("api_keys", "application_keys", "access_tokens")) {
            repaired += tx.update("""
                UPDATE %1$s SET last_used_at = ?
                 WHERE org_id = ? AND id IN (SELECT id FROM %1$s WHERE org_id = ? AND last_used_at > ? LIMIT ?)
                """.formatted(table), tx.now(), tx.org(), tx.org(), tx.now(), TimeRepair.AT_ONCE);
        }
        return repaired + tx.update("""
            UPDATE sessions SET last_seen_at = ?
             WHERE org_id = ? AND id IN (SELECT id FROM sessions WHERE org_id = ? AND last_seen_at > ? LIMIT ?)
            """, tx.now(), tx.org(), tx.org(), tx.now(), TimeRepair.AT_ONCE);
    }

    /// Writes down what was used since the last call.
    public void note() {
        var before = used;
        used = ConcurrentHashMap.newKeySet(); // what is marked in the old one right now may be a minute late
        Map<Together, List<UUID>> together = new HashMap<>();
        before.forEach(one -> together.computeIfAbsent(new Together(one.kind(), one.org()), _ -> new ArrayList<>())
            .add(one.id()));
        together.forEach((group, ids) -> {
            ids.sort(null); // two nodes that note at once take the rows in one order
            db.note(tx -> tx.update(group.kind().sql, group.org(), ids));
        });
    }
}
