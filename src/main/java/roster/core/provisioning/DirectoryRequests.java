package roster.core.provisioning;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import roster.base.db.Database;
import roster.base.db.NoteTx;
import roster.base.db.Row;
import roster.base.db.Tx;
import roster.base.work.Stop;
import roster.base.work.Wake;
import roster.base.work.Worker;
import roster.core.provisioning.DirectoryRequest.Failure;
import roster.model.Org;

/// What directories asked lately, for those who set provisioning up: the SQL of the `scim_clients` and `scim_failures` tables.
/// Requests are collected in memory and written together, every 5 s and when the node stops, so that a request costs no
/// write. A node that is killed loses up to 5 s of them.
public final class DirectoryRequests {
    /// How many failures an organisation has that are not alike, in memory and in the table; and how many clients in the table.
    public static final int FAILURES_MAX = 50;
    private static final int CLIENTS_MAX = 50;

    /// For how long they are kept.
    private static final Duration KEPT = Duration.ofDays(30);

    private static final Duration EVERY = Duration.ofSeconds(5);
    private static final Duration SWEEP_EVERY = Duration.ofHours(1);

    private final Database db;
    private volatile Map<Org.Id, Noted> noted = new ConcurrentHashMap<>();

    DirectoryRequests(Database db) {
        this.db = db;
    }

    /// Failures that are told together.
    private record Kind(String method, String route, int status, Failure failure) {
        private static final Comparator<Kind> ORDER = Comparator.comparing(Kind::method).thenComparing(Kind::route)
            .thenComparing(Kind::status).thenComparing(kind -> kind.failure().scimType())
            .thenComparing(kind -> kind.failure().about()).thenComparing(kind -> kind.failure().subject());
    }

    private record Times(long times, Instant first, DirectoryRequest last) {
        private Times and(Times later) {
            return new Times(times + later.times, first, later.last);
        }
    }

    /// Of one organisation, since it was written down last.
    private record Noted(Map<UUID, DirectoryRequest> clients, Map<Kind, Times> failures) {
        private Noted() {
            this(new ConcurrentHashMap<>(), new ConcurrentHashMap<>());
        }

        private void noteFailure(DirectoryRequest request) {
            request.failure().map(failure -> new Kind(request.method(), request.route(), request.status(), failure))
                .filter(kind -> failures.size() < FAILURES_MAX || failures.containsKey(kind))
                .ifPresent(kind -> failures.merge(kind, new Times(1, request.at(), request), Times::and));
        }
    }

    /// The last request with a key.
    public record Client(UUID key, Instant at, String method, String route, int status, String agent) {
        private static Client of(Row row) {
            return new Client(row.uuid("key_id"), row.instant("at"), row.text("method"), row.text("route"),
                row.integer("status"), row.text("agent"));
        }
    }

    /// Requests that failed alike.
    ///
    /// @param key with which it was asked last
    public record Failed(String method, String route, int status, Failure failure, UUID key, long times, Instant first,
        Instant last) {
        private static Failed of(Row row) {
            return new Failed(row.text("method"), row.text("route"), row.integer("status"),
                new Failure(row.text("scim_type"), row.text("about"), row.text("subject")), row.uuid("key_id"),
                row.number("times"), row.instant("first_at"), row.instant("last_at"));
        }
    }

    List<Worker> workers() {
        return List.of(
            new Worker("directory-requests", "Notes what directories asked last over SCIM, and what failed.",
                Wake.every(EVERY), 1, _ -> write(), Optional.of(this::write)),
            new Worker("directory-sweep", "Deletes notes on requests of directories older than 30 days.",
                Wake.every(SWEEP_EVERY), this::sweep));
    }

    /// Notes a request, to be written down soon.
    public void note(DirectoryRequest request) {
        var its = of(request.org());
        its.clients().put(request.key(), request);
        its.noteFailure(request);
    }

    /// Notes what failed as a request of its own would, as a part of one that is noted by itself.
    public void noteFailure(DirectoryRequest part) {
        of(part.org()).noteFailure(part);
    }

    private Noted of(Org.Id org) {
        return noted.computeIfAbsent(org, _ -> new Noted());
    }

    /// Writes down what was noted since the last call, and waits for what another thread is writing down already.
    public synchronized void write() {
        var before = noted;
        noted = new ConcurrentHashMap<>(); // what is noted in the old one right now may be lost
        before.forEach((org, some) -> db.note(tx -> {
            write(tx, org, some);
            return null;
        }));
    }

