package roster;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import roster.base.json.Json;

/// Writes each event as one JSON object on a line of its own: `timestamp`, `level`, `logger` and `message`, then the
/// key-value pairs as members, numbers and booleans as such, and the `stack_trace` of a failure. A pair that is called like
/// one of these gets an underscore in front.
final class JsonLines extends EncoderBase<ILoggingEvent> {
    private static final byte[] NONE = {};

    @Override
    public byte[] headerBytes() {
        return NONE;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        var members = new LinkedHashMap<String, Object>();
        members.put("timestamp", event.getInstant());
        members.put("level", event.getLevel().toString());
        members.put("logger", event.getLoggerName());
        members.put("message", text(event.getFormattedMessage()));
        var failure = Optional.ofNullable(event.getThrowableProxy())
            .map(proxy -> text(ThrowableProxyUtil.asString(proxy)));
        failure.ifPresent(trace -> members.put("stack_trace", trace));
        if (event.getKeyValuePairs() != null) {
            event.getKeyValuePairs().forEach(pair -> add(members, text(pair.key), pair.value));
        }
        var line = Json.bytes(members);
        var ended = Arrays.copyOf(line, line.length + 1);
        ended[line.length] = '\n';
        return ended;
    }

    private static void add(Map<String, Object> members, String key, Object paired) {
        var value = paired instanceof Optional<?> maybe ? maybe.orElse(null) : paired;
        var plain = value == null || value instanceof Number || value instanceof Boolean ? Optional.ofNullable(value)
            : text(value);
        if (members.putIfAbsent(key, plain) != null) {
            members.put("_" + key, plain);
        }
    }

    /// Half of a surrogate pair, as a client may send it, has no form in UTF-8.
    private static String text(Object value) {
        var text = String.valueOf(value);
        return text.chars().anyMatch(c -> Character.isSurrogate((char) c))
            ? new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8) : text;
    }

    @Override
    public byte[] footerBytes() {
        return NONE;
    }
}
