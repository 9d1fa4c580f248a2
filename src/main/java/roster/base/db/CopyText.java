package roster.base.db;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import roster.model.Id;

/// Rows in the text form that `COPY … FROM STDIN` reads: one line per row, tabs between values, `\N` for NULL.
///
/// @see <a href="https://www.postgresql.org/docs/current/sql-copy.html">COPY, File Formats</a>
final class CopyText {
    private final StringBuilder text = new StringBuilder();

    int length() {
        return text.length();
    }

    void add(List<?> values) {
        for (int i = 0; i < values.size(); i++) {
            if (i > 0) {
                text.append('\t');
            }
            add(values.get(i));
        }
        text.append('\n');
    }

    private void add(Object value) {
        switch (value) {
            case Optional<?> maybe when maybe.isEmpty() -> text.append("\\N");
            case Optional<?> maybe -> add(maybe.get());
            case Id id -> text.append(id.value());
            case String plain -> escaped(plain);
            case byte[] bytes -> text.append("\\\\x").append(HexFormat.of().formatHex(bytes));
            default -> text.append(value); // numbers, booleans, UUIDs and instants, whose text needs no escaping
        }
    }

    private void escaped(String plain) {
        for (int i = 0; i < plain.length(); i++) {
            var c = plain.charAt(i);
            switch (c) {
                case '\\' -> text.append("\\\\");
                case '\t' -> text.append("\\t");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                default -> text.append(c);
            }
        }
    }

    /// The text added since the last call, in UTF-8.
    byte[] taken() {
        var bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        text.setLength(0);
        return bytes;
    }
}
