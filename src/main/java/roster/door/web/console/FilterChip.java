package roster.door.web.console;

/// A filter that is not the usual one.
///
/// @param text such as `Role: Support`
/// @param without the address of the list without it
public record FilterChip(String text, String without) {}
