package roster.base.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import java.util.regex.Pattern;

/// Reads the heads of requests: the library parses them, and what it would let through is refused here.
///
/// If a server and a proxy disagree about where a request ends, requests can be smuggled. So a head is held back until it is
/// complete, and refused unless it follows RFC 9112 to the letter. What comes behind it stays unread until [Connection]
/// wants it.
final class Head extends HttpRequestDecoder {
    private static final Pattern VERSION = Pattern.compile("HTTP/[0-9]\\.[0-9]");
    private static final int MAJOR = "HTTP/".length();
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

    private final Connection connection;
    private final Limits limits;
    private boolean decoding;

    /// Where to look for the next line feed, and where its line begins: counted from the beginning of the head.
    private int searched;
    private int line;

    /// The head that is being parsed: its first byte.
    private ByteBuf bytes;
    private int first;

    /// A head that is refused.
    static final class Bad extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final int status;

        /// @param status of the answer
        Bad(int status) {
            super(Integer.toString(status), null, false, false);
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    Head(Connection connection, Limits limits) {
        // Our own limits are smaller.
        super(new HttpDecoderConfig().setMaxInitialLineLength(limits.headBytes()).setMaxHeaderSize(limits.headBytes())
            .setStrictLineParsing(true));
        this.connection = connection;
        this.limits = limits;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        decoding = true;
        try {
            super.channelRead(context, message);
        } finally {
            decoding = false;
        }
    }

    /// The library would forget what has arrived and was not wanted yet.
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        context.fireUserEventTriggered(event);
    }

    /// Whether this object is further up in the call stack, and will look at the rest of what has arrived.
    boolean isDecoding() {
        return decoding;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
        if (!context.channel().isActive()) {
            in.skipBytes(in.readableBytes()); // the library shows what is left over
            return;
        }
        switch (connection.wants()) {
            case HEAD -> head(context, in, out);
            case BODY -> connection.content(in);
            case NOTHING -> connection.pause();
            case REST -> connection.discard(in);
        }
    }

    private void head(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
        while (startsWithEmptyLine(in)) {
            in.skipBytes(2);
        }
        if (!in.isReadable()) {
            return;
        }
        connection.beginHead();
        try {
            if (!isComplete(in)) {
                connection.awaitHead();
            } else {
                bytes = in;
                first = in.readerIndex();
                super.decode(context, in, out);
            }
        } catch (Bad e) {
            in.skipBytes(in.readableBytes());
            connection.refuse(e.status());
        }
    }

    /// Whether there is a line that some clients send behind a body (RFC 9112, 2.2).
    private boolean startsWithEmptyLine(ByteBuf in) {
        return searched == 0 && in.readableBytes() >= 2 && in.getByte(in.readerIndex()) == '\r'
            && in.getByte(in.readerIndex() + 1) == '\n';
    }

    /// Whether the empty line at the end of the head has arrived.
    private boolean isComplete(ByteBuf in) {
        var begin = in.readerIndex();
        if (searched == 0) {
            if (in.readableBytes() == 1 && in.getByte(begin) == '\r') {
                return false; // perhaps of an empty line
            }
            if (!isOfToken(in.getByte(begin))) {
                throw new Bad(400);
            }
        }
        while (true) {
            var feed = in.indexOf(begin + searched, in.writerIndex(), (byte) '\n');
            var length = (feed < 0 ? in.writerIndex() : feed + 1) - begin;
            if (line == 0 && length > limits.lineBytes() + 2) {
                throw new Bad(414);
            }
            if (length > limits.headBytes()) {
                throw new Bad(431);
            }
            if (feed < 0) {
                searched = length;
                return false;
            }
            if (feed == begin + line || in.getByte(feed - 1) != '\r') {
                throw new Bad(400);
            }
            if (feed - 1 == begin + line) {
                searched = 0;
                line = 0;
                return true;
            }
            if (in.getByte(begin + line) == ' ' || in.getByte(begin + line) == '\t') {
                throw new Bad(400); // continues the line before
            }
            line = length;
            searched = length;
        }
    }

    /// Called with the words of the request line. The library takes any blanks between them.
    @Override
    protected HttpMessage createMessage(String[] words) throws Exception {
        var method = words[0].length();
        var target = words[1].length();
        if (bytes.getByte(first + method) != ' ' || bytes.getByte(first + method + 1 + target) != ' '
            || bytes.getByte(first + method + target + words[2].length() + 2) != '\r' || !isToken(words[0])) {
            throw new Bad(400);
        }
        words[2] = version(words[2]).text();
        return super.createMessage(words);
    }

    /// The version to answer in: every minor version means the same (RFC 9112, 2.3), but that 1.0 closes connections.
    ///
    /// @throws Bad 400 if it is none, 505 for another protocol, such as HTTP/2 without TLS
    private static HttpVersion version(String sent) {
        if (sent.equals(HttpVersion.HTTP_1_1.text())) {
            return HttpVersion.HTTP_1_1;
        }
        if (!VERSION.matcher(sent).matches()) {
            throw new Bad(400);
        }
        if (sent.charAt(MAJOR) != '1') {
            throw new Bad(505);
        }
        return sent.equals(HttpVersion.HTTP_1_0.text()) ? HttpVersion.HTTP_1_0 : HttpVersion.HTTP_1_1;
    }

    private static boolean isToken(String method) {
        for (var i = 0; i < method.length(); i++) {
            if (!isOfToken((byte) method.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /// Whether a method can have this letter (RFC 9110, 5.6.2).
    private static boolean isOfToken(byte b) {
        return b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || TOKEN_MARKS.indexOf(b) >= 0;
    }

    /// Called with the whole head. Lets the library believe that every request ends with it: [Body] reads what follows.
    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage message) {
        connection.framed(Framing.of(message, limits));
        return true;
    }
}
