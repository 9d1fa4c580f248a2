package roster.core.access;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import roster.base.db.Database;
import roster.base.work.Rounds;
import roster.model.Caller;
import roster.model.Org;

/// When keys and tokens were used last, without a write a request: those in use are noted together, every minute and at the stop. A
/// node that is killed forgets its last minute.
public final class LastUse implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LastUse.class);
    private static final Duration EVERY = Duration.ofMinutes(1);

    private final Database db;
    private volatile Set<Used> used = ConcurrentHashMap.newKeySet();
    private final Rounds rounds;

    private enum Kind {
        API_KEY("UPDATE api_keys SET last_used_at = clock_timestamp() WHERE org_id = ? AND id = ANY (?::uuid[])"),
        APPLICATION_KEY(
            "UPDATE application_keys SET last_used_at = clock_timestamp() WHERE org_id = ? AND id = ANY (?::uuid[])"),
        ACCESS_TOKEN(
            "UPDATE access_tokens SET last_used_at = clock_timestamp() WHERE org_id = ? AND id = ANY (?::uuid[])");

        private final String sql;

        Kind(String sql) {
            this.sql = sql;
        }
    }

    private record Used(Kind kind, Org.Id org, UUID id) {}

    private record Together(Kind kind, Org.Id org) {}

    private LastUse(Database db) {
        this.db = db;
        this.rounds = Rounds.start("last-use", EVERY, this::note, "the last use of keys could not be noted");
    }

    public static LastUse start(Database db) {
        return new LastUse(db);
    }

    void mark(Caller caller) {
        caller.apiKey().ifPresent(id -> mark(new Used(Kind.API_KEY, caller.org(), id)));
        caller.accessToken().ifPresent(id -> mark(new Used(Kind.ACCESS_TOKEN, caller.org(), id)));
        caller.applicationKey().ifPresent(id -> mark(new Used(Kind.APPLICATION_KEY, caller.org(), id)));
    }

    private void mark(Used one) {
        var now = used;
        if (!now.contains(one)) { // cheaper than adding, and mostly so
            now.add(one);
        }
    }

    /// Notes what was used since the last time.
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

    /// Notes what is left, too.
    @Override
    public void close() {
        rounds.close();
        try {
            note();
        } catch (RuntimeException e) {
            LOG.warn("the last use of keys could not be noted: {}", e.toString());
        }
    }
}
