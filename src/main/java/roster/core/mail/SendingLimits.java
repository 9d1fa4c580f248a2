package roster.core.mail;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import roster.base.db.Database;
import roster.base.db.TimeRepair;
import roster.base.db.WriteTx;
import roster.base.work.Rate;
import roster.base.work.Stop;
import roster.base.work.Wake;
import roster.base.work.Worker;
import roster.model.Caller;
import roster.model.Problem.Invalid;
import roster.model.Problem.LimitReached;
import roster.model.Refused;
import roster.model.User;

/// Limits how many invitations callers may send, so that Roster cannot be used to send spam or to fill the database: the SQL
/// of the `invitation_counts` table. Counted under the organisation's lock, so that all nodes share one count, which
/// survives a restart. The period is a sliding window that ends now, by the database's clock.
///
/// Each write leaves its number, who sent, and when; no address, and no user who was invited. So nothing that happens to
/// these users or to their e-mails takes it away.
///
/// Operators at the command line are not limited: they could change the limits as well.
public final class SendingLimits {
    /// The pause between two sweeps.
    private static final Duration EVERY = Duration.ofMinutes(10);

    /// What was counted in a period: by one sender, or by all.
    private static final String COUNTED = """
        FROM invitation_counts
         WHERE org_id = ? AND at > roster_now() - ? * interval '1 second' AND at <= roster_now()
        """;

    private final Database db;
    private final Optional<Rate> perInviter;
    private final Optional<Rate> perOrg;

    /// @param perInviter invitations one user or service account may send in a period; none: no limit
    /// @param perOrg invitations all callers of an organisation may send in a period; none: no limit
    public SendingLimits(Database db, Optional<Rate> perInviter, Optional<Rate> perOrg) {
        this.db = db;
        this.perInviter = perInviter;
        this.perOrg = perOrg;
    }

    /// The user whose limit an invitation counts against. Accepting one sends none that count.
    private static Optional<User.Id> sender(Caller caller) {
        return switch (caller.kind()) {
            case USER, SERVICE_ACCOUNT -> caller.user();
            default -> Optional.empty();
        };
    }

    /// Admits and counts the invitations that a write is about to send, with or without an e-mail. To be called before
    /// anything is changed.
    ///
    /// @throws Refused with [LimitReached] if there are too many now, with the time when there is room again; with
    ///     [Invalid] if they are more than a whole period allows
    public void admit(WriteTx tx, int invitations) {
        var sender = sender(tx.caller());
        if (invitations == 0 || sender.isEmpty() || limits().isEmpty()) {
            return;
        }
        perInviter.ifPresent(limit -> admit(tx, "invitations-per-inviter", limit, invitations, sender));
        perOrg.ifPresent(limit -> admit(tx, "invitations-per-organization", limit, invitations, Optional.empty()));
        tx.later("INSERT INTO invitation_counts (org_id, id, sender_id, at, number) VALUES (?, ?, ?, roster_now(), ?)",
            tx.org(), tx.newId(), sender, invitations);
    }

    /// How many invitations one write can send at the most; none: no limit.
    public Optional<Long> most() {
        return limits().stream().map(limit -> limit.count()).min(Long::compare);
    }

    private List<Rate> limits() {
        return Stream.of(perInviter, perOrg).flatMap(Optional::stream).toList();
    }

    private static void admit(WriteTx tx, String name, Rate limit, int invitations, Optional<User.Id> sender) {
        var values = new ArrayList<Object>(List.of(tx.org(), limit.periodSeconds()));
        sender.ifPresent(values::add);
        var counted = COUNTED + sender.map(id -> " AND sender_id = ?").orElse("");
        var used = tx.query("SELECT COALESCE(sum(number), 0) AS used " + counted, values.toArray())
            .one(row -> row.number("used"));
        var tooMany = used + invitations - limit.count();
        if (tooMany <= 0) {
            return;
        }
        if (invitations > limit.count()) { // waiting would not help, so there is no time to retry
            throw new Refused(new Invalid("data", "More invitations than may be sent in %d seconds: %d, not %d."
                .formatted(limit.periodSeconds(), limit.count(), invitations)));
        }
        // There is room once so many of the oldest are out of the period.
        values.addFirst(limit.periodSeconds());
        values.add(tooMany);
        var seconds = tx.query("""
            SELECT ceil(extract(epoch FROM at + ? * interval '1 second' - roster_now()))::bigint AS seconds
              FROM (SELECT at, sum(number) OVER (ORDER BY at, id) AS freed
            """ + counted + ") oldest WHERE freed >= ? ORDER BY at LIMIT 1", values.toArray())
            .one(row -> row.number("seconds"));
        throw new Refused(new LimitReached(name, limit.count(), limit.periodSeconds(),
            Math.max(0, limit.count() - used), Math.max(1, seconds)));
    }

    /// Deletes what was counted while the clock of the database was ahead, as the period it belongs to is unknown.
    int repairTimes(WriteTx tx) {
        return tx.update("""
            DELETE FROM invitation_counts
             WHERE org_id = ? AND id IN (SELECT id FROM invitation_counts WHERE org_id = ? AND at > ? LIMIT ?)
            """, tx.org(), tx.org(), tx.now(), TimeRepair.AT_ONCE);
    }

    public Worker worker() {
        return new Worker("invitation-count-sweep",
            "Deletes counts of invitations that are older than the limits' periods.",
            Wake.every(EVERY), this::sweep);
    }

    /// Deletes the counts of all organisations that no limit looks at any more.
    public void sweep(Stop stop) {
        var longest = limits().stream().mapToInt(Rate::periodSeconds).max().orElse(0);
        var orgs = db.read(tx -> tx.query("""
            SELECT DISTINCT org_id FROM invitation_counts WHERE at <= roster_now() - ? * interval '1 second'
            """, longest).list(row -> row.uuid("org_id")));
        for (var org : orgs) {
            if (!stop.requested()) {
                db.note(tx -> tx.update("""
                    DELETE FROM invitation_counts WHERE org_id = ? AND at <= roster_now() - ? * interval '1 second'
                    """, org, longest));
            }
        }
    }
}
