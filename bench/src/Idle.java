import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The memory that connections take which have been answered once and then do nothing.
final class Idle {
    private static final int CONNECTIONS = 10_000;
    private static final int TIMES = 3;
    private static final byte[] REQUEST = "GET /health/live HTTP/1.1\r\nHost: bench\r\n\r\n"
        .getBytes(StandardCharsets.US_ASCII);

    private static final Pattern GENERATION =
        Pattern.compile("(?:DefNew|Tenured) .*used ([0-9]+)K \\[0x([0-9a-f]+), 0x[0-9a-f]+, 0x([0-9a-f]+)\\)");
    private static final Pattern MAPPING = Pattern.compile("^([0-9a-f]+)-[0-9a-f]+ [-rwxsp]{4} ");

    private static final Pattern OPEN = Pattern.compile("(?m)^roster_http_connections ([0-9.]+)");

    private final Stage stage;

    Idle(Stage stage) {
        this.stage = stage;
    }

    void run() {
        var before = kibibytes();
        var each = new ArrayList<Double>();
        for (int i = 0; i < TIMES; i++) {
            each.add((withConnections() - before) / (double) CONNECTIONS);
        }
        stage.report().row("idle-connections", "memory of a connection that is idle", "", Series.Spread.of(each),
            Report.Aim.atMost(6, "KiB"), "%,d of them at a time, on the heap and outside, after a collection"
                .formatted(CONNECTIONS),
            "");
    }

    /// In KiB.
    private long withConnections() {
        while (Double.parseDouble(RosterServer.first(OPEN, stage.roster().get(stage.large(), "/metrics").body())) > 100) {
            Main.pause(100); // those of the round before are still being closed
        }
        var open = new ArrayList<SocketChannel>();
        try {
            var url = URI.create(stage.roster().address());
            var buffer = ByteBuffer.allocate(4096);
            for (int i = 0; i < CONNECTIONS; i++) {
                var channel = SocketChannel.open();
                open.add(channel);
                // One address may have half of all connections.
                channel.bind(new InetSocketAddress("127.0.0." + (2 + i % 4), 0));
                channel.connect(new InetSocketAddress(url.getHost(), url.getPort()));
                channel.write(ByteBuffer.wrap(REQUEST));
                if (channel.read(buffer.clear()) <= 0) {
                    throw new Started.Failed("connection %d was not answered".formatted(i));
                }
            }
            return kibibytes();
        } catch (IOException e) {
            throw new Started.Failed("%d connections were opened: %s".formatted(open.size(), e));
        } finally {
            for (var channel : open) {
                try {
                    channel.close();
                } catch (IOException e) {
                    throw new Started.Failed(e.toString());
                }
            }
        }
    }

    /// What is alive on the heap, and all that the process has in memory outside of it.
    private long kibibytes() {
        var pid = Long.toString(stage.roster().pid());
        var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        stage.started().run(Map.of(), jcmd, pid, "GC.run");
        var heap = stage.started().run(Map.of(), jcmd, pid, "GC.heap_info").lines()
            .map(GENERATION::matcher).filter(Matcher::find).toList();
        if (heap.isEmpty()) {
            throw new Started.Failed("the server must run with the serial collector, which its launcher selects");
        }
        var used = heap.stream().mapToLong(one -> Long.parseLong(one.group(1))).sum();
        var start = heap.stream().mapToLong(one -> Long.parseUnsignedLong(one.group(2), 16)).min().orElseThrow();
        var end = heap.stream().mapToLong(one -> Long.parseUnsignedLong(one.group(3), 16)).max().orElseThrow();
        try {
            var outside = false;
            for (var line : Files.readAllLines(Path.of("/proc", pid, "smaps"))) {
                var mapping = MAPPING.matcher(line);
                if (mapping.find()) {
                    var address = Long.parseUnsignedLong(mapping.group(1), 16);
                    outside = address < start || address >= end;
                } else if (outside && line.startsWith("Rss:")) {
                    used += Long.parseLong(line.replaceAll("[^0-9]", ""));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return used;
    }
}
