package roster.door.command;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/// A message on a socket: its length in bytes (four, big-endian), then its bytes.
final class Frame {
    private Frame() {}

    static void write(WritableByteChannel channel, byte[] message) throws IOException {
        var frame = ByteBuffer.allocate(Integer.BYTES + message.length).putInt(message.length).put(message).flip();
        while (frame.hasRemaining()) {
            channel.write(frame);
        }
    }

    /// @param bytesMax of the message
    /// @throws IOException if it is longer or ends early
    static byte[] read(ReadableByteChannel channel, int bytesMax) throws IOException {
        var length = fill(channel, Integer.BYTES).getInt();
        if (length < 0 || length > bytesMax) {
            throw new IOException("a message of %d bytes is too long".formatted(length));
        }
        return fill(channel, length).array();
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
