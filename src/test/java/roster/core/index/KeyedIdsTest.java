package roster.core.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Compares ids in order with a plain list that is sorted anew for every question.
class KeyedIdsTest {
    private static byte[] key(Random random, UUID id) {
        var text = new byte[random.nextInt(4)];
        random.nextBytes(text);
        return ByteBuffer.allocate(text.length + 16).put(text).putLong(id.getMostSignificantBits())
            .putLong(id.getLeastSignificantBits()).array();
    }

    private static UUID id(Random random) {
        return new UUID(random.nextLong(), random.nextInt(4));
    }

    private static List<byte[]> sorted(Map<UUID, byte[]> plain) {
        var sorted = new ArrayList<>(plain.values());
        sorted.sort(Arrays::compareUnsigned);
        return sorted;
    }

    @Test
    void answers_as_a_plain_list_does_through_a_random_history() {
        var seed = Long.getLong("roster.seed", System.nanoTime());
        var random = new Random(seed);
        var plain = new HashMap<UUID, byte[]>();
        for (var i = 0; i < random.nextInt(5000); i++) {
            var id = id(random);
            plain.put(id, key(random, id));
        }
        var ids = new KeyedIds(plain.values());
        for (var step = 0; step < 4000; step++) {
            var known = plain.isEmpty() || random.nextInt(3) == 0 ? id(random)
                : new ArrayList<>(plain.keySet()).get(random.nextInt(plain.size()));
            if (random.nextInt(3) == 0) {
                ids.remove(known);
                plain.remove(known);
            } else {
                var key = key(random, known);
                ids.put(key);
                plain.put(known, key);
            }
            if (step % 50 == 0) {
                compare(seed, random, ids, sorted(plain));
            }
        }
    }

    private static void compare(long seed, Random random, KeyedIds ids, List<byte[]> sorted) {
        var from = random.nextInt(sorted.size() + 2);
        var most = random.nextInt(50);
        assertThat(ids.size()).as("seed %d", seed).isEqualTo(sorted.size());
        assertThat(ids.keys(from, most)).as("seed %d", seed)
            .containsExactlyElementsOf(sorted.stream().skip(from).limit(most).toList());
        var probe = random.nextBoolean() && !sorted.isEmpty() ? sorted.get(random.nextInt(sorted.size()))
            : random.nextInt(9) == 0 ? new byte[0] : key(random, id(random));
        assertThat((long) ids.rank(probe)).as("seed %d", seed)
            .isEqualTo(sorted.stream().filter(key -> Arrays.compareUnsigned(key, probe) <= 0).count());
    }

    @Test
    void what_takes_more_memory_says_so() {
        var random = new Random(1);
        var ids = new KeyedIds(List.of());
        var empty = ids.bytes();
        for (var i = 0; i < 10_000; i++) {
            ids.put(key(random, id(random)));
        }
        assertThat(ids.bytes() - empty).isBetween(10_000 * 50L, 10_000 * 100L);
        ids.keys(0, 10_000).forEach(key -> ids.remove(KeyedIds.id(key)));
        assertThat(ids.size()).isZero();
        assertThat(ids.keys(0, 10)).isEmpty();
    }
}
