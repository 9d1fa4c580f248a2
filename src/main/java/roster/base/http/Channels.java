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

/// Gets hold of the channels of accepted connections.
///
/// The library shows of a connection only a socket that can be closed. To say why before one hangs up takes half of
/// that: no longer listening to a slow client, or no longer speaking to one who is still sending. So this stands where
/// the library has each new channel configured, and keeps it until its connection asks for it.
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
            throw new UncheckedIOException(e); // the library closes this channel then, and accepts the next
        }
    }

    /// The channel between two addresses; once.
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
