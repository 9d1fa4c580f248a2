package roster.base.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import roster.base.http.Progress.Phase;
import roster.model.Problem;
import roster.model.Refused;

/// One connection: reads a request, has it answered, and only then looks at the next one.
///
/// Everything here runs on the connection's event loop, except what is said to run on the thread of the request. Each phase
/// of a request has a limit on its total time, however often a byte arrives; [WebServer] looks for those that exceed it.
final class Connection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int LINGER_BYTES_MAX = 16 << 20;

    private final SocketChannel channel;
    private final Exchange exchange;
    private final Limits limits;
    private final InetAddress peer;
    private final Held held;
    private final OpenConnections others;
    private final Progress progress = new Progress();
    private final Head head;
    private ChannelHandlerContext context;

    private volatile Thread handling;
    private volatile ClientLeaving client = new ClientLeaving();
    private volatile boolean leaving;
    private Framing framing;
    private Body body;
    private boolean inputEnded;
    private boolean paused;
    private long lingered;

    Connection(SocketChannel channel, Exchange exchange, Limits limits, Budget budget, OpenConnections others) {
        this.channel = channel;
        this.exchange = exchange;
        this.limits = limits;
        this.others = others;
        this.peer = channel.remoteAddress().getAddress();
        this.held = new Held(budget, peer);
        this.head = new Head(this, limits);
    }

    Head head() {
        return head;
    }

    InetAddress peer() {
        return peer;
    }

    /// What it has taken of the memory for requests and answers.
    Held held() {
        return held;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext its) {
        context = its;
    }

    @Override
    public void channelActive(ChannelHandlerContext its) {
        progress.begin(Phase.IDLE, limits.idleTime());
    }

    @Override
    public void channelInactive(ChannelHandlerContext its) {
        progress.stop();
        client.left();
        if (body != null) {
            body.fail(new Problem.BadRequest()); // the client is gone and will not see the answer
        }
    }

    Progress.Wants wants() {
        return progress.wants();
    }

    /// The client sends more while it is being answered: it has to wait.
    void pause() {
        paused = true;
        channel.config().setAutoRead(false);
    }

    /// Looks at what has arrived meanwhile.
    private void proceed() {
        if (paused) {
            paused = false;
            channel.config().setAutoRead(!inputEnded);
            look();
        }
        if (inputEnded && !head.isDecoding()) {
            endOfInput();
        }
    }

    private void look() {
        if (head.isDecoding()) {
            return; // it goes on by itself
        }
        try {
            head.channelRead(channel.pipeline().context(head), Unpooled.EMPTY_BUFFER);
        } catch (Exception e) {
            exceptionCaught(context, e);
        }
    }

    void beginHead() {
        if (progress.is(Phase.IDLE)) {
            progress.begin(Phase.HEAD, limits.headTime());
        }
    }

    /// The head is not complete: from now on it takes memory while nothing happens. Where too many are waited for, the one that
    /// has been for longest has to go: a client that is alive sends the rest at once.
    void awaitHead() {
        if (!held.hasHead()) {
            if (!held.takeHead(limits.headBytes())) {
                throw new Head.Bad(503);
            }
            others.refuseHeadIfMany();
        }
    }

    void framed(Framing its) {
        framing = its;
    }

    @Override
    public void channelRead(ChannelHandlerContext its, Object message) {
        if (!(message instanceof HttpRequest request)) {
            ReferenceCountUtil.release(message); // the end, which the library adds
        } else if (request.decoderResult().isSuccess()) {
            answer(request);
        } else {
            refuse(request.decoderResult().cause() instanceof Head.Bad bad ? bad.status() : 400);
        }
    }

    private void answer(HttpRequest request) {
        progress.beginAnswer();
        var its = new Body(this, framing, limits.bodyBytes());
        body = its;
        var waiting = new ClientLeaving();
        client = waiting;
        var id = exchange.newId();
        exchange.start(request, peer, () -> {
            handling = Thread.currentThread();
            if (!channel.isOpen()) {
                return; // no client waits for the answer any more
            }
            var answer = exchange.answer(request, id, peer, its, waiting);
            handling = null;
            onLoop(() -> LargeAnswers.inTurn(channel.eventLoop(), held.whose(), answer.length(),
                () -> respond(request, answer, id), e -> exceptionCaught(context, e)));
        });
    }

    private void onLoop(Runnable task) {
        try {
            channel.eventLoop().execute(() -> {
                try {
                    task.run();
                } catch (Throwable e) {
                    exceptionCaught(context, e); // as if there is no memory left for an answer
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("The server has stopped, and with it the connection", e);
        }
    }

    /// Interrupts the handler, and ends the connection first, so that nothing an interrupted handler answers is sent.
    void abort() {
        var _ = channel.close().addListener(_ -> {
            var thread = handling;
            if (thread != null) {
                thread.interrupt();
            }
        });
    }

    private void hangUp() {
        var _ = channel.close(); // fails only where the connection is closed already
    }

    /// Runs on the thread of the request: from now on, the body is read.
    ///
    /// @param asked whether the client waits for `100 Continue`
    void receive(boolean asked) {
        onLoop(() -> {
            if (asked) {
                var _ = context.writeAndFlush(Unpooled.wrappedBuffer(CONTINUE)); // if it fails, so does the body
            }
            if (!channel.isActive()) {
                body.fail(new Problem.BadRequest());
                return;
            }
            progress.begin(Phase.BODY, limits.bodyTime());
            proceed();
        });
    }

    /// Takes more of the body.
    void content(ByteBuf in) {
        try {
            if (body.take(in)) {
                progress.beginAnswer();
            }
        } catch (Refused e) {
            progress.beginAnswer();
        }
    }

    /// Discards what is left of a request.
    void discard(ByteBuf in) {
        if (progress.is(Phase.SKIP)) {
            if (body.skip(in)) {
                next();
            }
            return;
        }
        lingered += in.readableBytes();
        in.skipBytes(in.readableBytes());
        if (lingered > LINGER_BYTES_MAX) {
            hangUp();
        }
    }

    private void respond(HttpRequest request, Response answer, String id) {
        body.close();
        if (!channel.isOpen()) {
            answer.stored().ifPresent(StoredBody::close);
            return; // and what it held is given back
        }
        var length = answer.length() + answer.stored().map(_ -> StoredBody.PIECE).orElse(0);
        var refusable = Held.isLarge(length)
            && (answer.repeatable() || request.method().equals(HttpMethod.GET));
        if (!held.takeAnswer(length, !refusable)) {
            answer.stored().ifPresent(StoredBody::close);
            if (refusable) {
                respond(request, Errors.unavailable(), id);
            } else {
                hangUp();
            }
            return;
        }
        // Behind a CONNECT comes what was meant for the tunnel (RFC 9110, 9.3.6).
        var close = exchange.last() || !framing.keepAlive() || !body.leavesConnectionUsable()
            || request.method().equals(HttpMethod.CONNECT);
        var keep = framing.old() && !close;
        var head = request.method().equals(HttpMethod.HEAD);
        if (head) {
            answer.stored().ifPresent(StoredBody::close);
        }
        write(ResponseBytes.of(context.alloc(), answer, id, head, close, keep), answer.stored().filter(_ -> !head),
            close);
    }

    /// Answers a request whose head is malformed or late, and closes the connection.
    void refuse(int status) {
        var answer = status == 503 ? Errors.unavailable() : Errors.response(status);
        write(ResponseBytes.of(context.alloc(), answer, exchange.newId(), false, true, false), Optional.empty(), true);
    }

    private void write(ByteBuf bytes, Optional<StoredBody> rest, boolean close) {
        progress.begin(Phase.WRITE, rest.map(body -> body.time(limits.writeTime())).orElse(limits.writeTime()));
        StoredBody.send(context, bytes, rest, sent -> written(sent, close));
    }

    private void written(ChannelFuture sent, boolean close) {
        if (!sent.isSuccess()) {
            hangUp();
        } else if (close) {
            linger();
        } else if (body.skip(Unpooled.EMPTY_BUFFER)) {
            next();
        } else {
            progress.begin(Phase.SKIP, limits.bodyTime());
            proceed();
        }
    }

    private void next() {
        held.release();
        body = null;
        framing = null;
        progress.begin(Phase.IDLE, limits.idleTime());
        if (exchange.last()) {
            hangUp();
        } else {
            proceed();
        }
    }

    /// Closes the sending side, then discards what the client still sends. Closing a socket with unread bytes resets
    /// the connection, and the reset could overtake the response that explains why.
    private void linger() {
        held.release();
        progress.begin(Phase.LINGER, limits.lingerTime());
        var _ = channel.shutdownOutput(); // fails only where the client is gone
        proceed();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext its, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded = true;
            endOfInput();
        }
    }

    /// A client that has said its last word may still wait for an answer.
    private void endOfInput() {
        switch (progress.phase()) {
            case IDLE, HEAD, SKIP, LINGER -> hangUp();
            case BODY -> fail(new Problem.BadRequest());
            case ANSWER, WRITE -> client.left(); // and continues after the answer
        }
    }

    private void fail(Problem problem) {
        body.fail(problem);
        progress.beginAnswer();
    }

    /// How long it has been idle, or has been waiting for the rest of a head. May be called by any thread.
    ///
    /// @return 0 if it is in another phase, or leaves already
    Duration since(Phase phase) {
        return leaving ? Duration.ZERO : progress.since(phase);
    }

    /// Makes room for another connection, or another head, if it is still in this phase. May be called by any thread.
    ///
    /// @param busy called if it is not
    void leave(Phase phase, Runnable busy) {
        leaving = true;
        onLoop(() -> {
            if (progress.is(phase)) {
                stop(503);
            } else if (!held.isClosed()) {
                leaving = false;
                busy.run();
            }
        });
    }

    /// Stops waiting for this client. May be called by any thread.
    void stopIfOverdue(boolean last) {
        if (progress.isOverdue(last)) {
            onLoop(() -> {
                if (progress.isOverdue(last)) {
                    stop(408);
                }
            });
        }
    }

    /// @param status that tells why, if there is someone to tell
    private void stop(int status) {
        switch (progress.phase()) {
            case HEAD -> refuse(status);
            case BODY -> fail(new Problem.TooSlow());
            case IDLE, WRITE, SKIP, LINGER -> hangUp();
            case ANSWER -> {
                // The handler takes its time.
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext its, Throwable e) {
        if (!(e instanceof IOException)) { // the client is gone
            LOG.error("A connection failed", e);
        }
        hangUp();
    }
}
