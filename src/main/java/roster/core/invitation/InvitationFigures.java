package roster.core.invitation;

import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import roster.base.db.Tx;
import roster.core.mail.Delivery;
import roster.model.Invitation.State;
import roster.model.Org;

/// How many invitations there are of each kind, for overviews.
public final class InvitationFigures {
    /// [#attentionLater] counts up to this number.
    public static final long COUNTED_MAX = 999;

    private static final List<String> UNDELIVERABLE = List.of("failed", "bounced", "dropped");

    private InvitationFigures() {}

    /// Those that were made since a time.
    public static Map<Fate, Long> since(Tx tx, Org.Id org, Instant since) {
        var figures = new EnumMap<Fate, Long>(Fate.class);
        tx.query("""
            SELECT s.state, l.state AS delivery, count(*) AS n
              FROM (%s WHERE i.org_id = ? AND i.created_at >= ?) s
              LEFT JOIN LATERAL (SELECT state FROM letters
                                  WHERE org_id = s.org_id AND subject_id = s.id AND kind = 'invitation'
                                  ORDER BY version DESC, created_at DESC, id DESC LIMIT 1) l ON true
             GROUP BY 1, 2
            """.formatted(Invitations.standings("roster_now()")), org, since)
            .list(row -> Map.entry(fate(State.valueOf(row.text("state")), row.optionalText("delivery")),
                row.number("n")))
            .forEach(one -> figures.merge(one.getKey(), one.getValue(), Long::sum));
        return figures;
    }

    private static Fate fate(State state, Optional<String> delivery) {
        return Fate.of(state, delivery.flatMap(Delivery.State::of));
    }

    /// How many open ones need attention, as [Fate#ATTENTION] has it, counted up to [#COUNTED_MAX] and one more: each page of the
    /// console asks, with the statement that follows.
    public static Supplier<Long> attentionLater(Tx tx, Org.Id org) {
        var counted = tx.later(row -> row.number("n"), """
            SELECT count(*) AS n
              FROM (SELECT 1
                      FROM letters l
                      JOIN (%s) s ON s.org_id = l.org_id AND s.id = l.subject_id AND s.state = 'OPEN'
                     WHERE l.org_id = ? AND l.kind = 'invitation' AND l.state <> 'sent'
                       AND l.state IN ('deferred', 'failed', 'bounced', 'dropped') AND l.good_until > roster_now()
                       AND NOT EXISTS (SELECT 1 FROM letters n
                                        WHERE n.org_id = l.org_id AND n.subject_id = l.subject_id AND n.kind = l.kind
                                          AND (n.version, n.created_at, n.id) > (l.version, l.created_at, l.id))
                     LIMIT ?) counted
            """.formatted(Invitations.standings("roster_now()")), org, COUNTED_MAX + 1);
        return () -> counted.get().getFirst();
    }

    /// Open invitations that an administrator should look at.
    ///
    /// @param undeliverable whose e-mail did not arrive
    /// @param expiring within a day
    public record Urgent(long undeliverable, long expiring) {}

    public static Urgent urgent(Tx tx, Org.Id org) {
        return tx.query("""
            SELECT count(*) FILTER (WHERE l.state = ANY (?)) AS undeliverable,
                   count(*) FILTER (WHERE s.expires_at <= roster_now() + interval '1 day'
                                      AND l.state <> ALL (?)) AS expiring
              FROM (%s WHERE i.org_id = ? AND i.accepted_at IS NULL AND i.cancelled_at IS NULL
                         AND i.expires_at > roster_now()) s
              LEFT JOIN LATERAL (SELECT state FROM letters
                                  WHERE org_id = s.org_id AND subject_id = s.id AND kind = 'invitation'
                                  ORDER BY version DESC, created_at DESC, id DESC LIMIT 1) l ON true
             WHERE s.state = 'OPEN'
            """.formatted(Invitations.standings("roster_now()")), UNDELIVERABLE, UNDELIVERABLE, org)
            .one(row -> new Urgent(row.number("undeliverable"), row.number("expiring")));
    }
}
