package roster.base.http;

import io.helidon.common.socket.SocketOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Captures the channels of accepted connections.
///
/// The library exposes a connection only as a socket that can be closed as a whole. Answering before hanging up needs
/// half of that: to stop reading from a slow client, or to stop writing to one that is still sending. The library lets
/// this object configure each new channel; it keeps the channel until its connection takes it.
final class Channels implements SocketOptions {
    private final SocketOptions options = SocketOptions.builder().tcpNoDelay(true).build();
    private final Map<Ends, SocketChannel> accepted = new ConcurrentHashMap<>();

    private record Ends(SocketAddress here, SocketAddress there) {}

    @Override
    public void configureSocket(SocketChannel channel) {
        options.configureSocket(channel);
        try {
            accepted.put(new Ends(channel.getLocalAddress(), channel.getRemoteAddress()), channel);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // the library then closes this channel and accepts the next
        }
    }

    /// Returns and forgets the channel between two addresses. Null the second time.
    SocketChannel take(SocketAddress here, SocketAddress there) {
        return accepted.remove(new Ends(here, there));
    }

    @Override
    public Map<SocketOption<?>, Object> socketOptions() {
        return options.socketOptions();
    }

    @Override
    public Duration connectTimeout() {
        return options.connectTimeout();
    }

    @Override
    public Duration readTimeout() {
        return options.readTimeout();
    }

    @Override
    public Optional<Integer> socketReceiveBufferSize() {
        return options.socketReceiveBufferSize();
    }

    @Override
    public Optional<Integer> socketSendBufferSize() {
        return options.socketSendBufferSize();
    }

    @Override
    public boolean socketReuseAddress() {
        return options.socketReuseAddress();
    }

    @Override
    public boolean socketKeepAlive() {
        return options.socketKeepAlive();
    }

    @Override
    public boolean tcpNoDelay() {
        return options.tcpNoDelay();
    }
}
