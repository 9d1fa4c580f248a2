package roster;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;
import roster.base.json.Json;
import tools.jackson.databind.JsonNode;

/// A line of the log for machines: one JSON object, whatever is in the event.
class JsonLinesTest {
    private static LoggingEvent event(String message, Throwable failure) {
        var logger = new LoggerContext().getLogger("roster.some.Class");
        return new LoggingEvent("caller", logger, Level.WARN, message, failure, new Object[0]);
    }

    private static JsonNode line(LoggingEvent event) {
        var bytes = new JsonLines().encode(event);
        assertThat(bytes).endsWith('\n');
        assertThat(new String(bytes, 0, bytes.length - 1)).doesNotContain("\n", "\r");
        return Json.parse(bytes);
    }

    @Test
    void pairs_are_members_of_their_own_types() {
        var event = event("e-mail sent", null);
        var id = UUID.randomUUID();
        event.addKeyValuePair(new KeyValuePair("attempt", 3));
        event.addKeyValuePair(new KeyValuePair("ms", 12L));
        event.addKeyValuePair(new KeyValuePair("last", true));
        event.addKeyValuePair(new KeyValuePair("org", id));
        event.addKeyValuePair(new KeyValuePair("none", null));
        event.addKeyValuePair(new KeyValuePair("maybe", Optional.of("x")));
        event.setInstant(Instant.parse("2026-11-29T10:11:12.123456Z"));
        assertThat(line(event).toString()).isEqualTo("""
            {"timestamp":"2026-11-29T10:11:12.123456+00:00","level":"WARN","logger":"roster.some.Class",\
            "message":"e-mail sent","attempt":3,"ms":12,"last":true,"org":"%s","none":null,"maybe":"x"}"""
            .formatted(id));
    }

    @Test
    void a_pair_does_not_replace_what_every_line_has() {
        var event = event("m", null);
        event.addKeyValuePair(new KeyValuePair("level", "high"));
        var line = line(event);
        assertThat(line.path("level").asString()).isEqualTo("WARN");
        assertThat(line.path("_level").asString()).isEqualTo("high");
    }

    @Test
    void a_failure_is_told_with_its_stack() {
        var line = line(event("it failed", new IllegalStateException("why\n\"so\"")));
        assertThat(line.path("stack_trace").asString()).startsWith("java.lang.IllegalStateException: why\n\"so\"")
            .contains("JsonLinesTest");
    }

    @Test
    void no_text_breaks_a_line() {
        for (var text : new String[] {"two\nlines\r\u2028", "\"\\\u0000\u001b[2J", "half \ud83d", "whole \ud83d\ude00",
            "ä"}) {
            var event = event(text, null);
            event.addKeyValuePair(new KeyValuePair("key " + text, text));
            assertThat(line(event).path("message").asString()).isEqualTo(text.replace("half \ud83d", "half ?"));
        }
    }
}
