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

/// Limits how many e-mails callers may cause, so that Roster cannot be used to send spam. Counted under the organisation's
/// lock from the queued and sent e-mails themselves, so that all nodes share one count, which survives a restart. The
/// period is a sliding window that ends now.
///
/// Operators at the command line are not limited: they could change the limits as well.
///
/// @param perInviter e-mails one user or service account may cause in a period; none: no limit
/// @param perOrg e-mails all callers of an organisation may cause in a period; none: no limit
public record SendingLimits(Optional<Rate> perInviter, Optional<Rate> perOrg) {
    /// The user whose limit an e-mail counts against. Accepting an invitation causes none that count.
    static Optional<User.Id> sender(Caller caller) {
        return switch (caller.kind()) {
            case USER, SERVICE_ACCOUNT -> caller.user();
            default -> Optional.empty();
        };
    }

    /// Checks a write that is about to add e-mails. To be called before anything is changed.
    ///
    /// @throws Refused with [LimitReached] if there are too many now, with the time when there is room again; with
    ///     [Invalid] if they are more than a whole period allows
    public void admit(WriteTx tx, int emails) {
        if (emails > 0 && sender(tx.caller()).isPresent()) {
            perInviter.ifPresent(limit -> admit(tx, "invitations-per-inviter", limit, emails, "AND sender_id = ?",
                tx.org(), sender(tx.caller())));
            perOrg.ifPresent(limit -> admit(tx, "invitations-per-organization", limit, emails, "", tx.org()));
        }
    }

    private static void admit(WriteTx tx, String name, Rate limit, int emails, String whose,
        Object... values) {
        var period = Duration.ofSeconds(limit.periodSeconds());
        var bound = new Object[values.length + 1];
        System.arraycopy(values, 0, bound, 0, values.length);
        bound[values.length] = tx.now().minus(period);
        var caused = "FROM letters WHERE org_id = ? %s AND sender_id IS NOT NULL AND created_at > ?".formatted(whose);
        var used = tx.query("SELECT count(*) AS used " + caused, bound).one(row -> row.number("used"));
        var tooMany = used + emails - limit.count();
        if (tooMany <= 0) {
            return;
        }
        if (emails > limit.count()) { // waiting would not help, so there is no time to retry
            throw new Refused(new Invalid("data", "More letters than may be sent in %d seconds: %d, not %d."
                .formatted(limit.periodSeconds(), limit.count(), emails)));
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
