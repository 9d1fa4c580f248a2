package roster.core.mail;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import roster.base.db.WriteTx;
import roster.base.work.Rate;
import roster.model.Caller;
import roster.model.Problem.Invalid;
import roster.model.Problem.LimitReached;
import roster.model.Refused;
import roster.model.User;

/// How many letters people may have sent, so that nobody makes Roster a source of spam. Counted under the
/// organisation's lock from the letters themselves, so the count is one for all nodes and survives a restart. It looks
/// back from now: there is no moment at which a count starts afresh.
///
/// The operator at the command line is not counted: he could change the limits as well.
///
/// @param perInviter letters one user or service account may cause in a period; none: as many as he likes
/// @param perOrg letters all of an organisation's users together may
public record SendingLimits(Optional<Rate> perInviter, Optional<Rate> perOrg) {
    /// The user whom a letter counts for. Those who accept an invitation cause none that count.
    static Optional<User.Id> sender(Caller caller) {
        return switch (caller.kind()) {
            case USER, SERVICE_ACCOUNT -> caller.user();
            default -> Optional.empty();
        };
    }

    /// Lets a write go on that is about to add letters. To be asked before anything is changed.
    ///
    /// @throws Refused with [LimitReached] if they are too many, saying when they will not be; with [Invalid] if there are
    ///     more of them than a whole period allows
    public void admit(WriteTx tx, int letters) {
        if (letters > 0 && sender(tx.caller()).isPresent()) {
            perInviter.ifPresent(limit -> admit(tx, "invitations-per-inviter", limit, letters, "AND sender_id = ?",
                tx.org(), sender(tx.caller())));
            perOrg.ifPresent(limit -> admit(tx, "invitations-per-organization", limit, letters, "", tx.org()));
        }
    }

    private static void admit(WriteTx tx, String name, Rate limit, int letters, String whose,
        Object... values) {
        var period = Duration.ofSeconds(limit.periodSeconds());
        var bound = new Object[values.length + 1];
        System.arraycopy(values, 0, bound, 0, values.length);
        bound[values.length] = tx.now().minus(period);
        var caused = "FROM letters WHERE org_id = ? %s AND sender_id IS NOT NULL AND created_at > ?".formatted(whose);
        var used = tx.query("SELECT count(*) AS used " + caused, bound).one(row -> row.number("used"));
        var tooMany = used + letters - limit.count();
        if (tooMany <= 0) {
            return;
        }
        if (letters > limit.count()) { // waiting would not help: never say when to come back
            throw new Refused(new Invalid("data", "More letters than may be sent in %d seconds: %d, not %d."
                .formatted(limit.periodSeconds(), limit.count(), letters)));
        }
        // There is room once so many of the oldest are out of the period.
        var free = tx.query("SELECT created_at %s ORDER BY created_at OFFSET %d LIMIT 1".formatted(caused, tooMany - 1),
            bound).one(row -> row.instant("created_at")).plus(period);
        throw new Refused(new LimitReached(name, limit.count(), limit.periodSeconds(),
            Math.max(0, limit.count() - used), secondsUntil(tx.now(), free)));
    }

    private static long secondsUntil(Instant now, Instant then) {
        return Math.max(1, Math.ceilDiv(Duration.between(now, then).toMillis(), 1000));
    }
}
