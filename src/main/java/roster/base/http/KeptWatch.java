package roster.base.http;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;

/// Linux's own interface, as the library uses it, but for one fault (4.2.18): a connection that has nothing to wait for is no
/// longer watched, and cannot be watched again. So one whose client had said its last word was closed in the middle of an
/// answer that the client took slowly. Here it waits for errors instead, of which the system tells in any case.
record KeptWatch(IoHandler library) implements IoHandler {
    static IoHandlerFactory newFactory() {
        var factory = EpollIoHandler.newFactory();
        return executor -> new KeptWatch(factory.newHandler(executor));
    }

    private record Registration(IoRegistration library) implements IoRegistration {
        @Override
        public long submit(IoOps ops) {
            return library.submit(ops.equals(EpollIoOps.NONE) ? EpollIoOps.EPOLLERR : ops);
        }

        @Override
        public <T> T attachment() {
            return library.attachment();
        }

        @Override
        public boolean isValid() {
            return library.isValid();
        }

        @Override
        public boolean cancel() {
            return library.cancel();
        }
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return new Registration(library.register(handle));
    }

    @Override
    public void initialize() {
        library.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
        return library.run(context);
    }

    @Override
    public void wakeup() {
        library.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handle) {
        return library.isCompatible(handle);
    }

    @Override
    public void prepareToDestroy() {
        library.prepareToDestroy();
    }

    @Override
    public void destroy() {
        library.destroy();
    }
}
