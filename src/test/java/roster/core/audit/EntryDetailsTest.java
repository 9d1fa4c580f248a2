package roster.core.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import roster.base.json.Json;
import roster.model.User;

/// A seal is made of the facts of a change, and verified against the JSON that became of them: both must come to the same.
class EntryDetailsTest {
    private static Optional<String> json(Map<String, Object> facts) {
        return facts.isEmpty() ? Optional.empty() : Optional.of(new String(Json.bytes(facts), StandardCharsets.UTF_8));
    }

    private static void same(Change change) {
        var address = Optional.of("192.0.2.1");
        assertThat(Entry.details("ada", address, "Ops \"x\"", change))
            .isEqualTo(Entry.details("ada", address, "Ops \"x\"", json(change.before()), json(change.after())));
    }

    @Test
    void facts_of_all_kinds_come_to_what_their_JSON_comes_to() {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("text", "plain");
        facts.put("marks", "\"quotes\" \\ / \b\f\n\r\t \u0001\u007f\u0085\u2028 </script>");
        facts.put("letters", "Ä\u0308 \u674e \ud83d\ude00");
        facts.put("empty", "");
        facts.put("none", null);
        facts.put("maybe", Optional.of("x"));
        facts.put("not", Optional.empty());
        facts.put("flag", true);
        facts.put("number", 1200);
        facts.put("long", Long.MIN_VALUE);
        facts.put("time", Instant.parse("2026-11-30T09:00:00.120Z"));
        facts.put("id", new User.Id(new UUID(1, 2)));
        facts.put("uuid", new UUID(3, 4));
        facts.put("list", Arrays.asList("b", null, 1, List.of()));
        facts.put("map", Map.of("z", 1, "a", Map.of("\u00e9\"", false)));
        facts.put("tree", Json.parse("{\"n\":1.500,\"b\":[1e2]}".getBytes(StandardCharsets.UTF_8)));

        same(Change.NONE);
        same(Change.created(facts));
        same(Change.deleted(facts));
        same(Change.between(facts, Map.of("text", "other")));
        same(Change.first("name \"", "value"));
        assertThat(Entry.details("a", Optional.empty(), "b", Change.created(facts))).hasSize(facts.size() + 2)
            .containsEntry("after.text", "\"plain\"").containsEntry("after.none", "null");
    }
}
