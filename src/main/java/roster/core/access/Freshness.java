package roster.core.access;

import java.time.Duration;
import roster.base.db.Database;
import roster.model.Caller;
import roster.model.Problem.NotFresh;
import roster.model.Refused;

/// Whether a factor was shown in a session not long ago, as for what matters most. Reads the row of the session itself, as
/// it comes before all nouns. Callers by keys and tokens are always let through.
public final class Freshness {
    /// How long a user whom a provider let in, and who has nothing else to show, may set up a factor. A password that they may
    /// use is something to show.
    private static final Duration NEW = Duration.ofMinutes(5);

    private final Database db;

    Freshness(Database db) {
        this.db = db;
    }

    /// @throws Refused with [NotFresh]
    public void mustBeFresh(Caller caller) {
        mustBe(caller, """
            SELECT 1 FROM sessions s WHERE s.org_id = ? AND s.id = ? AND s.fresh_until > roster_now()
            """);
    }

    /// The same for setting up a factor.
    ///
    /// @throws Refused with [NotFresh]
    public void mustBeFreshOrNew(Caller caller) {
        mustBe(caller, """
            SELECT 1 FROM sessions s JOIN users u ON u.org_id = s.org_id AND u.id = s.user_id
             WHERE s.org_id = ? AND s.id = ?
               AND (s.fresh_until > roster_now()
                    OR s.provider_id IS NOT NULL AND s.created_at > roster_now() - interval '%d seconds'
                       AND NOT u.second_factor
                       AND NOT EXISTS (SELECT 1 FROM passwords p CROSS JOIN (SELECT 'standard' AS method) s
                                        WHERE p.org_id = u.org_id AND p.user_id = u.id AND %s))
            """.formatted(NEW.toSeconds(), AllowedMethods.SQL));
    }

    private void mustBe(Caller caller, String query) {
        if (caller.session().isPresent()
            && !db.read(tx -> tx.query(query, caller.org(), caller.session()).any())) {
            throw new Refused(new NotFresh());
        }
    }
}
