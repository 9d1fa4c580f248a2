package roster.core.invitation;

import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import roster.base.db.Tx;
import roster.model.Invitation.State;
import roster.model.Org;

/// How many invitations there are of each kind, for overviews.
public final class InvitationFigures {
    /// How far an invitation got.
    public enum Fate {
        ACCEPTED, SENT, QUEUED, EXPIRED, UNDELIVERABLE, CANCELLED
    }

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
                                  ORDER BY created_at DESC, id DESC LIMIT 1) l ON true
             GROUP BY 1, 2
            """.formatted(Invitations.standings("roster_now()")), org, since)
            .list(row -> Map.entry(fate(State.valueOf(row.text("state")), row.optionalText("delivery")),
                row.number("n")))
            .forEach(one -> figures.merge(one.getKey(), one.getValue(), Long::sum));
        return figures;
    }

    private static Fate fate(State state, Optional<String> delivery) {
        return switch (state) {
            case USED -> Fate.ACCEPTED;
            case CANCELLED, OTHER_ADDRESS, USER_DISABLED, ORG_DISABLED -> Fate.CANCELLED;
            case EXPIRED -> Fate.EXPIRED;
            case OPEN -> delivery.filter(UNDELIVERABLE::contains).isPresent() ? Fate.UNDELIVERABLE
                : delivery.filter("sent"::equals).isPresent() ? Fate.SENT : Fate.QUEUED;
        };
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
                                  ORDER BY created_at DESC, id DESC LIMIT 1) l ON true
             WHERE s.state = 'OPEN'
            """.formatted(Invitations.standings("roster_now()")), UNDELIVERABLE, UNDELIVERABLE, org)
            .one(row -> new Urgent(row.number("undeliverable"), row.number("expiring")));
    }
}
