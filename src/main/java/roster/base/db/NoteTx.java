package roster.base.db;

import org.jdbi.v3.core.Handle;

/// A short transaction over columns that have no version, as the delivery state of letters. `docs/architecture.md`
/// names these columns; they are never part of an ETag or of what a node remembers.
public final class NoteTx extends Tx {
    NoteTx(Handle handle) {
        super(handle);
    }

    /// @return how many rows were touched
    public int update(String sql, Object... values) {
        return execute(sql, values);
    }
}
