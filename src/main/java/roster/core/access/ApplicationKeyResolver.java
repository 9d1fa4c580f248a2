package roster.core.access;

import java.util.Optional;
import roster.base.db.Tx;
import roster.base.secret.Secrets;
import roster.model.Caller;

/// Finds the owner of an application key by the key alone. An API key that was sent with it must belong to the same
/// organisation.
final class ApplicationKeyResolver implements Resolver<Presented.ApplicationKey> {
    private static final String SELECT = "SELECT " + Found.COLUMNS + """
        , a.id AS api_key_id, k.id AS application_key_id, NULL::uuid AS access_token_id,
               NULL::uuid AS session_id, k.scopes, NULL::timestamptz AS expires_at, false AS unseen
          FROM orgs o
          JOIN application_keys k ON k.org_id = o.id
          JOIN users u ON u.org_id = o.id AND u.id = k.user_id AND NOT u.disabled
        """;

    @Override
    public Optional<Found> find(Tx tx, Presented.ApplicationKey presented) {
        var apiKey = presented.apiKey().map(Secrets::digest);
        return tx.query(SELECT + """
              JOIN key_pointers p ON p.org_id = o.id AND p.id = k.id AND p.digest = k.digest
               AND p.kind = 'application_key'
              LEFT JOIN key_pointers q ON q.org_id = o.id AND q.digest = ?::bytea AND q.kind = 'api_key'
              LEFT JOIN api_keys a ON a.org_id = q.org_id AND a.id = q.id AND a.digest = q.digest
             WHERE p.digest = ? AND NOT o.disabled AND (?::bytea IS NULL OR a.id IS NOT NULL)
            """, apiKey, Secrets.digest(presented.key()), apiKey).optional(Found::of);
    }

    @Override
    public Optional<Found> again(Tx tx, Caller caller) {
        return tx.query(SELECT + """
              LEFT JOIN api_keys a ON a.org_id = o.id AND a.id = ?::uuid
             WHERE o.id = ? AND k.id = ? AND NOT o.disabled AND (?::uuid IS NULL OR a.id IS NOT NULL)
            """, caller.apiKey(), caller.org(), caller.applicationKey(), caller.apiKey()).optional(Found::of);
    }
}
