package roster.foreign;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What a replay knows so far: which of our ids stands for which recorded one, what the requests said, and how much
/// later than the recording it takes place.
final class Learned {
    private static final Pattern UUID =
        Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'");

    private final Map<String, String> ids = new HashMap<>();
    private final Set<String> made = new HashSet<>();
    private final Set<String> sent = new HashSet<>();
    private final Set<String> flags = new HashSet<>();
    private final Duration later;

    /// @param at when it was recorded, if that is known
    Learned(Optional<Instant> at) {
        later = at.map(instant -> Duration.between(instant, Instant.now())).orElse(Duration.ZERO);
    }

    static boolean isUuid(String text) {
        return UUID.matcher(text).matches();
    }

    static Optional<Instant> time(String text) {
        try {
            return text.indexOf('T') == 10 ? Optional.of(OffsetDateTime.parse(text).toInstant()) : Optional.empty();
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /// The first id met for a recorded one stays.
    void learn(String recorded, String ours) {
        ids.putIfAbsent(recorded, ours);
    }

    boolean knows(String recorded) {
        return ids.containsKey(recorded);
    }

    /// The recording itself makes the thing with this id.
    void makes(String recorded) {
        made.add(recorded);
    }

    boolean made(String recorded) {
        return made.contains(recorded);
    }

    /// Takes in what a request says.
    void sends(JsonNode body) {
        if (body.isString()) {
            sends(body.asString());
        }
        body.properties().forEach(member -> {
            if (member.getValue().isBoolean()) {
                flags.add(member.getKey() + member.getValue());
            }
            sends(member.getValue());
        });
        if (body.isArray()) {
            body.forEach(this::sends);
        }
    }

    void sends(String text) {
        sent.add(text.toLowerCase(Locale.ROOT));
    }

    boolean sent(String recorded) {
        return sent.contains(recorded.toLowerCase(Locale.ROOT));
    }

    /// Whether a request said this moment, in whatever form.
    boolean sentTime(String recorded) {
        var moment = time(recorded);
        return sent.stream().map(text -> time(text.toUpperCase(Locale.ROOT))).anyMatch(moment::equals);
    }

    boolean sent(String member, JsonNode flag) {
        return flags.contains(member + flag);
    }

    /// What stands for a recorded text here: ids become ours wherever they occur, a time is moved.
    String live(String recorded) {
        var whole = ids.get(recorded);
        if (whole != null) {
            return whole;
        }
        return time(recorded).map(this::moved).map(time -> TIME.format(time.atOffset(ZoneOffset.UTC))).orElseGet(
            () -> UUID.matcher(recorded).replaceAll(id -> ids.getOrDefault(id.group(), id.group())));
    }

    Instant moved(Instant recorded) {
        return recorded.plus(later);
    }

    JsonNode live(JsonNode recorded) {
        return switch (recorded) {
            case ObjectNode object -> {
                var live = JsonNodeFactory.instance.objectNode();
                object.properties().forEach(member -> live.set(member.getKey(), live(member.getValue())));
                yield live;
            }
            case ArrayNode array -> {
                var live = JsonNodeFactory.instance.arrayNode();
                array.forEach(entry -> live.add(live(entry)));
                yield live;
            }
            default -> recorded.isString() ? JsonNodeFactory.instance.stringNode(live(recorded.asString())) : recorded;
        };
    }
}
