package roster.door.web.console;

import java.util.Optional;

/// One of several links of which one is current, such as `Active 11,702`.
///
/// @param id fixed, so that the focus is found again after a swap
/// @param count as shown; none: it is not counted
public record Segment(String id, String label, String href, boolean current, Optional<String> count) {}
