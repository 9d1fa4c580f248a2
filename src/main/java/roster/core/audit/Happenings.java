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
        var versions = tx.query("""
            SELECT version FROM audit_entries
             WHERE org_id = ? AND action <> ALL (?) GROUP BY version ORDER BY version DESC LIMIT ?
            """, org, NO_CHANGES, most).list(row -> row.number("version"));
        if (versions.isEmpty()) {
            return List.of();
        }
        var counts = counts(tx, org, versions);
        return tx.query("SELECT DISTINCT ON (e.version) " + TrailEntry.COLUMNS + " FROM audit_entries e"
            + TrailEntry.USERS + """
                 WHERE e.org_id = ? AND e.version = ANY (?::bigint[])
                 ORDER BY e.version DESC, e.action = ANY (?), e.entry
                """, org, versions, FOLLOWING).list(TrailEntry::of).stream()
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
