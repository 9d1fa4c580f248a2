package roster.core.access;

import java.util.Optional;
import roster.base.db.Row;
import roster.base.db.Tx;
import roster.base.secret.Secrets;
import roster.model.Caller;
import roster.model.Org;

/// Finds the organisation of an API key.
final class ApiKeyResolver implements Resolver<Presented.ApiKey> {
    private static final String SELECT = """
        SELECT o.id AS org_id, o.version, o.stamp, roster_now() AS asked_at, a.id AS api_key_id
          FROM orgs o
          JOIN api_keys a ON a.org_id = o.id
        """;

    @Override
    public Optional<Found> find(Tx tx, Presented.ApiKey presented) {
        return tx.query(SELECT + """
              JOIN key_pointers p ON p.org_id = o.id AND p.id = a.id AND p.digest = a.digest AND p.kind = 'api_key'
             WHERE p.digest = ? AND NOT o.disabled
            """, Secrets.digest(presented.key())).optional(ApiKeyResolver::found);
    }

    @Override
    public Optional<Found> again(Tx tx, Caller caller) {
        return tx.query(SELECT + " WHERE o.id = ? AND a.id = ? AND NOT o.disabled", caller.org(), caller.apiKey())
            .optional(ApiKeyResolver::found);
    }

    private static Found found(Row row) {
        return new Found(new Org.Id(row.uuid("org_id")), row.number("version"), row.number("stamp"), Optional.empty(),
            row.optionalUuid("api_key_id"), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
            Optional.empty(), Optional.empty(), row.instant("asked_at"), false);
    }
}
