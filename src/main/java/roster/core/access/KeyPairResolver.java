package roster.core.access;

import java.util.Optional;
import roster.base.db.Tx;
import roster.base.secret.Secrets;
import roster.model.Caller;

/// Finds the owner of an application key, in the organisation of the API key that was sent with it.
final class KeyPairResolver implements Resolver<Presented.KeyPair> {
    private static final String SELECT = "SELECT " + Found.COLUMNS + """
        , a.id AS api_key_id, k.id AS application_key_id, NULL::uuid AS access_token_id,
               NULL::uuid AS session_id, k.scopes, NULL::timestamptz AS expires_at, false AS unseen
          FROM orgs o
          JOIN api_keys a ON a.org_id = o.id
          JOIN application_keys k ON k.org_id = o.id
          JOIN users u ON u.org_id = o.id AND u.id = k.user_id AND NOT u.disabled
        """;

    @Override
    public Optional<Found> find(Tx tx, Presented.KeyPair presented) {
        return tx.query(SELECT + """
              JOIN key_pointers p ON p.org_id = o.id AND p.id = a.id AND p.digest = a.digest AND p.kind = 'api_key'
              JOIN key_pointers q ON q.org_id = o.id AND q.id = k.id AND q.digest = k.digest
               AND q.kind = 'application_key'
             WHERE p.digest = ? AND q.digest = ? AND NOT o.disabled
            """, Secrets.digest(presented.apiKey()), Secrets.digest(presented.applicationKey())).optional(Found::of);
    }

    @Override
    public Optional<Found> again(Tx tx, Caller caller) {
        return tx.query(SELECT + " WHERE o.id = ? AND a.id = ? AND k.id = ? AND NOT o.disabled", caller.org(),
            caller.apiKey(), caller.applicationKey()).optional(Found::of);
    }
}
