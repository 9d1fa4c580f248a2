package roster;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.slf4j.event.KeyValuePair;
import roster.base.json.Json;
import tools.jackson.core.JsonGenerator;

/// Writes each event as one JSON object on a line of its own: `timestamp`, `level`, `logger` and `message`, then the
/// `stack_trace` of a failure, and the key-value pairs as members, numbers and booleans as such. A pair that is called like
/// one of these gets an underscore in front.
///
/// Nearly every request is a line, so it is written without a tree or a map between.
final class JsonLines extends EncoderBase<ILoggingEvent> {
    private static final byte[] NONE = {};
    private static final Set<String> USUAL = Set.of("timestamp", "level", "logger", "message", "stack_trace");

    /// A second as the API writes times, up to the fraction. Many lines share it, and formatting a time takes as long as
    /// the rest of a line.
    private record Second(long epoch, String text) {}

    private volatile Second latest = new Second(Long.MIN_VALUE, "");

    @Override
    public byte[] headerBytes() {
        return NONE;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        var line = Json.bytes((Json.Writable) json -> write(json, event));
        var ended = Arrays.copyOf(line, line.length + 1);
        ended[line.length] = '\n';
        return ended;
    }

    private void write(JsonGenerator json, ILoggingEvent event) {
        json.writeStartObject();
        json.writeStringProperty("timestamp", time(event.getInstant()));
        json.writeStringProperty("level", event.getLevel().toString());
        json.writeStringProperty("logger", event.getLoggerName());
        json.writeStringProperty("message", text(event.getFormattedMessage()));
        if (event.getThrowableProxy() != null) {
            json.writeStringProperty("stack_trace", text(ThrowableProxyUtil.asString(event.getThrowableProxy())));
        }
        if (event.getKeyValuePairs() != null) {
            for (var pair : event.getKeyValuePairs()) {
                write(json, pair);
            }
        }
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, KeyValuePair pair) {
        json.writeName(USUAL.contains(pair.key) ? "_" + pair.key : text(pair.key));
        switch (pair.value instanceof Optional<?> maybe ? maybe.orElse(null) : pair.value) {
            case null -> json.writeNull();
            case Integer number -> json.writeNumber(number);
            case Long number -> json.writeNumber(number);
            case Double number -> json.writeNumber(number);
            case Boolean is -> json.writeBoolean(is);
            case Object other -> json.writeString(text(other.toString()));
        }
    }

    /// As [Json#time].
    private String time(Instant instant) {
        var second = latest;
        if (second.epoch() != instant.getEpochSecond()) {
            var whole = Json.time(instant);
            second = new Second(instant.getEpochSecond(), whole.substring(0, whole.indexOf('.') + 1));
            latest = second;
        }
        return second.text() + Integer.toString(1_000_000 + instant.getNano() / 1000).substring(1) + "+00:00";
    }

    /// Half of a surrogate pair, as a client may send it, has no form in UTF-8.
    private static String text(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
            }
        }
        return text;
    }

    @Override
    public byte[] footerBytes() {
        return NONE;
    }
}
