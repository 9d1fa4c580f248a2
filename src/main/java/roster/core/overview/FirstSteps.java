package roster.core.overview;

import roster.base.db.Tx;
import roster.model.Org;

/// What a new organisation has done so far.
///
/// @param provider whether its people can sign in by a provider
/// @param key whether one of its users has created an API key
public record FirstSteps(boolean provider, boolean key) {
    public static FirstSteps of(Tx tx, Org.Id org) {
        return tx.query("""
            SELECT EXISTS (SELECT 1 FROM oidc_providers WHERE org_id = ?) AS provider,
                   EXISTS (SELECT 1 FROM api_keys WHERE org_id = ? AND created_by IS NOT NULL) AS key
            """, org, org).one(row -> new FirstSteps(row.bool("provider"), row.bool("key")));
    }
}
