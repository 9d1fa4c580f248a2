package roster.base.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.RejectedExecutionHandlers;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;

/// How sockets are waited for: by Linux's own interface where the library has a native file for it, else by Java's.
record Transport(IoHandlerFactory waiting, Class<? extends ServerSocketChannel> server) {
    /// After so long a loop looks at its connections, whatever tasks it has left.
    private static final long TASKS_MILLIS = 1;

    /// Bytes of an answer that the system may copy before the client is ready for them, where the transport can limit them.
    ///
    /// Without it the system takes megabytes of each answer, which no budget counts, and the loop that copies them does
    /// nothing else for a millisecond. What is on its way to a client that reads is not limited.
    private static final int NOT_SENT_BYTES = 128 << 10;

    static Transport best() {
        return Epoll.isAvailable() ? new Transport(KeptWatch.newFactory(), EpollServerSocketChannel.class)
            : new Transport(NioIoHandler.newFactory(), NioServerSocketChannel.class);
    }

    /// Threads that read and write.
    ///
    /// The library would do a second of tasks before it looks at connections again. Requests that clients send ahead are tasks that
    /// lead to tasks: while some had such requests left, a request of another client would not even be read.
    MultiThreadIoEventLoopGroup loops(int number, ThreadFactory threads) {
        return new MultiThreadIoEventLoopGroup(number, threads, waiting) {
            @Override
            protected IoEventLoop newChild(Executor executor, IoHandlerFactory factory, Object... more) {
                return new SingleThreadIoEventLoop(this, executor, factory, Integer.MAX_VALUE,
                    RejectedExecutionHandlers.reject(), TASKS_MILLIS);
            }
        };
    }

    /// Sets what connections have in common.
    ServerBootstrap set(ServerBootstrap bootstrap) {
        bootstrap.channel(server)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        return server == EpollServerSocketChannel.class
            ? bootstrap.childOption(EpollChannelOption.TCP_NOTSENT_LOWAT, (long) NOT_SENT_BYTES) : bootstrap;
    }
}
