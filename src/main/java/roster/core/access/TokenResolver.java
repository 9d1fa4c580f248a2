package roster.core.access;

import java.util.Optional;
import roster.base.db.Tx;
import roster.base.secret.Secrets;
import roster.model.Caller;

/// Finds the owner of an access token. An API key that was sent with it must belong to the same
/// organisation.
final class TokenResolver implements Resolver<Presented.Token> {
    private static final String SELECT = "SELECT " + Found.COLUMNS + """
        , a.id AS api_key_id, NULL::uuid AS application_key_id, t.id AS access_token_id,
               NULL::uuid AS session_id, t.scopes, t.expires_at, false AS unseen
          FROM orgs o
          JOIN access_tokens t ON t.org_id = o.id AND t.revoked_at IS NULL
           AND (t.expires_at IS NULL OR t.expires_at > roster_now())
          JOIN users u ON u.org_id = o.id AND u.id = t.user_id AND NOT u.disabled
        """;

    @Override
    public Optional<Found> find(Tx tx, Presented.Token presented) {
        var apiKey = presented.apiKey().map(Secrets::digest);
        return tx.query(SELECT + """
              JOIN key_pointers p ON p.org_id = o.id AND p.id = t.id AND p.digest = t.digest
               AND p.kind = 'access_token'
              LEFT JOIN key_pointers q ON q.org_id = o.id AND q.digest = ?::bytea AND q.kind = 'api_key'
              LEFT JOIN api_keys a ON a.org_id = q.org_id AND a.id = q.id AND a.digest = q.digest
             WHERE p.digest = ? AND NOT o.disabled AND (?::bytea IS NULL OR a.id IS NOT NULL)
            """, apiKey, Secrets.digest(presented.token()), apiKey).optional(Found::of);
    }

    @Override
    public Optional<Found> again(Tx tx, Caller caller) {
        return tx.query(SELECT + """
              LEFT JOIN api_keys a ON a.org_id = o.id AND a.id = ?::uuid
             WHERE o.id = ? AND t.id = ? AND NOT o.disabled AND (?::uuid IS NULL OR a.id IS NOT NULL)
            """, caller.apiKey(), caller.org(), caller.accessToken(), caller.apiKey()).optional(Found::of);
    }
}
