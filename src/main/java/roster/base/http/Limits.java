package roster.base.http;

import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;

/// What one client may take of the server. Where a limit is passed the client gets its error, if he can still hear it,
/// and the connection is closed.
///
/// @param bodyBytes of a request's body, decoded: 413 beyond
/// @param headBytes of request line and headers together, give or take one network read: 431 beyond
/// @param lineBytes of the request line: 414 beyond
/// @param headers different names of headers: 431 beyond
/// @param connections open at once; more wait to be accepted. Fewer where the process may open few files
/// @param headTime from a request's first byte to the end of its headers, in total: 408 beyond
/// @param bodyTime from [Request#body()] to the body's last byte, in total: 408 beyond
/// @param idleTime between two requests, or before the first
/// @param writeTime for an answer to be taken by the network
/// @param lingerTime for which the rest of a refused body is thrown away before the connection is closed
public record Limits(
    int bodyBytes,
    int headBytes,
    int lineBytes,
    int headers,
    int connections,
    Duration headTime,
    Duration bodyTime,
    Duration idleTime,
    Duration writeTime,
    Duration lingerTime) {

    public static final Limits STANDARD = new Limits(1 << 20, 16 << 10, 8 << 10, 100, 8192, Duration.ofSeconds(10),
        Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofSeconds(2));

    /// How often to look for clients that are over their time.
    Duration tick() {
        var shortest = Stream.of(headTime, bodyTime, idleTime, writeTime).min(Comparator.naturalOrder()).orElseThrow();
        var eighth = shortest.dividedBy(8);
        var half = Duration.ofMillis(500);
        return eighth.compareTo(half) < 0 ? eighth : half;
    }

    public Limits withTimes(Duration head, Duration body, Duration idle, Duration write, Duration linger) {
        return new Limits(bodyBytes, headBytes, lineBytes, headers, connections, head, body, idle, write, linger);
    }

    public Limits withBodyBytes(int most) {
        return new Limits(most, headBytes, lineBytes, headers, connections, headTime, bodyTime, idleTime, writeTime,
            lingerTime);
    }

    public Limits withConnections(int most) {
        return new Limits(bodyBytes, headBytes, lineBytes, headers, most, headTime, bodyTime, idleTime, writeTime,
            lingerTime);
    }
}
