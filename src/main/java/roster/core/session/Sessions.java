package roster.core.session;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import roster.base.db.Database;
import roster.base.db.Row;
import roster.base.db.TimeRepair;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.base.secret.Secrets;
import roster.base.work.Stop;
import roster.base.work.Wake;
import roster.base.work.Worker;
import roster.core.access.SessionTimes;
import roster.core.audit.AuditLog.Snapshot;
import roster.core.audit.AuditLog.Subject;
import roster.core.audit.AuditLog;
import roster.core.session.Session.AtProvider;
import roster.core.session.Session.Begun;
import roster.core.session.Session.Client;
import roster.core.user.UserLife;
import roster.model.Caller;
import roster.model.Id;
import roster.model.LoginMethod;
import roster.model.Org;
import roster.model.Problem.NotFound;
import roster.model.Refused;
import roster.model.User;

/// The sessions of users: their rules, and the SQL of the `sessions` table. Only [SignIn] begins one.
public final class Sessions implements UserLife {
    /// The most sessions of a user: a further one ends the oldest.
    public static final int PER_USER_MAX = 20;

    private static final String KIND = "session";
    private static final String PREFIX = "rst_";
    private static final int TOKEN_BYTES = 32;

    /// How long a row stays after its session ended, and the longest session.
    private static final Duration KEPT = Duration.ofDays(30);
    private static final Duration SWEPT_EVERY = Duration.ofHours(1);
    private static final int SWEPT_AT_ONCE = 500;

    private static final String COLUMNS = """
        s.id, s.user_id, s.method, s.factors, s.address, s.browser, s.created_at, s.ends_at, s.last_seen_at,
        s.provider_id, s.identity_id, s.provider_sid, s.id_token_sealed""";

    private static final String ENDING =
        "UPDATE sessions s SET ended_at = ?, ended_why = ?, version = ?, id_token_sealed = NULL WHERE s.org_id = ?";

    private final AuditLog audit;
    private final SessionTimes times;
    private final Database db;

    Sessions(AuditLog audit, SessionTimes times, Database db) {
        this.audit = audit;
        this.times = times;
        this.db = db;
    }

