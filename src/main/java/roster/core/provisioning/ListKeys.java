package roster.core.provisioning;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import roster.base.scim.ResourceType;
import roster.base.scim.SortOrder;
import roster.core.index.KeyedIds;

/// Where resources are in lists, as bytes that compare, unsigned, as the lists are sorted: by the attribute that was asked
/// for, then people before groups, the oldest first, and by id.
///
/// Without a value a resource is last, or first if the order is descending.
final class ListKeys {
    private static final byte VALUE = 0;
    private static final byte NO_VALUE = 1;

    /// After the value, so that each text comes before those that begin with it. No text has it.
    private static final byte END = 0;

    /// The kind, the time, the id.
    private static final int TAIL = 1 + 3 * Long.BYTES;

    /// Comes after all with a value, in an ascending order, and before those without.
    static final byte[] NO_VALUES = {NO_VALUE};

    /// Greater than any byte of UTF-8.
    private static final byte LAST = (byte) 0xFF;

    private ListKeys() {}

    /// What the keys of those begin with, in an ascending order, whose values begin with a text.
    static byte[] beginning(String text) {
        var utf8 = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(1 + utf8.length).put(VALUE).put(utf8).array();
    }

    /// What the keys of those begin with who have just this value.
    static byte[] valued(String value) {
        var beginning = beginning(value);
        return Arrays.copyOf(beginning, beginning.length + 1); // END is 0
    }

    /// Comes after all keys that begin so.
    static byte[] afterAll(byte[] beginning) {
        var after = Arrays.copyOf(beginning, beginning.length + 1);
        after[beginning.length] = LAST;
        return after;
    }

    static byte[] afterAll(String beginning) {
        return afterAll(beginning(beginning));
    }

    /// The value of a key, in an ascending order, as [SortOrder#key] made it.
    static Optional<String> value(byte[] key) {
        return key[0] == NO_VALUE ? Optional.empty()
            : Optional.of(new String(key, 1, key.length - TAIL - 2, StandardCharsets.UTF_8));
    }

    /// The key of the same resource in the order of age.
    static byte[] byAge(byte[] key) {
        return Arrays.copyOfRange(key, key.length - TAIL, key.length);
    }

    /// @param resource see [SortOrder#key]
    static byte[] of(Optional<SortOrder> order, ResourceType type, Map<String, ?> resource, Instant createdAt,
        UUID id) {
        var value = order.map(some -> value(some, resource)).orElse(new byte[0]);
        return ByteBuffer.allocate(value.length + TAIL).put(value).put((byte) ResourceType.ALL.indexOf(type))
            .putLong(ChronoUnit.MICROS.between(Instant.EPOCH, createdAt) ^ Long.MIN_VALUE)
            .putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits()).array();
    }

    private static byte[] value(SortOrder order, Map<String, ?> resource) {
        var value = order.key(resource).map(text -> text.getBytes(StandardCharsets.UTF_8)).map(text -> ByteBuffer
            .allocate(text.length + 2).put(VALUE).put(text).put(END).array()).orElse(new byte[] {NO_VALUE});
        if (order.descending()) {
            for (var i = 0; i < value.length; i++) {
                value[i] = (byte) ~value[i];
            }
        }
        return value;
    }

    static boolean isOf(ResourceType type, byte[] key) {
        return key[key.length - TAIL] == ResourceType.ALL.indexOf(type);
    }

    /// When the resource was created.
    static Instant createdAt(byte[] key) {
        return Instant.EPOCH.plus(ByteBuffer.wrap(key).getLong(key.length - TAIL + 1) ^ Long.MIN_VALUE,
            ChronoUnit.MICROS);
    }

    static UUID id(byte[] key) {
        return KeyedIds.id(key);
    }

    static int compare(byte[] key, byte[] other) {
        return Arrays.compareUnsigned(key, other);
    }
}
