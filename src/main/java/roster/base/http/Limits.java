package roster.base.http;

import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;

/// Limits on what one client may use. A client that exceeds one gets an error, if it can still receive it, and the
/// connection is closed.
///
/// @param bodyBytes size of a request body, decoded; 413 beyond
/// @param headBytes size of request line and headers together; 431 beyond
/// @param lineBytes size of the request line; 414 beyond
/// @param headers number of distinct header names; 431 beyond
/// @param connections open connections. Of more, the one that has been idle for longest is closed; if none is, they wait to be
///     accepted. Lower if the process may open only few files
/// @param connectionsOfOne how many of them one address may have, unless it is a trusted proxy's; more are closed
/// @param bytes size of all heads, bodies and answers that are in memory at the same time; 503 beyond, and for an organisation
///     that has as many of bodies and answers as are left
/// @param bytesOfOne how many of them one address may use, unless it is a trusted proxy's; 503 beyond
/// @param headTime total time from the first byte of a request to the end of its headers; 408 beyond
/// @param bodyTime total time from [Request#body()] to the last byte of the body; 408 beyond
/// @param idleTime time between two requests, or before the first
/// @param writeTime time for the network to accept a response
/// @param lingerTime how long the rest of a refused body is discarded before the connection is closed
public record Limits(
    int bodyBytes,
    int headBytes,
    int lineBytes,
    int headers,
    int connections,
    int connectionsOfOne,
    long bytes,
    long bytesOfOne,
    Duration headTime,
    Duration bodyTime,
    Duration idleTime,
    Duration writeTime,
    Duration lingerTime) {

    public static final Limits STANDARD = ofHeap(Runtime.getRuntime().maxMemory());

    /// The limits of a process with a heap of so many bytes: connections and bytes are in proportion to it.
    static Limits ofHeap(long heap) {
        var connections = Math.clamp(heap / (64 << 10), 1024, 65536);
        return new Limits(1 << 20, 16 << 10, 8 << 10, 100, connections, connections / 2, heap / 8, heap / 16,
            Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(650), Duration.ofSeconds(30),
            Duration.ofSeconds(2));
    }

    /// How often to look for connections that have exceeded a time limit.
    Duration tick() {
        var shortest = Stream.of(headTime, bodyTime, idleTime, writeTime).min(Comparator.naturalOrder()).orElseThrow();
        var eighth = shortest.dividedBy(8);
        var half = Duration.ofMillis(500);
        return eighth.compareTo(half) < 0 ? eighth : half;
    }

    public Limits withTimes(Duration head, Duration body, Duration idle, Duration write, Duration linger) {
        return new Limits(bodyBytes, headBytes, lineBytes, headers, connections, connectionsOfOne, bytes, bytesOfOne,
            head,
            body, idle, write, linger);
    }

    public Limits withIdleTime(Duration idle) {
        return withTimes(headTime, bodyTime, idle, writeTime, lingerTime);
    }

    public Limits withBodyBytes(int most) {
        return new Limits(most, headBytes, lineBytes, headers, connections, connectionsOfOne, bytes, bytesOfOne,
            headTime,
            bodyTime, idleTime, writeTime, lingerTime);
    }

    /// The limits of a process that can have fewer connections: each address may have fewer, too.
    ///
    /// @param possible how many connections there can be
    Limits within(int possible) {
        return possible >= connections ? this
            : withConnections(possible, (int) Math.max(1, (long) connectionsOfOne * possible / connections));
    }

    public Limits withConnections(int most, int mostOfOne) {
        return new Limits(bodyBytes, headBytes, lineBytes, headers, most, mostOfOne, bytes, bytesOfOne, headTime,
            bodyTime,
            idleTime, writeTime, lingerTime);
    }

    public Limits withBytes(long most, long mostOfOne) {
        return new Limits(bodyBytes, headBytes, lineBytes, headers, connections, connectionsOfOne, most, mostOfOne,
            headTime,
            bodyTime, idleTime, writeTime, lingerTime);
    }
}
