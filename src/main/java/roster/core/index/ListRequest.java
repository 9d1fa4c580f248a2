package roster.core.index;

import java.util.Optional;

/// A page to list: by the number in the query, or after the position at which an earlier page ended.
public record ListRequest(UserQuery query, Optional<SortPosition> after) {}
