package roster.core.key;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import roster.base.db.Row;
import roster.model.User;

/// A key or token of any kind, without its secret, as lists and forms show it.
///
/// @param ends what tells it from others: the last four characters of a key, the public portion of a token
/// @param owner of an API key, the user who made it; none: that was no user, or they are gone
/// @param scopes none: everything the owner may do; of API keys, always none
/// @param usedLately in the last 24 hours
/// @param version of its last change; using it changes nothing
public record ListedKey(KeyKind kind, Keys.Key id, String name, String ends, Optional<Owner> owner,
    Optional<List<String>> scopes, Instant createdAt, Optional<Instant> lastUsedAt, Optional<Instant> expiresAt,
    boolean usedLately, long version) {

    /// A user to whom keys belong.
    ///
    /// @param name empty: they have none
    /// @param service whether it is a service account
    public record Owner(User.Id id, Optional<String> name, String email, boolean service) {}

    /// The columns that [#of] reads, but for those of each kind, and the owners.
    static final String COLUMNS = """
        k.id, k.name, k.created_at, k.last_used_at, k.version,
        COALESCE(k.last_used_at > roster_now() - interval '24 hours', false) AS lately,
        u.id AS owner_id, u.name AS owner_name, u.email AS owner_email, u.service_account AS owner_service""";

    static ListedKey of(KeyKind kind, Row row) {
        return new ListedKey(kind, new Keys.Key(row.uuid("id")), row.text("name"), row.text("ends"),
            row.optionalUuid("owner_id").map(id -> new Owner(new User.Id(id), row.optionalText("owner_name"),
                row.text("owner_email"), row.bool("owner_service"))),
            row.optionalTexts("scopes"), row.instant("created_at"), row.optionalInstant("last_used_at"),
            row.optionalInstant("expires_at"), row.bool("lately"), row.number("version"));
    }

    /// What it is known by for as long as it stays as it is.
    public String tag() {
        return Long.toString(version);
    }
}