    /// In one order, as another node may write the same rows.
    private static void write(NoteTx tx, Org.Id org, Noted some) {
        var clients = new ArrayList<>(some.clients().values());
        clients.sort(Comparator.comparing(DirectoryRequest::key));
        clients.forEach(one -> tx.update("""
            INSERT INTO scim_clients AS c (org_id, key_id, at, method, route, status, agent) VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (org_id, key_id) DO UPDATE
               SET at = excluded.at, method = excluded.method, route = excluded.route, status = excluded.status,
                   agent = excluded.agent
             WHERE excluded.at >= c.at
            """, org, one.key(), one.at(), one.method(), one.route(), one.status(), UserAgent.cleaned(one.agent())));
        tx.update("""
            DELETE FROM scim_clients
             WHERE org_id = ? AND key_id IN (SELECT key_id FROM scim_clients WHERE org_id = ?
                                              ORDER BY at DESC, key_id OFFSET ?)
            """, org, org, CLIENTS_MAX);
        var failures = new ArrayList<>(some.failures().entrySet());
        failures.sort(Map.Entry.comparingByKey(Kind.ORDER));
        failures.forEach(entry -> store(tx, org, entry.getKey(), entry.getValue()));
        if (!failures.isEmpty()) {
            tx.update("""
                DELETE FROM scim_failures f
                 USING (SELECT method, route, status, scim_type, about, subject FROM scim_failures
                         WHERE org_id = ? ORDER BY last_at DESC, method, route, status, scim_type, about, subject
                        OFFSET ?) o
                 WHERE f.org_id = ? AND f.method = o.method AND f.route = o.route AND f.status = o.status
                   AND f.scim_type = o.scim_type AND f.about = o.about AND f.subject = o.subject
                """, org, FAILURES_MAX, org);
        }
    }

    private static void store(NoteTx tx, Org.Id org, Kind kind, Times times) {
        tx.update("""
            INSERT INTO scim_failures AS f (org_id, method, route, status, scim_type, about, subject, key_id, times,
                                            first_at, last_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (org_id, method, route, status, scim_type, about, subject) DO UPDATE
               SET times = f.times + excluded.times, first_at = least(f.first_at, excluded.first_at),
                   last_at = greatest(f.last_at, excluded.last_at),
                   key_id = CASE WHEN excluded.last_at >= f.last_at THEN excluded.key_id ELSE f.key_id END
            """, org, kind.method(), kind.route(), kind.status(), kind.failure().scimType(), kind.failure().about(),
            kind.failure().subject(), times.last().key(), times.times(), times.first(), times.last().at());
    }

    /// Deletes what is too old, one organisation after the other.
    public void sweep(Stop stop) {
        for (var table : Map.of("scim_clients", "at", "scim_failures", "last_at").entrySet()) {
            var old = table.getValue() + " <= roster_now() - ? * interval '1 second'";
            var orgs = db.read(tx -> tx.query("SELECT DISTINCT org_id FROM %s WHERE %s".formatted(table.getKey(), old),
                KEPT.toSeconds()).list(row -> new Org.Id(row.uuid("org_id"))));
            for (var org : orgs) {
                if (stop.requested()) {
                    return;
                }
                db.note(tx -> tx.update("DELETE FROM %s WHERE org_id = ? AND %s".formatted(table.getKey(), old), org,
                    KEPT.toSeconds()));
            }
        }
    }

    /// The last request with each key, the latest first.
    public List<Client> clients(Tx tx, Org.Id org) {
        return tx.query("""
            SELECT key_id, at, method, route, status, agent FROM scim_clients
             WHERE org_id = ? AND at > roster_now() - ? * interval '1 second' ORDER BY at DESC, key_id
            """, org, KEPT.toSeconds()).list(Client::of);
    }

    /// What failed, the latest first.
    public List<Failed> failures(Tx tx, Org.Id org) {
        return tx.query("""
            SELECT method, route, status, scim_type, about, subject, key_id, times, first_at, last_at FROM scim_failures
             WHERE org_id = ? AND last_at > roster_now() - ? * interval '1 second'
             ORDER BY last_at DESC, method, route, status, scim_type, about, subject
            """, org, KEPT.toSeconds()).list(Failed::of);
    }
}
