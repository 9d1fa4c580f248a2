package roster.core.audit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import roster.base.db.Tx;
import roster.model.Org;

/// The trail as people read it: write by write.
public final class Happenings {
    /// What comes too often to be a change.
    private static final List<String> NO_CHANGES = List.of("sign_in.succeeded", "sign_in.failed", "sign_in.refused",
        "session.ended", "sign_in_link.addresses_sent", "recovery_codes.used", "api_key.accessed");

    /// What follows from another entry of the same write, if there is one.
    private static final List<String> FOLLOWING = List.of("session.ended", "application_key.revoked",
        "access_token.revoked", "invitation.cancelled", "invitation.sent");

    private Happenings() {}

    /// One write.
    ///
    /// @param main the entry that says what was done
    /// @param counts of all entries, by action
    public record Happening(TrailEntry main, Map<String, Long> counts) {}

    /// The latest writes that changed something, the latest first.
    ///
    /// @param most how many
    public static List<Happening> latest(Tx tx, Org.Id org, int most) {
        var versions = tx.inOrder(() -> tx.query("""
            WITH RECURSIVE latest AS (
                (SELECT version FROM audit_entries WHERE org_id = ? AND action <> ALL (?)
                  ORDER BY version DESC, entry DESC LIMIT 1)
                 UNION ALL
                SELECT (SELECT version FROM audit_entries
                         WHERE org_id = ? AND version < latest.version AND action <> ALL (?)
                         ORDER BY version DESC, entry DESC LIMIT 1)
                  FROM latest WHERE latest.version IS NOT NULL)
            SELECT version FROM latest WHERE version IS NOT NULL LIMIT ?
            """, org, NO_CHANGES, org, NO_CHANGES, most).list(row -> row.number("version")));
        if (versions.isEmpty()) {
            return List.of();
        }
        var counts = counts(tx, org, versions);
        return tx.query("SELECT " + TrailEntry.COLUMNS + """
             FROM unnest(?::bigint[]) AS latest (version)
             CROSS JOIN LATERAL (SELECT COALESCE(
                   (SELECT entry FROM audit_entries WHERE org_id = ? AND version = latest.version AND action <> ALL (?)
                     ORDER BY entry LIMIT 1),
                   (SELECT min(entry) FROM audit_entries WHERE org_id = ? AND version = latest.version)) AS entry OFFSET 0) main
             JOIN audit_entries e ON e.org_id = ? AND e.version = latest.version AND e.entry = main.entry
            """ + TrailEntry.USERS + " ORDER BY e.version DESC", versions, org, FOLLOWING, org, org)
            .list(TrailEntry::of).stream()
            .map(entry -> new Happening(entry, counts.get(entry.version()))).toList();
    }

    private static Map<Long, Map<String, Long>> counts(Tx tx, Org.Id org, List<Long> versions) {
        var counts = new LinkedHashMap<Long, Map<String, Long>>();
        tx.query("""
            SELECT version, action, count(*) AS n FROM audit_entries
             WHERE org_id = ? AND version = ANY (?::bigint[]) GROUP BY 1, 2
            """, org, versions).each(row -> counts.computeIfAbsent(row.number("version"), _ -> new LinkedHashMap<>())
            .put(row.text("action"), row.number("n")));
        return counts;
    }
}
