package roster.core.audit;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import roster.base.db.Tx;
import roster.model.Id;
import roster.model.Org;

/// The entries that tell how users came to be.
public final class Creations {
    private Creations() {}

    /// By the user; those of whom the trail tells no beginning are missing.
    public static Map<UUID, TrailEntry> of(Tx tx, Org.Id org, Collection<? extends Id> users) {
        return users.isEmpty() ? Map.of() : tx.query("SELECT " + TrailEntry.COLUMNS + " FROM audit_entries e"
            + TrailEntry.USERS + """
                 WHERE e.org_id = ? AND COALESCE(e.about, e.subject_id) = ANY (?::uuid[]) AND e.action = 'user.created'
                """, org, List.copyOf(users)).list(TrailEntry::of).stream()
            .collect(Collectors.toMap(TrailEntry::subject, entry -> entry, (first, _) -> first));
    }
}
