package roster.core.signin;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import roster.base.db.Database;
import roster.base.db.NoteTx;
import roster.base.net.Network;
import roster.base.secret.Purpose;
import roster.base.secret.Secrets;
import roster.base.work.Stop;
import roster.base.work.Wake;
import roster.base.work.Worker;

/// Limits how often passwords are guessed, on all nodes together. A place is taken before a password is looked at, so that
/// tries at the same moment gain nothing, and given back if it was right. Unknown addresses are counted alike.
///
/// A browser that has signed in before is counted by itself: guessing elsewhere does not keep its user out.
public final class Guesses {
    /// Failures before the next try has to wait.
    static final int FREE = 10;

    private static final Duration ADDRESS_FORGOTTEN = Duration.ofHours(24);
    private static final Duration WINDOW = Duration.ofMinutes(15);
    private static final int NARROW_MAX = 30;
    private static final int WIDE_MAX = 300;
    private static final Duration SWEPT_EVERY = Duration.ofMinutes(10);
    private static final int SWEPT_AT_ONCE = 5000;

    /// Counts one in a window that begins with its first.
    private static final String TAKE_IN_WINDOW = """
        INSERT INTO guesses AS g (key, failures, first_at, last_at, next_at)
        VALUES (?, 1, roster_now(), roster_now(), roster_now())
        ON CONFLICT (key) DO UPDATE
           SET failures = CASE WHEN g.first_at <= roster_now() - ? * interval '1 second' THEN 1 ELSE g.failures + 1 END,
               first_at = CASE WHEN g.first_at <= roster_now() - ? * interval '1 second' THEN roster_now()
                               ELSE g.first_at END,
               last_at = roster_now()
         WHERE g.first_at <= roster_now() - ? * interval '1 second' OR g.failures < ?
        RETURNING failures
        """;

    private static final String LEFT_OF_WINDOW = """
        SELECT ceil(extract(epoch FROM first_at - roster_now()) + ?)::bigint AS seconds FROM guesses WHERE key = ?
        """;

    /// Counts one. After ten, the next has to wait 30 s, twice that after each further ten, up to an hour.
    private static final String TAKE_DELAYED = """
        INSERT INTO guesses AS g (key, failures, first_at, last_at, next_at)
        VALUES (?, 1, roster_now(), roster_now(), roster_now())
        ON CONFLICT (key) DO UPDATE
           SET failures = CASE WHEN g.last_at <= roster_now() - ? * interval '1 second' THEN 1 ELSE g.failures + 1 END,
               last_at = roster_now(),
               next_at = roster_now() + interval '1 second' * CASE
                   WHEN g.last_at <= roster_now() - ? * interval '1 second' OR g.failures + 1 < 10 THEN 0
                   ELSE least(3600, 30 * power(2, least(7, (g.failures + 1 - 10) / 10))) END
         WHERE g.next_at <= roster_now() OR g.last_at <= roster_now() - ? * interval '1 second'
        RETURNING failures
        """;

    private static final String LEFT_OF_DELAY =
        "SELECT ceil(extract(epoch FROM next_at - roster_now()))::bigint AS seconds FROM guesses WHERE key = ?";

    private final Database db;
    private final Purpose keys;

    Guesses(Database db, Secrets secrets) {
        this.db = db;
        this.keys = secrets.purpose("guesses");
    }

    /// Whether a try may be looked at.
    public sealed interface Turn {
        /// @param keys what it is counted by
        record Place(List<byte[]> keys) implements Turn {}

        /// @param retrySeconds until the next one may be, at least 1
        record TooMany(long retrySeconds) implements Turn {}
    }

    /// Rolls back what was counted for a try that is refused.
    private static final class Full extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final long seconds;

        private Full(long seconds) {
            super("full", null, false, false);
            this.seconds = seconds;
        }
    }

    /// Takes a place for a try at a password.
    ///
    /// @param address folded
    /// @param nonce of the browser's device cookie for this address
    public Turn take(String address, Optional<String> nonce, InetAddress client) {
        var narrow = keys.hash("network " + narrow(client));
        var wide = keys.hash("network " + wide(client));
        var own = keys.hash(nonce.map(one -> "device " + one).orElse("address " + address));
        try {
            return db.note(tx -> {
                inWindow(tx, narrow, NARROW_MAX, WINDOW);
                inWindow(tx, wide, WIDE_MAX, WINDOW);
                delayed(tx, own, nonce.isPresent() ? WINDOW : ADDRESS_FORGOTTEN);
                return new Turn.Place(List.of(narrow, wide, own));
            });
        } catch (Full full) {
            return new Turn.TooMany(Math.max(1, full.seconds));
        }
    }

    /// Gives a place back, as the password was right.
    public void giveBack(Turn.Place place) {
        db.note(tx -> {
            place.keys().forEach(key -> tx.update("""
                UPDATE guesses
                   SET failures = greatest(0, failures - 1),
                       next_at = CASE WHEN failures <= ? THEN roster_now() ELSE next_at END
                 WHERE key = ?
                """, FREE, key));
            return null;
        });
    }

    /// Counts one of something that may happen only so often.
    ///
    /// @return false if it was as often as it may
    public boolean take(String what, int most, Duration window) {
        return place(what, most, window) instanceof Turn.Place;
    }

    /// The same for what is given back if it succeeds.
    Turn place(String what, int most, Duration window) {
        var key = keys.hash(what);
        try {
            return db.note(tx -> {
                inWindow(tx, key, most, window);
                return new Turn.Place(List.of(key));
            });
        } catch (Full full) {
            return new Turn.TooMany(Math.max(1, full.seconds));
        }
    }

    private static void inWindow(NoteTx tx, byte[] key, int most, Duration window) {
        var seconds = window.toSeconds();
        if (!tx.query(TAKE_IN_WINDOW, key, seconds, seconds, seconds, most).any()) {
            throw new Full(tx.query(LEFT_OF_WINDOW, seconds, key).one(row -> row.number("seconds")));
        }
    }

    private static void delayed(NoteTx tx, byte[] key, Duration forgotten) {
        var seconds = forgotten.toSeconds();
        if (!tx.query(TAKE_DELAYED, key, seconds, seconds, seconds).any()) {
            throw new Full(tx.query(LEFT_OF_DELAY, key).one(row -> row.number("seconds")));
        }
    }

    /// The network of one client: an IPv4 address, or a /64 of IPv6.
    public static Network narrow(InetAddress client) {
        return new Network(client, client.getAddress().length == 4 ? 32 : 64);
    }

    private static Network wide(InetAddress client) {
        return new Network(client, client.getAddress().length == 4 ? 24 : 48);
    }

    Worker worker() {
        return new Worker("guess-sweep", "Deletes counts of failed sign-ins and sign-ins that were left unfinished.",
            Wake.every(SWEPT_EVERY), this::sweep);
    }

    private void sweep(Stop stop) {
        db.note(tx -> tx.update("DELETE FROM sign_in_flows WHERE expires_at <= roster_now()"));
        int swept;
        do {
            swept = db.note(tx -> tx.update("""
                DELETE FROM guesses WHERE key IN (
                       SELECT key FROM guesses WHERE last_at <= roster_now() - ? * interval '1 second'
                        ORDER BY last_at LIMIT ? FOR UPDATE SKIP LOCKED)
                """, ADDRESS_FORGOTTEN.toSeconds(), SWEPT_AT_ONCE));
        } while (swept == SWEPT_AT_ONCE && !stop.requested());
    }
}
