package roster.base.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Requests that clients send before they have read an answer are tasks of a loop, each of which leads to the next.
class AheadTest {
    private static final int ASKED = 9;

    /// The loop looks at the clock after every 64 tasks.
    private static final long TASKS_MAX = 200;

    private final AtomicLong tasks = new AtomicLong();
    private final BlockingQueue<Long> read = new LinkedBlockingQueue<>();

    private final class Reading extends ChannelInboundHandlerAdapter {
        @Override
        public boolean isSharable() {
            return true;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ReferenceCountUtil.release(message);
            read.add(tasks.get());
        }
    }

    /// Counts tasks rather than time, so that it holds on a slow machine.
    @Test
    @Timeout(60)
    void do_not_keep_others_from_being_read() throws Exception {
        var transport = Transport.best();
        try (EventLoopGroup loops = transport.loops(1, new DefaultThreadFactory("ahead", true))) {
            var server = new ServerBootstrap().group(loops).channel(transport.server()).childHandler(new Reading())
                .bind(new InetSocketAddress("127.0.0.1", 0)).sync().channel();
            try (var client = new Socket()) {
                client.connect(server.localAddress());
                client.getOutputStream().write(1);
                assertThat(read.poll(10, TimeUnit.SECONDS)).as("of an idle loop").isNotNull();
                loops.execute(() -> again(loops));

                var between = new ArrayList<Long>();
                for (var i = 0; i < ASKED; i++) {
                    var before = tasks.get();
                    client.getOutputStream().write(1);
                    between.add(read.take() - before);
                }
                assertThat(between.stream().sorted().toList().get(ASKED / 2)).as("of %s", between)
                    .isLessThan(TASKS_MAX);
            }
        }
    }

    /// One task after the other, none of them long.
    private void again(EventLoopGroup loops) {
        tasks.incrementAndGet();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        if (!loops.isShuttingDown()) {
            loops.execute(() -> again(loops));
        }
    }
}
