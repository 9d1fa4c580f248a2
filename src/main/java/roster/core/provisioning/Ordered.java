package roster.core.provisioning;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import roster.core.index.KeyedIds;

/// Resources that match, by [ListKeys], in their order.
interface Ordered {
    long count();

    /// How many come before a key, or have it. Before the empty key, there are none.
    long rank(byte[] key);

    /// @param from how many come before them
    List<byte[]> keys(long from, int most);

    static Ordered of(KeyedIds ids) {
        return new Ordered() {
            @Override
            public long count() {
                return ids.size();
            }

            @Override
            public long rank(byte[] key) {
                return ids.rank(key);
            }

            @Override
            public List<byte[]> keys(long from, int most) {
                return ids.keys(from, most);
            }
        };
    }

    /// @param keys in any order
    static Ordered of(List<byte[]> keys) {
        return new Sorted(keys.stream().sorted(ListKeys::compare).toList());
    }

    record Sorted(List<byte[]> all) implements Ordered {
        @Override
        public long count() {
            return all.size();
        }

        @Override
        public long rank(byte[] key) {
            var found = Collections.binarySearch(all, key, ListKeys::compare);
            return found < 0 ? -found - 1 : found + 1;
        }

        @Override
        public List<byte[]> keys(long from, int most) {
            return all.stream().skip(from).limit(most).toList();
        }
    }

    /// These with a few others among them.
    default Ordered with(List<byte[]> keys) {
        return keys.isEmpty() ? this : new Merged(this, new Sorted(keys.stream().sorted(ListKeys::compare).toList()));
    }

    record Merged(Ordered many, Sorted few) implements Ordered {
        @Override
        public long count() {
            return many.count() + few.count();
        }

        @Override
        public long rank(byte[] key) {
            return many.rank(key) + few.rank(key);
        }

        @Override
        public List<byte[]> keys(long from, int most) {
            var passed = passed(from);
            var all = new ArrayList<byte[]>(many.keys(from - passed, most));
            all.addAll(few.keys(passed, most));
            return all.stream().sorted(ListKeys::compare).limit(most).toList();
        }

        /// How many of the few are among the first so many of all.
        private int passed(long from) {
            var low = 0;
            var high = (int) few.count();
            while (low < high) {
                var middle = (low + high) >>> 1;
                if (many.rank(few.all().get(middle)) + middle < from) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }
    }
}
