package roster.core.overview;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import roster.base.db.Database;
import roster.base.db.Row;
import roster.base.db.Tx;
import roster.base.work.Stop;
import roster.base.work.Wake;
import roster.base.work.Worker;
import roster.model.Org;
import roster.model.User.Status;

/// The past days of organisations: the SQL of the `org_days` table. A worker adds them, once they are over: today's numbers
/// without what the trail says has changed since. Nothing is added to the writes themselves.
public final class OrgDays {
    /// How far back days are computed.
    private static final int DAYS = 31;

    private static final Duration EVERY = Duration.ofMinutes(15);

    private final Database db;

    OrgDays(Database db) {
        this.db = db;
    }

    Worker worker() {
        return new Worker("org-days", "Notes how many people organisations had at the end of each day.",
            Wake.every(EVERY), this::complete);
    }

    /// The days from one on, in order. Days that are not computed yet are missing.
    public List<OrgDay> since(Tx tx, Org.Id org, LocalDate day) {
        return tx.query("""
            SELECT day::text AS day, active, pending, disabled, sign_ins FROM org_days
             WHERE org_id = ? AND day >= ?::date ORDER BY day
            """, org, day.toString()).list(row -> new OrgDay(LocalDate.parse(row.text("day")), row.number("active"),
            row.number("pending"), row.number("disabled"), row.number("sign_ins")));
    }

    /// How often people signed in since a time.
    public long signIns(Tx tx, Org.Id org, Instant since) {
        return tx.query("""
            SELECT count(*) AS n FROM audit_entries WHERE org_id = ? AND at >= ? AND action = 'sign_in.succeeded'
            """, org, since).one(row -> row.number("n"));
    }

    /// An organisation with days that are over and not computed.
    ///
    /// @param created the day on which it was made
    /// @param last the last computed day; none: there is none
    private record Due(Org.Id org, ZoneId zone, LocalDate today, LocalDate created, Optional<LocalDate> last) {}

    /// Computes what is missing.
    void complete(Stop stop) {
        var due = db.read(tx -> tx.query("""
            SELECT o.id, (o.created_at AT TIME ZONE COALESCE(c.value #>> '{}', 'UTC'))::date::text AS created,
                   COALESCE(c.value #>> '{}', 'UTC') AS zone, d.last::text AS last,
                   (roster_now() AT TIME ZONE COALESCE(c.value #>> '{}', 'UTC'))::date::text AS today
              FROM orgs o
              LEFT JOIN org_configs c ON c.org_id = o.id AND c.name = 'monitor_timezone'
              LEFT JOIN LATERAL (SELECT max(day) AS last FROM org_days WHERE org_id = o.id) d ON true
             WHERE NOT o.disabled
               AND (d.last IS NULL OR d.last < (roster_now() AT TIME ZONE COALESCE(c.value #>> '{}', 'UTC'))::date - 1)
               AND (o.created_at AT TIME ZONE COALESCE(c.value #>> '{}', 'UTC'))::date
                   < (roster_now() AT TIME ZONE COALESCE(c.value #>> '{}', 'UTC'))::date
            """).list(row -> new Due(new Org.Id(row.uuid("id")), ZoneId.of(row.text("zone")),
            LocalDate.parse(row.text("today")), LocalDate.parse(row.text("created")),
            row.optionalText("last").map(LocalDate::parse))));
        for (var one : due) {
            if (stop.requested()) {
                return;
            }
            store(one.org(), db.readLong(tx -> days(tx, one)));
        }
    }

    private void store(Org.Id org, List<OrgDay> days) {
        db.note(tx -> {
            days.forEach(one -> tx.update("""
                INSERT INTO org_days (org_id, day, active, pending, disabled, sign_ins)
                VALUES (?, ?::date, ?, ?, ?, ?) ON CONFLICT (org_id, day) DO NOTHING
                """, org, one.day().toString(), one.active(), one.pending(), one.disabled(), one.signIns()));
            return null;
        });
    }

