package roster.base.db;

import org.jdbi.v3.core.Handle;

/// A short transaction on columns without a version, such as the delivery state of e-mails. `docs/architecture.md` names
/// these columns; they are never part of an ETag, and never cached.
public final class NoteTx extends Tx {
    NoteTx(Handle handle) {
        super(handle);
    }

    /// @return the number of affected rows
    public int update(String sql, Object... values) {
        return execute(sql, values);
    }
}
