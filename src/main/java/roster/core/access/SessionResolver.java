package roster.core.access;

import java.util.Optional;
import roster.base.db.Row;
import roster.base.db.Tx;
import roster.base.secret.Secrets;
import roster.model.Caller;

/// Finds the user of a session. What lets them in is looked at each time: the session and its ends, the user, and the method
/// by which they signed in.
final class SessionResolver implements Resolver<Presented.Session> {
    /// A use that the database does not know of yet is written down at once, so that no node takes the session for idle.
    private static final String SELECT = "SELECT " + Found.COLUMNS + """
        , NULL::uuid AS api_key_id, NULL::uuid AS application_key_id, NULL::uuid AS access_token_id, s.id AS session_id,
               NULL::text[] AS scopes, least(ends.at, roster_now() + ends.idle) AS expires_at,
               s.last_seen_at < roster_now() - interval '1 minute' AS unseen, u.second_factor,
               s.factors && ARRAY['totp', 'recovery_code', 'passkey'] AS shown, 'provider_second' = ANY (s.factors) AS vouched,
        """ + SecondFactorPolicy.SQL + """
         AS policy
          FROM orgs o
          JOIN sessions s ON s.org_id = o.id
          JOIN users u ON u.org_id = o.id AND u.id = s.user_id AND NOT u.disabled AND u.verified
                      AND NOT u.service_account
        """ + SessionTimes.ENDS;

    private static final String WHERE =
        " WHERE NOT o.disabled AND " + SessionTimes.RUNNING + " AND " + AllowedMethods.SQL;

    private final SessionTimes times;

    SessionResolver(SessionTimes times) {
        this.times = times;
    }

    @Override
    public Optional<Found> find(Tx tx, Presented.Session presented) {
        return tx.query(SELECT + """
              JOIN key_pointers p ON p.org_id = o.id AND p.id = s.id AND p.digest = s.digest AND p.kind = 'session'
            """ + WHERE + " AND p.digest = ?", times.values(Secrets.digest(presented.token())))
            .optional(SessionResolver::found);
    }

    @Override
    public Optional<Found> again(Tx tx, Caller caller) {
        return tx.query(SELECT + WHERE + " AND o.id = ? AND s.id = ?", times.values(caller.org(), caller.session()))
            .optional(SessionResolver::found);
    }

    private static Found found(Row row) {
        return Found.of(row).standing(new SessionStanding(row.bool("shown"), row.bool("vouched"),
            row.bool("second_factor"), SecondFactorPolicy.stored(row.optionalText("policy"))));
    }
}
