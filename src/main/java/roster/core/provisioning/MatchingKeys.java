package roster.core.provisioning;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import roster.core.provisioning.KeyFilter.Range;
import roster.core.provisioning.PeopleScans.Watch;

/// The keys of those who match a [KeyFilter].
final class MatchingKeys {
    private MatchingKeys() {}

    /// Whether [#of] looks at each key of those who match, or of all.
    static boolean areCollected(KeyFilter filter, boolean isSorted) {
        return !filter.isRange() || !isSorted && filter.value().isEmpty();
    }

    /// @param all in the order of the filter
    /// @param isSorted whether they are wanted in this order, else the oldest first
    /// @param collected takes them, if they are not beside one another
    /// @throws roster.model.Refused with `tooMany` if they do not fit there, or it takes too long
    static Ordered of(KeyFilter filter, Ordered all, boolean isSorted, Watch watch, CollectedKeys collected) {
        var range = filter.range(all);
        if (range.isPresent() && isSorted) {
            return new Part(all, new byte[0], range.get());
        }
        if (range.isPresent() && filter.value().isPresent()) {
            return new Part(all, ListKeys.valued(filter.value().get()), range.get());
        }
        filter.each(all, watch, key -> {
            collected.add(isSorted ? key : ListKeys.byAge(key));
            return collected.fit();
        });
        if (!collected.fit()) {
            throw PeopleScans.tooMany();
        }
        return Ordered.of(collected.all());
    }

    /// The ids of those who match.
    ///
    /// @return none if they are more than so many
    static Optional<List<UUID>> few(KeyFilter filter, Ordered all, Watch watch, int most) {
        var found = new ArrayList<UUID>();
        filter.each(all, watch, key -> found.add(ListKeys.id(key)) && found.size() <= most);
        return Optional.of(List.copyOf(found)).filter(some -> some.size() <= most);
    }

    /// Keys beside one another.
    ///
    /// @param beginning of each of them that is left out: those of one value are in the order of age without it
    private record Part(Ordered all, byte[] beginning, Range range) implements Ordered {
        @Override
        public long count() {
            return range.to() - range.from();
        }

        @Override
        public long rank(byte[] key) {
            return Math.clamp(all.rank(joined(key)) - range.from(), 0, count());
        }

        private byte[] joined(byte[] key) {
            var joined = Arrays.copyOf(beginning, beginning.length + key.length);
            System.arraycopy(key, 0, joined, beginning.length, key.length);
            return joined;
        }

        @Override
        public List<byte[]> keys(long from, int most) {
            var wanted = Math.clamp(count() - from, 0, most);
            return wanted == 0 ? List.of() : all.keys(range.from() + from, wanted).stream()
                .map(key -> Arrays.copyOfRange(key, beginning.length, key.length)).toList();
        }
    }
}