    private static List<OrgDay> days(Tx tx, Due due) {
        var earliest = due.today().minusDays(DAYS);
        var begin = due.created().isAfter(earliest) ? due.created() : earliest;
        var first = due.last().map(last -> last.plusDays(1)).filter(day -> day.isAfter(begin)).orElse(begin);
        var since = first.plusDays(1).atStartOfDay(due.zone()).toInstant();
        var counts = now(tx, due.org());
        var changes = changes(tx, due, since);
        var signIns = signInsByDay(tx, due, first.atStartOfDay(due.zone()).toInstant());
        var days = new ArrayList<OrgDay>();
        for (var day = due.today(); !day.isBefore(first); day = day.minusDays(1)) {
            if (day.isBefore(due.today())) {
                days.add(new OrgDay(day, counts.get(Status.ACTIVE), counts.get(Status.PENDING),
                    counts.get(Status.DISABLED), signIns.getOrDefault(day, 0L)));
            }
            changes.getOrDefault(day, Map.of()).forEach((status, more) -> counts.merge(status, -more, Long::sum));
        }
        return days;
    }

    /// How many people there are.
    private static Map<Status, Long> now(Tx tx, Org.Id org) {
        var counts = new EnumMap<Status, Long>(Status.class);
        for (var status : Status.values()) {
            counts.put(status, 0L);
        }
        tx.query("""
            SELECT verified, disabled, count(*) AS n FROM users WHERE org_id = ? AND NOT service_account GROUP BY 1, 2
            """, org).list(row -> Map.entry(status(row.bool("verified"), row.bool("disabled")), row.number("n")))
            .forEach(one -> counts.merge(one.getKey(), one.getValue(), Long::sum));
        return counts;
    }

    private static Status status(boolean verified, boolean disabled) {
        return disabled ? Status.DISABLED : verified ? Status.ACTIVE : Status.PENDING;
    }

    /// How many more people each day left of each status.
    private static Map<LocalDate, Map<Status, Long>> changes(Tx tx, Due due, Instant since) {
        var walk = new Walk(due.zone());
        tx.query("""
            SELECT e.subject_id, e.at, e.action, e.before ->> 'verified' AS verified, e.before ->> 'disabled' AS disabled,
                   u.verified AS verified_now, u.disabled AS disabled_now
              FROM audit_entries e
              JOIN users u ON u.org_id = e.org_id AND u.id = e.subject_id AND NOT u.service_account
             WHERE e.org_id = ? AND e.at >= ? AND e.subject_kind = 'user'
               AND (e.action = 'user.created' OR jsonb_exists(e.before, 'verified') OR jsonb_exists(e.before, 'disabled'))
             ORDER BY e.subject_id, e.version DESC, e.entry DESC
            """, due.org(), since).each(walk::add);
        return walk.changes;
    }

    /// Goes through the entries of one user after another, each from the latest on, and finds what they were before.
    private static final class Walk {
        private final ZoneId zone;
        private final Map<LocalDate, Map<Status, Long>> changes = new TreeMap<>();
        private UUID user;
        private boolean verified;
        private boolean disabled;

        private Walk(ZoneId zone) {
            this.zone = zone;
        }

        private void add(Row row) {
            if (!row.uuid("subject_id").equals(user)) {
                user = row.uuid("subject_id");
                verified = row.bool("verified_now");
                disabled = row.bool("disabled_now");
            }
            var day = changes.computeIfAbsent(LocalDate.ofInstant(row.instant("at"), zone),
                _ -> new EnumMap<>(Status.class));
            day.merge(status(verified, disabled), 1L, Long::sum);
            if (!row.text("action").equals("user.created")) {
                verified = row.optionalText("verified").map(Boolean::parseBoolean).orElse(verified);
                disabled = row.optionalText("disabled").map(Boolean::parseBoolean).orElse(disabled);
                day.merge(status(verified, disabled), -1L, Long::sum);
            }
        }
    }

    private static Map<LocalDate, Long> signInsByDay(Tx tx, Due due, Instant since) {
        var days = new TreeMap<LocalDate, Long>();
        tx.query("""
            SELECT (at AT TIME ZONE ?)::date::text AS day, count(*) AS n
              FROM audit_entries
             WHERE org_id = ? AND at >= ? AND action = 'sign_in.succeeded'
             GROUP BY 1
            """, due.zone().getId(), due.org(), since)
            .list(row -> Map.entry(LocalDate.parse(row.text("day")), row.number("n")))
            .forEach(one -> days.put(one.getKey(), one.getValue()));
        return days;
    }
}
