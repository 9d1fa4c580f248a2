package roster.core.index;

import java.util.Optional;

/// A page to be listed: by its number, or after a place that an earlier page ended at.
public record ListRequest(UserQuery query, Optional<SortPosition> after) {}
