package roster.door.command;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import roster.base.json.Json;
import roster.model.Refused;
import tools.jackson.databind.JsonNode;

/// A JSON document on a socket: its length in bytes (four, big-endian), then its bytes.
final class Frame {
    private Frame() {}

    /// @param value as for [Json#bytes]
    static void write(WritableByteChannel channel, Object value) throws IOException {
        var json = Json.bytes(value);
        var frame = ByteBuffer.allocate(Integer.BYTES + json.length).putInt(json.length).put(json).flip();
        while (frame.hasRemaining()) {
            channel.write(frame);
        }
    }

    /// @param bytesMax of the document
    /// @throws IOException if it is longer, ends early, or is no JSON
    static JsonNode read(ReadableByteChannel channel, int bytesMax) throws IOException {
        var length = fill(channel, Integer.BYTES).getInt();
        if (length < 0 || length > bytesMax) {
            throw new IOException("a message of %d bytes is too long".formatted(length));
        }
        var json = fill(channel, length);
        try {
            return Json.parse(json.array());
        } catch (Refused e) {
            throw new IOException("a message that is no JSON", e);
        }
    }

    private static ByteBuffer fill(ReadableByteChannel channel, int bytes) throws IOException {
        var buffer = ByteBuffer.allocate(bytes);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException("the connection ended within a message");
            }
        }
        return buffer.flip();
    }
}
