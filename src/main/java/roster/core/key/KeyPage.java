package roster.core.key;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A page of the list of keys of a kind, all of it as of one moment.
///
/// @param rank of the first of them in the list, from 1; 0 if there is none
/// @param matching how many match, over all pages
/// @param all how many of the kind the caller may see
/// @param byUse how many match all conditions but that on their use, by use; every use is there
/// @param before a sealed place, if others come before the page
/// @param after a sealed place, if others follow
public record KeyPage(List<ListedKey> keys, long rank, long matching, long all, Map<KeyQuery.Use, Long> byUse,
    Optional<String> before, Optional<String> after) {
    /// The rank of the last key on the page; 0 if there is none.
    public long lastRank() {
        return keys.isEmpty() ? 0 : rank + keys.size() - 1;
    }
}
