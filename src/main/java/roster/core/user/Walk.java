package roster.core.user;

import java.util.Optional;

/// A page to be listed: by its number, or after a place that an earlier page ended at.
record Walk(UserQuery query, Optional<Place> after) {}
