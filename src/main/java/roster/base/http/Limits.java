package roster.base.http;

import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;

/// Limits on what one client may use. A client that exceeds one gets an error, if it can still receive it, and the
/// connection is closed.
///
/// @param bodyBytes size of a request body, decoded; 413 beyond
/// @param headBytes size of request line and headers together, within one network read; 431 beyond
/// @param lineBytes size of the request line; 414 beyond
/// @param headers number of distinct header names; 431 beyond
/// @param connections open connections; more wait to be accepted. Lower if the process may open only few files
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
    Duration headTime,
    Duration bodyTime,
    Duration idleTime,
    Duration writeTime,
    Duration lingerTime) {

    public static final Limits STANDARD = new Limits(1 << 20, 16 << 10, 8 << 10, 100, 8192, Duration.ofSeconds(10),
        Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofSeconds(2));

    /// How often to look for connections that have exceeded a time limit.
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
