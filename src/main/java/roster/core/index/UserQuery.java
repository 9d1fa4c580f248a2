package roster.core.index;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import roster.model.Paging;
import roster.model.User.Status;

/// Which users are wanted, and in what order.
///
/// @param text substring of e-mail or name, letter case ignored
/// @param statuses only these, if given
public record UserQuery(Optional<String> text, Optional<Set<Status>> statuses, Sort sort, boolean descending,
    Paging paging) {
    /// The same in pages of another size.
    public UserQuery sized(Paging other) {
        return new UserQuery(text, statuses, sort, descending, other);
    }

    /// What users may be sorted by, and the SQL of it. Ties: by e-mail, then id.
    public enum Sort {
        NAME("COALESCE(NULLIF(u.name_folded, ''), " + Sort.BY_EMAIL + ")"),
        EMAIL(Sort.BY_EMAIL),
        HANDLE("u.handle COLLATE \"C\""),
        STATUS("CASE WHEN u.disabled THEN 'Disabled' WHEN u.verified THEN 'Active' ELSE 'Pending' END COLLATE \"C\""),
        TITLE("COALESCE(u.title_folded, '')"),
        CREATED_AT("u.created_at"),
        MODIFIED_AT("u.modified_at");

        /// As [roster.model.Text#folded] has it.
        public static final String BY_EMAIL = "replace(u.email, 'ς', 'σ') COLLATE \"C\"";

        public final String sql;

        Sort(String sql) {
            this.sql = sql;
        }

        /// What the SQL is compared with to come behind a place.
        public Object value(SortPosition place) {
            return switch (this) {
                case EMAIL -> new String(place.email(), StandardCharsets.UTF_8);
                case NAME, HANDLE, STATUS, TITLE -> new String(place.key(), StandardCharsets.UTF_8);
                case CREATED_AT, MODIFIED_AT -> UserCodec.instant(UserCodec.sorted(place.key()));
            };
        }
    }
}
