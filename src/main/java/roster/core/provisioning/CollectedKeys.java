package roster.core.provisioning;

import java.util.ArrayList;
import java.util.List;

/// Keys that are collected one by one, as many as fit into memory.
final class CollectedKeys {
    /// The size of an array's header and of a reference to it, in bytes.
    private static final int OBJECT = 24;

    private final long bytesMax;
    private final List<byte[]> keys = new ArrayList<>();
    private long bytes;

    CollectedKeys(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /// Adds a key. Once they do not fit, there are none any more.
    void add(byte[] key) {
        bytes += key.length + OBJECT;
        if (fit()) {
            keys.add(key);
        } else {
            keys.clear();
        }
    }

    boolean fit() {
        return bytes <= bytesMax;
    }

    List<byte[]> all() {
        return keys;
    }
}
