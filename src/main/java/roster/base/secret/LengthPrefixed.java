package roster.base.secret;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Fields one after the other, each with its length in front: two different lists of them are never the same bytes.
public final class LengthPrefixed {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

    public LengthPrefixed add(byte[] field) {
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(field.length).array());
        out.writeBytes(field);
        return this;
    }

    /// As text.
    public LengthPrefixed add(Object field) {
        return add(field.toString().getBytes(StandardCharsets.UTF_8));
    }

    /// Two fields: whether it is there, and what it is.
    public LengthPrefixed add(Optional<?> field) {
        return add(field.isPresent()).add(field.map(Object::toString).orElse(""));
    }

    /// All fields of another one.
    public LengthPrefixed addAll(LengthPrefixed other) {
        out.writeBytes(other.bytes());
        return this;
    }

    public byte[] bytes() {
        return out.toByteArray();
    }

    /// @return nothing if [#bytes()] gave no such bytes
    static Optional<List<byte[]>> read(byte[] bytes) {
        var fields = new ArrayList<byte[]>();
        for (var in = ByteBuffer.wrap(bytes); in.hasRemaining();) {
            var length = in.remaining() < Integer.BYTES ? -1 : in.getInt();
            if (length < 0 || length > in.remaining()) {
                return Optional.empty();
            }
            var field = new byte[length];
            in.get(field);
            fields.add(field);
        }
        return Optional.of(fields);
    }
}