    /// Begins a session. What lets the user in was looked at under the same lock.
    ///
    /// @param fresh for how long it is fresh
    ///
    /// @param others the user's other sessions
    Begun begin(WriteTx tx, User user, List<Other> others, Session.Basis basis, Duration fresh, Client client) {
        var replaced = others.stream().filter(other -> client.tokens().stream().map(Secrets::digest)
            .anyMatch(digest -> Arrays.equals(digest, other.digest()))).toList();
        endOf(tx, "replaced", replaced);
        endOf(tx, "too_many",
            others.stream().filter(other -> !replaced.contains(other)).skip(PER_USER_MAX - 1).toList());
        var id = new Session.Id(tx.newId());
        var token = PREFIX + tx.randomness().base64(TOKEN_BYTES);
        tx.later("INSERT INTO key_pointers (digest, kind, org_id, id) VALUES (?, ?, ?, ?)", Secrets.digest(token),
            KIND, tx.org(), id);
        tx.later("""
            INSERT INTO sessions (org_id, id, user_id, digest, method, factors, created_at, ends_at, fresh_until, address,
                                  browser, last_seen_at, provider_id, identity_id, provider_sid, id_token_sealed,
                                  version)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, tx.org(), id, user.id(), Secrets.digest(token), basis.method(), basis.factors(), tx.now(),
            basis.endsAt(), tx.now().plus(fresh), tx.caller().address(), client.userAgent().map(Sessions::cut),
            tx.now(), basis.provider().map(AtProvider::provider), basis.provider().map(AtProvider::identity),
            basis.provider().flatMap(AtProvider::sid), basis.provider().flatMap(AtProvider::idToken), tx.version());
        return new Begun(id, token);
    }

    /// Has a session last no longer than the one in whose place it is.
    void continues(WriteTx tx, Begun begun, Session old) {
        tx.later("UPDATE sessions SET created_at = ? WHERE org_id = ? AND id = ?", old.createdAt(), tx.org(),
            begun.id());
    }

    private static String cut(String userAgent) {
        return userAgent.length() <= Browser.MAX ? userAgent : userAgent.substring(0, Browser.MAX);
    }

    /// A session of a user that has not been ended.
    ///
    /// @param digest of its token
    record Other(UUID id, byte[] digest) {}

    /// The sessions of a user that were not ended, the latest first, asked for with the statement that follows.
    Supplier<List<Other>> othersLater(Tx tx, Org.Id org, User.Id user) {
        return tx.later(row -> new Other(row.uuid("id"), row.bytes("digest")), """
            SELECT s.id, s.digest FROM sessions s WHERE s.org_id = ? AND s.user_id = ? AND s.ended_at IS NULL
             ORDER BY s.created_at DESC, s.id DESC
            """, org, user);
    }

    private void endOf(WriteTx tx, String why, List<Other> some) {
        if (!some.isEmpty()) {
            end(tx, why, " AND s.ended_at IS NULL AND s.id = ANY (?::uuid[])", some.stream().map(Other::id).toList());
        }
    }

    /// The running sessions of a user, the latest used first.
    public List<Session> of(Tx tx, Org.Id org, User.Id user) {
        return tx.query("SELECT " + COLUMNS + " FROM sessions s " + SessionTimes.ENDS + " WHERE "
            + SessionTimes.RUNNING + " AND s.org_id = ? AND s.user_id = ? ORDER BY s.last_seen_at DESC, s.id DESC",
            times.values(org, user)).list(Sessions::session);
    }

    /// The session that a caller acts by.
    public Optional<Session> current(Tx tx, Caller caller) {
        return tx.query("SELECT " + COLUMNS + " FROM sessions s WHERE s.org_id = ? AND s.id = ? AND s.ended_at IS NULL",
            caller.org(), caller.session()).optional(Sessions::session);
    }

    Session running(WriteTx tx, User.Id user, Session.Id id) {
        return tx.query("SELECT " + COLUMNS + " FROM sessions s WHERE s.org_id = ? AND s.user_id = ? AND s.id = ?",
            tx.org(), user, id).one(Sessions::session);
    }

    /// After how long without use a session has ended by itself.
    ///
    /// @return none if it has not, or has ended otherwise
    public Optional<Duration> idle(Tx tx, String token) {
        return tx.query("SELECT extract(epoch FROM ends.idle)::bigint AS seconds FROM key_pointers p "
            + "JOIN sessions s ON s.org_id = p.org_id AND s.id = p.id AND s.digest = p.digest " + SessionTimes.ENDS
            + " WHERE p.digest = ? AND p.kind = 'session' AND s.ended_at IS NULL AND s.last_seen_at + ends.idle <= roster_now()",
            times.values(Secrets.digest(token))).optional(row -> Duration.ofSeconds(row.number("seconds")));
    }

    /// Those of some tokens that are of other organisations than this one.
    public List<String> elsewhere(Tx tx, Org.Id org, List<String> tokens) {
        return tokens.stream().filter(token -> tx.query(
            "SELECT 1 FROM key_pointers WHERE digest = ? AND kind = 'session' AND org_id <> ?", Secrets.digest(token),
            org).any()).toList();
    }

    /// Ends one session of a user.
    ///
    /// @param id as it was sent
    /// @throws Refused with [NotFound], also if it has ended
    public void end(WriteTx tx, User.Id user, String id, String why) {
        var ended = Id.parse(id).map(found -> end(tx, why,
            " AND s.user_id = ? AND s.ended_at IS NULL AND s.id = ?", user, found)).orElse(List.of());
        if (ended.isEmpty()) {
            throw new Refused(new NotFound(id + " not found"));
        }
    }

    /// Ends the sessions of a user.
    ///
    /// @param except one that goes on
    /// @return how many ended
    public int endAll(WriteTx tx, User.Id user, Optional<Session.Id> except, String why) {
        return end(tx, why, " AND s.user_id = ? AND s.ended_at IS NULL AND s.id IS DISTINCT FROM ?::uuid", user,
            except).size();
    }

    /// Ends the sessions of all users of the organisation.
    ///
    /// @return how many ended
    public int endAll(WriteTx tx, String why) {
        return end(tx, why, " AND s.ended_at IS NULL").size();
    }

    /// Ends the sessions by a method that the organisation allows no longer, of users who have no methods of their own.
    public void endMethod(WriteTx tx, LoginMethod method) {
        end(tx, "method_disabled", """
             AND s.ended_at IS NULL AND s.method = ? AND EXISTS (
                 SELECT 1 FROM users u WHERE u.org_id = s.org_id AND u.id = s.user_id AND cardinality(u.login_methods) = 0)
            """, method.text());
    }

    /// Ends the sessions by a provider that may no longer be used.
    public void endProvider(WriteTx tx, UUID provider, String why) {
        end(tx, why, " AND s.ended_at IS NULL AND s.provider_id = ?", provider);
    }

    /// Ends the sessions by a session at a provider.
    ///
    /// @return how many ended
    public int endAtProvider(WriteTx tx, UUID provider, String sid, String why) {
        return end(tx, why, " AND s.ended_at IS NULL AND s.provider_id = ? AND s.provider_sid = ?", provider, sid)
            .size();
    }

    /// Ends the sessions by an identity.
    ///
    /// @param sid of the one session at the provider; none: all
    /// @return how many ended
    public int endIdentity(WriteTx tx, UUID identity, Optional<String> sid, String why) {
        return sid.isEmpty() ? end(tx, why, " AND s.ended_at IS NULL AND s.identity_id = ?", identity).size()
            : end(tx, why, " AND s.ended_at IS NULL AND s.identity_id = ? AND s.provider_sid = ?", identity, sid)
                .size();
    }

    /// Ends the sessions of a user by methods other than these.
    public void endOther(WriteTx tx, User.Id user, List<String> methods) {
        end(tx, "method_disabled", " AND s.user_id = ? AND s.ended_at IS NULL AND s.method <> ALL (?)", user,
            Stream.concat(methods.stream(), Stream.of(Session.LINK)).toList());
    }

    private List<Session> end(WriteTx tx, String why, String condition, Object... values) {
        var ended = endLater(tx, why, condition, values).get();
        forget(tx, why, ended);
        return ended;
    }

    private static Supplier<List<Session>> endLater(WriteTx tx, String why, String condition, Object... values) {
        var all = new Object[values.length + 4];
        System.arraycopy(new Object[] {tx.now(), why, tx.version(), tx.org()}, 0, all, 0, 4);
        System.arraycopy(values, 0, all, 4, values.length);
        return tx.later(Sessions::session, ENDING + condition + " RETURNING " + COLUMNS, all);
    }

    private void forget(WriteTx tx, String why, List<Session> ended) {
        if (ended.isEmpty()) {
            return;
        }
        tx.update("""
            DELETE FROM key_pointers p USING sessions s
             WHERE s.org_id = ? AND s.id = ANY (?::uuid[]) AND p.digest = s.digest AND p.kind = 'session'
            """, tx.org(), ended.stream().map(one -> one.id().value()).toList());
        audit.recordDeleted(tx, "session.ended", ended.stream()
            .map(one -> new Snapshot(new Subject(KIND, one.id(), one.browserName()).about(one.user()), one.facts(why)))
            .toList());
    }

    @Override
    public Supplier<Map<User.Id, Map<String, Object>>> disabled(WriteTx tx, List<User> users) {
        var ending = endLater(tx, "disabled", " AND s.user_id = ANY (?::uuid[]) AND s.ended_at IS NULL",
            users.stream().map(User::id).toList());
        return () -> {
            var ended = ending.get();
            forget(tx, "disabled", ended);
            return UserLife.ended("sessions", ended, Session::user, one -> one.id().value());
        };
    }

    /// Another user who changes an address may be taking the account over, or back.
    @Override
    public void addressChanged(WriteTx tx, User user, Optional<String> left) {
        if (!tx.caller().user().equals(Optional.of(user.id()))) {
            endAll(tx, user.id(), Optional.empty(), "address_changed");
        }
    }

    @Override
    public Map<String, Object> anonymised(WriteTx tx, User user) {
        var ended = disabled(tx, List.of(user)).get().getOrDefault(user.id(), Map.of());
        tx.update("DELETE FROM sessions WHERE org_id = ? AND user_id = ?", tx.org(), user.id());
        return ended;
    }

    /// Sessions that began while the clock of the database was ahead last as long as those that begin now.
    int repairTimes(WriteTx tx) {
        return tx.update("""
            UPDATE sessions SET created_at = ?, fresh_until = ?, version = ?
             WHERE org_id = ? AND id IN (SELECT id FROM sessions WHERE org_id = ? AND created_at > ? LIMIT ?)
            """, tx.now(), tx.now(), tx.version(), tx.org(), tx.org(), tx.now(), TimeRepair.AT_ONCE);
    }

    Worker worker() {
        return new Worker("session-sweep", "Deletes sessions that ended 30 days ago.", Wake.every(SWEPT_EVERY),
            this::sweep);
    }

    /// A session that was not ended has ended by itself after at most 30 days.
    void sweep(Stop stop) {
        int swept;
        do {
            swept = db.note(tx -> {
                var old = tx.query("""
                    SELECT s.org_id, s.id, s.digest FROM sessions s
                     WHERE s.created_at < roster_now() - interval '1 second' * ?
                       AND (s.ended_at < roster_now() - interval '1 second' * ?
                            OR s.created_at < roster_now() - interval '1 second' * ?)
                     ORDER BY s.created_at LIMIT ? FOR UPDATE SKIP LOCKED
                    """, KEPT.toSeconds(), KEPT.toSeconds(), 2 * KEPT.toSeconds(), SWEPT_AT_ONCE)
                    .list(row -> List.of(row.uuid("org_id"), row.uuid("id"), row.bytes("digest")));
                old.forEach(one -> {
                    tx.update("DELETE FROM key_pointers WHERE digest = ? AND kind = 'session'", one.get(2));
                    tx.update("DELETE FROM sessions WHERE org_id = ? AND id = ?", one.get(0), one.get(1));
                });
                return old.size();
            });
        } while (swept == SWEPT_AT_ONCE && !stop.requested());
    }

    private static Session session(Row row) {
        return new Session(new Session.Id(row.uuid("id")), new User.Id(row.uuid("user_id")), row.text("method"),
            row.texts("factors"), row.optionalText("address"), row.optionalText("browser"), row.instant("created_at"),
            row.optionalInstant("ends_at"), row.instant("last_seen_at"),
            row.optionalUuid("provider_id").map(provider -> new AtProvider(provider, row.uuid("identity_id"),
                row.optionalText("provider_sid"), row.optionalText("id_token_sealed"))));
    }
}
