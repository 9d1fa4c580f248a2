package roster.base.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A body of an answer that is in a file without a name, and is sent piece by piece: it takes the same memory however long it
/// is. The file is gone when it is closed, and when the process ends.
public final class StoredBody implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(StoredBody.class);

    /// Bytes in memory at a time.
    static final int PIECE = 64 << 10;

    /// The slowest client that is waited for, in bytes a second.
    private static final long SLOWEST = 64 << 10;

    private final FileChannel file;
    private final long length;
    private long sent;

    private StoredBody(FileChannel file, long length) {
        this.file = file;
        this.length = length;
    }

    /// Writes a body.
    ///
    /// @param writer is handed the file; what it throws is thrown, and nothing is left
    public static StoredBody of(Consumer<OutputStream> writer) {
        try {
            var path = Files.createTempFile("roster", ".body"); // readable by its owner only
            var file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
            try {
                Files.delete(path);
                var out = Channels.newOutputStream(file);
                writer.accept(out);
                out.flush();
                return new StoredBody(file, file.size());
            } catch (RuntimeException | IOException e) {
                file.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// In bytes.
    public long length() {
        return length;
    }

    /// How long a client may take for it.
    ///
    /// @param usual for what is in memory
    Duration time(Duration usual) {
        return usual.plusSeconds(length / SLOWEST);
    }

    /// Sends the beginning of an answer, then the rest of it: each piece when the one before has gone. On the loop of the
    /// connection, which has its other work to do in between.
    ///
    /// @param then is told of the last piece, or of the one that could not be sent
    static void send(ChannelHandlerContext context, ByteBuf bytes, Optional<StoredBody> rest,
        Consumer<ChannelFuture> then) {
        var sent = context.writeAndFlush(bytes);
        if (sent.isDone()) {
            went(context, sent, rest, then);
        } else {
            var _ = sent.addListener((ChannelFutureListener) done -> went(context, done, rest, then));
        }
    }

    private static void went(ChannelHandlerContext context, ChannelFuture sent, Optional<StoredBody> rest,
        Consumer<ChannelFuture> then) {
        if (sent.isSuccess() && rest.filter(body -> body.sent < body.length).isPresent()) {
            context.executor().execute(() -> rest.get().goOn(context, then));
            return;
        }
        rest.ifPresent(StoredBody::close);
        then.accept(sent);
    }

    private void goOn(ChannelHandlerContext context, Consumer<ChannelFuture> then) {
        try {
            send(context, next(context), Optional.of(this), then);
        } catch (UncheckedIOException e) { // the client sees that it is not whole
            LOG.error("A stored body could not be read", e);
            var _ = context.close();
        }
    }

    private ByteBuf next(ChannelHandlerContext context) {
        var size = (int) Math.min(PIECE, length - sent);
        var piece = context.alloc().directBuffer(size, size);
        try {
            for (var read = 0; read < size;) {
                read += piece.writeBytes(file, sent + read, size - read);
            }
        } catch (IOException e) {
            piece.release();
            close();
            throw new UncheckedIOException(e);
        }
        sent += size;
        return piece;
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
