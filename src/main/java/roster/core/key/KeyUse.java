package roster.core.key;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import roster.base.db.Tx;
import roster.model.Org;
import roster.model.User;

/// The application keys and access tokens that users have.
///
/// @param keys how many, tokens that expired included
/// @param lastUsedAt the last use of any of them
public record KeyUse(long keys, Optional<Instant> lastUsedAt) {
    public static final KeyUse NONE = new KeyUse(0, Optional.empty());

    /// @return users without any are missing
    public static Map<User.Id, KeyUse> of(Tx tx, Org.Id org, Collection<User.Id> users) {
        var ids = List.copyOf(users);
        return ids.isEmpty() ? Map.of() : tx.query("""
            SELECT k.user_id, count(*) AS n, max(k.last_used_at) AS used
              FROM (SELECT user_id, last_used_at FROM application_keys WHERE org_id = ? AND user_id = ANY (?::uuid[])
                     UNION ALL
                    SELECT user_id, last_used_at FROM access_tokens
                     WHERE org_id = ? AND user_id = ANY (?::uuid[]) AND revoked_at IS NULL) k
             GROUP BY k.user_id
            """, org, ids, org, ids).list(row -> Map.entry(new User.Id(row.uuid("user_id")),
            new KeyUse(row.number("n"), row.optionalInstant("used")))).stream()
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
