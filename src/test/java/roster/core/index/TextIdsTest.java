package roster.core.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Compares what is found by texts with a plain map.
class TextIdsTest {
    private static final int TEXTS = 3000;

    private static List<String> texts(Random random) {
        var texts = new ArrayList<String>();
        for (int i = random.nextInt(4); i > 0; i--) {
            texts.add("t" + random.nextInt(TEXTS));
        }
        return texts;
    }

    @Test
    void finds_everyone_who_is_known_by_a_text_and_hardly_anyone_else() {
        var seed = Long.getLong("roster.seed", System.nanoTime());
        var random = new Random(seed);
        var some = new ArrayList<UUID>();
        for (int i = 0; i < 2000; i++) {
            some.add(new UUID(random.nextLong(), random.nextInt(3)));
        }
        Map<String, Set<UUID>> plain = new HashMap<>();
        var ids = new TextIds(random.nextLong());
        for (int step = 0; step < 10_000; step++) {
            var id = some.get(random.nextInt(some.size()));
            var texts = texts(random);
            ids.put(id, texts);
            texts.forEach(text -> plain.computeIfAbsent(text, _ -> new HashSet<>()).add(id));
        }
        var others = 0;
        for (int i = 0; i <= TEXTS; i++) {
            var wanted = plain.getOrDefault("t" + i, Set.of());
            var found = ids.find(List.of("t" + i));
            assertThat(found).as("seed %d, t%d", seed, i).containsAll(wanted);
            others += found.size() - wanted.size();
        }
        assertThat(others).as("seed %d", seed).isLessThan(10);
        assertThat(ids.size()).isBetween(plain.values().stream().mapToInt(Set::size).sum() - 10,
            plain.values().stream().mapToInt(Set::size).sum());
        assertThat(ids.find(List.of("t1", "t2"))).containsAll(plain.get("t1")).containsAll(plain.get("t2"));
        assertThat(ids.find(List.of())).isEmpty();
    }

    @Test
    void a_text_is_counted_once_for_an_id_and_an_id_without_texts_not_at_all() {
        var ids = new TextIds(1);
        var one = new UUID(1, 1);
        var other = new UUID(2, 2);
        var before = ids.bytes();
        for (int i = 0; i < 1000; i++) {
            ids.put(one, List.of("a", "b"));
            ids.put(other, List.of("b"));
            ids.put(new UUID(3, i), List.of());
        }
        assertThat(ids.size()).isEqualTo(3);
        assertThat(ids.bytes()).isEqualTo(before);
        assertThat(ids.find(List.of("a"))).containsExactly(one);
        assertThat(ids.find(List.of("b"))).containsExactlyInAnyOrder(one, other);
    }

    @Test
    void texts_that_Java_takes_for_alike_are_told_apart() {
        var random = new Random();
        var ids = new TextIds(random.nextLong());
        var alike = List.of("");
        for (int i = 0; i < 10; i++) { // "Aa" and "BB" have the same hash code
            alike = alike.stream().flatMap(text -> List.of(text + "Aa", text + "BB").stream()).toList();
        }
        for (int i = 0; i < alike.size(); i++) {
            ids.put(new UUID(i, i), List.of(alike.get(i)));
        }
        var found = 0;
        for (var text : alike) {
            found += ids.find(List.of(text)).size();
        }
        assertThat(found).isBetween(alike.size(), alike.size() + 3);
    }
}
