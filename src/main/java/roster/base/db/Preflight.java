package roster.base.db;

import java.util.ArrayList;
import java.util.List;

/// Checks that a database can keep what Roster promises.
public final class Preflight {
    /// The oldest supported major version of PostgreSQL.
    public static final int OLDEST = 15;

    /// Settings without which "committed" does not mean "on disk".
    private static final List<String> DURABLE = List.of("fsync", "full_page_writes", "synchronous_commit");

    private Preflight() {}

    /// @return why Roster must not start on it, one sentence each; empty if it may
    public static List<String> objections(Database db) {
        // One query, as every start waits for it.
        return db.read(tx -> tx.query("""
            SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding,
                   ARRAY(SELECT name FROM unnest(?::text[]) AS name WHERE current_setting(name) = 'off') AS off,
                   least(current_setting('max_connections')::int,
                         (SELECT rolconnlimit FROM pg_roles
                           WHERE rolname = current_user AND rolconnlimit >= 0 AND NOT rolsuper),
                         (SELECT datconnlimit FROM pg_database JOIN pg_roles ON rolname = current_user
                           WHERE datname = current_database() AND datconnlimit >= 0 AND NOT rolsuper)) AS connections
            """, DURABLE)
            .one(row -> {
                var found = new ArrayList<String>();
                var version = row.integer("version");
                if (version < OLDEST * 10_000) {
                    found.add("PostgreSQL %d is too old: %d or newer is needed".formatted(version / 10_000, OLDEST));
                }
                if (!row.text("encoding").equals("UTF8")) {
                    found.add("the database's encoding is %s: it must be UTF8".formatted(row.text("encoding")));
                }
                row.texts("off").forEach(setting -> found
                    .add("%s is off: what Roster acknowledges could be lost. Switch it on".formatted(setting)));
                if (row.integer("connections") < Database.CONNECTIONS_OF_NODE) {
                    found.add("the database allows %d connections: every node needs %d".formatted(
                        row.integer("connections"), Database.CONNECTIONS_OF_NODE));
                }
                return found;
            }));
    }
}
