package roster.base.db;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.result.ResultSetException;

/// The current row of a result, by column name. Columns that may be NULL are read with the `optional…` methods.
public final class Row {
    private final ResultSet rs;

    Row(ResultSet rs) {
        this.rs = rs;
    }

    public UUID uuid(String column) {
        return required(column, optionalUuid(column));
    }

    public Optional<UUID> optionalUuid(String column) {
        return read(column, () -> rs.getObject(column, UUID.class));
    }

    public String text(String column) {
        return required(column, optionalText(column));
    }

    public Optional<String> optionalText(String column) {
        return read(column, () -> rs.getString(column));
    }

    public Instant instant(String column) {
        return required(column, optionalInstant(column));
    }

    public Optional<Instant> optionalInstant(String column) {
        return read(column, () -> rs.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }

    public boolean bool(String column) {
        return required(column, read(column, () -> rs.getObject(column, Boolean.class)));
    }

    public long number(String column) {
        return required(column, read(column, () -> {
            var number = rs.getLong(column);
            return rs.wasNull() ? null : number;
        }));
    }

    public int integer(String column) {
        return Math.toIntExact(number(column));
    }

    public byte[] bytes(String column) {
        return required(column, read(column, () -> rs.getBytes(column)));
    }

    public List<UUID> uuids(String column) {
        return required(column, read(column, () -> List.of((UUID[]) rs.getArray(column).getArray())));
    }

    public List<String> texts(String column) {
        return required(column, read(column, () -> List.of((String[]) rs.getArray(column).getArray())));
    }

    /// Empty for NULL.
    public Optional<List<String>> optionalTexts(String column) {
        return read(column, () -> {
            var array = rs.getArray(column);
            return array == null ? null : List.of((String[]) array.getArray());
        });
    }

    private static <T> T required(String column, Optional<T> value) {
        return value.orElseThrow(() -> new IllegalStateException("column " + column + " is NULL"));
    }

    private <T> Optional<T> read(String column, Reading<T> reading) {
        try {
            return Optional.ofNullable(reading.read());
        } catch (SQLException e) {
            throw new ResultSetException("column " + column, e, null);
        }
    }

    private interface Reading<T> {
        T read() throws SQLException;
    }
}
