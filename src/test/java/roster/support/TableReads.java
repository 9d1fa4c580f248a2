package roster.support;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import roster.base.db.Tx;

/// What PostgreSQL reads of tables and their indexes, in the transaction that reads it. Times differ from run to run.
public final class TableReads {
    public static final List<String> TABLES =
        List.of("role_members", "users", "roles", "scim_users", "role_member_sums", "scim_groups", "gone",
            "audit_entries");

    private TableReads() {}

    /// Rows and entries of indexes that a transaction has read so far.
    private static Map<String, Long> read(Tx tx) {
        var read = new TreeMap<String, Long>();
        tx.query("""
            SELECT c.relname, (pg_stat_get_xact_tuples_returned(c.oid) + pg_stat_get_xact_tuples_fetched(c.oid)
                   + COALESCE((SELECT sum(pg_stat_get_xact_tuples_returned(i.indexrelid))
                                 FROM pg_index i WHERE i.indrelid = c.oid), 0))::bigint AS n
              FROM pg_class c
             WHERE c.relname = ANY (?) AND c.relnamespace = 'public'::regnamespace
            """, TABLES).list(row -> read.put(row.text("relname"), row.number("n")));
        return read;
    }

    /// What work reads, by table.
    public static Map<String, Long> of(Tx tx, Consumer<Tx> work) {
        var before = read(tx);
        work.accept(tx);
        var after = read(tx);
        after.replaceAll((table, n) -> n - before.get(table));
        return after;
    }
}
