package roster.core.bulk;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import roster.base.db.Database;
import roster.base.db.Row;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.base.work.Stop;
import roster.core.bulk.Result.Outcome;
import roster.core.bulk.Result.Reason;
import roster.model.User;

/// What became of the people of a job.
public final class JobItems {
    private static final int SWEPT_AT_ONCE = 10_000;

    /// What can be shown of a job.
    public enum Segment {
        ALL, DONE, SKIPPED, REFUSED, NOT_REACHED;

        public static Optional<Segment> named(String text) {
            return List.of(values()).stream().filter(one -> one.text().equals(text)).findFirst();
        }

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// One line.
    ///
    /// @param user none if they were not created, or are not here any more
    /// @param outcome none: not reached
    public record Line(int position, Optional<User.Id> user, Optional<String> email, Optional<String> name,
        Optional<Outcome> outcome, Optional<Reason> reason, String detail) {}

    private static final String LINES = """
        SELECT i.position, u.id AS user_id, coalesce(u.email, i.email, v.email) AS email, coalesce(u.name, i.name) AS name,
               i.outcome, i.reason, coalesce(i.detail, '') AS detail
          FROM bulk_items i
          LEFT JOIN users u ON u.org_id = i.org_id AND u.id = i.user_id
          LEFT JOIN invitations v ON v.org_id = i.org_id AND v.id = i.invitation_id
         WHERE i.org_id = ? AND i.job_id = ?""";

    private final Database db;

    JobItems(Database db) {
        this.db = db;
    }

    /// Lines of a segment, in order.
    ///
    /// @param after the position of the last one that was shown; -1 for the first page
    public List<Line> page(Job job, Segment segment, int after, int most) {
        if (count(job, segment) == 0) {
            return List.of(); // without a look at all of them
        }
        var from = segment == Segment.NOT_REACHED ? Math.max(after, Math.toIntExact(job.reached())) : after;
        return db.read(tx -> tx.query(LINES + condition(segment) + " AND i.position > ? ORDER BY i.position LIMIT ?",
            job.org(), job.id(), from, most).list(JobItems::line));
    }

    private static long count(Job job, Segment segment) {
        return switch (segment) {
            case ALL -> job.people();
            case DONE -> job.done();
            case SKIPPED -> job.skipped();
            case REFUSED -> job.refused();
            case NOT_REACHED -> job.notReached();
        };
    }

    /// The position after which the page before begins.
    ///
    /// @param first of the page that is shown
    public Optional<Integer> before(Job job, Segment segment, int first, int most) {
        return db.read(tx -> {
            var earlier = tx.query("SELECT i.position FROM bulk_items i WHERE i.org_id = ? AND i.job_id = ?"
                + condition(segment) + " AND i.position < ? ORDER BY i.position DESC LIMIT ?", job.org(), job.id(),
                first,
                most + 1).list(row -> row.integer("position"));
            return earlier.isEmpty() ? Optional.empty()
                : Optional.of(earlier.size() > most ? earlier.getLast() : -1);
        });
    }

    /// All lines, one by one as they arrive, as of one moment.
    public void each(Job job, Consumer<Line> consumer) {
        db.readLong(tx -> {
            tx.query(LINES + " ORDER BY i.position", job.org(), job.id()).each(row -> consumer.accept(line(row)));
            return true;
        });
    }

    private static String condition(Segment segment) {
        return switch (segment) {
            case ALL -> "";
            case DONE -> " AND i.outcome = 'done'";
            case SKIPPED -> " AND i.outcome = 'skipped'";
            case REFUSED -> " AND i.outcome = 'refused'";
            case NOT_REACHED -> " AND i.outcome IS NULL";
        };
    }

    private static Line line(Row row) {
        return new Line(row.integer("position"), row.optionalUuid("user_id").map(User.Id::new),
            row.optionalText("email"), row.optionalText("name"),
            row.optionalText("outcome").map(text -> Outcome.valueOf(text.toUpperCase(Locale.ROOT))),
            row.optionalText("reason").map(text -> Reason.valueOf(text.toUpperCase(Locale.ROOT))), row.text("detail"));
    }

    static void forget(WriteTx tx, String address) {
        tx.update("""
            UPDATE bulk_items SET email = NULL, name = NULL, title = NULL, detail = NULL WHERE org_id = ? AND email = ?
            """, tx.org(), address);
    }

    /// Deletes what is kept no longer, of all organisations, some at a time.
    static void sweep(Database db, Stop stop) {
        for (var org : db.read(JobItems::withOld)) {
            db.note(tx -> Selections.sweep(tx, org));
            while (!stop.requested() && db.note(tx -> tx.update("""
                DELETE FROM bulk_items
                 WHERE (org_id, job_id, position) IN (
                       SELECT i.org_id, i.job_id, i.position
                         FROM bulk_jobs j JOIN bulk_items i ON i.org_id = j.org_id AND i.job_id = j.id
                        WHERE j.org_id = ? AND j.ended_at <= roster_now() - ? * interval '1 second' LIMIT ?)
                """, org, Jobs.LIFE.toSeconds(), SWEPT_AT_ONCE)) > 0) {
                // and the next ones
            }
            if (!stop.requested()) {
                db.note(tx -> tx.update("""
                    DELETE FROM bulk_jobs WHERE org_id = ? AND ended_at <= roster_now() - ? * interval '1 second'
                    """, org, Jobs.LIFE.toSeconds()));
            }
        }
    }

    private static List<UUID> withOld(Tx tx) {
        return tx.query("""
            SELECT org_id FROM bulk_jobs WHERE ended_at <= roster_now() - ? * interval '1 second'
             UNION
            SELECT org_id FROM selections WHERE good_until <= roster_now()
            """, Jobs.LIFE.toSeconds()).list(row -> row.uuid("org_id"));
    }
}
