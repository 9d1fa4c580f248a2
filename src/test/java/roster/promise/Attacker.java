package roster.promise;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// The process that attacks: opens all connections as fast as it can, sends what each has to send, and renews those that are
/// answered, refused or closed, slowly enough to leave the processors to the server.
///
/// It takes the attack from standard input, prints a line when it begins, goes on until the input ends, and prints what it
/// heard.
final class Attacker {
    private static final int RENEWED_PER_SECOND = 200;
    private static final int RENEWED_AT_ONCE = 20;

    /// How many connections are opened before the others are looked after.
    private static final int OPENED_AT_ONCE = 256;
    private static final int PAUSE_MILLIS = 10;

    /// The length of `HTTP/1.1 200`.
    private static final int STATUS_BYTES = 12;
    private static final int SMALL_BUFFER = 4096;

    /// The server gives up sending a little earlier, of which nothing is seen without reading.
    private static final long UNREAD_NANOS = Duration.ofSeconds(31).toNanos();

    private final Attack attack;
    private final InetSocketAddress server;
    private final String net;
    private final List<ByteBuffer> requests;
    private final Selector selector = Selector.open();
    private final Queue<Integer> missing;
    private final Queue<Link> unread = new ArrayDeque<>();
    private final TreeMap<Integer, Integer> answers = new TreeMap<>();
    private int never;
    private int open;
    private double renewals;
    private long counted = System.nanoTime();
    private volatile boolean over;

    /// One connection.
    private static final class Link {
        private final int number;
        private final SocketChannel channel;
        private final ByteBuffer unsent;
        private final ByteBuffer status = ByteBuffer.allocate(STATUS_BYTES);
        private boolean open;
        private long unreadSince;

        Link(int number, SocketChannel channel, ByteBuffer unsent) {
            this.number = number;
            this.channel = channel;
            this.unsent = unsent;
        }
    }

    private Attacker(Attack attack, URI server, String net) throws IOException {
        this.attack = attack;
        this.net = net;
        this.server = new InetSocketAddress(server.getHost(), server.getPort());
        requests = attack.requests().stream()
            .map(request -> ByteBuffer.allocateDirect(request.length).put(request).flip()).toList();
        missing = new ArrayDeque<>(IntStream.range(0, attack.connections()).boxed().toList());
        never = attack.connections();
    }

    /// @param args the address of the server, and the net of the attackers
    public static void main(String[] args) throws IOException {
        var in = new DataInputStream(System.in);
        var attacker = new Attacker(Attack.read(in), URI.create(args[0]), args[1]);
        System.out.println(attacker.attack.name());
        Thread.ofPlatform().daemon().start(() -> {
            try {
                in.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                attacker.end();
            }
        });
        attacker.run();
        System.out.println(new Attack.Heard(attacker.open, attacker.answers).line());
    }

    private void end() {
        over = true;
        selector.wakeup();
    }

    private void run() throws IOException {
        while (!over) {
            if (never > 0) {
                open(OPENED_AT_ONCE);
                selector.selectNow(this::look);
            } else {
                open(RENEWED_AT_ONCE);
                selector.select(this::look, PAUSE_MILLIS);
            }
            giveUpUnread();
        }
    }

    private void open(int most) throws IOException {
        var now = System.nanoTime();
        renewals = Math.min(RENEWED_AT_ONCE, renewals + (now - counted) * RENEWED_PER_SECOND / 1e9);
        counted = now;
        for (int i = 0; i < most && !missing.isEmpty() && (never > 0 || renewals >= 1); i++) {
            if (never > 0) {
                never--;
            } else {
                renewals--;
            }
            openOne(missing.remove());
        }
    }

    private void openOne(int number) throws IOException {
        var channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, true); // ports of connections that were closed just now
        if (attack.unread()) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, SMALL_BUFFER);
        }
        channel.bind(new InetSocketAddress(net + (1 + number % attack.addresses()), 0));
        var link = new Link(number, channel, requests.get(number % requests.size()).duplicate());
        var key = channel.register(selector, SelectionKey.OP_CONNECT, link);
        try {
            if (channel.connect(server)) {
                connected(key, link);
            }
        } catch (IOException e) { // the server has ended
            heard(link, 0);
        }
    }

    private void connected(SelectionKey key, Link link) {
        link.open = true;
        open++;
        key.interestOps(
            link.unsent.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }

    private void look(SelectionKey key) {
        var link = (Link) key.attachment();
        try {
            if (key.isConnectable() && link.channel.finishConnect()) {
                connected(key, link);
            } else if (key.isReadable()) {
                read(key, link);
            } else if (key.isWritable()) {
                link.channel.write(link.unsent);
                if (!link.unsent.hasRemaining()) {
                    key.interestOps(SelectionKey.OP_READ);
                }
            }
        } catch (IOException e) {
            heard(link, 0);
        }
    }

    private void read(SelectionKey key, Link link) throws IOException {
        if (link.channel.read(link.status) < 0) {
            heard(link, 0);
        } else if (!link.status.hasRemaining()) {
            var status = Integer.parseInt(new String(link.status.array(), StandardCharsets.US_ASCII).substring(9));
            if (attack.unread() && status / 100 == 2) {
                answers.merge(status, 1, Integer::sum);
                key.interestOps(0);
                link.unreadSince = System.nanoTime();
                unread.add(link);
            } else {
                heard(link, status);
            }
        }
    }

    private void heard(Link link, int status) {
        answers.merge(status, 1, Integer::sum);
        close(link);
    }

    private void close(Link link) {
        open -= link.open ? 1 : 0;
        missing.add(link.number);
        try {
            link.channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void giveUpUnread() {
        while (!unread.isEmpty() && System.nanoTime() - unread.element().unreadSince > UNREAD_NANOS) {
            close(unread.remove());
        }
    }
}
