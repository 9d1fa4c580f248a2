package roster.core.provisioning;

import java.util.List;
import java.util.Optional;

/// A part of a list.
///
/// @param after where a part before ended, as [Slice#next] told; empty bytes for the beginning of the list
/// @param skipped without `after`: how many come before the part
/// @param most none, if only the total is asked for
public record ListPart(Optional<byte[]> after, long skipped, int most) {
    /// What a part has.
    ///
    /// @param total how many match
    /// @param next where it ends, if more follow
    record Slice(List<byte[]> keys, long total, Optional<byte[]> next) {}

    Slice of(Ordered all) {
        var from = after.map(all::rank).orElse(skipped);
        var keys = all.keys(from, most);
        return new Slice(keys, all.count(), from + keys.size() >= all.count() ? Optional.empty()
            : Optional.of(keys.isEmpty() ? after.orElse(new byte[0]) : keys.getLast()));
    }
}
